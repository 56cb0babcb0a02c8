# A Hawkes process with an exponential kernel by thinning, its log-likelihood by the double sum
# (not Ozaki's recursion) and its maximum by optim: excitation_test.go has the times and the results.
set.seed(5); T <- 200; mu <- 0.25; a <- 0.6; b <- 1.2
t <- 0; ev <- c()
repeat { l <- mu + a * b * sum(exp(-b * (t - ev))); t <- t + rexp(1, l); if (t > T) break
  if (runif(1) < (mu + a * b * sum(exp(-b * (t - ev)))) / l) ev <- c(ev, t) }
ev <- round(ev, 3) - round(ev[1], 3); n <- length(ev); end <- ev[n]
ll <- function(m, a, b) { s <- 0
  for (i in 2:n) s <- s + log(m / end + a * b * sum(exp(-b * (ev[i] - ev[1:(i - 1)]))))
  s - m - a * sum(1 - exp(-b * (end - ev))) }
cat("times", paste(format(ev, trim = TRUE), collapse = ", "), "\n")
cat("loglik", format(ll(40, 0.5, 1), digits = 12), "poisson", format((n - 1) * log((n - 1) / end) - (n - 1), digits = 12), "\n")
o <- optim(log(c(40, 0.5, 1)), function(p) -ll(exp(p[1]), exp(p[2]), exp(p[3])), method = "BFGS", control = list(reltol = 1e-14))
cat("mle", format(exp(o$par), digits = 8), "at", format(-o$value, digits = 10), "n", n, "\n")
