package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/entscope/entscope/anonymize/edition"
)

// frenchWords are what an English text of the audit cannot hold.
var frenchWords = regexp.MustCompile(`[éèêëàâùûîïôçœÉÈÊÀÇ’«»]|(?i)\b(le|la|les|des|du|un|une|est|sont|dans|pour|` +
	`par|sur|avec|sans|qui|que|aucun|aucune|chaque|tous|toutes|pas|ne|au|aux|et|ou|sous|ce|ces)\b`)

// frenchNumbers are what French puts around numbers: a space before the sign, a comma in them.
var frenchNumbers = regexp.MustCompile(`[0-9][ \x{a0}\x{202f}]%|\w[ \x{a0}]:[ \x{a0}][0-9]|[0-9]\x{202f}[0-9]|\b0,[0-9]`)

// TestEnglish: a whole audit, its report and its internal page, speaks English to who asks.
func TestEnglish(t *testing.T) {
	editions, dir := publish(t, nil)
	finish(t, editions, dir, testKey(1))
	r, err := Folders(context.Background(), Inputs{Editions: append(editions, research().write(t)), Published: dir,
		Again: asIs(t, dir)}, config(t))
	must(t, err)
	if len(r.Claims) < 60 {
		t.Fatalf("%d claims: this is no whole audit", len(r.Claims))
	}
	for _, c := range r.Claims {
		if c.English() == c.Title {
			t.Errorf("%s has no English title", c.ID)
		}
	}
	said := r.In("en")
	said.Ledger = Ledger{} // the controller's words
	for i := range said.Products {
		said.Products[i].Study, said.Products[i].Hidden = "", nil
	}
	text, err := json.Marshal(said)
	must(t, err)
	var tree any
	must(t, json.Unmarshal(text, &tree))
	noFrench(t, "audit.json", tree)
	if r.Claims[0].Result != Holds && r.Claims[0].Result != NotVerified {
		t.Errorf("the French report was changed: %q", r.Claims[0].Result)
	}
	r.Ledger = Ledger{Controller: "Les communes"}
	for i := range r.Products {
		r.Products[i].Hidden = []Hidden{{Figure: "L2.never", Low: 11}}
		for _, source := range []string{"", "schools", "release", "years"} {
			r.Products[i].Twins = append(r.Products[i].Twins, edition.AttackResult{Attack: "linkability",
				Source:   source,
				Attacker: "school", Risk: 0.01, Low: -0.002, High: 0.02, Bound: 0.05})
		}
	}
	for _, name := range []string{"internal.html", "external.html"} {
		page, err := r.page(name, "en")
		must(t, err)
		noFrenchPage(t, name, page)
	}
}

// noFrenchPage holds a page in English to its language, but for the controller's words.
func noFrenchPage(t *testing.T, name string, page []byte) {
	t.Helper()
	if !strings.Contains(string(page), ">Les communes<") {
		t.Error(name + ": the controller's words were changed")
	}
	z := html.NewTokenizer(strings.NewReader(strings.Replace(string(page), "Les communes", "", 1)))
	for style := false; z.Next() != html.ErrorToken; {
		token := z.Token()
		if token.Type == html.TextToken && !style &&
			(frenchWords.MatchString(token.Data) || frenchNumbers.MatchString(token.Data)) {
			t.Errorf("%s: %q", name, token.Data)
		}
		style = token.Type == html.StartTagToken && token.Data == "style"
	}
}

func noFrench(t *testing.T, at string, tree any) {
	t.Helper()
	switch tree := tree.(type) {
	case string:
		if frenchWords.MatchString(tree) {
			t.Errorf("%s: %q", at, tree)
		}
	case []any:
		for i, item := range tree {
			noFrench(t, fmt.Sprint(at, ".", i), item)
		}
	case map[string]any:
		for key, item := range tree {
			noFrench(t, at+"."+key, item)
		}
	}
}

// TestComposedTexts: what outcome joins, labels, lists and numbers are read piece by piece.
func TestComposedTexts(t *testing.T) {
	for french, want := range map[string]string{
		"Altérés : a.csv, b.csv et 3 autres ; absents : c.": "Altered: a.csv, b.csv and 3 others; absent: c.",
		"0,095 au plus, pour une borne de 0,3.":             "0.095 at most, for a bound of 0.3.",
		"corrélation visits (school)":                       "linkability visits (school)",
		"k promis : 11 · personnes : 1 234":                 "k promised: 11 · persons: 1,234",
		"Le collège Aucun":                                  "Le collège Aucun",
	} {
		if got := english(strings.ReplaceAll(french, "1 234", "1\u202f234")); got != want {
			t.Errorf("%q: %q, want %q", french, got, want)
		}
	}
}

// TestNoTextIsMissing: each French text in the code of the audit, whether a study comes to it
// or not, is in the catalogue, and so is each text of its pages.
func TestNoTextIsMissing(t *testing.T) {
	names, err := fs.Glob(os.DirFS("."), "*.go")
	must(t, err)
	checked := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		must(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			text, literal := written(e)
			if !literal {
				return true
			}
			if french.MatchString(text) && !searched(text) {
				checked++
				said := bilingual().french
				text = strings.Trim(text, " :;")
				if !said[text] && !said[strings.TrimLeft(text, " :;{}")] {
					t.Errorf("%s: no English for %q", name, text)
				}
			}
			return false
		})
	}
	if checked < 150 {
		t.Errorf("%d texts: not all were found", checked)
	}
	for french, english := range bilingual().exact {
		if english == "" || strings.Count(french, slot) != strings.Count(english, slot) {
			t.Errorf("%q: %q", french, english)
		}
	}
}

// french finds what is a French text among literals: with an accent or a typographic mark, or
// an article between words.
var french = regexp.MustCompile(`[éèêàùîôçÉ’«»]|\b(le|la|les|des|du|un|une|sont|dans|par|sur|avec)\b .`)

// searched reports whether a text is a pattern, or is looked for and not said.
func searched(text string) bool {
	return strings.ContainsAny(text, `\?`) || strings.HasPrefix(text, "plan d’analyse a été écrit") ||
		strings.Trim(text, "{}«» :;?%") == ""
}

var verbs = regexp.MustCompile(`%(\.\d)?[dsgfv]`)

// written is what an expression of literals says, with slots for what is no literal.
func written(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		text, err := strconv.Unquote(e.Value)
		return strings.ReplaceAll(verbs.ReplaceAllString(text, slot), "%%", "%"), err == nil
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return "", false
		}
		left, one := written(e.X)
		right, other := written(e.Y)
		if !one && !other {
			return "", false
		}
		if !one {
			left = slot
		}
		if !other {
			right = slot
		}
		return left + right, true
	case *ast.ParenExpr:
		return written(e.X)
	}
	return "", false
}

// TestTablesAreNamed: who reads by ear is told which table scrolls, not that one does.
func TestTablesAreNamed(t *testing.T) {
	for lang, want := range map[string]string{"fr": `aria-label="Qui est seul"`, "en": `aria-label="Who is alone"`} {
		page := `<html lang="fr"><h2>Research</h2><h3>Qui est seul</h3><p>Texte.</p><div ` + unnamed + `></div>`
		say := fineText
		if lang == "en" {
			say = english
		}
		if got := string(worded([]byte(page), lang, say)); !strings.Contains(got, want) {
			t.Errorf("%s: %s", lang, got)
		}
	}
}
