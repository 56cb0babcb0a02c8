package stats

import (
	"math"
	"testing"
)

func TestStandardizedDifference(t *testing.T) {
	moments := func(x ...float64) (m Moments) {
		for _, v := range x {
			m.N, m.Sum, m.Squares = m.N+1, m.Sum+v, m.Squares+v*v
		}
		return m
	}
	treated, control := moments(1, 3, 2, 8, 5), moments(2, 2, 4, 1)
	near(t, "SMD", StandardizedDifference(treated, control), 0.719440237224165) // testdata/association.R
	for name, c := range map[string]struct {
		treated, control Moments
		want             float64
	}{
		"alike":           {moments(1, 1), moments(1, 1), 0},
		"never alike":     {moments(2, 2), moments(1, 1), math.NaN()},
		"one":             {moments(2), moments(1, 3), math.NaN()},
		"nobody":          {moments(), moments(1, 3), math.NaN()},
		"too few squares": {Moments{4, 8, 1}, moments(1, 3), math.NaN()},
	} {
		if got := StandardizedDifference(c.treated, c.control); got != c.want && !math.IsNaN(got+c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
