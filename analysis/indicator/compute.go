package indicator

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

// Compute answers the questions of the given ids, all of them when ids is empty,
// from a research edition, by the groupings of the published report. The Results
// are exact and unprotected: they are for Release or a researcher inside
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
	return c.answerAll(ctx, asked)
}

// lookupAll finds indicators by id, all of them when ids is empty.
func lookupAll(ids []string) ([]question.Question, error) {
	if len(ids) == 0 {
		return question.All(), nil
	}
	var faults []error
	asked := make([]question.Question, len(ids))
	for i, id := range ids {
		var err error
		if asked[i], err = question.Lookup(id); err != nil {
			faults = append(faults, err)
		}
	}
	return asked, errors.Join(faults...)
}

func (c *computation) answerAll(ctx context.Context, asked []question.Question) ([]Result, error) {
	var out []Result
	for _, ind := range asked {
		results, err := c.answer(ctx, ind)
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
func (c *computation) answer(ctx context.Context, ind question.Question) ([]Result, error) {
	var out []Result
	for _, m := range ind.Measures {
		if table, ok := tables[m.Estimator]; ok {
			results, err := c.table(ctx, table, ind, m)
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
				r, err := c.figure(ctx, ind, m, population, g)
				if err != nil {
					return nil, err
				}
				out = append(out, r)
			}
		}
		if grouped(ind, m) {
			if err := c.contrast(ctx, m, out[before:]); err != nil {
				return nil, err
			}
		}
		if len(out) == before && !m.Carries("all") && m.Absent != (question.Text{}) { // groups no school lies in
			r := c.result(ind, m, m.Populations[0], wholePopulation)
			r = r.unmeasured(CodeNoFeed, "Non mesurable : %s.", m.Absent.FR)
			r, err := c.explainMissing(ctx, ind, m, r, wholePopulation)
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
	}
	return out, nil
}

// figure gives one number of one group.
func (c *computation) figure(
	ctx context.Context, ind question.Question, m question.Measure, population string, g query.Group,
) (Result, error) {
	r, err := estimators[m.Estimator](c, ctx, c.result(ind, m, population, g), m, population, g)
	return c.finish(ctx, ind, m, r, g, err)
}

// table gives the numbers of a measure that is a table of its own.
func (c *computation) table(
	ctx context.Context, f tableEstimator, ind question.Question, m question.Measure,
) ([]Result, error) {
	empty := c.result(ind, m, m.Populations[0], wholePopulation)
	results, err := f(c, ctx, empty, m)
	if err != nil {
		r, err := c.finish(ctx, ind, m, empty, wholePopulation, err)
		return []Result{r}, err
	}
	for i, r := range results {
		if results[i], err = c.finish(ctx, ind, m, r, wholePopulation, nil); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// finish says why a figure is missing, or what its feeds lack.
func (c *computation) finish(
	ctx context.Context, ind question.Question, m question.Measure, r Result, g query.Group, err error,
) (Result, error) {
	combined := len(c.ed.Manifest.Combined) > 0
	if errors.Is(err, query.ErrNoTable) && combined {
		return r.unmeasured(CodeApart, "Non mesurable : les tables de personnes d’éditions réunies restent à part."), nil
	}
	if errors.Is(err, query.ErrNoTable) {
		return r.unmeasured(CodeNoTable, "Non mesurable : l’édition ne porte pas la table nécessaire."), nil
	}
	if err != nil {
		return Result{}, err
	}
	if r.Status == NotMeasurable && combined && ranked(m) {
		return r.unmeasured(CodeRanked, "Non mesurable : le rang d’une personne parmi toutes ne s’additionne pas d’une "+
			"édition à l’autre."), nil
	}
	if r.Status == NotMeasurable {
		return c.explainMissing(ctx, ind, m, r, g)
	}
	if combined {
		if r, err = c.byParts(ctx, m, r); err != nil || r.Status != Published {
			return r, err
		}
	}
	if weeks := c.coverage.window(); m.Window && weeks > 0 {
		r.Warnings = append(r.Warnings, warning(CodeWindow, windowSentence, weeks))
	}
	r.Warnings = append(r.Warnings, c.coverage.warnings(ind.Reads, g)...)
	return r, nil
}

// explainMissing replaces the reason of a figure without rows by a better one
// when the edition lacks the feed, at all or at the level of the group, or every
// row of the sources. What hides behind it is kept for the protection.
func (c *computation) explainMissing(
	ctx context.Context, ind question.Question, m question.Measure, r Result, g query.Group,
) (Result, error) {
	hidden := r.counts
	if c.toldBefore(m) {
		r = r.unmeasured(CodeTold, told)
		r.counts = hidden
		return r, nil
	}
	if r.Warnings[0].Code != CodeNoRows {
		return r, nil
	}
	grades := ind.Reads == "grades" && c.ed.Has(edition.TableCoverage)
	none, err := c.carriesNone(ctx, m)
	if err != nil {
		return r, err
	}
	switch {
	case grades && !c.coverage.has(serviceGrades, ""):
		r = r.unmeasured(CodeNoFeed, "Non mesurable : aucune source ne transmet les consultations de notes.")
	case grades && g.Grouping == "level" && !c.coverage.has(serviceGrades, g.Value):
		r = r.unmeasured(CodeNoFeed,
			"Non mesurable : aucune source ne transmet les consultations de notes à ce niveau.")
	case m.Absent != (question.Text{}) && none:
		r = r.unmeasured(CodeNoFeed, "Non mesurable : %s.", m.Absent.FR)
	}
	r.counts = hidden
	return r, nil
}

// toldBefore reports whether an earlier edition tells what a measure rests on, which must not be known of a school.
func (c *computation) toldBefore(m question.Measure) bool {
	return slices.ContainsFunc(append([]string{m.Curve, m.Rival}, m.Sources...), func(name string) bool {
		_, told := c.ed.Manifest.Unnamed[edition.FamilyOf(name)]
		return told
	})
}

// carriesNone reports whether the edition holds no row at all of a source or a
// curve of a measure.
func (c *computation) carriesNone(ctx context.Context, m question.Measure) (bool, error) {
	for _, source := range m.Sources {
		grouping := "all"
		if s, _ := edition.FindMeasure(source); len(s.By) > 0 && !slices.Contains(s.By, grouping) {
			grouping = s.By[0]
		}
		rows, err := c.sumsOf(ctx, source, grouping)
		if err != nil || len(rows) == 0 {
			return true, ignoreNoTable(err)
		}
	}
	for _, name := range []string{m.Curve, m.Rival} {
		if name == "" {
			continue
		}
		rows, err := c.life(ctx, name)
		if err != nil || len(rows) == 0 {
			return true, ignoreNoTable(err)
		}
	}
	return len(m.Sources) == 0 && m.Curve == "", nil
}
