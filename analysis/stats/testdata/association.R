# Expected numbers of association_test.go, rate_test.go, multiplicity_test.go,
# misclassify_test.go, bootstrap_test.go, matching_test.go. R 4.2.2, boot 1.3-28.
options(digits = 15)
x <- c(12, 5, 7, 7, 3, 9, 15, 2); y <- c(4, 6, 7, 1, 2, 2, 5, 3, 8, 7)
d <- sign(outer(x, y, "-")); n1 <- 8; n2 <- 10; dl <- mean(d); di <- rowMeans(d); dj <- colMeans(d)
s2 <- (n2^2 * sum((di - dl)^2) + n1^2 * sum((dj - dl)^2) - sum((d - dl)^2)) / (n1 * n2 * (n1 - 1) * (n2 - 1))
z <- qt(.975, n1 + n2 - 2); s <- sqrt(s2)
cat("cliff", dl, s, (dl - dl^3 + c(-1, 1) * z * s * sqrt((1 - dl^2)^2 + z^2 * s2)) / (1 - dl^2 + z^2 * s2), "\n")
w <- wilcox.test(x, y, exact = FALSE); cat("wilcox", w$statistic, w$p.value, "\n")
tab <- apply(HairEyeColor, 1:2, sum); print(tab); ch <- chisq.test(tab, correct = FALSE); n <- sum(tab); p2 <- ch$statistic / n; r <- nrow(tab); k <- ncol(tab)
cat("chisq", ch$statistic, ch$p.value, sqrt(p2 / 3), "\n"); rc <- r - (r - 1)^2 / (n - 1); kc <- k - (k - 1)^2 / (n - 1)
cat("bergsma", sqrt(max(0, p2 - (r - 1) * (k - 1) / (n - 1)) / (min(rc, kc) - 1)), "\n")
smokers <- c(83, 90, 129, 70); patients <- c(86, 93, 136, 82); pt <- prop.trend.test(smokers, patients); cat("trend", pt$statistic, pt$p.value, "\n")
cat("h", 2 * asin(sqrt(.7)) - 2 * asin(sqrt(.45)), "\n")
p <- poisson.test(137, 24.19893); cat("poisson", p$estimate, p$conf.int, "\n")
p <- poisson.test(c(11, 6 + 8 + 7), c(800, 1083 + 1050 + 878)); cat("ratio", p$estimate, p$conf.int, "\n")
cat("power", power.prop.test(n = 50, p1 = .5, p2 = .75)$power, power.prop.test(p1 = .5, p2 = .75, power = .9, tol = 1e-12)$n, "\n")
bh <- c(.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1)
cat("BH", p.adjust(bh, "BH"), "\nBY", p.adjust(bh, "BY"), "\nholm", p.adjust(bh, "holm"), "\n")
# Imbens-Manski
c0 <- uniroot(function(c) pnorm(c + (.19 - .12) / .015) - pnorm(-c) - .95, c(0, 5), tol = 1e-13)$root; cat("IM", .12 - c0 * .01, .19 + c0 * .015, "\n")
# BCa on given replicates: boot's abc of the same replicates
library(boot); set.seed(9); X <- c(12,30,7,25,60,18,9,33,21,14,40,5); Y <- c(40,75,30,80,120,66,20,90,77,35,150,28)
b <- boot(data.frame(X, Y), function(d, i) sum(d$X[i]) / sum(d$Y[i]), 200000); print(boot.ci(b, type = "bca")$bca[4:5]); cat(sd(b$t), "\n")
# standardised difference
u <- c(1, 3, 2, 8, 5); v <- c(2, 2, 4, 1); cat("smd", (mean(u) - mean(v)) / sqrt((var(u) + var(v)) / 2), "\n")
