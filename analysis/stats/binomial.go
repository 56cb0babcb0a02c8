package stats

import (
	"math"
)

// Link joins the mean of a binomial model to its linear predictor.
type Link int

// Links: of [Binomial] logit (odds ratios) and complementary log-log (hazard ratios of a
// discrete-time proportional hazards model); of [Counts] the log; of [Linear] none.
const (
	LogitLink Link = iota
	CloglogLink
	LogLink
	IdentityLink
)

// mean returns p, dp/dη of a linear predictor.
func (l Link) mean(eta float64) (p, slope float64) {
	switch l {
	case CloglogLink:
		p = -math.Expm1(-math.Exp(eta))
		return p, math.Exp(eta - math.Exp(eta))
	case LogLink:
		return math.Exp(eta), math.Exp(eta)
	case IdentityLink:
		return eta, 1
	}
	p = expit(eta)
	return p, p * expit(-eta)
}

func (l Link) String() string {
	return [...]string{"logit", "complementary log-log", "log", "identity"}[l]
}

// BinomialOptions chooses the link and the errors of [Binomial].
type BinomialOptions struct {
	Link Link
	// Offset is added to the linear predictor; nil means 0.
	Offset []float64
	// Cluster names the cluster of each row; nil gives the inverse information.
	Cluster []int
	// Second names clusters that cut across those of Cluster: errors are then two-way,
	// CR1.
	Second []int
	// Variance of the clustered errors, on the working least-squares problem.
	Variance Variance
}

// Binomial fits P = g⁻¹(X·β) to success[i] among trials[i] units that share the
// row x[i] (grouped cells; trials of 1 is plain logistic regression) by iterated
// weighted least squares, until no coefficient moves by 1e-10.
//
// Cluster-robust errors as [Linear]'s on the working problem at convergence
// (CR1 with G/(G−1) only; t with G−1 or Bell & McCaffrey's degrees of freedom).
// Warnings: separation (its coefficients have no error), no convergence after 100 steps, collinear
// columns.
//
// Source: McCullagh & Nelder 1989, §4.4; Liang & Zeger 1986 (Biometrika 73).
func Binomial(success, trials []float64, x [][]float64, o BinomialOptions) Regression {
	n, p := size(x)
	checkLengths(n, len(success), len(trials))
	method := "binomial, " + o.Link.String() + " link"
	if o.Link != LogitLink && o.Link != CloglogLink {
		panic("stats: " + method)
	}
	if faults := unsoundRows(x, of(success, trials), o.Offset); faults != nil {
		return failed(p, 0, method, faults...)
	}
	if out := beyond(success, trials); out > 0 {
		return failed(p, 0, method, warning(OutOfRange, out))
	}
	kept := sized(trials)
	if len(kept) == 0 {
		return failed(p, 0, method, warning(NoUnits))
	}
	if len(kept) < n {
		o.Offset, o.Cluster, o.Second = pick(o.Offset, kept), pick(o.Cluster, kept), pick(o.Second, kept)
		return Binomial(pick(success, kept), pick(trials, kept), pick(x, kept), o)
	}
	total, eta := 0.0, make([]float64, n)
	working, root := make([]float64, n), make([]float64, n)
	for i, m := range trials {
		total += m
		share := (success[i] + 0.5) / (m + 1)
		if eta[i] = math.Log(share / (1 - share)); o.Link == CloglogLink {
			eta[i] = math.Log(-math.Log1p(-share))
		}
	}
	r := Regression{Coef: make([]float64, p), N: int(total), Method: method}
	converged := false
	for r.Iterations < 100 && !converged {
		r.Iterations++
		binomialStep(success, trials, eta, o, working, root)
		xd := design(x, root)
		b, ok := bread(xd)
		if !ok {
			if r.Iterations == 1 {
				return failed(p, int(total), method, warning(Collinear))
			}
			break // the information vanishes: separation
		}
		next := solve(b, xd, working)
		converged = true
		for j := range next {
			converged = converged && math.Abs(next[j]-r.Coef[j]) <= 1e-10*(1+math.Abs(next[j]))
		}
		r.Coef, r.Cov = next, b
		linearPredictor(x, next, o.Offset, eta)
	}
	contrary := make([]float64, n)
	r.LogLik = 0
	for i, m := range trials {
		q, _ := o.Link.mean(eta[i])
		contrary[i] = math.Inf(1)
		switch success[i] {
		case 0:
			contrary[i] = m * q
		case m:
			contrary[i] = m * (1 - q)
		}
		r.LogLik += binomialLogLik(success[i], m, eta[i], o.Link)
	}
	r.Dispersion = dispersion(success, trials, eta, o.Link, p)
	edge, infinite := separated(x, contrary, r.Cov)
	if edge > 0 {
		r.Warnings = append(r.Warnings, warning(Separation, edge, n))
	}
	if !converged && edge == 0 {
		r.Warnings = append(r.Warnings, warning(NoConvergence, r.Iterations))
	}
	if o.Cluster != nil {
		binomialStep(success, trials, eta, o, working, root)
		for i := range working { // √w·(z − η)
			working[i] -= root[i] * (eta[i] - offset(o.Offset, i))
		}
		var warnings []Warning
		if xd := design(x, root); o.Second != nil {
			r.Cov, r.DF, r.Clusters, warnings = twoWay(xd, working, r.Cov, o.Cluster, o.Second, false)
			r.Method += ", two-way CR1"
		} else {
			r.Cov, r.DF, r.Clusters, warnings = sandwich(xd, working, r.Cov, o.Cluster, o.Variance, false)
			r.Method += ", " + o.Variance.String()
		}
		r.Warnings = append(r.Warnings, warnings...)
	}
	r.withhold(func(j int) bool { return infinite[j] })
	r.finish(math.Inf(1))
	return r
}

// dispersion is Pearson's chi-square of the rows over their number less that of the
// coefficients: near 1 where the units of a row are independent.
func dispersion(success, trials, eta []float64, l Link, p int) float64 {
	sum, rows := 0.0, 0
	for i, m := range trials {
		q, _ := l.mean(eta[i])
		if v := m * q * (1 - q); v > 0 {
			sum += (success[i] - m*q) * (success[i] - m*q) / v
		}
		rows++
	}
	if rows <= p {
		return math.NaN()
	}
	return sum / float64(rows-p)
}

// binomialStep computes the roots of the working weights and the working
// response (times the root, without the offset) at eta.
func binomialStep(success, trials, eta []float64, o BinomialOptions, working, root []float64) {
	for i, m := range trials {
		q, slope := o.Link.mean(eta[i])
		if m == 0 || slope == 0 || q*(1-q) == 0 {
			working[i], root[i] = 0, 0
			continue
		}
		root[i] = math.Sqrt(m * slope * slope / (q * (1 - q)))
		z := eta[i] - offset(o.Offset, i) + (success[i]/m-q)/slope
		working[i] = root[i] * z
	}
}

func offset(o []float64, i int) float64 {
	if o == nil {
		return 0
	}
	return o[i]
}

// linearPredictor sets eta to X·coef + offset.
func linearPredictor(x [][]float64, coef, off, eta []float64) {
	for i, row := range x {
		eta[i] = offset(off, i)
		for j, v := range row {
			eta[i] += v * coef[j]
		}
	}
}

// binomialLogLik is the log probability of x among m, the binomial coefficient
// included.
func binomialLogLik(x, m, eta float64, l Link) float64 {
	if m == 0 {
		return 0
	}
	q, _ := l.mean(eta)
	ll := lgamma(m+1) - lgamma(x+1) - lgamma(m-x+1)
	if x > 0 {
		ll += x * math.Log(q)
	}
	if x < m {
		if l == CloglogLink {
			ll -= (m - x) * math.Exp(eta)
		} else {
			ll += (m - x) * math.Log(expit(-eta))
		}
	}
	return ll
}

func lgamma(v float64) float64 {
	l, _ := math.Lgamma(v)
	return l
}
