package stats

import (
	"fmt"
	"math"
)

// Variance is a cluster-robust variance estimator.
type Variance int

// Variances of a ratio R = Σx/Σy over G clusters with residuals
// e_g = x_g − R·y_g and leverages h_g = y_g/Σy (those of the weighted regression
// of x/y on a constant):
//
//	CR0  Σ e²         / Y²
//	CR1  CR0 · G/(G−1)                     (Liang & Zeger 1986, small-sample factor)
//	CR2  Σ e²/(1−h)   / Y²                 (Bell & McCaffrey 2002, unbiased under the working model)
//	CR3  Σ e²/(1−h)²  / Y² = Σ (R_(g)−R)²  (delete-one-cluster jackknife around R,
//	                                        MacKinnon, Nielsen & Webb 2023)
const (
	CR3 Variance = iota
	CR2
	CR1
	CR0
)

// String names the variance.
func (v Variance) String() string { return [...]string{"CR3", "CR2", "CR1", "CR0"}[v] }

// Freedom says which degrees of freedom the t quantile of a cluster-robust
// interval takes.
type Freedom int

// Degrees of freedom. Satterthwaite matches the first two moments of the
// variance estimator under a working covariance of the cluster totals:
// proportional to y_g² (clusters differ by a random effect; the smaller and
// more honest one when units of a cluster resemble each other) or to y_g (units
// are independent: Bell & McCaffrey's own choice).
const (
	SatterthwaiteEffect Freedom = iota
	SatterthwaiteIndependent
	Classic // G − 1
)

// RatioOptions chooses the interval of a ratio. The zero value of everything
// but Level is the default of [ClusterRatio] on the identity scale.
type RatioOptions struct {
	Level     float64
	Variance  Variance
	Freedom   Freedom
	Transform Transform
	// Symmetric leaves out what the skewness of the clusters moves (see skewed.go).
	Symmetric bool
	// Gamma is for a count over its exposure, such as visits over weeks. Few clusters show less
	// skewness than they have: that of G values is never above √G, and the school that would
	// tell is the one that was not drawn. Their rates are taken for no less skewed than those
	// of a gamma law of the same variance, the mixture behind a negative binomial.
	Gamma bool
}

// ClusterRatio estimates R = Σnum/Σden over independent clusters (say visits of a
// period over those of another) with an interval for the ratio of the means of the
// population the clusters are drawn from.
//
// The interval lies on the log scale, with the CR3 variance and the smaller of G−1
// and Satterthwaite's degrees of freedom under a random cluster effect, moved by
// the skewness of the clusters: a few large ones, unlike the others, make what is
// symmetric miss on one side, ever more often the more clusters there are. Of the
// combinations tried on skewed clusters of unequal size it is the one whose
// coverage is nearest to its level from 12 to 150 clusters.
//
// num and den hold one entry per cluster; den must not be negative. A cluster with
// den = 0 and num > 0 counts: noise that took its denominator to 0 gave as much to
// others. One where both are 0 brings nothing and is not counted. Fewer than [MinClusters] clusters give no
// interval; Σnum = 0 gives no interval (a rate has no bound that follows from
// zeros alone); Σden = 0 gives NaN.
//
// Source: Cochran, Sampling Techniques, 3rd ed., §6; Bell & McCaffrey 2002
// (Survey Methodology 28); MacKinnon, Nielsen & Webb 2023 (J. Econometrics 232);
// Hall 1992 (J. R. Statist. Soc. B 54).
func ClusterRatio(num, den []float64, level float64) Estimate {
	return ClusterRatioWith(num, den, RatioOptions{Level: level, Transform: Log})
}

// ClusterHeads is [ClusterShare] where den counts the units that are drawn, such as
// persons, and not what they bring, such as visits. Its variance is CR2: of shares of
// heads CR3 is too large where clusters are few (96.2 % at 12 of 95 %, 12 % wider),
// while for shares of events, whose denominators are drawn too, CR2 is too small.
func ClusterHeads(num, den []float64, level float64) Estimate {
	return clusterShare(num, den, level, CR2)
}

// ClusterShare is [ClusterRatio] for a share, 0 ≤ num ≤ den: the interval lies on
// the logit scale and stays inside (0, 1).
//
// When every cluster is at 0 (or every one at den) the variance is not
// estimable; the interval is then that of a binomial with as many draws as
// clusters, 1 − (α/2)^(1/G), which assumes that units of a cluster are alike
// and is wide on purpose. A warning says so.
func ClusterShare(num, den []float64, level float64) Estimate {
	return clusterShare(num, den, level, CR3)
}

func clusterShare(num, den []float64, level float64, v Variance) Estimate {
	e := ClusterRatioWith(num, den, RatioOptions{Level: level, Variance: v, Transform: Logit})
	if e.Clusters < MinClusters || (e.Value != 0 && e.Value != 1) {
		return e
	}
	bound := 1 - math.Pow((1-level)/2, 1/float64(e.Clusters))
	e.Warnings = nil
	e.warn(AtBoundary, e.Clusters, e.Value, e.Clusters)
	e.Low, e.High, e.Level = 0, bound, level
	if e.Value == 1 {
		e.Low, e.High = 1-bound, 1
	}
	e.SE, e.DF, e.Method = math.NaN(), math.NaN(), "ratio, Clopper-Pearson on clusters"
	return e
}

// ClusterRatioWith is [ClusterRatio] with every choice open.
func ClusterRatioWith(num, den []float64, o RatioOptions) Estimate {
	checkLevel(o.Level)
	checkLengths(len(num), len(den))
	method := fmt.Sprintf("ratio, %v, t and skewness, %v scale", o.Variance, o.Transform)
	if o.Symmetric {
		method = fmt.Sprintf("ratio, %v, t, %v scale", o.Variance, o.Transform)
	}
	if e := (Estimate{Method: method}); !e.sound(of(den), num) {
		return e
	}
	var x, y float64
	g := 0
	for i := range num {
		if brings(num[i], den[i]) {
			x, y, g = x+num[i], y+den[i], g+1
		}
	}
	e := Estimate{Value: x / y, Clusters: g, SE: math.NaN(), DF: math.NaN(), Method: method}
	if y == 0 {
		e.Value = math.NaN()
	}
	if !e.enough() {
		return e
	}
	var sum, plain float64
	leverage, influence := make([]float64, 0, g), make([]float64, 0, g)
	for i := range num {
		if brings(num[i], den[i]) {
			h := den[i] / y
			r := (num[i] - e.Value*den[i]) / y
			u := r * math.Sqrt(inflation(o.Variance, h, g))
			sum, plain = sum+u*u, plain+r*r
			leverage, influence = append(leverage, h), append(influence, u)
		}
	}
	e.SE = math.Sqrt(sum)
	e.DF = freedom(leverage, o.Variance, o.Freedom)
	if e.SE > 1e-13*math.Abs(e.Value) && e.carried(influence, leverage) {
		return e
	}
	if o.Symmetric {
		e.deltaInterval(o.Level, o.Transform)
	} else {
		skew := skewness(influence)
		if o.Gamma {
			skew = math.Max(skew, gammaThird(plain, e.Value, leverage)/(plain*math.Sqrt(plain)))
		}
		e.skewedInterval(o.Level, o.Transform, skew)
	}
	if e.HasInterval() && e.DF < 5 {
		e.warn(LargeClusters, g, e.DF)
	}
	return e
}

// brings reports whether a cluster tells anything of a ratio.
func brings(num, den float64) bool { return num != 0 || den > 0 }

// inflation is the factor of a squared residual of leverage h.
func inflation(v Variance, h float64, g int) float64 {
	switch v {
	case CR3:
		return 1 / ((1 - h) * (1 - h))
	case CR2:
		return 1 / (1 - h)
	case CR1:
		return float64(g) / float64(g-1)
	}
	return 1
}

// freedom returns the smaller of G−1 and Satterthwaite's degrees of freedom of
// V = Σ a_g·e_g², e = (I − h1ᵀ)u, for cluster totals u of working covariance
// diag(d), d = h² or h:
//
//	Ω = Cov(e),  df = (Σ a_g Ω_gg)² / Σ_gk a_g a_k Ω_gk²
//
// Ω_gk = δ_gk·d_g − h_g·d_k − d_g·h_k + S·h_g·h_k with S = Σd, so the double
// sum is expanded into sums over g.
func freedom(h []float64, v Variance, f Freedom) float64 {
	return satterthwaite(h, func(hg float64) float64 { return inflation(v, hg, len(h)) }, f)
}

// satterthwaite is [freedom] of any weights a_g of the squared residuals.
func satterthwaite(h []float64, weight func(h float64) float64, f Freedom) float64 {
	classic := float64(len(h) - 1)
	if f == Classic {
		return classic
	}
	working := func(h float64) float64 {
		if f == SatterthwaiteEffect {
			return h * h
		}
		return h
	}
	var s float64
	for _, hg := range h {
		s += working(hg)
	}
	var trace, square, hh, hd, dd float64
	for _, hg := range h {
		a, d := weight(hg), working(hg)
		hh, hd, dd = hh+a*hg*hg, hd+a*hg*d, dd+a*d*d
		off := s*hg*hg - 2*hg*d // Ω_gg without its δ
		trace += a * (d + off)
		square += a * a * ((d+off)*(d+off) - off*off)
	}
	square += 2*hh*dd + s*s*hh*hh + 2*hd*hd - 4*s*hh*hd
	if df := trace * trace / square; df < classic {
		return df
	}
	return classic
}
