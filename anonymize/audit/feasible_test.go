package audit

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestPuzzles are small enough to be solved by hand.
func TestPuzzles(t *testing.T) {
	open := span{0, math.Inf(1)}
	p := newPuzzle()
	all := p.number("all", 100, span{98, 102})
	a, b, c := p.number("a", 60, span{58, 62}), p.number("b", 37, open), p.number("c", 3, open)
	p.adds(all, []int{a, b, c})
	// a second partition of the same, of which one part is hidden
	d, e := p.number("d", 90, span{88, 92}), p.number("e", 10, open)
	p.adds(all, []int{d, e})
	lone := p.number("lone", 7, span{5, 9})
	for _, want := range []struct {
		i    int
		span span
	}{
		{b, span{0, 44}}, {c, span{0, 44}}, {e, span{6, 14}}, {lone, span{5, 9}}, {all, span{98, 102}},
	} {
		got, err := p.interval(want.i)
		if err != nil || math.Abs(got.low-want.span.low) > 1e-6 || math.Abs(got.high-want.span.high) > 1e-6 {
			t.Errorf("%d: got %v, %v; want %v", want.i, got, err, want.span)
		}
	}
	// months that add to a number that others bound, and of which two are hidden
	m, n, o := p.number("m", 20, span{18, 22}), p.number("n", 8, open), p.number("o", 9, span{0, 19})
	p.adds(b, []int{m, n, o}) // 37
	for _, want := range []struct {
		i    int
		span span
	}{{n, span{0, 26}}, {o, span{0, 19}}, {b, span{18, 44}}, {c, span{0, 26}}} {
		got, err := p.interval(want.i)
		if err != nil || math.Abs(got.low-want.span.low) > 1e-6 || math.Abs(got.high-want.span.high) > 1e-6 {
			t.Errorf("%d: got %v, %v; want %v", want.i, got, err, want.span)
		}
	}
	// nothing published bounds the total: nothing bounds the part
	q := newPuzzle()
	x, y := q.number("x", 5, open), q.number("y", 5, open)
	q.adds(q.number("z", 10, open), []int{x, y})
	if got, err := q.interval(x); err != nil || !math.IsInf(got.high, 1) || got.low != 0 {
		t.Errorf("unbounded: %v %v", got, err)
	}
}

// TestPuzzleAgainstEnumeration solves random puzzles of two partitions by trying every
// whole number: the linear programme is never narrower, since the truth is whole.
func TestPuzzleAgainstEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPuzzle()
		var cells []int
		draw := func(name string, truth float64) int {
			if rapid.Bool().Draw(t, name+" is hidden") {
				return p.number(name, truth, span{0, 6})
			}
			return p.number(name, truth, span{math.Max(0, truth-1), truth + 1})
		}
		names := []string{"a", "b", "c", "d"} // a 2 × 2 table
		total := 0.0
		for _, name := range names {
			truth := float64(rapid.IntRange(0, 6).Draw(t, name))
			total += truth
			cells = append(cells, draw(name, truth))
		}
		truth := func(i int) float64 { return p.truth[cells[i]] }
		rows := []int{draw("row 1", truth(0)+truth(1)), draw("row 2", truth(2)+truth(3))}
		column := draw("column 1", truth(0)+truth(2))
		all := p.number("all", total, span{total - 1, total + 1})
		p.adds(rows[0], []int{cells[0], cells[1]})
		p.adds(rows[1], []int{cells[2], cells[3]})
		p.adds(column, []int{cells[0], cells[2]})
		p.adds(all, rows)
		low, high := math.Inf(1), math.Inf(-1)
		within := func(i int, x float64) bool { return x >= p.low[i] && x <= p.high[i] }
		for a := 0.0; a <= 7; a++ {
			for b := 0.0; b <= 7; b++ {
				for c := 0.0; c <= 7; c++ {
					for d := 0.0; d <= 7; d++ {
						if within(cells[0], a) && within(cells[1], b) && within(cells[2], c) && within(cells[3], d) &&
							within(rows[0], a+b) && within(rows[1], c+d) && within(column, a+c) && within(all,
							a+b+c+d) {
							low, high = math.Min(low, a), math.Max(high, a)
						}
					}
				}
			}
		}
		got, err := p.interval(cells[0])
		if err != nil {
			t.Fatal(err)
		}
		// The matrix of two partitions is totally unimodular: its vertices are whole.
		if math.Abs(got.low-low) > 1e-6 || math.Abs(got.high-high) > 1e-6 {
			t.Fatalf("programme [%v, %v], enumeration [%v, %v]", got.low, got.high, low, high)
		}
	})
}

// TestManyRowsInOneCorner: a programme for which the solver finds no basis in the first order
// of its rows has its least and largest all the same.
func TestManyRowsInOneCorner(t *testing.T) {
	inf := math.Inf(1)
	c := programme{
		room: []float64{inf, inf, inf, inf, inf, inf, inf, inf, 42.24000000000024, inf, 90, 90, 90},
		rows: [][]float64{
			{1, -1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {0, -1, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0},
			{0, -1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0}, {-1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1},
			{0, 0, -1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0}, {0, 0, 0, -1, 0, 0, 0, 0, 1, 1, 0, 0, 0},
			{0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, -1, 0, 0, 1, 1, 0, 0, 0},
			{0, 0, 0, 0, 0, 0, -1, 1, 0, 0, 0, 0, 0},
		},
		right: []float64{0, 90, 90, -1563.29, -802.7500000000002, -2456.04, 0, -2456.04, 0},
	}
	if _, err := c.simplex(1); err == nil {
		t.Error("the solver finds a basis at once: the test shows nothing")
	}
	// HiGHS (scipy 1.17.1, linprog) gives 1563.29, and no bound above.
	least, err := c.least(1)
	if err != nil || math.Abs(least-1563.29) > 1e-6 {
		t.Errorf("least %v, %v; want 1563.29", least, err)
	}
	if _, err := c.least(-1); !errors.Is(err, errUnbounded) {
		t.Errorf("largest: %v, want no bound", err)
	}
}
