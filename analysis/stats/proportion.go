package stats

import (
	"fmt"
	"math"
)

// Wilson is the score interval of a share of x among n independent units.
//
//	(x + z²/2 ± z·√(x(n−x)/n + z²/4)) / (n + z²)
//
// It ignores clusters: use [ClusterShare] when units of a cluster resemble each
// other. n = 0 gives NaN. Source: Wilson 1927 (JASA 22); Brown, Cai & DasGupta
// 2001 (Statist. Sci. 16).
func Wilson(x, n int, level float64) Estimate {
	e, ok := proportion(x, n, level, "Wilson")
	if !ok {
		return e
	}
	z := tQuantile(0.5+level/2, math.Inf(1))
	p, m := float64(x), float64(n)
	half := z * math.Sqrt(p*(m-p)/m+z*z/4)
	mid := p + z*z/2
	e.Low, e.High, e.Level = (mid-half)/(m+z*z), (mid+half)/(m+z*z), level
	if x == 0 {
		e.Low = 0
	}
	if x == n {
		e.High = 1
	}
	return e
}

func proportion(x, n int, level float64, method string) (Estimate, bool) {
	checkLevel(level)
	if x < 0 || x > n {
		panic(fmt.Sprintf("stats: %d units among %d", x, n))
	}
	p := float64(x) / float64(n)
	e := Estimate{Value: p, N: n, DF: math.Inf(1), Method: method, SE: math.Sqrt(p * (1 - p) / float64(n))}
	if n == 0 {
		e.noInterval()
		e.warn(NoUnits)
	}
	return e, n > 0
}
