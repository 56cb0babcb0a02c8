package subject

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/flow"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest/register"
)

var update = flag.Bool("update", false, "write the columns that the engine describes into the statements")

// described runs every statement over empty tables, in order, and gives the columns
// that the engine says each has.
func described(t *testing.T) map[string][]string {
	t.Helper()
	x := small(1)
	b := &Builder{o: x.options(t, Research), scratch: t.TempDir(), known: map[string]bool{},
		attested: map[string]int64{}}
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
		b.attachRegisters(t.Context()),
		attach[zone.EventRow](t.Context(), b, "raw_event", nil),
		put(t.Context(), b, "deadline", []deadlineRow{}), put(t.Context(), b, "concern", []concernRow{}),
		put(t.Context(), b, "span", []spanRow{{1}}),
		put(t.Context(), b, "batch", []batchRow{}), put(t.Context(), b, "step_bin", stepBins()),
		put(t.Context(), b, "unit_cap", []unitCap{{1}}),
		put(t.Context(), b, "n5_grid", grid()),
		put(t.Context(), b, "weekdays", weekdays()),
		put(t.Context(), b, "regularity_part", []regularityRow{}),
		put(t.Context(), b, "expectation_part", []expectationRow{}),
		put(t.Context(), b, "checker", []checkerRow{}), put(t.Context(), b, "matched", []matchedRow{}),
		put(t.Context(), b, "risk_set", []riskRow{}),
		put(t.Context(), b, "trained", []trainedRow{}),
	}
	for _, err := range attachments {
		if err != nil {
			t.Fatal(err)
		}
	}
	values := map[string]any{}
	statements := parsed(t)
	for _, s := range statements {
		for _, a := range s.Args {
			values[a] = int64(1)
		}
	}
	for _, a := range []string{"grouping"} {
		values[a] = ""
	}
	exec := func(name, text string, args ...any) {
		if err := b.engine.(*engine.Engine).Exec(t.Context(), text, args...); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	columns := map[string][]string{}
	made := map[string]bool{}
	for _, name := range slices.Concat(sources(),
		[]string{"regularity_part", "expectation_part", "checker", "matched", "risk_set",
			"trained"}) {
		made[name] = true
	}
	ready := func(s *flow.Statement) bool {
		return columns[s.Name] == nil && !slices.ContainsFunc(s.Reads, func(name string) bool { return !made[name] })
	}
	for range statements {
		i := slices.IndexFunc(statements, ready)
		if i < 0 {
			t.Fatal("a statement reads what none makes")
		}
		s := statements[i]
		text, args, err := s.Bind(constants(), values)
		if err != nil {
			t.Fatal(err)
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
		outputs := s.Outputs
		if s.Name == "distinct_event" {
			outputs = append(outputs[:1:1], flow.Output{Name: "event"})
		}
		for _, out := range outputs {
			if !made[out.Name] {
				made[out.Name] = true
				exec(s.Name, "CREATE TABLE "+out.Name+" AS SELECT * FROM described")
			}
		}
	}
	return columns
}

// parsed are all statements, in the order of their names.
func parsed(t *testing.T) []*flow.Statement {
	t.Helper()
	files, err := fs.Glob(statements, "sql/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	list := make([]*flow.Statement, len(files))
	for i, name := range files {
		text, err := statements.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if list[i], err = flow.Parse(strings.TrimSuffix(strings.TrimPrefix(name, "sql/"), ".sql"),
			string(text)); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// Every statement runs, and gives the columns that it declares.
func TestColumnsAreDeclared(t *testing.T) {
	columns := described(t)
	for _, s := range parsed(t) {
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
	used := map[string]bool{}
	for _, s := range parsed(t) {
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

// Go reads every answer, and draws every curve from a statement. (That every table
// is read, flow.Read checks.)
func TestEveryAnswerHasAReader(t *testing.T) {
	var code strings.Builder
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(f, "_test.go") {
			code.Write(text)
		}
	}
	units := map[string]bool{}
	for _, s := range parsed(t) {
		if s.Kind == flow.Answer && !strings.Contains(code.String(), fmt.Sprintf("%q", s.Name)) {
			t.Errorf("nobody reads %s", s.Name)
		}
		units[s.Name] = len(s.Outputs) > 0 && s.Outputs[0].Name == "unit"
	}
	c, err := readMeasures()
	if err != nil {
		t.Fatal(err)
	}
	for _, curve := range c.Curves {
		if !slices.ContainsFunc(edition.Curves, func(e edition.Curve) bool { return e.Name == curve.Title }) {
			t.Errorf("curve %s is not approved", curve.Title)
		}
		if !units[curve.Units] {
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
		for _, fault := range lint("-- composed\n" + newScan(f, graph).sql + "\n") {
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

// A register that no measure reads would be asked of schools for nothing.
func TestEveryRegisterIsRead(t *testing.T) {
	read := map[string]bool{}
	for _, s := range parsed(t) {
		if s.Name == "register_known" { // counts rows
			continue
		}
		for _, table := range s.Reads {
			read[table] = true
		}
	}
	for _, name := range register.Names() {
		if !read[name] {
			t.Errorf("no statement reads the register %s", name)
		}
	}
}

// A family or a curve needs only facts that are asked for.
func TestNeedsAreFacts(t *testing.T) {
	b := base().open(t, Research)
	for _, f := range b.written.From {
		for _, fact := range f.Needs {
			if _, ok := b.known[fact]; !ok {
				t.Errorf("family %s needs %q, which nobody finds out", f.Family, fact)
			}
		}
	}
	for _, c := range b.written.Curves {
		for _, fact := range c.Needs {
			if _, ok := b.known[fact]; !ok {
				t.Errorf("curve %s needs %q, which nobody finds out", c.Title, fact)
			}
		}
	}
}
