package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/mathext"
)

// errors fills the covariance of r at the maximum.
func (c *counter) errors(r *CountFit, top maximum) {
	size := c.size()
	inv, ok := inverse(top.information, size)
	if !ok {
		f := failed(size, r.N, r.Method, warning(Singular, size))
		r.Warnings = append(r.Warnings, f.Warnings...)
		r.Cov, r.SE, r.DF = f.Cov, f.SE, f.DF
		return
	}
	r.Cov = inv
	edge, infinite := c.separated(r.Coef, inv)
	if edge > 0 {
		r.Warnings = append(r.Warnings, warning(Separation, edge, len(c.X)))
		defer func() {
			r.withhold(func(j int) bool { return infinite[j] })
			r.finish(math.Inf(1))
		}()
	}
	if c.Cluster != nil {
		if c.Variance == CR1 {
			c.robust(r, inv)
			c.guarded(r, inv)
		} else {
			c.jackknifed(r, inv)
		}
		return
	}
	if c.exact() && c.Family == NB2 && c.Zero == PlainZero {
		c.expected(r)
	}
	r.finish(math.Inf(1))
}

// separated is [separated] of the means, and of the zero part where there is one.
func (c *counter) separated(at []float64, cov *mat.SymDense) (rows int, infinite []bool) {
	contrary := make([]float64, len(c.X))
	for i := range contrary {
		contrary[i] = c.Weight[i] * (1 - c.row(i, at).p)
	}
	infinite = make([]bool, c.size())
	rows, means := separated(c.X, contrary, block(cov, 0, c.p))
	copy(infinite, means)
	if c.q > 0 {
		for i := range contrary {
			contrary[i] = c.Weight[i] * c.otherwise(i, at)
		}
		zeroRows, zeros := separated(c.Z, contrary, block(cov, c.p, c.p+c.q))
		rows += zeroRows
		copy(infinite[c.p:], zeros)
	}
	return rows, infinite
}

// otherwise is the probability that the zero part gives row i the other of zero and not
// zero; 1 for a row that may be either.
func (c *counter) otherwise(i int, at []float64) float64 {
	zeta := 0.0
	for j, v := range c.Z[i] {
		zeta += v * at[c.p+j]
	}
	zero := expit(zeta)
	if c.Zero == Hurdle {
		zero = expit(-zeta)
	}
	switch {
	case c.High[i] == 0:
		return 1 - zero
	case c.Low[i] > 0:
		return zero
	}
	return 1
}

// block is the square part of a matrix from one row to another.
func block(of *mat.SymDense, from, to int) *mat.SymDense {
	out := mat.NewSymDense(to-from, nil)
	for i := range to - from {
		for j := range i + 1 {
			out.SetSym(i, j, of.At(from+i, from+j))
		}
	}
	return out
}

func (c *counter) exact() bool {
	for i := range c.Low {
		if c.Low[i] != c.High[i] {
			return false
		}
	}
	return true
}

// expected replaces the covariance of an exact NB2 fit: (XᵀWX)⁻¹ with
// w = μ/(1+μ/θ), and 1/(−∂²ℓ/∂θ²) for θ.
func (c *counter) expected(r *CountFit) {
	theta := math.Exp(r.Coef[c.p])
	root := make([]float64, len(c.X))
	info := 0.0
	eta := make([]float64, len(c.X))
	linearPredictor(c.X, r.Coef[:c.p], c.Offset, eta)
	for i := range c.X {
		mu, w, y := math.Exp(eta[i]), c.Weight[i], c.Low[i]
		root[i] = math.Sqrt(w * mu / (1 + mu/theta))
		info += w * (trigamma(theta) - trigamma(y+theta) - 1/theta + 2/(mu+theta) - (y+theta)/((mu+theta)*(mu+theta)))
	}
	b, ok := bread(design(c.X, root))
	if !ok {
		return
	}
	r.Cov = mat.NewSymDense(c.p+1, nil)
	for i := range c.p {
		for j := 0; j <= i; j++ {
			r.Cov.SetSym(i, j, b.At(i, j))
		}
	}
	r.Cov.SetSym(c.p, c.p, 1/(info*theta*theta))
}

// guarded takes the errors that the jackknife over clusters does not have either: those of
// what one cluster fixes or carries.
func (c *counter) guarded(r *CountFit, inv *mat.SymDense) {
	other := CountFit{Regression: Regression{Coef: r.Coef}}
	c.jackknifed(&other, inv)
	if !r.withhold(func(j int) bool { return !(other.SE[j] > 0) }) {
		return
	}
	for _, w := range other.Warnings {
		if w.Code == Alone || w.Code == OneCarries {
			r.Warnings = append(r.Warnings, w)
		}
	}
	r.finish(float64(r.Clusters - 1))
}

// robust is the sandwich of the scores summed by cluster.
func (c *counter) robust(r *CountFit, inv *mat.SymDense) {
	size := c.size()
	rows := byCluster(c.Cluster)
	g := len(rows)
	meat := mat.NewSymDense(size, nil)
	unit := make([][]float64, len(c.X))
	for i := range unit {
		unit[i] = make([]float64, size)
		c.score(i, 1, r.Coef, unit[i])
	}
	for _, in := range rows {
		s := make([]float64, size)
		for _, i := range in {
			for j, v := range unit[c.of[i]] {
				s[j] += c.times[i] * v
			}
		}
		meat.SymRankOne(meat, 1, mat.NewVecDense(size, s))
	}
	var left, full mat.Dense
	left.Mul(inv, meat)
	full.Mul(&left, inv)
	r.Cov = mat.NewSymDense(size, nil)
	for i := range size {
		for j := 0; j <= i; j++ {
			r.Cov.SetSym(i, j, full.At(i, j)*float64(g)/float64(g-1))
		}
	}
	r.Clusters = g
	r.Method += ", CR1"
	if g < MinClusters {
		r.Warnings = append(r.Warnings, warning(FewClusters, g, MinClusters))
	} else if g < fewClusters {
		r.Warnings = append(r.Warnings, warning(SmallErrors, g, fewClusters))
	}
	r.finish(float64(g - 1))
}

// trigamma is ψ′(x) = ζ(2, x).
func trigamma(x float64) float64 { return mathext.Zeta(2, x) }
