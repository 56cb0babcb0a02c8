package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// CountFamily is the law of a count given its mean μ.
type CountFamily int

// Families: Poisson, and NB2 with variance μ + μ²/θ.
const (
	Poisson CountFamily = iota
	NB2
)

// ZeroPart says how zeros beyond the family's own arise.
type ZeroPart int

// Zero parts. Inflated: a share π of units is always at 0,
// logit π = Z·γ. Hurdle: a unit is above 0 with probability p, logit p = Z·γ, and
// then follows the family truncated at 0.
const (
	PlainZero ZeroPart = iota
	Inflated
	Hurdle
)

// countTerm is a probability with its derivatives by η = log μ, λ = log θ and
// the zero part's linear predictor ζ.
type countTerm struct{ p, eta, lambda, zeta float64 }

func (t *countTerm) add(u countTerm, times float64) {
	t.p += times * u.p
	t.eta += times * u.eta
	t.lambda += times * u.lambda
	t.zeta += times * u.zeta
}

// countProbability is the probability that a count lies in [low, high].
func countProbability(low, high, eta, lambda, zeta float64, family CountFamily, zero ZeroPart) countTerm {
	positive := countRange(math.Max(low, 1), high, eta, lambda, family)
	if zero == PlainZero && low > 0 {
		return positive
	}
	none := countRange(0, 0, eta, lambda, family)
	q := expit(zeta)
	s := q * expit(-zeta)
	var t countTerm
	switch zero {
	case Inflated:
		t.add(positive, 1-q)
		t.zeta -= s * positive.p
		if low == 0 {
			t.add(none, 1-q)
			t.p += q
			t.zeta += s * (1 - none.p)
		}
	case Hurdle:
		above := countRange(1, math.Inf(1), eta, lambda, family)
		if positive.p > 0 {
			ratio := positive.p / above.p
			t.p = q * ratio
			t.zeta = s * ratio
			t.eta = q * (positive.eta - ratio*above.eta) / above.p
			t.lambda = q * (positive.lambda - ratio*above.lambda) / above.p
		}
		if low == 0 {
			t.p += 1 - q
			t.zeta -= s
		}
	default:
		t.add(positive, 1)
		t.add(none, 1)
	}
	return t
}

// countRange sums the family's probabilities over the integers low..high; high
// may be +Inf. An empty range is 0.
func countRange(low, high, eta, lambda float64, family CountFamily) countTerm {
	var t countTerm
	if high < low {
		return t
	}
	if !math.IsInf(high, 1) {
		return countSum(low, high, eta, lambda, family)
	}
	t.p = 1
	if low > 0 {
		t.add(countSum(0, low-1, eta, lambda, family), -1)
	}
	if t.p > 1e-6 {
		return t
	}
	return countSum(low, math.Inf(1), eta, lambda, family) // a thin tail: no cancellation
}

func countSum(low, high, eta, lambda float64, family CountFamily) countTerm {
	mu, theta := math.Exp(eta), math.Exp(lambda)
	var t countTerm
	var p, psi, step float64 // psi = ψ(k+θ) − ψ(θ)
	if family == Poisson {
		p = math.Exp(low*eta - mu - lgamma(low+1))
		step = mu
	} else {
		p = math.Exp(logNB(low, mu, theta))
		psi = mathext.Digamma(low+theta) - mathext.Digamma(theta)
		step = mu / (mu + theta)
	}
	for k := low; k <= high; k++ {
		u := countTerm{p: p}
		if family == Poisson {
			u.eta = p * (k - mu)
			p *= step / (k + 1)
		} else {
			u.eta = p * theta * (k - mu) / (theta + mu)
			u.lambda = p * theta * (psi + 1 - math.Log1p(mu/theta) - (k+theta)/(theta+mu))
			psi += 1 / (k + theta)
			p *= step * (k + theta) / (k + 1)
		}
		t.add(u, 1)
		if math.IsInf(high, 1) && (k > mu && u.p <= 1e-17*t.p || k > low+1e6) {
			break
		}
	}
	return t
}

// logNB is log of Γ(k+θ)/(k!·Γ(θ))·(θ/(θ+μ))^θ·(μ/(θ+μ))^k.
func logNB(k, mu, theta float64) float64 {
	v := lgamma(k+theta) - lgamma(theta) - lgamma(k+1) - theta*math.Log1p(mu/theta)
	if k > 0 {
		v -= k * math.Log1p(theta/mu)
	}
	return v
}
