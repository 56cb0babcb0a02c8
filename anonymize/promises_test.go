package anonymize

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/privacy"
)

// row runs a query of one row of numbers over the files of an edition.
func row(t *testing.T, e *engine.Engine, sql string) []float64 {
	t.Helper()
	var out []float64
	if err := e.Query(context.Background(), sql, func(rec arrow.Record) error {
		for _, col := range rec.Columns() {
			switch c := col.(type) {
			case *array.Int64:
				out = append(out, float64(c.Value(0)))
			case *array.Float64:
				out = append(out, c.Value(0))
			default:
				return fmt.Errorf("column of type %s", col.DataType())
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// shares are the distributions of a sensitive column of the person table: w in a
// class, big_w in the whole. A row is a person.
const shares = `
CREATE OR REPLACE TEMP TABLE shares AS
WITH classes AS (SELECT %[1]s, COUNT(*) AS n FROM parents GROUP BY %[1]s),
totals AS (SELECT %[2]s AS v, COUNT(*) * 1.0 / (SELECT COUNT(*) FROM parents) AS big_w FROM parents GROUP BY %[2]s),
cells AS (SELECT %[1]s, %[2]s AS v, COUNT(*) AS c FROM parents GROUP BY %[1]s, %[2]s),
grid AS (SELECT * FROM classes CROSS JOIN totals)
SELECT %[1]s, v, big_w, COALESCE(c, 0) * 1.0 / n AS w FROM grid LEFT JOIN cells USING (%[1]s, v)`

// farthest is the worst class of one model, by SQL that shares nothing with kanon.
func farthest(t *testing.T, e *engine.Engine, by string, s kanon.Sensitive) float64 {
	t.Helper()
	if err := e.Exec(context.Background(), fmt.Sprintf(shares, by, s.Name)); err != nil {
		t.Fatal(err)
	}
	switch s.Model {
	case privacy.BetaRare:
		return row(t, e, "SELECT CAST(COALESCE(MAX(w / big_w - 1), 0) AS DOUBLE) FROM shares WHERE v = '"+s.Rare+"'")[0]
	case privacy.TEqual:
		return row(t, e,
			"SELECT CAST(MAX(far) AS DOUBLE) FROM (SELECT SUM(ABS(w - big_w)) / 2 AS far FROM shares GROUP BY "+by+
				")")[0]
	case privacy.TOrdered:
		var steps []string
		for i := range len(s.Order) - 1 {
			steps = append(steps, fmt.Sprintf("ABS(SUM(CASE WHEN v IN ('%s') THEN w - big_w ELSE 0 END))",
				strings.Join(s.Order[:i+1], "', '")))
		}
		return row(t, e,
			fmt.Sprintf("SELECT CAST(MAX(far) AS DOUBLE) FROM (SELECT (%s) / %d AS far FROM shares GROUP BY %s)",
				strings.Join(steps, " + "), len(s.Order)-1, by))[0]
	}
	t.Fatalf("the policy asks %s of %q, which this test does not recount", s.Model, s.Name)
	return 0
}

// Every promise of the research policy, recounted by plain SQL in what was written.
func TestResearchEditionHoldsItsPolicyBySQL(t *testing.T) {
	b := baseEditions(t)
	o, dir := b.options, b.research
	e := loaded(t, dir, "parents", "sums", "times", "weeks")
	m := manifestOf(t, dir)
	var names []string
	for _, q := range o.Research.QuasiIdentifiers {
		names = append(names, q.Name)
	}
	by := strings.Join(names, ", ")
	counts := row(t, e,
		"SELECT CAST(SUM(n) AS BIGINT), COUNT(*), MIN(n) FROM (SELECT COUNT(*) AS n FROM parents GROUP BY "+by+")")
	a := m.Anonymity
	if counts[2] < float64(o.Research.K) || counts[2] != float64(a.UnitsK["account"]) ||
		counts[1] != float64(a.Classes) {
		t.Errorf("SQL finds %v rows, classes, k; the policy asks k = %d, the manifest says %d classes, %v", counts,
			o.Research.K, a.Classes, a.UnitsK)
	}
	for unit, k := range a.UnitsK {
		if k < int64(o.Research.K) {
			t.Errorf("k of %s is %d", unit, k)
		}
	}
	if len(a.Sensitive) != len(o.Research.Sensitive) {
		t.Errorf("the manifest speaks of %d models, the policy of %d", len(a.Sensitive), len(o.Research.Sensitive))
	}
	for i, s := range o.Research.Sensitive {
		worst := farthest(t, e, by, s.Sensitive)
		if worst > s.Bound+1e-9 {
			t.Errorf("%s of %q is %v by SQL, the policy allows %v", s.Model, s.Name, worst, s.Bound)
		}
		if said := a.Sensitive[i].Achieved; worst-said > 1e-9 || said-worst > 1e-9 {
			t.Errorf("%s of %q is %v by SQL, the manifest says %v", s.Model, s.Name, worst, said)
		}
	}
	for _, table := range []string{"sums", "times", "weeks"} {
		if got := row(t, e, "SELECT COUNT(*), MIN(persons) FROM "+table); got[0] == 0 || got[1] < 11 {
			t.Errorf("%s: %v (rows, fewest persons)", table, got)
		}
	}
}

// The same of the schools edition: no row stands for fewer persons than its policy says.
func TestSchoolsEditionHoldsItsPolicyBySQL(t *testing.T) {
	b := baseEditions(t)
	got := row(t, loaded(t, b.schools, "school_measures"),
		"SELECT COUNT(*), MIN(persons), COUNT(DISTINCT uai) FROM school_measures")
	if got[0] == 0 || got[1] < float64(b.options.Schools.StaffPersons) || got[2] < 2 {
		t.Errorf("%v (rows, fewest persons, schools)", got)
	}
}

func loaded(t *testing.T, dir string, tables ...string) *engine.Engine {
	t.Helper()
	e, err := engine.Open(context.Background(), engine.Config{MemoryMB: 200, Threads: 1, TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	for _, table := range tables {
		if err := e.Load(context.Background(), table, []string{filepath.Join(dir, table+".parquet")}); err != nil {
			t.Fatal(err)
		}
	}
	return e
}

func manifestOf(t *testing.T, dir string) *edition.Manifest {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	m, err := edition.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
