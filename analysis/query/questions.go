package query

import (
	"context"
	"fmt"

	"github.com/entscope/entscope/anonymize/edition"
)

// Sum is what the persons of one cluster bring to one measure: edition.SumRow
// without its names.
type Sum struct {
	Grouping, Group, Population string
	Cluster                     int32
	Schools                     int32
	Persons, Families           int64 // distinct
	X, Y                        int64 // Σx, Σy
	XX, XY, YY                  int64 // Σx², Σxy, Σy²
	// Histogram counts the persons by x, bins edition.HistogramEdges.
	Histogram [16]int64
}

var histogramColumns = func() (names [16]string) {
	for i := range names {
		names[i] = fmt.Sprintf("h%02d", i)
	}
	return names
}()

// Sums answers: what did the persons of each cluster bring to a measure, in one
// grouping? Ordered by group, population, cluster.
func (e *Edition) Sums(ctx context.Context, measure, grouping string) ([]Sum, error) {
	return rows(ctx, e, "sums", edition.TableSums, func(b *batch, i int) Sum {
		s := Sum{
			Grouping: b.text("grouping", i), Group: b.text("group", i), Population: b.text("population", i),
			Cluster: int32(b.int("cluster", i)), Schools: int32(b.int("schools", i)),
			Persons: b.int("persons", i), Families: b.int("families", i),
			X: b.int("numerator", i), Y: b.int("denominator", i),
			XX: b.int("sum_xx", i), XY: b.int("sum_xy", i), YY: b.int("sum_yy", i),
		}
		for h, name := range histogramColumns {
			s.Histogram[h] = b.int(name, i)
		}
		return s
	}, measure, grouping)
}

// Group is one value of one grouping; the whole population is {"all", ""}.
type Group struct{ Grouping, Value string }

// Groups answers: which groups does the edition speak of?
func (e *Edition) Groups(ctx context.Context) ([]Group, error) {
	return rows(ctx, e, "groups", edition.TableSums, func(b *batch, i int) Group {
		return Group{b.text("grouping", i), b.text("group", i)}
	})
}

// Band is how many persons of the person table share a cluster, groups and bands.
type Band struct {
	Cluster, Level, IPSBand, EP string
	Visits, Contact             string
	Persons                     int64
}

// Bands answers: how many persons of the person table stand in each band?
func (e *Edition) Bands(ctx context.Context) ([]Band, error) {
	return rows(ctx, e, "bands", edition.TableParents, func(b *batch, i int) Band {
		return Band{
			Cluster: b.text("cluster", i), Level: b.text("level", i), IPSBand: b.text("ips_band", i),
			EP: b.text("ep", i), Visits: b.text("visits", i), Contact: b.text("contact", i),
			Persons: b.int("persons", i),
		}
	})
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
	return rows(ctx, e, "times", edition.TableTimes, func(b *batch, i int) Time {
		return Time{
			Grouping: b.text("grouping", i), Group: b.text("group", i),
			Cluster: int32(b.int("cluster", i)), Schools: int32(b.int("schools", i)), Bin: int32(b.int("bin", i)),
			Persons: b.int("persons", i), AtRisk: b.int("at_risk", i), Events: b.int("events", i),
			Censored: b.int("censored", i),
		}
	}, curve)
}

// Week is what one cluster did in one school week with one service; service -1
// is any service.
type Week struct {
	Level            string
	Cluster, Schools int32
	WeekDay          int32 // the Monday, in days since 1970-01-01
	Service          int8
	Visits, Persons  int64
}

// Weeks answers: how many visits did a profile make each week, by service?
func (e *Edition) Weeks(ctx context.Context, profile int8) ([]Week, error) {
	return rows(ctx, e, "weeks", edition.TableWeeks, func(b *batch, i int) Week {
		return Week{
			Level: b.text("level", i), Cluster: int32(b.int("cluster", i)), Schools: int32(b.int("schools", i)),
			WeekDay: int32(b.int("week_day", i)), Service: int8(b.int("service", i)),
			Visits: b.int("visits", i), Persons: b.int("persons", i),
		}
	}, profile)
}

// Coverage is how many schools a feed should have reported in a week for a
// service (0: any), and how many it did.
type Coverage struct {
	Feed, Level         string
	Service             int8
	WeekDay             int32
	Expected, Reporting int64
}

// Coverage answers: which feeds reported when?
func (e *Edition) Coverage(ctx context.Context) ([]Coverage, error) {
	return rows(ctx, e, "coverage", edition.TableCoverage, func(b *batch, i int) Coverage {
		return Coverage{
			Feed: b.text("feed", i), Level: b.text("level", i), Service: int8(b.int("service", i)),
			WeekDay: int32(b.int("week_day", i)), Expected: b.int("expected", i), Reporting: b.int("reporting", i),
		}
	})
}

// SchoolMeasure is what the persons of one school bring to one measure in one
// period.
type SchoolMeasure struct {
	UAI, Name, Level, IPSBand, EP string
	Period, Measure, Population   string
	Persons, Families             int64
	X, Y                          int64
	XX, YY                        int64 // sums of squares
}

// SchoolMeasures answers: what did the persons of each school bring to each
// measure? Ordered by UAI, period, measure, population.
func (e *Edition) SchoolMeasures(ctx context.Context) ([]SchoolMeasure, error) {
	return rows(ctx, e, "school_measures", edition.TableSchoolMeasures, func(b *batch, i int) SchoolMeasure {
		return SchoolMeasure{
			UAI: b.text("uai", i), Name: b.text("name", i), Level: b.text("level", i), IPSBand: b.text("ips_band", i),
			EP: b.text("ep", i), Period: b.text("period", i), Measure: b.text("measure", i),
			Population: b.text("population", i), Persons: b.int("persons", i), Families: b.int("families", i),
			X: b.int("numerator", i), Y: b.int("denominator", i), XX: b.int("sum_xx", i), YY: b.int("sum_yy", i),
		}
	})
}

// SchoolCoverage is whether a feed reported one school in a week for a service.
type SchoolCoverage struct {
	UAI, Feed           string
	Service             int8
	WeekDay             int32
	Expected, Reporting int64
}

// SchoolCoverage answers: which feeds reported when, school by school?
func (e *Edition) SchoolCoverage(ctx context.Context) ([]SchoolCoverage, error) {
	return rows(ctx, e, "school_coverage", edition.TableCoverage, func(b *batch, i int) SchoolCoverage {
		return SchoolCoverage{
			UAI: b.text("uai", i), Feed: b.text("feed", i), Service: int8(b.int("service", i)),
			WeekDay: int32(b.int("week_day", i)), Expected: b.int("expected", i), Reporting: b.int("reporting", i),
		}
	})
}
