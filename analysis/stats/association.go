package stats

import (
	"math"
)

// CliffDelta is δ = P(x > y) − P(x < y) over all pairs of two independent samples
// counted in ordered bands from low to high (units of one band are ties),
// with Cliff's consistent variance and his asymmetric interval,
//
//	(δ − δ³ ± t·s·√((1−δ²)² + t²s²)) / (1 − δ² + t²s²)
//
// and n1+n2−2 degrees of freedom. |δ| below 0.147 is usually called negligible,
// below 0.33 small, below 0.474 medium (Romano et al. 2006). An empty sample gives
// NaN. Source: Cliff 1993 (Psychol. Bull. 114), 1996.
func CliffDelta(a, b []float64, level float64) Estimate {
	checkLevel(level)
	checkLengths(len(a), len(b))
	n1, n2 := total(a), total(b)
	e := Estimate{N: int(n1 + n2), DF: n1 + n2 - 2, SE: math.NaN(), Method: "Cliff's delta"}
	if !e.sound(of(a, b)) {
		return e
	}
	// dominance of a unit of band k over the other sample
	row, col := make([]float64, len(a)), make([]float64, len(a))
	var belowA, belowB float64
	for k := range a {
		row[k] = (belowB - (n2 - belowB - b[k])) / n2
		col[k] = ((n1 - belowA - a[k]) - belowA) / n1
		belowA, belowB = belowA+a[k], belowB+b[k]
	}
	for k := range a {
		e.Value += a[k] * row[k] / n1
	}
	if n1 < 2 || n2 < 2 {
		if n1*n2 == 0 {
			e.Value = math.NaN()
		}
		e.noInterval()
		e.warn(FewUnits, n1, n2)
		return e
	}
	var vr, vc, square float64
	untied := 0.0
	belowB = 0
	for k := range a {
		vr += a[k] * (row[k] - e.Value) * (row[k] - e.Value)
		vc += b[k] * (col[k] - e.Value) * (col[k] - e.Value)
		untied += a[k] * (n2 - b[k])
	}
	square = untied - n1*n2*e.Value*e.Value // Σ(d_ij − δ)²
	d := (n2*n2*vr + n1*n1*vc - square) / (n1 * n2 * (n1 - 1) * (n2 - 1))
	d = math.Max(d, (1-e.Value*e.Value)/(n1*n2-1)) // Cliff's floor
	e.SE = math.Sqrt(d)
	t := tQuantile(0.5+level/2, e.DF)
	v, ts := e.Value, t*t*d
	half := t * e.SE * math.Sqrt((1-v*v)*(1-v*v)+ts)
	e.Low, e.High, e.Level = (v-v*v*v-half)/(1-v*v+ts), (v-v*v*v+half)/(1-v*v+ts), level
	return e
}

func total(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}
