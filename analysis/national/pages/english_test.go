package pages

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/wording/wordingtest"
)

// frenchWords are what no English sentence has; the names of French things that stand in some are
// left out before.
var (
	frenchWords = regexp.MustCompile(`[éèêëàâùûîôçœÉÈÀÇ«»]|(?i)\b(le|la|les|des|du|une|est|sont|dans|pour|par|sur|avec|sans|` +
		`qui|que|aucun|aucune|chaque|tous|toutes|pas|aux|et|ou|sous|ce|ces|semaines?|établissements?|jamais|visites)\b`)
	frenchNames = regexp.MustCompile(`(?i)\bet al\.|\(?(école|collège|lycée|académie|département)s?\)?|^PAR$|Licence Ouverte|` +
		`Direction du numérique pour l’éducation`)
	notRead = regexp.MustCompile(`(?s)<(style|script)\b.*?</(style|script)>`)
	element = regexp.MustCompile(`<[^>]*>`)
)

// howCounted is the part of a page that names statistics.
var howCounted = regexp.MustCompile(`(?s)<section class="method".*?</section>`)

// No sentence, title or heading of a column gives a statistic's name for what it says.
func TestNoStatisticsNameInASentence(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		all := files(t, write(t, answers(), lang), ".html")
		if !slices.ContainsFunc(all, func(file string) bool { return strings.Contains(read(t, file), "÷") }) {
			t.Error("no page has the table of indices: nothing was tried")
		}
		for _, file := range all {
			text := howCounted.ReplaceAllString(notRead.ReplaceAllString(read(t, file), ""), "")
			for _, line := range strings.Split(html.UnescapeString(element.ReplaceAllString(text, "\n")), "\n") {
				if m := wordingtest.StatisticsName.FindString(line); m != "" {
					t.Errorf("%s, %s: %q in %q", lang, filepath.Base(file), m, line)
				}
			}
		}
	}
}

// A page in English is in English.
func TestEnglish(t *testing.T) {
	dir := write(t, answers(), "en")
	pages, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		text := html.UnescapeString(element.ReplaceAllString(notRead.ReplaceAllString(string(data), ""), "\n"))
		for _, line := range strings.Split(text, "\n") {
			if m := frenchWords.FindString(frenchNames.ReplaceAllString(line, "")); m != "" {
				t.Errorf("%s: %q in %q", filepath.Base(page), m, line)
			}
		}
	}
}
