package indicator

import (
	"context"
	"math"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
)

// The correlation of two means is taken over the clusters that both sources have,
// weighted by persons.
func TestCorrelation(t *testing.T) {
	ind, err := question.Lookup("M4")
	if err != nil {
		t.Fatal(err)
	}
	m, ok := ind.Measure("use_correlation")
	if !ok {
		t.Fatal("no such measure")
	}
	region := func(slope int64, clusters int) *computation {
		c := &computation{sums: map[sumsKey]map[cellKey][]query.Sum{}}
		for i, source := range m.Sources {
			key, at := cellKey{source, "active_accounts", "all", ""}, sumsKey{source, "all"}
			var rows []query.Sum
			for k := range int64(clusters) {
				x := 10 + k
				if i == 1 {
					x = 100 + slope*k
				}
				rows = append(rows, query.Sum{
					Grouping: "all", Population: "active_accounts", Cluster: int32(k), Schools: 2, Persons: 20 + k,
					X: x, Y: 10,
				})
			}
			// a cluster that the other source does not have
			rows = append(rows, query.Sum{
				Grouping: "all", Population: "active_accounts", Cluster: int32(1000 + i), Schools: 2, Persons: 20,
				X: 9999, Y: 1,
			})
			c.sums[at] = map[cellKey][]query.Sum{key: rows}
		}
		return c
	}
	for slope, want := range map[int64]float64{3: 1, -3: -1} {
		r, err := region(slope, 12).correlation(t.Context(), Result{}, m, "active_accounts", wholePopulation)
		if err != nil || r.Estimate == nil || math.Abs(*r.Estimate-want) > 1e-12 {
			t.Errorf("slope %d: %+v, %v", slope, r, err)
		}
	}
	for name, c := range map[string]*computation{"few clusters": region(3, 9), "no variation": region(0, 12)} {
		if r, err := c.correlation(context.Background(), Result{}, m, "active_accounts", wholePopulation); err != nil ||
			r.Status != NotMeasurable {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}
