package crosstab

import (
	"math/bits"
	"math/rand/v2"
	"testing"
)

// TestNearTheOptimum holds patterns of small tables against the best of all patterns: at most
// a hundredth dearer over all.
func TestNearTheOptimum(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 1))
	tables, found, least := 0, 0.0, 0.0
	for range 60 {
		rows := make([][]float64, 3)
		for r := range rows {
			for range 3 {
				rows[r] = append(rows[r], float64(1+random.IntN(40)))
			}
		}
		p := grid(rows)
		if random.IntN(2) == 0 {
			for c := range p.Costs {
				p.Costs[c] = 1
			}
		}
		for c, v := range p.Values {
			if v < 6 {
				p.Needs = append(p.Needs, Need{Cell: c, Low: max(0, v-3), High: v + 3})
			}
		}
		if len(p.Needs) == 0 {
			continue
		}
		hidden, err := Suppress(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		s := newSolver(p)
		tables++
		found += s.cost(hidden)
		least += cheapestPattern(t, s, s.cost(hidden))
	}
	if tables < 20 {
		t.Fatalf("only %d tables", tables)
	}
	if found > 1.01*least {
		t.Errorf("%d tables: cost %v, and %v is enough", tables, found, least)
	}
}

// cheapestPattern tries every pattern that is cheaper than one.
func cheapestPattern(t *testing.T, s *solver, best float64) float64 {
	var free []int
	for c, must := range s.least() {
		if !must {
			free = append(free, c)
		}
	}
	for pattern := range uint(1) << len(free) {
		if bits.OnesCount(pattern) > 6 {
			continue
		}
		hidden := s.least()
		for j, c := range free {
			hidden[c] = pattern>>j&1 == 1
		}
		if s.cost(hidden) >= best-1e-9 {
			continue
		}
		holds, err := s.holds(hidden, s.needs[0].Cell)
		if err != nil {
			t.Fatal(err)
		}
		if holds {
			best = s.cost(hidden)
		}
	}
	return best
}
