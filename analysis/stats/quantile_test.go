package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

var edges = []float64{0, 1, 2, 3, 5, 8}

func TestHistogramQuantile(t *testing.T) {
	for _, c := range []struct {
		count []float64
		p     float64
		want  Interval
	}{
		{[]float64{5, 0, 5, 0, 0, 0}, 0.5, Interval{0, 0}},
		{[]float64{4, 0, 5, 0, 0, 0}, 0.5, Interval{2, 2}},
		{[]float64{1, 1, 1, 7, 0, 0}, 0.5, Interval{3, 4}},
		{[]float64{1, 0, 0, 0, 0, 1}, 1, Interval{8, math.Inf(1)}},
	} {
		if got := HistogramQuantile(edges, c.count, c.p); got != c.want {
			t.Errorf("%v at %v: %v, want %v", c.count, c.p, got, c.want)
		}
	}
}

// The bin always holds the type-1 quantile of the values it was made from.
func TestHistogramQuantileHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.IntRange(0, 12), 1, 40).Draw(t, "values")
		p := rapid.Float64Range(0.01, 0.99).Draw(t, "p")
		count, x := make([]float64, len(edges)), make([]float64, len(values))
		for i, v := range values {
			x[i] = float64(v)
			k := len(edges) - 1
			for edges[k] > x[i] {
				k--
			}
			count[k]++
		}
		got := HistogramQuantile(edges, count, p)
		below, upTo := 0.0, 0.0 // the quantile is ≥ Low and ≤ High
		for _, v := range x {
			if v < got.Low {
				below++
			}
			if v <= got.High {
				upTo++
			}
		}
		n := float64(len(x))
		if below >= n*p+1e-9 || upTo < n*p-1e-6 {
			t.Fatalf("quantile %v of %v in %v", p, values, got)
		}
	})
}
