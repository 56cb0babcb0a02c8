package indicator

import (
	"math"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
)

// The quantile of a curve by hand: with edges 0, 1, 3, 10 and S = 0.8, 0.4, 0.4 after
// each bin, half have their event between 1 and 3, nobody knows when.
func TestCrossing(t *testing.T) {
	b := bins{[]int32{0, 1, 3, 10}}
	var survival []stats.Estimate
	for _, s := range []float64{0.8, 0.4, 0.4} {
		survival = append(survival, stats.Estimate{Value: s, Low: s - 0.1, High: math.NaN()})
	}
	value := func(s stats.Estimate) float64 { return 1 - s.Value }
	never := stats.Interval{Low: math.NaN(), High: math.NaN()}
	for _, c := range []struct {
		name string
		p    float64
		at   func(stats.Estimate) float64
		want stats.Interval
	}{
		{"median", 0.5, value, stats.Interval{Low: 1, High: 3}},
		{"in the first bin", 0.1, value, stats.Interval{Low: 0.5, High: 0.5}},
		{"at an edge", 0.2, value, stats.Interval{Low: 1, High: 1}},
		{"never", 0.75, value, never},
		{"upper end of the curve, earlier", 0.25, func(s stats.Estimate) float64 { return 1 - s.Low },
			stats.Interval{Low: 0.25 / 0.3, High: 0.25 / 0.3}},
		{"no interval", 0.5, func(s stats.Estimate) float64 { return 1 - s.High }, never},
	} {
		got := crossing(b, survival, c.p, c.at)
		if math.Abs(got.Low-c.want.Low) > 1e-12 || math.Abs(got.High-c.want.High) > 1e-12 ||
			math.IsNaN(got.Low) != math.IsNaN(c.want.Low) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if b.count(3) != 2 || (bins{}).count(8) != 8 || (bins{}).to(7) != 8 || b.to(3) != 10 {
		t.Error("bins do not end where their edges say")
	}
}

// Rows that stop early say nothing of later times, unless nearly everybody had the
// event before.
func TestEnds(t *testing.T) {
	rows := func(left int64) []query.Time {
		return []query.Time{
			{Cluster: 1, Bin: 0, AtRisk: 100, Events: 50},
			{Cluster: 1, Bin: 1, AtRisk: 50, Events: 50 - left, Censored: left},
		}
	}
	for _, c := range []struct {
		left int64
		n    int
		want bool
	}{{40, 2, false}, {40, 3, true}, {10, 3, false}, {11, 3, true}} {
		if got := ends(rows(c.left), c.n); got != c.want {
			t.Errorf("%d of 100 left, %d bins: %v", c.left, c.n, got)
		}
	}
}

// Two curves are read over the clusters they share.
func TestShared(t *testing.T) {
	a, b := shared([]query.Time{{Cluster: 1}, {Cluster: 2}}, []query.Time{{Cluster: 2}, {Cluster: 3}})
	if len(a) != 1 || len(b) != 1 || a[0].Cluster != 2 || b[0].Cluster != 2 {
		t.Errorf("%v %v", a, b)
	}
}
