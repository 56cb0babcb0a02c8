# Two groups of ten and eleven clusters: x of y persons. Leave out one cluster after the other.
# Rscript comparisons.R
x1 <- c(12, 9, 15, 20, 7, 11, 18, 14, 9, 16); y1 <- c(40, 35, 50, 61, 30, 38, 55, 47, 33, 52)
x2 <- c(22, 19, 25, 31, 12, 21, 29, 24, 18, 27, 20); y2 <- c(41, 36, 52, 60, 31, 39, 54, 46, 34, 51, 44)
d <- sum(x1) / sum(y1) - sum(x2) / sum(y2)
u <- c(sapply(1:10, function(i) sum(x1[-i]) / sum(y1[-i]) - sum(x2) / sum(y2)),
       sapply(1:11, function(i) sum(x1) / sum(y1) - sum(x2[-i]) / sum(y2[-i]))) - d
df <- min(length(u) - 1, 3 * sum(u^2)^2 / sum(u^4))
p <- 2 * pt(-abs(d) / sqrt(sum(u^2)), df)
cat(sprintf("%.10g %.10g %.10g\n", d, df, p))
q <- c(0.004, 0.03, 0.011, 0.2, 0.046)
cat(sprintf("%.10g", p.adjust(q, "BH")), "\n")
cat(sprintf("%.10g", p.adjust(q, "holm")), "\n")
# A value against nine others, as a new draw from them (Crawford & Howell 1998).
o <- c(0.21, 0.25, 0.19, 0.28, 0.24, 0.22, 0.26, 0.2, 0.23)
cat(sprintf("%.10g\n", 2 * pt(-abs(0.35 - mean(o)) / (sd(o) * sqrt(1 + 1 / 9)), 8)))
