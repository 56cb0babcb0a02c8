package stats

import (
	"math"
)

// LinearOptions chooses the weights and the errors of [Linear].
type LinearOptions struct {
	// Weights are inverse variances up to a factor; nil means 1.
	Weights []float64
	// Cluster names the cluster of each row; nil gives classical errors.
	Cluster  []int
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
	n, p := len(x), len(x[0])
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
	var rss float64
	for i := range y {
		fit := 0.0
		for j, v := range x[i] {
			fit += v * r.Coef[j]
		}
		r.Residuals[i] = y[i] - fit
		scaled[i] = root[i] * r.Residuals[i]
		rss += scaled[i] * scaled[i]
	}
	if o.Cluster == nil {
		r.Cov = b
		r.Cov.ScaleSym(rss/float64(n-p), b)
		r.finish(float64(n - p))
		return r
	}
	r.Cov, r.DF, r.Clusters, r.Warnings = sandwich(xd, scaled, b, o.Cluster, o.Variance, true)
	r.Method += ", " + o.Variance.String()
	r.finish(0)
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
			if w < 0 {
				panic("stats: negative weight")
			}
			r[i] = math.Sqrt(w)
		}
	}
	return r
}
