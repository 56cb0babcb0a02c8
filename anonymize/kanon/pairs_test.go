package kanon

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Every floor of a pair is what a full check finds there, of plain tables and of
// persons with several rows, whichever way it is counted; and no node of the
// lattice suppresses less.
func TestPairsAgreeWithFullChecks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, p := drawTable(t)
		p.Sensitive, p.AverageRisk, p.SuppressionLimit = nil, 0, 1
		if rapid.Bool().Draw(t, "plain") {
			table.Units = nil
		}
		pr, err := compile(table, p)
		if err != nil {
			t.Fatal(err)
		}
		s := newSearch(pr)
		ps := newPairs(pr, s.base, s.checkers)
		check := func(levels []int) int64 { return s.checkers[0].check(s.base, levels, math.Inf(1), &grouping{}).floor }
		levels := make([]int, len(pr.attrs))
		for i := range pr.attrs {
			for j := i + 1; j < len(pr.attrs); j++ {
				alone := true // the others say nothing at their coarsest
				for k := range levels {
					levels[k] = pr.attrs[k].top
					alone = alone && (k == i || k == j || pr.attrs[k].size[levels[k]] == 1)
				}
				for levels[i] = 0; levels[i] <= pr.attrs[i].top; levels[i]++ {
					for levels[j] = 0; levels[j] <= pr.attrs[j].top; levels[j]++ {
						if got, want := ps.of(i, j, levels[i], levels[j]), check(levels); got > want ||
							alone && got != want {
							t.Fatalf("%v: floor %d, a full check finds %d", levels, got, want)
						}
					}
				}
			}
		}
		for j := range levels {
			levels[j] = rapid.IntRange(0, pr.attrs[j].top).Draw(t, "level")
		}
		if floor := ps.floor(levels); floor > check(levels) {
			t.Fatalf("%v: floor %d, but only %d rows are suppressed", levels, floor, check(levels))
		}
	})
}
