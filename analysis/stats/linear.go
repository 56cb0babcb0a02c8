package stats

import (
	"math"
)

// LinearOptions chooses the weights and the errors of [Linear].
type LinearOptions struct {
	// Weights are inverse variances up to a factor; nil means 1.
	Weights []float64
	// Cluster names the cluster of each row; nil gives classical errors.
	Cluster []int
	// Second names clusters that cut across those of Cluster: errors are then two-way,
	// CR1.
	Second   []int
	Variance Variance
}

// Linear fits y = X·β by (weighted) least squares, β = (XᵀWX)⁻¹XᵀWy. x holds one
// row per unit, the constant included. Errors are the classical ones,
// s² = Σw·e²/(n−p), or cluster-robust (see [Variance]; CR1 with Stata's factor,
// CR2 and CR3 with Bell & McCaffrey's degrees of freedom per coefficient).
//
// A design without full column rank gives NaN and a warning. Source: Cameron &
// Miller 2015 (J. Human Resources 50); Bell & McCaffrey 2002; Pustejovsky & Tipton
// 2018 (JBES 36).
func Linear(y []float64, x [][]float64, o LinearOptions) Regression {
	checkLengths(len(y), len(x))
	n, p := size(x)
	if faults := unsoundRows(x, of(o.Weights), y); faults != nil {
		return failed(p, 0, "least squares", faults...)
	}
	if kept := sized(o.Weights); o.Weights != nil && len(kept) < n {
		return o.without(y, x, kept)
	}
	root := roots(o.Weights, n)
	xd := design(x, root)
	b, ok := bread(xd)
	if !ok || n < p {
		return failed(p, n, "least squares", warning(Collinear))
	}
	ys := make([]float64, n)
	for i := range ys {
		ys[i] = root[i] * y[i]
	}
	r := Regression{Coef: solve(b, xd, ys), N: n, LogLik: math.NaN(), Method: "least squares",
		Residuals: make([]float64, n)}
	scaled := make([]float64, n)
	var rss, whole float64
	for i := range y {
		fit := 0.0
		for j, v := range x[i] {
			fit += v * r.Coef[j]
		}
		r.Residuals[i] = y[i] - fit
		scaled[i] = root[i] * r.Residuals[i]
		rss, whole = rss+scaled[i]*scaled[i], whole+ys[i]*ys[i]
	}
	if rss <= 1e-24*whole { // a constant series, as many columns as rows: nothing is left to judge by
		f := failed(p, n, r.Method, warning(ExactFit, n))
		f.Coef, f.Residuals, f.DF = r.Coef, r.Residuals, f.SE
		return f
	}
	if o.Cluster == nil {
		r.Cov = b
		r.Cov.ScaleSym(rss/float64(n-p), b)
		r.finish(float64(n - p))
		return r
	}
	if o.Second != nil {
		r.Cov, r.DF, r.Clusters, r.Warnings = twoWay(xd, scaled, b, o.Cluster, o.Second, true)
		r.Method += ", two-way CR1"
	} else {
		r.Cov, r.DF, r.Clusters, r.Warnings = sandwich(xd, scaled, b, o.Cluster, o.Variance, true)
		r.Method += ", " + o.Variance.String()
	}
	r.finish(0)
	return r
}

// without fits the rows of weight above 0; the residuals are those of all rows.
func (o LinearOptions) without(y []float64, x [][]float64, kept []int) Regression {
	if len(kept) == 0 {
		return failed(len(x[0]), 0, "least squares", warning(NoUnits))
	}
	all := o
	all.Weights, all.Cluster, all.Second = pick(o.Weights, kept), pick(o.Cluster, kept), pick(o.Second, kept)
	r := Linear(pick(y, kept), pick(x, kept), all)
	if r.Residuals == nil {
		return r
	}
	r.Residuals = make([]float64, len(y))
	linearPredictor(x, r.Coef, nil, r.Residuals)
	for i, fit := range r.Residuals {
		r.Residuals[i] = y[i] - fit
	}
	return r
}

// roots are the square roots of weights, all 1 for nil.
func roots(weights []float64, n int) []float64 {
	r := make([]float64, n)
	for i := range r {
		r[i] = 1
	}
	if weights != nil {
		checkLengths(n, len(weights))
		for i, w := range weights {
			r[i] = math.Sqrt(w)
		}
	}
	return r
}
