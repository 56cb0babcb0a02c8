# Expected numbers of wald_test.go: quantiles of t and of the normal, and back. R 4.2.2.
options(digits = 15)
q <- c(qt(c(.975, .995), 10), qnorm(.975))
cat("wald", q, 2 * pt(-q[1:2], 10), 2 * pnorm(-q[3]), "\n")
