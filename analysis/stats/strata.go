package stats

import "math"

// Stratum is the clusters of one stratum: numerators and denominators.
type Stratum struct{ Num, Den []float64 }

// minStratum is the number of clusters of a stratum below which its variance and its
// skewness are not estimated.
const minStratum = 3

// ClusterRatioWithin is the interval of e = Σnum/Σden where the clusters came in fixed
// numbers from strata, say schools of each level: what strata differ by is then no
// doubt. With R the value of e, Y = Σden and d = (x − R·y)/Y/(1 − y/Y)
//
//	V = Σ_h n_h/(n_h−1) · Σ_g (d_hg − d̄_h)²
//
// with the skewness of the same deviations, and Satterthwaite's degrees of freedom under
// a random cluster effect that is as large in every stratum. The value, and what its
// interval lacks, stay those of e. An e without an interval gets none; a stratum of
// fewer than three clusters, or a variance of 0, leaves e as it is.
//
// Source: Cochran, Sampling Techniques, 3rd ed., §6.11 (combined ratio); Hall 1992 as
// [ClusterRatio].
func ClusterRatioWithin(e Estimate, strata []Stratum, o RatioOptions) Estimate {
	checkLevel(o.Level)
	y := 0.0
	for _, s := range strata {
		checkLengths(len(s.Num), len(s.Den))
		y += total(s.Den)
	}
	if !e.HasInterval() || !(y > 0) || !fit(y) {
		return e
	}
	var v, cube, gamma, trace, square float64
	for _, s := range strata {
		w := s.within(e.Value, y)
		if w.n < minStratum {
			return e
		}
		v, cube, gamma = v+w.variance, cube+w.cube, gamma+w.gamma
		trace, square = trace+w.trace, square+w.square
	}
	out := e
	out.SE, out.DF = math.Sqrt(v), trace*trace/square
	if !(out.SE > 1e-13*math.Abs(e.Value)) || !fit(out.SE) || !(out.DF > 0) {
		return e
	}
	out.Method = "stratified " + e.Method
	if o.Gamma {
		cube = math.Max(cube, gamma)
	}
	out.skewedInterval(o.Level, o.Transform, cube/(v*out.SE))
	if !out.HasInterval() {
		return e
	}
	return out
}

// within is what a stratum brings: its part of the variance and of the third moment of
// the ratio, that moment if its rates had a gamma law, and the moments of its variance
// under the working model.
type within struct {
	n                                    int
	variance, cube, gamma, trace, square float64
}

func (s Stratum) within(ratio, y float64) (w within) {
	var d, leverage []float64
	var h2, h4 float64
	for i, den := range s.Den {
		if !brings(s.Num[i], den) {
			continue
		}
		h := den / y
		d, leverage = append(d, (s.Num[i]-ratio*den)/y/(1-h)), append(leverage, h)
		h2, h4 = h2+h*h, h4+h*h*h*h
	}
	if w.n = len(d); w.n < minStratum {
		return w
	}
	n, mean := float64(w.n), total(d)/float64(w.n)
	for _, v := range d {
		w.variance += n / (n - 1) * (v - mean) * (v - mean)
		w.cube += n * n / ((n - 1) * (n - 2)) * (v - mean) * (v - mean) * (v - mean)
	}
	w.gamma = math.Max(0, gammaThird(w.variance, total(s.Num)/total(s.Den), leverage))
	w.trace = h2                                                        // n/(n−1)·tr(MD), M = I − 11ᵀ/n, D = diag(h²)
	w.square = n * n / ((n - 1) * (n - 1)) * (h4*(1-2/n) + h2*h2/(n*n)) // that factor's square by tr(MDMD)
	return w
}
