# Expected numbers of hazard_test.go. R 4.2.2, survival 3.5-3;
# lung.csv is survival::lung (Loprinzi et al. 1994), complete in these columns.
library(survival); options(digits = 15)
l <- lung[complete.cases(lung[, c("inst", "time", "status", "age", "sex", "ph.ecog")]), c("inst", "time", "status", "age", "sex", "ph.ecog")]
if (length(commandArgs(TRUE))) write.csv(setNames(transform(l, status = status - 1), c("inst", "time", "event", "age", "sex", "ecog")), "lung.csv", row.names = FALSE)
S <- with(l, Surv(time, status == 2))
d <- survdiff(S ~ sex, data = l); cat("logrank", d$chisq, "\n"); d <- survdiff(S ~ ph.ecog, data = l); cat("logrank4", d$chisq, pchisq(d$chisq, 3, lower = FALSE), "\n")
