package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Detectable is the smallest difference that a two-sided test at significance alpha finds
// with the power, given the standard error of the difference and its degrees of freedom
// (those of two groups of clusters: their number less 2): the distance at which Student's t,
// no longer central, exceeds its critical value in that part of the draws. The far tail is
// not counted (power.t.test). NaN without an error or degrees of freedom.
func Detectable(se, df, alpha, power float64) float64 {
	if !(se > 0) || !(df >= 1) || unfit([]float64{se, df}) > 0 ||
		!(alpha > 0 && alpha < 1) || !(power > alpha && power < 1) {
		return math.NaN()
	}
	critical := tQuantile(1-alpha/2, df)
	low, high := 0.0, critical+40
	for range 60 {
		middle := (low + high) / 2
		if exceeds(critical, df, middle) < power {
			low = middle
		} else {
			high = middle
		}
	}
	return number(se * (low + high) / 2)
}

// exceeds is P(T > t) of Student's t on df degrees of freedom, shifted by shift errors:
// the mean of Φ(shift − t·s) over s = √(χ²/df), by Simpson's rule over the s that matter.
func exceeds(t, df, shift float64) float64 {
	const steps = 800
	spread := 10 / math.Sqrt(2*df)
	from, to := math.Max(1e-9, 1-spread), 1+spread
	logDensity := func(s float64) float64 { // of s, up to a constant
		return (df-1)*math.Log(s) - df*s*s/2
	}
	top := logDensity(math.Sqrt(math.Max(df-1, 1e-9) / df))
	var mass, sum float64
	for i := range steps + 1 {
		s := from + (to-from)*float64(i)/steps
		w := float64(2 + 2*(i%2))
		if i == 0 || i == steps {
			w = 1
		}
		w *= math.Exp(logDensity(s) - top)
		mass += w
		sum += w * distuv.UnitNormal.CDF(shift-t*s)
	}
	return sum / mass
}
