# Expected numbers of desk_test.go: two-way clusters, dispersion, O and E of the
# log-rank, joint test. R 4.2.2, sandwich, survival. Run: Rscript desk.R > desk.R.txt
library(sandwich); library(survival); options(digits = 12)
q <- MASS::quine
q$a <- as.integer(q$Age) + 4 * as.integer(q$Lrn) + 8 * as.integer(q$Sex); q$b <- seq_len(nrow(q)) %% 11
f <- lm(Days ~ Eth + Sex, data = q)
cat("linear", sqrt(diag(vcovCL(f, cluster = q[, c("a", "b")], type = "HC1", cadjust = TRUE))), "\n")
z <- as.numeric(q$Days > 10)
g <- glm(z ~ Eth + Sex, family = binomial, data = q, control = list(epsilon = 1e-14))
cat("binomial", sqrt(diag(vcovCL(g, cluster = q[, c("a", "b")], type = "HC0", cadjust = TRUE))), "\n")
u <- as.data.frame(UCBAdmissions); ua <- reshape(u, idvar = c("Gender", "Dept"), timevar = "Admit", direction = "wide")
h <- glm(cbind(Freq.Admitted, Freq.Rejected) ~ Gender, family = binomial, data = ua, control = list(epsilon = 1e-14))
cat("dispersion", sum(residuals(h, "pearson")^2) / h$df.residual, "\n")
l <- read.csv("lung.csv"); d <- survdiff(Surv(time, event) ~ ecog, data = l)
cat("observed", d$obs, "expected", d$exp, "\n")
W <- summary(f); b <- coef(f)[2:3]; V <- vcov(f)[2:3, 2:3]; F <- drop(t(b) %*% solve(V) %*% b) / 2
cat("joint", F, pf(F, 2, f$df.residual, lower = FALSE), "\n")
m <- MASS::glm.nb(Days ~ Eth, data = q, control = glm.control(epsilon = 1e-14, maxit = 200))
mu <- fitted(m); edge <- c(0, 1, 2, 3, 5, 8, 12, 18, 26, 38, 54, 78, Inf)
E <- sapply(seq_len(12), function(k) sum(pnbinom(edge[k + 1] - 1, size = m$theta, mu = mu) - (if (edge[k] > 0) pnbinom(edge[k] - 1, size = m$theta, mu = mu) else 0)))
O <- sapply(seq_len(12), function(k) sum(q$Days >= edge[k] & q$Days < edge[k + 1]))
cat("expected bins", E, "\n"); u <- E >= 5; cat("chi", sum((O - E)[u]^2 / E[u]), sum(u), sum(abs(O - E)) / 2 / sum(O), "\n")
