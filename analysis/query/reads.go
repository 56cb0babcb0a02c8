package query

import (
	"fmt"

	"github.com/entscope/entscope/anonymize/edition"
)

// Reading is the table and the columns a question reads.
type Reading struct {
	Table   string
	Columns []string
}

// Reads says which table and columns a question reads. Tests hold that the
// columns exist in the edition's schemas and that the SQL names no other.
func Reads(question string) (Reading, error) {
	switch question {
	case "sums":
		return Reading{edition.TableSums,
			append([]string{"grouping", "group", "population", "cluster", "schools", "persons", "families",
				"numerator", "denominator", "sum_xx", "sum_xy", "sum_yy", "measure"}, histogramColumns[:]...)}, nil
	case "groups":
		return Reading{edition.TableSums, []string{"grouping", "group"}}, nil
	case "bands":
		return Reading{edition.TableParents, []string{"cluster", "level", "ips_band", "ep", "visits", "contact"}}, nil
	case "times":
		return Reading{edition.TableTimes, []string{"grouping", "group", "cluster", "schools", "bin", "persons",
			"at_risk", "events", "censored", "curve"}}, nil
	case "weeks":
		return Reading{edition.TableWeeks,
			[]string{"level", "cluster", "schools", "week_day", "service", "visits", "persons", "profile"}}, nil
	case "coverage":
		return Reading{edition.TableCoverage,
			[]string{"feed", "level", "service", "week_day", "expected", "reporting"}}, nil
	case "school_coverage":
		return Reading{edition.TableCoverage,
			[]string{"uai", "feed", "service", "week_day", "expected", "reporting"}}, nil
	case "school_measures":
		return Reading{edition.TableSchoolMeasures,
			[]string{"uai", "name", "level", "ips_band", "ep", "period", "measure", "population",
				"persons", "families", "numerator", "denominator", "sum_xx", "sum_yy"}}, nil
	}
	return Reading{}, fmt.Errorf("query: no question %q", question)
}
