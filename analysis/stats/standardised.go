package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Standardised is the mean over units of the fitted mean of a model at the designs at, or
// its difference from that at the designs from (nil: none): all else as observed
// (standardisation, g-computation). Row i stands for weight[i] units (nil: 1); link joins
// the mean to the linear predictor; off is added to it (nil: 0). The error is that of
// the delta method on r's covariance. Source: Wooldridge 2010, §15.6; Hernán & Robins
// 2020, ch. 13.
func Standardised(r Regression, link Link, at, from [][]float64, weight, off []float64, level float64) Estimate {
	return averaged(r, at, weight, level, "standardised mean", func(row []float64, i int, add addEffect) {
		value, slope := link.mean(predicted(r, row) + offset(off, i))
		gradient := make([]float64, len(row))
		for k, v := range row {
			gradient[k] = slope * v
		}
		if from != nil {
			base, s := link.mean(predicted(r, from[i]) + offset(off, i))
			value -= base
			for k, v := range from[i] {
				gradient[k] -= s * v
			}
		}
		add(value, gradient)
	})
}

// addEffect takes the effect in one row and its gradient in the coefficients.
type addEffect func(value float64, gradient []float64)

// averaged is the weighted mean of a function of the linear predictor with its
// delta-method error.
func averaged(r Regression, x [][]float64, weight []float64, level float64, method string,
	f func(row []float64, i int, add addEffect)) Estimate {
	checkLevel(level)
	if faults := unsoundRows(x, of(weight)); faults != nil {
		return failed(len(r.Coef), 0, method, faults...).Combination(make([]float64, len(r.Coef)), level)
	}
	var value, total float64
	gradient := make([]float64, len(r.Coef))
	for i, row := range x {
		w := 1.0
		if weight != nil {
			w = weight[i]
		}
		total += w
		f(row, i, func(v float64, g []float64) {
			value += w * v
			for k := range g {
				gradient[k] += w * g[k]
			}
		})
	}
	for k := range gradient {
		gradient[k] /= total
	}
	if !(total > 0) {
		return failed(len(r.Coef), 0, method, warning(NoUnits)).Combination(make([]float64, len(r.Coef)), level)
	}
	e := r.Combination(gradient, level)
	e.Value, e.Method = value/total, method+", "+r.Method
	e.Warnings = append([]Warning(nil), r.Warnings...)
	if r.intervals(&e) {
		e.deltaInterval(level, Identity)
	}
	return e
}

// predicted is the linear predictor of a row, without its offset.
func predicted(r Regression, row []float64) float64 {
	eta := 0.0
	for j, v := range row {
		if v != 0 {
			eta += v * r.Coef[j]
		}
	}
	return eta
}

// Joint tests that the coefficients at these places are all 0: the Wald statistic over
// their number against F with the least degrees of freedom of theirs. P is NaN, with the
// warnings of the fit, where a coefficient has no error.
func (r Regression) Joint(at []int) Test {
	q := len(at)
	test := Test{Statistic: math.NaN(), P: math.NaN(), Method: "Wald, F", Warnings: r.Warnings}
	if q == 0 || len(r.Coef) == 0 {
		test.Warnings = append(test.Warnings, warning(NoUnits))
		return test
	}
	cov, b, df := mat.NewSymDense(q, nil), make([]float64, q), math.Inf(1)
	for i, j := range at {
		b[i], df = r.Coef[j], math.Min(df, r.DF[j])
		for k := range i + 1 {
			cov.SetSym(k, i, r.Cov.At(at[k], j))
		}
	}
	inv, ok := inverse(cov, q)
	if !ok || !(df > 0) || r.Clusters > 0 && r.Clusters < MinClusters {
		test.Warnings = append(test.Warnings, warning(Singular, q))
		return test
	}
	test.Statistic, test.DF = mat.Inner(mat.NewVecDense(q, b), inv, mat.NewVecDense(q, b))/float64(q), df
	if test.P = chiSquared(test.Statistic*float64(q), float64(q)); !math.IsInf(df, 1) {
		test.P = distuv.F{D1: float64(q), D2: df}.Survival(test.Statistic)
	}
	return test
}

// NoiseVariance is the variance that independent noise in the successes of the rows gives
// to each coefficient of a linear or binomial model: B(Σ xxᵀ·v)B, with v[i] the variance
// of that noise (of Σx − r·Σy where the row is a ratio), weight the trials or weights, and
// B the inverse of the working information.
func NoiseVariance(r Regression, link Link, x [][]float64, weight, v []float64) []float64 {
	n, p := size(x)
	checkLengths(n, len(weight), len(v))
	if unsoundRows(x, of(weight, v)) != nil || len(r.Coef) != p || unfit(r.Coef) > 0 {
		return nans(p)
	}
	root, noise := make([]float64, n), make([]float64, n)
	for i, row := range x {
		q, slope := link.mean(predicted(r, row))
		information, score := weight[i], 1.0 // of least squares
		if link != IdentityLink {
			if q*(1-q) == 0 {
				continue
			}
			information, score = weight[i]*slope*slope/(q*(1-q)), slope/(q*(1-q))
		}
		root[i], noise[i] = math.Sqrt(information), math.Sqrt(v[i])*score
	}
	b, ok := bread(design(x, root))
	if !ok {
		return nans(p)
	}
	var meat mat.SymDense
	meat.SymOuterK(1, design(x, noise).T())
	var left, full mat.Dense
	left.Mul(b, &meat)
	full.Mul(&left, b)
	out := make([]float64, p)
	for j := range out {
		out[j] = full.At(j, j)
	}
	return out
}
