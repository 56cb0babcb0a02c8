# Expected numbers of exact_test.go, rank_test.go, exchangeable_test.go and randomintercept_test.go.
# R 4.2.2, lme4 1.1-31 (its data cbpp.csv: Lesnoff et al. 2004), geepack 1.3.9. Run: Rscript exact.R > exact.R.txt
options(digits = 12)
suppressMessages({library(lme4); library(geepack)})
fisher <- function(x) {f <- fisher.test(matrix(x, 2, byrow = TRUE)); cat("fisher", x, ":", f$p.value, f$estimate, f$conf.int, "\n")}
fisher(c(3, 1, 1, 3)); fisher(c(12, 5, 29, 2)); fisher(c(1200, 1100, 900, 1050)); fisher(c(0, 7, 5, 4))
mcnemar <- function(b, c) {
  m <- mcnemar.test(matrix(c(20, b, c, 30), 2, byrow = TRUE)); e <- binom.test(b, b + c); k <- e$conf.int
  cat("mcnemar", b, c, ":", m$statistic, e$p.value, b / c, k / (1 - k), "\n")}
mcnemar(25, 9); mcnemar(150, 86); mcnemar(0, 6)
q <- MASS::quine
band <- findInterval(q$Days, c(0, 5, 12, 26)); age <- as.integer(q$Age)
for (m in c("kendall", "spearman")) {
  t <- cor.test(band, age, method = m, exact = FALSE)
  cat(m, t$estimate, if (m == "kendall") t$statistic else NA, t$p.value, "\n")
  t <- cor.test(q$Days, age, method = m, exact = FALSE)
  cat(m, "days", t$estimate, if (m == "kendall") t$statistic else NA, t$p.value, "\n")}
d <- as.data.frame(cbpp)
write.csv(with(d, data.frame(herd = as.integer(herd), cases = incidence, size = size, period = as.integer(period))),
  "cbpp.csv", row.names = FALSE, quote = FALSE)
g <- glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), family = binomial, data = d, nAGQ = 25,
  control = glmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5), tolPwrss = 1e-12))
cat("glmer", fixef(g), sqrt(unlist(VarCorr(g))), ":", sqrt(diag(vcov(g))), "\n")
# the same likelihood by R's own integrate, optimised and differentiated by optim
X <- model.matrix(~ period, d); H <- as.integer(d$herd)
nll <- function(th) {
  b <- th[1:4]; s <- exp(th[5]); eta <- drop(X %*% b)
  -sum(sapply(split(seq_len(nrow(d)), H), function(i) {
    h <- function(z) sapply(z, function(u) sum(dbinom(d$incidence[i], d$size[i], plogis(eta[i] + s * u), log = TRUE)) + dnorm(u, log = TRUE))
    o <- optimize(h, c(-8, 8), maximum = TRUE, tol = 1e-10); top <- o$objective
    log(integrate(function(z) exp(h(z) - top), -12, 12, rel.tol = 1e-12, subdivisions = 2000)$value) + top}))}
grad <- function(th) sapply(1:5, function(j) {e <- replace(numeric(5), j, 1e-4)
  (8 * (nll(th + e) - nll(th - e)) - (nll(th + 2 * e) - nll(th - 2 * e))) / 12e-4})
o <- optim(c(fixef(g), log(sqrt(unlist(VarCorr(g))))), nll, grad, method = "BFGS", control = list(reltol = 1e-15, maxit = 50))
th <- o$par
for (k in 1:3) {
  Hs <- sapply(1:5, function(j) {e <- replace(numeric(5), j, 1e-3)
    (8 * (grad(th + e) - grad(th - e)) - (grad(th + 2 * e) - grad(th - 2 * e))) / 12e-3})
  th <- th - drop(solve((Hs + t(Hs)) / 2, grad(th)))}
V <- solve((Hs + t(Hs)) / 2); s <- exp(th[5])
cat("integrate", th[1:4], s, ":", sqrt(diag(V))[1:4], s * sqrt(V[5, 5]), ":", -nll(th), "\n")
# GEE: persons, not sums
p <- d[rep(seq_len(nrow(d)), d$size), ]; p$y <- unlist(lapply(seq_len(nrow(d)), function(i) rep(c(1, 0), c(d$incidence[i], d$size[i] - d$incidence[i]))))
p <- p[order(as.integer(p$herd)), ]; p$id <- as.integer(p$herd)
e <- geeglm(y ~ period, id = id, data = p, family = binomial, corstr = "exchangeable", control = geese.control(epsilon = 1e-14, maxit = 200))
se <- sqrt(diag(e$geese$vbeta))
cat("geeglm", coef(e), ":", se, ":", e$geese$alpha, e$geese$gamma, "\n")
# Exact ends of the conditional odds ratio, too: fisher.test stops its uniroot at 1e-4 of 1/odds.
tight <- function(x) {
  m <- x[1] + x[3]; n <- x[2] + x[4]; k <- x[1] + x[2]; lo <- max(0, k - n); hi <- min(k, m); s <- lo:hi
  l <- dhyper(s, m, n, k, log = TRUE); d <- function(psi) {d <- l + psi * s; d <- exp(d - max(d)); d / sum(d)}
  root <- function(f) exp(uniroot(f, c(-20, 20), tol = 1e-14, maxiter = 1e4)$root)
  cat("tight", x, ":", if (x[1] > lo) root(function(p) sum(d(p) * s) - x[1]) else 0,
    if (x[1] > lo) root(function(p) sum(d(p)[s >= x[1]]) - 0.025) else 0,
    root(function(p) sum(d(p)[s <= x[1]]) - 0.025), "\n")}
tight(c(3, 1, 1, 3)); tight(c(12, 5, 29, 2)); tight(c(1200, 1100, 900, 1050)); tight(c(0, 7, 5, 4))
