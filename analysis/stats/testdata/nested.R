# Expected numbers of nested_test.go and pattern_test.go. R 4.2.2, nlme 3.1-162;
# orthodont.csv is nlme::Orthodont (Potthoff & Roy 1964, Biometrika 51).
library(nlme); options(digits = 15)
o <- as.data.frame(Orthodont); o$Subject <- as.integer(factor(as.character(o$Subject), levels = unique(as.character(o$Subject)))); o$female <- as.integer(o$Sex == "Female")
if (length(commandArgs(TRUE))) write.csv(setNames(o[, c("Subject", "distance", "age", "female")], c("subject", "distance", "age", "female")), "orthodont.csv", row.names = FALSE)
f <- lme(distance ~ age + female, random = ~1 | Subject, data = o, control = lmeControl(opt = "optim", reltol = 1e-15, msTol = 1e-14, tolerance = 1e-12))
v <- as.numeric(VarCorr(f)[, 1]); cat("lme", fixef(f), sqrt(diag(vcov(f))), v, logLik(f), "\n")
# the same by hand, to more digits
X <- cbind(1, o$age, o$female); y <- o$distance; Z <- model.matrix(~ 0 + factor(o$Subject))
reml <- function(t) { V <- diag(nrow(X)) + exp(t) * Z %*% t(Z); W <- solve(V); A <- t(X) %*% W %*% X; b <- solve(A, t(X) %*% W %*% y); r <- y - X %*% b; df <- nrow(X) - 3; s2 <- c(t(r) %*% W %*% r) / df
  list(ll = -.5 * (df * (1 + log(2 * pi * s2)) + c(determinant(V)$modulus) + c(determinant(A)$modulus)), b = c(b), se = sqrt(s2 * diag(solve(A))), s2 = s2) }
g <- function(t, h = 1e-4) (reml(t + h)$ll - reml(t - h)$ll) / (2 * h)
t <- uniroot(g, c(-3, 3), tol = 1e-13)$root; m <- reml(t); h <- 1e-3; se <- 1 / sqrt(-(reml(t + h)$ll - 2 * m$ll + reml(t - h)$ll) / h^2)
cat("reml", m$b, m$se, exp(t) * m$s2, m$s2, m$ll, "icc", plogis(t), plogis(t + c(-1, 1) * qnorm(.975) * se), "\n")
# Shrout & Fleiss 1979, table 2
s <- c(9,2,5,8, 6,1,3,2, 8,4,6,8, 7,1,2,6, 10,5,6,9, 6,2,4,7); id <- rep(1:6, each = 4)
a <- anova(lm(s ~ factor(id))); F <- a$F[1]; fl <- F / qf(.975, 5, 18); fu <- F * qf(.975, 18, 5); ms <- a$"Mean Sq"
cat("icc1", (ms[1] - ms[2]) / (ms[1] + 3 * ms[2]), (fl - 1) / (fl + 3), (fu - 1) / (fu + 3), "\n")
# pattern
x <- c(3, 14, 15, 92, 65, 35, 89, 79, 32, 38); n <- length(x); sd0 <- sqrt(mean((x - mean(x))^2)); r <- sd0 / mean(x)
cat("burst", (r - 1) / (r + 1), (sqrt(n + 1) * r - sqrt(n - 1)) / ((sqrt(n + 1) - 2) * r + sqrt(n - 1)), cor(x[-n], x[-1]), "\n")
k <- c(12, 30, 8, 22, 15, 3, 1); p <- k / sum(k); cat("entropy", -sum(p * log(p)) / log(7), sum(p^2), "\n")
z <- c(0, 0, 1, 1, 2, 3, 3, 3, 8, 21); grp <- c(1, 2, 1, 2, 1, 2, 1, 2, 1, 2); T <- function(z) { q <- z[z > 0] / mean(z); sum(q * log(q)) / length(z) }
sh <- tapply(z, grp, sum) / sum(z); cat("theil", T(z), sum(sh * tapply(z, grp, T)), sum(sh * log(tapply(z, grp, mean) / mean(z))), "\n")
f <- function(t) { a <- ifelse(t < 2, t, ifelse(t < 7, t - 2, t - 7)); 1 - exp(-.8 * a) }
cat("empty", (integrate(f, 0, 2)$value + integrate(f, 2, 7)$value + integrate(f, 7, 10)$value) / 10, "\n")
