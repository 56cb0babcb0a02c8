package subject

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/zone"
)

var update = flag.Bool("update", false, "write the columns that the engine describes into the statements")

// described runs every statement over empty tables, in order, and gives the columns
// that the engine says each has.
func described(t *testing.T) map[string][]string {
	t.Helper()
	x := small(1)
	b := &Builder{o: x.options(t, Research), scratch: t.TempDir(), known: map[string]bool{}, attested: map[string]int64{}}
	var err error
	if b.engine, err = engine.Open(t.Context(), b.o.Engine); err != nil {
		t.Fatal(err)
	}
	defer b.engine.Close()
	if err := b.prepareFlow(); err != nil {
		t.Fatal(err)
	}
	if err := b.loadTables(t.Context()); err != nil {
		t.Fatal(err)
	}
	attachments := []error{
		attach[zone.MessageRow](t.Context(), b, "messages", nil), attach[zone.ContentRow](t.Context(), b, "contents", nil),
		attach[zone.ReportBookRow](t.Context(), b, "report_books", nil), attach[zone.ProcedureRow](t.Context(), b, "procedures", nil),
		attach[zone.LoanRow](t.Context(), b, "loans", nil), attach[zone.TrainingRow](t.Context(), b, "training", nil),
		attach[zone.MeetingRow](t.Context(), b, "meetings", nil), attach[zone.EquipmentRow](t.Context(), b, "equipment", nil),
		attach[zone.EventRow](t.Context(), b, "raw_event", nil),
		put(t.Context(), b, "deadline", []deadlineRow{}), put(t.Context(), b, "concern", []concernRow{}), put(t.Context(), b, "span", []spanRow{{1}}),
		put(t.Context(), b, "batch", []batchRow{}), put(t.Context(), b, "step_bin", stepBins()), put(t.Context(), b, "n5_grid", grid()),
		put(t.Context(), b, "regularity_part", []regularityRow{}), put(t.Context(), b, "expectation_part", []expectationRow{}),
		put(t.Context(), b, "checker", []checkerRow{}), put(t.Context(), b, "matched", []matchedRow{}), put(t.Context(), b, "trained", []trainedRow{}),
		put(t.Context(), b, "merged", []mergedRow{}),
	}
	for _, err := range attachments {
		if err != nil {
			t.Fatal(err)
		}
	}
	values := map[string]any{}
	for _, s := range b.graph.Order() {
		for _, a := range s.Args {
			values[a] = int64(1)
		}
	}
	for _, a := range []string{"grouping", "first_measure", "last_measure"} {
		values[a] = ""
	}
	exec := func(name, text string, args ...any) {
		if err := b.engine.Exec(t.Context(), text, args...); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	columns := map[string][]string{}
	made := map[string]bool{}
	for _, s := range b.graph.Order() {
		text, args, err := s.Bind(vocabulary, values)
		if err != nil {
			t.Fatal(err)
		}
		if s.Kind == "answer" && !made["contribution"] {
			made["contribution"] = true
			exec("contribution", "CREATE TABLE contribution AS SELECT grp, CAST(0 AS INTEGER) AS period, school_key, family_key, '' AS measure, population, visits AS x, visits AS y FROM account")
		}
		exec(s.Name, "CREATE OR REPLACE TABLE described AS\n"+text, args...)
		err = b.engine.Query(t.Context(), "SELECT column_name FROM (DESCRIBE described)", func(rec arrow.Record) error {
			for i := range int(rec.NumRows()) {
				columns[s.Name] = append(columns[s.Name], strings.Clone(rec.Column(0).(*array.String).Value(i)))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, out := range s.Outputs {
			if !made[out.Name] {
				made[out.Name] = true
				exec(s.Name, "CREATE TABLE "+out.Name+" AS SELECT * FROM described")
			}
		}
		if s.Name == "distinct_event" {
			exec(s.Name, "CREATE TABLE event AS SELECT * FROM described")
		}
	}
	return columns
}

// Every statement runs, and gives the columns that it declares.
func TestColumnsAreDeclared(t *testing.T) {
	columns := described(t)
	graph, err := Flow()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range graph.Order() {
		if slices.Equal(columns[s.Name], s.Columns) {
			continue
		}
		if !*update {
			t.Errorf("%s: declares %q, gives %q", s.Name, s.Columns, columns[s.Name])
			continue
		}
		name := "sql/" + s.Name + ".sql"
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(declare(string(text), columns[s.Name])), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// declare puts columns in the front matter, in lines of at most 110 characters.
func declare(text string, columns []string) string {
	lines := strings.Split(text, "\n")
	first := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "-- columns:") })
	last := first + 1
	for strings.HasPrefix(lines[last], "--   ") {
		last++
	}
	wrapped := []string{"-- columns:"}
	for i, c := range columns {
		if i < len(columns)-1 {
			c += ","
		}
		if end := len(wrapped) - 1; len(wrapped[end])+len(c) < 110 {
			wrapped[end] += " " + c
		} else {
			wrapped = append(wrapped, "--   "+c)
		}
	}
	return strings.Join(slices.Concat(lines[:first], wrapped, lines[last:]), "\n")
}

// Every column and every argument has a meaning, told once.
func TestNamesHaveMeanings(t *testing.T) {
	meanings := map[string]string{}
	text, err := os.ReadFile("names.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		name, meaning, _ := strings.Cut(line, "\t")
		if meanings[name] != "" || meaning == "" {
			t.Errorf("%s is told twice, or not", name)
		}
		meanings[name] = meaning
	}
	graph, err := Flow()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, s := range graph.Order() {
		for _, name := range slices.Concat(s.Columns, s.Args) {
			if used[name] = true; meanings[name] == "" {
				t.Errorf("%s: nobody says what %s means", s.Name, name)
			}
		}
	}
	for name := range meanings {
		if !used[name] {
			t.Errorf("no statement has %s", name)
		}
	}
}

// Every table is read by a statement or a step, and every answer by Go.
func TestEveryStatementHasAReader(t *testing.T) {
	graph, err := Flow()
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	files, _ := fs.Glob(os.DirFS("."), "*.go")
	for _, f := range files {
		if text, err := os.ReadFile(f); err == nil && !strings.HasSuffix(f, "_test.go") {
			code.Write(text)
		}
	}
	for _, name := range graph.Unread() {
		if !strings.Contains(code.String(), fmt.Sprintf("%q", name)) {
			t.Errorf("nobody reads %s", name)
		}
	}
	c, err := readMeasures()
	if err != nil {
		t.Fatal(err)
	}
	for _, curve := range c.Curves {
		if !slices.ContainsFunc(edition.Curves, func(e edition.Curve) bool { return e.Name == curve.Title }) {
			t.Errorf("curve %s is not approved", curve.Title)
		}
		if graph.Statement(curve.Units) == nil {
			t.Errorf("curve %s has no statement %s", curve.Title, curve.Units)
		}
	}
}

// measures.toml and the approved list name the same measures for the same
// populations.
func TestMeasuresAreApproved(t *testing.T) {
	graph, err := Flow()
	if err != nil {
		t.Fatal(err)
	}
	c, err := readMeasures()
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]bool{}
	for _, f := range c.From {
		for _, row := range f.Rows {
			for _, name := range row.names() {
				written[name] = true
			}
		}
		for _, fault := range lint("-- composed\n" + family{from: []from{f}}.sql(graph) + "\n") {
			t.Errorf("family %s: %s", f.Family, fault)
		}
	}
	for _, m := range edition.Measures {
		if !written[m.Name] {
			t.Errorf("%s has no row", m.Name)
		}
		delete(written, m.Name)
	}
	for name := range written {
		t.Errorf("%s is not approved", name)
	}
}
