package microdata

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/risk"
)

// openEngine gives an SQL engine: what recounts here shares no code with what wrote.
func openEngine(t testing.TB) *engine.Engine {
	t.Helper()
	e, err := engine.Open(context.Background(), engine.Config{MemoryMB: 256, Threads: 1, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// numbers runs a query whose columns are BIGINT or DOUBLE and gives its rows.
func numbers(t testing.TB, e *engine.Engine, sql string) [][]float64 {
	t.Helper()
	var out [][]float64
	err := e.Query(context.Background(), sql, func(rec arrow.Record) error {
		for row := range int(rec.NumRows()) {
			var line []float64
			for _, col := range rec.Columns() {
				switch c := col.(type) {
				case *array.Int64:
					line = append(line, float64(c.Value(row)))
				case *array.Float64:
					line = append(line, c.Value(row))
				default:
					return fmt.Errorf("column of type %s", col.DataType())
				}
			}
			out = append(out, line)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func execute(t testing.TB, e *engine.Engine, sql string) {
	t.Helper()
	if err := e.Exec(context.Background(), sql); err != nil {
		t.Fatal(err)
	}
}

var ouladQuasi = []string{"gender", "region", "highest_education", "imd_band", "age_band"}

// anonymizeOULAD runs the job and loads the raw rows, the hierarchies and the
// released table into an engine.
func anonymizeOULAD(t *testing.T, input string) (*Report, string, *engine.Engine) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "released")
	r, err := Anonymize(context.Background(),
		Job{Input: input, Policy: "testdata/oulad/policy.toml", Out: out, Software: "test"})
	if err != nil {
		t.Fatal(err)
	}
	e := openEngine(t)
	if err := e.Load(context.Background(), "released", []string{filepath.Join(out, "table.parquet")}); err != nil {
		t.Fatal(err)
	}
	execute(t, e,
		fmt.Sprintf("CREATE TABLE raw AS SELECT * FROM read_csv('%s', all_varchar = true, header = true, nullstr = "+
			"'no such text')", input))
	var selects, joins []string
	for i, name := range ouladQuasi {
		execute(t, e,
			fmt.Sprintf("CREATE TABLE h%d AS SELECT * FROM read_csv('testdata/oulad/%s.csv', all_varchar = true, "+
				"header = false, delim = ';', nullstr = 'no such text')", i, name))
		selects = append(selects, fmt.Sprintf("h%d.column%d AS %s", i, r.Transformation[name], name))
		joins = append(joins, fmt.Sprintf("JOIN h%d ON h%d.column0 = COALESCE(raw.%s, '')", i, i, name))
	}
	execute(t, e, "CREATE TABLE general AS SELECT "+strings.Join(selects, ", ")+
		", raw.id_student, raw.disability, raw.final_result FROM raw "+strings.Join(joins, " "))
	return r, out, e
}

// checkOULAD recounts in SQL: the classes that leave are exactly those that hold
// the promises, counted on distinct students.
func checkOULAD(t *testing.T, input string) {
	r, out, e := anonymizeOULAD(t, input)
	by := strings.Join(ouladQuasi, ", ")
	totals := numbers(t, e, "SELECT COUNT(*), COUNT(DISTINCT id_student) FROM general")[0]
	if int(totals[0]) != r.Rows || int(totals[1]) != r.Persons {
		t.Errorf("SQL counts %v rows and persons, the report %d and %d", totals, r.Rows, r.Persons)
	}
	execute(t, e, "CREATE TABLE classes AS SELECT "+by+`, COUNT(*) AS n_rows, COUNT(DISTINCT id_student) AS persons,
		COUNT(DISTINCT final_result) AS l, COUNT(DISTINCT CASE WHEN disability = 'Y' THEN id_student END) AS bearers
		FROM general GROUP BY `+by)
	execute(t, e, "CREATE TABLE left_classes AS SELECT "+by+", COUNT(*) AS n_rows FROM released GROUP BY "+by)
	kept := numbers(t, e,
		"SELECT COUNT(*), MIN(c.persons), MIN(c.l), CAST(SUM(CASE WHEN c.n_rows <> l.n_rows THEN 1 ELSE 0 END) AS "+
			"BIGINT) FROM left_classes l JOIN classes c USING ("+by+")")[0]
	if int(kept[0]) != r.Classes || int(kept[1]) != r.K || r.K < 11 || kept[2] < 2 || kept[3] != 0 {
		t.Errorf("SQL finds %v (classes, k, l, unequal classes), the report %d classes and k = %d", kept, r.Classes,
			r.K)
	}
	// One-sided beta-likeness, against the released table's own share.
	worst := numbers(t, e, `SELECT MAX(c.bearers * 1.0 / c.persons) /
		MAX((SELECT COUNT(DISTINCT CASE WHEN g.disability = 'Y' THEN g.id_student END) * 1.0
			/ COUNT(DISTINCT g.id_student)
			FROM general g JOIN left_classes USING (`+by+`))) - 1 FROM left_classes l JOIN classes c USING (`+by+
		")")[0][0]
	if said := r.Sensitive[0].Achieved; worst > 2+1e-9 || worst-said > 1e-9 || said-worst > 1e-9 {
		t.Errorf("beta by SQL is %v, the report says %v", worst, said)
	}
	gone := numbers(t, e,
		"SELECT COUNT(DISTINCT id_student) FROM general WHERE id_student NOT IN (SELECT g.id_student FROM general g "+
			"JOIN left_classes USING ("+by+"))")[0][0]
	if int(gone) != r.SuppressedPersons {
		t.Errorf("SQL counts %v suppressed persons, the report %d", gone, r.SuppressedPersons)
	}
	checkFolder(t, out)
	table, err := Read(filepath.Join(out, "table.parquet"), Options{Columns: ouladQuasi})
	if err != nil {
		t.Fatal(err)
	}
	measured, err := risk.Measure(table.Table, risk.Options{QuasiIdentifiers: ouladQuasi, AtRiskBelow: 11})
	if err != nil {
		t.Fatal(err)
	}
	if measured.Classes != r.Classes || measured.Rows != r.Rows-r.SuppressedRows || measured.K < 11 {
		t.Errorf("risk counts %d classes, %d rows, k = %d", measured.Classes, measured.Rows, measured.K)
	}
}

// checkFolder verifies the hashes of the manifest and that no person is in it.
func checkFolder(t *testing.T, out string) {
	t.Helper()
	root, err := os.OpenRoot(out)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	m, err := edition.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Verify(root); err != nil {
		t.Error(err)
	}
	var description struct {
		Resources []struct {
			Path   string
			Schema struct{ Fields []struct{ Name string } }
		}
	}
	data, err := root.ReadFile("datapackage.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &description); err != nil {
		t.Fatal(err)
	}
	for _, f := range description.Resources[0].Schema.Fields {
		if f.Name == "id_student" {
			t.Error("the person's column was released")
		}
	}
}

func TestOULADExcerptRecountedBySQL(t *testing.T) {
	checkOULAD(t, "testdata/oulad/studentInfo.csv")
}

// The whole file, when it is there: the excerpt above makes the same check.
func TestOULADWholeRecountedBySQL(t *testing.T) {
	const whole = "../../../shared/data/oulad/studentInfo.csv"
	if _, err := os.Stat(whole); err != nil {
		t.Skip("the whole OULAD file is not here; the excerpt is checked")
	}
	checkOULAD(t, whole)
}
