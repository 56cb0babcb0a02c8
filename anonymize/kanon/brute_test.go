package kanon

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/privacy"
)

// This file checks Search against the definitions, written down a second time
// without a line of the engine: texts and maps over all rows of all nodes.

// bruteClass is one class of one node.
type bruteClass struct {
	rows    []int
	units   []map[int64]bool
	persons map[int64]bool
}

type brute struct {
	t *Table
	p *Policy
}

func (b brute) person(row int) int64 {
	if len(b.t.Units) == 0 {
		return int64(row)
	}
	return b.t.Units[0].IDs[row]
}

func (b brute) general(q QuasiIdentifier, level, row int) string {
	v, ok := q.Hierarchy.Value(level, b.t.Column(q.Name).Text(row))
	if !ok {
		panic("no place")
	}
	return v
}

func (b brute) key(levels []int, row int) string {
	var key strings.Builder
	for j, q := range b.p.QuasiIdentifiers {
		fmt.Fprintf(&key, "%q|", b.general(q, levels[j], row))
	}
	return key.String()
}

func (b brute) classes(levels []int) map[string]*bruteClass {
	out := map[string]*bruteClass{}
	for row := range b.t.Rows() {
		key := b.key(levels, row)
		c := out[key]
		if c == nil {
			c = &bruteClass{persons: map[int64]bool{}}
			for range max(1, len(b.t.Units)) {
				c.units = append(c.units, map[int64]bool{})
			}
			out[key] = c
		}
		c.rows = append(c.rows, row)
		c.persons[b.person(row)] = true
		for u := range c.units {
			id := int64(row)
			if len(b.t.Units) > 0 {
				id = b.t.Units[u].IDs[row]
			}
			c.units[u][id] = true
		}
	}
	return out
}

// bearers are the distinct persons of each value over some rows.
func (b brute) bearers(name string, rows []int) (byValue map[string]float64, persons float64) {
	sets, all := map[string]map[int64]bool{}, map[int64]bool{}
	for _, row := range rows {
		v := b.t.Column(name).Text(row)
		if sets[v] == nil {
			sets[v] = map[int64]bool{}
		}
		sets[v][b.person(row)], all[b.person(row)] = true, true
	}
	byValue = map[string]float64{}
	for v, s := range sets {
		byValue[v] = float64(len(s))
	}
	return byValue, float64(len(all))
}

func normal(counts map[string]float64) map[string]float64 {
	sum := 0.0
	for _, n := range counts {
		sum += n
	}
	out := map[string]float64{}
	for v, n := range counts {
		out[v] = n / sum
	}
	return out
}

const slack = 1e-9

func (b brute) holds(s Sensitive, rows, all []int) bool {
	c, n := b.bearers(s.Name, rows)
	total, persons := b.bearers(s.Name, all)
	p, q := normal(c), normal(total)
	share := func(v string) float64 { return c[v] / n }
	prior := func(v string) float64 { return total[v] / persons }
	switch s.Model {
	case privacy.DistinctL:
		return float64(len(c)) >= s.Bound
	case privacy.EntropyL:
		h := 0.0
		for _, x := range p {
			h -= x * math.Log(x)
		}
		return h >= math.Log(s.Bound)-slack
	case privacy.RecursiveCL:
		var counts []float64
		for _, x := range c {
			counts = append(counts, x)
		}
		sort.Sort(sort.Reverse(sort.Float64Slice(counts)))
		tail := 0.0
		for i := int(s.Bound) - 1; i < len(counts); i++ {
			tail += counts[i]
		}
		return counts[0] < s.C*tail-slack*tail
	case privacy.TEqual:
		d := 0.0
		for v := range q {
			d += math.Abs(p[v]-q[v]) / 2
		}
		return d <= s.Bound+slack
	case privacy.TOrdered:
		d, cumulated := 0.0, 0.0
		for _, v := range s.Order {
			cumulated += p[v] - q[v]
			d += math.Abs(cumulated)
		}
		return d/float64(max(1, len(s.Order)-1)) <= s.Bound+slack
	case privacy.THierarchical:
		return b.treeEMD(s.Hierarchy, p, q) <= s.Bound+slack
	case privacy.Beta, privacy.BetaEnhanced, privacy.BetaRare:
		for v := range c {
			bound := s.Bound
			if s.Model == privacy.BetaRare && v != s.Rare {
				continue
			}
			if s.Model == privacy.BetaEnhanced {
				bound = math.Min(bound, -math.Log(prior(v)))
			}
			if (share(v)-prior(v))/prior(v) > bound+slack {
				return false
			}
		}
		return true
	case privacy.Delta:
		for v := range c {
			if math.Abs(math.Log(share(v)/prior(v))) > s.Bound+slack {
				return false
			}
		}
		return true
	case privacy.Alpha:
		for v := range c {
			if (s.Rare == "" || v == s.Rare) && share(v) > s.Bound+slack {
				return false
			}
		}
		return true
	}
	panic(s.Model)
}

// relativeToTable says that a model compares classes, and with the whole table alone.
func (s Sensitive) relativeToTable() bool {
	switch s.Model {
	case privacy.DistinctL, privacy.EntropyL, privacy.RecursiveCL, privacy.Alpha:
		return false
	}
	return s.WholeTable
}

// treeEMD sums, over the inner nodes of a tree in which all leaves have one
// depth, ½Σ over children |net flow of the child| less |net flow of the node|,
// times its height over that of the tree: what meets there and goes no further.
func (b brute) treeEMD(h *hierarchy.Hierarchy, p, q map[string]float64) float64 {
	top := h.MaxLevel()
	flow := make([]map[string]float64, top+1)
	children := make([]map[string]map[string]bool, top+1)
	for l := range flow {
		flow[l], children[l] = map[string]float64{}, map[string]map[string]bool{}
	}
	for _, v := range h.Values() {
		for l := 0; l <= top; l++ {
			at, _ := h.Value(l, v)
			flow[l][at] += p[v] - q[v]
			if l > 0 {
				below, _ := h.Value(l-1, v)
				if children[l][at] == nil {
					children[l][at] = map[string]bool{}
				}
				children[l][at][below] = true
			}
		}
	}
	cost := 0.0
	for l := 1; l <= top; l++ {
		for at, under := range children[l] {
			in := 0.0
			for child := range under {
				in += math.Abs(flow[l-1][child])
			}
			cost += float64(l) / float64(top) * (in - math.Abs(flow[l][at])) / 2
		}
	}
	return cost
}

// node gives the score of a node, NaN when it does not satisfy the policy.
func (b brute) node(levels []int) float64 {
	classes := b.classes(levels)
	var all []int
	for row := range b.t.Rows() {
		all = append(all, row)
	}
	var kept []*bruteClass
	population := b.population(levels)
	for key, c := range classes {
		ok := b.hides(c, population[key])
		for _, u := range c.units {
			ok = ok && len(u) >= b.p.K
		}
		for _, s := range b.p.Sensitive {
			ok = ok && b.holds(s, c.rows, all)
		}
		if ok {
			kept = append(kept, c)
		}
	}
	for {
		var left []int
		for _, c := range kept {
			left = append(left, c.rows...)
		}
		before := len(kept)
		kept = slices.DeleteFunc(slices.Clone(kept), func(c *bruteClass) bool {
			for _, s := range b.p.Sensitive {
				if !s.relativeToTable() && !b.holds(s, c.rows, left) {
					return true
				}
			}
			return false
		})
		if len(kept) == before {
			break
		}
	}
	if b.p.Population != nil && b.p.Population.DeltaMin > 0 && b.lowest(kept, population, classes) <
		b.p.Population.DeltaMin-slack {
		return math.NaN()
	}
	people, left, rows := map[int64]bool{}, map[int64]bool{}, 0
	for row := range b.t.Rows() {
		people[b.person(row)] = true
	}
	for _, c := range kept {
		rows += len(c.rows)
		for id := range c.persons {
			left[id] = true
		}
	}
	n := b.t.Rows()
	if float64(n-rows) > b.p.SuppressionLimit*float64(n)+slack ||
		float64(len(people)-len(left)) > b.p.SuppressionLimit*float64(len(people))+slack {
		return math.NaN()
	}
	if b.p.AverageRisk > 0 && float64(len(kept)) > b.p.AverageRisk*float64(len(left))+slack {
		return math.NaN()
	}
	return b.score(levels, kept)
}

// score is the metric, by its definition.
func (b brute) score(levels []int, kept []*bruteClass) float64 {
	n := float64(b.t.Rows())
	in := map[int]bool{}
	squares := 0.0
	for _, c := range kept {
		squares += float64(len(c.rows) * len(c.rows))
		for _, row := range c.rows {
			in[row] = true
		}
	}
	gone := n - float64(len(in))
	switch b.p.Metric {
	case AECS:
		classes := float64(len(kept))
		if gone > 0 {
			classes++
		}
		return n / classes
	case Discernibility:
		return squares + gone*n
	}
	weights, product, sum := 0.0, 1.0, 0.0
	for _, q := range b.p.QuasiIdentifiers {
		if q.Weight == 0 {
			q.Weight = 1
		}
		weights += q.Weight
	}
	for j, q := range b.p.QuasiIdentifiers {
		w := q.Weight
		if w == 0 {
			w = 1
		}
		v := b.attribute(j, q, levels[j], in)
		product *= math.Pow(1+v, w/weights)
		sum += w * v
	}
	switch b.p.Metric {
	case Loss:
		return product - 1
	case LossArithmetic, Precision:
		return sum / weights
	}
	return sum // entropy, height
}

func (b brute) attribute(j int, q QuasiIdentifier, level int, in map[int]bool) float64 {
	n, leaves := float64(b.t.Rows()), float64(q.Hierarchy.Leaves())
	count := func(l int, v string) float64 {
		total := 0.0
		for row := range b.t.Rows() {
			if b.general(q, l, row) == v {
				total++
			}
		}
		return total
	}
	s := 0.0
	for row := range b.t.Rows() {
		g := b.general(q, level, row)
		switch b.p.Metric {
		case Loss, LossArithmetic:
			under := 0.0
			for _, v := range q.Hierarchy.Values() {
				if x, _ := q.Hierarchy.Value(level, v); x == g {
					under++
				}
			}
			if in[row] {
				s += under / leaves
			} else {
				s++
			}
		case Precision:
			switch {
			case !in[row]:
				s += 1 / n
			case q.Hierarchy.MaxLevel() > 0:
				s += float64(level) / float64(q.Hierarchy.MaxLevel()) / n
			}
		case Entropy:
			coarse := n
			if in[row] {
				coarse = count(level, g)
			}
			s += math.Log2(coarse / count(0, b.general(q, 0, row)))
		}
	}
	switch b.p.Metric {
	case Loss, LossArithmetic:
		if leaves == 1 {
			return 1e-10
		}
		return math.Max((s-n/leaves)/(n-n/leaves), 1e-10)
	case Height:
		return float64(level)
	}
	return s
}

// optimum goes through every node.
func (b brute) optimum() float64 {
	best := math.NaN()
	levels := make([]int, len(b.p.QuasiIdentifiers))
	for {
		if s := b.node(levels); !math.IsNaN(s) && !(s >= best) {
			best = s
		}
		j := 0
		for ; j < len(levels); j++ {
			top := b.p.QuasiIdentifiers[j].MaxLevel
			if top < 0 {
				top = b.p.QuasiIdentifiers[j].Hierarchy.MaxLevel()
			}
			if levels[j] < top {
				levels[j]++
				break
			}
			levels[j] = 0
		}
		if j == len(levels) {
			return best
		}
	}
}

func TestSearchFindsTheOptimumOfBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, p := drawTable(t)
		p.Search.Threads = rapid.IntRange(1, 2).Draw(t, "threads")
		want := brute{table, p}.optimum()
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
	})
}

// checkRelease re-counts the released table: every class and every model.
func checkRelease(t *rapid.T, table *Table, p *Policy, s *Solution) {
	out, err := s.Apply(table)
	if err != nil {
		t.Fatal(err)
	}
	if out.Rows() != s.Kept || s.Kept+s.SuppressedRows != table.Rows() {
		t.Fatalf("%d rows left, %d kept and %d suppressed of %d", out.Rows(), s.Kept, s.SuppressedRows, table.Rows())
	}
	checkTable(t, out, p, s)
}

// checkTable counts a released table as it stands.
func checkTable(t *rapid.T, out *Table, p *Policy, s *Solution) {
	if out.Rows() == 0 {
		return
	}
	released := brute{out, &Policy{Sensitive: p.Sensitive}}
	for _, q := range p.QuasiIdentifiers {
		values, _ := out.Column(q.Name).Used()
		h, err := hierarchy.Flat.Build(values)
		if err != nil {
			t.Fatal(err)
		}
		released.p.QuasiIdentifiers = append(released.p.QuasiIdentifiers, QuasiIdentifier{Name: q.Name, Hierarchy: h})
	}
	all := make([]int, out.Rows())
	for i := range all {
		all[i] = i
	}
	least, classes := math.MaxInt, released.classes(make([]int, len(p.QuasiIdentifiers)))
	for _, c := range classes {
		for _, u := range c.units {
			least = min(least, len(u))
		}
		for _, m := range p.Sensitive {
			// A model of the whole table promises nothing of this one: brute.node holds it to that.
			if !m.relativeToTable() && !released.holds(m, c.rows, all) {
				t.Fatalf("a released class breaks %s of %s", m.Model, m.Name)
			}
		}
	}
	if least < p.K || least != s.AchievedK || len(classes) != s.Classes {
		t.Fatalf("released k is %d (asked %d, said %d), %d classes (said %d)", least, p.K, s.AchievedK, len(classes),
			s.Classes)
	}
}
