# Expected numbers of series_test.go and panel_test.go. R 4.2.2. datasets::Nile
# (Cobb 1978, Biometrika 65).
options(digits = 15)
nw <- function(f, L) { X <- model.matrix(f); e <- resid(f); n <- nrow(X); u <- X * e; S <- crossprod(u)
  if (L > 0) for (l in 1:L) { G <- crossprod(u[(l + 1):n, , drop = FALSE], u[1:(n - l), , drop = FALSE]); S <- S + (1 - l / (L + 1)) * (G + t(G)) }
  B <- solve(crossprod(X)); sqrt(diag(B %*% S %*% B) * n / (n - ncol(X))) }
y <- as.numeric(Nile); t <- 0:99; k <- 28; d <- as.numeric(t >= k)      # 1899 is the 29th year
f <- lm(y ~ t + d + I(d * (t - k))); cat("nile", coef(f), nw(f, 0), nw(f, 3), "\n")
e <- resid(f); cat("dw", sum(diff(e)^2) / sum(e^2), "\n")
s <- cumsum(y - mean(y)); sg <- sqrt(sum(diff(y)^2) / 2 / 99); x <- max(abs(s[1:99])) / sg / 10; cat("cusum", which.max(abs(s[1:99])), x, 2 * sum((-1)^(0:99) * exp(-2 * (1:100)^2 * x^2)), "\n")
# panel: 12 units, 6 times, treatment of the first 6 from time 3
set.seed(4); u <- rep(1:12, each = 6); tt <- rep(0:5, 12); D <- as.numeric(u <= 6 & tt >= 3)
y <- round(2 + rnorm(12)[u] + .3 * tt + 1.5 * D + rnorm(72), 2); cat(y, sep = ", "); cat("\n")
X <- model.matrix(~ D + factor(u) + factor(tt)); f <- lm(y ~ D + factor(u) + factor(tt)); cat("did", coef(f)[2], "\n")
# CR2 on data with the unit means taken out
dm <- function(v) v - ave(v, u); M <- apply(cbind(D, sapply(1:5, function(k) as.numeric(tt == k))), 2, dm); yd <- dm(y); B <- solve(crossprod(M)); b <- B %*% t(M) %*% yd; r <- c(yd - M %*% b); H <- M %*% B %*% t(M); n <- 72
A <- lapply(1:12, function(g) { i <- which(u == g); ee <- eigen(diag(6) - H[i, i]); l <- ifelse(ee$values > 1e-9, ee$values^-.5, 0); ee$vectors %*% diag(l) %*% t(ee$vectors) })
S <- Reduce(`+`, lapply(1:12, function(g) { i <- which(u == g); s <- t(M[i, ]) %*% A[[g]] %*% r[i]; s %*% t(s) })); P <- sapply(1:12, function(g) { i <- which(u == g); (diag(n) - H)[, i] %*% A[[g]] %*% M[i, ] %*% B[, 1] }); PP <- crossprod(P)
cat("CR2", b[1], sqrt((B %*% S %*% B)[1, 1]), sum(diag(PP))^2 / sum(PP^2), "\n")
ev <- ifelse(u <= 6, tt - 3, -1); f <- lm(y ~ factor(u) + factor(tt) + I(ev <= -3) + I(ev == -2) + I(ev == 0) + I(ev == 1) + I(ev >= 2)); cat("event", tail(coef(f), 5), "\n")
m <- function(a, b) mean(y[a & b]); T1 <- u <= 6; att <- sapply(3:5, function(s) m(T1, tt == s) - m(T1, tt == 2) - m(!T1, tt == s) + m(!T1, tt == 2)); cat("att", mean(att), "\n")
