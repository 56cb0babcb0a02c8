// Package linear solves the linear programmes of table protection: how far a number can
// be from the truth for who knows the equations between cells. It is pure, and imports
// nothing of the house.
//
// Columns and their bounds go in with a gain each; Maximise gives the optimum, Values
// where the columns are then, and Binds which of them hold it back.
package linear

import (
	"errors"
	"math"
)

// Entry is a coefficient of a column in an equation.
type Entry struct {
	Equation    int
	Coefficient float64
}

// Column is a variable: Low ≤ 0 ≤ High.
type Column struct {
	Entries   []Entry
	Low, High float64
	Gain      float64 // of the objective, for each unit
	// Cost is of each unit of distance from 0, at least 0.
	Cost float64
}

// Program is a linear program whose start is feasible: maximise Σ gain·z − cost·|z| under
// A·z = 0, low ≤ z ≤ high. Every variable is split into z⁺ − z⁻, both between 0 and a
// bound, so that z = 0 is a basic solution with one fixed artificial variable for each
// equation. The zero Program is ready; the memory of one is used again by the next.
//
// It is solved by the bounded-variable primal simplex in tableau form with
// Bland's rule, which cannot cycle (Chvátal, Linear Programming, 1983, ch. 8 and
// 3). The coefficients are 0 and ±1, so the tableau stays small numbers. gonum's
// lp.Simplex gives the same extremes (a test holds it) but looks for a first
// basis at every call, which costs a thousand times the solution here.
type Program struct {
	cells   []float64   // of the tableau, row after row
	tableau [][]float64 // equations × columns, without the artificials
	gain    []float64   // reduced cost of every column
	bound   []float64   // upper bound of every column; the lower one is 0
	upper   []bool      // a nonbasic column stands at its upper bound
	basis   []int       // column of every equation, −1 for its artificial
	inBasis []bool      // by column
	value   []float64   // of the basic variable of every equation
	objects float64     // value of the objective
	// Work counts the coefficients that pivots went through, over all programs: a measure of
	// time that is the same on every machine.
	Work int64
}

// Begin sets the program up, in the memory of the one before.
func (p *Program) Begin(equations int, columns []Column) {
	n := 2 * len(columns)
	p.cells = cleared(p.cells, equations*n)
	p.tableau, p.basis = p.tableau[:0], p.basis[:0]
	for i := range equations {
		p.tableau, p.basis = append(p.tableau, p.cells[i*n:(i+1)*n]), append(p.basis, -1)
	}
	p.gain, p.bound, p.value = cleared(p.gain, n), cleared(p.bound, n), cleared(p.value, equations)
	p.upper, p.inBasis = cleared(p.upper, n), cleared(p.inBasis, n)
	p.objects = 0
	for j, c := range columns {
		for _, e := range c.Entries {
			p.tableau[e.Equation][2*j] += e.Coefficient
			p.tableau[e.Equation][2*j+1] -= e.Coefficient
		}
		p.bound[2*j], p.bound[2*j+1] = c.High, -c.Low
		p.gain[2*j], p.gain[2*j+1] = c.Gain-c.Cost, -c.Gain-c.Cost
	}
}

// cleared is a slice of n zeros, in the memory of another where it fits.
func cleared[T any](old []T, n int) []T {
	if cap(old) < n {
		return make([]T, n)
	}
	old = old[:n]
	clear(old)
	return old
}

const epsilon = 1e-9

var errSimplex = errors.New("no end after the most steps a program of its size can need")

// Maximise runs the simplex to its end: the maximum, +Inf when there is none.
func (p *Program) Maximise() (float64, error) {
	for range 100 * (len(p.gain) + len(p.basis)) {
		j := p.entering()
		if j < 0 {
			return p.objects, nil
		}
		if !p.step(j) {
			return math.Inf(1), nil
		}
	}
	return 0, errSimplex
}

// entering is the first column that improves the objective, -1 at the optimum.
func (p *Program) entering() int {
	for j, g := range p.gain {
		if p.bound[j] > 0 && (!p.upper[j] && g > epsilon || p.upper[j] && g < -epsilon) && !p.inBasis[j] {
			return j
		}
	}
	return -1
}

// Binds reports whether, at the optimum, the objective would grow if column j could go
// beyond one of its bounds.
func (p *Program) Binds(j int) bool { return p.binds(2*j) || p.binds(2*j+1) }

func (p *Program) binds(j int) bool {
	return p.gain[j] > epsilon && (p.upper[j] || p.bound[j] == 0) && !p.inBasis[j]
}

// Values are the columns at the optimum.
func (p *Program) Values() []float64 {
	half := make([]float64, len(p.gain))
	for j, up := range p.upper {
		if up && !p.inBasis[j] {
			half[j] = p.bound[j]
		}
	}
	for i, j := range p.basis {
		if j >= 0 {
			half[j] = p.value[i]
		}
	}
	values := make([]float64, len(half)/2)
	for j := range values {
		values[j] = half[2*j] - half[2*j+1]
	}
	return values
}

// step moves column j as far as it goes and reports whether that is bounded.
func (p *Program) step(j int) bool {
	direction := 1.0
	if p.upper[j] {
		direction = -1
	}
	far, leaving, toUpper := p.bound[j], -1, false
	for i, row := range p.tableau {
		a := row[j] * direction
		var limit float64
		switch {
		case a > epsilon:
			limit = p.value[i] / a
		case a < -epsilon:
			limit = (p.boundOf(i) - p.value[i]) / -a
		default:
			continue
		}
		limit = math.Max(0, limit)
		if limit < far-epsilon || limit < far+epsilon && leaving >= 0 && p.basis[i] < p.basis[leaving] {
			far, leaving, toUpper = math.Min(far, limit), i, a < 0
		}
	}
	if math.IsInf(far, 1) {
		return false
	}
	for i, row := range p.tableau {
		p.value[i] -= row[j] * direction * far
	}
	p.objects += p.gain[j] * direction * far
	if leaving < 0 {
		p.upper[j] = !p.upper[j]
		return true
	}
	value := far
	if p.upper[j] {
		value = p.bound[j] - far
	}
	if out := p.basis[leaving]; out >= 0 {
		p.upper[out], p.inBasis[out] = toUpper, false
	}
	p.upper[j], p.inBasis[j] = false, true
	p.basis[leaving], p.value[leaving] = j, value
	p.pivot(leaving, j)
	return true
}

// boundOf is the upper bound of the basic variable of an equation; an
// artificial is fixed at 0.
func (p *Program) boundOf(i int) float64 {
	if p.basis[i] < 0 {
		return 0
	}
	return p.bound[p.basis[i]]
}

// pivot makes column j the unit vector of equation i.
func (p *Program) pivot(i, j int) {
	p.Work += int64(len(p.cells))
	row := p.tableau[i]
	f := row[j]
	for k := range row {
		row[k] /= f
	}
	eliminate := func(other []float64) {
		f := other[j]
		if f == 0 {
			return
		}
		for k, v := range row {
			if v != 0 {
				other[k] -= f * v
			}
		}
		other[j] = 0
	}
	for k, other := range p.tableau {
		if k != i {
			eliminate(other)
		}
	}
	eliminate(p.gain)
}
