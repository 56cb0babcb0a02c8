package downcode

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/kanon"
)

func mustHierarchy(t rapid.TB, rows ...[]string) *hierarchy.Hierarchy {
	h, err := hierarchy.New(rows)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func tableOf(names []string, rows ...[]string) *kanon.Table {
	t := &kanon.Table{}
	for j, name := range names {
		var texts []string
		for _, row := range rows {
			texts = append(texts, row[j])
		}
		t.Columns = append(t.Columns, kanon.NewColumn(name, texts))
	}
	return t
}

func sameRows(n int) []int32 {
	rows := make([]int32, n)
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}

var (
	sexes = [][]string{{"F", "*"}, {"M", "*"}}
	ages  = [][]string{{"20", "20-29", "*"}, {"25", "20-29", "*"}, {"30", "30-39", "*"}, {"35", "30-39", "*"},
		{"40", "40-49", "*"}}
)

// TestPlantedMinimalRecodingIsUndone: classes of two and of three rows. The attack is what undoes them: without
// minimality nothing is known.
func TestPlantedMinimalRecodingIsUndone(t *testing.T) {
	columns := []Column{{Name: "sex", Hierarchy: mustHierarchy(t, sexes...)},
		{Name: "age", Hierarchy: mustHierarchy(t, ages...)}}
	released := tableOf([]string{"sex", "age"},
		[]string{"*", "20"}, []string{"*", "20"}, // a woman and a man
		[]string{"*", "20-29"}, []string{"*", "20-29"}, // the same, and both ages
		[]string{"F", "30-39"}, []string{"F", "30-39"}, []string{"F", "30-39"}, // one of each age at least
		[]string{"F", "*"}, []string{"F", "*"}, // two of three decades
		[]string{"M", "40-49"}, []string{"M", "40-49"}) // 40 is all that 40-49 holds
	truth := &Truth{tableOf([]string{"sex", "age"}, []string{"F", "20"}, []string{"M", "20"}, []string{"M", "20"},
		[]string{"F", "25"}, []string{"F", "30"}, []string{"F", "30"}, []string{"F", "35"}, []string{"F", "25"},
		[]string{"F", "40"}, []string{"M", "40"}, []string{"M", "40"}), sameRows(11)}
	for _, c := range []struct {
		minimal                                 bool
		generalised, narrowed, known, undone, k int
	}{{true, 11, 9, 6, 2, 6}, {false, 11, 0, 0, 0, 0}} {
		r, err := Downcode(released, Known{Columns: columns, Minimal: c.minimal}, truth)
		if err != nil {
			t.Fatal(err)
		}
		if r.Cells != 22 || r.Generalised != c.generalised || r.Narrowed.Cells != c.narrowed || r.Known.Cells != c.known ||
			r.Undone.Cells != c.undone {
			t.Errorf("minimal %t: %+v", c.minimal, r)
		}
		if c.known > 0 && (r.Known.Judged.Right != c.k || r.Narrowed.Judged.Right != c.narrowed) {
			t.Errorf("known %+v, narrowed %+v", r.Known.Judged, r.Narrowed.Judged)
		}
	}
}

// TestWholeColumnsAreNotMinimal: a column at one level says nothing of a class.
func TestWholeColumnsAreNotMinimal(t *testing.T) {
	columns := []Column{{Name: "sex", Hierarchy: mustHierarchy(t, sexes...)},
		{Name: "age", Hierarchy: mustHierarchy(t, ages...)}}
	released := tableOf([]string{"sex", "age"}, []string{"*", "20-29"}, []string{"*", "20-29"}, []string{"*", "30-39"},
		[]string{"*", "30-39"})
	r, err := Downcode(released, Known{Columns: columns, Minimal: true}, nil)
	if err != nil || !r.WholeColumns || r.Generalised != 8 || r.Narrowed.Cells != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestMarginalsTellWhatIsLeft: one class of four has a sex of *; the frequency table less the other rows is its own.
// A population tells as much of a class that few fit.
func TestMarginalsTellWhatIsLeft(t *testing.T) {
	h, towns := mustHierarchy(t, sexes...), mustHierarchy(t, []string{"A", "*"}, []string{"B", "*"})
	released := tableOf([]string{"sex", "town"}, []string{"*", "A"}, []string{"*", "A"}, []string{"*", "A"},
		[]string{"*", "A"}, []string{"F", "B"}, []string{"F", "B"}, []string{"M", "B"}, []string{"M", "B"})
	columns := func(counts map[string]int) []Column {
		return []Column{{"sex", h, counts}, {"town", towns, nil}}
	}
	rows := [][]string{{"F", "A"}, {"F", "A"}, {"F", "A"}, {"M", "A"}, {"F", "B"}, {"F", "B"}, {"M", "B"}, {"M", "B"}}
	truth := &Truth{tableOf([]string{"sex", "town"}, rows...), sameRows(8)}
	for name, c := range map[string]struct {
		known Known
		cells int
	}{
		"nothing":               {Known{Columns: columns(nil)}, 0},
		"marginals":             {Known{Columns: columns(map[string]int{"F": 5, "M": 3})}, 4},
		"marginals of two more": {Known{Columns: columns(map[string]int{"F": 6, "M": 4})}, 0},
		"the whole population":  {Known{Columns: columns(nil), Population: truth.Table}, 4},
		"a population of twice as many": {Known{Columns: columns(nil),
			Population: tableOf([]string{"sex", "town"}, append(rows, rows...)...)}, 0},
	} {
		r, err := Downcode(released, c.known, truth)
		if err != nil {
			t.Fatal(name, err)
		}
		if r.Known.Cells != c.cells || c.cells > 0 && r.Known.Judged.Right != c.cells {
			t.Errorf("%s: %d known, %+v; want %d", name, r.Known.Cells, r.Known.Judged, c.cells)
		}
	}
	// What no minimal recoding would have released is attacked without that.
	r, err := Downcode(released, Known{Columns: columns(map[string]int{"F": 6, "M": 2}), Minimal: true}, nil)
	if err != nil || r.Contradicted != 4 || r.Known.Cells != 4 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestClaimsOfTrueKnowledgeAreRight: whatever the table, what follows from a recoding that is minimal, its true
// marginals and a population that holds it is right.
func TestClaimsOfTrueKnowledgeAreRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := mustHierarchy(t, ages...)
		top := newTree(h)
		var released, rows [][]string
		for class := range rapid.IntRange(1, 4).Draw(t, "classes") {
			n := rapid.IntRange(2, 5).Draw(t, "n")
			node := int32(-1)
			var members []string
			for range n {
				v := rapid.SampledFrom([]string{"20", "25", "30", "35", "40"}).Draw(t, "value")
				members = append(members, v)
				leaf := top.of[v]
				if node < 0 {
					node = leaf
				}
				for !top.under(leaf, node) {
					node = top.parent[node]
				}
			}
			label := ""
			for text, of := range top.of {
				if of == node && (label == "" || text < label) {
					label = text
				}
			}
			for _, v := range members {
				rows, released = append(rows, []string{v, string(rune('A' + class))}),
					append(released, []string{label, string(rune('A' + class))})
			}
		}
		names := []string{"age", "town"}
		truth := &Truth{tableOf(names, rows...), sameRows(len(rows))}
		known := Known{Minimal: true, Columns: []Column{{Name: "age", Hierarchy: h}, {Name: "town",
			Hierarchy: mustHierarchy(t, []string{"A", "*"}, []string{"B", "*"}, []string{"C", "*"}, []string{"D", "*"})}}}
		if rapid.Bool().Draw(t, "marginals") {
			known.Columns[0].Marginals = map[string]int{}
			for _, row := range rows {
				known.Columns[0].Marginals[row[0]]++
			}
			if rapid.Bool().Draw(t, "suppressed") {
				known.Columns[0].Marginals["20"] += 2
			}
		}
		if rapid.Bool().Draw(t, "population") {
			all := rows
			for range rapid.IntRange(0, 3).Draw(t, "more") {
				all = append(all, rows[rapid.IntRange(0, len(rows)-1).Draw(t, "again")])
			}
			known.Population = tableOf(names, all...)
		}
		r, err := Downcode(tableOf(names, released...), known, truth)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []Claims{r.Narrowed, r.Known} {
			if c.Cells > 0 && c.Judged.Right != c.Cells {
				t.Fatalf("%d of %d claims are right: %+v", c.Judged.Right, c.Cells, r)
			}
		}
		if r.Contradicted > 0 || r.Known.Cells > r.Narrowed.Cells || r.Narrowed.Cells > r.Generalised {
			t.Fatalf("%+v", r)
		}
	})
}

// TestChanceIsTheShareOfDraws compares with a sum over all draws of n rows.
func TestChanceIsTheShareOfDraws(t *testing.T) {
	tr := newTree(mustHierarchy(t, []string{"a", "*"}, []string{"b", "*"}, []string{"c", "*"}))
	for _, c := range []*claim{
		{n: 2, low: []int{0, 0, 0}, high: []int{1, 1, 1}},
		{n: 4, low: []int{1, 0, 0}, high: []int{3, 4, 0}},
		{n: 5, low: []int{0, 1, 1}, high: []int{4, 4, 4}},
		{n: 3, low: []int{3, 0, 0}, high: []int{3, 0, 0}},
	} {
		c.node = tr.parent[0]
		l := newLaw(tr, []int32{0, 0, 0, 0, 1, 1, 2}) // shares 4.5, 2.5 and 1.5 of 8.5
		share, want := []float64{4.5 / 8.5, 2.5 / 8.5, 1.5 / 8.5}, 0.0
		var draw func(n int, counts []int, p float64)
		draw = func(n int, counts []int, p float64) {
			if n == 0 {
				if c.right(counts) {
					want += p
				}
				return
			}
			for i, s := range share {
				counts[i]++
				draw(n-1, counts, p*s)
				counts[i]--
			}
		}
		draw(c.n, make([]int, 3), 1)
		if got := l.chance(c); math.Abs(got-want) > 1e-12 {
			t.Errorf("%+v: chance %v, want %v", c, got, want)
		}
	}
	c := &claim{n: 20_000, node: tr.parent[0], low: []int{0, 0, 0}, high: []int{19_999, 19_999, 19_999}}
	if got := newLaw(tr, []int32{0, 1, 2}).chance(c); math.Abs(got-1) > 1e-6 {
		t.Errorf("of 20,000 rows: %v", got)
	}
}

// TestWhatDoesNotFitIsRefused names the column and the rows, and no value.
func TestWhatDoesNotFitIsRefused(t *testing.T) {
	h := mustHierarchy(t, sexes...)
	released := tableOf([]string{"sex"}, []string{"*"}, []string{"*"}, []string{"F"})
	with := func(counts map[string]int) Known { return Known{Columns: []Column{{"sex", h, counts}}, Minimal: true} }
	population := with(nil)
	population.Population = tableOf([]string{"sex"}, []string{"F"})
	for name, c := range map[string]struct {
		table *kanon.Table
		known Known
		truth *Truth
		want  error
	}{
		"no column":                {tableOf([]string{"age"}, []string{"4"}), with(nil), nil, ErrTable},
		"a value of no level":      {tableOf([]string{"sex"}, []string{"x"}), with(nil), nil, ErrTable},
		"too few counted":          {released, with(map[string]int{"F": 1, "M": 1}), nil, ErrMarginals},
		"another table's counts":   {released, with(map[string]int{"M": 3}), nil, ErrMarginals},
		"a count of no value":      {released, with(map[string]int{"F": 2, "x": 1}), nil, ErrMarginals},
		"a value within another":   {released, with(map[string]int{"F": 2, "*": 3}), nil, ErrMarginals},
		"a population of too few":  {released, population, nil, ErrPopulation},
		"a truth of other rows":    {released, with(nil), &Truth{released, sameRows(2)}, ErrTruth},
		"a truth beyond its table": {released, with(nil), &Truth{released, []int32{0, 1, 7}}, ErrTruth},
		"a truth that is no truth": {released, with(nil), &Truth{released, sameRows(3)}, ErrTruth},
		"a truth beside it": {released, with(nil),
			&Truth{tableOf([]string{"sex"}, []string{"F"}, []string{"M"}, []string{"M"}), sameRows(3)}, ErrTruth},
	} {
		if _, err := Downcode(c.table, c.known, c.truth); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
