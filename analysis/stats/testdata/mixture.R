# Two negative binomial classes by EM-free maximum likelihood on single counts: mixture_test.go.
x <- c(rep(0, 60), rep(1, 22), rep(2, 9), rep(3, 5), rep(4, 3), 9, 11, 12, 12, 13, 14, 14, 15, 15, 16, 16, 17, 18, 19, 21, 24)
ll <- function(p) sum(log(plogis(-p[1]) * dnbinom(x, mu = exp(p[2]), size = exp(p[4])) +
  plogis(p[1]) * dnbinom(x, mu = exp(p[3]), size = 1 + exp(p[5]))))
o <- optim(c(-2, 0, 2.5, 0, 2), function(p) -ll(p), control = list(maxit = 20000, reltol = 1e-14))
cat("share", format(plogis(o$par[1]), digits = 8), "means", format(exp(o$par[2:3]), digits = 6), "loglik", format(-o$value, digits = 10), "\n")
cat("at", format(ll(c(-2, -0.5, 2.7, 0, 2)), digits = 12), "\n")
l1 <- function(p) sum(dnbinom(x, mu = exp(p[1]), size = exp(p[2]), log = TRUE))
cat("one", format(-optim(c(0, 0), function(p) -l1(p), control = list(reltol = 1e-14))$value, digits = 10), "\n")
