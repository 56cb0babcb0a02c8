package indicator

import (
	"context"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// leastSchools is the number of schools below which a share of schools would speak
// of one of them.
const leastSchools = 3

// schools is the share of the schools of the perimeter of which something is true
// (m.Feed): no person stands behind it. Interval: Wilson's, schools being drawn
// from a superpopulation.
func (c *computation) schools(
	_ context.Context, r Result, m question.Measure, _ string, g query.Group,
) (Result, error) {
	if !c.ed.Has(edition.TableCoverage) {
		return r, query.ErrNoTable
	}
	var all, those int64
	for _, row := range c.rows {
		if row.Feed == m.Feed && (g == wholePopulation || row.Level == g.Value) {
			all, those = all+row.Expected, those+row.Reporting
		}
	}
	switch {
	case all == 0:
		return r.unmeasured(CodeNoRows, noRows), nil
	case all < leastSchools:
		return r.unmeasured(CodeFewSchools, "Non mesurable : moins de %d établissements.", leastSchools), nil
	}
	e := stats.Wilson(int(those), int(all), level)
	r.Estimate, r.Status, r.counts = &e.Value, Published, &counts{noPerson: true}
	r.Low, r.High, r.Level, r.Target = &e.Low, &e.High, level, targetSchools
	return r, nil
}
