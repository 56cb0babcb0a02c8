# Hotelling's T² of the sweat data (Johnson & Wichern, Applied Multivariate Statistical
# Analysis, table 5.1 and example 5.2: T² = 9.74), and the same with the jackknife.
x <- matrix(c(3.7,48.5,9.3, 5.7,65.1,8.0, 3.8,47.2,10.9, 3.2,53.2,12.0, 3.1,55.5,9.7, 4.6,36.1,7.9, 2.4,24.8,14.0,
  7.2,33.1,7.6, 6.7,47.4,8.5, 5.4,54.1,11.3, 3.9,36.9,12.7, 4.5,58.8,12.3, 3.5,27.8,9.8, 4.5,40.2,8.4, 1.5,13.5,10.1,
  8.5,56.4,7.1, 4.5,71.6,8.2, 6.5,52.8,10.9, 4.1,44.1,11.2, 5.5,40.9,9.4), ncol = 3, byrow = TRUE)
d <- colMeans(x) - c(4, 50, 10); n <- nrow(x); q <- ncol(x)
cat("T2", n * drop(d %*% solve(cov(x)) %*% d), "\n")
f <- function(rows) colMeans(x[rows, ]) - c(4, 50, 10)
u <- t(sapply(1:n, function(i) f(-i) - d))
t2 <- drop(d %*% solve(crossprod(u)) %*% d)
F <- t2 * (n - q) / (q * (n - 1))
cat("jackknife T2", t2, "F", format(F, digits = 12), "p", format(pf(F, q, n - q, lower.tail = FALSE), digits = 12), "\n")
