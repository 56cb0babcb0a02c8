package report

import (
	"html"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/wording/wordingtest"
)

// methodical are the paragraphs that name them.
var methodical = regexp.MustCompile(`(?s)<p><strong>(Comment|How|Références|References)\.</strong>.*?</p>`)

var (
	styled = regexp.MustCompile(`(?s)<(style|script)\b.*?</(style|script)>`)
	tagged = regexp.MustCompile(`<[^>]*>`)
)

// readable is what a reader reads of a page: a line an element.
func readable(page []byte) string {
	text := styled.ReplaceAllString(string(page), "")
	return html.UnescapeString(tagged.ReplaceAllString(methodical.ReplaceAllString(text, ""), "\n"))
}

// No sentence, title or label of any page, appendix and drawings included, gives a statistic's
// name for what it says.
func TestNoStatisticsNameInASentence(t *testing.T) {
	for name, page := range everyPage(t) {
		for _, line := range strings.Split(readable(page), "\n") {
			if m := wordingtest.StatisticsName.FindString(line); m != "" {
				t.Errorf("%s: %q in %q", name, m, line)
			}
		}
	}
	if !wordingtest.StatisticsName.MatchString("0,79 est l’indice de Gini") || wordingtest.StatisticsName.MatchString("40 % des parents ne viennent jamais") {
		t.Error("the names are not told from other words")
	}
}

// everyPage is each page of a report of all that is measured, and of schools, in both languages,
// of a period that comes after another and of one where nothing is measured.
func everyPage(t *testing.T) pages {
	t.Helper()
	all := pages{}
	for _, l := range []string{"fr", "en"} {
		in := Input{Lang: l, Results: every(t), Facts: sampleFacts(), Earlier: []Earlier{lastYear()}}
		for kind, in := range map[string]Input{"": in, "nothing-": {Lang: l, Facts: sampleFacts()}} {
			out, err := build(in)
			if err != nil {
				t.Fatal(err)
			}
			for name, data := range out {
				if filepath.Ext(name) == ".html" {
					all[l+"/"+kind+name] = data
				}
			}
		}
		of := sampleSchools()
		of.Lang = l
		schools, err := buildSchools(of)
		if err != nil {
			t.Fatal(err)
		}
		for name, data := range schools {
			if filepath.Ext(name) == ".html" {
				all[l+"/schools/"+name] = data
			}
		}
	}
	return all
}
