package indicator

import (
	"context"
	"errors"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// computation is one run over one edition. What it reads it keeps until the next
// indicator: an edition of a million parents does not fit in memory.
type computation struct {
	ed       *query.Edition
	groups   []query.Group
	wanted   func(m question.Measure, g query.Group) bool
	sums     map[sumsKey]map[cellKey][]query.Sum
	times    map[string]map[query.Group][]query.Time
	fits     map[string]stats.CountFit
	bands    []query.Band
	read     bool // bands was read
	weeks    map[int8][]query.Week
	rows     []query.Coverage
	coverage sentinel
}

func newComputation(ctx context.Context, ed *query.Edition) (*computation, error) {
	c := &computation{ed: ed, sums: map[sumsKey]map[cellKey][]query.Sum{},
		times: map[string]map[query.Group][]query.Time{},
		fits:  map[string]stats.CountFit{}, weeks: map[int8][]query.Week{}, groups: []query.Group{wholePopulation}}
	c.wanted = func(m question.Measure, g query.Group) bool { return m.Publishes(g.Grouping) }
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

// result is an empty result of a measure.
func (c *computation) result(ind question.Question, m question.Measure, population string, g query.Group) Result {
	return Result{
		Indicator: ind.ID, Edition: c.ed.Manifest.Kind, Population: population, Group: groupMap(g), Measure: m.Name,
		Target: targetNone, Status: NotMeasurable, Method: ind.Method.FR, Warnings: []Warning{},
		noise: c.ed.Manifest.Perturbation.Variance > 0,
	}
}

func groupMap(g query.Group) map[string]string {
	if g == wholePopulation {
		return map[string]string{}
	}
	return map[string]string{g.Grouping: g.Value}
}

var wholePopulation = query.Group{Grouping: "all"}

// sumsOf gives the cluster rows of one measure and grouping. It reads those of all groupings at once: a question asks
// most of them, and a statement costs more than its rows.
func (c *computation) sumsOf(ctx context.Context, source, grouping string) (map[cellKey][]query.Sum, error) {
	at, whole := sumsKey{source, grouping}, sumsKey{source, ""}
	if rows, ok := c.sums[at]; ok {
		return rows, nil
	}
	if _, read := c.sums[whole]; read {
		return nil, nil
	}
	all, err := c.ed.Sums(ctx, source, "")
	if err != nil {
		return nil, err
	}
	c.sums[whole] = nil
	for _, s := range all {
		of, k := sumsKey{source, s.Grouping}, cellKey{source, s.Population, s.Grouping, s.Group}
		if c.sums[of] == nil {
			c.sums[of] = map[cellKey][]query.Sum{}
		}
		c.sums[of][k] = append(c.sums[of][k], s)
	}
	return c.sums[at], nil
}

// sumsKey is a measure in one grouping; "" says that all of them were read.
type sumsKey struct{ source, grouping string }

// cell reads the cluster rows of one measure, population and group. It is nil
// when the edition holds none.
func (c *computation) cell(ctx context.Context, source, population string, g query.Group) (*cell, error) {
	rows, err := c.sumsOf(ctx, source, g.Grouping)
	if err != nil {
		return nil, err
	}
	key := cellKey{source, population, g.Grouping, g.Value}
	if len(rows[key]) == 0 {
		return nil, nil
	}
	return newCell(key, rows[key]), nil
}

// own reads the cell of a measure's only source. When there is none the result says so,
// and the cell is nil.
func (c *computation) own(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, *cell, error) {
	cell, err := c.cell(ctx, m.Sources[0], population, g)
	if err == nil && cell == nil {
		r = r.absent(cellKey{m.Sources[0], population, g.Grouping, g.Value})
	}
	return r, cell, err
}

// two reads the cells of the two sources of a measure, each of its population; one that
// the edition does not hold is nil.
func (c *computation) two(
	ctx context.Context, m question.Measure, of, other string, g query.Group,
) (first, second *cell, err error) {
	if first, err = c.cell(ctx, m.Sources[0], of, g); err == nil {
		second, err = c.cell(ctx, m.Sources[1], other, g)
	}
	return first, second, err
}

// cells reads the cells of several measures; the result is nil when one of them has
// no row.
func (c *computation) cells(ctx context.Context, sources []string, population string, g query.Group) ([]*cell, error) {
	out := make([]*cell, len(sources))
	for i, source := range sources {
		var err error
		if out[i], err = c.cell(ctx, source, population, g); err != nil || out[i] == nil {
			return nil, err
		}
	}
	return out, nil
}

func ignoreNoTable(err error) error {
	if errors.Is(err, query.ErrNoTable) {
		return nil
	}
	return err
}

// carried lists the groupings of the edition.
func (c *computation) carried() []string {
	var out []string
	for _, g := range c.groups {
		if g != wholePopulation && !slices.Contains(out, g.Grouping) {
			out = append(out, g.Grouping)
		}
	}
	return out
}
