package query

import (
	"context"
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
)

// ask runs a question and gives the rows of its answer. It needs all of the tables the
// question reads.
func ask[T any](ctx context.Context, e *Edition, question string, args map[string]any) ([]T, error) {
	s, err := statement(question)
	if err != nil {
		return nil, err
	}
	for _, table := range s.Reads {
		if !e.Has(table) {
			return nil, fmt.Errorf("query: %s: %w", table, ErrNoTable)
		}
	}
	e.runner.Set(args)
	var out []T
	err = flow.Rows(ctx, e.runner, question, func(row T) error {
		out = append(out, row)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	return out, nil
}

// Sum is what the persons of one cluster bring to one measure.
type Sum struct {
	Measure, Grouping, Group, Population string
	Cluster                              int32
	Schools                              int32
	Persons, Families                    int64 // distinct
	X                                    int64 `column:"numerator"`   // Σx
	Y                                    int64 `column:"denominator"` // Σy
	XX                                   int64 `column:"sum_xx"`      // Σx²
	XY                                   int64 `column:"sum_xy"`      // Σxy
	YY                                   int64 `column:"sum_yy"`      // Σy²
	// Histogram counts the persons by x, bins edition.HistogramEdges.
	Histogram [16]int64 `column:"h%02d"`
}

// Sums answers: what did the persons of each cluster bring to a measure, in one
// grouping, or in all of them ("")? Ordered by grouping, group, population, cluster.
func (e *Edition) Sums(ctx context.Context, measure, grouping string) ([]Sum, error) {
	all, err := e.measured(ctx, measure)
	if err != nil {
		return nil, err
	}
	var out []Sum
	for _, s := range all {
		if grouping == "" || s.Grouping == grouping {
			out = append(out, s)
		}
	}
	return out, nil
}

// fewSums is the number of rows up to which the sums of all measures are read at once, some
// 20 MB: a publication asks for 340 measures, and a statement costs more than its rows.
const fewSums = 60_000

// measured are the sums of one measure.
func (e *Edition) measured(ctx context.Context, measure string) ([]Sum, error) {
	sums := func(measure string) ([]Sum, error) {
		return ask[Sum](ctx, e, "sums", map[string]any{"measure": measure})
	}
	if e.sums == nil {
		if !slices.ContainsFunc(e.Manifest.Files, func(f edition.File) bool {
			return f.Table == edition.TableSums && f.Rows <= fewSums
		}) {
			return sums(measure)
		}
		all, err := sums("")
		if err != nil {
			return nil, err
		}
		e.sums = map[string][]Sum{}
		for len(all) > 0 {
			n := slices.IndexFunc(all, func(s Sum) bool { return s.Measure != all[0].Measure })
			if n < 0 {
				n = len(all)
			}
			e.sums[all[0].Measure], all = all[:n:n], all[n:]
		}
	}
	return e.sums[measure], nil
}

// Group is one value of one grouping; the whole population is {"all", ""}.
type Group struct {
	Grouping string
	Value    string `column:"group"`
}

// Groups answers: which groups does the edition speak of?
func (e *Edition) Groups(ctx context.Context) ([]Group, error) {
	return ask[Group](ctx, e, "groups", nil)
}

// Band is how many persons of the person table share a cluster, groups and bands.
type Band struct {
	Cluster, Level, IPSBand, EP string
	Visits                      string
	Persons                     int64
}

// Bands answers: how many persons of the person table stand in each band?
func (e *Edition) Bands(ctx context.Context) ([]Band, error) {
	return ask[Band](ctx, e, "bands", nil)
}

// Person is how many persons of the person table share a cluster and all columns.
type Person struct {
	Cluster, Level, Sector, EP    string
	GradeBand                     string `column:"grade_band"`
	IPSBand                       string `column:"ips_band"`
	Children, Devices, Activation string
	Visits, Evening               string
	GradeVisits                   string `column:"grade_visits"`
	Accompanied                   string
	Persons                       int64
}

// Persons answers: how many persons of the person table share all columns, by cluster?
func (e *Edition) Persons(ctx context.Context) ([]Person, error) {
	return ask[Person](ctx, e, "persons", nil)
}

// Time is one bin of the life table of one cluster.
type Time struct {
	Grouping, Group                   string
	Cluster, Schools, Bin             int32
	Persons, AtRisk, Events, Censored int64
}

// Times answers: what is the life table of a curve, by cluster? Ordered by
// grouping, group, cluster, bin.
func (e *Edition) Times(ctx context.Context, curve string) ([]Time, error) {
	return ask[Time](ctx, e, "times", map[string]any{"curve": curve})
}

// Week is what one cluster did in one school week with one service; service -1
// is any service.
type Week struct {
	Level            string
	Cluster, Schools int32
	WeekDay          int32 `column:"week"` // the Monday, in days since 1970-01-01
	Service          int8
	Visits, Persons  int64
}

// Weeks answers: how many visits did a profile make each week, by service?
func (e *Edition) Weeks(ctx context.Context, profile int8) ([]Week, error) {
	return ask[Week](ctx, e, "weeks", map[string]any{"profile": int64(profile)})
}

// Coverage is how many schools a feed should have reported in a week for a
// service (0: any), and how many it did.
type Coverage struct {
	Feed, Level         string
	Service             int8
	WeekDay             int32 `column:"week"`
	Expected, Reporting int64
}

// Coverage answers: which feeds reported when?
func (e *Edition) Coverage(ctx context.Context) ([]Coverage, error) {
	return ask[Coverage](ctx, e, "coverage", nil)
}

// SchoolMeasure is what the persons of one school bring to one measure in one
// period.
type SchoolMeasure struct {
	UAI, Name, Level, IPSBand, EP string
	Period, Measure, Population   string
	Persons, Families             int64
	X                             int64 `column:"numerator"`
	Y                             int64 `column:"denominator"`
	XX                            int64 `column:"sum_xx"` // sums of squares
	YY                            int64 `column:"sum_yy"`
}

// SchoolMeasures answers: what did the persons of each school bring to each
// measure? Ordered by UAI, period, measure, population.
func (e *Edition) SchoolMeasures(ctx context.Context) ([]SchoolMeasure, error) {
	return ask[SchoolMeasure](ctx, e, "school_measures", nil)
}

// SchoolCoverage is whether a feed reported one school in a week for a service.
type SchoolCoverage struct {
	UAI, Feed           string
	Service             int8
	WeekDay             int32 `column:"week"`
	Expected, Reporting int64
}

// SchoolCoverage answers: which feeds reported when, school by school?
func (e *Edition) SchoolCoverage(ctx context.Context) ([]SchoolCoverage, error) {
	return ask[SchoolCoverage](ctx, e, "school_coverage", nil)
}
