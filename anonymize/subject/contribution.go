package subject

import (
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/entscope/entscope/anonymize/flow"
)

// A scan is one SELECT of what the rows of one table bring to all the measures of a
// family: each distinct x, y and condition of the measures is one column. Its rows are
// each of one person (or family: the unit) in one group. What one family brings must not
// depend on the other families of the group, for groupings by school are computed by
// parts (see attribute); a rank among all is taken from the view ranked.
type scan struct {
	sql     string
	count   string // of its rows
	texts   int    // text columns: grp, population, and those that name measures
	numbers int    // number columns: period, school_key, family_key, unit_key, and the operands
	rows    []scanned
}

// The columns with which every scan begins.
const (
	groupText, populationText                            = 0, 1
	periodNumber, schoolNumber, familyNumber, unitNumber = 0, 1, 2, 3
)

// scanned is where a scan keeps one measure.
type scanned struct {
	measure       string // with text >= 0, what stands before and after it
	text          int    // the text column that names the measure; -1 none
	population    string // whose rows count; "" all, each for its own
	counts        operand
	x, y          operand
	before, after string
}

// operand is a number column, or a constant where column < 0.
type operand struct {
	column   int
	constant int64
}

// of gives the operand of a row.
func (o operand) of(numbers []column, row int) (int64, bool) {
	if o.column < 0 {
		return o.constant, true
	}
	return numbers[o.column].at(row)
}

// newScan composes the SELECT of one source of a family.
func newScan(source from, graph *flow.Graph) *scan {
	columns := graph.Columns(source.Table)
	has := func(name, otherwise string) string {
		if slices.Contains(columns, name) {
			return name
		}
		return otherwise
	}
	s := &scan{}
	texts := []string{"grp", has("population", "''")}
	numbers := []string{has("period", "0"), "school_key", "family_key", has("person_key", "family_key")}
	number := func(sql string) operand {
		if n, err := strconv.ParseInt(sql, 10, 64); err == nil {
			return operand{-1, n}
		}
		if !slices.Contains(numbers[unitNumber+1:], sql) {
			numbers = append(numbers, sql)
		}
		return operand{column: unitNumber + 1 + slices.Index(numbers[unitNumber+1:], sql)}
	}
	for _, row := range source.Rows {
		r := scanned{measure: row.Measure, text: -1, population: source.Population + row.Population,
			counts: operand{-1, 1}, x: number(row.X), y: number(row.Y)}
		if m := placeholder.FindStringSubmatchIndex(row.Measure); m != nil {
			r.before, r.after = row.Measure[:m[0]], row.Measure[m[1]:]
			name := row.Measure[m[2]:m[3]]
			if r.text = slices.Index(texts, name); r.text < 0 {
				r.text, texts = len(texts), append(texts, name)
			}
		}
		if row.Where != "" {
			r.counts = number("CASE WHEN " + row.Where + " THEN 1 ELSE 0 END")
		}
		s.rows = append(s.rows, r)
	}
	s.texts, s.numbers = len(texts), len(numbers)
	s.sql, s.count = source.sql(texts, numbers, columns)
	return s
}

// sql is the SELECT of some expressions over the rows of a range of families that any
// measure counts, and that of the number of those rows over all families.
func (f from) sql(texts, numbers, columns []string) (sql, count string) {
	var list, where []string
	for _, t := range texts {
		list = append(list, "CAST("+t+" AS VARCHAR(1000))")
	}
	for _, n := range numbers {
		list = append(list, "CAST("+n+" AS BIGINT)")
	}
	if f.Where != "" {
		where = append(where, f.Where)
	}
	if slices.Contains(columns, "period") && !f.Periods {
		where = append(where, "period = 0")
	}
	if any := f.conditions(slices.Contains(columns, "population")); any != "" {
		where = append(where, "("+any+")")
	}
	for i := range list {
		list[i] += " AS c" + strconv.Itoa(i)
	}
	counted := append([]string{"family_key IS NOT NULL"}, where...)
	where = append([]string{"family_key >= :low AND family_key <= :high"}, where...)
	return "SELECT\n  " + strings.Join(list, ",\n  ") + "\nFROM " + f.Table + "\nWHERE " +
			strings.Join(where, "\n  AND "),
		"SELECT COUNT(*) AS c0\nFROM " + f.Table + "\nWHERE " + strings.Join(counted, "\n  AND ")
}

// conditions are those of the measures, one or the other; "" when one has none.
func (f from) conditions(populations bool) string {
	var list []string
	for _, row := range f.Rows {
		var both []string
		if name := f.Population + row.Population; populations && name != "" {
			both = append(both, "population = '"+name+"'")
		}
		if row.Where != "" {
			both = append(both, "("+row.Where+")")
		}
		if both == nil {
			return ""
		}
		if w := strings.Join(both, " AND "); !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	return strings.Join(list, " OR ")
}

// column is one number column of a batch.
type column struct {
	values []int64
	nulls  *array.Int64 // nil when there are none
}

func (c column) at(row int) (int64, bool) {
	return c.values[row], c.nulls == nil || c.nulls.IsValid(row)
}
