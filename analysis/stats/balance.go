package stats

import "math"

// Moments are the number of some units, the sum of a covariate over them and that of its
// squares.
type Moments struct{ N, Sum, Squares float64 }

// variance is the sample variance; NaN below two units, or where the squares are too
// small for the sum.
func (m Moments) variance() float64 {
	v := (m.Squares - m.Sum*m.Sum/m.N) / (m.N - 1)
	if m.N < 2 || v < -1e-9*m.Squares {
		return math.NaN()
	}
	return math.Max(0, v)
}

// StandardizedDifference is the difference of the means of a covariate between treated
// and control units over the pooled standard deviation √((s1²+s0²)/2), sample variances
// (p(1−p) alike for 0/1 but for n/(n−1)). Below 0.1 in absolute value a covariate is
// usually called balanced. A covariate that does not vary gives NaN unless the means
// agree, and so does nobody. Source: Austin 2009 (Stat. Med. 28).
func StandardizedDifference(treated, control Moments) float64 {
	gap := treated.Sum/treated.N - control.Sum/control.N
	pooled := math.Sqrt((treated.variance() + control.variance()) / 2)
	switch {
	case math.IsNaN(pooled), math.IsInf(pooled, 0), pooled == 0 && gap != 0:
		return math.NaN()
	case gap == 0:
		return 0
	}
	return gap / pooled
}
