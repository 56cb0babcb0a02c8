package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// maximum is where a log-likelihood is largest.
type maximum struct {
	at          []float64
	value       float64
	information *mat.SymDense // −Hessian there
	steps       int
	converged   bool
}

// maximise climbs f, which returns the log-likelihood and writes its gradient,
// from start by Newton's method. The Hessian is the central difference of the
// gradient; where it is not negative definite or a step does not climb, a ridge
// is added (Levenberg, Marquardt). It stops when the Newton decrement gᵀI⁻¹g,
// twice the log-likelihood still to gain, falls below 1e-12, or when five steps in a
// row gained less than 1e-9 (a maximum at infinity: the gradient tells whether it
// counts as converged).
func maximise(f func(at, gradient []float64) float64, start []float64) maximum {
	p := len(start)
	m := maximum{at: append([]float64(nil), start...)}
	g, trial, tg := make([]float64, p), make([]float64, p), make([]float64, p)
	m.value = f(m.at, g)
	ridge, idle := 0.0, 0
	for m.steps = 0; m.steps < 200; m.steps++ {
		m.information = information(f, m.at)
		climbed := false
		for range 30 {
			step, ok := newtonStep(m.information, g, ridge)
			if ok {
				decrement := 0.0
				for i := range step {
					trial[i] = m.at[i] + step[i]
					decrement += step[i] * g[i]
				}
				if ridge == 0 && decrement < 1e-12 {
					m.converged = true
					return m
				}
				if v := f(trial, tg); v > m.value || v > m.value-1e-9 && decrement < 1e-6 {
					if v-m.value < 1e-9 {
						idle++
					} else {
						idle = 0
					}
					m.value, climbed = v, true
					copy(m.at, trial)
					copy(g, tg)
					ridge /= 10
					if ridge < 1e-4 {
						ridge = 0
					}
					break
				}
			}
			ridge = math.Max(1e-3, 10*ridge)
		}
		if !climbed || idle >= 5 {
			m.converged = flat(g)
			return m
		}
	}
	return m
}

// flat reports whether no slope is left.
func flat(gradient []float64) bool {
	for _, g := range gradient {
		if !(math.Abs(g) < 1e-4) {
			return false
		}
	}
	return true
}

// information is −Hessian by central differences of the gradient, symmetrised.
func information(f func(at, gradient []float64) float64, at []float64) *mat.SymDense {
	p := len(at)
	x := append([]float64(nil), at...)
	up, down := make([]float64, p), make([]float64, p)
	full := mat.NewDense(p, p, nil)
	for i := range p {
		h := 1e-5 * math.Max(1, math.Abs(at[i]))
		x[i] = at[i] + h
		f(x, up)
		x[i] = at[i] - h
		f(x, down)
		x[i] = at[i]
		for j := range p {
			full.Set(i, j, -(up[j]-down[j])/(2*h))
		}
	}
	s := mat.NewSymDense(p, nil)
	for i := range p {
		for j := 0; j <= i; j++ {
			s.SetSym(i, j, (full.At(i, j)+full.At(j, i))/2)
		}
	}
	return s
}

// newtonStep solves (I + ridge·diag)·step = g.
func newtonStep(info *mat.SymDense, g []float64, ridge float64) ([]float64, bool) {
	p := len(g)
	a := mat.NewSymDense(p, nil)
	a.CopySym(info)
	for i := range p {
		a.SetSym(i, i, a.At(i, i)+ridge*math.Max(1, math.Abs(a.At(i, i))))
	}
	var chol mat.Cholesky
	if !chol.Factorize(a) {
		return nil, false
	}
	var step mat.VecDense
	if chol.SolveVecTo(&step, mat.NewVecDense(p, append([]float64(nil), g...))) != nil {
		return nil, false
	}
	for _, s := range step.RawVector().Data {
		if math.IsNaN(s) || math.Abs(s) > 50 {
			return nil, false
		}
	}
	return step.RawVector().Data, true
}
