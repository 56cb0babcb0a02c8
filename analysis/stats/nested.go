package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// RandomInterceptFit is a linear model with one random intercept per cluster.
type RandomInterceptFit struct {
	Regression
	// Between and Within are the variances of the intercepts and of the units.
	Between, Within float64
	// ICC is Between/(Between+Within), with a Wald interval on the logit scale
	// (the log of the variance ratio) from the profiled restricted likelihood.
	ICC Estimate
}

// RandomIntercept fits y_ij = X·β + u_j + e_ij, u ~ N(0, τ²), e ~ N(0, σ²), by
// restricted maximum likelihood. x holds the constant. The likelihood is profiled
// over ψ = τ²/σ²; with V_j⁻¹ = I − ψ/(1+n_jψ)·11ᵀ everything is a sum over
// clusters of n_j, XᵀX, Xᵀ1, Xᵀy, 1ᵀy and yᵀy.
//
// Coefficients have normal-theory errors σ²(XᵀV⁻¹X)⁻¹ and G−p degrees of freedom,
// cautious for a covariate that varies inside clusters. ψ on its boundary 0 warns
// and leaves the ICC without interval, as do fewer than [MinClusters] clusters.
// Source: Patterson & Thompson 1971 (Biometrika 58); Pinheiro & Bates 2000, §2.2.
func RandomIntercept(y []float64, x [][]float64, cluster []int, level float64) RandomInterceptFit {
	checkLengths(len(y), len(x), len(cluster))
	p := len(x[0])
	var blocks []nestedBlock
	for _, rows := range byCluster(cluster) {
		b := newNestedBlock(p)
		for _, i := range rows {
			b.add(y[i], x[i])
		}
		blocks = append(blocks, b)
	}
	return fitNested(blocks, p, level)
}

// RandomInterceptSums is [RandomIntercept] without covariates from what each
// cluster adds up to: n units, their sum and their sum of squares.
func RandomInterceptSums(n, sum, sumSquares []float64, level float64) RandomInterceptFit {
	checkLengths(len(n), len(sum), len(sumSquares))
	var blocks []nestedBlock
	for g := range n {
		if n[g] <= 0 {
			continue
		}
		b := newNestedBlock(1)
		b.n, b.y, b.yy = n[g], sum[g], sumSquares[g]
		b.xx.SetSym(0, 0, n[g])
		b.x[0], b.xy[0] = n[g], sum[g]
		blocks = append(blocks, b)
	}
	return fitNested(blocks, 1, level)
}

type nestedBlock struct {
	n, y, yy float64
	x, xy    []float64
	xx       *mat.SymDense
}

func newNestedBlock(p int) nestedBlock {
	return nestedBlock{x: make([]float64, p), xy: make([]float64, p), xx: mat.NewSymDense(p, nil)}
}

func (b *nestedBlock) add(y float64, row []float64) {
	b.n, b.y, b.yy = b.n+1, b.y+y, b.yy+y*y
	for j, v := range row {
		b.x[j] += v
		b.xy[j] += v * y
		for k := 0; k <= j; k++ {
			b.xx.SetSym(j, k, b.xx.At(j, k)+v*row[k])
		}
	}
}

// nestedAt is the profiled solution at one ψ.
type nestedAt struct {
	beta   []float64
	b      *mat.SymDense // (XᵀV⁻¹X)⁻¹
	sigma2 float64
	logLik float64
	ok     bool
}

func profileNested(blocks []nestedBlock, p int, psi float64) nestedAt {
	xx, xy := mat.NewSymDense(p, nil), make([]float64, p)
	var yy, n, logs float64
	for _, b := range blocks {
		c := psi / (1 + b.n*psi)
		n, logs = n+b.n, logs+math.Log1p(b.n*psi)
		yy += b.yy - c*b.y*b.y
		for j := range p {
			xy[j] += b.xy[j] - c*b.x[j]*b.y
			for k := 0; k <= j; k++ {
				xx.SetSym(j, k, xx.At(j, k)+b.xx.At(j, k)-c*b.x[j]*b.x[k])
			}
		}
	}
	inv, ok := inverse(xx, p)
	if !ok || n <= float64(p) {
		return nestedAt{logLik: math.NaN()}
	}
	beta := make([]float64, p)
	fit := 0.0
	for j := range p {
		for k := range p {
			beta[j] += inv.At(j, k) * xy[k]
		}
		fit += beta[j] * xy[j]
	}
	df := n - float64(p)
	s2 := (yy - fit) / df
	logDet, _ := mat.LogDet(xx)
	return nestedAt{beta, inv, s2, -0.5 * (df*(1+math.Log(2*math.Pi*s2)) + logs + logDet), true}
}

func fitNested(blocks []nestedBlock, p int, level float64) RandomInterceptFit {
	checkLevel(level)
	n := 0.0
	for _, b := range blocks {
		n += b.n
	}
	const method = "random intercept, REML"
	flat := profileNested(blocks, p, 0)
	if !flat.ok || !(flat.sigma2 > 0) {
		return RandomInterceptFit{Regression: failed(p, int(n), method, "the columns of the design are collinear or the fit is exact"),
			Between: math.NaN(), Within: math.NaN()}
	}
	at := func(t float64) float64 { return profileNested(blocks, p, math.Exp(t)).logLik }
	t, inside := peak(at, -25, 25)
	best := flat
	if inside {
		if top := profileNested(blocks, p, math.Exp(t)); top.logLik > flat.logLik {
			best = top
		} else {
			inside = false
		}
	}
	f := RandomInterceptFit{Within: best.sigma2}
	f.Regression = Regression{Coef: best.beta, LogLik: best.logLik, N: int(n), Clusters: len(blocks), Method: method}
	f.Cov = best.b
	f.Cov.ScaleSym(best.sigma2, best.b)
	f.finish(math.Max(1, float64(len(blocks)-p)))
	f.ICC = Estimate{N: int(n), Clusters: len(blocks), DF: math.Inf(1), SE: math.NaN(), Method: "ICC, " + method}
	if !inside {
		f.ICC.warn("0 variance between %d clusters: on the boundary, no interval", len(blocks))
		f.Warnings = append(f.Warnings, f.ICC.Warnings...)
		f.ICC.noInterval()
		return f
	}
	f.Between = best.sigma2 * math.Exp(t)
	f.ICC.Value = expit(t)
	const h = 1e-3
	curve := -(at(t+h) - 2*at(t) + at(t-h)) / (h * h)
	f.ICC.SE = f.ICC.Value * (1 - f.ICC.Value) / math.Sqrt(curve)
	if f.ICC.enough() {
		f.ICC.deltaInterval(level, Logit)
	}
	return f
}

// peak finds the maximum of a unimodal f on [lo, hi] where its central
// difference changes sign; false when f only falls (or only rises).
func peak(f func(float64) float64, lo, hi float64) (float64, bool) {
	const h = 1e-4
	rises := func(t float64) bool { return f(t+h) > f(t-h) }
	// scan down from the top: the derivative is flat noise far from the peak
	step, best, value := 0.5, math.NaN(), math.Inf(-1)
	for t := lo; t <= hi; t += step {
		if v := f(t); v > value {
			best, value = t, v
		}
	}
	a, b := best-step, best+step
	if a < lo+step || b > hi-step || !rises(a) || rises(b) {
		return math.NaN(), false
	}
	for range 60 {
		if m := (a + b) / 2; rises(m) {
			a = m
		} else {
			b = m
		}
	}
	return (a + b) / 2, true
}

// ICCOneWay is the intraclass correlation of the one-way analysis of variance,
// (MSB − MSW)/(MSB + (n0−1)·MSW) with n0 = (N − Σn²/N)/(G−1), and the exact F
// interval for clusters of one size (ICC(1,1) of Shrout & Fleiss 1979, Psychol.
// Bull. 86). Unequal sizes make the interval approximate and warn. It may be
// negative. Each cluster adds up n units, their sum and their sum of squares.
func ICCOneWay(n, sum, sumSquares []float64, level float64) Estimate {
	checkLevel(level)
	checkLengths(len(n), len(sum), len(sumSquares))
	var total, x, between, within, squares float64
	g, unequal := 0, false
	for i := range n {
		if n[i] <= 0 {
			continue
		}
		unequal = unequal || g > 0 && n[i] != total/float64(g)
		g++
		total, x, squares = total+n[i], x+sum[i], squares+n[i]*n[i]
		between += sum[i] * sum[i] / n[i]
		within += sumSquares[i] - sum[i]*sum[i]/n[i]
	}
	e := Estimate{N: int(total), Clusters: g, SE: math.NaN(), DF: float64(g - 1), Method: "ICC(1,1), one-way analysis of variance"}
	d1, d2 := float64(g-1), total-float64(g)
	n0 := (total - squares/total) / d1
	msb, msw := (between-x*x/total)/d1, within/d2
	e.Value = (msb - msw) / (msb + (n0-1)*msw)
	if !(d1 > 0 && d2 > 0) || math.IsNaN(e.Value) {
		e.Value = math.NaN()
		e.noInterval()
		e.warn("%d clusters of %d units: no ICC", g, e.N)
		return e
	}
	f, law := msb/msw, distuv.F{D1: d1, D2: d2}
	fl, fu := f/law.Quantile(0.5+level/2), f/law.Quantile(0.5-level/2)
	e.Low, e.High, e.Level = (fl-1)/(fl+n0-1), (fu-1)/(fu+n0-1), level
	if unequal {
		e.Warnings = append(e.Warnings, fmt.Sprintf("%d clusters of unequal size: the interval is approximate", g))
	}
	return e
}

// DesignEffect is the factor by which clusters of these sizes multiply the
// variance of a mean of all units, 1 + (Σn²/Σn − 1)·icc. Divide a sample size by it.
// Source: Kish 1965, §5.4; Kerry & Bland 2001 (Stat. Med. 20).
func DesignEffect(sizes []float64, icc float64) float64 {
	var n, nn float64
	for _, s := range sizes {
		n, nn = n+s, nn+s*s
	}
	return 1 + (nn/n-1)*icc
}
