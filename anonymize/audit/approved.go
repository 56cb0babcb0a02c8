package audit

import (
	"reflect"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// table is the row of an approved table, and whether its rows, written again, give the file.
type table struct {
	row  reflect.Type
	same func(data []byte, metadata map[string]string) bool
}

func tableOf[T any]() table { return table{reflect.TypeFor[T](), encodesSame[T]} }

// tables are the tables of each kind of edition.
var tables = map[string]map[string]table{
	edition.KindResearch: {
		edition.TableParents:  tableOf[edition.ParentRow](),
		edition.TableSums:     tableOf[edition.SumRow](),
		edition.TableTimes:    tableOf[edition.TimeRow](),
		edition.TableWeeks:    tableOf[edition.WeekRow](),
		edition.TableCoverage: tableOf[edition.CoverageRow](),
	},
	edition.KindSchools: {
		edition.TableCoverage:       tableOf[edition.CoverageRow](),
		edition.TableSchoolMeasures: tableOf[edition.SchoolRow](),
	},
}

// quasi are the columns of the person table by which somebody could be
// recognised: k is counted over all of them, whatever a manifest lists.
var quasi = []string{"level", "grade_band", "sector", "ep", "ips_band", "cluster", "children", "devices", "activation"}

// bands are the fixed values of the behaviours of the person table. Nothing else
// may stand there.
var bands = map[string][]string{
	"visits":       {"0-never", "1-under 1/month", "2-monthly", "3-weekly", "4-several a week", "5-daily"},
	"grade_visits": {"not-measured", "0-none", "1-under weekly", "2-weekly", "3-several a week", "4-daily"},
	"evening":      {"none", "0-under half", "1-half or more"},
	"accompanied":  {"no", "yes", "unknown"},
}

// recountedCounts are the counts of the restricted zone that a manifest may say to be made twice.
var recountedCounts = strings.Fields("accounts accounts_without_directory duplicates events " +
	"parents people people_without_school pupils records_in_window records_outside_window " +
	"records_without_directory staff")

// Floors of facts/privacy_rules.json: below them the audit refuses whatever a
// manifest promises; between floor and recommendation it has a reserve.
const (
	kFloor       = 5
	kRecommended = 11
	cellFloor    = 11
	staffFloor   = 11
	schoolFloor  = 20
	tRecommended = 0.3
	suppressMost = 0.10
	clusterLeast = 3
	// tolerance is what floating point may differ by.
	tolerance = 1e-6
)

// populationsOf lists the approved populations of a measure, nil when the
// measure is not on the list; schools says that the schools edition may have it.
func populationsOf(measure string, schools bool) []string {
	for _, m := range edition.Measures {
		if m.Name == measure && (!schools || m.Schools()) {
			return m.Populations
		}
	}
	return nil
}
