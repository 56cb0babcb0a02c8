package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// PoissonRate is the rate of x independent events in an exposure, with the exact
// interval: χ² quantiles over 2·exposure (Garwood 1936, Biometrika 28). Events of
// one person or school are not independent: see [ClusterRatio].
func PoissonRate(x, exposure, level float64) Estimate {
	checkLevel(level)
	e := Estimate{Value: x / exposure, N: int(x), SE: math.Sqrt(x) / exposure, DF: math.Inf(1), Level: level, Method: "Poisson rate, exact"}
	if !(exposure > 0) {
		e.noInterval()
		e.warn("exposure %v: no rate", exposure)
		return e
	}
	alpha := 1 - level
	if x > 0 {
		e.Low = distuv.Gamma{Alpha: x, Beta: 1}.Quantile(alpha/2) / exposure
	}
	e.High = distuv.Gamma{Alpha: x + 1, Beta: 1}.Quantile(1-alpha/2) / exposure
	return e
}

// RateRatio is (x1/t1)/(x2/t2) of independent events, with the exact interval:
// given x1+x2, x1 is binomial, so the Clopper–Pearson bounds p of its share give
// p/(1−p)·t2/t1 (poisson.test). x2 = 0 gives an infinite upper bound.
func RateRatio(x1, t1, x2, t2, level float64) Estimate {
	b := ClopperPearson(int(x1), int(x1+x2), level)
	odds := func(p float64) float64 { return p / (1 - p) * t2 / t1 }
	e := Estimate{Value: x1 / t1 / (x2 / t2), Low: odds(b.Low), High: odds(b.High), Level: b.Level,
		N: int(x1 + x2), DF: math.Inf(1), Method: "rate ratio, exact conditional", Warnings: b.Warnings}
	e.SE = e.Value * math.Sqrt(1/x1+1/x2)
	return e
}

// EValue is the least association, on the risk-ratio scale, that an unmeasured
// confounder would need with both treatment and outcome to explain a risk ratio
// away: rr + √(rr(rr−1)), of 1/rr when rr < 1. Value is that of the estimate; Low
// that of the limit of its interval nearer 1 (1 when the interval holds 1). High is
// NaN: it is no interval. For a common outcome's odds ratio pass its square root,
// for a rate ratio itself. Source: VanderWeele & Ding 2017 (Ann. Intern. Med. 167).
func EValue(rr Estimate) Estimate {
	value := func(v float64) float64 {
		if v < 1 {
			v = 1 / v
		}
		return v + math.Sqrt(v*(v-1))
	}
	e := Estimate{Value: value(rr.Value), Low: math.NaN(), High: math.NaN(), SE: math.NaN(), DF: math.NaN(), N: rr.N, Clusters: rr.Clusters, Method: "E-value", Warnings: rr.Warnings}
	if rr.HasInterval() {
		near := rr.Low
		if rr.Value < 1 {
			near = rr.High
		}
		e.Low = 1
		if (near-1)*(rr.Value-1) > 0 {
			e.Low = value(near)
		}
	}
	return e
}

// PowerTwoShares is the power of the two-sided test of p1 = p2 with n units in each
// group at significance alpha, by the normal approximation without the far tail
// (power.prop.test). With clusters give it n/[DesignEffect]. Source: Fleiss, Levin &
// Paik 2003, §4.2.
func PowerTwoShares(n, p1, p2, alpha float64) float64 {
	mean := (p1 + p2) / 2
	z := math.Sqrt(n)*math.Abs(p1-p2) - tQuantile(1-alpha/2, math.Inf(1))*math.Sqrt(2*mean*(1-mean))
	return distuv.UnitNormal.CDF(z / math.Sqrt(p1*(1-p1)+p2*(1-p2)))
}

// SizeTwoShares is the number of units in each group that gives
// [PowerTwoShares] the power; multiply it by [DesignEffect] with clusters.
func SizeTwoShares(p1, p2, alpha, power float64) float64 {
	mean := (p1 + p2) / 2
	inf := math.Inf(1)
	z := tQuantile(1-alpha/2, inf)*math.Sqrt(2*mean*(1-mean)) + tQuantile(power, inf)*math.Sqrt(p1*(1-p1)+p2*(1-p2))
	return z * z / ((p1 - p2) * (p1 - p2))
}

// countOf writes a number with its noun.
func countOf(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
