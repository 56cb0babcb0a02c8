package disclosure

import (
	"fmt"
	"math"
	"slices"
)

// system is what an attacker knows: variables within intervals and equations
// between them. Variables are written as deviations from the truth, so that the
// truth is 0 and every equation is Σparts − total = 0.
type system struct {
	index map[Term]int
	// rows[v] lists the equations of variable v and its sign in each.
	rows      [][]entry
	low, high []float64 // of the deviation
	truth     []float64
	equations int
}

type entry struct {
	equation int
	sign     float64
}

func newSystem(r *release, equations []Equation) *system {
	s := &system{index: map[Term]int{}, equations: len(equations)}
	at := func(t Term) int {
		v, ok := s.index[t]
		if !ok {
			v = len(s.rows)
			s.index[t] = v
			truth := float64(r.cells[t.Cell].Persons)
			if t.Field == PartOf {
				truth = float64(r.cells[t.Cell].Part)
			}
			low, high := r.known(t)
			s.rows = append(s.rows, nil)
			s.truth = append(s.truth, truth)
			s.low, s.high = append(s.low, math.Min(0, low-truth)), append(s.high, math.Max(0, high-truth))
		}
		return v
	}
	for i, e := range equations {
		v := at(e.Total)
		s.rows[v] = append(s.rows[v], entry{i, -1})
		for _, t := range e.Parts {
			v := at(t)
			s.rows[v] = append(s.rows[v], entry{i, 1})
		}
	}
	return s
}

// allows reports whether a number may lie anywhere in the interval of a need,
// for all the attacker knows. The set of solutions is convex and holds the
// truth, so it is enough that both ends are reached.
func (s *system) allows(n need) (bool, error) {
	v := s.index[n.term]
	for _, target := range []float64{n.low - s.truth[v], n.high - s.truth[v]} {
		if target == 0 || s.swap(v, target) {
			continue
		}
		reach, err := s.extreme(v, math.Copysign(1, target))
		if err != nil {
			return false, err
		}
		if math.Abs(reach) < math.Abs(target)-1e-6 {
			return false, nil
		}
	}
	return true, nil
}

// swap is a quick sufficient test: variables with the very same equations can
// take over the whole deviation of v.
func (s *system) swap(v int, target float64) bool {
	if target < s.low[v] || target > s.high[v] {
		return false
	}
	room := 0.0
	for w := range s.rows {
		if w == v || !slices.Equal(s.rows[w], s.rows[v]) {
			continue
		}
		if target > 0 {
			room -= s.low[w]
		} else {
			room += s.high[w]
		}
		if room >= math.Abs(target) {
			return true
		}
	}
	return false
}

// extreme is the largest (sign 1) or smallest (−1) deviation of v, by linear
// programming; ±Inf when it is not bounded. Variables with the same equations
// are merged into one with the sum of their intervals: that changes no extreme.
func (s *system) extreme(v int, sign float64) (float64, error) {
	columns, low, high := s.merge(v)
	reach, err := maximise(newProgram(s.equations, columns, low, high, sign))
	return sign * reach, err
}

// merge returns the columns of the program, v first, and their intervals.
func (s *system) merge(v int) (columns [][]entry, low, high []float64) {
	columns, low, high = [][]entry{s.rows[v]}, []float64{s.low[v]}, []float64{s.high[v]}
	at := map[string]int{}
	for w, rows := range s.rows {
		if w == v || s.low[w] == 0 && s.high[w] == 0 {
			continue
		}
		key := fmt.Sprint(rows)
		i, ok := at[key]
		if !ok {
			i = len(columns)
			at[key] = i
			columns, low, high = append(columns, rows), append(low, 0), append(high, 0)
		}
		low[i], high[i] = low[i]+s.low[w], high[i]+s.high[w]
	}
	return columns, low, high
}
