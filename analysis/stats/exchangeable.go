package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// ExchangeableFit is a logistic regression whose units resemble each other within a cluster.
type ExchangeableFit struct {
	Regression
	// Alpha is the correlation of two units of a cluster, Phi the scale: 1 when the units
	// vary as a binomial does.
	Alpha, Phi float64
}

// Exchangeable solves the generalised estimating equations of success[i] among trials[i]
// units that share x[i] and a cluster, logit link, with one correlation of every two units
// of a cluster:
//
//	Σ_g D_gᵀ·V_g⁻¹·(y_g − μ_g) = 0,  V_g = φ·A^½·((1−α)·I + α·J)·A^½
//
// over units, of which a row holds the sums. α and φ are the means of the products and the
// squares of Pearson's residuals. The odds ratios are marginal: of the population and not
// of a school. Errors are the sandwich over clusters; CR0 as geepack prints it, CR1 times
// G/(G−1); t on G−1 degrees of freedom. Few clusters want [Regression.Jackknife].
// Warnings as of [Binomial]. Source: Liang & Zeger 1986 (Biometrika 73); Halekoh, Højsgaard
// & Yan 2006 (JSS 15(2)).
func Exchangeable(success, trials []float64, x [][]float64, cluster []int, v Variance) ExchangeableFit {
	checkLengths(len(success), len(trials), len(cluster))
	start := Binomial(success, trials, x, BinomialOptions{})
	r := ExchangeableFit{Regression: start, Alpha: math.NaN(), Phi: math.NaN()}
	r.Method = "binomial, logit link, exchangeable, " + v.String()
	r.LogLik, r.Dispersion = math.NaN(), 0
	if kept := sized(trials); len(kept) < len(trials) {
		success, trials, x, cluster = pick(success, kept), pick(trials, kept), pick(x, kept), pick(cluster, kept)
	}
	if len(start.Warnings) > 0 || len(trials) == 0 { // no maximum, no data: said
		p := len(start.Coef)
		r.Regression = failed(p, start.N, r.Method, start.Warnings...)
		return r
	}
	e := estimating{success, trials, x, byCluster(cluster), cluster}
	r.Clusters = len(e.clusters)
	converged := false
	for r.Iterations = 0; r.Iterations < 100 && !converged; r.Iterations++ {
		r.Alpha, r.Phi = e.correlation(r.Coef)
		score, information, _, ok := e.equations(r.Coef, r.Alpha)
		var inv *mat.SymDense
		if ok {
			inv, ok = inverse(information, len(r.Coef))
		}
		if !ok {
			r.Regression = failed(len(r.Coef), r.N, r.Method, warning(Singular, len(r.Coef)))
			return r
		}
		var step mat.VecDense
		step.MulVec(inv, score)
		converged = true
		for j := range r.Coef {
			r.Coef[j] += step.AtVec(j)
			converged = converged && math.Abs(step.AtVec(j)) <= 1e-10*(1+math.Abs(r.Coef[j]))
		}
	}
	if !converged {
		r.Warnings = append(r.Warnings, warning(NoConvergence, r.Iterations))
	}
	e.robust(&r, v)
	return r
}

// estimating is the data of the equations; clusters lists rows.
type estimating struct {
	success, trials []float64
	x               [][]float64
	clusters        [][]int
	named           []int // the cluster of each row
}

// residual gives, at row i, the mean, the root of its variance, and the sums of Pearson's
// residuals and of their squares over its units.
func (e *estimating) residual(i int, coef []float64) (root, sum, squares float64) {
	eta := 0.0
	for j, v := range e.x[i] {
		eta += v * coef[j]
	}
	mu := expit(eta)
	variance := mu * expit(-eta)
	root = math.Sqrt(variance)
	s, n := e.success[i], e.trials[i]
	return root, (s - n*mu) / root, (s*(1-mu)*(1-mu) + (n-s)*mu*mu) / variance
}

// correlation gives the means of the products and of the squares of the residuals.
func (e *estimating) correlation(coef []float64) (alpha, phi float64) {
	var products, pairs, squares, units float64
	for _, in := range e.clusters {
		var sum, square, n float64
		for _, i := range in {
			_, s, q := e.residual(i, coef)
			sum, square, n = sum+s, square+q, n+e.trials[i]
		}
		products, pairs = products+(sum*sum-square)/2, pairs+n*(n-1)/2
		squares, units = squares+square, units+n
	}
	phi = squares / units
	if pairs == 0 {
		return 0, phi
	}
	return products / pairs / phi, phi
}

// equations are the estimating function, its expected slope and what each cluster brings to
// the first. With κ = α/(1+(n−1)α) the inverse of (1−α)I + αJ is (I − κJ)/(1−α). ok is
// false where that does not exist.
func (e *estimating) equations(coef []float64, alpha float64) (
	score *mat.VecDense, information *mat.SymDense, parts []*mat.VecDense, ok bool,
) {
	p := len(coef)
	score, information = mat.NewVecDense(p, nil), mat.NewSymDense(p, nil)
	for _, in := range e.clusters {
		n := 0.0
		for _, i := range in {
			n += e.trials[i]
		}
		if !(alpha < 1) || !(1+(n-1)*alpha > 1e-9) {
			return nil, nil, nil, false
		}
		kappa := alpha / (1 + (n-1)*alpha)
		own, mean := mat.NewVecDense(p, nil), mat.NewVecDense(p, nil) // Σ x·√v·r and Σ n·√v·x
		all := 0.0
		for _, i := range in {
			root, sum, _ := e.residual(i, coef)
			row := mat.NewVecDense(p, e.x[i])
			own.AddScaledVec(own, root*sum, row)
			mean.AddScaledVec(mean, e.trials[i]*root, row)
			information.SymRankOne(information, e.trials[i]*root*root/(1-alpha), row)
			all += sum
		}
		own.AddScaledVec(own, -kappa*all, mean)
		own.ScaleVec(1/(1-alpha), own)
		information.SymRankOne(information, -kappa/(1-alpha), mean)
		score.AddVec(score, own)
		parts = append(parts, own)
	}
	return score, information, parts, true
}

// robust fills the errors of r.
func (e *estimating) robust(r *ExchangeableFit, v Variance) {
	p, g := len(r.Coef), len(e.clusters)
	r.DF = nil
	_, information, parts, ok := e.equations(r.Coef, r.Alpha)
	var inv *mat.SymDense
	if ok {
		inv, ok = inverse(information, p)
	}
	if !ok {
		r.Regression = failed(p, r.N, r.Method, warning(Singular, p))
		return
	}
	meat := mat.NewSymDense(p, nil)
	moved := mat.NewDense(g, p, nil)
	for k, s := range parts {
		meat.SymRankOne(meat, 1, s)
		var d mat.VecDense
		d.MulVec(inv, s)
		moved.SetRow(k, d.RawVector().Data)
	}
	var left, full mat.Dense
	left.Mul(inv, meat)
	full.Mul(&left, inv)
	factor := 1.0
	if v == CR1 {
		factor = float64(g) / float64(g-1)
	}
	r.Cov = mat.NewSymDense(p, nil)
	for i := range p {
		for j := range i + 1 {
			r.Cov.SetSym(i, j, factor*full.At(i, j))
		}
	}
	if g < MinClusters {
		r.Warnings = append(r.Warnings, warning(FewClusters, g, MinClusters))
	} else if g < fewClusters {
		r.Warnings = append(r.Warnings, warning(SmallErrors, g, fewClusters))
	}
	carried := influences(moved)
	if r.withhold(func(j int) bool { return !(r.Cov.At(j, j) > 0) || oneCarries(carried[j]) }) {
		r.Warnings = append(r.Warnings, warning(OneCarries, g))
	}
	r.guarded(e.success, e.trials, e.x, e.named)
	r.finish(float64(g - 1))
}
