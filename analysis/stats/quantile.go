package stats

import (
	"math"
	"slices"
	"sort"
)

// Quantile returns the quantiles of x at each p by linear interpolation of the
// order statistics at (n−1)p, R's type 7 (Hyndman & Fan 1996, Am. Stat. 50) and
// the default of R, NumPy and SQL's percentile_cont. x is not changed; an empty
// x gives NaN. p must lie in [0, 1].
func Quantile(x []float64, p ...float64) []float64 {
	s := slices.Clone(x)
	sort.Float64s(s)
	out := make([]float64, len(p))
	for i, pi := range p {
		if len(s) == 0 {
			out[i] = math.NaN()
			continue
		}
		at := float64(len(s)-1) * pi
		lo := math.Floor(at)
		k := int(lo)
		out[i] = s[k]
		if k+1 < len(s) {
			out[i] += (at - lo) * (s[k+1] - s[k])
		}
	}
	return out
}

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

// HistogramTail bounds the share of units with a value ≥ v when they are
// counted in fixed bins (as [HistogramQuantile]): Low counts the bins wholly at
// or above v, High adds the bin that v splits.
func HistogramTail(edges, count []float64, v float64) Interval {
	checkLengths(len(edges), len(count))
	var n, sure, split float64
	for k, c := range count {
		n += c
		switch b := bin(edges, k); {
		case b.Low >= v:
			sure += c
		case b.High >= v:
			split += c
		}
	}
	return Interval{sure / n, (sure + split) / n}
}
