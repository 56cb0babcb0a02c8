package disclosure

import (
	"fmt"
	"math"
	"slices"

	"github.com/entscope/entscope/anonymize/linear"
)

// system is what an attacker knows: variables within intervals and equations
// between them. Variables are written as deviations from the truth, so that the
// truth is 0 and every equation is Σparts − total = 0.
type system struct {
	index map[Term]int
	terms []Term // by variable
	// rows[v] lists the equations of variable v and its sign in each.
	rows      [][]linear.Entry
	keys      []string  // of the rows, made when first needed
	low, high []float64 // of the deviation
	truth     []float64
	equations int
	program   linear.Program // of the last call of extreme: its memory is used again
}

func newSystem(r *release, equations []Equation) *system {
	equations, narrowed := r.reduce(equations)
	s := &system{index: map[Term]int{}, equations: len(equations)}
	at := func(t Term) int {
		v, ok := s.index[t]
		if !ok {
			v = len(s.rows)
			s.index[t] = v
			s.terms = append(s.terms, t)
			truth := r.value(t)
			low, high := r.within(t)
			if in, ok := narrowed[t]; ok {
				low, high = math.Max(low, truth+in.low), math.Min(high, truth+in.high)
			}
			s.rows = append(s.rows, nil)
			s.truth = append(s.truth, truth)
			s.low, s.high = append(s.low, math.Min(0, low-truth)), append(s.high, math.Max(0, high-truth))
		}
		return v
	}
	for i, e := range equations {
		v := at(e.Total)
		s.rows[v] = append(s.rows[v], linear.Entry{Equation: i, Coefficient: -1})
		for _, t := range e.Parts {
			v := at(t)
			s.rows[v] = append(s.rows[v], linear.Entry{Equation: i, Coefficient: 1})
		}
	}
	return s
}

// within is an interval of a deviation from the truth.
type within struct{ low, high float64 }

// reduce leaves out the equations of which one number alone stands in others, and all of which
// is published: the months of most schools. What such an equation says of that number is an
// interval, and nothing else; once something of it is hidden, it stands with the others.
func (r *release) reduce(equations []Equation) (left []Equation, narrowed map[Term]within) {
	stands := map[Term]int{}
	for _, e := range equations {
		for _, t := range append([]Term{e.Total}, e.Parts...) {
			stands[t]++
		}
	}
	narrowed = map[Term]within{}
	for _, e := range equations {
		if stands[e.Total] < 2 || !r.leaf(e, stands) {
			left = append(left, e)
			continue
		}
		var in within
		for _, t := range e.Parts {
			low, high := r.within(t)
			truth := float64(r.cells[t.Cell].Part)
			in.low, in.high = in.low+math.Min(0, low-truth), in.high+math.Max(0, high-truth)
		}
		if have, ok := narrowed[e.Total]; ok {
			in.low, in.high = math.Max(in.low, have.low), math.Min(in.high, have.high)
		}
		narrowed[e.Total] = in
	}
	return left, narrowed
}

// leaf reports whether the parts of an equation stand in no other, and nothing of it is hidden.
func (r *release) leaf(e Equation, stands map[Term]int) bool {
	if r.decisions[e.Total.Cell].Hidden() {
		return false
	}
	for _, t := range e.Parts {
		if stands[t] > 1 || t.Field != PartOf || r.decisions[t.Cell].Hidden() {
			return false
		}
		if _, secret := r.need(t); secret {
			return false
		}
	}
	return true
}

// tight is empty when a number may lie anywhere in the interval of a need, for all the
// attacker knows. The set of solutions is convex and holds the truth, so it is enough
// that both ends are reached. Otherwise it holds, for each end that is not, what keeps the
// number from it: the numbers whose intervals, were they wider, would let it go further.
func (s *system) tight(n need) (ends [][]Term, err error) {
	v, tied := s.index[n.term]
	if !tied {
		return nil, nil
	}
	for _, target := range []float64{n.low - s.truth[v], n.high - s.truth[v]} {
		if target == 0 || s.swap(v, target) {
			continue
		}
		reach, terms, err := s.extreme(v, math.Copysign(1, target))
		if err != nil {
			return nil, err
		}
		if math.Abs(reach) < math.Abs(target)-1e-6 {
			ends = append(ends, terms)
		}
	}
	return ends, nil
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
// programming; ±Inf when it is not bounded; and the numbers whose bounds keep it there.
// Variables with the same equations are merged into one with the sum of their
// intervals: that changes no extreme.
func (s *system) extreme(v int, sign float64) (float64, []Term, error) {
	columns, terms := s.merge(v)
	columns[0].Gain = sign
	s.program.Begin(s.equations, columns)
	reach, err := s.program.Maximise()
	keep := []Term{}
	for j := range columns {
		if s.program.Binds(j) {
			keep = append(keep, terms[j]...)
		}
	}
	return sign * reach, keep, err
}

// merge returns the columns of the program, v first, and the terms of each: variables that
// stand in the same equations, and the sum of their intervals.
func (s *system) merge(v int) (columns []linear.Column, terms [][]Term) {
	if s.keys == nil {
		for _, rows := range s.rows {
			s.keys = append(s.keys, fmt.Sprint(rows))
		}
	}
	columns = []linear.Column{{Entries: s.rows[v], Low: s.low[v], High: s.high[v]}}
	terms = [][]Term{{s.terms[v]}}
	at := map[string]int{}
	for w, rows := range s.rows {
		if w == v {
			continue
		}
		key := s.keys[w]
		i, ok := at[key]
		if !ok {
			i = len(columns)
			at[key] = i
			columns, terms = append(columns, linear.Column{Entries: rows}), append(terms, nil)
		}
		c := &columns[i]
		c.Low, c.High, terms[i] = c.Low+s.low[w], c.High+s.high[w], append(terms[i], s.terms[w])
	}
	return columns, terms
}
