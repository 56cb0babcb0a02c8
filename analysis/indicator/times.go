package indicator

import (
	"context"
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// life reads the rows of a life table by group.
func (c *computation) life(ctx context.Context, name string) (map[query.Group][]query.Time, error) {
	rows, ok := c.times[name]
	if !ok {
		all, err := c.ed.Times(ctx, name)
		if err != nil {
			return nil, err
		}
		rows = map[query.Group][]query.Time{}
		for _, t := range all {
			at := query.Group{Grouping: t.Grouping, Value: t.Group}
			rows[at] = append(rows[at], t)
		}
		c.times[name] = rows
	}
	return rows, nil
}

// bins says how the steps of a curve fall into bins.
type bins struct{ edges []int32 } // nil: one bin a step

// count is the number of bins that end at or before a time.
func (b bins) count(at float64) int {
	if b.edges == nil {
		return int(at)
	}
	return slices.Index(b.edges, int32(at))
}

// from and to are the ends of bin k.
func (b bins) from(k int) float64 {
	if b.edges == nil {
		return float64(k)
	}
	return float64(b.edges[k])
}

func (b bins) to(k int) float64 {
	if b.edges == nil {
		return float64(k + 1)
	}
	return float64(b.edges[min(k+1, len(b.edges)-1)])
}

// tooShort is the share of units still without an event, where the rows of a curve
// end, above which nothing is said of later times.
const tooShort = 0.1

// lifeShare is 1 − S(m.At) by Kaplan-Meier on the life table: a unit is at risk in
// a bin when it had neither its event nor been censored before it.
func (c *computation) lifeShare(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	rows, err := c.lifeOf(ctx, m.Curve, g)
	if err != nil || len(rows) == 0 {
		return r.unmeasured(CodeNoRows, noRows), err
	}
	known, _ := edition.FindCurve(m.Curve)
	n := bins{known.Edges}.count(m.At)
	if ends(rows, n) {
		return r.unmeasured(CodeShort, "Non mesurable : la période est trop courte pour suivre aussi longtemps."), nil
	}
	key := cellKey{r.Indicator + "." + m.Name, population, g.Grouping, g.Value}
	k := &counts{cell: key, perHead: m.Kind == question.Share, modelled: true}
	tables := lifeTables(rows, n, k)
	r.N, r.counts = k.persons, k
	survival := stats.KaplanMeierClusters(tables, level)
	return r.estimated(stats.Incidence(survival[n-1]), k.schools), nil
}

// lifeOf reads the rows of one curve and group, by cluster and bin.
func (c *computation) lifeOf(ctx context.Context, name string, g query.Group) ([]query.Time, error) {
	all, err := c.life(ctx, name)
	return all[g], err
}

// ends reports whether the rows stop before the n-th bin with too many units left.
func ends(rows []query.Time, n int) bool {
	var last int32
	for _, t := range rows {
		last = max(last, t.Bin)
	}
	if int(last) >= n-1 {
		return false
	}
	var units, left float64
	for i, t := range rows {
		if i == 0 || rows[i-1].Cluster != t.Cluster {
			units += float64(t.AtRisk)
		}
		if i+1 == len(rows) || rows[i+1].Cluster != t.Cluster {
			left += float64(t.AtRisk - t.Events)
		}
	}
	return left > tooShort*units
}

// lifeTables builds the life table of each cluster over the first n bins. A bin
// without a row has no event and nobody censored: who was left is still at risk.
func lifeTables(rows []query.Time, n int, k *counts) []stats.LifeTable {
	var tables []stats.LifeTable
	for i := 0; i < len(rows); {
		first := rows[i]
		t := stats.LifeTable{Time: make([]float64, n), AtRisk: make([]float64, n), Events: make([]float64, n)}
		left, bin := first.AtRisk, 0
		fill := func(to int) {
			for ; bin < to && bin < n; bin++ {
				t.Time[bin], t.AtRisk[bin] = float64(bin), float64(left)
			}
		}
		for ; i < len(rows) && rows[i].Cluster == first.Cluster; i++ {
			row := rows[i]
			fill(int(row.Bin))
			if int(row.Bin) < n {
				t.Time[row.Bin], t.AtRisk[row.Bin], t.Events[row.Bin] = float64(row.Bin), float64(row.AtRisk),
					float64(row.Events)
				k.x += row.Events
				bin = int(row.Bin) + 1
			}
			left = row.AtRisk - row.Events - row.Censored
		}
		fill(n)
		k.persons, k.y, k.schools = k.persons+first.Persons, k.y+first.AtRisk, k.schools+int64(first.Schools)
		tables = append(tables, t)
	}
	return tables
}

// lifeQuantile is the time by which the event has come to a share m.Quantile of the
// units: where its bin is one step, on a straight line inside it; where it is wider, all
// that is known are the ends of the bin, as nobody knows how events lie between them. Its
// interval holds the times at which the interval of the curve crosses that share.
//
// Source: Brookmeyer & Crowley 1982 (Biometrics 38).
func (c *computation) lifeQuantile(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	rows, err := c.lifeOf(ctx, m.Curve, g)
	if err != nil || len(rows) == 0 {
		return r.unmeasured(CodeNoRows, noRows), err
	}
	n := 0
	for _, t := range rows {
		n = max(n, int(t.Bin)+1)
	}
	k := &counts{cell: cellKey{r.Indicator + "." + m.Name, population, g.Grouping, g.Value}, modelled: true}
	tables := lifeTables(rows, n, k)
	known, _ := edition.FindCurve(m.Curve)
	b, survival := bins{known.Edges}, stats.KaplanMeierClusters(tables, level)
	value := crossing(b, survival, m.Quantile, func(s stats.Estimate) float64 { return 1 - s.Value })
	if math.IsNaN(value.Low) {
		return r.unmeasured(CodeShort, "Non mesurable : cette part n’est pas atteinte dans la durée suivie."), nil
	}
	e := stats.Estimate{Value: value.Low, Clusters: len(tables), DF: math.Inf(1), Low: math.NaN(), High: math.NaN()}
	early := crossing(b, survival, m.Quantile, func(s stats.Estimate) float64 { return 1 - s.Low }).Low
	late := crossing(b, survival, m.Quantile, func(s stats.Estimate) float64 { return 1 - s.High }).High
	if !math.IsNaN(early) && !math.IsNaN(late) {
		e.Low, e.High, e.Level = early, late, level
	}
	r.N, r.counts = k.persons, k
	r = r.estimated(e, k.schools)
	if value.Low == value.High {
		return r, nil
	}
	said := "Connu à la tranche de la table de survie près."
	switch {
	case r.Level > 0:
		value.Low, value.High = math.Min(value.Low, *r.Low), math.Max(value.High, *r.High)
	case !math.IsNaN(early) && !math.IsNaN(survival[n-1].High): // later than the curve is followed
		value.Low, value.High = math.Min(value.Low, early), math.Max(value.High, b.to(n-1))
		said = "Connu à la tranche de la table de survie près ; la fin de l’intervalle dépasse la durée suivie."
	}
	r.Estimate, r.Low, r.High, r.Target = nil, &value.Low, &value.High, targetBounds
	r.Warnings = append(r.Warnings, warning(CodeBin, said))
	return r, nil
}

// crossing says when a rising curve first reaches p: a time on a line inside a bin of one
// step, or between the ends of a wider one; NaN when it does not. A bin where the curve
// has no value (no interval) leaves it where it was.
func crossing(b bins, survival []stats.Estimate, p float64, at func(stats.Estimate) float64) stats.Interval {
	before := 0.0
	for k, s := range survival {
		v := at(s)
		switch {
		case math.IsNaN(v):
			continue
		case v < p-1e-12:
			before = math.Max(before, v)
			continue
		}
		from, to := b.from(k), b.to(k)
		if to-from > 1 {
			return stats.Interval{Low: from, High: to}
		}
		from += (p - before) / (v - before) * (to - from)
		return stats.Interval{Low: from, High: from}
	}
	return stats.Interval{Low: math.NaN(), High: math.NaN()}
}

// incidence is the share of units to which the event of m.Curve has come first by
// m.At, where that of m.Rival competes (Aalen and Johansen). Both curves count the
// same units at risk.
func (c *computation) incidence(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	mine, err := c.lifeOf(ctx, m.Curve, g)
	if err != nil {
		return r, err
	}
	theirs, err := c.lifeOf(ctx, m.Rival, g)
	if err != nil {
		return r, err
	}
	mine, theirs = shared(mine, theirs)
	if len(mine) == 0 {
		return r.unmeasured(CodeNoRows, noRows), nil
	}
	known, _ := edition.FindCurve(m.Curve)
	n := bins{known.Edges}.count(m.At)
	k := &counts{cell: cellKey{r.Indicator + "." + m.Name, population, g.Grouping, g.Value}, modelled: true}
	a, b := lifeTables(mine, n, k), lifeTables(theirs, n, &counts{})
	tables := make([]stats.CompetingTable, len(a))
	for i := range a {
		tables[i] = stats.CompetingTable{Time: a[i].Time, AtRisk: a[i].AtRisk,
			Events: [][]float64{a[i].Events, b[i].Events}}
	}
	r.N, r.counts = k.persons, k
	return r.estimated(stats.CompetingClusters(tables, level)[0][n-1], k.schools), nil
}

// shared keeps the clusters that two curves share.
func shared(a, b []query.Time) (x, y []query.Time) {
	in := func(rows []query.Time) map[int32]bool {
		set := map[int32]bool{}
		for _, t := range rows {
			set[t.Cluster] = true
		}
		return set
	}
	inA, inB := in(a), in(b)
	keep := func(rows []query.Time) []query.Time {
		return slices.DeleteFunc(slices.Clone(rows), func(t query.Time) bool {
			return !inA[t.Cluster] || !inB[t.Cluster]
		})
	}
	return keep(a), keep(b)
}
