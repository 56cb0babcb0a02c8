package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
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

// ClopperPearson is the exact interval of a share of x among n independent
// units: quantiles α/2 of Beta(x, n−x+1) and 1−α/2 of Beta(x+1, n−x). It covers
// at least its level for every n. Source: Clopper & Pearson 1934 (Biometrika 26).
func ClopperPearson(x, n int, level float64) Estimate {
	e, ok := proportion(x, n, level, "Clopper-Pearson")
	if !ok {
		return e
	}
	alpha := 1 - level
	e.Low, e.High, e.Level = 0, 1, level
	if x > 0 {
		e.Low = distuv.Beta{Alpha: float64(x), Beta: float64(n - x + 1)}.Quantile(alpha / 2)
	}
	if x < n {
		e.High = distuv.Beta{Alpha: float64(x + 1), Beta: float64(n - x)}.Quantile(1 - alpha/2)
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
		e.warn("0 units: no share")
	}
	return e, n > 0
}

// Newcombe is the hybrid score interval of the difference x1/n1 − x2/n2 of two
// independent shares, built from the two Wilson intervals (l, u):
//
//	d − √((p1−l1)² + (u2−p2)²),  d + √((u1−p1)² + (p2−l2)²)
//
// Source: Newcombe 1998 (Stat. Med. 17, 873–890), method 10, without continuity
// correction.
func Newcombe(x1, n1, x2, n2 int, level float64) Estimate {
	a, b := Wilson(x1, n1, level), Wilson(x2, n2, level)
	e := Estimate{Value: a.Value - b.Value, N: n1 + n2, DF: math.Inf(1), Method: "Newcombe hybrid score",
		SE: math.Hypot(a.SE, b.SE), Warnings: append(a.Warnings, b.Warnings...)}
	if !a.HasInterval() || !b.HasInterval() {
		e.noInterval()
		return e
	}
	e.Low = e.Value - math.Hypot(a.Value-a.Low, b.High-b.Value)
	e.High = e.Value + math.Hypot(a.High-a.Value, b.Value-b.Low)
	e.Level = level
	return e
}

// BinomialTest is the exact two-sided test that x of n independent units come from a
// share p: the total probability of the outcomes no likelier than x (binom.test).
func BinomialTest(x, n int, p float64) Test {
	at := func(k int) float64 {
		return math.Exp(binomialLogLik(float64(k), float64(n), math.Log(p/(1-p)), LogitLink))
	}
	t := Test{Statistic: float64(x), DF: math.NaN(), Method: "exact binomial"}
	limit := at(x) * (1 + 1e-7)
	for k := range n + 1 {
		if q := at(k); q <= limit {
			t.P += q
		}
	}
	t.P = math.Min(1, t.P)
	return t
}
