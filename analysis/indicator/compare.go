package indicator

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
)

// arms are the cells of a comparison of two groups before and after: after and
// before of the first, after and before of the second. missing says why there is
// none: a cell is not there, or too few schools carry them.
func (c *computation) arms(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (cells []*cell, missing *Result, err error) {
	none := r.unmeasured(CodeNoRows, noRows)
	if cells, err = c.cells(ctx, m.Sources, population, g); err != nil || cells == nil {
		return nil, &none, err
	}
	if schoolsOf(cells) < m.MinSchools {
		few := r.unmeasured(CodeFewSchools, "Non mesurable : moins de %d établissements à comparer.", m.MinSchools)
		return nil, &few, nil
	}
	return cells, nil, nil
}

// ratioOfRatios is the change of a rate in one group over its change in another,
// jackknife over clusters on the log scale: with matched groups, the effect.
func (c *computation) ratioOfRatios(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	cells, missing, err := c.arms(ctx, r, m, population, g)
	if missing != nil || err != nil {
		return *missing, err
	}
	r.N, r.counts = cells[0].persons+cells[2].persons, composite(cells, false)
	return r.estimated(armRatio(align(cells)), fewest(cells)), nil
}

// differenceInDifferences is the change of a mean or a share in one group minus
// its change in another, jackknife over clusters.
func (c *computation) differenceInDifferences(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	cells, missing, err := c.arms(ctx, r, m, population, g)
	if missing != nil || err != nil {
		return *missing, err
	}
	r.N, r.counts = cells[0].persons+cells[2].persons, composite(cells, false)
	e := jackknife(align(cells), stats.Identity, func(x, y []float64) float64 {
		return x[0]/y[0] - x[1]/y[1] - (x[2]/y[2] - x[3]/y[3])
	})
	return r.estimated(e, fewest(cells)), nil
}

// naiveRatio compares the rates of two groups that were not drawn at random.
func (c *computation) naiveRatio(
	ctx context.Context, r Result, m question.Measure, _ string, g query.Group,
) (Result, error) {
	cells, err := c.cells(ctx, m.Sources, "all_accounts", g)
	if err != nil || cells == nil {
		return r.unmeasured(CodeNoRows, noRows), err
	}
	a := align(cells)
	r.N, r.counts = cells[0].persons+cells[1].persons, composite(cells, false)
	r = r.estimated(stats.ClusterRatioOfRatios(a[0].num, a[0].den, a[1].num, a[1].den, level), fewest(cells))
	if r.Status == Published {
		r.Warnings = append(r.Warnings,
			warning(CodeSelection, "Comparaison trompeuse : les accompagnés venaient moins avant de l’être."))
	}
	return r, nil
}

// eValue is how strong an unobserved cause of both would have to be to explain a
// ratio of ratios away. Its lower limit is that of the interval of the ratio; it
// has no upper one.
func (c *computation) eValue(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	cells, missing, err := c.arms(ctx, r, m, population, g)
	if missing != nil || err != nil {
		return *missing, err
	}
	e := armRatio(afterBefore(align(cells)))
	v := stats.EValue(e)
	r.N, r.counts = cells[0].persons+cells[1].persons, composite(cells, false)
	r = r.estimated(stats.Estimate{Value: v.Value, Clusters: e.Clusters, Low: math.NaN(), High: math.NaN()},
		fewest(cells))
	if r.Status == Published && !math.IsNaN(v.Low) {
		r.Warnings = []Warning{warning(CodeEValue,
			"Une force de %d,%d suffirait pour ramener l’intervalle à « aucun effet ».", int(v.Low), int(10*v.Low)%10)}
	}
	return r, nil
}

// ladders are the values of the ordered groupings, from low to high.
var ladders = map[string][]string{
	"ips_band":  {"1", "2", "3", "4", "5"},
	"seniority": {"0-1", "2-4", "5+"},
	"products":  {"1", "2", "3+"},
	"grade":     {"CP", "CE1", "CE2", "CM1", "CM2", "6e", "5e", "4e", "3e", "2de", "1re", "Tle"},
}

// gradient compares the steps of an ordered grouping of schools (their IPS bands,
// unless the measure says along what): its two ends (ratio, gap), or the gradient
// over all of them (sii, rii, erreygers, concentration). Along IPS bands ratio and
// gap set the lowest against the highest, along other ladders the highest against
// the lowest. A school stands on one step, so the clusters of two steps differ.
func (c *computation) gradient(
	ctx context.Context, r Result, m question.Measure, population string, _ query.Group,
) (Result, error) {
	along := cmp.Or(m.Along, "ips_band")
	ladder := ladders[along]
	cells := make([]*cell, len(ladder))
	for i, step := range ladder {
		var err error
		at := query.Group{Grouping: along, Value: step}
		if cells[i], err = c.cell(ctx, m.Sources[0], population, at); err != nil {
			return r, err
		}
	}
	used := cells
	if m.Form == "ratio" || m.Form == "gap" {
		used = []*cell{cells[0], cells[len(cells)-1]}
		if along != "ips_band" {
			slices.Reverse(used)
		}
	}
	k := &counts{cell: cellKey{m.Sources[0], population, "composite", m.Name}, schools: math.MaxInt64}
	var schools int64
	carried := slices.ContainsFunc(cells, func(c *cell) bool { return c != nil })
	for _, cell := range used {
		if cell == nil {
			if along == "ips_band" {
				const missing = "Non mesurable : une tranche d’IPS nécessaire n’a pas de données au-dessus du seuil " +
					"de l’édition."
				return r.unmeasured(CodeNoRows, missing), nil
			}
			if !carried {
				return r.unmeasured(CodeNoFeed, "Non mesurable : %s.", m.Absent.FR), nil
			}
			return r.unmeasured(CodeNoRows, noRows), nil
		}
		k.persons, k.schools, schools = k.persons+cell.persons, min(k.schools, cell.schools), schools+cell.schools
		k.parts = append(k.parts, *cell.counts(perHead(m.Sources[0])))
	}
	r.N, r.counts = k.persons, k
	switch m.Form {
	case "ratio":
		return r.estimated(apart(used[0], used[1], stats.ClusterRatioOfRatios), k.schools), nil
	case "gap":
		return r.estimated(apart(used[0], used[1], stats.ClusterShareDifference), k.schools), nil
	}
	f, ok := gradients[m.Form]
	if !ok {
		return r, fmt.Errorf("no gradient %q", m.Form)
	}
	var group []int
	var num, den []float64
	for step, cell := range cells {
		for i := range cell.num {
			group, num, den = append(group, step), append(num, cell.num[i]), append(den, cell.den[i])
		}
	}
	e := stats.GradientClusters(group, nil, num, den, len(cells), f.functional, level, f.scale)
	return r.estimated(e, schools), nil
}

// gradients are the summaries of a mean along the bands, from low to high.
var gradients = map[string]struct {
	functional func(stats.Gradient) float64
	scale      stats.Transform
}{

	"sii":           {func(g stats.Gradient) float64 { return g.Slope }, stats.Identity},
	"rii":           {func(g stats.Gradient) float64 { return 1 / g.RelativeIndex() }, stats.Log},
	"erreygers":     {func(g stats.Gradient) float64 { return g.Erreygers(1) }, stats.Identity},
	"concentration": {func(g stats.Gradient) float64 { return g.Concentration }, stats.Identity},
}

// apart compares two cells that share no cluster.
func apart(a, b *cell, compare func(num1, den1, num2, den2 []float64, level float64) stats.Estimate) stats.Estimate {
	none, more := make([]float64, len(a.num)), make([]float64, len(b.num))
	return compare(slices.Concat(a.num, more), slices.Concat(a.den, more),
		slices.Concat(none, b.num), slices.Concat(none, b.den), level)
}
