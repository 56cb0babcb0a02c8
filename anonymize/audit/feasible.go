package audit

import (
	"errors"
	"math"

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
}

// equation says that the parts add up to the total, and by how much they fail to.
type equation struct {
	total int // -1: of no number of the puzzle
	parts []int
}

func newPuzzle() *puzzle { return &puzzle{index: map[string]int{}} }

// number adds a number, or narrows the interval of one that is there already. The truth
// lies in it: an outsider is never granted an interval that is wrong.
func (p *puzzle) number(name string, truth float64, known span) int {
	i, ok := p.index[name]
	if !ok {
		i = len(p.low)
		p.index[name] = i
		p.low, p.high, p.truth = append(p.low, known.low), append(p.high, known.high), append(p.truth, truth)
	}
	p.low[i] = math.Min(math.Max(p.low[i], known.low), truth)
	p.high[i] = math.Max(math.Min(p.high[i], known.high), truth)
	return i
}

// adds says that parts add up to a total.
func (p *puzzle) adds(total int, parts []int) {
	p.equations = append(p.equations, equation{total, parts})
}

// signs are the coefficients of a number in the equations.
func (p *puzzle) signs() [][]float64 {
	rows := make([][]float64, len(p.equations))
	for i, e := range p.equations {
		rows[i] = make([]float64, len(p.low))
		for _, part := range e.parts {
			rows[i][part]++
		}
		rows[i][e.total]--
	}
	return rows
}

var errUnbounded = errors.New("audit: a programme has no bound")

// interval is what all the puzzle says of a number. A number in no equation has its own.
func (p *puzzle) interval(i int) (span, error) {
	own := span{p.low[i], p.high[i]}
	c := p.merged(i)
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

func (p *puzzle) merged(first int) programme {
	reach := p.connected(first)
	signs := p.signs()
	c := programme{base: p.low[first]}
	for _, e := range reach {
		right := 0.0 // of what the truth gives, less the least values
		for i := range p.low {
			right += signs[e][i] * (p.truth[i] - p.low[i])
		}
		c.rows, c.right = append(c.rows, nil), append(c.right, right)
	}
	columns := map[string]int{}
	add := func(i int, alone bool) {
		key, used := "", false
		for _, e := range reach {
			key += string(rune('b' + int(signs[e][i])))
			used = used || signs[e][i] != 0
		}
		if !used {
			return
		}
		at, ok := columns[key]
		if !ok || alone {
			at = len(c.room)
			c.room = append(c.room, 0)
			for row, e := range reach {
				c.rows[row] = append(c.rows[row], signs[e][i])
			}
			if !alone {
				columns[key] = at
			}
		}
		c.room[at] += p.high[i] - p.low[i]
	}
	add(first, true)
	for i := range p.low {
		if i != first && p.high[i] > p.low[i] {
			add(i, false)
		}
	}
	return c
}

// connected are the equations that a number is tied to, over any others.
func (p *puzzle) connected(first int) (out []int) {
	in := map[int]bool{first: true}
	used := make([]bool, len(p.equations))
	for grown := true; grown; {
		grown = false
		for i, e := range p.equations {
			touches := in[e.total]
			for _, part := range e.parts {
				touches = touches || in[part]
			}
			if used[i] || !touches {
				continue
			}
			used[i], grown = true, true
			in[e.total] = true
			for _, part := range e.parts {
				in[part] = true
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

// least is the least value of sign × the first column, by the simplex method: columns at
// least 0, and for each bound above a column of what is left of it.
func (c programme) least(sign float64) (float64, error) {
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
