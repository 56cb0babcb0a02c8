package indicator

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/query"
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
// from a research edition. The Results are exact and unprotected: they are for
// Protect, Release or a researcher inside the secure environment, and must not
// be published. They come in the order of the ids; every id has at least one,
// « not measurable » with its reason when the edition cannot answer.
//
// Shares are fractions of 1. Unknown ids are refused, all at once.
func Compute(ctx context.Context, ed *query.Edition, ids []string) ([]Result, error) {
	if len(ids) == 0 {
		ids = IDs()
	}
	var faults []error
	asked := make([]Indicator, len(ids))
	for i, id := range ids {
		var err error
		if asked[i], err = Lookup(id); err != nil {
			faults = append(faults, err)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	c, err := newComputation(ctx, ed)
	if err != nil {
		return nil, err
	}
	var out []Result
	for _, ind := range asked {
		results, err := c.answer(ind)
		if err != nil {
			return nil, fmt.Errorf("indicator: %s: %w", ind.ID, err)
		}
		out = append(out, results...)
	}
	return out, nil
}

// computation is one run over one edition. What it reads it keeps.
type computation struct {
	ctx      context.Context
	ed       *query.Edition
	groups   []query.Group
	sums     map[string]map[cellKey][]query.Sum
	bands    []query.Band
	read     bool // bands was read
	times    map[query.Group][]query.Time
	weeks    map[int8][]query.Week
	coverage sentinel
}

var wholePopulation = query.Group{Grouping: "all"}

func newComputation(ctx context.Context, ed *query.Edition) (*computation, error) {
	c := &computation{ctx: ctx, ed: ed, sums: map[string]map[cellKey][]query.Sum{}, weeks: map[int8][]query.Week{}, groups: []query.Group{wholePopulation}}
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
		rows, err := ed.Coverage(ctx)
		if err != nil {
			return nil, err
		}
		c.coverage = newSentinel(rows)
	}
	return c, nil
}

// answer gives the results of one indicator: measures × populations × groups.
func (c *computation) answer(ind Indicator) ([]Result, error) {
	if len(ind.Measures) == 0 {
		r := c.result(ind, Measure{Name: "answer"}, "", wholePopulation)
		return []Result{r.unmeasured(CodeMissing, "Non mesurable : %s.", ind.Missing)}, nil
	}
	var out []Result
	for _, m := range ind.Measures {
		if ind.ID == "L6" {
			results, err := c.panel(ind, m)
			if err != nil {
				return nil, err
			}
			out = append(out, results...)
			continue
		}
		if ind.ID == "Q1" || ind.ID == "Q2" {
			out = append(out, c.quality(ind, m)...)
			continue
		}
		for _, population := range m.Populations {
			for _, g := range c.groups {
				if g != wholePopulation && !m.ByGroup(g.Grouping) {
					continue
				}
				r, err := c.figure(ind, m, population, g)
				if err != nil {
					return nil, err
				}
				out = append(out, r)
			}
		}
	}
	return out, nil
}

// figure gives one number of one group.
func (c *computation) figure(ind Indicator, m Measure, population string, g query.Group) (Result, error) {
	r := c.result(ind, m, population, g)
	var err error
	switch {
	case m.Missing != "":
		return r.unmeasured(CodeMissing, "Non mesurable : %s.", m.Missing), nil
	case m.Column != "":
		r, err = c.fromPersons(r, m, population, g)
	case m.Service != 0:
		r, err = c.fromWeeks(ind, r, m, g)
	case slices.Contains(m.Sources, curveFirstLogin):
		r, err = c.firstLogin(r, g)
	case ind.ID == "A2":
		r, err = c.accompaniment(r, m)
	case ind.ID == "F2":
		r, err = c.divide(r, m, population)
	case m.Name == "gini":
		r, err = c.gini(r, m, population, g)
	case m.Name == "top_tenth_share":
		r, err = c.topShare(r, m, population, g)
	case m.Name == "theil_between", m.Name == "school_icc":
		r, err = c.betweenSchools(r, m, population, g)
	case m.Name == "never_bounds":
		r, err = c.neverBounds(r, m, population, g)
	case m.Kind == Bounds:
		r, err = c.bounds(r, m, population, g)
	case m.Kind == Quantile:
		r, err = c.quantile(r, m, population, g)
	default:
		r, err = c.ratio(r, m, population, g)
	}
	if errors.Is(err, query.ErrNoTable) {
		return c.result(ind, m, population, g).unmeasured(CodeNoTable, "Non mesurable : l’édition ne porte pas la table nécessaire."), nil
	}
	if err != nil {
		return Result{}, err
	}
	if r.Status == NotMeasurable {
		return c.explainMissing(ind, m, r, g), nil
	}
	r.Warnings = append(r.Warnings, c.coverage.warnings(ind.Reads, g)...)
	return r, nil
}

// explainMissing replaces the reason of a figure without rows by a better one
// when the edition lacks the feed, at all or at the level of the group, or every
// row of the sources. What hides behind it is kept for the protection.
func (c *computation) explainMissing(ind Indicator, m Measure, r Result, g query.Group) Result {
	if Code(r.Warnings[0]) != CodeNoRows {
		return r
	}
	hidden := r.counts
	grades := ind.Reads == "grades" && c.ed.Has(edition.TableCoverage)
	switch {
	case grades && !c.coverage.has(serviceGrades, ""):
		r = r.unmeasured(CodeNoFeed, "Non mesurable : aucune source ne transmet les consultations de notes.")
	case grades && g.Grouping == "level" && !c.coverage.has(serviceGrades, g.Value):
		r = r.unmeasured(CodeNoFeed, "Non mesurable : aucune source ne transmet les consultations de notes à ce niveau.")
	case m.Absent != "" && c.carriesNone(m):
		r = r.unmeasured(CodeNoFeed, "Non mesurable : %s.", m.Absent)
	}
	r.counts = hidden
	return r
}

// carriesNone reports whether the edition holds no row of a source of a measure.
func (c *computation) carriesNone(m Measure) bool {
	for _, source := range m.Sources {
		if len(c.sums[source]) == 0 {
			return true
		}
	}
	return len(m.Sources) == 0
}

// result is an empty result of a measure.
func (c *computation) result(ind Indicator, m Measure, population string, g query.Group) Result {
	return Result{
		Indicator: ind.ID, Edition: c.ed.Manifest.Kind, Population: population, Group: groupMap(g), Measure: m.Name,
		Target: targetNone, Status: NotMeasurable, Method: ind.Method, Warnings: []string{},
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

// cell reads the cluster rows of one measure, population and group. It is nil
// when the edition holds none.
func (c *computation) cell(source, population string, g query.Group) (*cell, error) {
	rows, ok := c.sums[source]
	if !ok {
		all, err := c.ed.Sums(c.ctx, source)
		if err != nil {
			return nil, err
		}
		rows = map[cellKey][]query.Sum{}
		for _, s := range all {
			k := cellKey{source, s.Population, s.Grouping, s.Group}
			rows[k] = append(rows[k], s)
		}
		c.sums[source] = rows
	}
	key := cellKey{source, population, g.Grouping, g.Value}
	if len(rows[key]) == 0 {
		return nil, nil
	}
	return newCell(key, rows[key]), nil
}

// ratio is Σx/Σy over clusters: shares, event shares and rates.
func (c *computation) ratio(r Result, m Measure, population string, g query.Group) (Result, error) {
	cell, err := c.cell(m.Sources[0], population, g)
	if err != nil {
		return r, err
	}
	if cell == nil {
		return r.absent(cellKey{m.Sources[0], population, g.Grouping, g.Value}), nil
	}
	r.N, r.counts = cell.persons, cell.counts(m.Kind == Share)
	if m.Kind == Rate {
		return r.estimated(stats.ClusterRatio(cell.num, cell.den, level), cell.schools), nil
	}
	return r.estimated(stats.ClusterShare(cell.num, cell.den, level), cell.schools), nil
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
