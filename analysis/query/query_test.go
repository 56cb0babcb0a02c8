package query_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
)

func config(t *testing.T) engine.Config {
	return engine.Config{MemoryMB: 128, Threads: 2, TempDir: t.TempDir()}
}

// write makes a small research edition and returns its folder.
func write(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "research")
	w, err := edition.NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	sums := []edition.SumRow{
		{Grouping: "level", Group: "college", Cluster: 2, Schools: 1, Measure: "L2.never", Population: "all_accounts",
			Persons: 30, Families: 28, Numerator: 6, Denom: 30, SumXX: 6, SumXY: 6, SumYY: 30, H00: 24, H01: 6},
		{Grouping: "all", Group: "", Cluster: 7, Schools: 2, Measure: "L2.never", Population: "all_accounts",
			Persons: 50, Families: 48, Numerator: 9, Denom: 50, SumXX: 9, SumXY: 9, SumYY: 50, H00: 41, H15: 9},
		{Grouping: "all", Group: "", Cluster: 7, Schools: 2, Measure: "L1.weekly", Population: "all_accounts",
			Persons: 50},
	}
	if err := errors.Join(
		edition.WriteTable(w, edition.TableSums, sums, nil),
		edition.WriteTable(w, edition.TableTimes,
			[]edition.TimeRow{{Curve: "D3.first_login", Grouping: "all", Cluster: 1, Bin: 3, Persons: 30, AtRisk: 20,
				Events: 2, Censored: 1}}, nil),
		edition.WriteTable(w, edition.TableParents,
			[]edition.ParentRow{{Cluster: "a", Level: "college", Visits: "0-never"},
				{Cluster: "a", Level: "college", Visits: "0-never"}}, nil),
		edition.WriteTable(w, edition.TableWeeks,
			[]edition.WeekRow{{Level: "college", Cluster: 1, WeekDay: 20000, Profile: 3, Service: -1, Visits: 9,
				Persons: 30}}, nil),
		edition.WriteTable(w, edition.TableCoverage,
			[]edition.CoverageRow{{Feed: "neo", Level: "college", WeekDay: 20000, Expected: 3, Reporting: 2},
				{Feed: "neo", Level: "college", WeekDay: 20000, Expected: 4, Reporting: 4}}, nil),
		w.WriteFile("codebook.md", []byte("x\n")),
		w.Commit(&edition.Manifest{Kind: "research"}),
	); err != nil {
		t.Fatal(err)
	}
	return dir
}

func open(t *testing.T, dir string) *query.Edition {
	t.Helper()
	e, err := query.Open(context.Background(), dir, config(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

func TestQuestions(t *testing.T) {
	e := open(t, write(t))
	ctx := context.Background()
	sums, err := e.Sums(ctx, "L2.never", "all")
	if err != nil {
		t.Fatal(err)
	}
	more, err := e.Sums(ctx, "L2.never", "level")
	if err != nil {
		t.Fatal(err)
	}
	sums = append(sums, more...)
	want := []query.Sum{
		{Measure: "L2.never", Grouping: "all", Cluster: 7, Schools: 2, Population: "all_accounts", Persons: 50,
			Families: 48, X: 9, Y: 50, XX: 9, XY: 9, YY: 50, Histogram: [16]int64{0: 41, 15: 9}},
		{Measure: "L2.never", Grouping: "level", Group: "college", Cluster: 2, Schools: 1, Population: "all_accounts",
			Persons: 30, Families: 28, X: 6, Y: 30, XX: 6, XY: 6, YY: 30, Histogram: [16]int64{24, 6}},
	}
	if !reflect.DeepEqual(sums, want) {
		t.Errorf("sums: got %+v", sums)
	}
	groups, err := e.Groups(ctx)
	if err != nil || !reflect.DeepEqual(groups, []query.Group{{"all", ""}, {"level", "college"}}) {
		t.Errorf("groups: got %v, %v", groups, err)
	}
	bands, err := e.Bands(ctx)
	if err != nil || len(bands) != 1 || bands[0].Persons != 2 || bands[0].Visits != "0-never" {
		t.Errorf("bands: got %v, %v", bands, err)
	}
	times, err := e.Times(ctx, "D3.first_login")
	if err != nil || len(times) != 1 || times[0].AtRisk != 20 || times[0].Bin != 3 {
		t.Errorf("times: got %v, %v", times, err)
	}
	weeks, err := e.Weeks(ctx, 3)
	if err != nil || len(weeks) != 1 || weeks[0].Service != -1 || weeks[0].Visits != 9 {
		t.Errorf("weeks: got %v, %v", weeks, err)
	}
	coverage, err := e.Coverage(ctx)
	if err != nil || len(coverage) != 1 || coverage[0].Expected != 7 || coverage[0].Reporting != 6 {
		t.Errorf("coverage: got %v, %v", coverage, err)
	}
	if _, err := e.SchoolMeasures(ctx); !errors.Is(err, query.ErrNoTable) {
		t.Errorf("missing table: got %v, want ErrNoTable", err)
	}
	if none, err := e.Sums(ctx, "x' OR '1'='1", "all"); err != nil || len(none) != 0 {
		t.Errorf("bound measure: got %v, %v", none, err)
	}
}

// Sums of few rows are read at once, those of many one measure at a time, and are the same.
func TestSumsAtOnceAreThoseOfEachMeasure(t *testing.T) {
	dir := write(t)
	few, many := open(t, dir), open(t, dir)
	for i := range many.Manifest.Files {
		many.Manifest.Files[i].Rows = 1 << 40
	}
	for measure, rows := range map[string]int{"L2.never": 2, "L1.weekly": 1, "L3.share": 0} {
		want, err := many.Sums(context.Background(), measure, "")
		if err != nil || len(want) != rows {
			t.Errorf("%s: %v, %v", measure, want, err)
		}
		if got, err := few.Sums(context.Background(), measure, ""); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %v, want %v", measure, got, err, want)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, spoil := range map[string]func(dir string) error{
		"altered": func(dir string) error {
			f, err := os.OpenFile(filepath.Join(dir, "sums.parquet"), os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = f.WriteAt([]byte{0}, 100)
			return err
		},
		"missing": func(dir string) error { return os.Remove(filepath.Join(dir, "times.parquet")) },
		"no manifest": func(dir string) error {
			return os.Remove(filepath.Join(dir, "manifest.json"))
		},
		"linked": func(dir string) error {
			file := filepath.Join(dir, "sums.parquet")
			if err := os.Rename(file, filepath.Join(dir, "elsewhere")); err != nil {
				return err
			}
			return os.Symlink("elsewhere", file)
		},
		"unknown table": func(dir string) error { return rewrite(dir, `"table": "sums"`, `"table": "events"`) },
		"outside": func(dir string) error {
			return rewrite(dir, `"name": "sums.parquet"`, `"name": "../sums.parquet"`)
		},
		"twice":       func(dir string) error { return rewrite(dir, `"table": "sums"`, `"table": "times"`) },
		"kind":        func(dir string) error { return rewrite(dir, `"kind": "research"`, `"kind": "restricted"`) },
		"unknown key": func(dir string) error { return rewrite(dir, `"kind"`, `"path": "/", "kind"`) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := write(t)
			if err := spoil(dir); err != nil {
				t.Fatal(err)
			}
			if e, err := query.Open(context.Background(), dir, config(t)); err == nil {
				e.Close()
				t.Error("opened")
			}
		})
	}
}

func rewrite(dir, old, new string) error {
	file := filepath.Join(dir, "manifest.json")
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(strings.Replace(string(data), old, new, 1)), 0o600)
}

// Every question has a total order, and takes and gives what its table has.
func TestSQL(t *testing.T) {
	for _, q := range []string{"sums", "groups", "bands", "times", "weeks", "coverage", "school_coverage",
		"school_measures"} {
		text, err := query.SQL(q)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(text, "-- ") || !strings.Contains(text, "ORDER BY") {
			t.Errorf("%s: a question starts with its sentence and has a total order", q)
		}
		reads, err := query.Reads(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range regexp.MustCompile(`"?[A-Za-z_][A-Za-z_0-9]*"?`).FindAllString(clauses(text), -1) {
			if !slices.Contains(reads.Columns, strings.Trim(word, `"`)) {
				t.Errorf("%s is filtered or ordered by %s, which it does not declare", q, word)
			}
		}
	}
	if _, err := query.SQL("../query"); err == nil {
		t.Error("a question outside the folder was found")
	}
}

// clauses are the names after FROM, without the table.
func clauses(text string) string {
	_, after, _ := strings.Cut(text, "\nFROM ")
	_, after, _ = strings.Cut(after, "\n")
	return regexp.MustCompile(`\b(WHERE|AND|OR|GROUP BY|ORDER BY)\b|:[a-z]+`).ReplaceAllString(after, "")
}
