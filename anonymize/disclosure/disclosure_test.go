package disclosure

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func policy(t testing.TB) Policy {
	t.Helper()
	p, err := ParsePolicy(DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParsePolicy(t *testing.T) {
	valid := string(DefaultPolicy())
	if _, err := ParsePolicy([]byte(valid)); err != nil {
		t.Fatalf("default policy: %v", err)
	}
	for name, change := range map[string][2]string{
		"unset":         {"minimum = 11            # of a cell of the report", "# of a cell"},
		"weaker":        {"part = 5", "part = 1"},
		"unknown key":   {"base = 5", "base = 5\nseed = 3"},
		"dominance":     {"dominance_percent = 85", "dominance_percent = 99"},
		"negative":      {"interval_count = 5", "interval_count = -5"},
		"not a number":  {"units = 3", "units = \"three\""},
		"too exact":     {"significant_digits = 2", "significant_digits = 6"},
		"parts too big": {"part = 5", "part = 11"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(valid, change[0], change[1], 1)
			if text == valid {
				t.Fatal("the change did not apply")
			}
			if _, err := ParsePolicy([]byte(text)); err == nil {
				t.Error("accepted")
			}
		})
	}
	err := Policy{}.Check()
	if err == nil || strings.Count(err.Error(), "\n") < 8 {
		t.Errorf("the zero policy: all faults at once, got %v", err)
	}
}

func TestPrimary(t *testing.T) {
	p := policy(t)
	valid := Cell{Persons: 100, Floor: 11, Part: 30, Counted: true, Units: 5, TopUnit: 0.3}
	magnitude := Cell{Persons: 100, Floor: 11, Part: 1000, Units: 5, Magnitudes: []Magnitude{{1000, 50, 90}}}
	for name, test := range map[string]struct {
		cell   Cell
		change func(*Cell)
		want   Decision
	}{
		"valid":              {valid, func(*Cell) {}, Decision{Publishable, Plain}},
		"ten persons":        {valid, func(c *Cell) { c.Persons = 10 }, Decision{Frequency, Plain}},
		"eleven persons":     {valid, func(c *Cell) { c.Persons, c.Part = 11, 5 }, Decision{Publishable, Plain}},
		"no floor given":     {valid, func(c *Cell) { c.Persons, c.Floor = 10, 0 }, Decision{Frequency, Plain}},
		"floor 50":           {valid, func(c *Cell) { c.Persons, c.Floor = 49, 50 }, Decision{Frequency, Plain}},
		"four of them":       {valid, func(c *Cell) { c.Part = 4 }, Decision{Publishable, Below}},
		"nobody":             {valid, func(c *Cell) { c.Part = 0 }, Decision{Publishable, Below}},
		"all but four":       {valid, func(c *Cell) { c.Part = 96 }, Decision{Publishable, Above}},
		"everybody":          {valid, func(c *Cell) { c.Part = 100 }, Decision{Publishable, Above}},
		"two schools":        {valid, func(c *Cell) { c.Units = 2 }, Decision{Dominance, Plain}},
		"one school carries": {valid, func(c *Cell) { c.TopUnit = 0.86 }, Decision{Dominance, Plain}},
		"school page":        {valid, func(c *Cell) { c.Units = 0 }, Decision{Publishable, Plain}},
		"magnitude":          {magnitude, func(*Cell) {}, Decision{Publishable, Plain}},
		"(1,85)":             {magnitude, func(c *Cell) { c.Magnitudes[0].Largest = 851 }, Decision{Dominance, Plain}},
		"p %": {magnitude, func(c *Cell) {
			c.Magnitudes[0] = Magnitude{1000, 800, 930}
		}, Decision{Dominance, Plain}},
		"p % at the limit": {magnitude, func(c *Cell) {
			c.Magnitudes[0] = Magnitude{1000, 800, 920}
		}, Decision{Publishable, Plain}},
	} {
		t.Run(name, func(t *testing.T) {
			c := test.cell
			c.Magnitudes = append([]Magnitude(nil), c.Magnitudes...)
			test.change(&c)
			if got := p.primary(c); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// oneWay is a table of groups under a total.
func oneWay(groups ...[2]int64) ([]Cell, []Equation) {
	cells := []Cell{{Floor: 11, Counted: true}}
	e := []Equation{{Total: Term{0, PersonsOf}}, {Total: Term{0, PartOf}}}
	for i, g := range groups {
		cells = append(cells, Cell{Persons: g[0], Part: g[1], Floor: 11, Counted: true})
		cells[0].Persons += g[0]
		cells[0].Part += g[1]
		for f := range e {
			e[f].Parts = append(e[f].Parts, Term{i + 1, Field(f)})
		}
	}
	return cells, e
}

func statuses(d []Decision) string {
	var s strings.Builder
	for _, x := range d {
		s.WriteString(string(x.Status))
	}
	return s.String()
}

func TestSubtraction(t *testing.T) {
	p := policy(t)
	for name, test := range map[string]struct {
		groups [][2]int64
		want   string
	}{
		"nothing small":          {[][2]int64{{100, 30}, {200, 50}, {300, 90}}, "VVVV"},
		"one small, two groups":  {[][2]int64{{7, 2}, {200, 50}}, "VAD"},
		"two small":              {[][2]int64{{7, 3}, {9, 4}, {300, 90}}, "VAAV"},
		"two small, no more":     {[][2]int64{{10, 3}, {10, 4}}, "DAA"},
		"hides the smallest":     {[][2]int64{{400, 90}, {7, 2}, {60, 20}}, "VVAD"},
		"one group is the total": {[][2]int64{{7, 2}}, "AA"},
	} {
		t.Run(name, func(t *testing.T) {
			cells, equations := oneWay(test.groups...)
			got, err := Protect(cells, equations, nil, p)
			if err != nil {
				t.Fatal(err)
			}
			if statuses(got) != test.want {
				t.Errorf("got %s, want %s", statuses(got), test.want)
			}
		})
	}
}

// Two schools are all of a status. One of them hidden, a band of both and a third still
// gives it away: what must be hidden too shares no equation with the status.
func TestSubtractionOverTwoEquations(t *testing.T) {
	status := Cell{Persons: 63, Part: 21, Floor: 11, Counted: true, Units: 2}
	school := func(persons, part int64) Cell { return Cell{Persons: persons, Part: part, Floor: 20, Counted: true} }
	cells := []Cell{status, school(43, 8), school(20, 13), school(101, 19),
		{Persons: 164, Part: 40, Floor: 11, Counted: true}}
	var equations []Equation
	for _, field := range []Field{PersonsOf, PartOf} {
		equations = append(equations, Equation{Term{0, field}, []Term{{1, field}, {2, field}}},
			Equation{Term{4, field}, []Term{{1, field}, {2, field}, {3, field}}})
	}
	got, err := Protect(cells, equations, nil, policy(t))
	if err != nil {
		t.Fatal(err)
	}
	if statuses(got) != "BVDDV" {
		t.Errorf("got %s, want BVDDV", statuses(got))
	}
}

// Sums between measures: of three devices one is carried by one person, or what active accounts
// did is all that all did. What is published of the others must not give it away.
func TestAcross(t *testing.T) {
	p := policy(t)
	amount := func(part, slack int64) Cell {
		return Cell{Persons: 60, Floor: 11, Part: part, PartLow: part - slack, PartHigh: part + slack}
	}
	carried := func(part int64) Cell {
		c := amount(part, 1)
		c.Magnitudes = []Magnitude{{Total: float64(part), Largest: float64(part), Pair: float64(part)}}
		return c
	}
	parts := []Term{{0, PartOf}, {1, PartOf}, {2, PartOf}}
	for name, test := range map[string]struct {
		cells  []Cell
		across []Across
		want   string
	}{
		"no sum": {[]Cell{amount(900, 4), amount(300, 4), carried(100)}, nil, "VVB"},
		"to what is known": {[]Cell{amount(900, 4), amount(300, 4), carried(100)},
			[]Across{{parts, nil, 1300, 1300}}, "VDB"},
		"much is open": {[]Cell{amount(900, 20), amount(300, 9), carried(100)},
			[]Across{{parts, nil, 1300, 1300}}, "VVB"},
		"noise on one side": {[]Cell{amount(900, 4), amount(300, 4), carried(100)},
			[]Across{{parts, nil, 1300, 1400}}, "VDB"},
		"noise": {[]Cell{amount(900, 4), amount(300, 4), carried(100)}, []Across{{parts, nil, 1280, 1320}}, "VVB"},
		"two are hidden": {[]Cell{amount(900, 4), carried(90), carried(100)},
			[]Across{{parts, nil, 1090, 1090}}, "VBB"},
		"small ones give no room": {[]Cell{amount(900, 4), amount(5, 1), carried(100)},
			[]Across{{parts, nil, 1005, 1005}}, "DVB"},
		"one number, two populations": {[]Cell{amount(100, 3), carried(100)},
			[]Across{{[]Term{{1, PartOf}}, &Term{0, PartOf}, 0, 0}}, "DB"},
		"persons": {[]Cell{{Persons: 40, Part: 8, Floor: 11, Counted: true}, {Persons: 8, Part: 90, Floor: 11}},
			[]Across{{[]Term{{0, PartOf}}, &Term{1, PersonsOf}, 0, 0}}, "DA"},
		// 280 came, most of one school: what counts nearly all who came tells it, what counts forty of them does not.
		"no fewer than those whom another measure counts": {[]Cell{
			{Persons: 340, Part: 280, Floor: 11, Counted: true, Units: 3, TopUnit: 0.95},
			{Persons: 270, Part: 900, Floor: 11, PartHigh: 2000}, {Persons: 278, Part: 90, Floor: 11, PartHigh: 2000},
			{Persons: 40, Part: 9, Floor: 11, PartHigh: 200}},
			[]Across{{[]Term{{1, PersonsOf}}, &Term{0, PartOf}, math.MinInt64, 0},
				{[]Term{{2, PersonsOf}}, &Term{0, PartOf}, math.MinInt64, 0},
				{[]Term{{3, PersonsOf}}, &Term{0, PartOf}, math.MinInt64, 0}}, "BDDV"},
		// 42 came of 107: that 48 had come by then tells it; that 40 of 75 never did leaves it room.
		"what is too near, and not what is far": {[]Cell{
			{Persons: 107, Part: 42, Floor: 11, Counted: true, Units: 2},
			{Persons: 108, Part: 48, Floor: 11, Counted: true, Units: 3},
			{Persons: 75, Part: 40, Floor: 11, Counted: true, Units: 3}},
			[]Across{{[]Term{{1, PartOf}}, &Term{0, PartOf}, math.MinInt64, 6},
				{[]Term{{0, PartOf}, {2, PartOf}}, nil, math.MinInt64, 107}}, "BDV"},
	} {
		got, err := Protect(test.cells, nil, test.across, p)
		if err != nil {
			t.Fatal(err)
		}
		if statuses(got) != test.want {
			t.Errorf("%s: got %s, want %s", name, statuses(got), test.want)
		}
	}
	if _, err := Protect(nil, nil, []Across{{Parts: parts}}, p); err == nil {
		t.Error("a sum of cells that are not there was accepted")
	}
}

// A part of nearly nobody is as secret where one school carries it: hidden for that, it
// must remain possible that it is nobody, and not only within the interval of a count.
func TestDominatedPartOfNearlyNobody(t *testing.T) {
	p := policy(t)
	p.Persons.Part = 10
	cells := []Cell{
		{Persons: 324, Part: 44, Units: 30}, {Persons: 233, Part: 19, Units: 22},
		{Persons: 44, Part: 7, Units: 4, TopUnit: 1}, {Persons: 46, Part: 11, Units: 4},
		{Persons: 1, Part: 7, Unpublished: true},
	}
	e := []Equation{{Total: Term{Field: PersonsOf}}, {Total: Term{Field: PartOf}}}
	for i := range cells {
		cells[i].Floor, cells[i].Counted = 11, true
		for j := range e {
			if i > 0 {
				e[j].Parts = append(e[j].Parts, Term{i, e[j].Total.Field})
			}
		}
	}
	got, err := Protect(cells, e, nil, p)
	if err != nil {
		t.Fatal(err)
	}
	if statuses(got) != "VVBDA" {
		t.Errorf("got %s, want VVBDA", statuses(got))
	}
}

// A group that has no row is a number nobody publishes; the total would give it.
func TestUnpublishedRest(t *testing.T) {
	p := policy(t)
	cells, equations := oneWay([2]int64{400, 90}, [2]int64{60, 20}, [2]int64{8, 1})
	cells[3].Unpublished = true
	got, err := Protect(cells, equations, nil, p)
	if err != nil {
		t.Fatal(err)
	}
	if statuses(got) != "VVDA" {
		t.Errorf("got %s", statuses(got))
	}
	cells[3].Persons, cells[3].Part = 90, 20 // large enough to be known
	cells[0].Persons, cells[0].Part = 550, 130
	if got, err = Protect(cells, equations, nil, p); err != nil || statuses(got) != "VVVV" {
		t.Errorf("large rest: got %s, %v", statuses(got), err)
	}
}

func TestProtectRefuses(t *testing.T) {
	cells, equations := oneWay([2]int64{100, 30})
	if _, err := Protect(cells, equations, nil, Policy{}); err == nil {
		t.Error("the zero policy was accepted")
	}
	equations[0].Parts[0].Cell = 9
	if _, err := Protect(cells, equations, nil, policy(t)); err == nil {
		t.Error("an equation about no cell was accepted")
	}
}

// attack narrows what is published by subtraction alone, equation by equation,
// until nothing changes. It is written apart from the linear programs: every
// interval it finds is one an attacker can compute with a pencil.
func attack(cells []Cell, equations []Equation, d []Decision, p Policy) map[Term][2]float64 {
	r := release{policy: p, cells: cells, decisions: d}
	for _, c := range cells {
		r.primary = append(r.primary, p.primary(c))
	}
	value := func(t Term) float64 {
		if t.Field == PartOf {
			return float64(cells[t.Cell].Part)
		}
		return float64(cells[t.Cell].Persons)
	}
	known := map[Term][2]float64{}
	for _, e := range equations {
		for _, t := range append([]Term{e.Total}, e.Parts...) {
			low, high := r.known(t)
			known[t] = [2]float64{low, high}
		}
	}
	for range 50 {
		for _, e := range equations {
			terms := append([]Term{e.Total}, e.Parts...)
			off := value(e.Total) // total = Σparts + off
			for _, t := range e.Parts {
				off -= value(t)
			}
			for i, t := range terms {
				low, high := off, off
				sign := 1.0
				if i > 0 { // part = total − off − other parts
					low, high, sign = known[e.Total][0]-off, known[e.Total][1]-off, -1
				}
				for j, o := range terms[1:] {
					if j+1 == i {
						continue
					}
					if sign > 0 {
						low, high = low+known[o][0], high+known[o][1]
					} else {
						low, high = low-known[o][1], high-known[o][0]
					}
				}
				known[t] = [2]float64{math.Max(known[t][0], low), math.Min(known[t][1], high)}
			}
		}
	}
	return known
}

// Two linked groupings over the same schools: whatever the counts, no number
// that must stay hidden follows by subtraction within the margin of the policy.
func TestNothingBySubtraction(t *testing.T) {
	p := policy(t)
	rapid.Check(t, func(t *rapid.T) {
		cells, equations := linked(t)
		d, err := Protect(cells, equations, nil, p)
		if err != nil {
			t.Fatal(err)
		}
		nothingFollows(t, p, cells, equations, d)
	})
}

// Bands leave after levels, of the same schools: what has left stays as it left, and of
// both together no number that must stay hidden follows, or the bands do not leave.
func TestNothingBySubtractionFromWhatHasLeft(t *testing.T) {
	p := policy(t)
	left, stayed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		cells, equations := linked(t)
		first := slices.Clone(cells)
		for i := range first[3:] { // bands and schools
			first[3+i].Unpublished = true
		}
		before, err := Protect(first, equations[:2], nil, p)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			cells[i].Kept = &before[i]
		}
		d, err := Protect(cells, equations, nil, p)
		if errors.Is(err, ErrKept) {
			stayed++
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		left++
		for i := range 3 {
			if d[i] != before[i] {
				t.Fatalf("cell %d left as %v, and is %v", i, before[i], d[i])
			}
		}
		nothingFollows(t, p, cells, equations, d)
	})
	if left == 0 || stayed == 0 {
		t.Errorf("%d left, %d did not: nothing was tried", left, stayed)
	}
}

// A copy of a release shows bands where the first showed levels, and some of its schools have
// other numbers: what the first held back the copy does not tell, and of both together no
// number that must stay hidden follows. Where one follows from the first, whatever the copy hides, the copy is refused.
func TestNothingBySubtractionFromACopy(t *testing.T) {
	p := policy(t)
	overridden, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		cells, equations := linked(t)
		first := slices.Clone(cells)
		for i := range first[3:6] { // bands
			first[3+i].Unpublished = true
		}
		before, err := Protect(first, equations, nil, p)
		if err != nil {
			t.Fatal(err)
		}
		alone, err := Protect(cells, equations, nil, p)
		if err != nil {
			t.Fatal(err)
		}
		for i := range cells {
			if !first[i].Unpublished {
				cells[i].Before = &before[i]
			}
		}
		d, err := Protect(cells, equations, nil, p)
		var told *Told
		if errors.As(err, &told) {
			if !narrowed(t, p, cells, equations, together(cells, nil))[told.Cell] {
				t.Fatalf("refused for cell %d, which does not follow from the first", told.Cell)
			}
			refused++
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range cells {
			if c.Before != nil && c.Before.Hidden() && !d[i].Hidden() {
				t.Fatalf("cell %d was held back as %v and is told as %v", i, before[i], d[i])
			}
			if d[i] != alone[i] {
				overridden++
			}
		}
		if follow := narrowed(t, p, cells, equations, together(cells, d)); len(follow) > 0 {
			t.Fatalf("of both follow the cells %v", follow)
		}
	})
	if overridden == 0 {
		t.Error("no decision was another than alone: nothing was tried")
	}
	t.Logf("%d decisions were others than alone, %d copies were refused", overridden, refused)
}

// together is what two releases tell; d is nil of the first alone.
func together(cells []Cell, d []Decision) []Decision {
	out := slices.Repeat([]Decision{{Secondary, Plain}}, len(cells))
	copy(out, d)
	for i, c := range cells {
		if c.told() {
			out[i] = *c.Before
		}
	}
	return out
}

// narrowed are the cells of which a number that must stay hidden follows from decisions, and not from the equations
// alone: to who solves the programme.
func narrowed(t *rapid.T, p Policy, cells []Cell, equations []Equation, d []Decision) map[int]bool {
	t.Helper()
	r := release{policy: p, cells: cells, decisions: d, alone: true}
	for _, c := range cells {
		r.primary = append(r.primary, p.primary(c))
	}
	bare := r
	bare.decisions = slices.Repeat([]Decision{{Secondary, Plain}}, len(cells))
	all, nothing := newSystem(&r, equations), newSystem(&bare, equations)
	out := map[int]bool{}
	for _, n := range r.needs(equations) {
		ends, err := all.tight(n)
		if err != nil {
			t.Fatal(err)
		}
		open, err := nothing.tight(n)
		if err != nil {
			t.Fatal(err)
		}
		if len(ends) > 0 && len(open) == 0 {
			out[n.term.Cell] = true
		}
	}
	return out
}

// Hiding a number leaves it as wide an interval as it had when it was published, or a
// wider one: a need that was met is met however much is hidden afterwards.
func TestHidingNarrowsNothing(t *testing.T) {
	p := policy(t)
	rapid.Check(t, func(t *rapid.T) {
		cells, equations := linked(t)
		r := release{policy: p, cells: cells, decisions: make([]Decision, len(cells))}
		for i, c := range cells {
			r.decisions[i] = p.primary(c)
		}
		r.primary = slices.Clone(r.decisions)
		for _, e := range equations {
			for _, term := range append([]Term{e.Total}, e.Parts...) {
				low, high := r.known(term)
				before := r.decisions[term.Cell]
				r.decisions[term.Cell] = Decision{Secondary, Plain}
				hiddenLow, hiddenHigh := r.known(term)
				r.decisions[term.Cell] = before
				if hiddenLow > low {
					t.Fatalf("%v: published at least %v, hidden at least %v", term, low, hiddenLow)
				}
				if hiddenHigh < high {
					t.Fatalf("%v: published at most %v, hidden at most %v", term, high, hiddenHigh)
				}
			}
		}
	})
}

// nothingFollows holds what is published to the needs: none is known by subtraction that
// the equations alone do not give away.
func nothingFollows(t *rapid.T, p Policy, cells []Cell, equations []Equation, d []Decision) {
	t.Helper()
	r := release{policy: p, cells: cells, decisions: d}
	for _, c := range cells { // what must stay hidden does not depend on what was hidden for another
		r.primary = append(r.primary, p.primary(c))
	}
	known := attack(cells, equations, d, p)
	nothing := newSystem(&release{policy: p, cells: cells,
		decisions: slices.Repeat([]Decision{{Secondary, Plain}}, len(cells)), primary: r.primary},
		equations) // what the equations alone say, when no cell is published
	for _, n := range r.needs(equations) {
		k := known[n.term]
		if k[0] <= n.low+1e-6 && k[1] >= n.high-1e-6 {
			continue
		}
		bare, err := nothing.tight(n)
		if err != nil {
			t.Fatal(err)
		}
		if bare == nil {
			t.Fatalf("cell %d field %d: known within [%g, %g], must be open on [%g, %g]: %s", n.term.Cell,
				n.term.Field, k[0], k[1], n.low, n.high, statuses(d))
		}
	}
}

// linked draws schools in levels and bands under one total.
func linked(t *rapid.T) ([]Cell, []Equation) {
	const levels, bands = 2, 3
	cells := make([]Cell, 1+levels+bands)
	groups := make([][]int, 1+levels+bands)
	for g := range levels {
		groups[0] = append(groups[0], 1+g)
	}
	bandTotal := []int{}
	for g := range bands {
		bandTotal = append(bandTotal, 1+levels+g)
	}
	for range rapid.IntRange(2, 9).Draw(t, "schools") {
		n := rapid.Int64Range(1, 120).Draw(t, "persons")
		x := rapid.Int64Range(0, n).Draw(t, "part")
		l, b := 1+rapid.IntRange(0, levels-1).Draw(t, "level"), 1+levels+rapid.IntRange(0, bands-1).Draw(t, "band")
		groups[l], groups[b] = append(groups[l], len(cells)), append(groups[b], len(cells))
		for _, g := range []int{0, l, b} {
			cells[g].Persons += n
			cells[g].Part += x
		}
		cells = append(cells, Cell{Persons: n, Part: x, Floor: 20})
	}
	for i := range cells {
		cells[i].Counted = true
	}
	var equations []Equation
	add := func(total int, parts []int) {
		for _, f := range []Field{PersonsOf, PartOf} {
			e := Equation{Total: Term{total, f}}
			for _, i := range parts {
				e.Parts = append(e.Parts, Term{i, f})
			}
			equations = append(equations, e)
		}
	}
	add(0, groups[0])
	add(0, bandTotal)
	for g := 1; g < 1+levels+bands; g++ {
		if len(groups[g]) > 0 {
			add(g, groups[g])
		}
	}
	return cells, equations
}

func TestRounding(t *testing.T) {
	p := policy(t)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(11, 100000).Draw(t, "persons")
		x := rapid.Int64Range(5, n-5).Draw(t, "part")
		share := float64(x) / float64(n)
		low, high := p.RoundBounds(share*0.9, math.Min(1, share*1.1), n)
		if low > share*0.9+1e-9 || high < math.Min(1, share*1.1)-1e-9 {
			t.Fatalf("%d of %d: [%v, %v] is not outward", x, n, low, high)
		}
		for _, v := range []float64{p.RoundShare(x, n), low, high} {
			if math.Abs(v*100-math.Round(v*100)) > 1e-9 || v < 0 || v > 1 {
				t.Fatalf("%v is not a whole percent", v)
			}
		}
		if r := p.RoundCount(n); r%5 != 0 || r-n > 2 || n-r > 2 {
			t.Fatalf("%d rounds to %d", n, r)
		}
		c := Cell{Persons: n, Part: x, Counted: true}
		a, b := p.knownPart(c, Decision{Publishable, Plain})
		if a > x || b < x {
			t.Fatalf("%d of %d is not in what is known, [%d, %d]", x, n, a, b)
		}
		if l := p.Least(n); l*float64(n) < 4 {
			t.Fatalf("less than %v of %d says less than 4", l, n)
		}
	})
	for _, test := range [][3]float64{{2.345, 2, 0.1}, {0.0234, 2, 0.001}, {10, 2, 1}, {0, 2, 0.1}, {-3.2, 1, 1}} {
		if got := Step(test[0], int(test[1])); math.Abs(got-test[2]) > 1e-12 {
			t.Errorf("Step(%v, %v) = %v, want %v", test[0], test[1], got, test[2])
		}
	}
}

// Who knows that both parts are hidden for their few persons knows that each has fewer
// than the floor: a total of 20 leaves 9 or 10 for either.
func TestReasonOfSmallPartsHidesTheirTotal(t *testing.T) {
	p, err := ParsePolicy(DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	cells := []Cell{{Persons: 10, Floor: 11}, {Persons: 10, Floor: 11}, {Persons: 20, Floor: 11}}
	total := Equation{Total: Term{Cell: 2, Field: PersonsOf},
		Parts: []Term{{Cell: 0, Field: PersonsOf}, {Cell: 1, Field: PersonsOf}}}
	decisions, err := Protect(cells, []Equation{total}, nil, p)
	if err != nil {
		t.Fatal(err)
	}
	if !decisions[2].Hidden() {
		t.Error("the total of two cells below their floor leaves as 20")
	}
}

// Who is told that a cell is hidden for the sake of another knows that it has its floor:
// of two hidden cells of 16 persons the other has at most 5, and what rounding adds. So a
// third is hidden with them.
func TestReasonOfSecondaryHidesAThird(t *testing.T) {
	p := policy(t)
	p.Secondary.IntervalCount = 10
	cells := []Cell{
		{Persons: 176, Floor: 11, Part: 80, Counted: true}, {Persons: 3, Floor: 11, Part: 1, Counted: true},
		{Persons: 13, Floor: 11, Part: 6, Counted: true}, {Persons: 160, Floor: 11, Part: 73, Counted: true},
	}
	e := Equation{Total: Term{0, PersonsOf}, Parts: []Term{{1, PersonsOf}, {2, PersonsOf}, {3, PersonsOf}}}
	got, err := Protect(cells, []Equation{e}, nil, p)
	if err != nil {
		t.Fatal(err)
	}
	if got[2].Status != Secondary || got[3].Status != Secondary {
		t.Errorf("beside the small cell: %v", got[2:])
	}
}

// The step of a noisy share stands for enough persons, and what a reader then knows of the
// numerator is no less than the step and holds the truth.
func TestShareStep(t *testing.T) {
	p := policy(t)
	for _, c := range []struct {
		persons int64
		width   float64
		noisy   bool
		want    float64
	}{
		{40000, 0.04, true, 0.001}, {10000, 0.04, true, 0.001}, {9999, 0.04, true, 0.002}, {4000, 0.04, true, 0.005},
		{1999, 0.04, true, 0.01}, {40000, 0.1, true, 0.01}, {40000, 0, true, 0.01}, {40000, 0.04, false, 0.01},
	} {
		if got := p.ShareStep(c.persons, c.width, c.noisy); got != c.want {
			t.Errorf("%+v: step %v", c, got)
		}
	}
	for _, c := range []struct {
		x, width float64
		noisy    bool
		want     float64
	}{
		{1.34, 0.2, true, 0.01}, {1.34, 0.009, true, 0.01}, {0.0345, 0.009, true, 0.001}, {134, 30, true, 1},
		{1.34, 0, true, 0.1}, {1.34, 0.2, false, 0.1}, {0.034, 0, false, 0.01},
	} {
		if got := p.Step(c.x, c.width, c.noisy); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%+v: step %v", c, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(2000, 100000).Draw(t, "persons")
		x := rapid.Int64Range(p.Persons.Part, n-p.Persons.Part).Draw(t, "part")
		step := p.ShareStep(n, rapid.Float64Range(0.001, 0.09).Draw(t, "width"), true)
		if step*float64(n) < float64(p.Rounding.StepPersons) {
			t.Fatalf("a step of %v of %d persons", step, n)
		}
		low, high := p.knownPart(Cell{Persons: n, Part: x, Counted: true, Step: step}, Decision{Publishable, Plain})
		if low > x || high < x || float64(high-low) < step*float64(n)*0.99-2 { // to whole numbers
			t.Fatalf("%d of %d at a step of %v is known as %d to %d", x, n, step, low, high)
		}
	})
}

// TestModelledSharesAreNoRoundedCounts: what a life table says of a group is the nearest step of its
// own estimate, and its part is known by that and by no multiple of the base.
func TestModelledSharesAreNoRoundedCounts(t *testing.T) {
	p, err := ParsePolicy(DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		cell      Cell
		low, high int64
	}{
		"counts":                 {Cell{Part: 170, Whole: 240}, 168, 172},
		"model":                  {Cell{Part: 170, Whole: 240, Step: 0.01, Modelled: 0.7083}, 168, 173},
		"model far from x/y":     {Cell{Part: 160, Whole: 240, Step: 0.01, Modelled: 0.7083}, 160, 173},
		"a finer step":           {Cell{Part: 1700, Whole: 2400, Step: 0.002, Modelled: 0.7083}, 1696, 1703},
		"model that rounds to 0": {Cell{Part: 6, Whole: 2400, Step: 0.01, Modelled: 0.0025}, 0, 24},
	} {
		c.cell.Persons, c.cell.Counted = c.cell.Whole, true
		low, high := p.knownPart(c.cell, Decision{Publishable, Plain})
		if low != c.low || high != c.high {
			t.Errorf("%s: known as %d to %d, want %d to %d", name, low, high, c.low, c.high)
		}
	}
}

// TestPersonsOfAnotherTellABound: all 39 of a school came, which is told as more than 34 of them, and another figure is
// of 39 who came. Beside each other one is hidden, though no table holds either; where the other has left, nothing can be
// hidden, and the release that speaks of the bound is refused.
func TestPersonsOfAnotherTellABound(t *testing.T) {
	p := policy(t)
	came := Term{0, PartOf}
	fewer := []Across{{Parts: []Term{{1, PersonsOf}}, Total: &came, Low: math.MinInt64}}
	left := &Decision{Publishable, Plain}
	for name, test := range map[string]struct {
		before          *Decision
		theirs, refused bool
	}{
		"together": {nil, false, false}, "the other has left": {left, false, true}, "not spoken of": {left, true, false},
	} {
		cells := []Cell{{Persons: 39, Floor: 20, Part: 39, Counted: true, Theirs: test.theirs},
			{Persons: 39, Floor: 20, Part: 20, Counted: true, Before: test.before}}
		got, err := Protect(cells, nil, fewer, p)
		var told *Told
		switch {
		case errors.As(err, &told) != test.refused:
			t.Errorf("%s: %v", name, err)
		case test.refused && told.Cell != 0:
			t.Errorf("%s: refused for cell %d", name, told.Cell)
		case err == nil && !got[0].Hidden() && !got[1].Hidden():
			t.Errorf("%s: both are told", name)
		}
	}
}
