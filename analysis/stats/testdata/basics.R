# Expected numbers of proportion_test.go, ratio_test.go, inequality_test.go and
# survival_test.go. R 4.2.2, survival 3.5-3.  Rscript basics.R
library(survival)
options(digits = 15)
w <- function(x, n) prop.test(x, n, correct = FALSE)$conf.int
cat("wilson", w(81, 263), w(15, 148), w(0, 20), w(1, 29), w(29, 29), "\n")
# ratio over clusters: weighted regression on a constant, sandwich by hand
x <- c(12, 30, 7, 25, 60, 18, 9, 33, 21, 14, 40, 5)
y <- c(40, 75, 30, 80, 120, 66, 20, 90, 77, 35, 150, 28)
R <- sum(x) / sum(y); h <- y / sum(y); u <- (x - R * y) / sum(y); G <- length(x)
cr <- c(sum(u^2), sum(u^2) * G / (G - 1), sum(u^2 / (1 - h)), sum(u^2 / (1 - h)^2))
# Satterthwaite: V = e'Ae, e = (I - h1')u, u ~ (0, D); df = tr(A Omega)^2 / tr(A Omega A Omega)
df <- function(a, d) {
  M <- diag(G) - h %o% rep(1, G); O <- M %*% diag(d) %*% t(M); A <- diag(a)
  sum(diag(A %*% O))^2 / sum(diag(A %*% O %*% A %*% O))
}
cat("ratio", R, sqrt(cr), df(1 / (1 - h)^2, h^2), df(1 / (1 - h), h), df(1 / (1 - h), h^2), "\n")
v <- df(1 / (1 - h)^2, h^2)
cat("ratio ci", exp(log(R) + c(-1, 1) * qt(.975, v) * sqrt(cr[4]) / R), "\n")
# a 13th cluster of 4 whose denominator noise took to 0: same formulas, leverage 0
x0 <- c(x, 4); y0 <- c(y, 0); R0 <- sum(x0) / sum(y0); h0 <- y0 / sum(y0); u0 <- (x0 - R0 * y0) / sum(y0) / (1 - h0)
cat("no denominator", R0, sqrt(sum(u0^2)), sqrt(sum(sapply(1:13, function(i) sum(x0[-i]) / sum(y0[-i]) - R0)^2)), "\n")
j <- sapply(1:G, function(i) sum(x[-i]) / sum(y[-i])) - R
cat("jackknife", sqrt(sum(j^2)), min(G - 1, 3 * sum(j^2)^2 / sum(j^4)), "\n")
# the same jackknife of known sizes: unbiased under u ~ (0, diag(h^2)), by whole matrices
M <- diag(G) - h %o% rep(1, G); a <- h^2 / diag(M %*% diag(h^2) %*% t(M)); s <- sqrt(sum(a * u^2)); v <- df(a, h^2)
cat("sized", s, v, exp(log(R) + c(-1, 1) * qt(.975, v) * s / R), "\n")
v <- df(1 / (1 - h)^2, h^2)
# Kaplan-Meier: leukemia 6-MP arm of Freireich et al. 1963 (Gehan 1965)
t6 <- c(6,6,6,7,10,13,16,22,23,6,9,10,11,17,19,20,25,32,32,34,35); d6 <- c(rep(1, 9), rep(0, 12))
for (ct in c("log", "log-log", "plain")) {
  f <- summary(survfit(Surv(t6, d6) ~ 1, conf.type = ct)); cat("km", ct, f$time, "S", f$surv, "se", f$std.err, "lo", f$lower, "hi", f$upper, "\n")
}
# Gini, brute force
z <- c(0, 0, 1, 1, 2, 3, 3, 3, 8, 21)
cat("gini", sum(abs(outer(z, z, "-"))) / (2 * length(z)^2 * mean(z)), "\n")
# gradient over five groups
num <- c(120, 90, 80, 60, 30); den <- c(200, 250, 300, 250, 150)
r <- (cumsum(den) - den / 2) / sum(den); m <- num / den; f <- lm(m ~ r, weights = den); mu <- sum(num) / sum(den)
C <- 2 * sum(den * m * r) / sum(num) - 1
cat("gradient", mu, coef(f), sum(coef(f)) / coef(f)[1], C, 4 * mu * C, "\n")
# ratio, moved by the skewness of the clusters: Hall's transformation solved by uniroot, not by its inverse
d <- u / (1 - h); s <- sqrt(sum(d^2)); gam <- sum(d^3) / s^3
hall <- function(v, at, slope, bend) {
  A <- gam / 3 + s * bend / 2; q <- qt(.975, v)
  T <- sapply(c(q, -q), function(q) uniroot(function(T) T + A * T^2 + A^2 / 3 * T^3 + gam / 6 - q, c(-50, 50), tol = 1e-14)$root)
  at - T * s * slope
}
cat("skewed", gam, exp(hall(v, log(R), 1 / R, -1 / R)), plogis(hall(v, qlogis(R), 1 / (R * (1 - R)), -(1 - 2 * R) / (R * (1 - R)))), "\n")
# the same of heads: CR2
w2 <- u / sqrt(1 - h); keep <- c(gam, s); s <- sqrt(sum(w2^2)); gam <- sum(w2^3) / s^3
cat("heads", plogis(hall(df(1 / (1 - h), h^2), qlogis(R), 1 / (R * (1 - R)), -(1 - 2 * R) / (R * (1 - R)))), "\n")
gam <- keep[1]; s <- keep[2]
# the same within two strata, clusters 1 to 5 and 6 to 12
parts <- split(1:G, rep(1:2, c(5, 7))); f <- sapply(parts, length)
dev <- lapply(parts, function(p) d[p] - mean(d[p]))
V <- sum(mapply(function(e, n) n / (n - 1) * sum(e^2), dev, f)); s <- sqrt(V)
gam <- sum(mapply(function(e, n) n^2 / ((n - 1) * (n - 2)) * sum(e^3), dev, f)) / s^3
P <- lapply(parts, function(p) { n <- length(p); n / (n - 1) * (diag(n) - 1 / n) %*% diag(h[p]^2) })
v <- sum(sapply(P, function(A) sum(diag(A))))^2 / sum(sapply(P, function(A) sum(diag(A %*% A))))
cat("within", R, s, v, exp(hall(v, log(R), 1 / R, -1 / R)), "\n")
# a rate whose clusters show less skewness than a gamma law of their variance has: in all, and within the strata
gamma3 <- function(V, R, h) 2 * V^2 / sum(h^2)^2 / R * sum(h^3)
xr <- rev(x); u <- (xr - R * y) / sum(y); d <- u / (1 - h); s <- sqrt(sum(d^2))
gam <- c(sum(d^3) / s^3, gamma3(sum(u^2), R, h) / sum(u^2)^1.5)
cat("gamma", gam, "")
gam <- max(gam); cat(exp(hall(df(1 / (1 - h)^2, h^2), log(R), 1 / R, -1 / R)), "\n")
dev <- lapply(parts, function(p) d[p] - mean(d[p]))
V <- mapply(function(e, n) n / (n - 1) * sum(e^2), dev, f); s <- sqrt(sum(V))
gam <- c(sum(mapply(function(e, n) n^2 / ((n - 1) * (n - 2)) * sum(e^3), dev, f)),
  sum(mapply(function(p, V) gamma3(V, sum(xr[p]) / sum(y[p]), h[p]), parts, V))) / s^3
cat("gamma within", s, gam, "")
gam <- max(gam); cat(exp(hall(v, log(R), 1 / R, -1 / R)), "\n")
# difference of two shares over common clusters: jackknife, Fisher's scale
x2 <- c(20, 30, 11, 41, 50, 30, 9, 41, 30, 20, 70, 12); D <- sum(x) / sum(y) - sum(x2) / sum(y)
u2 <- sapply(1:G, function(i) sum(x[-i]) / sum(y[-i]) - sum(x2[-i]) / sum(y[-i])) - D; s2 <- sqrt(sum(u2^2))
v2 <- min(G - 1, 3 * sum(u2^2)^2 / sum(u2^4))
cat("share difference", D, s2, v2, tanh(atanh(D) + c(-1, 1) * qt(.975, v2) * s2 / (1 - D^2)), "\n")
