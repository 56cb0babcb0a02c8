package stats

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
)

// MixedFit is a logistic regression with a random intercept of each cluster.
type MixedFit struct {
	Regression
	// Sigma is the standard deviation of the intercepts on the logit scale and SigmaSE its
	// error; ICC = σ²/(σ² + π²/3) the likeness of two units of a cluster on that scale.
	Sigma, SigmaSE, ICC float64
}

// quadrature is the number of nodes of the integral over an intercept.
const quadrature = 25

// leastSigma is the deviation of the intercepts below which clusters do not differ.
const leastSigma = 1e-3

// RandomIntercept fits logit P = X·β + σ·z with one standard normal z of each cluster, to
// success[i] among trials[i] units that share x[i] and a cluster, by maximum likelihood:
// the integral over z by adaptive Gauss–Hermite quadrature of 25 nodes around the mode of
// each cluster. The odds ratios are those of units of one cluster, and larger than those of
// [Exchangeable] and [Binomial]. Errors are the inverse observed information, σ taken into
// account, and rest on the normal intercepts; [Regression.Jackknife] does not.
// LogLik has the binomial coefficients.
//
// Warnings as of [Binomial]; σ below 0.001 gives the fit of Binomial and a warning, since
// errors at the boundary are none. Source: Pinheiro & Bates 1995 (JCGS 4); Liu & Pierce
// 1994 (Biometrika 81).
func RandomIntercept(success, trials []float64, x [][]float64, cluster []int) MixedFit {
	checkLengths(len(success), len(trials), len(cluster))
	start := Binomial(success, trials, x, BinomialOptions{})
	r := MixedFit{Regression: start, Sigma: math.NaN(), SigmaSE: math.NaN(), ICC: math.NaN()}
	r.Method, r.Dispersion = "binomial, logit link, random intercept", 0
	if kept := sized(trials); len(kept) < len(trials) {
		success, trials, x, cluster = pick(success, kept), pick(trials, kept), pick(x, kept), pick(cluster, kept)
	}
	if len(start.Warnings) > 0 || len(trials) == 0 {
		r.Regression = failed(len(start.Coef), start.N, r.Method, start.Warnings...)
		return r
	}
	p := len(start.Coef)
	m := newMixed(success, trials, x, byCluster(cluster))
	from := append([]float64(nil), start.Coef...)
	for j, s := range m.scale {
		from[j] *= s
	}
	top := maximise(m.logLik, append(from, math.Log(0.5)))
	r.Clusters, r.Iterations, r.LogLik = len(m.clusters), top.steps, top.value
	few := func() {
		if r.Clusters < MinClusters {
			r.Warnings = append(r.Warnings, warning(FewClusters, r.Clusters, MinClusters))
		}
	}
	r.Sigma = math.Exp(top.at[p])
	if r.Sigma < leastSigma {
		r.Sigma, r.ICC, r.LogLik = 0, 0, start.LogLik
		r.Warnings = append(r.Warnings, warning(NoLikeness, leastSigma))
		few()
		return r
	}
	r.ICC = r.Sigma * r.Sigma / (r.Sigma*r.Sigma + math.Pi*math.Pi/3)
	inv, ok := inverse(top.information, p+1)
	if !ok {
		r.Regression = failed(p, r.N, r.Method, warning(Singular, p+1))
		return r
	}
	if !top.converged {
		r.Warnings = append(r.Warnings, warning(NoConvergence, top.steps))
	}
	r.SigmaSE = r.Sigma * math.Sqrt(inv.At(p, p))
	r.Coef, r.Cov, r.SE, r.DF = append([]float64(nil), top.at[:p]...), mat.NewSymDense(p, nil), nil, nil
	for i := range p {
		for j := range i + 1 {
			r.Cov.SetSym(i, j, inv.At(i, j))
		}
	}
	few()
	r.finish(math.Inf(1))
	r.rescale(m.scale)
	r.guarded(success, trials, x, cluster)
	r.finish(math.Inf(1))
	return r
}

// mixed is the data of the likelihood, columns divided by scale, with the nodes and the logs
// of the weights of the quadrature.
type mixed struct {
	success, trials []float64
	x               [][]float64
	clusters        [][]int
	scale           []float64
	node, weight    []float64
	constant        float64 // Σ log of the binomial coefficients
}

func newMixed(success, trials []float64, x [][]float64, clusters [][]int) *mixed {
	m := &mixed{success: success, trials: trials, clusters: clusters, scale: make([]float64, len(x[0])),
		node: make([]float64, quadrature), weight: make([]float64, quadrature)}
	m.x = scaled(x, m.scale)
	quad.Hermite{}.FixedLocations(m.node, m.weight, math.Inf(-1), math.Inf(1))
	for k, t := range m.node { // ∫f = Σ w·e^{t²}·f(t)
		m.weight[k] = math.Log(m.weight[k]) + t*t
	}
	for i, n := range trials {
		m.constant += lgamma(n+1) - lgamma(success[i]+1) - lgamma(n-success[i]+1)
	}
	return m
}

// logLik is the log-likelihood at β and log σ, with its gradient.
func (m *mixed) logLik(at, gradient []float64) float64 {
	clear(gradient)
	p := len(at) - 1
	sigma := math.Exp(at[p])
	eta := make([]float64, len(m.x))
	linearPredictor(m.x, at[:p], nil, eta)
	ll := m.constant
	value, slope := make([]float64, len(m.node)), make([][]float64, len(m.node))
	for k := range slope {
		slope[k] = make([]float64, p+1)
	}
	for _, in := range m.clusters {
		mode, width := m.mode(in, eta, sigma)
		top := math.Inf(-1)
		for k, t := range m.node {
			z := mode + math.Sqrt2*width*t
			value[k] = m.weight[k] + m.joint(in, eta, sigma, z, slope[k])
			top = math.Max(top, value[k])
		}
		sum := 0.0
		for k := range value {
			value[k] = math.Exp(value[k] - top)
			sum += value[k]
		}
		for k, v := range value {
			for j := range gradient {
				gradient[j] += v / sum * slope[k][j]
			}
		}
		ll += top + math.Log(sum) + math.Log(width/math.Sqrt(math.Pi))
	}
	return ll
}

// joint is the log of the density of a cluster and its intercept z, but for constants, and
// its slope in β and log σ.
func (m *mixed) joint(in []int, eta []float64, sigma, z float64, slope []float64) float64 {
	clear(slope)
	last := len(slope) - 1
	v := -z * z / 2
	for _, i := range in {
		e := eta[i] + sigma*z
		s, n := m.success[i], m.trials[i]
		v += s*e - n*softplus(e)
		excess := s - n*expit(e)
		for j, a := range m.x[i] {
			slope[j] += a * excess
		}
		slope[last] += sigma * z * excess
	}
	return v
}

// softplus is log(1 + eˣ).
func softplus(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}

// mode is where the density of the intercept of a cluster is largest, and the width of the
// normal that is as curved there.
func (m *mixed) mode(in []int, eta []float64, sigma float64) (z, width float64) {
	curve := 1.0
	for range 100 {
		slope := -z
		curve = 1
		for _, i := range in {
			mu := expit(eta[i] + sigma*z)
			slope += sigma * (m.success[i] - m.trials[i]*mu)
			curve += sigma * sigma * m.trials[i] * mu * (1 - mu)
		}
		step := slope / curve
		z += math.Max(-2, math.Min(2, step))
		if math.Abs(step) < 1e-12 {
			break
		}
	}
	return z, 1 / math.Sqrt(curve)
}
