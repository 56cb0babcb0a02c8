package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// ExactTest is a test of a table of two by two that holds at any size, with its odds ratio.
type ExactTest struct {
	Test
	Odds Estimate
}

// largestExact bounds the counts that exact tests sum over.
const largestExact = 500_000

// FisherExact tests that rows and columns of [[a b] [c d]] are independent, given the
// margins: P sums the tables that are no more likely than this one, as R's fisher.test
// does. Odds is the conditional maximum likelihood of the odds ratio with its exact
// interval; where it is infinite there is none, and the columns exchanged give its inverse.
// Units are independent: for persons of schools see [Binomial] with clusters. Statistic is a.
// Source: Fisher 1935 (JRSS 98); Cornfield 1956.
func FisherExact(a, b, c, d int, level float64) ExactTest {
	checkLevel(level)
	e := ExactTest{
		Test: Test{Statistic: float64(a), DF: math.NaN(), P: math.NaN(), Method: "Fisher's exact test"},
		Odds: Estimate{N: a + b + c + d, DF: math.Inf(1), SE: math.NaN(), Method: "conditional likelihood, exact"},
	}
	if !e.counts(a, b, c, d) {
		return e
	}
	h := newHypergeometric(a+c, b+d, a+b)
	if h.least == h.most { // a margin is 0: nothing is tested
		e.P = 1
		e.Odds.Value = math.NaN()
		e.Odds.noInterval()
		e.Odds.warn(NoEvents)
		return e
	}
	e.P = h.noMoreLikely(a)
	odds := &e.Odds
	if a == h.most {
		odds.infinite()
		return e
	}
	odds.Value, odds.Level = h.odds(a), level
	tail := (1 - level) / 2
	if a > h.least {
		odds.Low = h.solve(func(psi float64) float64 { return h.tail(psi, a, true) - tail })
	}
	odds.High = h.solve(func(psi float64) float64 { return tail - h.tail(psi, a, false) })
	return e
}

// infinite takes the value of odds that are infinite away, and says so.
func (e *Estimate) infinite() {
	e.Value = math.NaN()
	e.noInterval()
	e.warn(NoScale, math.Inf(1), math.NaN(), Log)
}

// counts refuses what are no counts.
func (e *ExactTest) counts(counts ...int) bool {
	sum := 0
	for _, n := range counts {
		switch {
		case n < 0:
			e.Warnings = append(e.Warnings, warning(Negative, 1))
		case n > largestExact:
			e.Warnings = append(e.Warnings, warning(TooLarge, float64(n), float64(largestExact)))
		}
		sum += min(max(n, 0), largestExact)
	}
	if sum == 0 {
		e.Warnings = append(e.Warnings, warning(NoUnits))
	}
	if len(e.Warnings) == 0 {
		return true
	}
	e.Statistic = math.NaN()
	e.Odds.none()
	e.Odds.Warnings = e.Warnings
	return false
}

// hypergeometric is the law of one cell of a table of two by two with given margins.
type hypergeometric struct {
	least, most int
	density     []float64 // log, odds ratio 1
}

// newHypergeometric is the law of the first of k drawn from m of one kind and n of another.
func newHypergeometric(m, n, k int) *hypergeometric {
	h := &hypergeometric{least: max(0, k-n), most: min(k, m)}
	whole := choose(m+n, k)
	for x := h.least; x <= h.most; x++ {
		h.density = append(h.density, choose(m, x)+choose(n, k-x)-whole)
	}
	return h
}

// choose is the log of the binomial coefficient.
func choose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// at gives the probabilities at the log of an odds ratio.
func (h *hypergeometric) at(psi float64) []float64 {
	out := make([]float64, len(h.density))
	top := math.Inf(-1)
	for i, d := range h.density {
		out[i] = d + psi*float64(i)
		top = math.Max(top, out[i])
	}
	sum := 0.0
	for i := range out {
		out[i] = math.Exp(out[i] - top)
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

// noMoreLikely sums what is no more likely than x, but for rounding, as R does.
func (h *hypergeometric) noMoreLikely(x int) float64 {
	p, sum := h.at(0), 0.0
	limit := p[x-h.least] * (1 + 1e-7)
	for _, v := range p {
		if v <= limit {
			sum += v
		}
	}
	return math.Min(1, sum)
}

// tail is the probability of x and what lies above, or below.
func (h *hypergeometric) tail(psi float64, x int, above bool) float64 {
	sum := 0.0
	for i, v := range h.at(psi) {
		if at := i + h.least; at == x || (at > x) == above {
			sum += v
		}
	}
	return sum
}

// odds is the odds ratio under which the mean is x, which is not the most.
func (h *hypergeometric) odds(x int) float64 {
	if x == h.least {
		return 0
	}
	return h.solve(func(psi float64) float64 {
		mean := 0.0
		for i, v := range h.at(psi) {
			mean += v * float64(i+h.least)
		}
		return mean - float64(x)
	})
}

// solve finds the odds ratio at which a function that grows with it crosses 0.
func (h *hypergeometric) solve(f func(psi float64) float64) float64 {
	low, high := -1.0, 1.0
	for f(low) > 0 && low > -1e3 {
		low *= 2
	}
	for f(high) < 0 && high < 1e3 {
		high *= 2
	}
	below, above := f(low), f(high)
	for range 100 { // the false position, halved on the side that stays (Illinois)
		mid := (low*above - high*below) / (above - below)
		v := f(mid)
		if math.Abs(v) < 1e-15 || high-low < 1e-14*(1+math.Abs(mid)) {
			return math.Exp(mid)
		}
		if v < 0 {
			low, below, above = mid, v, above/2
		} else {
			high, above, below = mid, v, below/2
		}
	}
	return math.Exp((low + high) / 2)
}

// McNemar tests that two answers of the same units are yes equally often: only the b units
// that say yes and no and the c that say no and yes tell. Statistic is the χ² with
// continuity correction (1 degree of freedom), P the exact binomial p-value, Odds b/c with
// the interval of Clopper and Pearson, none where c is 0. Units are independent. Source: McNemar 1947
// (Psychometrika 12); Clopper & Pearson 1934 (Biometrika 26).
func McNemar(b, c int, level float64) ExactTest {
	checkLevel(level)
	e := ExactTest{Test: Test{DF: 1, P: math.NaN(), Statistic: math.NaN(), Method: "McNemar, exact"},
		Odds: Estimate{N: b + c, DF: math.Inf(1), SE: math.NaN(), Method: "Clopper–Pearson"}}
	if !e.counts(b, c) {
		return e
	}
	x, n := float64(b), float64(b+c)
	apart := math.Max(0, math.Abs(float64(b-c))-1)
	e.Statistic = apart * apart / n
	few := float64(min(b, c))
	e.P = math.Min(1, 2*atMost(few, n, 0.5))
	if c == 0 {
		e.Odds.infinite()
		return e
	}
	e.Odds.Value, e.Odds.Low, e.Odds.Level = x/(n-x), 0, level
	tail := (1 - level) / 2
	odds := func(p float64) float64 { return p / (1 - p) }
	if b > 0 {
		e.Odds.Low = odds(mathext.InvRegIncBeta(x, n-x+1, tail))
	}
	e.Odds.High = odds(mathext.InvRegIncBeta(x+1, n-x, 1-tail))
	return e
}

// atMost is P(X ≤ x) of a binomial.
func atMost(x, n, p float64) float64 {
	if x >= n {
		return 1
	}
	return mathext.RegIncBeta(n-x, x+1, 1-p)
}
