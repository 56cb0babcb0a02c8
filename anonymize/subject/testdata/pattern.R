# Expected numbers of pattern_test.go. R 4.2.2.  Rscript pattern.R
options(digits = 15)
x <- c(3, 14, 15, 92, 65, 35, 89, 79, 32, 38); n <- length(x); sd0 <- sqrt(mean((x - mean(x))^2)); r <- sd0 / mean(x)
cat("burst", (sqrt(n + 1) * r - sqrt(n - 1)) / ((sqrt(n + 1) - 2) * r + sqrt(n - 1)), cor(x[-n], x[-1]), "\n")
k <- c(12, 30, 8, 22, 15, 3, 1); p <- k / sum(k); cat("entropy", -sum(p * log(p)) / log(7), "\n")
