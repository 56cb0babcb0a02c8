package stats

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/mat"
)

// CoxData holds spells by row: at risk in (Start, Stop], with an event at Stop or
// censored there. Start nil means 0; it serves covariates that change and
// landmarks. Strata have baselines of their own; Cluster asks for robust errors.
type CoxData struct {
	Start, Stop []float64
	Event       []bool
	X           [][]float64 // no constant
	Strata      []int
	Cluster     []int
}

// Cox fits the proportional hazards model by partial likelihood with Efron's
// treatment of ties. Coefficients are log hazard ratios ([Regression.Ratio]).
// With clusters the covariance is the sandwich of the score residuals summed by
// cluster (Lin & Wei 1989), with the factor G/(G−1) and G−1 degrees of freedom.
//
// Warnings: a monotone likelihood (a coefficient beyond 15 in absolute value: no
// finite estimate), no convergence, fewer than [MinClusters] clusters.
//
// Source: Cox 1972 (JRSS B 34); Efron 1977 (JASA 72); Therneau & Grambsch 2000.
func Cox(d CoxData) Regression {
	n := len(d.Stop)
	checkLengths(n, len(d.Event), len(d.X))
	p := len(d.X[0])
	if _, ok := bread(centred(d.X)); !ok {
		return failed(p, n, "Cox, Efron", warning(Collinear))
	}
	c := newCoxer(d)
	top := maximise(c.logLik, make([]float64, p))
	r := Regression{Coef: top.at, LogLik: top.value, N: n, Iterations: top.steps, Method: "Cox, Efron"}
	if !top.converged {
		r.Warnings = append(r.Warnings, warning(NoConvergence, top.steps))
	}
	for j, b := range r.Coef {
		if math.Abs(b) > 15 {
			r.Warnings = append(r.Warnings, warning(NoMaximum, j+1, b))
		}
	}
	inv, ok := inverse(top.information, p)
	if !ok {
		f := failed(p, n, r.Method, warning(Singular, p))
		f.Coef = r.Coef
		return f
	}
	r.Cov = inv
	if d.Cluster == nil {
		r.finish(math.Inf(1))
		return r
	}
	scores := c.scores(r.Coef)
	rows := byCluster(d.Cluster)
	meat := mat.NewSymDense(p, nil)
	for _, in := range rows {
		s := mat.NewVecDense(p, nil)
		for _, i := range in {
			s.AddVec(s, mat.NewVecDense(p, scores[i]))
		}
		meat.SymRankOne(meat, 1, s)
	}
	var left, full mat.Dense
	left.Mul(inv, meat)
	full.Mul(&left, inv)
	g := float64(len(rows))
	r.Cov = mat.NewSymDense(p, nil)
	for i := range p {
		for j := 0; j <= i; j++ {
			r.Cov.SetSym(i, j, full.At(i, j)*g/(g-1))
		}
	}
	r.Clusters = len(rows)
	r.Method += ", cluster-robust"
	if r.Clusters < MinClusters {
		r.Warnings = append(r.Warnings, warning(FewClusters, r.Clusters, MinClusters))
	} else if r.Clusters < fewClusters {
		r.Warnings = append(r.Warnings, warning(SmallErrors, r.Clusters, fewClusters))
	}
	r.finish(g - 1)
	return r
}

// centred is the design less its column means.
func centred(x [][]float64) *mat.Dense {
	m := design(x, nil)
	n, p := m.Dims()
	for j := range p {
		mean := 0.0
		for i := range n {
			mean += m.At(i, j) / float64(n)
		}
		for i := range n {
			m.Set(i, j, m.At(i, j)-mean)
		}
	}
	return m
}

// coxer walks the event times of each stratum from the last to the first.
type coxer struct {
	CoxData
	p      int
	strata [][]int // rows, Stop falling
	starts [][]int // rows, Start falling; nil without Start
}

func newCoxer(d CoxData) *coxer {
	c := &coxer{CoxData: d, p: len(d.X[0])}
	strata := d.Strata
	if strata == nil {
		strata = make([]int, len(d.Stop))
	}
	for _, rows := range byCluster(strata) {
		sort.SliceStable(rows, func(a, b int) bool { return d.Stop[rows[a]] > d.Stop[rows[b]] })
		c.strata = append(c.strata, rows)
		var by []int
		if d.Start != nil {
			by = append(by, rows...)
			sort.SliceStable(by, func(a, b int) bool { return d.Start[by[a]] > d.Start[by[b]] })
		}
		c.starts = append(c.starts, by)
	}
	return c
}

// coxTie is one distinct event time: the deaths and, for k = 0…d−1, Efron's
// denominator s0 and mean a of the risk set less k/d of the deaths.
type coxTie struct {
	time   float64
	deaths []int
	s0     []float64
	a      [][]float64
}

// ties lists the event times of stratum s, from the last to the first.
func (c *coxer) ties(s int, risk []float64) []coxTie {
	rows, starts := c.strata[s], c.starts[s]
	var out []coxTie
	s0, s1 := 0.0, make([]float64, c.p)
	add := func(i int, sign float64) {
		s0 += sign * risk[i]
		for j, v := range c.X[i] {
			s1[j] += sign * risk[i] * v
		}
	}
	gone := 0
	for k := 0; k < len(rows); {
		t := coxTie{time: c.Stop[rows[k]]}
		d0, d1 := 0.0, make([]float64, c.p)
		for ; k < len(rows) && c.Stop[rows[k]] == t.time; k++ {
			i := rows[k]
			add(i, 1)
			if c.Event[i] {
				t.deaths = append(t.deaths, i)
				d0 += risk[i]
				for j, v := range c.X[i] {
					d1[j] += risk[i] * v
				}
			}
		}
		for ; gone < len(starts) && c.Start[starts[gone]] >= t.time; gone++ {
			add(starts[gone], -1)
		}
		if len(t.deaths) == 0 {
			continue
		}
		for e := range t.deaths {
			f := float64(e) / float64(len(t.deaths))
			a := make([]float64, c.p)
			for j := range a {
				a[j] = (s1[j] - f*d1[j]) / (s0 - f*d0)
			}
			t.s0, t.a = append(t.s0, s0-f*d0), append(t.a, a)
		}
		out = append(out, t)
	}
	return out
}

func (c *coxer) risks(beta []float64) (eta, risk []float64) {
	eta, risk = make([]float64, len(c.X)), make([]float64, len(c.X))
	linearPredictor(c.X, beta, nil, eta)
	top := 0.0 // shifting η by a constant changes nothing but the overflow
	for _, e := range eta {
		top = math.Max(top, e)
	}
	if top < 300 {
		top = 0
	}
	for i, e := range eta {
		eta[i] = e - top
		risk[i] = math.Exp(e - top)
	}
	return eta, risk
}

func (c *coxer) logLik(beta, gradient []float64) float64 {
	eta, risk := c.risks(beta)
	clear(gradient)
	ll := 0.0
	for s := range c.strata {
		for _, t := range c.ties(s, risk) {
			for k, i := range t.deaths {
				ll += eta[i] - math.Log(t.s0[k])
				for j, v := range c.X[i] {
					gradient[j] += v - t.a[k][j]
				}
			}
		}
	}
	return ll
}

// scores are the score residuals: with dH = 1/s0 and dA = a/s0 summed over the
// event times a row was at risk, δ(x − ā) − r(x·H − A), the own tie of a death
// weighted 1−k/d.
func (c *coxer) scores(beta []float64) [][]float64 {
	_, risk := c.risks(beta)
	out := make([][]float64, len(c.X))
	for s, rows := range c.strata {
		ties := c.ties(s, risk)
		times, h, a := cumulate(ties, c.p)
		until := func(t float64) int { return sort.Search(len(times), func(k int) bool { return times[k] > t }) }
		for _, i := range rows {
			lo, hi := 0, until(c.Stop[i])
			if c.Start != nil {
				lo = until(c.Start[i])
			}
			out[i] = make([]float64, c.p)
			for j, v := range c.X[i] {
				out[i][j] = -risk[i] * (v*(h[hi]-h[lo]) - (a[hi][j] - a[lo][j]))
			}
		}
		for _, t := range ties {
			d := float64(len(t.deaths))
			for _, i := range t.deaths {
				for j, v := range c.X[i] {
					for k, s0 := range t.s0 {
						out[i][j] += (v-t.a[k][j])/d + risk[i]*float64(k)/d*(v-t.a[k][j])/s0
					}
				}
			}
		}
	}
	return out
}

// cumulate sums 1/s0 and a/s0 over the event times in rising order; entry k
// covers the first k times.
func cumulate(ties []coxTie, p int) (times, h []float64, a [][]float64) {
	h, a = []float64{0}, [][]float64{make([]float64, p)}
	for k := len(ties) - 1; k >= 0; k-- {
		t := ties[k]
		times = append(times, t.time)
		last := len(h) - 1
		hk, ak := h[last], append([]float64(nil), a[last]...)
		for e, s0 := range t.s0 {
			hk += 1 / s0
			for j := range ak {
				ak[j] += t.a[e][j] / s0
			}
		}
		h, a = append(h, hk), append(a, ak)
	}
	return times, h, a
}

// DiscreteHazard fits the discrete-time proportional hazards model on life
// tables: events among units at risk by row (bin × cell), complementary log-log
// link, so that exp(coefficient) is a hazard ratio of the underlying continuous
// time. x must hold the baseline (a constant and the bins, or a smooth function
// of them). Source: Prentice & Gloeckler 1978 (Biometrics 34); Allison 1982.
func DiscreteHazard(events, atRisk []float64, x [][]float64, cluster []int, v Variance) Regression {
	return Binomial(events, atRisk, x, BinomialOptions{Link: CloglogLink, Cluster: cluster, Variance: v})
}
