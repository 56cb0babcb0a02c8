package question

import (
	"github.com/entscope/entscope/anonymize/edition"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// TestCatalogue holds the embedded files to the rules of check: texts in both
// languages for all that a page shows, and no name that does not resolve.
func TestCatalogue(t *testing.T) {
	l, err := parse(files)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.questions) < 52 {
		t.Errorf("%d questions, fewer than the 52 of the study", len(l.questions))
	}
}

// TestBinsAreRead: a measure that leaves by bins has a question that reads them.
func TestBinsAreRead(t *testing.T) {
	read := map[string]bool{}
	for _, q := range All() {
		for _, m := range q.Measures {
			if m.Kind == Quantile || readsBins[m.Estimator] {
				for _, s := range m.Sources {
					read[s] = true
				}
			}
		}
	}
	for _, m := range edition.Measures {
		if m.Bins && !read[m.Name] {
			t.Errorf("no question reads the bins of %s", m.Name)
		}
	}
}

// forbidden never stand in a text of a page: checking often is a behaviour, not a
// diagnosis.
var forbidden = []string{"addict", "compuls", "boulim", "'"}

func TestWords(t *testing.T) {
	for _, q := range All() {
		for _, text := range []string{q.Question.FR, q.Definition.FR, q.Method.FR, q.Caveat.FR} {
			for _, word := range forbidden {
				if strings.Contains(strings.ToLower(text), word) {
					t.Errorf("%s: %q in %q", q.ID, word, text)
				}
			}
		}
		if !strings.HasSuffix(q.Question.FR, " ?") {
			t.Errorf("%s: %q is not a French question", q.ID, q.Question.FR)
		}
		if !strings.HasSuffix(q.Question.EN, "?") {
			t.Errorf("%s: %q is not an English question", q.ID, q.Question.EN)
		}
	}
}

func TestLookup(t *testing.T) {
	q, err := Lookup("L2")
	if err != nil {
		t.Fatal(err)
	}
	if q.ID != "L2" {
		t.Errorf("got %s", q.ID)
	}
	if _, ok := q.Measure("never"); !ok {
		t.Error("L2 has no measure never")
	}
	if _, err := Lookup("X1"); err == nil {
		t.Error("X1 was found")
	}
}

// TestPlaces holds that each list of the pages comes in its order.
func TestPlaces(t *testing.T) {
	for i, h := range Headlines() {
		if h.Place != i+1 {
			t.Errorf("headline %s has place %d, want %d", h.Question, h.Place, i+1)
		}
	}
	for i, r := range SchoolRows() {
		if r.Place != i+1 {
			t.Errorf("school row %s has place %d, want %d", r.Question, r.Place, i+1)
		}
	}
	for i, c := range Cards() {
		if c.Place != i+1 {
			t.Errorf("card %s has place %d, want %d", c.ID, c.Place, i+1)
		}
	}
}

// TestImports holds that the catalogue knows the names of the approved lists and
// nothing else of the house.
func TestImports(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sources {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range f.Imports {
			inner, house := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), "github.com/entscope/entscope/")
			if house && inner != "anonymize/edition" && inner != "analysis/question" {
				t.Errorf("%s imports %s", name, inner)
			}
		}
	}
}

// TestRefuses changes one thing of a theme at a time.
func TestRefuses(t *testing.T) {
	for name, c := range map[string]struct{ file, old, new, want string }{
		"unknown key": {"02-logins", "[[question]]\nid = \"L1\"", "[[question]]\nextra = 1\nid = \"L1\"", "extra"},
		"id twice":    {"02-logins", `id = "L2"`, `id = "L1"`, `question "L1" is given twice`},
		"no English":  {"02-logins", `caveat.en = "A mean is`, `caveat.de = "A mean is`, "caveat"},
		"tier":        {"02-logins", `tier = "A"`, `tier = "Z"`, `tier "Z"`},
		"reads":       {"02-logins", `reads = "visits"`, `reads = "tea"`, `reads "tea"`},
		"source":      {"02-logins", `["L2.never"]`, `["L2.always"]`, "L2.always is not an approved measure"},
		"kind":        {"02-logins", `kind = "rate"`, `kind = "speed"`, "incomplete"},
		"curve":       {"01-deployment", `"D3.first_login"`, `"D3.last"`, "D3.last is not an approved curve"},
		"edge":        {"03-grades", "at = 24", "at = 25", "25 is no edge"},
		"grouping": {"01-deployment", `publish_by = ["seniority", `, `publish_by = ["week", `,
			"no grouping week"},
		"population":       {"02-logins", `["regular_accounts"]`, `["someone"]`, `no population "someone"`},
		"figure's measure": {"02-logins", `["visits_per_week"]`, `["visits"]`, `L1 has no measure "visits"`},
		"figure twice":     {"02-logins", `id = "L1-visites"`, `id = "L1-jours"`, `figure "L1-jours" is given twice`},
		"form":             {"02-logins", `form = "hours"`, `form = "pie"`, `form "pie"`},
		"headline's population": {"02-logins", "never\"\npopulation = \"all_accounts\"",
			"never\"\npopulation = \"pairs\"", "never of L2 for pairs"},
		"place twice": {"02-logins", "place = 2\nmeasure = \"visits_per_week\"",
			"place = 3\nmeasure = \"visits_per_week\"", "headlines are not"},
		"school measure": {"02-logins", "5\nmeasure = \"weekly\"", "5\nmeasure = \"active_days_per_week\"",
			"carry L1.active_days"},
		"part of nothing": {"06-access", `measure = "connected" }`, `measure = "came" }`, "came of D3 for all_accounts"},
		"part of visits": {"01-deployment", `part_of = [{ measure = "connected" }]`,
			`part_of = [{ question = "L1", measure = "visits_per_week" }]`, "not a part and a whole"},
		"card's figure":     {"02-logins", `figure = "L4-heures"`, `figure = "L4-jours"`, "no figure of hours"},
		"detail's question": {"06-access", `question = "D3"`, `question = "D9"`, "of D9"},
	} {
		refuses(t, name, broken(t, "themes/"+c.file+".toml", c.old, c.new), c.want)
	}
}

func refuses(t *testing.T, name string, broken fs.FS, want string) {
	t.Helper()
	_, err := parse(broken)
	if err == nil {
		t.Errorf("%s: accepted", name)
		return
	}
	if !strings.Contains(err.Error(), want) {
		t.Errorf("%s: %v", name, err)
	}
}

// TestPagesRefuse changes one thing of the pages at a time.
func TestPagesRefuse(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"question nowhere":  {`"L1", "L2", `, `"L1", `, "L2 stands on 0 pages"},
		"question twice":    {`["A1", "A2"`, `["L1", "A1", "A2"`, "L1 stands on 2 pages"},
		"unknown question":  {`["A1", "A2"`, `["X1", "A1", "A2"`, "do not exist"},
		"unknown figure":    {`["A1-accompagnes"`, `["A1-tous"`, `no figure "A1-tous"`},
		"finding's figure":  {`figure = "A2-effet"`, `figure = "A2-x"`, `no figure "A2-x"`},
		"finding's number":  {`measure = "rate_ratio"`, `measure = "rate"`, "no measure rate of A2"},
		"finding's groups":  {`by = "level"`, `by = "height"`, `no grouping "height"`},
		"beside":            {`measure = "expected"`, `measure = "hoped"`, "no measure hoped of N3"},
		"no need":           {`questions = ["L5"]`, `questions = []`, "L5 has 0 needs"},
		"no words to avoid": {"not.en = \"An average", "note.en = \"An average", "not"},
	} {
		refuses(t, name, broken(t, "pages.toml", c.old, c.new), c.want)
	}
}

// broken gives the embedded files with the first old of one of them replaced.
func broken(t *testing.T, file, old, replacement string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	names, err := fs.Glob(files, "themes/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(names, "vocabulary.toml", "pages.toml") {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		if name == file {
			if !strings.Contains(string(data), old) {
				t.Fatalf("%s has no %q", file, old)
			}
			data = []byte(strings.Replace(string(data), old, replacement, 1))
		}
		out[name] = &fstest.MapFile{Data: data}
	}
	return out
}
