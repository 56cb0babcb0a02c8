package indicator

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
)

// perForm is how many sources one form of accompaniment has: after and before of
// the accompanied, after and before of their controls.
const perForm = 4

// pairwise compares the effects of every two forms of accompaniment: the ratio of
// their ratios of ratios, or the p-value of that ratio being 1, adjusted over all
// pairs that can be compared (Benjamini and Hochberg). Group: {"forms": "1 / 2"}.
func (c *computation) pairwise(ctx context.Context, empty Result, m question.Measure) ([]Result, error) {
	var pairs []Result
	var p []float64
	forms := len(m.Sources) / perForm
	for a := range forms {
		for b := a + 1; b < forms; b++ {
			sources := slices.Concat(m.Sources[perForm*a:perForm*(a+1)], m.Sources[perForm*b:perForm*(b+1)])
			cells, err := c.cells(ctx, sources, m.Populations[0], wholePopulation)
			if err != nil {
				return nil, err
			}
			if cells == nil {
				continue
			}
			e := jackknife(align(cells), stats.Log, func(x, y []float64) float64 {
				effect := func(i int) float64 {
					return x[i] / y[i] / (x[i+1] / y[i+1]) / (x[i+2] / y[i+2] / (x[i+3] / y[i+3]))
				}
				return effect(0) / effect(perForm)
			})
			p = append(p, stats.WaldTest(e, 1, stats.Log).P)
			r := empty
			r.Group = map[string]string{"forms": fmt.Sprintf("%d / %d", a+1, b+1)}
			r.N, r.counts = cells[0].persons+cells[2].persons+cells[4].persons+cells[6].persons, composite(cells, false)
			pairs = append(pairs, r.estimated(e, fewest(cells)))
		}
	}
	if len(pairs) == 0 {
		return []Result{empty.unmeasured(CodeNoRows, noRows)}, nil
	}
	if m.Kind == question.Index {
		for i, adjusted := range stats.BenjaminiHochberg(p) {
			pairs[i] = pairs[i].probability(adjusted)
		}
	}
	return pairs, nil
}

// probability puts a p-value in the place of an estimate that has an interval.
func (r Result) probability(p float64) Result {
	if r.Level == 0 {
		return r.unmeasured(CodeNoInterval, "Non mesurable : sans intervalle, pas de test.")
	}
	r.Estimate, r.Low, r.High, r.Level, r.Target = &p, nil, nil, 0, targetNone
	return r
}

// eventStudy is the rate of the accompanied over that of their controls in each week
// around the accompaniment: 1 before it, if they were alike. Group:
// {"relative_week": "-4"}. Sources come in pairs, accompanied and control.
func (c *computation) eventStudy(ctx context.Context, empty Result, m question.Measure) ([]Result, error) {
	var out []Result
	for i := 0; i < len(m.Sources); i += 2 {
		cells, err := c.cells(ctx, m.Sources[i:i+2], m.Populations[0], wholePopulation)
		if err != nil {
			return nil, err
		}
		if cells == nil {
			continue
		}
		r, a := empty, align(cells)
		r.Group = map[string]string{"relative_week": relativeWeek(m.Sources[i])}
		r.N, r.counts = cells[0].persons+cells[1].persons, composite(cells, false)
		e := stats.ClusterRatioOfRatios(a[0].num, a[0].den, a[1].num, a[1].den, level)
		out = append(out, r.estimated(e, fewest(cells)))
	}
	if len(out) == 0 {
		return []Result{empty.unmeasured(CodeNoRows, noRows)}, nil
	}
	return out, nil
}

// relativeWeek reads "+3" off "A2.week+3.control".
func relativeWeek(source string) string {
	_, week, _ := strings.Cut(source, ".week")
	week, _, _ = strings.Cut(week, ".")
	return week
}

// placebo asks the question of the effect of a time when there was none: the later
// half of the weeks before over the earlier half, accompanied over controls. Sources
// are those of the weeks before, in order, accompanied and control.
func (c *computation) placebo(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	cells, err := c.cells(ctx, m.Sources, population, g)
	if err != nil || cells == nil {
		return r.unmeasured(CodeNoRows, noRows), err
	}
	weeks := align(cells)
	half := len(weeks) / 2
	sum := func(from, to, arm int) (all aligned) {
		all = aligned{make([]float64, len(weeks[0].num)), make([]float64, len(weeks[0].den))}
		for i := from + arm; i < to; i += 2 {
			for g := range all.num {
				all.num[g], all.den[g] = all.num[g]+weeks[i].num[g], all.den[g]+weeks[i].den[g]
			}
		}
		return all
	}
	r.N, r.counts = cells[0].persons+cells[1].persons, composite(cells, false)
	e := armRatio([]aligned{sum(half, len(weeks), 0), sum(0, half, 0), sum(half, len(weeks), 1), sum(0, half, 1)})
	r = r.estimated(e, fewest(cells))
	if r.Level > 0 && (*r.Low > 1 || *r.High < 1) { // said before rounding moves the bounds outward
		r.Warnings = append(r.Warnings, warning(CodeMovedApart,
			"L’intervalle, avant tout arrondi, ne contient pas 1 : les deux groupes évoluaient déjà différemment."))
	}
	return r, nil
}
