package stats

import (
	"math"
	"sort"
)

// Pair is a treated row and its control.
type Pair struct{ Treated, Control int }

// MatchNearest pairs each treated row with the untreated row of nearest score (the
// logit of the propensity, say) not yet taken and no further than caliper, treated
// rows from the highest score down, ties to the lower index. A row may only pair
// within its stratum (nil: one stratum). Unmatched treated rows are counted in the
// warnings: the estimand is then the effect on the matched. Austin 2011 (Pharm. Stat.
// 10) advises a caliper of 0.2 standard deviations of the logit.
func MatchNearest(score []float64, treated []bool, stratum []int, caliper float64) (pairs []Pair, warnings []Warning) {
	checkLengths(len(score), len(treated))
	if faults := unsound(nil, score); faults != nil {
		return nil, faults
	}
	if stratum == nil {
		stratum = make([]int, len(score))
	}
	lost, all := 0, 0
	for _, rows := range byCluster(stratum) {
		var t, c []int
		for _, i := range rows {
			if treated[i] {
				t = append(t, i)
			} else {
				c = append(c, i)
			}
		}
		all += len(t)
		sort.SliceStable(t, func(a, b int) bool { return score[t[a]] > score[t[b]] })
		sort.SliceStable(c, func(a, b int) bool { return score[c[a]] < score[c[b]] })
		free := newFreeList(len(c))
		for _, i := range t {
			at := sort.Search(len(c), func(k int) bool { return score[c[k]] >= score[i] })
			k := free.nearest(at, func(k int) float64 { return math.Abs(score[c[k]] - score[i]) }, len(c))
			if k < 0 || math.Abs(score[c[k]]-score[i]) > caliper {
				lost++
				continue
			}
			free.take(k)
			pairs = append(pairs, Pair{i, c[k]})
		}
	}
	sort.Slice(pairs, func(a, b int) bool { return pairs[a].Treated < pairs[b].Treated })
	if lost > 0 {
		warnings = append(warnings, warning(Unmatched, lost, all, caliper))
	}
	return pairs, warnings
}

// freeList finds the next untaken index on either side in near constant time.
type freeList struct{ up, down []int }

func newFreeList(n int) *freeList {
	f := &freeList{make([]int, n+1), make([]int, n+1)}
	for i := range n + 1 {
		f.up[i], f.down[i] = i, i
	}
	return f
}

// take marks k; down is shifted by one so that 0 means none.
func (f *freeList) take(k int) { f.up[k], f.down[k+1] = k+1, k }

func find(to []int, i int) int {
	for to[i] != i {
		to[i] = to[to[i]]
		i = to[i]
	}
	return i
}

func (f *freeList) nearest(at int, distance func(int) float64, n int) int {
	up, down := find(f.up, at), find(f.down, at)-1
	switch {
	case up == n && down < 0:
		return -1
	case up == n:
		return down
	case down < 0 || distance(up) < distance(down):
		return up
	}
	return down
}

// StandardizedDifference is the difference of the means of a covariate between
// treated and control rows over the pooled standard deviation √((s1²+s0²)/2), sample
// variances (p(1−p) alike for 0/1 but for n/(n−1)). weight nil means 1; variances are
// those of the weighted rows. Below 0.1 in absolute value a covariate is usually
// called balanced. A covariate that does not vary gives NaN unless the means agree.
// Source: Austin 2009 (Stat. Med. 28).
func StandardizedDifference(x []float64, treated []bool, weight []float64) float64 {
	checkLengths(len(x), len(treated))
	if unsound(of(weight), x) != nil {
		return math.NaN()
	}
	var w, m, s [2]float64
	w2 := [2]float64{}
	at := func(i int) (int, float64) {
		g := int(indicator(treated[i]))
		if weight == nil {
			return g, 1
		}
		return g, weight[i]
	}
	for i, v := range x {
		g, k := at(i)
		w[g], w2[g], m[g] = w[g]+k, w2[g]+k*k, m[g]+k*v
	}
	m[0], m[1] = m[0]/w[0], m[1]/w[1]
	for i, v := range x {
		g, k := at(i)
		s[g] += k * (v - m[g]) * (v - m[g])
	}
	for g := range s {
		s[g] /= w[g] - w2[g]/w[g]
	}
	if m[0] == m[1] {
		return 0
	}
	return number((m[1] - m[0]) / math.Sqrt((s[0]+s[1])/2))
}

// Balance is [StandardizedDifference] of each column of x over matched pairs.
func Balance(x [][]float64, pairs []Pair) []float64 {
	if len(pairs) == 0 {
		return nil
	}
	out := make([]float64, len(x[0]))
	v, treated := make([]float64, 2*len(pairs)), make([]bool, 2*len(pairs))
	for j := range out {
		for k, p := range pairs {
			v[2*k], treated[2*k] = x[p.Treated][j], true
			v[2*k+1], treated[2*k+1] = x[p.Control][j], false
		}
		out[j] = StandardizedDifference(v, treated, nil)
	}
	return out
}
