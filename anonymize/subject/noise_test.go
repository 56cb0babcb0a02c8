package subject

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
)

// noisy is a builder with the noise of the embedded policies.
func noisy(t testing.TB) *Builder {
	t.Helper()
	b := &Builder{o: Options{Key: testKey(t),
		Perturbation: &perturb.Parameters{Variance: 9, Maximum: 8, Least: 5, Step: 0.5}}}
	if err := b.prepareNoise(); err != nil {
		t.Fatal(err)
	}
	return b
}

// unit is what one person brings.
type unit struct {
	key  uint32
	x, y int64
}

// tallyOf adds persons up as a table does: of a measure that is a share where x is 0 or 1 and y is 1, of an amount else.
func tallyOf(units []unit) tally {
	var t tally
	t.Measure = "L1.visits_per_week"
	if !slices.ContainsFunc(units, func(u unit) bool { return u.x > 1 || u.y != 1 }) {
		t.Measure = "L2.never"
	}
	for _, u := range units {
		bin := 0
		for i, edge := range edition.HistogramEdges {
			if u.x >= edge {
				bin = i
			}
		}
		part := tally{SumRow: edition.SumRow{Measure: t.Measure, Persons: 1, Numerator: u.x, Denom: u.y,
			SumXX: u.x * u.x, SumXY: u.x * u.y, SumYY: u.y * u.y}, topX: u.x, topY: u.y}
		*histogram(&part.SumRow)[bin], part.keys[bin] = 1, u.key
		part.families = distinct{1, u.key}
		t.add(&part)
	}
	return t
}

func drawUnits(rt *rapid.T) []unit {
	topX := rapid.SampledFrom([]int64{1, 1, 2, 7, 400}).Draw(rt, "largest x")
	topY := rapid.SampledFrom([]int64{1, 13, 300}).Draw(rt, "largest y")
	all := rapid.Bool().Draw(rt, "y of all is 1")
	units := make([]unit, rapid.IntRange(11, 90).Draw(rt, "persons"))
	for i := range units {
		units[i] = unit{rapid.Uint32().Draw(rt, "key"), rapid.Int64Range(0, topX).Draw(rt, "x"),
			rapid.Int64Range(0, topY).Draw(rt, "y")}
		if all {
			units[i].y = 1
		}
	}
	return units
}

// What leaves keeps what its columns owe each other, and tells no small number.
func TestLeavingRowsAgree(t *testing.T) {
	b := noisy(t)
	rapid.Check(t, func(rt *rapid.T) {
		tally := tallyOf(drawUnits(rt))
		r := b.leaving(tally)
		if d := r.Persons - tally.Persons; d > 8 || d < -8 {
			rt.Errorf("%d persons became %d", tally.Persons, r.Persons)
		}
		if r.Families > r.Persons {
			rt.Errorf("%d families of %d persons", r.Families, r.Persons)
		}
		var persons int64
		for i, h := range histogram(&r) {
			if persons += *h; *h < 0 || *h > 0 && *h < 5 {
				rt.Errorf("bin %d has %d", i, *h)
			}
		}
		if persons != r.Persons {
			rt.Errorf("bins have %d of %d persons", persons, r.Persons)
		}
		for name, n := range map[string]int64{"numerator": r.Numerator, "complement": max(0, r.Denom-r.Numerator),
			"denominator": r.Denom} {
			if n < 0 || n > 0 && n < 5 {
				rt.Errorf("%s is %d", name, n)
			}
		}
		if x, n := float64(r.Numerator), float64(r.Persons); float64(r.SumXX)*n < x*x {
			rt.Errorf("Σx² = %d of Σx = %d, %d persons", r.SumXX, r.Numerator, r.Persons)
		}
		if y, n := float64(r.Denom), float64(r.Persons); float64(r.SumYY)*n < y*y {
			rt.Errorf("Σy² = %d of Σy = %d, %d persons", r.SumYY, r.Denom, r.Persons)
		}
		if xy := float64(r.SumXY); xy*xy > float64(r.SumXX)*float64(r.SumYY) {
			rt.Errorf("Σxy = %d, Σx² = %d, Σy² = %d", r.SumXY, r.SumXX, r.SumYY)
		}
		if tally.topX == 1 && tally.topY == 1 && tally.Denom == tally.Persons &&
			(r.Denom != r.Persons || r.SumXX != r.Numerator || r.H01 != r.Numerator) {
			rt.Errorf("a share of persons left as %+v", r)
		}
		if again := b.leaving(tally); again != r {
			rt.Errorf("%+v, then %+v", r, again)
		}
	})
}

// The same bearers count the same in two measures of the same persons, and everybody
// bears what everybody is.
func TestSameBearers(t *testing.T) {
	b := noisy(t)
	units := make([]unit, 60)
	for i := range units {
		units[i] = unit{uint32(i) * 2654435761, int64(i % 3 / 2), 1}
	}
	first := b.leaving(tallyOf(units))
	if first.Numerator != b.noise.Count(tallyOfBearers(units), 20) {
		t.Errorf("20 bearers left as %d", first.Numerator)
	}
	for i := range units {
		units[i].x = 1
	}
	if r := b.leaving(tallyOf(units)); r.Numerator != r.Persons {
		t.Errorf("all %d bear it, and %d do", r.Persons, r.Numerator)
	}
}

func tallyOfBearers(units []unit) (key uint32) {
	for _, u := range units {
		if u.x == 1 {
			key += u.key
		}
	}
	return key
}

// Means are kept: over many cells the noise cancels out.
func TestLeavingIsUnbiased(t *testing.T) {
	b := noisy(t)
	const cells = 4000
	var persons, x, shares float64
	var seed uint32
	for range cells {
		var visits, trait []unit
		for i := range 40 {
			seed = seed*1664525 + 1013904223
			visits = append(visits, unit{seed, int64(i * i / 20), 6})
			trait = append(trait, unit{seed, int64(i % 4 / 3), 1})
		}
		r := b.leaving(tallyOf(visits))
		persons, x = persons+float64(r.Persons)-40, x+float64(r.Numerator)-float64(tallyOf(visits).Numerator)
		shares += float64(b.leaving(tallyOf(trait)).Numerator) - 10
	}
	// Standard errors over the cells: 3/√4000 = 0.05 persons; visits are 76 at most, in halves.
	for name, mean := range map[string]float64{"persons": persons / cells, "numerator": shares / cells,
		"visits": x / cells / 38} {
		if math.Abs(mean) > 0.2 {
			t.Errorf("%s are moved by %.3f on average", name, mean)
		}
	}
}

// Nor is what a few bring: moved off the numbers that tell them, it keeps its mean.
func TestFewAreUnbiased(t *testing.T) {
	b := noisy(t)
	const cells = 12_000
	for name, c := range map[string]struct {
		persons int
		x, y    []int64 // of the first persons; the others bring 0 to x, and the last of y
	}{
		"one thing":                      {40, []int64{1}, []int64{7}},
		"two things of one":              {40, []int64{2}, []int64{7}},
		"three, two of one":              {40, []int64{2, 1}, []int64{7}},
		"four of two":                    {40, []int64{2, 2}, []int64{7}},
		"seven of five":                  {40, []int64{2, 2, 1, 1, 1}, []int64{7}},
		"three of three":                 {40, []int64{1, 1, 1}, []int64{7}},
		"few of few":                     {40, []int64{3, 1}, []int64{3, 2, 1, 0}},
		"all of few but one":             {40, []int64{3, 2}, []int64{3, 3, 0}},
		"all but three":                  {40, []int64{2, 2, 2, 2, 2, 2, 2}, []int64{2, 2, 2, 2, 2, 2, 2, 3, 0}},
		"a share, half of who are there": {20, []int64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, []int64{1}},
		"a share, nearly half":           {20, []int64{1, 1, 1, 1, 1, 1, 1, 1}, []int64{1}},
	} {
		var dx, dy, vx, vy float64
		var seed uint32
		for range cells {
			units := make([]unit, c.persons)
			for i := range units {
				seed = seed*1664525 + 1013904223
				units[i] = unit{key: seed, y: c.y[min(i, len(c.y)-1)]}
				if i < len(c.x) {
					units[i].x = c.x[i]
				}
			}
			exact := tallyOf(units)
			r := b.leaving(exact)
			x, y := float64(r.Numerator-exact.Numerator), float64(r.Denom-exact.Denom)
			dx, dy, vx, vy = dx+x, dy+y, vx+x*x, vy+y*y
		}
		// a hundredth of a person is what a part above its whole is cut by
		if se := math.Sqrt(vx) / cells; math.Abs(dx/cells) > 4*se+0.02 {
			t.Errorf("%s: the numerator is moved by %.3f ± %.3f", name, dx/cells, se)
		}
		if se := math.Sqrt(vy) / cells; math.Abs(dy/cells) > 4*se+0.02 {
			t.Errorf("%s: the denominator is moved by %.3f ± %.3f", name, dy/cells, se)
		}
	}
}

// A week has about as many visits as persons, and keeps its mean.
func TestVisitsOfAWeekAreUnbiased(t *testing.T) {
	b := noisy(t)
	const cells = 12_000
	for _, visits := range []int64{60, 61, 63, 70} {
		var sum float64
		for i := range uint32(cells) {
			key := i * 2654435761
			persons, got := b.eachOnce(distinct{60, key}, perturb.Magnitude{Key: key, Sum: visits, Largest: 3})
			if got < persons {
				t.Fatalf("%d visits of %d persons", got, persons)
			}
			sum += float64(got - visits)
		}
		if math.Abs(sum/cells) > 4*5/math.Sqrt(cells) {
			t.Errorf("%d visits are moved by %.3f", visits, sum/cells)
		}
	}
}

// The smallest cell that is written keeps its floor whatever its noise, so that no cell
// stands or falls by it.
func TestNoiseDecidesNothing(t *testing.T) {
	b := noisy(t)
	n, lowest := b.least(20), int64(math.MaxInt64)
	for key := range uint32(4000) {
		lowest = min(lowest, b.noise.Count(key, n))
	}
	if lowest != 20 {
		t.Errorf("cells of %d persons leave with %d or more", n, lowest)
	}
	if got := (&Builder{}).least(20); got != 20 {
		t.Errorf("without noise cells are written from %d on", got)
	}
}

// What a table adds up unit by unit is what its units give one by one, whatever their size.
func TestSumsOfUnits(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		units := drawUnits(rt)
		var s sums
		for _, u := range units {
			s.add(u.key, u.x, u.y)
		}
		got, want := s.tally(), tallyOf(units)
		want.Measure = ""
		if want.families = (distinct{}); got != want {
			rt.Errorf("got %+v, want %+v", got, want)
		}
	})
	var s sums
	for range 2 {
		s.add(1, math.MaxInt64/4, 1)
	}
	if s.xx != math.MaxInt64 {
		t.Errorf("squares add up to %d", s.xx)
	}
	if s.x != math.MaxInt64/4*2 {
		t.Errorf("x adds up to %d", s.x)
	}
}

// No sum tells the persons more closely than their count does: an attacker divides it by what is known of each of them.
func TestSumsTellNoPersons(t *testing.T) {
	b := noisy(t)
	var seed uint32
	// the root mean square of what an estimate of the persons is off by, over cells of 60 persons of whom 40 bring something
	off := func(x, y func(i int) int64, told func(r edition.SumRow) float64, truth float64) float64 {
		var squares float64
		const cells = 3000
		for range cells {
			units := make([]unit, 60)
			for i := range units {
				seed = seed*1664525 + 1013904223
				units[i] = unit{key: seed, y: y(i)}
				if i < 40 {
					units[i].x = x(i)
				}
			}
			d := told(b.leaving(tallyOf(units))) - truth
			squares += d * d / cells
		}
		return math.Sqrt(squares)
	}
	constant := func(v int64) func(int) int64 { return func(int) int64 { return v } }
	weeks := func(i int) int64 { return 11 + int64(i%2) }
	for name, got := range map[string]float64{
		"the denominator of all alike": off(weeks, constant(100),
			func(r edition.SumRow) float64 { return float64(r.Denom) / 100 }, 60),
		"its squares": off(weeks, constant(100), func(r edition.SumRow) float64 { return float64(r.SumYY) / 10_000 }, 60),
		"weeks":       off(constant(3), weeks, func(r edition.SumRow) float64 { return float64(r.Denom) / 11.5 }, 60),
		"squares of weeks": off(constant(3), weeks,
			func(r edition.SumRow) float64 { return float64(r.SumYY) / 132.5 }, 60),
		"squares of bearers": off(constant(1), weeks, func(r edition.SumRow) float64 { return float64(r.SumXX) }, 40),
		"a sum of those who bring alike": off(constant(5), constant(4),
			func(r edition.SumRow) float64 { return float64(r.Numerator) / 5 }, 40),
		"its squares by bearers": off(constant(5), constant(4),
			func(r edition.SumRow) float64 { return float64(r.SumXX) / 25 }, 40),
		"one or two of each": off(func(i int) int64 { return 1 + int64(i%2) }, constant(1),
			func(r edition.SumRow) float64 { return float64(r.Numerator) / 1.5 }, 40),
		"products of bearers": off(constant(1), constant(4),
			func(r edition.SumRow) float64 { return float64(r.SumXY) / 4 }, 40),
	} {
		if got < 2.7 {
			t.Errorf("%s tell the persons to ± %.2f, and their count to ± 3", name, got)
		}
	}
}

// Where nobody leaves, no other column says that somebody was there.
func TestNobodyLeavesNothing(t *testing.T) {
	b := noisy(t)
	var seed uint32
	nobody := 0
	for range 2000 {
		units := make([]unit, 40)
		for i := range units {
			seed = seed*1664525 + 1013904223
			units[i] = unit{key: seed, y: 12}
			if i < 2 {
				units[i].x = 1 + int64(seed%3)
			}
		}
		r := b.leaving(tallyOf(units))
		if r.Numerator > 0 {
			continue
		}
		nobody++
		if r.SumXX != 0 || r.SumXY != 0 || r.H00 != r.Persons {
			t.Fatalf("nobody, and %+v", r)
		}
	}
	if nobody < 100 {
		t.Fatalf("only %d cells left as nobody", nobody)
	}
}

// Nor of a denominator: that of whom something was asked, one alone.
func TestNobodyAskedLeavesNothing(t *testing.T) {
	b := noisy(t)
	var seed uint32
	nobody := 0
	for i := range 2000 {
		units := make([]unit, 40)
		for i := range units {
			seed = seed*1664525 + 1013904223
			units[i] = unit{key: seed, x: int64(seed >> 16 % 3)}
		}
		units[i%40].y = 1 + int64(i%3)
		r := b.leaving(tallyOf(units))
		if r.Denom > 0 {
			continue
		}
		nobody++
		if r.SumYY != 0 || r.SumXY != 0 {
			t.Fatalf("nobody, and %+v", r)
		}
	}
	if nobody < 100 {
		t.Fatalf("of only %d cells the denominator left as nobody", nobody)
	}
}

// What one person brings leaves with noise of its own: of a numerator and its squares it does not follow.
func TestOneBearerTellsNothing(t *testing.T) {
	b := noisy(t)
	var seed uint32
	told, left := 0, 0
	for range 12_000 {
		units := make([]unit, 40)
		for i := range units {
			seed = seed*1664525 + 1013904223
			units[i] = unit{key: seed, y: 12}
		}
		units[0].x = 63
		if r := b.leaving(tallyOf(units)); r.Numerator > 0 {
			left++
			if r.SumXX == 63*r.Numerator {
				told++
			}
		}
	}
	if left < 1000 || told > left/10 {
		t.Errorf("of %d cells of one bearer %d tell what they brought", left, told)
	}
}

// Nor does a cell in which all bring the same leave unlike one in which one person does not: no column is exact there.
func TestOneUnlikeTheOthersShowsNothing(t *testing.T) {
	b := noisy(t)
	var seed uint32
	exact := func(x, y int64, told func(r edition.SumRow) bool) (n float64) {
		const cells = 2000
		for range cells {
			units := make([]unit, 45)
			for i := range units {
				seed = seed*1664525 + 1013904223
				units[i] = unit{seed, int64(i % 2), 12}
			}
			units[1].x, units[0].y = x, y
			if told(b.leaving(tallyOf(units))) {
				n += 1.0 / cells
			}
		}
		return n
	}
	for name, told := range map[string]func(r edition.SumRow) bool{
		"denominators": func(r edition.SumRow) bool { return r.Denom == 12*r.Persons },
		"squares of y": func(r edition.SumRow) bool { return r.SumYY == 144*r.Persons },
		"squares of x": func(r edition.SumRow) bool { return r.SumXX == r.Numerator },
		"products":     func(r edition.SumRow) bool { return r.SumXY == 12*r.Numerator },
	} {
		alike, unlike := exact(1, 12, told), exact(2, 11, told)
		if alike > 0.25 || math.Abs(alike-unlike) > 0.2 { // what small noise makes equal by chance
			t.Errorf("%s: exact in %.3f of the cells where all bring the same, in %.3f where one does not", name, alike,
				unlike)
		}
	}
}

// Nor does a person of two schools, who is two pairs of a cluster.
func TestTwoPairsShowNothing(t *testing.T) {
	b := noisy(t)
	var seed uint32
	exact := func(pairs int64) (n float64) {
		const cells = 2000
		for range cells {
			units := make([]unit, 45)
			for i := range units {
				seed = seed*1664525 + 1013904223
				units[i] = unit{seed, int64(i % 2), 1}
			}
			units[1].y = pairs
			tl := tallyOf(units)
			tl.Measure, tl.Population = "N5.very_frequent", edition.PopViewers
			if r := b.leaving(tl); r.Denom == r.Persons {
				n += 1.0 / cells
			}
		}
		return n
	}
	if one, two := exact(1), exact(2); one > 0.2 || math.Abs(one-two) > 0.05 {
		t.Errorf("as many pairs as persons leave in %.3f of the cells of one pair each, in %.3f where one is two", one, two)
	}
}

// TestSameBearersSameSum: those who bring nothing have no part in a sum, whether they leave as somebody or as nobody.
// Else two populations with the same bearers leave two sums where one to four bring nothing, and one where none does.
func TestSameBearersSameSum(t *testing.T) {
	b := noisy(t)
	seed := uint32(7)
	next := func() uint32 { seed = seed*1664525 + 1013904223; return seed }
	hidden := 0
	for range 500 {
		var active []unit
		for i := range 40 {
			active = append(active, unit{next(), int64(3 + i*i/9), 6})
		}
		for range 1 + next()%4 {
			active = append(active, unit{next(), 0, 6})
		}
		all := slices.Clone(active)
		for range 30 {
			all = append(all, unit{next(), 0, 6})
		}
		a, b2 := b.leaving(tallyOf(active)), b.leaving(tallyOf(all))
		if a.H00 == 0 {
			hidden++
		}
		if a.Numerator != b2.Numerator {
			t.Fatalf("%d of the active, %d of all; %d of the active bring nothing", a.Numerator, b2.Numerator, a.H00)
		}
	}
	if hidden < 100 {
		t.Errorf("%d cells hide who brings nothing", hidden)
	}
}

// TestSumsAreNoLattice: a sum times a fraction of persons, of a whole number, would be one that no other number of
// persons gives: who knows how many were there, or one fewer, would ask which of the two can have left so.
func TestSumsAreNoLattice(t *testing.T) {
	reached := func(got, leave, of int64) bool { // by a whole number times leave/of
		r := float64(leave) / float64(of)
		for s := int64(float64(got)/r) - 2; s <= int64(float64(got)/r)+2; s++ {
			if s >= 0 && int64(math.Round(float64(s)*r)) == got {
				return true
			}
		}
		return false
	}
	b := noisy(t)
	d := rand.New(rand.NewPCG(11, 28))
	truth, other := 0, 0
	for range 2000 {
		n := int64(27 + d.IntN(2))
		units := make([]unit, n)
		for i := range units {
			units[i] = unit{d.Uint32(), 1 + int64(d.IntN(60)), 1 + int64(d.IntN(12))}
		}
		row := b.leaving(tallyOf(units))
		for _, got := range []int64{row.Denom, row.SumYY} {
			is, isNot := reached(got, row.Persons, n), reached(got, row.Persons, 55-n)
			if is && !isNot {
				truth++
			}
			if isNot && !is {
				other++
			}
		}
	}
	if other < 50 || truth > 2*other {
		t.Errorf("%d sums can only be of as many persons as there were, %d of as many as there were not", truth, other)
	}
}

// TestBinsAreDeclared: of a measure whose spread no question reads, not even who brings nothing leaves.
func TestBinsAreDeclared(t *testing.T) {
	b := noisy(t)
	var units []unit
	for i := range uint32(90) {
		units = append(units, unit{i*2654435761 + 1, int64(max(0, int(i)-30)), 6})
	}
	bins := func(measure string) (n int) {
		tl := tallyOf(units)
		tl.Measure = measure
		row := b.leaving(tl)
		persons := int64(0)
		for _, h := range histogram(&row) {
			if persons += *h; *h > 0 {
				n++
			}
		}
		if persons != row.Persons {
			t.Errorf("%s: %d persons in bins, of %d", measure, persons, row.Persons)
		}
		return n
	}
	if n := bins("L1.visits_per_week"); n < 5 {
		t.Errorf("%d bins of a measure that leaves by bins", n)
	}
	if n := bins("L5.phone"); n != 1 {
		t.Errorf("%d bins of one that does not", n)
	}
}
