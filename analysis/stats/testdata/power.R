# Expected numbers of power_test.go: R 4.2.2, stats. Rscript power.R > power.R.txt
options(digits = 12)
for (g in c(6, 10, 25, 75)) cat(g, power.t.test(n = g, power = 0.8, tol = 1e-12)$delta, "\n")
cat("90 % at 1 %", power.t.test(n = 10, power = 0.9, sig.level = 0.01, tol = 1e-12)$delta, "\n")
