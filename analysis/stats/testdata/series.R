# Expected numbers of series_test.go. R 4.2.2. datasets::Nile
# (Cobb 1978, Biometrika 65).
options(digits = 15)
nw <- function(f, L) { X <- model.matrix(f); e <- resid(f); n <- nrow(X); u <- X * e; S <- crossprod(u)
  if (L > 0) for (l in 1:L) { G <- crossprod(u[(l + 1):n, , drop = FALSE], u[1:(n - l), , drop = FALSE]); S <- S + (1 - l / (L + 1)) * (G + t(G)) }
  B <- solve(crossprod(X)); sqrt(diag(B %*% S %*% B) * n / (n - ncol(X))) }
y <- as.numeric(Nile); t <- 0:99; k <- 28; d <- as.numeric(t >= k)      # 1899 is the 29th year
f <- lm(y ~ t + d + I(d * (t - k))); cat("nile", coef(f), nw(f, 0), nw(f, 3), "\n")
