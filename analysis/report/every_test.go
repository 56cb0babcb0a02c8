package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"html"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// every is a result of each measure of the list, as an edition with all feeds gives
// them: the whole population and the first group of each published grouping.
func every(t *testing.T) []indicator.Result {
	t.Helper()
	var out []indicator.Result
	for _, ind := range question.All() {
		for n, m := range ind.Measures {
			for _, population := range m.Populations {
				for _, group := range groupsOf(m) {
					value := float64(1+n%90) / 100
					r := published(ind.ID, m.Name, population, group, value, 0.01, 1000)
					if m.Kind == question.Bounds || m.Kind == question.Quantile {
						r.Estimate, r.Target = nil, "bounds"
					}
					r.Warnings = []indicator.Warning{}
					out = append(out, r)
				}
			}
		}
	}
	return out
}

// groupsOf are the groups a measure is given for, those of tables among them.
func groupsOf(m question.Measure) []map[string]string {
	switch m.Estimator {
	case "feeds":
		return []map[string]string{{"feed": "neo"}, {"service": "grades"}}
	case "pairwise":
		return []map[string]string{{"forms": "1 / 2"}, {"forms": "3 / 4"}}
	case "event_study":
		return []map[string]string{{"relative_week": "-1"}, {"relative_week": "+1"}}
	case "slopes":
		return []map[string]string{{"level": "college"}, {"level": "lycee"}}
	case "decomposition":
		return []map[string]string{{"part": "composition"}, {"part": "behaviour"}}
	case "concentration_curve":
		return []map[string]string{{"ips_band": "1"}, {"ips_band": "4"}}
	case "imbalance":
		return []map[string]string{{"covariate": "visits"}, {"covariate": "email"}}
	case "relative_magnitudes":
		return []map[string]string{{"relative_magnitude": "0"}, {"relative_magnitude": "1"}}
	case "logit":
		return []map[string]string{{"level": "lycee"}, {"ips_band": "1"}}
	case "count_model":
		if strings.HasSuffix(m.Name, "_ratio") {
			return []map[string]string{{"level": "lycee"}, {"ips_band": "1"}}
		}
	case "panel":
		switch {
		case m.Name == "weekly_visits":
			return []map[string]string{{"week": "2025-09-08"}, {"week": "2025-09-15"}}
		case strings.HasSuffix(m.Name, "_ratio"):
			return []map[string]string{{"event": "charte des usages"}}
		}
	}
	var out []map[string]string
	if m.Publishes("all") {
		out = append(out, map[string]string{})
	}
	for grouping, group := range map[string]string{
		"level": "college", "ips_band": "1", "ep": "REP", "grade": "3e", "seniority": "5+", "products": "1",
		"stratum": "college 2",
	} {
		if m.Publishes(grouping) {
			out = append(out, map[string]string{grouping: group})
		}
	}
	return out
}

// twice counts the results that two figures show: the first tenth, with which the Lorenz curve
// begins, has a figure of its own.
func twice(results []indicator.Result) (n int) {
	for _, r := range results {
		if r.Indicator == "F5" && r.Measure == "top_tenth_share" && len(r.Group) == 0 {
			n++
		}
	}
	return n
}

// Every question of the list has its chapter in both languages, no result is
// dropped, or shown twice but by figures that share it, and page, CSV and JSON carry
// the same numbers.
func TestEveryIndicator(t *testing.T) {
	results := every(t)
	for _, l := range []string{"fr", "en"} {
		out, err := build(Input{Lang: l, Results: results, Facts: sampleFacts()})
		if err != nil {
			t.Fatal(err)
		}
		page := out["annexe.html"]
		for name, data := range out {
			if filepath.Ext(name) == ".html" {
				checkPage(t, name, data, l)
			}
			if m := forbidden.Find(data); m != nil {
				t.Errorf("%s %s: %q", l, name, m)
			}
		}
		for _, q := range question.All() {
			if !bytes.Contains(page, []byte(`<h2 class="question" id="`+q.ID+`">`)) {
				t.Errorf("%s: no chapter %s", l, q.ID)
			}
		}
		if rows := agree(t, out); rows != len(results)+twice(results) {
			t.Errorf("%s: %d rows in the files for %d results", l, rows, len(results))
		}
	}
}

// agree holds that each figure's CSV, JSON and page say the same, and counts the rows.
func agree(t *testing.T, out pages) (rows int) {
	t.Helper()
	page := string(out["annexe.html"])
	for name, data := range out {
		if filepath.Ext(name) != ".json" {
			continue
		}
		var f figureJSON
		if err := json.Unmarshal(data, &f); err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(bytes.NewReader(out[strings.TrimSuffix(name, ".json")+".csv"])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(records) != len(f.Results)+1 {
			t.Fatalf("%s: %d lines of CSV for %d results", name, len(records), len(f.Results))
		}
		figure := onPage(page, f.Figure)
		if figure == "" {
			t.Errorf("%s is not on the page", f.Figure)
			continue
		}
		for i, r := range f.Results {
			rows++
			got, want := records[i+1][6:9], []string{plain(r.Estimate), plain(r.Low), plain(r.High)}
			if !slices.Equal(got, want) {
				t.Errorf("%s: CSV %v, JSON %v", name, got, want)
			}
			l, u := fr, unitOfFigure(f.Figure)
			if strings.Contains(page, `<html lang="en">`) {
				l = en
			}
			if text := publish(r, u).short(l, u); !strings.Contains(figure, text) {
				t.Errorf("%s: %q of %s is not in the figure", name, text, r.Measure)
			}
		}
	}
	return rows
}

// onPage is the part of the appendix that shows a figure, or says why it has no value.
func onPage(page, id string) string {
	if at := strings.Index(page, `aria-labelledby="h-`+id+`"`); at >= 0 {
		text, _, _ := strings.Cut(page[at:], "</figure>")
		return text
	}
	if at := strings.Index(page, `<tr id="`+id+`"`); at >= 0 {
		text, _, _ := strings.Cut(page[at:], "</tr>")
		return strings.ToLower(text)
	}
	return ""
}

// unitOfFigure is the unit of a figure of the chapters; a test fails on another one.
func unitOfFigure(id string) unit {
	for _, q := range question.All() {
		for _, s := range specsOf(q) {
			if s.id == id {
				return s.unit
			}
		}
	}
	return unit{}
}

// A page in English has no French sentence of method.
func TestEnglishWords(t *testing.T) {
	facts := sampleFacts()
	results := every(t)
	for i := range results {
		if results[i].Indicator == "N6" || results[i].Indicator == "M1" && results[i].Measure == "collective" {
			r := results[i]
			results[i] = indicator.Result{
				Indicator: r.Indicator, Measure: r.Measure, Population: r.Population, Group: r.Group,
				Status: indicator.NotMeasurable,
				Warnings: []indicator.Warning{{Code: indicator.CodeNoFeed,
					French: "Non mesurable : les échéances ne sont pas fournies."}},
			}
		}
	}
	out, err := build(Input{Lang: "en", Results: results, Facts: facts})
	if err != nil {
		t.Fatal(err)
	}
	of := sampleSchools()
	of.Lang = "en"
	schools, err := buildSchools(of)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(out, schools)
	for name, data := range out {
		if filepath.Ext(name) != ".html" {
			continue
		}
		for _, line := range strings.Split(saidBy(data), "\n") {
			if m := frenchWords.FindString(namesOf.ReplaceAllString(line, "")); m != "" {
				t.Errorf("%q on the English page %s: %q", m, name, line)
			}
		}
	}
}

// frenchWords are what no English sentence has; namesOf are proper names that stand in some.
var (
	frenchWords = regexp.MustCompile(`[éèêëàâùûîôçœÉÈÀÇ«»]|(?i)\b(le|la|les|des|du|une|est|sont|dans|pour|par|sur|avec|sans|` +
		`qui|que|aucun|aucune|chaque|tous|toutes|pas|aux|et|ou|sous|ce|ces|semaines?|établissements?|grappes?|` +
		`intervalle|comptes?|jamais|visites)\b`)
	namesOf = regexp.MustCompile(`(?i)\bet al\.|\((école|collège|lycée)\)|Licence Ouverte|Tillé|Collège [^,]*|Lycée [^,]*|` +
		`École [^,]*|d’Exemple|Sant’Anna|(?i)charte des usages`)
)

// saidBy is what a page says aloud or in print, a line an element: its texts, and the labels of
// what has none.
func saidBy(page []byte) string {
	text := styled.ReplaceAllString(string(page), "")
	for _, m := range spokenAttributes.FindAllStringSubmatch(text, -1) {
		text += "\n" + m[1]
	}
	return html.UnescapeString(tagged.ReplaceAllString(text, "\n"))
}

var spokenAttributes = regexp.MustCompile(`(?:aria-label|alt|placeholder)="([^"]*)"`)

// A page that is read over a telephone's connection stays light; the appendix of all figures
// alone may be longer.
func TestPagesAreLight(t *testing.T) {
	in := sample()
	in.Earlier = []Earlier{lastYear()}
	for _, l := range []string{"fr", "en"} {
		in.Lang = l
		out, err := build(in)
		if err != nil {
			t.Fatal(err)
		}
		for name, page := range out {
			if filepath.Ext(name) == ".html" && name != appendixFile && len(page) > 200_000 {
				t.Errorf("%s: %s has %d bytes", l, name, len(page))
			}
		}
	}
}
