# Expected numbers of linear_test.go, binomial_test.go. R 4.2.2, MASS 7.3-58.
options(digits = 15)
# CR0-CR3 and Bell-McCaffrey df by whole matrices, on a small clustered data set
set.seed(1)
g <- rep(1:12, times = c(3,5,2,4,6,3,4,5,2,3,7,4)); n <- length(g)
x1 <- round(rnorm(n), 2); x2 <- round(rnorm(12)[g], 2); w <- rep(c(1, 2, .5), length.out = n)
y <- round(1 + .5 * x1 - .3 * x2 + rnorm(12)[g] + rnorm(n), 2)
dump(c("g", "x1", "x2", "y"), "")
cr <- function(X, y, w, g, family = NULL) {
  X <- X * sqrt(w); y <- y * sqrt(w); B <- solve(t(X) %*% X); b <- B %*% t(X) %*% y; e <- y - X %*% b
  cr_core(X, e, B, g, b)
}
msqrt <- function(M, p) { e <- eigen(M, symmetric = TRUE); e$vectors %*% diag(e$values^p, nrow(M)) %*% t(e$vectors) }
cr_core <- function(X, e, B, g, b) {
  H <- X %*% B %*% t(X); n <- nrow(X); p <- ncol(X); G <- length(unique(g)); out <- list(coef = c(b))
  for (k in 0:3) {
    M <- matrix(0, p, p); As <- list()
    for (c in unique(g)) { i <- which(g == c)
      A <- if (k < 2) diag(length(i)) else msqrt(diag(length(i)) - H[i, i, drop = FALSE], if (k == 2) -1/2 else -1)
      As[[as.character(c)]] <- A; s <- t(X[i, , drop = FALSE]) %*% A %*% e[i]; M <- M + s %*% t(s) }
    f <- if (k == 1) G / (G - 1) * (n - 1) / (n - p) else 1
    out[[paste0("CR", k)]] <- sqrt(diag(B %*% M %*% B) * f)
    if (k >= 2) out[[paste0("df", k)]] <- sapply(1:p, function(j) {
      P <- sapply(unique(g), function(c) { i <- which(g == c); (diag(n) - H)[, i] %*% As[[as.character(c)]] %*% X[i, , drop = FALSE] %*% B[, j] })
      PP <- t(P) %*% P; sum(diag(PP))^2 / sum(PP^2) })
  }
  out
}
print(cr(cbind(1, x1, x2), y, rep(1, n), g)); print(cr(cbind(1, x1, x2), y, w, g))
print(summary(lm(y ~ x1 + x2, weights = w))$coefficients)
# logistic, grouped: UCBAdmissions without gender by department, and the clustered data
z <- as.numeric(y > 1)
f <- glm(z ~ x1 + x2, family = binomial, control = list(epsilon = 1e-14)); print(summary(f)$coefficients); print(logLik(f))
W <- f$weights; X <- model.matrix(f) * sqrt(W); e <- (z - fitted(f)) / sqrt(W); B <- solve(t(X) %*% X)
print(cr_core(X, e, B, g, coef(f)))
# average marginal effects, delta method
p <- fitted(f); ame <- sapply(2:3, function(j) mean(p * (1 - p)) * coef(f)[j]); print(ame)
X0 <- model.matrix(f); J <- sapply(1:3, function(k) sapply(2:3, function(j) mean(p*(1-p)*(1-2*p)*X0[, k]) * coef(f)[j] + (k == j) * mean(p*(1-p))))
print(sqrt(diag(J %*% vcov(f) %*% t(J))))
u <- as.data.frame(UCBAdmissions); ua <- reshape(u, idvar = c("Gender", "Dept"), timevar = "Admit", direction = "wide")
f <- glm(cbind(Freq.Admitted, Freq.Rejected) ~ Gender, family = binomial, data = ua); print(summary(f)$coefficients)
f <- glm(cbind(Freq.Admitted, Freq.Rejected) ~ Gender + Dept, family = binomial, data = ua, control = list(epsilon = 1e-14)); print(summary(f)$coefficients); print(logLik(f))
m <- mantelhaen.test(UCBAdmissions, correct = FALSE); print(m$estimate); print(m$conf.int)
# complementary log-log on a life table
f <- glm(cbind(c(5,8,12,3), c(95,72,48,27)) ~ c(0,1,0,1) + c(0,0,1,1), family = binomial(cloglog), control = list(epsilon = 1e-14)); print(summary(f)$coefficients); print(logLik(f))
