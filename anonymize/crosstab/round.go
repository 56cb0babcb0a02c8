package crosstab

import (
	"errors"
	"math"

	"github.com/entscope/entscope/anonymize/linear"
)

// ErrRounding says that no rounding was found in which every total is the sum of its parts.
var ErrRounding = errors.New("no rounding was found in which every total is still the sum of its parts; " +
	"hint: another base, fewer dimensions, or release.method = \"suppress\"")

// mostRounded bounds the cells of a table that is rounded: its programme has them all.
const mostRounded = 3_000

// Round gives each cell one of the two multiples of base around it, or itself where it is
// one, so that every total is the sum of its parts (zero-restricted controlled rounding, Cox
// 1987). Of the roundings that are near the values one is drawn: weight(cell) is in [0, 1[.
//
// The nearest rounding is a linear programme with whole corners where the table has two
// dimensions, of which one may have subtotals; otherwise the cells that are between two
// multiples are sent to one of them, one after the other.
func Round(p Problem, base float64, weight func(cell int) float64) ([]float64, error) {
	if len(p.Values) > mostRounded {
		return nil, ErrRounding
	}
	for _, e := range p.Equations {
		sum := 0.0
		for _, c := range e.Parts {
			sum += p.Values[c]
		}
		if sum != p.Values[e.Total] {
			return nil, errors.New("totals are not the sum of their parts, as contributors are in several of them: " +
				"they cannot be rounded so that they are; hint: release.method = \"suppress\" or \"noise\"")
		}
	}
	columns := p.roundable(base, weight)
	var program linear.Program
	for range 2 * len(columns) {
		program.Begin(len(p.Equations), columns)
		if _, err := program.Maximise(); err != nil {
			return nil, err
		}
		between := -1
		out := make([]float64, len(columns))
		for c, moved := range program.Values() {
			at := p.Values[c]/base + moved
			out[c] = math.Round(at) * base
			if math.Abs(at-math.Round(at)) > tolerance && between < 0 {
				between = c
			}
		}
		if between < 0 {
			return out, nil
		}
		send(&columns[between], len(columns))
	}
	return nil, ErrRounding
}

// roundable are the columns of a rounding, in multiples of the base: each goes down or up
// to the next, and prefers the nearer, more or less.
func (p Problem) roundable(base float64, weight func(cell int) float64) []linear.Column {
	columns := make([]linear.Column, len(p.Values))
	for c, v := range p.Values {
		fraction := v/base - math.Floor(v/base)
		if fraction > 0 {
			columns[c].Low, columns[c].High = -fraction, 1-fraction
		}
		columns[c].Gain = fraction - weight(c) // up as often as the fraction says
	}
	for i, e := range p.Equations {
		columns[e.Total].Entries = append(columns[e.Total].Entries, linear.Entry{Equation: i, Coefficient: -1})
		for _, c := range e.Parts {
			columns[c].Entries = append(columns[c].Entries, linear.Entry{Equation: i, Coefficient: 1})
		}
	}
	return columns
}

// send makes one of a cell's ends worth more than all else: the other end where it was sent
// to one before and could not go.
func send(c *linear.Column, cells int) {
	far := float64(10 * cells)
	switch {
	case c.Gain >= far:
		c.Gain = -far
	case c.Gain > 0:
		c.Gain = far
	default:
		c.Gain = -far
	}
}

// around bounds every cell by what a published value leaves open of it.
func (p Problem) around(published []float64, slack func(cell int) float64) (low, high []float64) {
	for c, v := range published {
		low = append(low, math.Min(p.Values[c], math.Max(0, v-slack(c))))
		high = append(high, math.Max(p.Values[c], v+slack(c)))
	}
	return low, high
}

// Left is where the published values, each known within its slack, and the equations leave
// a cell.
func (p Problem) Left(published []float64, slack func(cell int) float64, cell int) (low, high float64, err error) {
	lows, highs := p.around(published, slack)
	columns := make([]linear.Column, len(p.Values))
	order := func(c int) int { // the cell comes first
		switch {
		case c == cell:
			return 0
		case c < cell:
			return c + 1
		}
		return c
	}
	for c, v := range p.Values {
		columns[order(c)].Low, columns[order(c)].High = lows[c]-v, highs[c]-v
	}
	for i, e := range p.Equations {
		total := &columns[order(e.Total)]
		total.Entries = append(total.Entries, linear.Entry{Equation: i, Coefficient: -1})
		for _, c := range e.Parts {
			part := &columns[order(c)]
			part.Entries = append(part.Entries, linear.Entry{Equation: i, Coefficient: 1})
		}
	}
	var program linear.Program
	reach := [2]float64{}
	for i, sign := range []float64{1, -1} {
		columns[0].Gain = sign
		program.Begin(len(p.Equations), columns)
		if reach[i], err = program.Maximise(); err != nil {
			return 0, 0, err
		}
	}
	return p.Values[cell] - reach[1], p.Values[cell] + reach[0], nil
}
