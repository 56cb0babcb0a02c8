package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

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
	e := Estimate{Value: number(value(rr.Value)), Low: math.NaN(), High: math.NaN(), SE: math.NaN(), DF: math.NaN(),
		N: rr.N, Clusters: rr.Clusters, Method: "E-value", Warnings: rr.Warnings}
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
	if !areShares(p1, p2) || !(n > 0) {
		return math.NaN()
	}
	mean := (p1 + p2) / 2
	z := math.Sqrt(n)*math.Abs(p1-p2) - tQuantile(1-alpha/2, math.Inf(1))*math.Sqrt(2*mean*(1-mean))
	return distuv.UnitNormal.CDF(z / math.Sqrt(p1*(1-p1)+p2*(1-p2)))
}

// SizeTwoShares is the number of units in each group that gives
// [PowerTwoShares] the power; multiply it by [DesignEffect] with clusters.
func SizeTwoShares(p1, p2, alpha, power float64) float64 {
	if !areShares(p1, p2) {
		return math.NaN()
	}
	mean := (p1 + p2) / 2
	inf := math.Inf(1)
	z := tQuantile(1-alpha/2, inf)*math.Sqrt(2*mean*(1-mean)) + tQuantile(power, inf)*math.Sqrt(p1*(1-p1)+p2*(1-p2))
	return number(z * z / ((p1 - p2) * (p1 - p2)))
}

func areShares(p ...float64) bool {
	for _, v := range p {
		if !(v >= 0 && v <= 1) {
			return false
		}
	}
	return true
}
