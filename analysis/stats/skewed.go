package stats

import "math"

// skewness is the third moment of the influences of clusters on an estimate over
// their variance: that of the estimate itself.
func skewness(influence []float64) float64 {
	var square, cube float64
	for _, u := range influence {
		square, cube = square+u*u, cube+u*u*u
	}
	return cube / (square * math.Sqrt(square))
}

// gammaThird is the third moment of a rate R of variance V over clusters of leverages h whose
// own rates have a gamma law, of skewness twice their coefficient of variation:
//
//	2·τ⁴/R · Σh³,  τ² = V/Σh²
func gammaThird(variance, rate float64, leverage []float64) float64 {
	var h2, h3 float64
	for _, h := range leverage {
		h2, h3 = h2+h*h, h3+h*h*h
	}
	if !(rate > 0) || h2 == 0 {
		return math.Inf(-1)
	}
	return 2 * variance * variance / (h2 * h2) / rate * h3
}

// bend is forward”(v)/forward'(v): how the scale itself curves.
func (t Transform) bend(v float64) float64 {
	switch t {
	case Log:
		return -1 / v
	case Logit:
		return -(1 - 2*v) / (v * (1 - v))
	case Fisher:
		return 2 * v / (1 - v*v)
	case LogLog:
		return -(1 + math.Log(v)) / (v * math.Log(v))
	}
	return 0
}

// asymmetry is A of Hall's transformation on the scale of t.
func (e *Estimate) asymmetry(t Transform) float64 { return e.skewness/3 + e.SE*t.bend(e.Value)/2 }

// unskewed is g of a studentised error on the scale of t, as [Estimate.skewedInterval] has it.
func (e *Estimate) unskewed(x float64, t Transform) float64 {
	if !e.skewed {
		return x
	}
	a := e.asymmetry(t)
	return x + a*x*x + a*a*x*x*x/3 + e.skewness/6
}

// skewedInterval sets the interval of e by Hall's transformation of the studentised
// error T on the scale of t, which takes its skewness γ away:
//
//	g(T) = T + A·T² + A²/3·T³ + γ/6,  A = γ/3 + SE·bend/2
//
// g(T) has the distribution of t in place of T; g grows everywhere and is inverted by
// T = (∛(1 + 3A·(q − γ/6)) − 1)/A. The second term of A is what the scale bends by
// itself: a log or a logit takes some skewness away already.
//
// Source: Hall 1992, On the removal of skewness by transformation (J. R. Statist.
// Soc. B 54), with the scale's curvature by Taylor's second term.
func (e *Estimate) skewedInterval(level float64, t Transform, skewness float64) {
	e.skewness, e.skewed = skewness, true
	a := e.asymmetry(t)
	e.intervalBy(level, t, func(q float64) float64 {
		q -= skewness / 6
		if math.Abs(a) < 1e-6 {
			return q - a*q*q
		}
		return (math.Cbrt(1+3*a*q) - 1) / a
	})
}
