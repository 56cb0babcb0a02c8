package stats

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// The restricted likelihood, written out with the whole covariance matrix.
func wholeLikelihood(y []float64, x [][]float64, rho float64) (float64, []float64) {
	n, p := len(x), len(x[0])
	v := mat.NewSymDense(n, nil)
	for i := range n {
		for j := range i + 1 {
			v.SetSym(i, j, math.Pow(rho, float64(i-j))/(1-rho*rho))
		}
	}
	var inv, vx, xvx, xvxInv mat.Dense
	if inv.Inverse(v) != nil {
		return math.Inf(-1), nil
	}
	xd, yd := design(x, nil), mat.NewVecDense(n, y)
	vx.Mul(&inv, xd)
	xvx.Mul(xd.T(), &vx)
	_ = xvxInv.Inverse(&xvx)
	var xvy, coef, fit, res, weighed mat.VecDense
	xvy.MulVec(vx.T(), yd)
	coef.MulVec(&xvxInv, &xvy)
	fit.MulVec(xd, &coef)
	res.SubVec(yd, &fit)
	weighed.MulVec(&inv, &res)
	s2 := mat.Dot(&res, &weighed) / float64(n-p)
	logV, _ := mat.LogDet(v)
	logX, _ := mat.LogDet(&xvx)
	return -float64(n-p)/2*math.Log(s2) - logV/2 - logX/2, coef.RawVector().Data
}

func TestAutoregressive(t *testing.T) {
	y := nile[:60]
	x := make([][]float64, len(y))
	for i := range x {
		level := 0.0
		if i >= 28 {
			level = 1
		}
		x[i] = []float64{1, float64(i), level}
	}
	fit := Autoregressive(y, x)
	best, coef, at := math.Inf(-1), []float64(nil), 0.0
	for rho := -0.9; rho < 0.9; rho += 0.005 {
		if l, c := wholeLikelihood(y, x, rho); l > best {
			best, coef, at = l, c, rho
		}
	}
	near(t, "log likelihood", fit.LogLik, best, 1e-5)
	for j := range coef {
		near(t, "coefficient", fit.Coef[j], coef[j], 1e-3)
	}
	if at < 0.01 && at > -0.01 {
		t.Error("the series has no autocorrelation to find")
	}
	// testdata/autoregressive.R, nlme 3.1-162 on R 4.2.2: gls(y ~ t + level, correlation = corAR1(rho, fixed =
	// TRUE), method = "REML") at the rho = 0.162920366371 that optimize(tol = 1e-10)
	// finds for its logLik; gls left to itself stops at 0.1629191.
	for j, want := range [][2]float64{{1092.04679799245, 44.47722401859}, {0.46617570368, 2.35527631647},
		{-278.79408423224, 81.65854745644}} {
		near(t, "coefficient of nlme", fit.Coef[j], want[0], 1e-7)
		near(t, "standard error of nlme", math.Sqrt(fit.Cov.At(j, j)), want[1], 1e-7)
	}
	// As much more of ρ as the errors have, fewer degrees of freedom.
	if df := fit.DF[2]; df > float64(len(y)-3) || df < 3 {
		t.Errorf("%v degrees of freedom", df)
	}
	s := SegmentedRegression(nile, Segments{Breaks: []int{28}, Autoregressive: true})
	if e := s.Coefficient(s.LevelAt(0), 0.95); !(e.High < -150 && e.Low > -450) {
		t.Errorf("fall of 1899: %+v", e)
	}
}
