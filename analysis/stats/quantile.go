package stats

import (
	"math"
)

// Interval is a set of values known only to lie in [Low, High]; High may be
// +Inf.
type Interval struct{ Low, High float64 }

// HistogramQuantile bounds the p quantile (inverse of the distribution
// function, type 1) of integers counted in fixed bins: bin k holds edges[k] to
// edges[k+1]−1, the last one is open. The answer is the bin that holds the
// order statistic ⌈np⌉, so a bin of one integer gives that integer. An empty
// histogram gives NaN bounds.
func HistogramQuantile(edges, count []float64, p float64) Interval {
	checkLengths(len(edges), len(count))
	if unsound(of(count)) != nil || len(edges) == 0 {
		return Interval{math.NaN(), math.NaN()}
	}
	var n float64
	for _, c := range count {
		n += c
	}
	if n == 0 {
		return Interval{math.NaN(), math.NaN()}
	}
	rank := math.Max(1, math.Ceil(n*p-1e-9))
	var seen float64
	for k, c := range count {
		if seen += c; seen >= rank {
			return bin(edges, k)
		}
	}
	return bin(edges, len(edges)-1)
}

func bin(edges []float64, k int) Interval {
	if k+1 == len(edges) {
		return Interval{edges[k], math.Inf(1)}
	}
	return Interval{edges[k], edges[k+1] - 1}
}
