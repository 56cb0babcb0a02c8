# Expected numbers of icc_test.go and theil_test.go. R 4.2.2.
options(digits = 15)
# Shrout & Fleiss 1979, table 2
s <- c(9,2,5,8, 6,1,3,2, 8,4,6,8, 7,1,2,6, 10,5,6,9, 6,2,4,7); id <- rep(1:6, each = 4)
a <- anova(lm(s ~ factor(id))); F <- a$F[1]; fl <- F / qf(.975, 5, 18); fu <- F * qf(.975, 18, 5); ms <- a$"Mean Sq"
cat("icc1", (ms[1] - ms[2]) / (ms[1] + 3 * ms[2]), (fl - 1) / (fl + 3), (fu - 1) / (fu + 3), "\n")
# Theil
z <- c(0, 0, 1, 1, 2, 3, 3, 3, 8, 21); grp <- c(1, 2, 1, 2, 1, 2, 1, 2, 1, 2); T <- function(z) { q <- z[z > 0] / mean(z); sum(q * log(q)) / length(z) }
sh <- tapply(z, grp, sum) / sum(z); cat("theil", T(z), sum(sh * tapply(z, grp, T)), sum(sh * log(tapply(z, grp, mean) / mean(z))), "\n")
# design effect, sum over pairs of units: var of the mean of units of unequal clusters over that of independent ones
m <- c(3, 5, 10, 2); rho <- 0.07; V <- outer(rep(1:4, m), rep(1:4, m), function(i, j) ifelse(i == j, rho, 0)); diag(V) <- 1
cat("design effect", sum(V) / sum(m), "\n")
