package kanon

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// sameAsCheck compares a pre-check of a node, from the source of the ladder, with a
// full check from the distinct tuples. It says whether the pre-check settled it.
func sameAsCheck(t rapid.TB, s *search, levels []int, cutoff float64) bool {
	t.Helper()
	c := s.checkers[0]
	o, done := c.prechecker.precheck(s.ladder.source(levels, c), levels, cutoff)
	full := c.check(s.base, levels, cutoff, &grouping{})
	if !done {
		return false
	}
	if o.feasible != full.feasible || o.score != full.score || o.feasible && (o.floor != full.floor ||
		o.suppressedRows != full.suppressedRows || o.suppressedPersons != full.suppressedPersons) {
		t.Fatalf("%v: pre-check %+v, check %+v", levels, o, full)
	}
	if len(s.pr.models) == 0 && o.floor != full.floor {
		t.Fatalf("%v: pre-check floor %d, check %d", levels, o.floor, full.floor)
	}
	return true
}

func laddered(t rapid.TB, table *Table, p *Policy) *search {
	t.Helper()
	pr, err := compile(table, p)
	if err != nil {
		t.Fatal(err)
	}
	s := newSearch(pr)
	s.ladder = newLadder(pr, s.base, s.low, s.checkers)
	return s
}

func randomNode(s *search, r *rand.Rand) []int {
	levels := make([]int, len(s.high))
	for j, top := range s.high {
		levels[j] = r.IntN(top + 1)
	}
	return levels
}

// Adult has tuples of four chunks, and nodes with more cells than slots.
func TestPrecheckAgreesWithCheckOnAdult(t *testing.T) {
	table, hs := adult(t)
	for _, limit := range []float64{0.01, 1} {
		s := laddered(t, table, adultPolicy(hs, limit))
		r := rand.New(rand.NewPCG(3, 4))
		for range 400 {
			levels := randomNode(s, r)
			if !sameAsCheck(t, s, levels, math.Inf(1)) {
				t.Fatalf("%v: a pre-check of a plain table settles every node", levels)
			}
			sameAsCheck(t, s, levels, 0.3)
		}
	}
}

func TestPrecheckAgreesWithCheck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, p := drawTable(t)
		table.Units = nil
		s := laddered(t, table, p)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for range 8 {
			levels := randomNode(s, r)
			sameAsCheck(t, s, levels, math.Inf(1))
			sameAsCheck(t, s, levels, rapid.Float64Range(0, 1).Draw(t, "cutoff"))
		}
	})
}
