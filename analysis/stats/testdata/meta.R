# Random-effects meta-analysis by metafor: the BCG trials (Colditz et al. 1994), and six small regions of our own.
suppressMessages(library(metafor))
options(digits = 12)
show <- function(name, yi, vi) {
  cat(name, "\n")
  for (test in c("z", "knha", "adhoc")) {
    r <- rma(yi, vi, method = "DL", test = test)
    p <- predict(r)
    cat(test, r$k, r$b, r$se, r$ci.lb, r$ci.ub, p$pi.lb, p$pi.ub, "\n")
  }
  r <- rma(yi, vi, method = "DL")
  cat("tau2", r$tau2, "Q", r$QE, "p", r$QEp, "I2", r$I2 / 100, "\n")
}
bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
cat("yi", bcg$yi, "\nvi", bcg$vi, "\n")
show("bcg", bcg$yi, bcg$vi)
show("alike", c(0.40, 0.41, 0.395, 0.402, 0.405, 0.398), c(0.02, 0.03, 0.025, 0.02, 0.03, 0.022)^2)
show("apart", c(0.31, 0.42, 0.28, 0.36, 0.5, 0.33), c(0.02, 0.03, 0.025, 0.02, 0.03, 0.022)^2)
