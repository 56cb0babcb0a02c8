package stats

import (
	"fmt"
	"math"
)

// JackknifeOptions chooses the interval of [JackknifeClustersWith].
type JackknifeOptions struct {
	Level     float64
	Transform Transform
	// Sizes holds the weight of each cluster in the figure (its denominator). The variance
	// and Satterthwaite's degrees of freedom are then those of clusters that differ by a
	// random effect. Without it the degrees are estimated from the jackknife itself.
	Sizes []float64
	// Strata holds the group of each cluster (0, 1, …) when the figure compares
	// groups of different clusters; degrees of freedom are then computed by
	// group and combined as Welch does. A group of fewer than [MinClusters]
	// clusters gives no interval.
	Strata []int
}

// JackknifeClusters estimates any functional of g independent clusters (a Gini
// coefficient, a slope index, a ratio of ratios, a difference between groups
// which may or may not share clusters). f(skip) must return the functional
// without cluster skip, and of all clusters when skip is -1.
//
// With u_g = f(g) − f(−1) the standard error is √Σu_g² (CR3: MacKinnon, Nielsen
// & Webb 2023; no factor (G−1)/G, so it does not matter whether clusters serve
// one group or several) and the interval is symmetric on the scale of t. The
// degrees of freedom are the smaller of G−1 and 3·(Σu²)²/Σu⁴, Satterthwaite's
// with the fourth moments taken from the jackknife itself.
//
// f must be smooth in the clusters: the jackknife is not valid for a quantile
// of few distinct values. Fewer than [MinClusters] clusters, or a functional
// that is NaN without some cluster, give no interval.
//
// Source: Efron & Stein 1981 (Ann. Statist. 9); Shao & Tu, The Jackknife and
// Bootstrap, 1995, §2.
func JackknifeClusters(g int, f func(skip int) float64, level float64, t Transform) Estimate {
	return JackknifeClustersWith(g, f, JackknifeOptions{Level: level, Transform: t})
}

// JackknifeClustersWith is [JackknifeClusters] with the sizes and the groups of
// the clusters. With sizes, h their parts of the whole, the variance is
//
//	Σ u²·(1−h)²/(1 − 2h + Σh²)
//
// For a ratio, whose u is e/(1−h), that is unbiased where clusters differ by a random effect,
// as the residuals e of leverage h then have the variance h²·(1 − 2h + Σh²): the condition of
// Bell & McCaffrey 2002 under the working model of the degrees of freedom.
func JackknifeClustersWith(g int, f func(skip int) float64, o JackknifeOptions) Estimate {
	checkLevel(o.Level)
	if o.Sizes != nil {
		checkLengths(g, len(o.Sizes))
	}
	if o.Strata != nil {
		checkLengths(g, len(o.Strata))
	}
	e := Estimate{Value: number(f(-1)), Clusters: g, SE: math.NaN(), DF: math.NaN()}
	e.Method = fmt.Sprintf("delete-one-cluster jackknife (CR3), t, %v scale", o.Transform)
	if !e.enough() || !e.enoughByStratum(o.Strata) {
		return e
	}
	u := make([]float64, g)
	lost := 0
	for i := range u {
		if u[i] = f(i) - e.Value; math.IsNaN(u[i]) || math.IsInf(u[i], 0) {
			lost++
		}
	}
	if lost > 0 {
		e.noInterval()
		e.warn(Undefined, lost, g)
		return e
	}
	e.SE, e.DF = jackknifeError(u, o)
	if !(e.SE > 1e-13*math.Abs(e.Value)) || e.SE == 0 {
		e.noInterval()
		e.warn(Alike, g)
		return e
	}
	if e.carried(u, parts(o)) {
		return e
	}
	e.deltaInterval(o.Level, o.Transform)
	return e
}

// parts are the parts of the units that the clusters hold, where one list of sizes is
// that of the whole figure.
func parts(o JackknifeOptions) []float64 {
	if o.Strata != nil {
		return nil
	}
	sum := total(o.Sizes)
	out := make([]float64, len(o.Sizes))
	for i, s := range o.Sizes {
		out[i] = s / sum
	}
	return out
}

// enoughByStratum is [Estimate.enough] for each group of clusters.
func (e *Estimate) enoughByStratum(strata []int) bool {
	count := tally(strata)
	for s, n := range count {
		if n > 0 && n < MinClusters {
			e.noInterval()
			e.warn(FewInGroup, n, s, MinClusters)
			return false
		}
	}
	return true
}

// tally counts the clusters of each stratum.
func tally(strata []int) []int {
	var count []int
	for _, s := range strata {
		for len(count) <= s {
			count = append(count, 0)
		}
		count[s]++
	}
	return count
}

// jackknifeError returns the standard error and the degrees of freedom of the
// influences u.
func jackknifeError(u []float64, o JackknifeOptions) (se, df float64) {
	groups := max(1, len(tally(o.Strata)))
	var sum, welch float64
	for s := range groups {
		var v2, v4 float64
		var influence, size []float64
		for i, ui := range u {
			if o.Strata != nil && o.Strata[i] != s {
				continue
			}
			influence = append(influence, ui)
			v2, v4 = v2+ui*ui, v4+ui*ui*ui*ui
			if o.Sizes != nil {
				size = append(size, o.Sizes[i])
			}
		}
		if v2 == 0 {
			continue
		}
		nu := math.Min(float64(len(influence)-1), 3*v2*v2/v4)
		if known := total(size); known > 0 {
			v2, nu = sizedError(influence, size, known)
		}
		sum, welch = sum+v2, welch+v2*v2/nu
	}
	return math.Sqrt(sum), sum * sum / welch
}

// sizedError is the variance and its degrees of freedom where the sizes of the clusters are
// known, and their sum.
func sizedError(u, size []float64, sum float64) (variance, df float64) {
	h, squares := make([]float64, len(size)), 0.0
	for i, n := range size {
		h[i] = n / sum
		squares += h[i] * h[i]
	}
	weight := func(h float64) float64 { return 1 / (1 - 2*h + squares) }
	for i, hi := range h {
		variance += u[i] * u[i] * (1 - hi) * (1 - hi) * weight(hi)
	}
	return variance, satterthwaite(h, weight, SatterthwaiteEffect)
}
