package indicator

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// fitting is a fitted model of strata: the column of its first contrast, and how many of
// the persons of a row have what it models. A group where nobody has it has no finite
// ratio, and of odds neither has one where everybody has it.
type fitting struct {
	stats.Regression
	at   int
	odds bool
	with func(query.Sum) (some, all int64)
}

// finite reports whether a group and those it is compared with have a finite ratio.
func (f fitting) finite(s strata, g query.Group) bool {
	references := []query.Group{g, {Grouping: "level", Value: s.levels[len(s.levels)-1]},
		{Grouping: "ips_band", Value: s.bands[len(s.bands)-1]}}
	for _, g := range references {
		var some, all int64
		for i, row := range s.rows {
			if g.Grouping == "level" && s.levels[s.level[i]] == g.Value ||
				g.Grouping == "ips_band" && s.bands[s.band[i]] == g.Value {
				x, n := f.with(row)
				some, all = some+x, all+n
			}
		}
		if some == 0 || f.odds && some == all {
			return false
		}
	}
	return true
}

// came counts the persons of a row with at least one visit.
func came(row query.Sum) (some, all int64) {
	for bin, n := range row.Histogram {
		if all += n; bin > 0 {
			some += n
		}
	}
	return some, all
}

// ratios gives exp(coefficient) of each contrast of a fitted model. Each disappears with
// the whole and with its group.
func (c *computation) ratios(
	ctx context.Context, empty Result, m question.Measure, s strata, fit fitting,
) ([]Result, error) {
	source, population := m.Sources[0], m.Populations[0]
	whole, err := c.cell(ctx, source, population, wholePopulation)
	if err != nil {
		return nil, err
	}
	var out []Result
	for i, g := range s.contrasts() {
		r := empty
		r.Group, r.Warnings = groupMap(g), nil
		group, err := c.cell(ctx, source, population, g)
		if err != nil {
			return nil, err
		}
		if whole == nil || group == nil {
			out = append(out, r.absent(cellKey{source, population, g.Grouping, g.Value}))
			continue
		}
		r.N, r.counts = group.persons, composite([]*cell{whole, group}, perHead(source))
		if !fit.finite(s, g) {
			out = append(out, r.unmeasured(CodeModel, noFit))
			continue
		}
		r = r.fitted(fit.Ratio(fit.at+i, level), s.schools())
		if r.Status == Published {
			r.Warnings = append(r.Warnings, warning(CodeReference, "Rapporté à : %s ; IPS de tranche %s.",
				levelNames[s.levels[len(s.levels)-1]], s.bands[len(s.bands)-1]))
		}
		out = append(out, r)
	}
	return out, nil
}

// logit fits a share on level and IPS band together, from grouped cells, with
// cluster-robust errors (CR3): odds ratios at equal other. Group: {"level": …} or
// {"ips_band": …}.
func (c *computation) logit(ctx context.Context, empty Result, m question.Measure) ([]Result, error) {
	s, err := c.strata(ctx, m.Sources[0], m.Populations[0])
	if err != nil {
		return nil, err
	}
	if len(s.contrasts()) == 0 {
		return []Result{empty.unmeasured(CodeNoRows, noRows)}, nil
	}
	x, y := make([]float64, len(s.rows)), make([]float64, len(s.rows))
	for i, row := range s.rows {
		x[i], y[i] = float64(row.X), float64(row.Y)
	}
	fit := stats.Binomial(x, y, s.design(), stats.BinomialOptions{Cluster: s.cluster, Variance: stats.CR3})
	with := func(row query.Sum) (some, all int64) { return row.X, row.Y }
	return c.ratios(ctx, empty, m, s, fitting{fit, 1, true, with})
}

// countModel fits the visits of a person on level and IPS band: NB2 (count_ratio,
// dispersion, count_misfit) or a hurdle before a truncated NB2 (hurdle_*), by maximum
// likelihood on the binned counts with errors by cluster (CR3).
//
// A share of structural zeros is not given. With schools that differ (a factor of SD
// 0.45) its 95 % intervals held the planted share in 59, 41 and 6 of 60 regions of 20, 60
// and 150 schools: the law of each school is the NB2, their mixture is not, and the zero
// part takes up the difference, the surer the more schools there are. How far the law is
// from the counts is said instead.
func (c *computation) countModel(ctx context.Context, empty Result, m question.Measure) ([]Result, error) {
	s, err := c.strata(ctx, m.Sources[0], m.Populations[0])
	if err != nil {
		return nil, err
	}
	if len(s.contrasts()) == 0 {
		return []Result{empty.unmeasured(CodeNoRows, noRows)}, nil
	}
	switch m.Name {
	case "hurdle_count_ratio", "hurdle_odds_ratio":
		fit := c.fit(s, stats.CountModel{Family: stats.NB2, Zero: stats.Hurdle}, m)
		if m.Name == "hurdle_odds_ratio" {
			return c.ratios(ctx, empty, m, s, fitting{fit.Regression, fit.ZeroAt + 1, true, came})
		}
		return c.ratios(ctx, empty, m, s, fitting{fit.Regression, 1, false, came})
	case "count_ratio":
		fit := c.fit(s, stats.CountModel{Family: stats.NB2}, m)
		return c.ratios(ctx, empty, m, s, fitting{fit.Regression, 1, false, came})
	}
	whole, err := c.cell(ctx, m.Sources[0], m.Populations[0], wholePopulation)
	if err != nil {
		return nil, err
	}
	if whole == nil {
		return []Result{empty.unmeasured(CodeNoRows, noRows)}, nil
	}
	empty.N, empty.counts = whole.persons, composite([]*cell{whole}, false)
	empty.counts.modelled = true
	if m.Name == "dispersion" {
		fit := c.fit(s, stats.CountModel{Family: stats.NB2}, m)
		return []Result{empty.fitted(fit.Ratio(len(fit.Coef)-1, level), s.schools())}, nil
	}
	return []Result{c.misfit(empty, s, m)}, nil
}

// largestMisfit is the part of misplaced accounts above which a law does not fit.
const largestMisfit = 0.05

// misfit is the part of the accounts that would have to change bin for the NB2 to fit. It
// describes these accounts, and has no interval.
func (c *computation) misfit(r Result, s strata, m question.Measure) Result {
	model := stats.CountModel{Family: stats.NB2}
	share := c.fit(s, model, m).Fitness(s.countData(), model).Misplaced
	if math.IsNaN(share) {
		return r.unmeasured(CodeNoRows, noRows)
	}
	r.Estimate, r.Status = &share, Published
	if share > largestMisfit {
		r.Warnings = append(r.Warnings, warning(CodeMisfit, "La loi ne s’ajuste pas : ses rapports décrivent des "+
			"moyennes, et non la répartition des visites."))
	}
	return r
}

// fit fits one count model; a model that several measures share is fitted once.
func (c *computation) fit(s strata, model stats.CountModel, m question.Measure) stats.CountFit {
	at := m.Sources[0] + " " + m.Populations[0] + " " + model.String()
	fit, ok := c.fits[at]
	if !ok {
		fit = stats.Counts(s.countData(), model)
		c.fits[at] = fit
	}
	return fit
}

// trend is the odds ratio from one step of an ordered grouping to the next, by
// logistic regression on its rank with cluster-robust errors (CR3). An edition hides
// which clusters of two grades are one school; the error is that of the worst case,
// see [together].
func (c *computation) trend(
	ctx context.Context, r Result, m question.Measure, population string, _ query.Group,
) (Result, error) {
	var x, y []float64
	var design [][]float64
	var cluster []int
	var cells []*cell
	for score, step := range ladders[m.Along] {
		cell, err := c.cell(ctx, m.Sources[0], population, query.Group{Grouping: m.Along, Value: step})
		if err != nil {
			return r, err
		}
		if cell == nil {
			continue
		}
		cells = append(cells, cell)
		for i := range cell.rows {
			x, y = append(x, cell.num[i]), append(y, cell.den[i])
			design, cluster = append(design, []float64{1, float64(score)}), append(cluster, len(cluster))
		}
	}
	if len(cells) < 3 {
		return r.unmeasured(CodeNoRows,
			"Non mesurable : il faut au moins trois classes au-dessus du seuil de l’édition."), nil
	}
	fit := stats.Binomial(x, y, design, stats.BinomialOptions{Cluster: cluster, Variance: stats.CR3})
	if m.Along == "grade" {
		fit.Cov.ScaleSym(together(cells, influences(x, y, design, fit.Coef)), fit.Cov)
	}
	for _, cell := range cells {
		r.N += cell.persons
	}
	r.counts = composite(cells, false)
	return r.fitted(fit.Ratio(1, level), schoolsOfGrades(cells)), nil
}

// influences are those of the rows of a logistic regression on a constant and one
// column on the coefficient of that column: a row moves it by its residual times
// its distance from the mean of the column, weighed by y·p(1−p).
func influences(x, y []float64, design [][]float64, coef []float64) []float64 {
	p, weight := make([]float64, len(x)), make([]float64, len(x))
	var sum, moment, spread float64
	for i, d := range design {
		p[i] = 1 / (1 + math.Exp(-coef[0]-coef[1]*d[1]))
		weight[i] = y[i] * p[i] * (1 - p[i])
		sum, moment = sum+weight[i], moment+weight[i]*d[1]
	}
	for i, d := range design {
		spread += weight[i] * (d[1] - moment/sum) * (d[1] - moment/sum)
	}
	out := make([]float64, len(x))
	for i, d := range design {
		out[i] = (d[1] - moment/sum) * (x[i] - y[i]*p[i]) / spread
	}
	return out
}

// together is by how much the variance of a sum over the rows of cells by grade
// grows when the rows of the grades of one level belong to the same schools and
// move as one, over what it is when all are independent: Σ(Σ_grade s)²/Σs², with
// the outer sum over levels and s² the sum of squares of a grade. By Cauchy and
// Schwarz it is at most that.
func together(cells []*cell, influence []float64) float64 {
	sd := map[byte]float64{}
	apart, at := 0.0, 0
	for _, cell := range cells {
		var squares float64
		for range cell.rows {
			squares, at = squares+influence[at]*influence[at], at+1
		}
		sd[levelOf(cell.key.group)] += math.Sqrt(squares)
		apart += squares
	}
	var worst float64
	for _, s := range []float64{sd['C'], sd['6'], sd['T']} {
		worst += s * s
	}
	return worst / apart
}

// levelOf names the level of a grade: C for CP to CM2, 6 for 6e to 3e, T for 2de to
// Tle.
func levelOf(grade string) byte {
	switch first := grade[0]; {
	case first >= '3' && first <= '6':
		return '6'
	case first == 'C':
		return 'C'
	}
	return 'T'
}

// schoolsOfGrades is at most the number of schools behind cells by grade: those of
// the fullest grade of each level.
func schoolsOfGrades(cells []*cell) int64 {
	most := map[byte]int64{}
	for _, cell := range cells {
		level := levelOf(cell.key.group)
		most[level] = max(most[level], cell.schools)
	}
	return most['C'] + most['6'] + most['T']
}

// twoClasses is the share of persons in the class of the larger mean, when their counts
// are a mixture of two laws. It is a look at a threshold from another side, and has no
// interval; where the counts show no second class, there is no figure.
func (c *computation) twoClasses(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	r, cell, err := c.own(ctx, r, m, population, g)
	if cell == nil {
		return r, err
	}
	var low, high, weight []float64
	for b, n := range cell.histogram {
		low = append(low, float64(edition.HistogramEdges[b]))
		weight = append(weight, float64(n))
		high = append(high, math.Inf(1))
		if b+1 < len(cell.histogram) {
			high[b] = float64(edition.HistogramEdges[b+1] - 1)
		}
	}
	fit := stats.FitTwoClasses(low, high, weight)
	if math.IsNaN(fit.Share) || fit.Gain < 0 {
		return r.unmeasured(CodeModel, "Non mesurable : les comptes ne montrent pas deux classes."), nil
	}
	r.N, r.counts, r.Estimate, r.Status = cell.persons, cell.counts(false), &fit.Share, Published
	r.counts.modelled = true
	return r, nil
}

// strata reads the stratum cells of one source; it has no row when the edition has
// none.
func (c *computation) strata(ctx context.Context, source, population string) (strata, error) {
	var s strata
	all, err := c.sumsOf(ctx, source, "stratum")
	if err != nil {
		return s, err
	}
	for _, level := range []string{"lycee", "college", "ecole"} {
		for _, band := range ladders["ips_band"] {
			rows := all[cellKey{source, population, "stratum", level + " " + band}]
			if len(rows) == 0 {
				continue
			}
			if !slices.Contains(s.levels, level) {
				s.levels = append(s.levels, level)
			}
			if !slices.Contains(s.bands, band) {
				s.bands = append(s.bands, band)
			}
			s.rows = append(s.rows, rows...)
		}
	}
	slices.Sort(s.bands)
	for i, row := range s.rows {
		level, band, _ := strings.Cut(row.Group, " ")
		s.level, s.band = append(s.level, slices.Index(s.levels, level)), append(s.band, slices.Index(s.bands, band))
		s.cluster = append(s.cluster, i) // a school stands in one stratum: a row is a cluster
	}
	return s, nil
}
