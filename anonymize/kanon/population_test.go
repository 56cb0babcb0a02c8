package kanon

import (
	"context"
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/hierarchy"
)

// population are the persons of the population in each class of a node.
func (b brute) population(levels []int) map[string]map[int64]bool {
	if b.p.Population == nil {
		return nil
	}
	out := map[string]map[int64]bool{}
	of := brute{b.p.Population.Table, b.p}
	for row := range of.t.Rows() {
		key := of.key(levels, row)
		if out[key] == nil {
			out[key] = map[int64]bool{}
		}
		out[key][of.person(row)] = true
	}
	return out
}

// hides says whether a class may leave to those who hold the population.
func (b brute) hides(c *bruteClass, there map[int64]bool) bool {
	p := b.p.Population
	if p == nil {
		return true
	}
	return len(there) >= p.KMap &&
		(p.DeltaMax == 0 || float64(len(c.persons)) <= (p.DeltaMax+slack)*float64(len(there)))
}

// lowest is the least share of a class of the population that is in the kept classes.
func (b brute) lowest(kept []*bruteClass, population map[string]map[int64]bool,
	classes map[string]*bruteClass,
) float64 {
	left := map[*bruteClass]bool{}
	for _, c := range kept {
		left[c] = true
	}
	low := 1.0
	for key, there := range population {
		here := 0.0
		if c := classes[key]; left[c] {
			here = float64(len(c.persons))
		}
		low = math.Min(low, here/float64(len(there)))
	}
	return low
}

// drawPopulation draws a population that mostly holds the rows of the table, and what is asked.
func drawPopulation(t *rapid.T, table *Table, p *Policy) *Population {
	rows := rapid.IntRange(1, 30).Draw(t, "population")
	among := &Population{Table: &Table{}, KMap: rapid.IntRange(0, 6).Draw(t, "k-map")}
	whole := rapid.IntRange(0, 3).Draw(t, "holds the table") > 0
	for _, q := range p.QuasiIdentifiers {
		var texts []string
		if whole {
			for row := range table.Rows() {
				texts = append(texts, table.Column(q.Name).Text(row))
			}
		}
		for range rows {
			texts = append(texts, values[rapid.IntRange(0, q.Hierarchy.Leaves()-1).Draw(t, q.Name)])
		}
		among.Columns = append(among.Columns, NewColumn(q.Name, texts))
	}
	if rapid.Bool().Draw(t, "several rows") {
		ids := make([]int64, among.Rows())
		for i := range ids {
			ids[i] = int64(rapid.IntRange(1, len(ids)).Draw(t, "person"))
		}
		among.Units = []Unit{{Name: "person", IDs: ids}}
	}
	if among.KMap == 0 || rapid.Bool().Draw(t, "presence") {
		among.DeltaMax = rapid.SampledFrom([]float64{0.25, 0.5, 0.6, 1}).Draw(t, "delta max")
		among.DeltaMin = among.DeltaMax * rapid.SampledFrom([]float64{0, 0, 0.2, 0.5}).Draw(t, "delta min")
	}
	return among
}

// TestSearchHidesAmongAPopulation checks k-map and δ-presence against every node, and what is
// said of the released table against its rows.
func TestSearchHidesAmongAPopulation(t *testing.T) {
	met := 0
	rapid.Check(t, func(t *rapid.T) {
		table, p := drawTable(t)
		p.Population = drawPopulation(t, table, p)
		p.Search.Threads = rapid.IntRange(1, 2).Draw(t, "threads")
		b := brute{table, p}
		want := b.optimum()
		s, err := Search(context.Background(), table, p)
		if math.IsNaN(want) {
			if !errors.Is(err, ErrUnsatisfiable) {
				t.Fatalf("no node satisfies the policy, but Search gives %v, %v", s, err)
			}
			return
		}
		if err != nil {
			t.Fatalf("the optimum is %v, but Search gives %v", want, err)
		}
		if math.Abs(s.Score-want) > 1e-9*math.Max(1, want) || !s.ProvedOptimal {
			t.Fatalf("score %v, brute force finds %v", s.Score, want)
		}
		checkRelease(t, table, p, s)
		if s.Kept > 0 {
			met++
			b.checkPresence(t, s)
		}
	})
	if met == 0 {
		t.Error("no drawn table met its policy: the test shows nothing")
	}
}

// checkPresence counts what the released rows tell those who hold the population.
func (b brute) checkPresence(t *rapid.T, s *Solution) {
	out, err := s.Apply(b.t)
	if err != nil {
		t.Fatal(err)
	}
	levels := make([]int, len(b.p.QuasiIdentifiers))
	for j, q := range b.p.QuasiIdentifiers {
		levels[j] = s.Levels[q.Name]
	}
	released := brute{out, &Policy{}}
	for _, q := range b.p.QuasiIdentifiers {
		values, _ := out.Column(q.Name).Used()
		h, err := hierarchy.Flat.Build(values)
		if err != nil {
			t.Fatal(err)
		}
		released.p.QuasiIdentifiers = append(released.p.QuasiIdentifiers, QuasiIdentifier{Name: q.Name, Hierarchy: h})
	}
	here, population := released.classes(make([]int, len(levels))), b.population(levels)
	least, met := math.MaxInt, map[int64]bool{}
	for key := range here {
		least = min(least, len(population[key]))
		for id := range population[key] {
			met[id] = true
		}
	}
	low, high := 1.0, 0.0
	for key, there := range population {
		share := 0.0
		if c := here[key]; c != nil {
			share = float64(len(c.persons)) / float64(len(there))
		}
		low, high = math.Min(low, share), math.Max(high, share)
	}
	got := s.Population
	if got.KMap != least || math.Abs(got.DeltaMin-low) > slack || math.Abs(got.DeltaMax-high) > slack {
		t.Fatalf("k-map %d, presence [%v, %v]; said %+v", least, low, high, *got)
	}
	if got.Elsewhere != got.Persons-len(met) {
		t.Fatalf("%d persons of the population are met; said %+v", len(met), *got)
	}
}
