package stats

import (
	"math"
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
