package stats

import (
	"math"
)

// TopShareClusters is the share of a total held by the units above a threshold q
// that leaves a fixed part of the units above it (the tenth with most visits), with a
// cluster-robust interval. For cluster g: persons[g] units with Σx = sum[g], of which
// top[g] units above q with Σx = held[g].
//
// The threshold is estimated too, and taking it as fixed ([ClusterShare] of held in
// sum) makes the error three times too large. With S the share, α = Σtop/Σpersons, X
// the total, the linearised variable and variance are
//
//	z_g = (held_g − q(top_g − α·persons_g) − S·sum_g)/X,  V = Σ z_g²/(1−h_g)²
//
// with h_g = persons_g/Σpersons. q may be known to a bin only: its middle serves. The
// interval is symmetric on the logit scale and widened by [ConcentrationAllowance].
// Source: Langel & Tillé 2011 (Electron. J. Statist. 5), quantile
// share.
func TopShareClusters(held, sum, top, persons []float64, q, level float64) Estimate {
	checkLevel(level)
	checkLengths(len(held), len(sum), len(top), len(persons))
	if e := (Estimate{Method: "top share"}); !e.sound(of(held, sum, top, persons)) {
		return e
	}
	x, n := total(sum), total(persons)
	part := total(top) / n
	e := Estimate{Value: total(held) / x, N: int(n), SE: math.NaN(), DF: math.NaN(),
		Method: "top share, linearised, CR3, t, logit scale"}
	var h, influence []float64
	for g := range held {
		if persons[g] <= 0 {
			continue
		}
		hg := persons[g] / n
		z := (held[g] - q*(top[g]-part*persons[g]) - e.Value*sum[g]) / x / (1 - hg)
		h, influence = append(h, hg), append(influence, z)
	}
	e.linearised(influence, h, Logit, level)
	return e
}
