package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// An interval speaks of clusters that were not drawn. One that a single cluster carries
// speaks of that cluster, whatever its standard error: with one treated cluster of
// twelve its residual is 0 and says nothing (MacKinnon & Webb 2017, J. Appl. Econometrics
// 32). Such a number gets no interval.
const (
	// largestPart is what one cluster may bring to a variance. It is near 1 on purpose: it
	// depends on the draw, and a lower one would take the intervals of honest draws away.
	largestPart = 0.95
	// largestCluster is the part of the units that one cluster may hold.
	largestCluster = 0.5
	// leastFreedom is the least number of degrees of freedom of a coefficient.
	leastFreedom = 2
)

// oneCarries reports whether one of the influences brings nearly all of the variance.
func oneCarries(influence []float64) bool {
	sum, top := 0.0, 0.0
	for _, u := range influence {
		sum, top = sum+u*u, math.Max(top, u*u)
	}
	return top > largestPart*sum
}

// carried removes the interval of e when one cluster carries it.
func (e *Estimate) carried(influence, part []float64) bool {
	one := oneCarries(influence)
	for _, h := range part {
		one = one || h > largestCluster
	}
	if one {
		e.noInterval()
		e.warn(OneCarries, e.Clusters)
	}
	return one
}

// withhold takes the error of the coefficients j for which none is known.
func (r *Regression) withhold(without func(j int) bool) (any bool) {
	size := len(r.Coef)
	for j := range size {
		if !without(j) {
			continue
		}
		any = true
		for k := range size {
			r.Cov.SetSym(min(j, k), max(j, k), math.NaN())
		}
	}
	return any
}

// guarded takes the errors of the coefficients that one cluster fixes or carries in the
// working least squares of the same rows: the rule is one for every model of them.
func (r *Regression) guarded(success, trials []float64, x [][]float64, cluster []int) {
	plain := Binomial(success, trials, x, BinomialOptions{Cluster: cluster})
	if !r.withhold(func(j int) bool { return !(plain.SE[j] > 0) }) {
		return
	}
	for _, w := range plain.Warnings {
		if w.Code == Alone || w.Code == OneCarries {
			r.Warnings = append(r.Warnings, w)
		}
	}
}

// influences are, by coefficient, what each cluster brings to it: the rows are clusters.
func influences(d *mat.Dense) [][]float64 {
	g, p := d.Dims()
	out := make([][]float64, p)
	for j := range out {
		out[j] = make([]float64, g)
		mat.Col(out[j], j, d)
	}
	return out
}
