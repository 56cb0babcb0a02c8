package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// NeweyWest fits y = X·β by least squares with errors that allow for
// heteroskedasticity and for autocorrelation up to lag, Bartlett weights
// 1 − l/(lag+1):
//
//	B·(Γ_0 + Σ_l w_l(Γ_l + Γ_lᵀ))·B · n/(n−p),  Γ_l = Σ_t x_t·e_t·e_{t−l}·x_{t−l}ᵀ
//
// Rows are equally spaced times. lag < 0 takes ⌊4(n/100)^{2/9}⌋. Intervals take
// n−p degrees of freedom. Source: Newey & West 1987 (Econometrica 55), 1994.
func NeweyWest(y []float64, x [][]float64, lag int) Regression {
	n, p := size(x)
	if lag < 0 {
		lag = int(4 * math.Pow(float64(n)/100, 2.0/9))
	}
	r := Linear(y, x, LinearOptions{})
	if len(r.Warnings) > 0 || n <= p {
		return r
	}
	xd := design(x, nil)
	b, _ := bread(xd)
	u := mat.NewDense(n, p, nil)
	for i := range n {
		for j := range p {
			u.Set(i, j, xd.At(i, j)*r.Residuals[i])
		}
	}
	meat := mat.NewDense(p, p, nil)
	for l := 0; l <= lag && l < n; l++ {
		w := 1 - float64(l)/float64(lag+1)
		var gamma mat.Dense
		gamma.Mul(u.Slice(l, n, 0, p).T(), u.Slice(0, n-l, 0, p))
		for i := range p {
			for j := range p {
				g := gamma.At(i, j)
				if l > 0 {
					g += gamma.At(j, i)
				}
				meat.Set(i, j, meat.At(i, j)+w*g)
			}
		}
	}
	var left, full mat.Dense
	left.Mul(b, meat)
	full.Mul(&left, b)
	factor := float64(n) / float64(n-p)
	r.Cov = mat.NewSymDense(p, nil)
	for i := range p {
		for j := 0; j <= i; j++ {
			r.Cov.SetSym(i, j, factor*(full.At(i, j)+full.At(j, i))/2)
		}
	}
	r.Method = fmt.Sprintf("least squares, Newey-West lag %d", lag)
	r.DF = nil
	r.finish(float64(n - p))
	if n < 8*p {
		r.Warnings = append(r.Warnings, warning(FewPoints, n, p))
	}
	return r
}

// Segments is an interrupted time series: a line in each segment between breaks.
type Segments struct {
	// Breaks are the indices of the first point after each interruption, rising.
	Breaks []int
	// Period adds Harmonics pairs of sine and cosine of that period (52 weeks); 0
	// leaves seasonality out.
	Period    float64
	Harmonics int
	// Lag of the Newey–West errors; negative chooses it.
	Lag int
	// Autoregressive takes the fit of [Autoregressive] in the place of that of
	// [NeweyWest]: intervals of short series then hold.
	Autoregressive bool
}

// SegmentedFit is a fitted interrupted series; LevelAt and SlopeAt say where its
// changes stand among the coefficients.
type SegmentedFit struct {
	Regression
}

// LevelAt is the index of the coefficient of the change of level at break k.
func (SegmentedFit) LevelAt(k int) int { return 2 + 2*k }

// SlopeAt is the index of the coefficient of the change of slope at break k.
func (SegmentedFit) SlopeAt(k int) int { return 3 + 2*k }

// SegmentedRegression fits y_t = a + b·t + Σ_k (level_k + slope_k·(t−T_k))·1(t ≥ T_k)
// + season, with Newey–West or autoregressive errors. y is equally spaced; use logs or shares where
// the effect is a ratio. It describes a change at a date, and another cause on the
// same date looks alike: fit placebo dates and a panel of constant members too.
//
// A break outside the series or without two points on each side panics.
// Source: Wagner et al. 2002 (J. Clin. Pharm. Ther. 27); Bernal, Cummins &
// Gasparrini 2017 (Int. J. Epidemiol. 46).
func SegmentedRegression(y []float64, s Segments) SegmentedFit {
	from := 0
	for _, b := range append(append([]int(nil), s.Breaks...), len(y)) {
		if b-from < 2 && len(y) < 2*(len(s.Breaks)+1) {
			return SegmentedFit{failed(2+2*len(s.Breaks), len(y), "segmented regression",
				warning(FewPoints, len(y), 2+2*len(s.Breaks)))}
		}
		if b-from < 2 {
			panic(fmt.Sprintf("stats: fewer than 2 points before index %d", b))
		}
		from = b
	}
	x := make([][]float64, len(y))
	for t := range y {
		x[t] = []float64{1, float64(t)}
		for _, b := range s.Breaks {
			level, slope := 0.0, 0.0
			if t >= b {
				level, slope = 1, float64(t-b)
			}
			x[t] = append(x[t], level, slope)
		}
		for h := 1; s.Period > 0 && h <= s.Harmonics; h++ {
			sin, cos := math.Sincos(2 * math.Pi * float64(h) * float64(t) / s.Period)
			x[t] = append(x[t], sin, cos)
		}
	}
	if s.Autoregressive {
		return SegmentedFit{Autoregressive(y, x)}
	}
	return SegmentedFit{NeweyWest(y, x, s.Lag)}
}
