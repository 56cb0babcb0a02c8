package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Autoregressive fits y = X·β by generalised least squares with errors
// autoregressive of order 1, u_t = ρ·u_{t−1} + e_t, and ρ of restricted maximum
// likelihood (nlme::gls with corAR1, method REML). Rows are equally spaced times.
// With P the transformation of Prais and Winsten at ρ and s² the residual variance
// of P·y on P·X, ρ maximises
//
//	−(n−p)/2·log s² + log(1−ρ²)/2 − log|XᵀPᵀPX|/2
//
// Intervals take (n−p)(1−ρ)/(1+ρ) degrees of freedom, n−p when ρ < 0 and no fewer
// than 3: as many as the independent points that tell as much of a mean. In series
// of some tens of points they hold the truth in 90 % to 95 %, those of [NeweyWest]
// in 50 % to 85 %.
//
// Source: Prais & Winsten 1954; Cooper & Thompson 1977 (Biometrika 64) for the
// restricted likelihood; Turner et al. 2021 (BMC Med. Res. Methodol. 21:181), who
// compare the methods in short interrupted series.
func Autoregressive(y []float64, x [][]float64) Regression {
	n, p := size(x)
	plain := Linear(y, x, LinearOptions{})
	if len(plain.Warnings) > 0 || n <= p {
		return plain
	}
	at := func(rho float64) float64 {
		l, _, _ := restricted(y, x, rho)
		return l
	}
	const step = 0.1
	best, rho := math.Inf(-1), 0.0
	for try := step - 1; try < 1-step/2; try += step {
		if l := at(try); l > best {
			best, rho = l, try
		}
	}
	rho = highest(at, rho-step*0.99, rho+step*0.99)
	l, r, inverse := restricted(y, x, rho)
	r.Cov = mat.NewSymDense(p, nil)
	r.Cov.ScaleSym(sumSquares(r.Residuals)/float64(n-p), inverse)
	r.Residuals, r.LogLik = plain.Residuals, l
	for i, row := range x {
		r.Residuals[i] = y[i]
		for j, v := range row {
			r.Residuals[i] -= v * r.Coef[j]
		}
	}
	r.Method = fmt.Sprintf("generalised least squares, AR(1) by REML, ρ %.2f", rho)
	r.DF = nil
	r.finish(math.Max(3, float64(n-p)*math.Min(1, (1-rho)/(1+rho))))
	if n < 4*p {
		r.Warnings = append(r.Warnings, warning(FewPoints, n, p))
	}
	return r
}

// highest is where f, with one peak between low and high, is highest: golden section.
func highest(f func(float64) float64, low, high float64) float64 {
	const golden = 0.6180339887498949
	a, b := high-golden*(high-low), low+golden*(high-low)
	fa, fb := f(a), f(b)
	for high-low > 1e-7 {
		if fa > fb {
			high, b, fb = b, a, fa
			a = high - golden*(high-low)
			fa = f(a)
		} else {
			low, a, fa = a, b, fb
			b = low + golden*(high-low)
			fb = f(b)
		}
	}
	return (low + high) / 2
}

// restricted is the restricted log likelihood at ρ, up to a constant, the fit of
// the transformed series and the inverse of XᵀPᵀPX.
func restricted(y []float64, x [][]float64, rho float64) (float64, Regression, *mat.SymDense) {
	n, p := len(x), len(x[0])
	ty, tx := make([]float64, n), make([][]float64, n)
	for t := range n {
		own, before := 1.0, rho
		if t == 0 {
			own, before = math.Sqrt(1-rho*rho), 0
		}
		ty[t], tx[t] = own*y[t], make([]float64, p)
		for j, v := range x[t] {
			tx[t][j] = own * v
		}
		if t > 0 {
			ty[t] -= before * y[t-1]
			for j, v := range x[t-1] {
				tx[t][j] -= before * v
			}
		}
	}
	r := Linear(ty, tx, LinearOptions{})
	b, ok := bread(design(tx, nil))
	if !ok || r.Residuals == nil {
		return math.Inf(-1), r, nil
	}
	logDet, _ := mat.LogDet(b)
	return -float64(n-p)/2*math.Log(sumSquares(r.Residuals)/float64(n-p)) + math.Log(1-rho*rho)/2 + logDet/2, r, b
}

func sumSquares(v []float64) (s float64) {
	for _, x := range v {
		s += x * x
	}
	return s
}
