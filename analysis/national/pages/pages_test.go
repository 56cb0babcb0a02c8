package pages

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/analysis/wording"
)

// hostile are names that files of others may hold.
const hostile = `=HYPERLINK("http://x")<script>alert(1)</script>" onload="x`

func answers() *national.Answers {
	line := func(visits ...int32) *national.Line {
		l := &national.Line{Visits: visits, Weeks: make([]int32, len(visits))}
		for i := range visits {
			l.Weeks[i] = 4
		}
		return l
	}
	years := []national.Year{{Label: "2024-2025", First: 19967, Last: 19967 + 3*28, Weeks: 13, Complete: true}}
	estimate, low, high := 12.5, 11.25, 13.75
	shown := indicator.Result{Indicator: "W1", Edition: "national", Population: "parents",
		Measure: "visits_per_school_week", Estimate: &estimate, Low: &low, High: &high, Level: 0.95, N: 3,
		Status: indicator.Published, Method: "x"}
	var list []indicator.Result
	for _, group := range []map[string]string{
		{}, {"school_year": "2024-2025"}, {"school_year": "2024-2025", "academie": hostile},
		{"school_year": "2024-2025", "departement": "01"}, {"school_year": "2024-2025", "level": "college"},
	} {
		r := shown
		r.Group = group
		list = append(list, r)
	}
	for _, measure := range []string{"ratio", "sii", "rii", "concentration_index"} {
		r := shown
		r.Indicator, r.Measure, r.Group = "W6", measure, map[string]string{"level": "college"}
		list = append(list, r)
	}
	return &national.Answers{
		Edition: &national.Edition{Years: years, Synthetic: true, Given: []string{"profils"},
			Schools: []national.School{
				{UAI: "0010001A", Name: hostile, Level: "college", Sector: "PU", Academie: hostile,
					Departement: hostile, Number: "01", Commune: hostile},
				{UAI: "0010002B", Level: "college", Academie: hostile, Number: "01"},
				{UAI: "../../x", Name: "x", Number: "../x"},
			}},
		Results: list,
		Lines:   []*national.Line{line(40, 80, 0, 12), line(1, 2, 3, 4), line(1, 1, 1, 1)},
	}
}

func write(t *testing.T, a *national.Answers, lang string) string {
	t.Helper()
	dir := t.TempDir()
	if err := Write(dir, a, Options{Lang: lang}); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Names are text on every page, and no formula in any CSV.
func TestHostileNames(t *testing.T) {
	dir := write(t, answers(), "fr")
	for _, file := range files(t, dir, ".html") {
		for n := range tree(t, file).Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if n.Data == "script" || n.Data == "iframe" {
				t.Errorf("%s: <%s>", file, n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s>", file, n.Data, a.Key)
				}
			}
		}
	}
	for _, file := range files(t, dir, ".csv") {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r := csv.NewReader(f)
		for {
			record, err := r.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			for _, cell := range record {
				if strings.HasPrefix(cell, "=") {
					t.Errorf("%s: the cell %q is a formula", file, cell)
				}
			}
		}
	}
	text := read(t, filepath.Join(dir, "departement-01.html"))
	if !strings.Contains(text, "&lt;script&gt;alert(1)") {
		t.Error("the name of the school is not on its page")
	}
}

// Every link of every page leads to a file or a place that is there, and every figure
// has its data.
func TestLinks(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		dir := write(t, answers(), lang)
		for _, file := range files(t, dir, ".html") {
			ids := map[string]bool{}
			page := tree(t, file)
			for n := range page.Descendants() {
				for _, a := range n.Attr {
					if a.Key == "id" && ids[a.Val] {
						t.Errorf("%s: two elements are %s", file, a.Val)
					}
					if a.Key == "id" {
						ids[a.Val] = true
					}
					if n.Data == "html" && a.Key == "lang" && a.Val != lang {
						t.Errorf("%s: language %s", file, a.Val)
					}
				}
			}
			for n := range page.Descendants() {
				for _, a := range n.Attr {
					if a.Key != "href" {
						continue
					}
					target, _, _ := strings.Cut(a.Val, "#")
					if target == "" {
						continue
					}
					if _, err := os.Stat(filepath.Join(dir, target)); err != nil {
						t.Errorf("%s: dead link %s", filepath.Base(file), a.Val)
					}
				}
			}
		}
	}
}

// A question without a file says which to download, on the front page too.
func TestNothingGiven(t *testing.T) {
	a := &national.Answers{Edition: &national.Edition{}}
	dir := write(t, a, "fr")
	if text := read(t, filepath.Join(dir, "index.html")); strings.Count(text, "on mesurable") < 5 {
		t.Error("the five findings are not all « non mesurable »")
	}
}

// results.json is in the schema of the other results.
// A table with two columns of one name is read wrongly by whoever reads it by name.
func TestColumnsHaveNamesOfTheirOwn(t *testing.T) {
	tables := 0
	for _, file := range files(t, write(t, answers(), "fr"), ".csv") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		head, err := csv.NewReader(strings.NewReader(string(data))).Read()
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, name := range head {
			if seen[name] {
				t.Errorf("%s: two columns %s", filepath.Base(file), name)
			}
			seen[name] = true
		}
		if seen["level"] {
			tables++
		}
	}
	if tables == 0 {
		t.Error("no table has a column of school levels: nothing was tried")
	}
}

func TestResults(t *testing.T) {
	dir := write(t, answers(), "fr")
	var got struct {
		Results []indicator.Result `json:"results"`
	}
	if err := json.Unmarshal([]byte(read(t, filepath.Join(dir, "results.json"))), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Results) != len(answers().Results) {
		t.Errorf("%d results, want %d", len(got.Results), len(answers().Results))
	}
}

func TestAxis(t *testing.T) {
	for _, c := range []struct {
		lang string
		v    float64
		as   format
		want string
	}{
		{"fr", 0, rate, "0"}, {"fr", 0.5, two, "0,50"}, {"fr", 0.1, percent, "10\u00a0%"},
		{"en", 2000, counted, "2,000"},
		{"en", 1, two, "1"}, {"fr", 2, times, "×\u00a02"}, {"fr", 0.025, percent, "2,5\u00a0%"},
	} {
		l := wording.Lang(c.lang)
		if got := axis(l, c.v, c.as); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.lang, c.v, got, c.want)
		}
	}
}

func files(t *testing.T, dir, ext string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, "*"+ext))
	if err != nil || len(list) < 5 {
		t.Fatal(list, err)
	}
	return list
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func tree(t *testing.T, file string) *html.Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(read(t, file)))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
