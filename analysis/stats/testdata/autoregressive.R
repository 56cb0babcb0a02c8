# Expected numbers of autoregressive_test.go. R 4.2.2, nlme 3.1-162. datasets::Nile, 1871 to 1930.
library(nlme); options(digits = 13)
d <- data.frame(y = as.numeric(Nile)[1:60], t = 0:59); d$level <- as.numeric(d$t >= 28)
fit <- function(rho) gls(y ~ t + level, d, correlation = corAR1(rho, fixed = TRUE), method = "REML")
rho <- optimize(function(r) as.numeric(logLik(fit(r))), c(-0.9, 0.9), maximum = TRUE, tol = 1e-10)$maximum
f <- fit(rho); cat("ar1", rho, coef(f), sqrt(diag(vcov(f))), "\n")
