package crosstab

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
)

// Equation says that the Parts add up to the Total, by position of their cells. Whoever
// reads the table knows it.
type Equation struct {
	Total int
	Parts []int
}

// Need is a number that nobody may know within less than [Low, High], and the group of
// cells with the same lone contributor that it is of (0: none), to whom it is no secret.
type Need struct {
	Cell      int
	Low, High float64
	Owner     int
}

// Problem is a table whose unsafe cells are to be hidden, and others so that they cannot
// be computed.
type Problem struct {
	Values    []float64 // at least 0
	Costs     []float64 // of hiding a cell, above 0
	Fixed     []bool    // known to everybody whatever is hidden: empty cells, what has left
	Equations []Equation
	Needs     []Need
	Forced    []int // hidden whatever else is: what an earlier table hid
	// Insiders are groups of cells to each of which one contributor alone contributes, and
	// so knows: group n is Owner n.
	Insiders map[int][]int
}

// ErrUnprotected says that a number that must stay hidden is known, whatever else is hidden.
var ErrUnprotected = errors.New("an unsafe cell can be computed, whatever else is hidden")

const (
	// mostWork ends the search for a better pattern: some seconds.
	mostWork = 4e9
	nobody   = 0
)

// Suppress returns which cells to hide: those of the needs, those forced, and as few
// others, by cost, as were found to keep every need for everybody and for each insider.
// The pattern is a heuristic's: cells on the cheapest moves that a need lacks, then each
// cell that turns out not to be needed is shown, and each of the others is tried without.
func Suppress(ctx context.Context, p Problem) ([]bool, error) {
	s := newSolver(p)
	best, err := s.pattern(ctx, nil)
	if err != nil {
		return nil, err
	}
	for again := true; again; {
		again = false
		for _, cell := range s.removable(best) {
			if s.program.Work > mostWork {
				return best, nil
			}
			other, err := s.pattern(ctx, without(best, cell))
			if errors.Is(err, ErrUnprotected) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if s.cost(other) < s.cost(best)-1e-9 {
				best, again = other, true
				break
			}
		}
	}
	return best, nil
}

// start is a pattern to begin from, and a cell that must be shown.
type start struct {
	hidden []bool
	shown  int
}

func without(hidden []bool, cell int) *start {
	h := slices.Clone(hidden)
	h[cell] = false
	return &start{h, cell}
}

// pattern completes a start, or the least pattern, until every need holds.
func (s *solver) pattern(ctx context.Context, from *start) ([]bool, error) {
	hidden := s.least()
	candidates := func(c int) bool { return !s.Fixed[c] }
	if from != nil {
		hidden = slices.Clone(from.hidden)
		candidates = func(c int) bool { return !s.Fixed[c] && c != from.shown }
	}
	for _, n := range s.needs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, who := range s.observers(n) {
			for _, target := range []float64{n.High - s.Values[n.Cell], n.Low - s.Values[n.Cell]} {
				if err := s.widen(hidden, n, who, target, candidates); err != nil {
					return nil, err
				}
			}
		}
	}
	return s.clean(ctx, hidden)
}

// least hides what must be hidden anyway.
func (s *solver) least() []bool {
	hidden := make([]bool, len(s.Values))
	for _, n := range s.needs {
		hidden[n.Cell] = !s.Fixed[n.Cell]
	}
	for _, c := range s.Forced {
		hidden[c] = true
	}
	return hidden
}

// widen hides the cells of the cheapest move that brings the cell of a need as far as
// target from its value; near cells are tried before all of them.
func (s *solver) widen(hidden []bool, n Need, who int, target float64, candidate func(int) bool) error {
	switch {
	case target == 0:
		return nil
	case !hidden[n.Cell]: // it has left already
		return ErrUnprotected
	}
	if reached, err := s.reaches(hidden, n.Cell, who, target); err != nil || reached {
		return err
	}
	near := s.near(n.Cell)
	for _, allowed := range []func(int) bool{
		func(c int) bool { return near[c] && candidate(c) }, candidate,
	} {
		moves, reached, err := s.cheapest(hidden, n.Cell, who, target, allowed)
		if err != nil {
			return err
		}
		if reached {
			for c := range moves {
				hidden[c] = true
			}
			return nil
		}
	}
	return ErrUnprotected
}

// clean shows again, the dearest first, what no need asks for.
func (s *solver) clean(ctx context.Context, hidden []bool) ([]bool, error) {
	for _, cell := range s.removable(hidden) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		hidden[cell] = false
		holds, err := s.holds(hidden, cell)
		if err != nil {
			return nil, err
		}
		hidden[cell] = !holds
	}
	return hidden, nil
}

// removable are the cells that are hidden for others, the dearest first.
func (s *solver) removable(hidden []bool) []int {
	var cells []int
	least := s.least()
	for c, h := range hidden {
		if h && !least[c] {
			cells = append(cells, c)
		}
	}
	slices.SortStableFunc(cells, func(a, b int) int { return cmp.Compare(s.Costs[b], s.Costs[a]) })
	return cells
}

func (s *solver) cost(hidden []bool) (sum float64) {
	for c, h := range hidden {
		if h {
			sum += s.Costs[c]
		}
	}
	return sum
}

// holds reports whether every need holds that a change of one cell may touch: those of its
// part of the table.
func (s *solver) holds(hidden []bool, cell int) (bool, error) {
	part := s.part[cell]
	for _, n := range s.needs {
		if s.part[n.Cell] != part {
			continue
		}
		for _, who := range s.observers(n) {
			for _, target := range []float64{n.High - s.Values[n.Cell], n.Low - s.Values[n.Cell]} {
				reached, err := s.reaches(hidden, n.Cell, who, target)
				if err != nil || !reached {
					return false, err
				}
			}
		}
	}
	return true, nil
}

// Interval is where the hidden cell may lie for somebody who sees the cells that are shown
// and, if they are the insider of a group, those of the group; High is +Inf where nothing
// bounds it.
func (p Problem) Interval(hidden []bool, cell, insider int) (low, high float64, err error) {
	s := newSolver(p)
	return s.interval(hidden, cell, insider)
}

func (s *solver) interval(hidden []bool, cell, who int) (low, high float64, err error) {
	up, err := s.extreme(hidden, cell, who, 1)
	if err != nil {
		return 0, 0, err
	}
	down, err := s.extreme(hidden, cell, who, -1)
	return math.Max(0, s.Values[cell]-down), s.Values[cell] + up, err
}
