package indicator

import (
	"context"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// An estimator gives one number of one group; a tableEstimator the numbers of a
// measure that is a table of its own (weeks, forms, feeds, coefficients).
type (
	estimator func(
		c *computation, ctx context.Context, r Result, m question.Measure, population string, g query.Group,
	) (Result, error)
	tableEstimator func(c *computation, ctx context.Context, empty Result, m question.Measure) ([]Result, error)
)

// estimators are the words of the catalogue for how a number is computed.
var estimators = map[string]estimator{
	"":                          (*computation).plain,
	"mean":                      (*computation).mean,
	"rate_ratio":                (*computation).rateRatio,
	"at_least":                  (*computation).atLeast,
	"share_gap":                 (*computation).shareGap,
	"odds_ratio":                (*computation).oddsRatio,
	"ratio_of_ratios":           (*computation).ratioOfRatios,
	"naive_ratio":               (*computation).naiveRatio,
	"e_value":                   (*computation).eValue,
	"difference_in_differences": (*computation).differenceInDifferences,
	"placebo":                   (*computation).placebo,
	"matched_effect":            (*computation).matchedEffect,
	"leads":                     (*computation).leads,
	"two_classes":               (*computation).twoClasses,
	"adjusted_odds":             (*computation).adjustedOdds,
	"gradient":                  (*computation).gradient,
	"trend":                     (*computation).trend,
	"icc":                       (*computation).icc,
	"theil":                     (*computation).theil,
	"correlation":               (*computation).correlation,
	"gini":                      (*computation).gini,
	"top_share":                 (*computation).topShare,
	"lorenz":                    (*computation).lorenz,
	"never_bounds":              (*computation).neverBounds,
	"nonresponse":               (*computation).nonresponse,
	"life":                      (*computation).lifeShare,
	"life_quantile":             (*computation).lifeQuantile,
	"incidence":                 (*computation).incidence,
	"profile_share":             (*computation).parentShare,
	"schools":                   (*computation).schools,
}

// tables are those that give several numbers.
var tables = map[string]tableEstimator{
	"panel":       (*computation).panel,
	"feeds":       (*computation).feeds,
	"manifest":    (*computation).anonymity,
	"event_study": (*computation).eventStudy,
	"pairwise":    (*computation).pairwise,
	"imbalance":   (*computation).imbalance,
	"slopes":      (*computation).slopes,

	"decomposition":       (*computation).decomposition,
	"concentration_curve": (*computation).concentrationCurve,

	"relative_magnitudes": (*computation).relativeMagnitudes,
	"logit":               (*computation).logit,
	"count_model":         (*computation).countModel,
}

// plain is what the kind of a measure implies.
func (c *computation) plain(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	switch {
	case m.Column != "":
		return c.fromPersons(ctx, r, m, population, g)
	case m.Kind == question.Bounds:
		return c.bounds(ctx, r, m, population, g)
	case m.Kind == question.Quantile:
		return c.quantile(ctx, r, m, population, g)
	}
	return c.ratio(ctx, r, m, population, g)
}

// ratio is Σx/Σy over clusters: shares, event shares and rates.
func (c *computation) ratio(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	r, cell, err := c.own(ctx, r, m, population, g)
	if cell == nil {
		return r, err
	}
	r.N, r.counts = cell.persons, cell.counts(m.Kind == question.Share)
	as := ofShare
	if m.Kind == question.Rate {
		as = ofRate
	}
	e, err := c.clustered(ctx, cell, as)
	if err != nil {
		return r, err
	}
	noise := noiseOf(c.ed.Manifest.Perturbation, cell.clusters(m.Kind == question.Share)...)
	return r.estimated(e, cell.schools).noisy(noise, e, m.Kind != question.Rate), nil
}

// mean is Σx/Σy moved by the measure's shift, for an index that may be negative:
// its interval is symmetric.
func (c *computation) mean(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	r, cell, err := c.own(ctx, r, m, population, g)
	if cell == nil {
		return r, err
	}
	e := stats.ClusterRatioWith(cell.num, cell.den, stats.RatioOptions{Level: level})
	e.Value, e.Low, e.High = e.Value+m.Shift, e.Low+m.Shift, e.High+m.Shift
	r.N, r.counts = cell.persons, cell.counts(false)
	return r.estimated(e, cell.schools), nil
}

// rateRatio is Σx/Σy where both count the same thing of the same persons in two
// periods: each person is their own control.
func (c *computation) rateRatio(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	r, cell, err := c.own(ctx, r, m, population, g)
	if cell == nil {
		return r, err
	}
	e, err := c.clustered(ctx, cell, ofTwoCounts)
	if err != nil {
		return r, err
	}
	r.N, r.counts = cell.persons, cell.counts(false)
	return r.estimated(e, cell.schools), nil
}

// atLeast is the share of persons whose x is at least m.At, an edge of the
// histogram.
func (c *computation) atLeast(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	key := cellKey{m.Sources[0], population, g.Grouping, g.Value}
	cell, err := c.cell(ctx, m.Sources[0], population, g)
	if err != nil || cell == nil {
		return r.absent(key), err
	}
	bin := slices.Index(edition.HistogramEdges[:], int64(m.At))
	num, den := make([]float64, len(cell.rows)), make([]float64, len(cell.rows))
	k := cell.counts(true)
	k.cell.source, k.x, k.y = k.cell.source+" >= "+r.Measure, 0, 0
	for i, row := range cell.rows {
		for b, n := range row.Histogram {
			k.y += n
			den[i] += float64(n)
			if b >= bin {
				k.x += n
				num[i] += float64(n)
			}
		}
	}
	k.bound(k.x, k.y)
	r.N, r.counts = cell.persons, k
	return r.estimated(stats.ClusterHeads(num, den, level), cell.schools), nil
}

// shareGap is the difference of two shares that may have clusters in common.
func (c *computation) shareGap(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	cells, err := c.cells(ctx, m.Sources, population, g)
	if err != nil || cells == nil {
		return r.unmeasured(CodeNoRows, noRows), err
	}
	a := align(cells)
	r.N, r.counts = max(cells[0].persons, cells[1].persons), composite(cells, perHead(m.Sources[0]))
	if population == edition.PopMatched {
		r.N = cells[0].persons + cells[1].persons
	}
	return r.estimated(stats.ClusterShareDifference(a[0].num, a[0].den, a[1].num, a[1].den, level), fewest(cells)), nil
}

// oddsRatio compares two shares: p/(1−p) of the first over that of the second,
// jackknife over clusters on the log scale.
func (c *computation) oddsRatio(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	cells, err := c.cells(ctx, m.Sources, population, g)
	if err != nil || cells == nil {
		return r.unmeasured(CodeNoRows, noRows), err
	}
	odds := func(x, y float64) float64 { return x / (y - x) }
	e := jackknife(align(cells), stats.Log, func(x, y []float64) float64 { return odds(x[0], y[0]) / odds(x[1], y[1]) })
	r.N, r.counts = max(cells[0].persons, cells[1].persons), composite(cells, false)
	return r.estimated(e, fewest(cells)), nil
}
