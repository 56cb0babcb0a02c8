# Expected numbers of counts_test.go. R 4.2.2, MASS 7.3-58.2; data MASS::quine
# (Aitkin 1978, absences from school in rural New South Wales), written to
# quine.csv with sex M = 1, age F1 F2 F3, learner SL = 1.
library(MASS); options(digits = 15)
q <- quine; if (length(commandArgs(TRUE))) write.csv(data.frame(days = q$Days, aboriginal = as.integer(q$Eth == "A"), male = as.integer(q$Sex == "M"), f1 = as.integer(q$Age == "F1"), f2 = as.integer(q$Age == "F2"), f3 = as.integer(q$Age == "F3"), slow = as.integer(q$Lrn == "SL")), "quine.csv", row.names = FALSE, quote = FALSE)
e <- list(epsilon = 1e-14, maxit = 200)
f <- glm(Days ~ I(Eth == "A") + I(Sex == "M"), data = q, family = poisson, control = e); print(coef(summary(f))); print(logLik(f))
f <- glm.nb(Days ~ I(Eth == "A") + I(Sex == "M") + Age + Lrn, data = q, control = glm.control(epsilon = 1e-14, maxit = 200)); print(coef(summary(f))); cat(f$theta, f$SE.theta, logLik(f), "\n")
y <- q$Days; x <- cbind(1, q$Eth == "A"); id <- as.integer(interaction(q$Age, q$Lrn, q$Sex, drop = TRUE))
fit <- function(nll, start) {            # minimise to the last digit, Hessian by nested Richardson differences
  o <- nlminb(start, nll, control = list(rel.tol = 1e-15, x.tol = 1e-12, eval.max = 5000, iter.max = 5000))
  for (i in 1:5) o <- nlminb(o$par, nll, control = list(rel.tol = 1e-15, x.tol = 1e-12))
  gr <- function(p) sapply(seq_along(p), function(i) { d <- function(h) { e <- rep(0, length(p)); e[i] <- h; (nll(p + e) - nll(p - e)) / (2 * h) }; (4 * d(1e-3) - d(2e-3)) / 3 })
  p <- o$par
  H <- function(p) sapply(seq_along(p), function(i) { d <- function(h) { e <- rep(0, length(p)); e[i] <- h; (gr(p + e) - gr(p - e)) / (2 * h) }; (4 * d(1e-3) - d(2e-3)) / 3 })
  for (i in 1:4) p <- p - solve(H(p), gr(p))
  list(par = p, se = sqrt(diag(solve(H(p)))), ll = -nll(p))
}
nb <- function(p, k) dnbinom(k, mu = exp(x %*% p[1:2]), size = exp(tail(p, 1)))
cat("ZINB\n"); print(fit(function(p) { z <- plogis(p[3]); -sum(log(z * (y == 0) + (1 - z) * nb(p, y))) }, c(2.6, .5, -2, .3)))
cat("ZIP\n"); print(fit(function(p) { z <- plogis(p[3] + p[4] * x[, 2]); -sum(log(z * (y == 0) + (1 - z) * dpois(y, exp(x %*% p[1:2])))) }, c(2.6, .5, -2, 0)))
cat("hurdle NB\n"); print(fit(function(p) { z <- plogis(p[3] + p[4] * x[, 2]); -sum(ifelse(y == 0, log(1 - z), log(z * nb(p, y) / (1 - nb(p, 0))))) }, c(2.6, .5, 2, 0, .3)))
lo <- c(0, 1, 2, 3, 5, 8, 12, 18, 26, 38, 54, 78, 110, 158, 222, 318); hi <- c(lo[-1] - 1, Inf); b <- findInterval(y, lo)
bin <- function(p) { m <- exp(x %*% p[1:2]); s <- exp(tail(p, 1)); pnbinom(hi[b], mu = m, size = s) - ifelse(lo[b] == 0, 0, pnbinom(lo[b] - 1, mu = m, size = s)) }
cat("binned NB\n"); print(fit(function(p) -sum(log(bin(p))), c(2.6, .5, .3)))
cat("binned ZINB\n"); print(fit(function(p) { z <- plogis(p[3]); -sum(log(z * (y == 0) + (1 - z) * bin(p))) }, c(2.6, .5, -2, .3)))
# cluster-robust Poisson: sandwich of the scores by id, G/(G-1)
f <- glm(y ~ x[, 2], family = poisson, control = e); s <- rowsum((y - fitted(f)) * x, id); V <- vcov(f); G <- nrow(s)
cat("robust", G, sqrt(diag(V %*% crossprod(s) %*% V * G / (G - 1))), "\n"); cat("id", id, "\n")
cat("offset", coef(glm(y ~ x[, 2] + offset(log(1 + q$Age %in% c("F2", "F3"))), family = poisson, control = e)), "\n")
# error of theta: glm.nb reports it one Newton step early, so the observed information again at the end
f <- glm.nb(Days ~ I(Eth == "A") + I(Sex == "M") + Age + Lrn, data = q, control = glm.control(epsilon = 1e-14, maxit = 200)); th <- theta.ml(y, fitted(f), eps = 1e-12, limit = 100); m <- fitted(f)
cat("theta", th, 1 / sqrt(sum(-trigamma(th + y) + trigamma(th) - 1 / th + 2 / (m + th) - (y + th) / (m + th)^2)), "\n")
