# Expected numbers of competing_test.go. R 4.2.2, survival 3.5-3, mgus2 is not used:
# the lung data with the institution's parity as a made-up cause of the event.
library(survival); options(digits = 15); l <- read.csv("lung.csv")
cause <- factor(ifelse(l$event == 0, 0, 1 + l$inst %% 2)); q <- ceiling(l$time / 90)
f <- survfit(Surv(q, cause) ~ 1); s <- summary(f); print(s$time); print(s$pstate); print(s$std.err)
