package kanon

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/privacy"
)

// TestLanesSayWhatModelsSay: what four counts at a time tell of a class is what its measure
// tells, and no class of fewer rows than a value needs meets the model.
func TestLanesSayWhatModelsSay(t *testing.T) {
	seen := map[verdict]int{}
	rapid.Check(t, func(t *rapid.T) {
		s := drawSensitive(t, "s")
		values := rapid.IntRange(1, 9).Draw(t, "values")
		total, count := make([]int64, values), make([]int32, values)
		whole := int64(0)
		for v := range total {
			count[v] = int32(rapid.SampledFrom([]int{0, 1, 2, 3, 5, 8, 50, 3000}).Draw(t, "in the class"))
			total[v] = int64(count[v]) + int64(rapid.IntRange(1, 60).Draw(t, "elsewhere"))
			whole += total[v]
		}
		ref, of := newReference(total, whole), attributeValues{}
		for v := range total {
			of.values = append(of.values, fmt.Sprint(v))
		}
		if s.Rare != "" {
			s.Rare = of.values[rapid.IntRange(0, values-1).Draw(t, "rare")]
		}
		if s.Model == privacy.TOrdered {
			s.Order = of.values
		}
		if s.Model == privacy.THierarchical {
			return
		}
		m, c := newModel(&s, 0, of), classWith(count)
		shares := newParts(&m, &ref).shares
		if shares == nil || c.n == 0 {
			return
		}
		lanes := make([]uint64, wordsOf(values))
		for v, n := range count {
			lanes[v/perWord] |= uint64(n) << (v % perWord * laneBits)
		}
		n, holds := int32(c.n), m.holds(m.measure(c, &ref))
		said := shares.judge(lanes, n)
		seen[said]++
		if said == met && !holds || said == failed && holds {
			t.Fatalf("%s %v: %v of %v: judged %d, but held is %v", s.Model, s.Bound, count, total, said, holds)
		}
		if got, want := shares.part(lanes, n, 0), shares.largest(c); int64(got) != want {
			t.Fatalf("%s %v: %v of %v: a part of %d, by values %d", s.Model, s.Bound, count, total, got, want)
		}
		for v, x := range count {
			if need := shares.needs(x, int32(v)); x > 0 && n < need && holds {
				t.Fatalf("%s %v: %v of %v: value %d needs %d rows", s.Model, s.Bound, count, total, v, need)
			}
		}
		if values, counts := unpack(lanes, nil, nil); !slices.Equal(values, c.values) || !slices.Equal(counts, c.count) {
			t.Fatalf("unpacked %v of %v, of %v", counts, values, count)
		}
	})
	for _, v := range []verdict{unclear, met, failed} {
		if seen[v] == 0 {
			t.Errorf("no class was judged %d: the test shows nothing", v)
		}
	}
}

// sharesLattices are tables with a last column that is asked, and not a quasi-identifier.
func sharesLattices(t *testing.T, ask Sensitive) []lattice {
	out := []lattice{
		drawn(t, "plain", 900, 6, []int{9, 4, 27}, []int{3, 2}, 1),
		drawn(t, "coarse", 40_000, 4, []int{4, 3, 2, 9}, []int{2, 3}, 1), // cells too large for lanes
	}
	for _, l := range out {
		last := len(l.policy.QuasiIdentifiers) - 1
		ask.Name = l.policy.QuasiIdentifiers[last].Name
		l.policy.QuasiIdentifiers = l.policy.QuasiIdentifiers[:last]
		l.policy.Sensitive = []Sensitive{ask}
	}
	return out
}

var askedShares = []Sensitive{{Model: privacy.Beta, Bound: 0.5}, {Model: privacy.Beta, Bound: 1},
	{Model: privacy.BetaEnhanced, Bound: 1}, {Model: privacy.Delta, Bound: 1}, {Model: privacy.Alpha, Bound: 0.4}}

// What is left unchecked of models that bound shares is left by proof: at every limit the best of
// all nodes is found.
func TestSharesProveTheOptimum(t *testing.T) {
	limits := []float64{0, 0.05, 0.5, 1}
	for _, ask := range askedShares {
		for _, l := range sharesLattices(t, ask) {
			best, nodes := everyNode(t, l.table, *l.policy, limits)
			for i, limit := range limits {
				p := *l.policy
				p.SuppressionLimit = limit
				s, err := Search(context.Background(), l.table, &p)
				score := math.Inf(1)
				if err == nil {
					score = s.Score
				}
				if score != best[i] {
					t.Errorf("%s, %s %v, limit %v: score %v; a check of all %d gives %v", l.name, ask.Model,
						ask.Bound, limit, score, nodes, best[i])
				}
			}
		}
	}
}

// A node that the needs of single tuples settle scores no less than it must, and what a glance
// tells of the floor is the same in lanes and in a matrix.
func TestGlancesAgreeWithFullChecks(t *testing.T) {
	settled := 0
	for _, ask := range askedShares {
		l := sharesLattices(t, ask)[0]
		l.policy.SuppressionLimit = 1
		pr, err := compile(l.table, l.policy)
		if err != nil {
			t.Fatal(err)
		}
		s := newSearch(pr)
		if err := s.sweep(prepared(s)); err != nil {
			t.Fatal(err)
		}
		c := s.checkers[0]
		for id := range int64(len(s.floors)) {
			levels := s.levels(make([]int, len(s.high)), id)
			src := s.ladder.source(levels, c)
			full := c.check(s.base, levels, math.Inf(1), &grouping{})
			if !c.prechecker.count(src, levels) || src.lanes == nil {
				t.Fatal("no glance at", levels)
			}
			floor := c.prechecker.floor()
			o := outcome{levels: levels, floor: floor}
			if c.needy(src, s.best.score, &o) {
				settled++
				if full.score < s.best.score {
					t.Fatalf("%s %v: %v is settled by needs, but scores %v", ask.Model, ask.Bound, levels, full.score)
				}
			}
			bare := *src
			if bare.needs = nil; c.glance(&bare, s.best.score, &o) && full.score < s.best.score {
				t.Fatalf("%s %v: a glance settles %v, which scores %v", ask.Model, ask.Bound, levels, full.score)
			}
			matrix := outcome{levels: levels, floor: floor}
			if bare.lanes = nil; c.glance(&bare, s.best.score, &matrix) && full.score < s.best.score {
				t.Fatalf("%s %v: a glance settles %v, which scores %v", ask.Model, ask.Bound, levels, full.score)
			}
			if o.floor != matrix.floor || o.floor > full.suppressedRows {
				t.Fatalf("%s %v: %v: floor %d in lanes, %d in a matrix, %d are suppressed", ask.Model, ask.Bound,
					levels, o.floor, matrix.floor, full.suppressedRows)
			}
		}
	}
	if settled == 0 {
		t.Error("needs settle no node: the test shows nothing")
	}
}

func prepared(s *search) context.Context {
	s.prepare()
	return context.Background()
}
