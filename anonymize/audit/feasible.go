package audit

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

// A puzzle is what an outsider sits before: numbers of persons, each known within an
// interval, and equations that they know to hold. What they can say of one number is the
// least and the largest value that all of it allows, two linear programmes.
//
// The formulation is the audit's own: absolute numbers, and in each equation a number for
// what the groups fail to add up by. Package disclosure, which protects, works with
// deviations from the truth and a solver of its own.
type puzzle struct {
	index     map[string]int
	low, high []float64 // +Inf is no bound
	truth     []float64
	equations []equation
	// most bounds what a number can be for who knows its denominator.
	most map[int]float64
}

// equation says that the parts add up to the total, and by how much they fail to.
type equation struct {
	total int
	parts []int
	terms []term // of the numbers in it, in order
}

// term is a number of an equation with its sign.
type term struct {
	number int
	sign   float64
}

func newPuzzle() *puzzle { return &puzzle{index: map[string]int{}, most: map[int]float64{}} }

// number adds a number, or narrows the interval of one that is there already. The truth
// lies in it: an outsider is never granted an interval that is wrong.
func (p *puzzle) number(name string, truth float64, known span) int {
	i, ok := p.index[name]
	if !ok {
		i = len(p.low)
		p.index[name] = i
		p.low, p.high, p.truth = append(p.low, known.low), append(p.high, known.high), append(p.truth, truth)
	}
	p.narrow(i, known)
	return i
}

// adds says that parts add up to a total.
func (p *puzzle) adds(total int, parts []int) {
	signs := map[int]float64{total: -1}
	for _, part := range parts {
		signs[part]++
	}
	e := equation{total: total, parts: parts}
	for _, i := range slices.Sorted(maps.Keys(signs)) {
		e.terms = append(e.terms, term{i, signs[i]})
	}
	p.equations = append(p.equations, e)
}

var errUnbounded = errors.New("audit: a programme has no bound")

// interval is what all the puzzle says of a number. A number in no equation has its own.
func (p *puzzle) interval(i int) (span, error) {
	c, own := p.merged(i)
	if len(c.rows) == 0 {
		return own, nil
	}
	low, err := c.least(1)
	if err != nil && !errors.Is(err, errUnbounded) {
		return own, err
	}
	high, err := c.least(-1)
	if errors.Is(err, errUnbounded) {
		return span{math.Max(own.low, low), own.high}, nil
	}
	return span{math.Max(own.low, low), math.Min(own.high, -high)}, err
}

// programme is a puzzle seen from one number, which is its first column. Numbers that
// stand in the very same equations are one column, with the sum of their intervals: that
// changes no extreme. low is subtracted, so that every column begins at 0.
type programme struct {
	rows  [][]float64
	right []float64
	room  []float64 // of each column above its least value; +Inf is without bound
	base  float64   // the least value of the first column
}

// merged is the programme of a number, and the interval that it has without one.
func (p *puzzle) merged(first int) (programme, span) {
	reach, low, high := p.reduced(first)
	c := programme{base: low[first]}
	used := map[int][]term{} // the rows of each number, and its sign there
	for row, e := range reach {
		right := 0.0 // of what the truth gives, less the least values
		for _, t := range p.equations[e].terms {
			right += t.sign * (p.truth[t.number] - low[t.number])
			used[t.number] = append(used[t.number], term{row, t.sign})
		}
		c.rows, c.right = append(c.rows, nil), append(c.right, right)
	}
	columns := map[string]int{}
	add := func(i int, alone bool) {
		if used[i] == nil {
			return
		}
		key := fmt.Sprint(used[i])
		at, ok := columns[key]
		if !ok || alone {
			at = len(c.room)
			c.room = append(c.room, 0)
			for row := range c.rows {
				c.rows[row] = append(c.rows[row], 0)
			}
			for _, in := range used[i] {
				c.rows[in.number][at] = in.sign
			}
			if !alone {
				columns[key] = at
			}
		}
		c.room[at] += high[i] - low[i]
	}
	add(first, true)
	for i := range low {
		if i != first && high[i] > low[i] {
			add(i, false)
		}
	}
	return c, span{low[first], high[first]}
}

// reduced are the equations that a number is tied to, and the intervals of all numbers. An
// equation of which one number alone stands in others, or is the one asked for, says of that
// number what the intervals of the rest leave to it, and nothing else: the number gets that
// interval, and the equation is left out. No extreme changes.
func (p *puzzle) reduced(first int) (equations []int, low, high []float64) {
	low, high = slices.Clone(p.low), slices.Clone(p.high)
	reach := p.connected(first)
	stands := map[int]int{first: 1} // in so many equations, one more for the number asked for
	for _, e := range reach {
		for _, t := range p.equations[e].terms {
			stands[t.number]++
		}
	}
	for again := true; again; {
		again = false
		for at, e := range reach {
			if pivot, leaf := p.leaf(e, stands); leaf {
				p.tighten(e, pivot, low, high)
				for _, t := range p.equations[e].terms {
					stands[t.number]--
				}
				reach, again = slices.Delete(reach, at, at+1), true
				break
			}
		}
	}
	return reach, low, high
}

// leaf is the one number of an equation that stands in others, if there is but one.
func (p *puzzle) leaf(e int, stands map[int]int) (pivot int, ok bool) {
	pivot = -1
	for _, t := range p.equations[e].terms {
		if stands[t.number] < 2 {
			continue
		}
		if pivot >= 0 {
			return -1, false
		}
		pivot = t.number
	}
	return pivot, pivot >= 0
}

// tighten gives a number what an equation leaves to it.
func (p *puzzle) tighten(e, pivot int, low, high []float64) {
	below, above := p.truth[pivot], p.truth[pivot]
	terms := p.equations[e].terms
	own := terms[slices.IndexFunc(terms, func(t term) bool { return t.number == pivot })].sign
	for _, t := range terms {
		if t.number == pivot {
			continue
		}
		down, up := p.truth[t.number]-low[t.number], high[t.number]-p.truth[t.number]
		if t.sign != own { // what it grows by, the other grows by
			down, up = up, down
		}
		below, above = below-up, above+down
	}
	low[pivot], high[pivot] = math.Max(low[pivot], below), math.Min(high[pivot], above)
}

// connected are the equations that a number is tied to, over any others.
func (p *puzzle) connected(first int) (out []int) {
	in := map[int]bool{first: true}
	used := make([]bool, len(p.equations))
	for grown := true; grown; {
		grown = false
		for at, e := range p.equations {
			if used[at] || !e.touches(in) {
				continue
			}
			used[at], grown = true, true
			for _, t := range e.terms {
				in[t.number] = true
			}
		}
	}
	for i, u := range used {
		if u {
			out = append(out, i)
		}
	}
	return out
}

func (e equation) touches(numbers map[int]bool) bool {
	return slices.ContainsFunc(e.terms, func(t term) bool { return numbers[t.number] })
}

// least is the least value of sign × the first column. Where the solver does not find a
// basis, since many rows meet in one corner, it is asked again with rows and columns in
// another order: the programme stays the same.
func (c programme) least(sign float64) (least float64, err error) {
	const orders = 8
	for turn := range orders {
		least, err = c.turned(turn).simplex(sign)
		if err == nil || errors.Is(err, errUnbounded) {
			return least, err
		}
	}
	return 0, err
}

// turned is the programme with its rows, and its columns but the first, so many places on.
func (c programme) turned(places int) programme {
	if places == 0 {
		return c
	}
	turn := func(row []float64) []float64 {
		if len(row) < 2 {
			return row
		}
		at := 1 + places%(len(row)-1)
		return slices.Concat(row[:1], row[at:], row[1:at])
	}
	out := programme{room: turn(c.room), base: c.base}
	for i := range c.rows {
		from := (i + places) % len(c.rows)
		out.rows, out.right = append(out.rows, turn(c.rows[from])), append(out.right, c.right[from])
	}
	return out
}

// simplex solves it by the simplex method: columns at least 0, and for each bound above a
// column of what is left of it.
func (c programme) simplex(sign float64) (float64, error) {
	rows, right := independent(c.rows, c.right)
	bounded := 0
	for _, room := range c.room {
		if !math.IsInf(room, 1) {
			bounded++
		}
	}
	n := len(c.room)
	a := mat.NewDense(len(rows)+bounded, n+bounded, nil)
	b := make([]float64, len(rows)+bounded)
	for i, row := range rows {
		a.SetRow(i, append(append([]float64{}, row...), make([]float64, bounded)...))
		b[i] = right[i]
	}
	at := 0
	for j, room := range c.room {
		if !math.IsInf(room, 1) {
			a.Set(len(rows)+at, j, 1)
			a.Set(len(rows)+at, n+at, 1)
			b[len(rows)+at] = room
			at++
		}
	}
	for i := range b { // the first phase of the simplex asks for right sides of at least 0
		if b[i] < 0 {
			b[i] = -b[i]
			for j := range n + bounded {
				a.Set(i, j, -a.At(i, j))
			}
		}
	}
	cost := make([]float64, n+bounded)
	cost[0] = sign
	least, _, err := lp.Simplex(cost, a, b, 1e-9, nil)
	if errors.Is(err, lp.ErrUnbounded) {
		return math.Inf(-1), errUnbounded
	}
	if err != nil {
		return 0, err
	}
	return least + sign*c.base, nil
}

// independent leaves out the equations that follow from others.
func independent(rows [][]float64, right []float64) (out [][]float64, b []float64) {
	var reduced [][]float64
	for i, row := range rows {
		r := append(append([]float64{}, row...), right[i])
		for _, have := range reduced {
			lead := leading(have)
			if f := r[lead] / have[lead]; f != 0 {
				for j := range r {
					r[j] -= f * have[j]
				}
			}
		}
		if leading(r[:len(r)-1]) < 0 {
			continue
		}
		reduced = append(reduced, r)
		out, b = append(out, row), append(b, right[i])
	}
	return out, b
}

// leading is the first entry of a row that is not 0, -1 when there is none.
func leading(row []float64) int {
	for j, x := range row {
		if math.Abs(x) > 1e-9 {
			return j
		}
	}
	return -1
}
