# Expected numbers of topshare_test.go: the share of the tenth of twelve clusters of ten, its linearised variable
# (Langel & Tillé 2011) written unit by unit. R 4.2.2.
options(digits = 13)
x <- (1:120 * 37) %% 121 + (1:120 * 11) %% 7 / 10; g <- rep(1:12, each = 10); n <- length(x)
q <- sort(x)[109]; top <- x >= q; S <- sum(x[top]) / sum(x); a <- mean(top)
z <- (x * top - q * (top - a) - S * x) / sum(x); zg <- tapply(z, g, sum) / (1 - 1 / 12)
cat("top share", q, S, sqrt(sum(zg^2)), "\n")
