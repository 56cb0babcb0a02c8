package indicator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
)

// Request says which figures of an edition a researcher asks for.
type Request struct {
	// IDs of the catalogue; empty is all of them.
	IDs []string
	// By lists groupings the edition carries, besides the whole population; empty is
	// those of the published report.
	By []string
	// Filters keep the groups of one grouping, and drop the whole population.
	Filters []Filter
	// Period keeps months, one result each; the zero Period keeps the whole window.
	Period Period
}

// Analyze answers as [Compute] does, by any grouping the edition carries. An id or
// grouping that is not known or not carried, and filters on two groupings (an
// edition holds one-way groups), are errors.
func Analyze(ctx context.Context, ed *query.Edition, q Request) ([]Result, error) {
	asked, err := lookupAll(q.IDs)
	if err != nil {
		return nil, err
	}
	c, err := newComputation(ctx, ed)
	if err != nil {
		return nil, err
	}
	if err := q.check(c.carried()); err != nil {
		return nil, err
	}
	by := slices.Clone(q.By)
	for _, f := range q.Filters {
		by = append(by, f.Column)
	}
	if q.Period != (Period{}) {
		by = []string{"month"}
	}
	c.wanted = func(m question.Measure, g query.Group) bool {
		switch {
		case !m.Carries(g.Grouping) || !q.keeps(g):
			return false
		case len(by) == 0:
			return m.Publishes(g.Grouping) && !crossed(g.Grouping)
		}
		return g == wholePopulation || slices.Contains(by, g.Grouping)
	}
	results, err := c.answerAll(ctx, asked)
	if len(q.Filters) > 0 || q.Period != (Period{}) {
		results = slices.DeleteFunc(results, func(r Result) bool { return !q.keepsResult(r) })
	}
	if err != nil {
		return nil, err
	}
	silent := slices.DeleteFunc(asked, func(ind question.Question) bool {
		return givenBy(ind, q.By) && slices.ContainsFunc(results, func(r Result) bool { return r.Indicator == ind.ID })
	})
	if len(silent) > 0 && len(q.IDs) > 0 || len(results) == 0 {
		return nil, c.whyEmpty(q, silent)
	}
	return results, nil
}

// givenBy reports whether something of a question is given by each grouping: of another the whole population alone
// would answer, and nothing say why.
func givenBy(ind question.Question, groupings []string) bool {
	return !slices.ContainsFunc(groupings, func(g string) bool {
		return !slices.ContainsFunc(ind.Measures, func(m question.Measure) bool { return m.Carries(g) })
	})
}

// keeps reports whether a group passes the filters and the period.
func (q Request) keeps(g query.Group) bool {
	if q.Period != (Period{}) && (g.Grouping != "month" || g.Value < q.Period.From || g.Value > q.Period.To) {
		return false
	}
	for _, f := range q.Filters {
		if g.Grouping != f.Column || (g.Value == f.Value) != (f.Operator == "=") {
			return false
		}
	}
	return true
}

// keepsResult is keeps for the tables that make groups of their own.
func (q Request) keepsResult(r Result) bool {
	for grouping, value := range r.Group {
		if q.keeps(query.Group{Grouping: grouping, Value: value}) {
			return true
		}
	}
	return false
}

// ErrRequest says that what is asked is not what an edition can give.
var ErrRequest = errors.New("indicator: cannot be asked of this edition")

func (q Request) check(carried []string) error {
	asked := slices.Clone(q.By)
	for _, f := range q.Filters {
		asked = append(asked, f.Column)
		if f.Column != q.Filters[0].Column {
			return fmt.Errorf("%w: filters on %s and %s: an edition holds one-way groups, filter on one grouping",
				ErrRequest, q.Filters[0].Column, f.Column)
		}
	}
	if q.Period != (Period{}) {
		asked = append(asked, "month")
		if len(asked) > 1 {
			return fmt.Errorf("%w: a period with %s: an edition holds one-way groups, ask for one of them", ErrRequest,
				asked[0])
		}
	}
	for _, g := range asked {
		if !slices.Contains(carried, g) {
			return fmt.Errorf("%w: it has no grouping %q, it carries %s", ErrRequest, g, strings.Join(carried, ", "))
		}
	}
	return nil
}

// crosses are the groupings of cells that cross two: no other cross is in an edition.
var crosses = map[string]string{"level,ips_band": "stratum", "ips_band,level": "stratum"}

// ParseGrouping reads the name of a grouping, or two joined by a comma, which are crossed.
func ParseGrouping(text string) (string, error) {
	name := strings.ReplaceAll(text, " ", "")
	if !strings.Contains(name, ",") {
		return name, nil
	}
	if by, ok := crosses[name]; ok {
		return by, nil
	}
	return "", fmt.Errorf("%w: --by %s: its cells cross level and ips_band alone; entscope model crosses the columns "+
		"of the person table; repeat --by for one grouping after the other", ErrRequest, text)
}

// whyEmpty says why a request that can be asked has no answer.
func (c *computation) whyEmpty(q Request, asked []question.Question) error {
	for _, f := range q.Filters {
		var values []string
		for _, g := range c.groups {
			if g.Grouping == f.Column {
				values = append(values, g.Value)
			}
		}
		if f.Operator == "=" && !slices.Contains(values, f.Value) {
			return fmt.Errorf("%w: no answer: the edition has no %s %q, it has %s", ErrRequest, f.Column, f.Value,
				strings.Join(values, ", "))
		}
	}
	by := slices.Clone(q.By)
	for _, f := range q.Filters {
		by = append(by, f.Column)
	}
	if q.Period != (Period{}) {
		by = append(by, "month")
	}
	var reasons []string
	for _, ind := range asked {
		var carries []string
		for _, m := range ind.Measures {
			for _, g := range c.carried() {
				if m.Carries(g) && !slices.Contains(carries, g) {
					carries = append(carries, g)
				}
			}
		}
		reasons = append(reasons, fmt.Sprintf("%s is given by %s", ind.ID,
			cmp.Or(strings.Join(carries, ", "), "no grouping, for the whole population alone")))
	}
	return fmt.Errorf("%w: no answer by %s: %s", ErrRequest, strings.Join(by, ", "), strings.Join(reasons, "; "))
}

// Filter keeps the groups of one grouping: a column, an operator and a value, which
// is compared and never spliced into a statement.
type Filter struct {
	Column   string
	Operator string // = or !=
	Value    string
}

// ParseFilter reads "level = college" or "ep != HEP". Columns are the groupings of
// the approved list.
func ParseFilter(text string) (Filter, error) {
	for _, operator := range []string{"!=", "="} {
		column, value, ok := strings.Cut(text, operator)
		if !ok {
			continue
		}
		f := Filter{strings.TrimSpace(column), operator, strings.TrimSpace(value)}
		if !slices.Contains(groupings, f.Column) {
			return Filter{}, fmt.Errorf("indicator: filter: %q is not one of %s", f.Column,
				strings.Join(groupings, ", "))
		}
		if f.Value == "" {
			return Filter{}, fmt.Errorf("indicator: filter on %s has no value", f.Column)
		}
		return f, nil
	}
	return Filter{}, fmt.Errorf("indicator: filter needs a column, = or !=, and a value")
}

// Period is a run of calendar months, both included, as YYYY-MM.
type Period struct{ From, To string }

// ParsePeriod reads "2025-10" or "2025-10..2025-12".
func ParsePeriod(text string) (Period, error) {
	from, to, ok := strings.Cut(text, "..")
	if !ok {
		to = from
	}
	for _, month := range []string{from, to} {
		if _, err := time.Parse("2006-01", month); err != nil {
			return Period{}, fmt.Errorf("indicator: period is not YYYY-MM or YYYY-MM..YYYY-MM")
		}
	}
	if to < from {
		return Period{}, fmt.Errorf("indicator: period ends before it starts")
	}
	return Period{from, to}, nil
}
