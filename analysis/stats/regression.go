package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Regression is a fitted model: coefficients in the order of the columns of the
// design, with their covariance.
type Regression struct {
	Coef []float64
	// SE are the square roots of the diagonal of Cov; DF the degrees of freedom
	// of each coefficient's t quantile, +Inf for a normal one.
	SE, DF []float64
	Cov    *mat.SymDense
	// LogLik is the maximised log-likelihood, NaN for a method without one.
	LogLik float64
	// Dispersion is Pearson's chi-square over its degrees of freedom of a binomial
	// model, else 0.
	Dispersion float64
	// N counts the rows of the design (or the trials of a binomial one).
	N, Clusters int
	// Residuals are y − ŷ of a linear model, nil otherwise.
	Residuals  []float64
	Iterations int
	Method     string
	Warnings   []Warning
}

// Coefficient returns coefficient i with a Wald interval.
func (r Regression) Coefficient(i int, level float64) Estimate {
	c := make([]float64, len(r.Coef))
	if len(c) == 0 { // a model of nobody has none
		return r.Combination(nil, level)
	}
	c[i] = 1
	e := r.Combination(c, level)
	e.DF = r.DF[i]
	if r.intervals(&e) {
		e.deltaInterval(level, Identity)
	}
	return e
}

// Ratio returns exp(coefficient i): an odds, rate or hazard ratio, with the
// Wald interval of the coefficient exponentiated.
func (r Regression) Ratio(i int, level float64) Estimate {
	e := r.Coefficient(i, level)
	e.Value, e.Low, e.High = number(math.Exp(e.Value)), math.Exp(e.Low), math.Exp(e.High)
	e.SE *= e.Value
	return e
}

// Combination returns cᵀ·coef with a Wald interval on the smallest degrees of
// freedom of the coefficients in it (fixed effects and trends: sums of effects,
// predictions).
func (r Regression) Combination(c []float64, level float64) Estimate {
	checkLevel(level)
	if len(r.Coef) == 0 {
		e := Estimate{Method: r.Method, Warnings: r.Warnings}
		e.none()
		return e
	}
	checkLengths(len(c), len(r.Coef))
	e := Estimate{N: r.N, Clusters: r.Clusters, Method: r.Method, DF: math.Inf(1),
		Warnings: append([]Warning(nil), r.Warnings...)}
	var v float64
	for i, a := range c {
		if a == 0 { // a coefficient without an error does no harm where it is not asked for
			continue
		}
		e.Value += a * r.Coef[i]
		e.DF = math.Min(e.DF, r.DF[i])
		for j, b := range c {
			if b != 0 {
				v += a * b * r.Cov.At(i, j)
			}
		}
	}
	e.SE, e.Value = math.Sqrt(v), number(e.Value)
	if r.N == 0 {
		e.none()
		return e
	}
	if r.intervals(&e) {
		e.deltaInterval(level, Identity)
	}
	return e
}

// intervals removes the interval of e when the model has clusters, but few.
func (r Regression) intervals(e *Estimate) bool { return r.Clusters == 0 || e.enough() }

// size is the number of rows of a design and of its columns: none without a row.
func size(x [][]float64) (rows, columns int) {
	if len(x) == 0 {
		return 0, 0
	}
	return len(x), len(x[0])
}

// unsoundRows is [unsound] of a design, with a fault when it has no row.
func unsoundRows(x [][]float64, sizes [][]float64, values ...[]float64) []Warning {
	if len(x) == 0 {
		return []Warning{warning(NoUnits)}
	}
	return unsound(sizes, append(append([][]float64(nil), values...), x...)...)
}

// sized lists the rows of weight above 0.
func sized(weight []float64) (kept []int) {
	for i, w := range weight {
		if w > 0 {
			kept = append(kept, i)
		}
	}
	return kept
}

// pick takes rows of a column; nil stays nil.
func pick[T any](of []T, rows []int) []T {
	if of == nil {
		return nil
	}
	out := make([]T, len(rows))
	for k, i := range rows {
		out[k] = of[i]
	}
	return out
}

// beyond counts the parts that are larger than their whole, but for rounding.
func beyond(part, whole []float64) (n int) {
	for i, v := range part {
		if v > whole[i]*(1+1e-12) {
			n++
		}
	}
	return n
}

// design copies rows into a matrix, each times its scale (nil: 1).
func design(x [][]float64, scale []float64) *mat.Dense {
	if len(x) == 0 || len(x[0]) == 0 {
		panic("stats: empty design")
	}
	p := len(x[0])
	m := mat.NewDense(len(x), p, nil)
	for i, row := range x {
		checkLengths(p, len(row))
		for j, v := range row {
			if scale != nil {
				v *= scale[i]
			}
			m.Set(i, j, v)
		}
	}
	return m
}

// bread returns (XᵀX)⁻¹ and false when X has not full column rank.
func bread(x *mat.Dense) (*mat.SymDense, bool) {
	_, p := x.Dims()
	var xx mat.SymDense
	xx.SymOuterK(1, x.T())
	return inverse(&xx, p)
}

// inverse inverts a symmetric positive definite matrix after scaling it to unit
// diagonal, so that columns of unlike size do not look collinear.
func inverse(a *mat.SymDense, p int) (*mat.SymDense, bool) {
	d := make([]float64, p)
	scaled := mat.NewSymDense(p, nil)
	for i := range p {
		if d[i] = math.Sqrt(a.At(i, i)); !(d[i] > 0) {
			return nil, false
		}
		for j := 0; j <= i; j++ {
			scaled.SetSym(i, j, a.At(i, j)/(d[i]*d[j]))
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(scaled) || chol.Cond() > 1e13 {
		return nil, false
	}
	inv := mat.NewSymDense(p, nil)
	if chol.InverseTo(inv) != nil {
		return nil, false
	}
	for i := range p {
		for j := 0; j <= i; j++ {
			inv.SetSym(i, j, inv.At(i, j)/(d[i]*d[j]))
		}
	}
	return inv, true
}

// solve returns B·Xᵀ·y.
func solve(b *mat.SymDense, x *mat.Dense, y []float64) []float64 {
	var xy, out mat.VecDense
	xy.MulVec(x.T(), mat.NewVecDense(len(y), y))
	out.MulVec(b, &xy)
	return out.RawVector().Data
}

// finish fills SE and, where nothing better is known, DF.
func (r *Regression) finish(df float64) {
	r.SE = make([]float64, len(r.Coef))
	for i := range r.SE {
		r.SE[i] = math.Sqrt(r.Cov.At(i, i))
	}
	if r.DF == nil {
		r.DF = make([]float64, len(r.Coef))
		for i := range r.DF {
			r.DF[i] = df
		}
	}
}

func nans(n int) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = math.NaN()
	}
	return s
}

// failed is the answer when a model cannot be fitted.
func failed(p, n int, method string, reasons ...Warning) Regression {
	var cov *mat.SymDense
	if p > 0 {
		cov = mat.NewSymDense(p, nil)
	}
	for i := range p {
		cov.SetSym(i, i, math.NaN())
	}
	return Regression{Coef: nans(p), SE: nans(p), DF: nans(p), Cov: cov, LogLik: math.NaN(), N: n, Method: method,
		Warnings: reasons}
}

// Without is r without coefficient j, which is estimated, and no part of what is asked.
func (r Regression) Without(j int) Regression {
	n := len(r.Coef)
	var kept []int
	for i := range n {
		if i != j {
			kept = append(kept, i)
		}
	}
	out := r
	out.Coef, out.SE, out.DF = pick(r.Coef, kept), pick(r.SE, kept), pick(r.DF, kept)
	out.Cov = nil
	if len(kept) > 0 {
		out.Cov = mat.NewSymDense(len(kept), nil)
	}
	for a, i := range kept {
		for b := range a + 1 {
			out.Cov.SetSym(b, a, r.Cov.At(kept[b], i))
		}
	}
	return out
}

// Jackknife replaces the errors of r by those of fitting again without each cluster, around
// the whole fit: V = Σ(b_g − b)(b_g − b)ᵀ, with G−1 degrees of freedom or 3·(Σd²)²/Σd⁴
// where few clusters carry a coefficient. A coefficient that does not exist without some
// cluster, or is infinite, has no error. Source: MacKinnon, Nielsen & Webb 2023 (J. Appl. Econometrics 38),
// CV3.
func (r *Regression) Jackknife(cluster []int, without func(cluster int) Regression) {
	p := len(r.Coef)
	if p == 0 {
		return
	}
	cov := mat.NewSymDense(p, nil)
	second, fourth := make([]float64, p), make([]float64, p)
	rows := byCluster(cluster)
	for _, in := range rows {
		left := without(cluster[in[0]])
		infinite := slices.ContainsFunc(left.Warnings, func(w Warning) bool { return w.Code == Separation })
		d := mat.NewVecDense(p, nans(p))
		for j := range min(p, len(left.Coef)) {
			if left.SE[j] > 0 || !(r.SE[j] > 0) || !infinite { // an error that is withheld there is none here
				d.SetVec(j, left.Coef[j]-r.Coef[j])
			}
			v := d.AtVec(j) * d.AtVec(j)
			second[j], fourth[j] = second[j]+v, fourth[j]+v*v
		}
		cov.SymRankOne(cov, 1, d)
	}
	r.Cov, r.Clusters = cov, len(rows)
	lost := r.withhold(func(j int) bool { return !(second[j] > 0) })
	if lost {
		r.Warnings = append(r.Warnings, warning(Undefined, 1, len(rows)))
	}
	r.DF = make([]float64, p)
	for j := range r.DF {
		r.DF[j] = math.Min(float64(len(rows)-1), 3*second[j]*second[j]/fourth[j])
	}
	r.Method += ", jackknife"
	r.finish(0)
}
