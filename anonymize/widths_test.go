package anonymize

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/entscope/entscope/anonymize/kanon"
)

// TestRowWidths: the same rows cost nothing, half of each cluster's persons √2 or so, and a
// column or clusters that are not released lose every interval.
func TestRowWidths(t *testing.T) {
	table := func(keep func(i int) bool, cluster func(i int) string) *kanon.Table {
		var clusters, levels, visits []string
		random := rand.New(rand.NewPCG(1, 1))
		for i := range 1200 {
			visit := fmt.Sprint(random.IntN(10))
			if keep(i) {
				clusters = append(clusters, cluster(i))
				levels = append(levels, "college")
				visits = append(visits, visit)
			}
		}
		return &kanon.Table{Columns: []kanon.Column{kanon.NewColumn("cluster", clusters),
			kanon.NewColumn("level", levels), kanon.NewColumn("visits", visits)}}
	}
	everybody, own := func(int) bool { return true }, func(i int) string { return fmt.Sprint("c", i%12) }
	all, visits := table(everybody, own), []string{"visits"}
	if got := rowWidths(all, all, visits); got.Median != 1 || got.Within != 1 || got.Figures != 20 {
		t.Errorf("the same rows: %+v", got)
	}
	half := table(func(i int) bool { return i%24 < 12 }, own)
	if got := rowWidths(all, half, visits); !(got.Median > 1 && got.Median < 2) {
		t.Errorf("half of them: %+v", got)
	}
	for name, released := range map[string]*kanon.Table{
		"no clusters": table(everybody, func(int) string { return "*" }),
		"no column":   {Columns: all.Columns[:2]},
	} {
		if got := rowWidths(all, released, visits); got.Lost != got.Figures || got.Figures != 20 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := rowWidths(all, all, nil); got != nil {
		t.Errorf("no behaviour: %+v", got)
	}
}
