package perturb

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Design says which perturbation table is meant. The zero value is no design.
type Design struct {
	Variance float64 // of the noise, in persons²; > 0
	Maximum  int     // largest noise, in persons; >= 1
	Least    int     // no result lies from 1 to Least-1; 1 forbids nothing
}

// Table is a perturbation table. It may be shared between goroutines.
type Table struct {
	design Design
	// rows are those of the counts from 0; the last one serves every larger count.
	rows []row
}

// row is the distribution of the noise of one count.
type row struct {
	noise []int64
	// up to is the cumulated probability in units of 2^-53, the last one all.
	upTo []uint64
	// share are the probabilities themselves.
	share []float64
}

const resolution = 1 << 53

// New solves the table of a design. A design that no distribution meets is refused.
func New(d Design) (*Table, error) {
	switch {
	case !(d.Variance > 0):
		return nil, fmt.Errorf("perturb: variance %g is not positive", d.Variance)
	case d.Maximum < 1:
		return nil, fmt.Errorf("perturb: maximum %d is below 1", d.Maximum)
	case d.Least < 1:
		return nil, fmt.Errorf("perturb: least result %d is below 1", d.Least)
	}
	t := &Table{design: d, rows: []row{{noise: []int64{0}, upTo: []uint64{resolution}, share: []float64{1}}}}
	for count := 1; count <= d.Maximum+d.Least; count++ {
		r, err := d.row(count)
		if err != nil {
			return nil, fmt.Errorf("perturb: row of %d: %w", count, err)
		}
		t.rows = append(t.rows, r)
	}
	return t, nil
}

// Noise is what the count gets for a draw: u is uniform over 64 bits.
func (t *Table) Noise(count int64, u uint64) int64 {
	r := t.rows[min(max(count, 0), int64(len(t.rows)-1))]
	u >>= 64 - 53
	for i, limit := range r.upTo {
		if u < limit {
			return r.noise[i]
		}
	}
	return r.noise[len(r.noise)-1]
}

// errInfeasible says that the bounds leave no distribution of the variance.
var errInfeasible = errors.New("no distribution has this variance, maximum and least result")

// row solves one row: the largest entropy with mean 0 and a variance of at most
// Variance. Its dual is the least of log Σ exp(a·v + b·(v²−V)) over a and b <= 0.
func (d Design) row(count int) (row, error) {
	var noise []float64
	for result := max(0, count-d.Maximum); result <= count+d.Maximum; result++ {
		if result == 0 || result >= d.Least {
			noise = append(noise, float64(result-count))
		}
	}
	if noise[0] > 0 || noise[len(noise)-1] < 0 {
		return row{}, errInfeasible
	}
	free, err := tilted(noise, 0, false)
	if err != nil {
		return row{}, err
	}
	if variance(noise, free) > d.Variance { // else the bound on the variance does not bind
		if free, err = tilted(noise, d.Variance, true); err != nil {
			return row{}, err
		}
	}
	r := row{noise: make([]int64, len(noise)), upTo: make([]uint64, len(noise)), share: free}
	var sum float64
	for i, p := range free {
		sum += p
		r.noise[i], r.upTo[i] = int64(noise[i]), uint64(math.Round(math.Min(sum, 1)*resolution))
	}
	r.upTo[len(noise)-1] = resolution
	return r, nil
}

// tilted finds p ∝ exp(a·v + b·v²) with mean 0 and, when bound, the variance.
func tilted(noise []float64, wanted float64, bound bool) ([]float64, error) {
	dims := 1
	if bound {
		dims = 2
	}
	at := func(x []float64) (logSum float64, p []float64) {
		p = make([]float64, len(noise))
		top := math.Inf(-1)
		for i, v := range noise {
			p[i] = x[0] * v
			if bound {
				p[i] += x[1] * (v*v - wanted)
			}
			top = math.Max(top, p[i])
		}
		var sum float64
		for i := range p {
			p[i] = math.Exp(p[i] - top)
			sum += p[i]
		}
		for i := range p {
			p[i] /= sum
		}
		return top + math.Log(sum), p
	}
	feature := func(i, k int) float64 {
		if k == 0 {
			return noise[i]
		}
		return noise[i]*noise[i] - wanted
	}
	gradient := func(p []float64) []float64 {
		g := make([]float64, dims)
		for i := range p {
			for k := range g {
				g[k] += p[i] * feature(i, k)
			}
		}
		return g
	}
	problem := optimize.Problem{
		Func: func(x []float64) float64 { f, _ := at(x); return f },
		Grad: func(grad, x []float64) { _, p := at(x); copy(grad, gradient(p)) },
		Hess: func(h *mat.SymDense, x []float64) {
			_, p := at(x)
			g := gradient(p)
			for k := range dims {
				for l := k; l < dims; l++ {
					var sum float64
					for i := range p {
						sum += p[i] * feature(i, k) * feature(i, l)
					}
					h.SetSym(k, l, sum-g[k]*g[l])
				}
			}
		},
	}
	settings := &optimize.Settings{GradientThreshold: 1e-10, MajorIterations: 200}
	result, err := optimize.Minimize(problem, make([]float64, dims), settings, &optimize.Newton{})
	if result == nil {
		return nil, err
	}
	_, p := at(result.X)
	for _, g := range gradient(p) { // the moments are what counts, not how the search ended
		if !(math.Abs(g) < 1e-7) {
			return nil, errInfeasible
		}
	}
	return p, nil
}

func variance(noise, p []float64) (sum float64) {
	for i, v := range noise {
		sum += v * v * p[i]
	}
	return sum
}
