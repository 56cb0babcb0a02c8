package pages

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
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
