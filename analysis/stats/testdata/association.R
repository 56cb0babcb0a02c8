# Expected numbers of association_test.go, bounds_test.go, matching_test.go. R 4.2.2.
options(digits = 15)
x <- c(12, 5, 7, 7, 3, 9, 15, 2); y <- c(4, 6, 7, 1, 2, 2, 5, 3, 8, 7)
d <- sign(outer(x, y, "-")); n1 <- 8; n2 <- 10; dl <- mean(d); di <- rowMeans(d); dj <- colMeans(d)
s2 <- (n2^2 * sum((di - dl)^2) + n1^2 * sum((dj - dl)^2) - sum((d - dl)^2)) / (n1 * n2 * (n1 - 1) * (n2 - 1))
z <- qt(.975, n1 + n2 - 2); s <- sqrt(s2)
cat("cliff", dl, s, (dl - dl^3 + c(-1, 1) * z * s * sqrt((1 - dl^2)^2 + z^2 * s2)) / (1 - dl^2 + z^2 * s2), "\n")
cat("power", power.prop.test(n = 50, p1 = .5, p2 = .75)$power, power.prop.test(p1 = .5, p2 = .75, power = .9, tol = 1e-12)$n, "\n")
bh <- c(.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1)
cat("BH", p.adjust(bh, "BH"), "\nholm", p.adjust(bh, "holm"), "\n")
# Imbens-Manski
c0 <- uniroot(function(c) pnorm(c + (.19 - .12) / .015) - pnorm(-c) - .95, c(0, 5), tol = 1e-13)$root; cat("IM", .12 - c0 * .01, .19 + c0 * .015, "\n")
# standardised difference
u <- c(1, 3, 2, 8, 5); v <- c(2, 2, 4, 1); cat("smd", (mean(u) - mean(v)) / sqrt((var(u) + var(v)) / 2), "\n")
