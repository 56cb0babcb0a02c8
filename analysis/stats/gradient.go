package stats

import (
	"fmt"
	"math"
)

// Gradient measures how a mean changes along ordered groups, from the lowest to
// the highest (social position), with num[j] = Σx, den[j] = Σy and ridit
// R_j = (Σ_{k<j} w_k + w_j/2)/Σw, w = den. An empty group changes nothing.
type Gradient struct {
	// Mean is Σnum/Σden; Slope and Intercept those of the regression of
	// num/den on R weighted by den. Slope is the slope index of inequality
	// (SII): the difference of the fitted mean between the very top (R = 1) and
	// the very bottom (R = 0); it is negative when the mean falls towards the top.
	Mean, Intercept, Slope float64
	// Concentration is the concentration index 2·Σ w_j m_j R_j/(W·Mean) − 1,
	// negative when x is concentrated at the bottom.
	Concentration float64
}

// NewGradient computes the gradient of num/den along the groups. Source:
// Wagstaff, Paci & van Doorslaer 1991 (Soc. Sci. Med. 33); Mackenbach & Kunst
// 1997 (Soc. Sci. Med. 44); O'Donnell et al. 2008 (World Bank), ch. 8.
func NewGradient(num, den []float64) Gradient {
	checkLengths(len(num), len(den))
	if unsound(of(den), num) != nil {
		return Gradient{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	}
	var x, w float64
	for j := range num {
		x, w = x+num[j], w+den[j]
	}
	g := Gradient{Mean: x / w}
	var below, rr, rm, conc float64
	for j := range num {
		r := (below + den[j]/2) / w
		below += den[j]
		rr += den[j] / w * (r - 0.5) * (r - 0.5)
		rm += num[j] / w * (r - 0.5)
		conc += num[j] * r
	}
	g.Slope = rm / rr
	g.Intercept = g.Mean - g.Slope/2
	g.Concentration = number(2*conc/x - 1)
	return g
}

// RelativeIndex is the relative index of inequality of Kunst and Mackenbach:
// the fitted mean at the top over the fitted mean at the bottom.
func (g Gradient) RelativeIndex() float64 { return number((g.Intercept + g.Slope) / g.Intercept) }

// Erreygers is the corrected concentration index of a variable bounded in
// [0, bound]: 4·Mean·Concentration/bound. For a share bound is 1. Source:
// Erreygers 2009 (J. Health Econ. 28).
func (g Gradient) Erreygers(bound float64) float64 { return 4 * g.Mean * g.Concentration / bound }

// GradientClusters estimates a functional of a [Gradient] (say
// func(g Gradient) float64 { return g.Slope }) with a cluster-robust interval.
// Entry i is a cluster within a group: group[i] in 0…groups−1 from low to high,
// num[i] = Σx, den[i] = Σy. When every cluster lies in one group, pass
// cluster = nil; otherwise cluster[i] names the cluster (0, 1, …) so that one
// that serves several groups is dropped whole.
//
// Interval: [JackknifeClusters] on the scale of t. A group with fewer than
// [MinClusters] clusters is allowed, since the line borrows strength from the
// others, and warned of below 3.
func GradientClusters(group, cluster []int, num, den []float64, groups int,
	f func(Gradient) float64, level float64, t Transform) Estimate {
	checkLengths(len(num), len(den), len(group))
	if cluster == nil {
		cluster = make([]int, len(num))
		for i := range cluster {
			cluster[i] = i
		}
	}
	checkLengths(len(num), len(cluster))
	if e := (Estimate{Method: "gradient"}); !e.sound(of(den), num) {
		return e
	}
	members := map[int][]int{}
	var names []int // in order of appearance
	by := make([]int, groups)
	x, y := make([]float64, groups), make([]float64, groups)
	for i, j := range group {
		if j < 0 || j >= groups {
			panic(fmt.Sprintf("stats: group %d outside 0..%d", j, groups-1))
		}
		if !brings(num[i], den[i]) {
			continue
		}
		if members[cluster[i]] == nil {
			names = append(names, cluster[i])
		}
		members[cluster[i]] = append(members[cluster[i]], i)
		x[j], y[j], by[j] = x[j]+num[i], y[j]+den[i], by[j]+1
	}
	a, b := make([]float64, groups), make([]float64, groups)
	e := JackknifeClusters(len(names), func(skip int) float64 {
		copy(a, x)
		copy(b, y)
		if skip >= 0 {
			for _, i := range members[names[skip]] {
				a[group[i]] -= num[i]
				b[group[i]] -= den[i]
			}
		}
		return f(NewGradient(a, b))
	}, level, t)
	for j, n := range by {
		if n < 3 {
			e.warn(SmallGroup, n, j+1, groups)
		}
	}
	return e
}
