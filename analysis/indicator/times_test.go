package indicator

import (
	"math"
	"slices"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
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

// A quantile of which the curve's own doubt is not passed in the time followed is between its
// early limit and that time: its bin alone would say that nothing is in doubt but the bin.
func TestQuantileWhoseIntervalIsNotReached(t *testing.T) {
	ed := commit(t, &edition.Manifest{Kind: "research"}, func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableCoverage, []edition.CoverageRow{{Feed: "none"}}, nil)
	})
	q, err := question.Lookup("M3")
	if err != nil {
		t.Fatal(err)
	}
	m, _ := q.Measure("hours_q3")
	curve, _ := edition.FindCurve(m.Curve)
	last := len(curve.Edges) - 2
	for name, c := range map[string]struct {
		more    []int64 // events of the first bin, by cluster
		clouded bool
	}{"alike": {[]int64{-1, 0, 1}, false}, "apart": {[]int64{-18, 0, 18}, true}} {
		d := drawRegion(ed, name, 1, 24)
		var rows []query.Time
		for i := range d.schools {
			// Of 100 units 72 have come before the last bin but one, and 78 in it.
			left := int64(100)
			for bin, events := range map[int]int64{0: 50 + c.more[i%3], last - 2: 22, last - 1: 6, last: 0} {
				rows = append(rows,
					query.Time{Cluster: int32(i), Schools: 1, Bin: int32(bin), Persons: 100, Events: events})
			}
			slices.SortFunc(rows[4*i:], func(a, b query.Time) int { return int(a.Bin - b.Bin) })
			for k := range rows[4*i:] {
				rows[4*i+k].AtRisk = left
				left -= rows[4*i+k].Events
			}
		}
		d.times[m.Curve] = map[query.Group][]query.Time{wholePopulation: rows}
		r, err := d.figure(t.Context(), q, m, m.Populations[0], wholePopulation)
		if err != nil {
			t.Fatal(err)
		}
		if r.Low == nil {
			t.Fatalf("%s: %v", name, r.Warnings)
		}
		from, to := bins{curve.Edges}.from(last-1), bins{curve.Edges}.to(last-1)
		t.Logf("%s: [%v, %v], bin [%v, %v]", name, *r.Low, *r.High, from, to)
		if clouded := *r.Low < from && *r.High == (bins{curve.Edges}).to(last); clouded != c.clouded {
			t.Errorf("%s: [%v, %v]: %v", name, *r.Low, *r.High, r.Warnings)
		}
	}
}
