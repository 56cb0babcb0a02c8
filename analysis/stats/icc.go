package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// ICCOneWay is the intraclass correlation of the one-way analysis of variance,
// (MSB − MSW)/(MSB + (n0−1)·MSW) with n0 = (N − Σn²/N)/(G−1), and the exact F
// interval for clusters of one size (ICC(1,1) of Shrout & Fleiss 1979, Psychol.
// Bull. 86). Unequal sizes make the interval approximate and warn. It may be
// negative. Each cluster adds up n units, their sum and their sum of squares.
func ICCOneWay(n, sum, sumSquares []float64, level float64) Estimate {
	checkLevel(level)
	checkLengths(len(n), len(sum), len(sumSquares))
	if e := (Estimate{Method: "ICC(1,1)"}); !e.sound(of(n), sum, sumSquares) {
		return e
	}
	var total, x, between, within, squares float64
	g, unequal := 0, false
	for i := range n {
		if n[i] <= 0 {
			continue
		}
		unequal = unequal || g > 0 && n[i] != total/float64(g)
		g++
		total, x, squares = total+n[i], x+sum[i], squares+n[i]*n[i]
		between += sum[i] * sum[i] / n[i]
		within += sumSquares[i] - sum[i]*sum[i]/n[i]
	}
	e := Estimate{N: int(total), Clusters: g, SE: math.NaN(), DF: float64(g - 1),
		Method: "ICC(1,1), one-way analysis of variance"}
	d1, d2 := float64(g-1), total-float64(g)
	n0 := (total - squares/total) / d1
	msb, msw := (between-x*x/total)/d1, within/d2
	e.Value = (msb - msw) / (msb + (n0-1)*msw)
	// msb or msw within rounding of 0: the clusters do not differ, or nothing else does
	if !(d1 > 0 && d2 > 0) || math.IsNaN(e.Value) || !(msb > 1e-12*msw) || !(msw > 1e-12*msb) {
		e.Value = math.NaN()
		e.noInterval()
		e.warn(NoICC, g, e.N)
		return e
	}
	f, law := msb/msw, distuv.F{D1: d1, D2: d2}
	fl, fu := f/law.Quantile(0.5+level/2), f/law.Quantile(0.5-level/2)
	e.Low, e.High, e.Level = (fl-1)/(fl+n0-1), (fu-1)/(fu+n0-1), level
	if unequal {
		e.Warnings = append(e.Warnings, warning(Unequal, g))
	}
	return e
}

// DesignEffect is the factor by which clusters of these sizes multiply the
// variance of a mean of all units, 1 + (Σn²/Σn − 1)·icc. Divide a sample size by it.
// Source: Kish 1965, §5.4; Kerry & Bland 2001 (Stat. Med. 20).
func DesignEffect(sizes []float64, icc float64) float64 {
	if unsound(of(sizes), []float64{icc}) != nil {
		return math.NaN()
	}
	var n, nn float64
	for _, s := range sizes {
		n, nn = n+s, nn+s*s
	}
	return 1 + (nn/n-1)*icc
}
