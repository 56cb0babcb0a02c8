package kanon

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/privacy"
)

// The tests of this file are the failures of other tools, by name
// (facts/anonymisation.md, §2).

func flat(t testing.TB, c Column) *hierarchy.Hierarchy {
	t.Helper()
	values, _ := c.Used()
	h, err := hierarchy.Flat.Build(values)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// policyOver is k with no suppression over flat hierarchies that may not be
// used: the table as it stands must do.
func policyOver(t testing.TB, table *Table, k int, names ...string) *Policy {
	p := &Policy{K: k, Metric: Loss}
	for _, name := range names {
		p.QuasiIdentifiers = append(p.QuasiIdentifiers,
			QuasiIdentifier{Name: name, Hierarchy: flat(t, *table.Column(name))})
	}
	return p
}

func mustRefuse(t *testing.T, table *Table, p *Policy) {
	t.Helper()
	s, err := Search(context.Background(), table, p)
	if !errors.Is(err, ErrUnsatisfiable) {
		t.Errorf("not refused: %v, %v", s, err)
	}
}

func repeat(value string, n int) []string { return slices.Repeat([]string{value}, n) }

// ARX counts rows: 40 persons × 25 events, every class one person, passes as k = 25.
func TestOnePersonPerClassIsRefused(t *testing.T) {
	var texts []string
	var ids []int64
	for person := range 40 {
		texts = append(texts, repeat(fmt.Sprint(person), 25)...)
		ids = append(ids, slices.Repeat([]int64{int64(person)}, 25)...)
	}
	table := &Table{Columns: []Column{NewColumn("q", texts)}, Units: []Unit{{Name: "person", IDs: ids}}}
	mustRefuse(t, table, policyOver(t, table, 2, "q"))
	table.Units = nil
	if _, err := Search(context.Background(), table, policyOver(t, table, 25, "q")); err != nil {
		t.Errorf("by rows k is 25: %v", err)
	}
}

// ARX multiplies 32-bit integers in hierarchical t: 200,000 rows in two
// homogeneous classes, true distance 0.5, pass as t = 0.1.
func TestHierarchicalTAt200000Rows(t *testing.T) {
	const half = 100_000
	table := &Table{Columns: []Column{
		NewColumn("q", append(repeat("a", half), repeat("b", half)...)),
		NewColumn("s", append(repeat("x", half), repeat("y", half)...)),
	}}
	tree, err := hierarchy.New([][]string{{"x", "*"}, {"y", "*"}})
	if err != nil {
		t.Fatal(err)
	}
	p := policyOver(t, table, 2, "q")
	p.Sensitive = []Sensitive{{Name: "s", Model: privacy.THierarchical, Bound: 0.49, Hierarchy: tree}}
	mustRefuse(t, table, p)
	p.Sensitive[0].Bound = 0.5
	s, err := Search(context.Background(), table, p)
	if err != nil || math.Abs(s.Achieved[0].Value-0.5) > 1e-12 {
		t.Errorf("the distance is 0.5: %v, %v", s, err)
	}
}

// ARX rounds: an entropy of exactly ln l is refused for some l.
func TestEntropyExactlyLnL(t *testing.T) {
	for l := 2; l <= 50; l++ {
		var texts []string
		for i := range l {
			texts = append(texts, repeat(fmt.Sprint(i), 7)...)
		}
		table := &Table{Columns: []Column{NewColumn("q", repeat("a", 7*l)), NewColumn("s", texts)}}
		p := policyOver(t, table, 2, "q")
		p.Sensitive = []Sensitive{{Name: "s", Model: privacy.EntropyL, Bound: float64(l)}}
		if _, err := Search(context.Background(), table, p); err != nil {
			t.Errorf("l = %d: %v", l, err)
		}
		p.Sensitive[0].Bound = float64(l) + 0.001
		mustRefuse(t, table, p)
	}
}

// pycanon drops a row with a missing value (k = 3, truth 1); sdcMicro lets NA
// match everything. Here a missing value is a value.
func TestMissingValueIsItsOwnCategory(t *testing.T) {
	table := &Table{Columns: []Column{NewColumn("q", append(repeat("a", 3), ""))}}
	mustRefuse(t, table, policyOver(t, table, 3, "q"))
}

// sdcMicro turns text columns into NA: k = 216 where the truth is 1.
func TestTextKeysAreNotNumbers(t *testing.T) {
	table := &Table{Columns: []Column{NewColumn("q",
		[]string{"007", "7", "07", "7.0", "seven", "SEVEN", "é", "e\u0301"})}}
	mustRefuse(t, table, policyOver(t, table, 2, "q"))
}

// pycanon pairs by a shuffled index: l = 2 where the truth is 1.
func TestShuffledRowsGiveTheSameRelease(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, p := drawTable(t)
		s, a, err := Generalise(context.Background(), table, p)
		shuffled, q := shuffle(table, p, rapid.Uint64().Draw(t, "seed"))
		s2, err2 := Search(context.Background(), shuffled, q)
		if (err == nil) != (err2 == nil) {
			t.Fatalf("%v, but after a shuffle %v", err, err2)
		}
		if err != nil {
			return
		}
		if s.Score != s2.Score || fmt.Sprint(s.Levels) != fmt.Sprint(s2.Levels) ||
			s.SuppressedRows != s2.SuppressedRows ||
			s.NodesChecked != s2.NodesChecked || fmt.Sprint(s.UnitsK) != fmt.Sprint(s2.UnitsK) {
			t.Fatalf("%v %v, but after a shuffle %v %v", s, s.Levels, s2, s2.Levels)
		}
		b, err := s2.Apply(shuffled)
		if err != nil {
			t.Fatal(err)
		}
		if rowsOf(a) != rowsOf(b) {
			t.Fatal("the released rows differ after a shuffle")
		}
	})
}

// shuffle permutes rows, columns, quasi-identifiers and the ids of units.
func shuffle(table *Table, p *Policy, seed uint64) (*Table, *Policy) {
	r := rand.New(rand.NewPCG(seed, 1))
	order := r.Perm(table.Rows())
	out, q := &Table{}, *p
	for _, c := range r.Perm(len(table.Columns)) {
		texts := make([]string, len(order))
		for i, o := range order {
			texts[i] = table.Columns[c].Text(o)
		}
		out.Columns = append(out.Columns, NewColumn(table.Columns[c].Name, texts))
	}
	q.QuasiIdentifiers = nil
	for _, j := range r.Perm(len(p.QuasiIdentifiers)) {
		q.QuasiIdentifiers = append(q.QuasiIdentifiers, p.QuasiIdentifiers[j])
	}
	for _, u := range table.Units {
		ids := make([]int64, len(order))
		for i, o := range order {
			ids[i] = -3 * u.IDs[o]
		}
		out.Units = append(out.Units, Unit{u.Name, ids})
	}
	return out, &q
}

// rowsOf writes the rows with the columns in the order of their names, sorted.
func rowsOf(t *Table) string {
	columns := slices.Clone(t.Columns)
	slices.SortFunc(columns, func(a, b Column) int { return strings.Compare(a.Name, b.Name) })
	var rows []string
	for i := range t.Rows() {
		var row strings.Builder
		for _, c := range columns {
			fmt.Fprintf(&row, "%s=%q ", c.Name, c.Text(i))
		}
		rows = append(rows, row.String())
	}
	slices.Sort(rows)
	return strings.Join(rows, "\n")
}

// pycanon takes the smallest count as r1 of recursive (c,l).
func TestRecursiveTakesTheLargestCountFirst(t *testing.T) {
	table := &Table{Columns: []Column{
		NewColumn("q", repeat("a", 8)), NewColumn("s", append(repeat("x", 5), "y", "y", "z")),
	}}
	p := policyOver(t, table, 2, "q")
	p.Sensitive = []Sensitive{{Name: "s", Model: privacy.RecursiveCL, Bound: 2, C: 1.6}} // 5 < 1.6 × 3 is false
	mustRefuse(t, table, p)
	p.Sensitive[0].C = 1.7 // 5 < 5.1
	if _, err := Search(context.Background(), table, p); err != nil {
		t.Error(err)
	}
}

// ARX is silent about a value that its hierarchy does not hold (#283).
func TestValueAbsentFromHierarchyIsNamedByColumnAndPersons(t *testing.T) {
	table := &Table{
		Columns: []Column{NewColumn("town", []string{"a", "hidden", "hidden", "b"})},
		Units:   []Unit{{Name: "person", IDs: []int64{1, 2, 2, 3}}},
	}
	h, err := hierarchy.New([][]string{{"a", "*"}, {"b", "*"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Search(context.Background(), table,
		&Policy{K: 1, Metric: Loss, QuasiIdentifiers: []QuasiIdentifier{{Name: "town", Hierarchy: h, MaxLevel: -1}}})
	var n *NoPlaceError
	if !errors.As(err, &n) || n.Column != "town" || n.Persons != 1 || n.Values != 1 {
		t.Fatalf("got %v", err)
	}
	if strings.Contains(err.Error(), "hidden") {
		t.Errorf("the error quotes the value: %v", err)
	}
}

// Adding counts over classes is the fail-open of row tools: a person in two
// classes counts in each, and once in their union.
func TestDistinctCountsDoNotAdd(t *testing.T) {
	table := &Table{
		Columns: []Column{NewColumn("q", []string{"a", "b", "a", "b"})},
		Units:   []Unit{{Name: "person", IDs: []int64{1, 1, 2, 2}}},
	}
	p := policyOver(t, table, 3, "q")
	p.QuasiIdentifiers[0].MaxLevel = -1
	mustRefuse(t, table, p) // 2 + 2 = 4 ≥ 3 would pass
	p.K = 2
	s, err := Search(context.Background(), table, p)
	if err != nil || s.Levels["q"] != 0 || s.AchievedK != 2 {
		t.Errorf("two persons are in each class: %v, %v", s, err)
	}
}

func TestUnsetParametersAreRefused(t *testing.T) {
	table := &Table{Columns: []Column{NewColumn("q", []string{"a"}), NewColumn("s", []string{"x"})}}
	valid := func() *Policy { return policyOver(t, table, 1, "q") }
	if _, err := Search(context.Background(), table, valid()); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Policy){
		"k":              func(p *Policy) { p.K = 0 },
		"k past 32 bits": func(p *Policy) { p.K = 1<<32 + 1 },
		"metric":         func(p *Policy) { p.Metric = "" },
		"limit":          func(p *Policy) { p.SuppressionLimit = math.NaN() },
		"no quasi":       func(p *Policy) { p.QuasiIdentifiers = nil },
		"no hierarchy":   func(p *Policy) { p.QuasiIdentifiers[0].Hierarchy = nil },
		"no column":      func(p *Policy) { p.QuasiIdentifiers[0].Name = "z" },
		"max_level":      func(p *Policy) { p.QuasiIdentifiers[0].MaxLevel = 9 },
		"weight":         func(p *Policy) { p.QuasiIdentifiers[0].Weight = -1 },
		"model":          func(p *Policy) { p.Sensitive = []Sensitive{{Name: "s"}} },
		"l":              func(p *Policy) { p.Sensitive = []Sensitive{{Name: "s", Model: privacy.DistinctL}} },
		"t":              func(p *Policy) { p.Sensitive = []Sensitive{{Name: "s", Model: privacy.TEqual}} },
		"order": func(p *Policy) {
			p.Sensitive = []Sensitive{{Name: "s", Model: privacy.TOrdered, Bound: 0.1}}
		},
		"tree": func(p *Policy) {
			p.Sensitive = []Sensitive{{Name: "s", Model: privacy.THierarchical, Bound: 0.1}}
		},
		"rare": func(p *Policy) { p.Sensitive = []Sensitive{{Name: "s", Model: privacy.BetaRare, Bound: 1}} },
		"quasi sensible": func(p *Policy) {
			p.Sensitive = []Sensitive{{Name: "q", Model: privacy.DistinctL, Bound: 1}}
		},
		"kept": func(p *Policy) { p.Keep = []string{"q"} },
	} {
		p := valid()
		change(p)
		if _, err := Search(context.Background(), table, p); !errors.Is(err, ErrPolicy) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestColumnsThatThePolicyDoesNotNameDoNotLeave(t *testing.T) {
	table := &Table{Columns: []Column{NewColumn("q", []string{"a", "a"}), NewColumn("name", []string{"x", "y"}),
		NewColumn("kept", []string{"u", "v"})}}
	p := policyOver(t, table, 2, "q")
	p.Keep = []string{"kept"}
	s, err := Search(context.Background(), table, p)
	if err != nil {
		t.Fatal(err)
	}
	out, err := s.Apply(table)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Columns) != 2 || out.Column("name") != nil {
		t.Errorf("released %d columns", len(out.Columns))
	}
}

func TestPinnedSolutionIsCheckedOnNewData(t *testing.T) {
	table := &Table{Columns: []Column{NewColumn("q", []string{"a", "a", "b", "b"})}}
	s, err := Search(context.Background(), table, policyOver(t, table, 2, "q"))
	if err != nil {
		t.Fatal(err)
	}
	next := &Table{Columns: []Column{NewColumn("q", []string{"a", "a", "b"})}}
	if _, err := s.Apply(next); !errors.Is(err, ErrUnsatisfiable) {
		t.Errorf("next month breaks the promise, but Apply gives %v", err)
	}
	p := policyOver(t, table, 2, "q")
	p.Search.Fixed = map[string]int{"q": 0}
	if s, err := Search(context.Background(), table, p); err != nil || s.NodesChecked != 1 {
		t.Errorf("a pinned solution that holds: %v, %v", s, err)
	}
	for _, fixed := range []map[string]int{{}, {"q": 1}, {"q": -1}, {"z": 0}, {"q": 0, "z": 0}} {
		p.Search.Fixed = fixed
		if _, err := Search(context.Background(), table, p); !errors.Is(err, ErrPolicy) {
			t.Errorf("pinned %v: got %v", fixed, err)
		}
	}
}

func TestUnsatisfiableNamesPoliciesThatCanBeMet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, p := drawTable(t)
		_, err := Search(context.Background(), table, p)
		var u *UnsatisfiableError
		if !errors.As(err, &u) {
			return
		}
		if u.Limit > 0 {
			q := *p
			if q.SuppressionLimit = u.Limit; q.AverageRisk == 0 {
				if _, err := Search(context.Background(), table, &q); err != nil {
					t.Fatalf("suppression_limit = %v is said to do: %v", u.Limit, err)
				}
			}
		}
		if u.K > 0 {
			q := *p
			q.K = u.K
			if _, err := Search(context.Background(), table, &q); err != nil {
				t.Fatalf("k = %d is said to do: %v", u.K, err)
			}
		}
	})
}

// Tuples of more than 64 bits take another way through the roll-up.
func TestWideTuplesAgreeWithBruteForce(t *testing.T) {
	const m, rows = 15, 40
	r := rand.New(rand.NewPCG(7, 7))
	table, p := &Table{}, &Policy{K: 3, SuppressionLimit: 0.5, Metric: Loss}
	for j := range m {
		name := fmt.Sprintf("q%02d", j)
		var texts []string
		var leaves [][]string
		for v := range 40 {
			leaves = append(leaves, []string{fmt.Sprint(v), fmt.Sprint(v % 2)})
		}
		for range rows {
			texts = append(texts, fmt.Sprint(r.IntN(40)))
		}
		h, err := hierarchy.New(leaves)
		if err != nil {
			t.Fatal(err)
		}
		level := 1
		if j > 3 {
			level = -1
			leaves = nil
			for v := range 40 {
				leaves = append(leaves, []string{fmt.Sprint(v), fmt.Sprint(v % 2), "*"})
			}
			if h, err = hierarchy.New(leaves); err != nil {
				t.Fatal(err)
			}
		}
		table.Columns = append(table.Columns, NewColumn(name, texts))
		p.QuasiIdentifiers = append(p.QuasiIdentifiers, QuasiIdentifier{Name: name, Hierarchy: h, MaxLevel: level})
	}
	pr, err := compile(table, p)
	if err != nil {
		t.Fatal(err)
	}
	if pr.words < 2 {
		t.Fatalf("the tuples fit in %d word", pr.words)
	}
	s := newSearch(pr)
	for range 60 {
		levels := make([]int, m)
		for j := range levels {
			levels[j] = r.IntN(pr.attrs[j].top + 1)
		}
		o := s.checkAll([][]int{levels}, math.Inf(1))[0]
		want := brute{table, p}.node(levels)
		if o.feasible == math.IsNaN(want) || o.feasible && math.Abs(o.score-want) > 1e-9 {
			t.Fatalf("levels %v: %v %v, brute force finds %v", levels, o.feasible, o.score, want)
		}
	}
}
