# Expected numbers of cox_test.go. R 4.2.2, survival 3.5-3;
# lung.csv is survival::lung (Loprinzi et al. 1994), complete in these columns.
library(survival); options(digits = 15)
l <- lung[complete.cases(lung[, c("inst", "time", "status", "age", "sex", "ph.ecog")]), c("inst", "time", "status", "age", "sex", "ph.ecog")]
if (length(commandArgs(TRUE))) write.csv(setNames(transform(l, status = status - 1), c("inst", "time", "event", "age", "sex", "ecog")), "lung.csv", row.names = FALSE)
ctl <- coxph.control(eps = 1e-14, iter.max = 50)
S <- with(l, Surv(time, status == 2))
f <- coxph(S ~ age + sex + ph.ecog, data = l, control = ctl); cat("cox", coef(f), sqrt(diag(vcov(f))), f$loglik, "\n")
f <- coxph(S ~ age + sex + ph.ecog, data = l, cluster = inst, control = ctl); cat("robust", sqrt(diag(vcov(f))), length(unique(l$inst)), "\n")
f <- coxph(S ~ age + ph.ecog + strata(sex), data = l, control = ctl); cat("strata", coef(f), sqrt(diag(vcov(f))), "\n")
t30 <- ceiling(l$time / 90)  # heavy ties
f <- coxph(Surv(t30, status == 2) ~ age + sex, data = l, cluster = inst, control = ctl); cat("ties", coef(f), sqrt(diag(f$naive.var)), sqrt(diag(vcov(f))), f$loglik, "\n")
f <- coxph(Surv(l$inst / 10, l$inst / 10 + t30, l$status == 2) ~ age + sex, data = l, control = ctl, cluster = inst); cat("start", coef(f), sqrt(diag(f$naive.var)), sqrt(diag(vcov(f))), "\n")
d <- survdiff(S ~ sex, data = l); cat("logrank", d$chisq, "\n"); d <- survdiff(S ~ ph.ecog, data = l); cat("logrank4", d$chisq, pchisq(d$chisq, 3, lower = FALSE), "\n")
