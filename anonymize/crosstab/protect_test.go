package crosstab

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
	"pgregory.net/rapid"
)

// TestNobodyComesNearer attacks protected random tables with another solver: from the cells
// that are shown alone, with nothing of the true values, every unsafe cell can be as low and
// as high as was asked, for everybody and for each insider.
func TestNobodyComesNearer(t *testing.T) {
	attacked := 0
	rapid.Check(t, func(t *rapid.T) {
		rows := make([][]float64, rapid.IntRange(2, 4).Draw(t, "rows"))
		width := rapid.IntRange(2, 4).Draw(t, "columns")
		for r := range rows {
			for range width {
				rows[r] = append(rows[r], float64(rapid.IntRange(0, 40).Draw(t, "value")))
			}
		}
		p := grid(rows)
		p.Insiders = map[int][]int{}
		inner := func(c int) bool { return c%(width+1) < width && c/(width+1) < len(rows) }
		for c, v := range p.Values {
			p.Fixed[c] = v == 0
			if v > 0 && v < 8 {
				owner := nobody
				if v < 3 && inner(c) {
					owner = len(p.Insiders) + 1
					p.Insiders[owner] = []int{c}
				}
				p.Needs = append(p.Needs, Need{c, math.Max(0, v-3), v + 3, owner})
			}
		}
		hidden, err := Suppress(context.Background(), p)
		if errors.Is(err, ErrUnprotected) {
			for c := range hidden {
				if !p.Fixed[c] && !hidden[c] {
					t.Fatal("given up before everything was hidden")
				}
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		s := newSolver(p)
		for _, n := range p.Needs {
			for _, who := range s.observers(n) {
				low, high, ok := p.foreign(hidden, n.Cell, who)
				if !ok {
					continue
				}
				attacked++
				if low > n.Low+1e-6 {
					t.Fatalf("cell %d is known to be %v at least for %d, asked: %v", n.Cell, low, who, n.Low)
				}
				if high < n.High-1e-6 {
					t.Fatalf("cell %d is known to be %v at most for %d, asked: %v", n.Cell, high, who, n.High)
				}
			}
		}
	})
	if attacked < 100 {
		t.Errorf("only %d intervals were attacked", attacked)
	}
}

// foreign is the interval of a cell by gonum, from what is shown alone: the unknown cells
// are variables of at least 0.
func (p Problem) foreign(hidden []bool, cell, who int) (low, high float64, ok bool) {
	var unknown []int
	for c := range p.Values {
		if hidden[c] && !slices.Contains(p.Insiders[who], c) {
			unknown = append(unknown, c)
		}
	}
	var rows [][]float64
	var right []float64
	for _, e := range p.Equations {
		row, b := make([]float64, len(unknown)), 0.0
		set := func(c int, sign float64) {
			if j := slices.Index(unknown, c); j >= 0 {
				row[j] += sign
			} else {
				b -= sign * p.Values[c]
			}
		}
		set(e.Total, -1)
		for _, c := range e.Parts {
			set(c, 1)
		}
		if slices.ContainsFunc(row, func(x float64) bool { return x != 0 }) {
			rows, right = append(rows, row), append(right, b)
		}
	}
	rows, right = independent(rows, right)
	if len(rows) == 0 || len(rows) > len(unknown) {
		return 0, 0, false
	}
	a := mat.NewDense(len(rows), len(unknown), nil)
	for i, row := range rows {
		a.SetRow(i, row)
	}
	ends := [2]float64{}
	for i, sign := range []float64{1, -1} {
		c := make([]float64, len(unknown))
		c[slices.Index(unknown, cell)] = sign
		if len(rows) == len(unknown) { // one solution
			ends[i] = p.Values[cell]
			continue
		}
		f, _, err := lp.Simplex(c, a, right, 1e-9, nil)
		switch {
		case errors.Is(err, lp.ErrUnbounded):
			f = math.Inf(-1)
		case err != nil:
			return 0, 0, false
		}
		ends[i] = sign * f
	}
	return ends[0], ends[1], true
}

// independent drops rows that follow from others, which gonum refuses.
func independent(rows [][]float64, right []float64) (keep [][]float64, b []float64) {
	var reduced [][]float64
	for i, row := range rows {
		r := slices.Clone(row)
		for _, o := range reduced {
			at := slices.IndexFunc(o, func(x float64) bool { return math.Abs(x) > 1e-9 })
			f := r[at] / o[at]
			for j := range r {
				r[j] -= f * o[j]
			}
		}
		if slices.ContainsFunc(r, func(x float64) bool { return math.Abs(x) > 1e-9 }) {
			reduced, keep, b = append(reduced, r), append(keep, row), append(b, right[i])
		}
	}
	return keep, b
}

// TestRoundingAddsUp holds controlled rounding of tables with subtotals: each cell goes to a
// multiple of the base beside it, and every total is the sum of its parts.
func TestRoundingAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := make([][]float64, rapid.IntRange(1, 5).Draw(t, "rows"))
		width := rapid.IntRange(1, 5).Draw(t, "columns")
		for r := range rows {
			for range width {
				rows[r] = append(rows[r], float64(rapid.IntRange(0, 30).Draw(t, "value")))
			}
		}
		p := grid(rows)
		base := float64(rapid.IntRange(3, 10).Draw(t, "base"))
		rounded, err := Round(p, base, func(c int) float64 { return float64(c*7919%101) / 101 })
		if err != nil {
			t.Fatal(err)
		}
		for c, v := range rounded {
			if math.Mod(v, base) != 0 {
				t.Fatalf("%v is no multiple of %v", v, base)
			}
			if math.Abs(v-p.Values[c]) >= base {
				t.Fatalf("%v was rounded to %v, base %v", p.Values[c], v, base)
			}
		}
		for _, e := range p.Equations {
			sum := 0.0
			for _, c := range e.Parts {
				sum += rounded[c]
			}
			if sum != rounded[e.Total] {
				t.Fatalf("parts add up to %v, total %v", sum, rounded[e.Total])
			}
		}
	})
}

// TestTablesLeaveTogether: two tables with a common margin are one system. Alone, the second
// would show what the first hid.
func TestTablesLeaveTogether(t *testing.T) {
	first, p := given(t, microdata1, regions)
	r := protect(t, first, p)
	kept, err := first.Keep(p, r)
	if err != nil {
		t.Fatal(err)
	}
	left, err := ParseLeft(kept)
	if err != nil {
		t.Fatal(err)
	}
	// The same inner cells under a subtotal: what is below A and C is known from the first.
	second, q := given(t, microdata1, regions, `name = "region"
total = "total"`, `name = "region"
total = "total"
groups = { AC = ["A", "C"] }`)
	again := protect(t, second, q, left)
	if again.Earlier != 1 {
		t.Errorf("protected with %d earlier tables", again.Earlier)
	}
	for i, c := range again.Cells {
		for _, was := range left.Cells {
			if key(left.Dimensions, was.Labels) != string(second.key(second.Cells[i])) {
				continue
			}
			if was.Hidden && !c.Hidden {
				t.Errorf("%v was hidden and is shown now", c.Labels)
			}
			if !was.Hidden && c.Hidden {
				t.Errorf("%v has left and is hidden now", c.Labels)
			}
		}
	}
	// Nor leave figures whose codes are others in the file: nobody could tell that they add up to what has left.
	recoded, _ := given(t, strings.ReplaceAll(microdata1, "\nA,", "\nNorth,"), regions)
	if _, err := Protect(t.Context(), recoded, p, []Left{left}, nil); !errors.Is(err, ErrRecoded) {
		t.Errorf("other codes of a column: %v", err)
	}
	// Another value of a figure that has left is refused.
	changed, _ := given(t, strings.Replace(microdata1, "B,male,140", "B,male,141", 1), regions)
	if _, err := Protect(t.Context(), changed, p, []Left{left}, nil); !errors.Is(err, ErrChanged) {
		t.Errorf("a changed figure: %v", err)
	}
}

// TestWhatWasAskedStaysAsked: a later policy that asks less, or fears no insider, leaves a cell of an earlier table as open
// as that asked, and to whom it asked.
func TestWhatWasAskedStaysAsked(t *testing.T) {
	first, p := given(t, microdata1, regions)
	problem, _ := first.Problem(p)
	problem.Insiders = map[int][]int{3: {problem.Needs[0].Cell}}
	left := Left{Method: MethodSuppress, Dimensions: p.Dimensions, Decimals: first.Decimals}
	for i, c := range first.Cells {
		left.Cells = append(left.Cells, LeftCell{Labels: first.labels(c), Value: c.Value, Hidden: true, Owner: 0})
		if i == problem.Needs[0].Cell {
			left.Cells[i].Owner = 3
		}
	}
	for _, n := range problem.Needs {
		left.Cells[n.Cell].Low, left.Cells[n.Cell].High = n.Low-1, n.High+1
	}
	own := problem
	own.Insiders = map[int][]int{1: {problem.Needs[0].Cell + 1}}
	joint, err := join(first, own, []Left{left})
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range joint.Needs {
		if was := problem.Needs[i]; n.Low != was.Low-1 || n.High != was.High+1 {
			t.Errorf("cell %d: [%g, %g] is asked, and [%g, %g] was", n.Cell, n.Low, n.High, was.Low-1, was.High+1)
		}
	}
	if len(joint.Insiders) != 2 || !slices.Equal(joint.Insiders[2], []int{problem.Needs[0].Cell}) ||
		joint.Needs[0].Owner != 2 {
		t.Errorf("insiders are %v, the owner of the first %d", joint.Insiders, joint.Needs[0].Owner)
	}
	if len(own.Insiders) != 1 {
		t.Error("the insiders of the table itself were changed")
	}
}

// TestNothingOfEverybodyIsUnsafe: where nobody may know which cells are empty, none may know either that all who are in one
// brought nothing.
func TestNothingOfEverybodyIsUnsafe(t *testing.T) {
	all := Cell{Value: 0, Contributors: 40, Largest: []int64{0, 0}}
	for zeros, want := range map[string]Reason{"hidden": Few, "shown": ""} {
		p := Policy{Primary: PrimaryRules{Minimum: 3, PPercent: 10, Zeros: zeros}}
		if why, _ := p.unsafe(all, false); why != want {
			t.Errorf("zeros %s: %q, want %q", zeros, why, want)
		}
		if few, _ := p.unsafe(Cell{Contributors: 2}, false); few != Few {
			t.Errorf("zeros %s: nothing of two is safe", zeros)
		}
	}
}

// noisy are people of three regions and two sexes and a policy of noise for them.
func noisy() (table, rules string) {
	var b strings.Builder
	b.WriteString("who,region,sex\n")
	for i := range 400 {
		fmt.Fprintf(&b, "p%d,%c,%c\n", i, 'a'+i%3, 'f'+i%2)
	}
	return b.String(), `
[table]
name = "people"
contributor = "who"
[[dimension]]
name = "region"
total = "all"
[[dimension]]
name = "sex"
total = "all"
[primary]
minimum = 11
zeros = "shown"
[secondary]
interval_count = 5
interval_percent = 20
cost = "cells"
insiders = false
[release]
method = "noise"
variance = 9
maximum = 8
least = 5
step = 0.4
`
}

// TestNoiseDoesNotAverageAway: the same figures leave with one noise alone, and with none once somebody left: only the cells
// of that person would have other noise.
func TestNoiseDoesNotAverageAway(t *testing.T) {
	table, rules := noisy()
	first, p := given(t, table, rules)
	kept, err := first.Keep(p, protect(t, first, p))
	if err != nil {
		t.Fatal(err)
	}
	left, err := ParseLeft(kept)
	if err != nil {
		t.Fatal(err)
	}
	older := left
	older.Noise = nil // an earlier version kept no design
	fewer := strings.Replace(table, "p7,b,g\n", "", 1)
	if fewer == table {
		t.Fatal("nobody left")
	}
	for name, c := range map[string]struct {
		table, old, now string
		beside          Left
		want            error
	}{
		"the same":         {table, "", "", left, nil},
		"other columns":    {table, "[[dimension]]\nname = \"sex\"\ntotal = \"all\"\n", "", left, nil},
		"another step":     {table, "step = 0.4", "step = 0.41", left, ErrNoise},
		"another variance": {table, "variance = 9", "variance = 9.1", left, ErrNoise},
		"another maximum":  {table, "maximum = 8", "maximum = 9", left, ErrNoise},
		"another least":    {table, "least = 5", "least = 4", left, ErrNoise},
		"of no known one":  {table, "", "", older, ErrNoise},
		"somebody left":    {fewer, "", "", left, ErrChanged},
	} {
		t.Run(name, func(t *testing.T) {
			now, q := given(t, c.table, rules, c.old, c.now)
			if _, err := Protect(t.Context(), now, q, []Left{c.beside}, drawn); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

// TestNoiseIsTheSameEverywhere: cells of the same contributors have the same noise, in a
// table by other columns too, and a contributor more changes it.
func TestNoiseIsTheSameEverywhere(t *testing.T) {
	table, rules := noisy()
	two, p := given(t, table, rules)
	one, q := given(t, table, rules, "[[dimension]]\nname = \"sex\"\ntotal = \"all\"\n", "")
	margin := map[string]int64{}
	noisy := false
	for i, c := range protect(t, two, p).Cells {
		noisy = noisy || c.Value != two.Cells[i].Value
		if c.Labels[1] == "all" {
			margin[c.Labels[0]] = c.Value
		}
	}
	if !noisy {
		t.Error("nothing has noise")
	}
	for _, c := range protect(t, one, q).Cells {
		if margin[c.Labels[0]] != c.Value {
			t.Errorf("%s: %d in one table and %d in the other", c.Labels[0], margin[c.Labels[0]], c.Value)
		}
	}
}

// TestReadRefusesTables are files that contradict themselves.
func TestReadRefusesTables(t *testing.T) {
	for name, c := range map[string]struct{ table, says string }{
		"negative":           {strings.Replace(microdata1, "178", "-178", 1), "no numbers of at least 0"},
		"text":               {strings.Replace(microdata1, "178", "many", 1), "no numbers of at least 0"},
		"largest above cell": {strings.Replace(microdata1, "18,18,15", "18,180,15", 1), "more than the cell"},
		"rising":             {strings.Replace(microdata1, "18,18,15", "18,15,18", 1), "do not fall"},
		"twice":              {microdata1 + "A,female,20,2,11,9\n", "another row is of"},
		"no code":            {microdata1 + ",female,20,2,11,9\n", "rows have no code"},
		"wrong total":        {microdata1 + "total,female,483,45,19,18\n", "not the sum of their parts"},
		"value of nobody":    {strings.Replace(microdata1, "178,18,", "178,0,", 1), "no contributor"},
		"huge":               {strings.Replace(microdata1, "178", "9999999999999999", 1), "more than the cell"},
		"half a person":      {strings.Replace(microdata1, "178,18,", "178,18.5,", 1), "has decimals"},
	} {
		p, err := ParsePolicy([]byte(regions))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "table.csv")
		if err := os.WriteFile(path, []byte(c.table), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err = Read(path, p)
		if !errors.Is(err, ErrInput) {
			t.Errorf("%s: %v", name, err)
		} else if !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; it should say %q", name, err, c.says)
		}
	}
}

// TestPolicyRefuses changes one thing of a valid policy.
func TestPolicyRefuses(t *testing.T) {
	for _, c := range []struct{ from, to, says string }{
		{"minimum = 3", "minimum = 2", "weaker than 3"},
		{"minimum = 3\n", "", "minimum"},
		{"zeros = \"shown\"", "zeros = \"no\"", "zeros"},
		{"zeros = \"shown\"\n", "", "zeros"},
		{"insiders = false\n", "", "insiders"},
		{"percent = 20", "percent = 10", "not 20 to 100"},
		{"percent = 95", "percent = 99", "dominance_percent"},
		{"dominance_n = 2\n", "", "go together"},
		{"dominance_n = 2\ndominance_percent = 95\n", "", "needs p_percent"},
		{"dominance_n = 2", "dominance_n = 3", "the 3 largest"},
		{"contributors = \"n\"", "contributor = \"n\"", "row for each cell"},
		{"value = \"val\"\n", "", "need table.value"},
		{"name = \"gender\"", "name = \"val\"", "named twice"},
		{"method = \"suppress\"", "method = \"round\"", "base"},
		{"method = \"suppress\"", "method = \"round\"\nbase = 2", "weaker than 3"},
		{"method = \"suppress\"", "method = \"noise\"\nvariance = 9\nmaximum = 8\nleast = 5\nstep = 0.4",
			"needs table.contributor"},
		{"method = \"suppress\"", "method = \"suppress\"\nbase = 5", "base"},
		{"cost = \"contributors\"", "cost = \"contributors\"\nsecret = 1", "secret"},
	} {
		text := strings.Replace(regions, c.from, c.to, 1)
		if text == regions {
			t.Fatalf("%q is not in the policy", c.from)
		}
		_, err := ParsePolicy([]byte(text))
		if err == nil {
			t.Errorf("%q in the place of %q is accepted", c.to, c.from)
		} else if !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q in the place of %q: %v; it should say %q", c.to, c.from, err, c.says)
		}
	}
}

// TestGroupsOfDimensions refuses groups that are no tree.
func TestGroupsOfDimensions(t *testing.T) {
	for name, groups := range map[string]map[string][]string{
		"in two groups":  {"x": {"a"}, "y": {"a"}},
		"in itself":      {"x": {"y"}, "y": {"x"}},
		"the total":      {"x": {"all"}},
		"a total group":  {"all": {"a"}},
		"nothing inside": {"x": {}},
	} {
		d := Dimension{Name: "d", Total: "all", Groups: groups}
		if _, err := newAxis(d, []string{"a", "b"}); !errors.Is(err, ErrPolicy) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
