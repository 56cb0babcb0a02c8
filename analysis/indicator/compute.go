package indicator

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// level is the confidence level of every interval; minSchools the number of
// schools of a group below which none is given.
const (
	level      = 0.95
	minSchools = 12
)

// The targets of an interval.
const (
	targetSchools = "superpopulation of schools"
	targetBounds  = "bounds"
	targetSeries  = "time series"
	targetNone    = "none"
)

// Compute answers the questions of the given ids, all of them when ids is empty,
// from a research edition, by the groupings of the published report. The Results
// are exact and unprotected: they are for Protect, Release or a researcher inside
// the secure environment, and must not be published. They come in the order of the
// ids; every id has at least one, « not measurable » with its reason when the
// edition cannot answer. See [Analyze] for every other grouping.
//
// Shares are fractions of 1. Unknown ids are refused, all at once.
func Compute(ctx context.Context, ed *query.Edition, ids []string) ([]Result, error) {
	asked, err := lookupAll(ids)
	if err != nil {
		return nil, err
	}
	c, err := newComputation(ctx, ed)
	if err != nil {
		return nil, err
	}
	return c.answerAll(asked)
}

// lookupAll finds indicators by id, all of them when ids is empty.
func lookupAll(ids []string) ([]Indicator, error) {
	if len(ids) == 0 {
		return question.All(), nil
	}
	var faults []error
	asked := make([]Indicator, len(ids))
	for i, id := range ids {
		var err error
		if asked[i], err = question.Lookup(id); err != nil {
			faults = append(faults, err)
		}
	}
	return asked, errors.Join(faults...)
}

// computation is one run over one edition. What it reads it keeps until the next
// indicator: an edition of a million parents does not fit in memory.
type computation struct {
	ctx      context.Context
	ed       *query.Edition
	groups   []query.Group
	wanted   func(m Measure, g query.Group) bool
	sums     map[sumsKey]map[cellKey][]query.Sum
	times    map[string]map[query.Group][]query.Time
	fits     map[string]stats.CountFit
	bands    []query.Band
	read     bool // bands was read
	weeks    map[int8][]query.Week
	rows     []query.Coverage
	coverage sentinel
}

// sumsKey is what one reading of the sums table gives.
type sumsKey struct{ source, grouping string }

var wholePopulation = query.Group{Grouping: "all"}

func newComputation(ctx context.Context, ed *query.Edition) (*computation, error) {
	c := &computation{ctx: ctx, ed: ed, sums: map[sumsKey]map[cellKey][]query.Sum{}, times: map[string]map[query.Group][]query.Time{},
		fits: map[string]stats.CountFit{}, weeks: map[int8][]query.Week{}, groups: []query.Group{wholePopulation}}
	c.wanted = func(m Measure, g query.Group) bool { return m.Publishes(g.Grouping) }
	if ed.Has(edition.TableSums) {
		groups, err := ed.Groups(ctx)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			if g != wholePopulation {
				c.groups = append(c.groups, g)
			}
		}
	}
	if ed.Has(edition.TableCoverage) {
		var err error
		if c.rows, err = ed.Coverage(ctx); err != nil {
			return nil, err
		}
		c.coverage = newSentinel(c.rows)
	}
	return c, nil
}

func (c *computation) answerAll(asked []Indicator) ([]Result, error) {
	var out []Result
	for _, ind := range asked {
		results, err := c.answer(ind)
		if err != nil {
			return nil, fmt.Errorf("indicator: %s: %w", ind.ID, err)
		}
		out = append(out, results...)
		clear(c.sums)
		clear(c.times)
	}
	return out, nil
}

// answer gives the results of one indicator: measures × populations × groups.
func (c *computation) answer(ind Indicator) ([]Result, error) {
	var out []Result
	for _, m := range ind.Measures {
		if table, ok := tables[m.Estimator]; ok {
			results, err := c.table(table, ind, m)
			if err != nil {
				return nil, err
			}
			out = append(out, results...)
			continue
		}
		before := len(out)
		for _, population := range m.Populations {
			for _, g := range c.groups {
				if !c.wanted(m, g) {
					continue
				}
				r, err := c.figure(ind, m, population, g)
				if err != nil {
					return nil, err
				}
				out = append(out, r)
			}
		}
		if len(out) == before && !m.Carries("all") && m.Absent != "" { // groups no school lies in
			r := c.result(ind, m, m.Populations[0], wholePopulation)
			out = append(out, r.unmeasured(CodeNoFeed, "Non mesurable : %s.", m.Absent))
		}
	}
	return out, nil
}

// figure gives one number of one group.
func (c *computation) figure(ind Indicator, m Measure, population string, g query.Group) (Result, error) {
	r, err := estimators[m.Estimator](c, c.result(ind, m, population, g), m, population, g)
	return c.finish(ind, m, r, g, err)
}

// table gives the numbers of a measure that is a table of its own.
func (c *computation) table(f tableEstimator, ind Indicator, m Measure) ([]Result, error) {
	empty := c.result(ind, m, m.Populations[0], wholePopulation)
	results, err := f(c, empty, m)
	if err != nil {
		r, err := c.finish(ind, m, empty, wholePopulation, err)
		return []Result{r}, err
	}
	for i, r := range results {
		if results[i], err = c.finish(ind, m, r, wholePopulation, nil); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// finish says why a figure is missing, or what its feeds lack.
func (c *computation) finish(ind Indicator, m Measure, r Result, g query.Group, err error) (Result, error) {
	if errors.Is(err, query.ErrNoTable) {
		return r.unmeasured(CodeNoTable, "Non mesurable : l’édition ne porte pas la table nécessaire."), nil
	}
	if err != nil {
		return Result{}, err
	}
	if r.Status == NotMeasurable {
		return c.explainMissing(ind, m, r, g)
	}
	r.Warnings = append(r.Warnings, c.coverage.warnings(ind.Reads, g)...)
	return r, nil
}

// explainMissing replaces the reason of a figure without rows by a better one
// when the edition lacks the feed, at all or at the level of the group, or every
// row of the sources. What hides behind it is kept for the protection.
func (c *computation) explainMissing(ind Indicator, m Measure, r Result, g query.Group) (Result, error) {
	if Code(r.Warnings[0]) != CodeNoRows {
		return r, nil
	}
	hidden := r.counts
	grades := ind.Reads == "grades" && c.ed.Has(edition.TableCoverage)
	none, err := c.carriesNone(m)
	if err != nil {
		return r, err
	}
	switch {
	case grades && !c.coverage.has(serviceGrades, ""):
		r = r.unmeasured(CodeNoFeed, "Non mesurable : aucune source ne transmet les consultations de notes.")
	case grades && g.Grouping == "level" && !c.coverage.has(serviceGrades, g.Value):
		r = r.unmeasured(CodeNoFeed, "Non mesurable : aucune source ne transmet les consultations de notes à ce niveau.")
	case m.Absent != "" && none:
		r = r.unmeasured(CodeNoFeed, "Non mesurable : %s.", m.Absent)
	}
	r.counts = hidden
	return r, nil
}

// carriesNone reports whether the edition holds no row at all of a source or a
// curve of a measure.
func (c *computation) carriesNone(m Measure) (bool, error) {
	for _, source := range m.Sources {
		grouping := "all"
		if s, _ := approved(source); len(s.By) > 0 && !slices.Contains(s.By, grouping) {
			grouping = s.By[0]
		}
		rows, err := c.sumsOf(source, grouping)
		if err != nil || len(rows) == 0 {
			return true, ignoreNoTable(err)
		}
	}
	for _, name := range []string{m.Curve, m.Rival} {
		if name == "" {
			continue
		}
		rows, err := c.life(name)
		if err != nil || len(rows) == 0 {
			return true, ignoreNoTable(err)
		}
	}
	return len(m.Sources) == 0 && m.Curve == "", nil
}

func ignoreNoTable(err error) error {
	if errors.Is(err, query.ErrNoTable) {
		return nil
	}
	return err
}

// result is an empty result of a measure.
func (c *computation) result(ind Indicator, m Measure, population string, g query.Group) Result {
	return Result{
		Indicator: ind.ID, Edition: c.ed.Manifest.Kind, Population: population, Group: groupMap(g), Measure: m.Name,
		Target: targetNone, Status: NotMeasurable, Method: ind.Method.FR, Warnings: []string{},
	}
}

func groupMap(g query.Group) map[string]string {
	if g == wholePopulation {
		return map[string]string{}
	}
	return map[string]string{g.Grouping: g.Value}
}

// unmeasured says why there is no number.
func (r Result) unmeasured(code, format string, args ...any) Result {
	r.Estimate, r.Low, r.High, r.Level, r.Target, r.N, r.counts = nil, nil, nil, 0, targetNone, 0, nil
	r.Status, r.Warnings = NotMeasurable, []string{warning(code, format, args...)}
	return r
}

// absent is a cell without rows in the edition. It is remembered: the equations
// of the release could give it away.
func (r Result) absent(key cellKey) Result {
	r = r.unmeasured(CodeNoRows, noRows)
	r.counts = &counts{cell: key, absent: true}
	return r
}

const noRows = "Non mesurable : aucune donnée au-dessus du seuil de l’édition pour ce groupe, ou source absente."

// sumsOf reads the cluster rows of one measure and grouping.
func (c *computation) sumsOf(source, grouping string) (map[cellKey][]query.Sum, error) {
	at := sumsKey{source, grouping}
	rows, ok := c.sums[at]
	if !ok {
		all, err := c.ed.Sums(c.ctx, source, grouping)
		if err != nil {
			return nil, err
		}
		rows = map[cellKey][]query.Sum{}
		for _, s := range all {
			k := cellKey{source, s.Population, s.Grouping, s.Group}
			rows[k] = append(rows[k], s)
		}
		c.sums[at] = rows
	}
	return rows, nil
}

// cell reads the cluster rows of one measure, population and group. It is nil
// when the edition holds none.
func (c *computation) cell(source, population string, g query.Group) (*cell, error) {
	rows, err := c.sumsOf(source, g.Grouping)
	if err != nil {
		return nil, err
	}
	key := cellKey{source, population, g.Grouping, g.Value}
	if len(rows[key]) == 0 {
		return nil, nil
	}
	return newCell(key, rows[key]), nil
}

// cells reads the cells of several measures; the result is nil when one of them has
// no row.
func (c *computation) cells(sources []string, population string, g query.Group) ([]*cell, error) {
	out := make([]*cell, len(sources))
	for i, source := range sources {
		var err error
		if out[i], err = c.cell(source, population, g); err != nil || out[i] == nil {
			return nil, err
		}
	}
	return out, nil
}

// estimated puts an estimate of package stats into a result, with the doubts
// put in French.
func (r Result) estimated(e stats.Estimate, schools int64) Result {
	if math.IsNaN(e.Value) || math.IsInf(e.Value, 0) {
		return r.unmeasured(CodeZero, "Non mesurable : dénominateur nul.")
	}
	value := e.Value
	r.Estimate, r.Status = &value, Published
	switch {
	case e.Clusters < stats.MinClusters:
		r.Warnings = append(r.Warnings, warning(CodeFewClusters, "Moins de %d grappes d’établissements : pas d’intervalle.", stats.MinClusters))
	case schools < minSchools:
		r.Warnings = append(r.Warnings, warning(CodeFewSchools, "Moins de %d établissements : pas d’intervalle.", minSchools))
	case !e.HasInterval():
		r.Warnings = append(r.Warnings, warning(CodeNoInterval, "L’intervalle n’est pas défini pour ces données."))
	default:
		low, high := math.Min(e.Low, value), math.Max(e.High, value) // back from a log scale
		r.Low, r.High, r.Level, r.Target = &low, &high, e.Level, targetSchools
		switch {
		case math.IsNaN(e.DF):
			r.Warnings = append(r.Warnings, warning(CodeBoundary, "Toutes les grappes sont à la même extrémité : intervalle large, par grappes."))
		case e.DF < 5:
			r.Warnings = append(r.Warnings, warning(CodeLargeClusters, "Peu d’établissements, très grands, portent ce chiffre : intervalle incertain."))
		}
	}
	return r
}
