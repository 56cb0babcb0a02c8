package uniqueness

import (
	"errors"
	"math"
	"slices"
)

// Estimates are the estimated shares of a population, 0 to 1, who are alone in it. NaN
// stands for a model that has no solution on this sample.
type Estimates struct {
	Pitman, Zayatz, SNB float64
	// Dankar is the one that the rule of Dankar et al. believes, and Model its name.
	Dankar float64
	Model  string // pitman, zayatz, snb; sample where the sample has no unique
}

// Names of the models.
const (
	Pitman = "pitman"
	Zayatz = "zayatz"
	SNB    = "snb"
	Sample = "sample"
)

// Population estimates the share of uniques in a population of which the classes, by their
// size in persons, are a simple random sample; fraction is the sample's share of it, above 0
// and at most 1.
func Population(sizes []int, fraction float64) (Estimates, error) {
	if len(sizes) == 0 || slices.Min(sizes) < 1 {
		return Estimates{}, errors.New("uniqueness: classes must be there, and hold somebody")
	}
	if !(fraction > 0 && fraction <= 1) {
		return Estimates{}, errors.New("uniqueness: the sampling fraction must be above 0 and at most 1")
	}
	h := newHistogram(sizes)
	if h.count[1] == 0 {
		return Estimates{Model: Sample}, nil
	}
	population := h.n / fraction
	e := Estimates{
		Pitman: share(h.pitman(population), population), Zayatz: share(h.zayatz(population), population),
		SNB: share(h.snb(fraction), population),
	}
	switch {
	case fraction <= 0.1 && !math.IsNaN(e.Pitman):
		e.Dankar, e.Model = e.Pitman, Pitman
	case fraction > 0.1 && e.SNB <= e.Zayatz: // never where it is NaN
		e.Dankar, e.Model = e.SNB, SNB
	default:
		e.Dankar, e.Model = e.Zayatz, Zayatz
	}
	return e, nil
}

// share is a number of persons as a share; NaN where it is none.
func share(uniques, population float64) float64 {
	if !(uniques > 0 && uniques <= population*(1+1e-9)) {
		return math.NaN()
	}
	return math.Min(1, uniques/population)
}

// histogram counts the classes of each size.
type histogram struct {
	count   map[int]float64
	sizes   []int   // in order, so that sums are the same each time
	n       float64 // persons
	classes float64
}

func newHistogram(sizes []int) histogram {
	h := histogram{count: map[int]float64{}, classes: float64(len(sizes))}
	for _, size := range sizes {
		if h.count[size] == 0 {
			h.sizes = append(h.sizes, size)
		}
		h.count[size]++
		h.n += float64(size)
	}
	slices.Sort(h.sizes)
	return h
}

// zayatz estimates how many sample uniques are population uniques, under the assumption that
// the classes of the population have the sizes of those of the sample.
func (h histogram) zayatz(population float64) float64 {
	one := func(size float64) float64 { // P(one of the class is drawn), hypergeometric
		if size > population {
			return 0
		}
		return size * math.Exp(lnChoose(population-size, h.n-1)-lnChoose(population, h.n))
	}
	all := 0.
	for _, size := range h.sizes {
		all += h.count[size] * one(float64(size))
	}
	return h.count[1] * (h.count[1] * one(1) / all) * population / h.n
}

// lnChoose is the logarithm of a binomial coefficient, −∞ where it is 0.
func lnChoose(n, k float64) float64 {
	if k < 0 || k > n+1e-9 {
		return math.Inf(-1)
	}
	a, _ := math.Lgamma(n + 1)
	b, _ := math.Lgamma(k + 1)
	c, _ := math.Lgamma(math.Max(0, n-k) + 1)
	return a - b - c
}

// pitman fits Pitman's sampling formula by maximum likelihood and extrapolates.
func (h histogram) pitman(population float64) float64 {
	u, n, c1 := h.classes, h.n, h.count[1]
	c2 := math.Max(1, h.count[2])
	// moments as a start: Hoshino (2001), section 3
	c := c1 * (c1 - 1) / c2
	theta := (n*u*c - c1*(n-1)*(2*u+c)) / (2*c1*u + c1*c - n*c)
	alpha := (theta*(c1-n) + (n-1)*c1) / (n * u)
	theta, alpha, ok := newton(theta, alpha, h.pitmanScore)
	if !ok || alpha <= 0 || alpha >= 1 || theta+alpha <= 0 {
		return math.NaN()
	}
	a, _ := math.Lgamma(theta + 1)
	b, _ := math.Lgamma(theta + alpha)
	return math.Exp(a - b + alpha*math.Log(population))
}

// pitmanScore is the gradient of the log-likelihood.
func (h histogram) pitmanScore(theta, alpha float64) (x, y float64) {
	for i := 1.; i < h.classes; i++ {
		x += 1 / (theta + i*alpha)
		y += i / (theta + i*alpha)
	}
	for i := 1.; i < h.n; i++ {
		x -= 1 / (theta + i)
	}
	for _, size := range h.sizes {
		for j := 1.; j < float64(size); j++ {
			y -= h.count[size] / (j - alpha)
		}
	}
	return x, y
}

// snb fits the shifted negative binomial to the classes of one and of two.
func (h histogram) snb(f float64) float64 {
	k := h.shlosser(f)
	if math.IsNaN(k) || h.count[2] == 0 {
		return math.NaN()
	}
	// The population's classes have 1 + NB(alpha, beta) persons; of the generating function
	// at 1 − f the first two coefficients are those of the sample's classes of 1 and 2.
	miss := func(a, b float64) (x, y float64) {
		alpha, beta := math.Exp(a), 1/(1+math.Exp(-b))
		q := (1 - f) * (1 - beta)
		d := 1 - q
		x = k*f*math.Pow(beta/d, alpha)*(1+alpha*q/d) - h.count[1]
		y = k*f*f/2*alpha*(1-beta)*math.Pow(beta, alpha)/math.Pow(d, alpha+2)*(2-(1-alpha)*q) - h.count[2]
		return x / h.count[1], y / h.count[2]
	}
	for _, start := range [][2]float64{{0, 0}, {-2, -2}, {-4, -4}, {0, -4}, {-2, 2}, {1, 1}, {-6, -2}} {
		if a, b, ok := newton(start[0], start[1], miss); ok {
			return k * math.Pow(1/(1+math.Exp(-b)), math.Exp(a))
		}
	}
	return math.NaN()
}

// shlosser estimates the number of classes in the population (P. Haas, L. Stokes, JASA 93,
// 1998, equation 31 for the modified estimator).
func (h histogram) shlosser(f float64) float64 {
	var v1, v2, v3, v4 float64
	for _, size := range h.sizes {
		i, c := float64(size), h.count[size]
		v1 += i * f * f * math.Pow(1-f*f, i-1) * c
		v2 += math.Pow(1-f, i) * (math.Pow(1+f, i) - 1) * c
		v3 += math.Pow(1-f, i) * c
		v4 += i * f * math.Pow(1-f, i-1) * c
	}
	if v2 == 0 || v4 == 0 {
		return math.NaN()
	}
	return h.classes + h.count[1]*(v1/v2)*(v3/v4)*(v3/v4)
}

// newton finds a root of two functions of two unknowns by damped steps.
func newton(x, y float64, of func(x, y float64) (float64, float64)) (float64, float64, bool) {
	size := func(x, y float64) float64 {
		a, b := of(x, y)
		return math.Hypot(a, b)
	}
	for range 300 {
		a, b := of(x, y)
		now := math.Hypot(a, b)
		if math.IsNaN(now) || math.IsInf(now, 0) {
			return 0, 0, false
		}
		if now < 1e-9 {
			return x, y, true
		}
		hx, hy := 1e-6*math.Max(1e-3, math.Abs(x)), 1e-6*math.Max(1e-3, math.Abs(y))
		ax, bx := of(x+hx, y)
		ay, by := of(x, y+hy)
		ax, bx, ay, by = (ax-a)/hx, (bx-b)/hx, (ay-a)/hy, (by-b)/hy
		det := ax*by - ay*bx
		if det == 0 || math.IsNaN(det) {
			return 0, 0, false
		}
		dx, dy := (a*by-ay*b)/det, (ax*b-a*bx)/det
		step := 1.
		for step > 1e-8 && !(size(x-step*dx, y-step*dy) < now) {
			step /= 2
		}
		if step <= 1e-8 { // as near as the arithmetic comes
			return x, y, now < 1e-6
		}
		x, y = x-step*dx, y-step*dy
	}
	return 0, 0, false
}
