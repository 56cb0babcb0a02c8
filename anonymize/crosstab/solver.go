package crosstab

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/entscope/entscope/anonymize/linear"
)

// solver answers questions about a Problem by linear programming. Numbers are deviations
// from the true values: the truth is one solution, and a number can be anywhere between
// two others that it can be at.
type solver struct {
	Problem
	needs   []Need  // the widest first
	touches [][]int // equations of each cell
	part    []int   // of each cell: cells of two parts share no equation
	scale   float64 // of costs
	program linear.Program
	// moves are sets of cells that were found to let a need be met: they do so in every
	// pattern that hides them all.
	moves map[move][][]int
}

// move is what a set of cells was found for.
type move struct {
	cell, who int
	up        bool
}

func newSolver(p Problem) *solver {
	s := &solver{Problem: p, needs: slices.Clone(p.Needs), touches: make([][]int, len(p.Values)), scale: 1,
		moves: map[move][][]int{}}
	slices.SortStableFunc(s.needs, func(a, b Need) int { return cmp.Compare(b.High-b.Low, a.High-a.Low) })
	for i, e := range p.Equations {
		for _, c := range append([]int{e.Total}, e.Parts...) {
			s.touches[c] = append(s.touches[c], i)
		}
	}
	for _, c := range p.Costs {
		s.scale = math.Max(s.scale, c)
	}
	s.parts()
	return s
}

// parts numbers the connected parts of the table.
func (s *solver) parts() {
	s.part = make([]int, len(s.Values))
	n := 0
	for c := range s.Values {
		if s.part[c] != 0 {
			continue
		}
		n++
		for cell := range s.connected(c, func(c int) bool { return !s.Fixed[c] }) {
			s.part[cell] = n
		}
	}
}

// connected are the cells that share equations with a cell over cells that may move.
func (s *solver) connected(cell int, moves func(int) bool) map[int]bool {
	seen, queue := map[int]bool{cell: true}, []int{cell}
	for len(queue) > 0 {
		c := queue[0]
		queue = queue[1:]
		for _, i := range s.touches[c] {
			e := s.Equations[i]
			for _, o := range append([]int{e.Total}, e.Parts...) {
				if !seen[o] && moves(o) {
					seen[o] = true
					queue = append(queue, o)
				}
			}
		}
	}
	return seen
}

// observers of a need: everybody, and each insider of its part of the table to whom its
// cell is a secret.
func (s *solver) observers(n Need) []int {
	who := []int{nobody}
	for _, insider := range slices.Sorted(maps.Keys(s.Insiders)) {
		if insider != n.Owner && slices.ContainsFunc(s.Insiders[insider], func(c int) bool {
			return c != n.Cell && s.part[c] == s.part[n.Cell]
		}) {
			who = append(who, insider)
		}
	}
	return who
}

// near are the cells of the subtables around a cell: those of its equations, and those of
// theirs.
func (s *solver) near(cell int) map[int]bool {
	near := map[int]bool{cell: true}
	for range 3 {
		for _, c := range slices.Collect(maps.Keys(near)) {
			for _, i := range s.touches[c] {
				near[s.Equations[i].Total] = true
				for _, o := range s.Equations[i].Parts {
					near[o] = true
				}
			}
			if len(near) > mostNear {
				return near
			}
		}
	}
	return near
}

// mostNear bounds a first programme: a larger one is slower than a second.
const mostNear = 300

const tolerance = 1e-6

// reaches reports whether a cell can be as far as target, that of its need, from its value.
func (s *solver) reaches(hidden []bool, cell, who int, target float64) (bool, error) {
	if target == 0 {
		return true, nil
	}
	if !hidden[cell] || slices.Contains(s.Insiders[who], cell) {
		return false, nil
	}
	for _, cells := range s.moves[move{cell, who, target > 0}] {
		if !slices.ContainsFunc(cells, func(c int) bool { return !hidden[c] }) {
			return true, nil
		}
	}
	cells := s.moving(cell, s.open(hidden, who))
	columns, equations := s.columns(cells)
	aim(&columns[0], target, 1)
	s.program.Begin(equations, columns)
	if _, err := s.program.Maximise(); err != nil {
		return false, err
	}
	return s.arrived(cells, who, target), nil
}

// aim bounds the first column at a target, and lets it gain by going there.
func aim(c *linear.Column, target, gain float64) {
	c.Gain = math.Copysign(gain, target)
	if target > 0 {
		c.High = target
	} else {
		c.Low = math.Max(c.Low, target)
	}
}

// arrived reports whether the first cell has come as far as target, and remembers the cells
// that moved with it.
func (s *solver) arrived(cells []int, who int, target float64) bool {
	values := s.program.Values()
	if math.Abs(values[0]) < math.Abs(target)-tolerance*math.Max(1, math.Abs(target)) {
		return false
	}
	var moved []int
	for j, v := range values {
		if math.Abs(v) > tolerance {
			moved = append(moved, cells[j])
		}
	}
	key := move{cells[0], who, target > 0}
	known := s.moves[key]
	s.moves[key] = append(known[max(0, len(known)-mostMoves+1):len(known):len(known)], moved)
	return true
}

// mostMoves is how many moves of a need are remembered.
const mostMoves = 4

// extreme is how far a cell can be above (sign 1) or below (−1) its value; +Inf when
// nothing bounds it.
func (s *solver) extreme(hidden []bool, cell, who int, sign float64) (float64, error) {
	if !hidden[cell] || slices.Contains(s.Insiders[who], cell) {
		return 0, nil
	}
	cells := s.moving(cell, s.open(hidden, who))
	columns, equations := s.columns(cells)
	columns[0].Gain = sign
	s.program.Begin(equations, columns)
	return s.program.Maximise()
}

// open says which cells somebody does not see.
func (s *solver) open(hidden []bool, who int) func(int) bool {
	known := s.Insiders[who]
	return func(c int) bool { return hidden[c] && !s.Fixed[c] && !slices.Contains(known, c) }
}

// moving are the cells that move with a cell, which comes first.
func (s *solver) moving(cell int, moves func(int) bool) []int {
	cells := []int{cell}
	for _, c := range slices.Sorted(maps.Keys(s.connected(cell, moves))) {
		if c != cell {
			cells = append(cells, c)
		}
	}
	return cells
}

// columns of cells, over the equations that they stand in.
func (s *solver) columns(cells []int) (columns []linear.Column, equations int) {
	at := map[int]int{}
	columns = make([]linear.Column, len(cells))
	for j, c := range cells {
		columns[j].Low, columns[j].High = -s.Values[c], math.Inf(1)
		for _, i := range s.touches[c] {
			row, ok := at[i]
			if !ok {
				row = len(at)
				at[i] = row
			}
			coefficient := 1.0
			if s.Equations[i].Total == c {
				coefficient = -1
			}
			columns[j].Entries = append(columns[j].Entries, linear.Entry{Equation: row, Coefficient: coefficient})
		}
	}
	return columns, len(at)
}

// cheapest is the move of least cost that brings a cell as far as target from its value,
// over cells that are hidden, at no cost, and those that are allowed; and the cells that it
// would have to hide.
func (s *solver) cheapest(hidden []bool, cell, who int, target float64, allowed func(int) bool) (
	hide map[int]bool, reached bool, err error) {
	known := s.Insiders[who]
	cells := s.moving(cell, func(c int) bool {
		return !s.Fixed[c] && !slices.Contains(known, c) && (hidden[c] || allowed(c))
	})
	columns, equations := s.columns(cells)
	for j, c := range cells {
		if !hidden[c] {
			// What a cell can give counts as much as what it costs: one that is too small for
			// the whole move needs others beside it.
			columns[j].Cost = s.Costs[c] / s.scale / math.Min(1, math.Max(s.Values[c], 1e-3)/math.Abs(target))
		}
	}
	// Reaching the target is worth more than any move can cost.
	aim(&columns[0], target, 1e3*float64(len(columns)))
	s.program.Begin(equations, columns)
	if _, err := s.program.Maximise(); err != nil {
		return nil, false, err
	}
	hide = map[int]bool{}
	for j, v := range s.program.Values() {
		if j > 0 && !hidden[cells[j]] && math.Abs(v) > tolerance {
			hide[cells[j]] = true
		}
	}
	return hide, s.arrived(cells, who, target), nil
}
