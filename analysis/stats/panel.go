package stats

import (
	"fmt"
	"math"
	"sort"
)

// Panel holds one row per unit and time: an outcome of a unit (a school, a cell)
// in a cluster, and whether it is under treatment then.
type Panel struct {
	Y          []float64
	Unit, Time []int
	Treated    []bool
	// Cluster nil means the unit.
	Cluster []int
	// Weights nil means 1.
	Weights []float64
}

// DifferenceInDifferences estimates the effect of treatment with unit and time
// effects, y_it = α_i + λ_t + β·D_it, with CR2 errors and Bell & McCaffrey's
// degrees of freedom by cluster. Unit effects are swept out (weighted means within
// units), which equals their dummies.
//
// Treatment that starts at several dates warns with their number: β then mixes
// comparisons with units already treated; see [StaggeredEffect]. Source: Card &
// Krueger 1994; Bertrand, Duflo & Mullainathan 2004 (QJE 119); Goodman-Bacon 2021
// (J. Econometrics 225).
func DifferenceInDifferences(p Panel, level float64) Estimate {
	x := make([][]float64, len(p.Y))
	for i, d := range p.Treated {
		x[i] = []float64{indicator(d)}
	}
	r := p.within(x)
	e := r.Coefficient(0, level)
	e.Method = "difference in differences, " + r.Method
	if k := len(p.starts()); k > 1 {
		e.warn("%d dates of treatment: the estimate mixes comparisons with units already treated", k)
	}
	return e
}

// EventStudy estimates the difference between treated and other units at each time
// relative to treatment, from −leads to lags, with unit and time effects; time −1
// is the reference (0, no interval) and times beyond either end are pooled in the
// last bin of that side. Effects before treatment that differ from 0 speak against
// parallel trends. The result has leads+lags+1 entries, entry leads−1 the reference.
// Source: Freyaldenhoven, Hansen & Shapiro 2019; Sun & Abraham 2021 for the bias
// when treatment starts at several dates (warned of).
func EventStudy(p Panel, leads, lags int, level float64) []Estimate {
	starts := map[int]int{} // unit → first treated time
	for i, d := range p.Treated {
		if s, ok := starts[p.Unit[i]]; d && (!ok || p.Time[i] < s) {
			starts[p.Unit[i]] = p.Time[i]
		}
	}
	bins := leads + lags + 1
	x := make([][]float64, len(p.Y))
	for i := range p.Y {
		x[i] = make([]float64, bins-1)
		if s, ok := starts[p.Unit[i]]; ok {
			k := min(max(p.Time[i]-s+leads, 0), bins-1)
			if k > leads-1 {
				x[i][k-1] = 1
			} else if k < leads-1 {
				x[i][k] = 1
			}
		}
	}
	r := p.within(x)
	out := make([]Estimate, bins)
	for k := range out {
		switch {
		case k == leads-1:
			out[k] = Estimate{Method: "reference"}
			out[k].noInterval()
		case k < leads-1:
			out[k] = r.Coefficient(k, level)
		default:
			out[k] = r.Coefficient(k-1, level)
		}
	}
	if n := len(p.starts()); n > 1 {
		for k := range out {
			out[k].warn("%d dates of treatment: effects of one time leak into others", n)
		}
	}
	return out
}

// within regresses y on x and time dummies after sweeping out units.
func (p Panel) within(x [][]float64) Regression {
	n := len(p.Y)
	checkLengths(n, len(p.Unit), len(p.Time), len(p.Treated), len(x))
	columns := append([][]float64(nil), x...)
	times := map[int]int{}
	var order []int
	for _, t := range p.Time {
		if _, ok := times[t]; !ok {
			times[t] = 0
			order = append(order, t)
		}
	}
	sort.Ints(order)
	for k, t := range order {
		times[t] = k
	}
	for i := range columns {
		row := append(append([]float64(nil), x[i]...), make([]float64, len(order)-1)...)
		if k := times[p.Time[i]]; k > 0 {
			row[len(x[i])+k-1] = 1
		}
		columns[i] = row
	}
	y := append([]float64(nil), p.Y...)
	for _, rows := range byCluster(p.Unit) {
		p.sweep(y, columns, rows)
	}
	cluster := p.Cluster
	if cluster == nil {
		cluster = p.Unit
	}
	r := Linear(y, columns, LinearOptions{Weights: p.Weights, Cluster: cluster, Variance: CR2})
	if r.Residuals == nil {
		r.Warnings = []string{fmt.Sprintf("%d times: the effect is not separate from unit and time effects", len(order))}
	}
	return r
}

// sweep takes the weighted means of one unit's rows out of y and the columns.
func (p Panel) sweep(y []float64, x [][]float64, rows []int) {
	weight := func(i int) float64 {
		if p.Weights == nil {
			return 1
		}
		return p.Weights[i]
	}
	total, my, mx := 0.0, 0.0, make([]float64, len(x[0]))
	for _, i := range rows {
		w := weight(i)
		total += w
		my += w * y[i]
		for j, v := range x[i] {
			mx[j] += w * v
		}
	}
	if total == 0 {
		return
	}
	for _, i := range rows {
		y[i] -= my / total
		for j := range x[i] {
			x[i][j] -= mx[j] / total
		}
	}
}

// starts lists the distinct first dates of treatment.
func (p Panel) starts() []int {
	first := map[int]int{}
	for i, d := range p.Treated {
		if s, ok := first[p.Unit[i]]; d && (!ok || p.Time[i] < s) {
			first[p.Unit[i]] = p.Time[i]
		}
	}
	seen := map[int]bool{}
	var out []int
	for _, s := range first {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	sort.Ints(out)
	return out
}

// StaggeredEffect estimates the mean effect on the treated when treatment starts at
// several dates, comparing each cohort g with units never treated only:
//
//	ATT(g,t) = (ȳ_gt − ȳ_g,b) − (ȳ_0t − ȳ_0,b),  t ≥ g
//
// with b the last time before g, weighted by the rows of (g, t). Interval:
// [JackknifeClusters] over clusters. No unit never treated, or a cohort without a
// time before, leaves that cohort out; none left gives NaN. Source: Callaway &
// Sant'Anna 2021 (J. Econometrics 225), unconditional, never-treated controls.
func StaggeredEffect(p Panel, level float64) Estimate {
	cluster := p.Cluster
	if cluster == nil {
		cluster = p.Unit
	}
	rows := byCluster(cluster)
	first := map[int]int{}
	for i, d := range p.Treated {
		if s, ok := first[p.Unit[i]]; d && (!ok || p.Time[i] < s) {
			first[p.Unit[i]] = p.Time[i]
		}
	}
	e := JackknifeClusters(len(rows), func(skip int) float64 { return p.cohortEffect(rows, first, skip) }, level, Identity)
	e.Method = "cohort effects against the never treated, " + e.Method
	return e
}

type cell struct{ w, y float64 }

func (c cell) mean() float64 { return c.y / c.w }

func (p Panel) cohortEffect(rows [][]int, first map[int]int, skip int) float64 {
	type key struct {
		cohort  int
		treated bool
		time    int
	}
	cells := map[key]cell{}
	times := map[int]bool{}
	for g, in := range rows {
		if g == skip {
			continue
		}
		for _, i := range in {
			s, ever := first[p.Unit[i]]
			k := key{s, ever, p.Time[i]}
			w := 1.0
			if p.Weights != nil {
				w = p.Weights[i]
			}
			c := cells[k]
			cells[k] = cell{c.w + w, c.y + w*p.Y[i]}
			times[p.Time[i]] = true
		}
	}
	var order []int
	for t := range times {
		order = append(order, t)
	}
	sort.Ints(order)
	var sum, weight float64
	for _, g := range p.starts() {
		at := sort.SearchInts(order, g)
		if at == 0 {
			continue
		}
		before := order[at-1]
		base, control := cells[key{g, true, before}], cells[key{0, false, before}]
		for _, t := range order[at:] {
			now, other := cells[key{g, true, t}], cells[key{0, false, t}]
			if base.w*control.w*now.w*other.w == 0 {
				continue
			}
			sum += now.w * (now.mean() - base.mean() - other.mean() + control.mean())
			weight += now.w
		}
	}
	if weight == 0 {
		return math.NaN()
	}
	return sum / weight
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
