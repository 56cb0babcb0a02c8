package audit

import (
	"bytes"
	_ "embed" // the catalogue
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/privacy"
)

// The audit is written in French, once. English is read off one catalogue: texts are found as
// they stand or by their form, whose slots hold numbers, names and lists.

//go:embed english.tsv
var englishTexts string

// lexicon is texts by their French, and forms, the most telling first.
type lexicon struct {
	french map[string]bool // all texts and forms
	exact  map[string]string
	forms  []form
}

// form is a text with slots, written {} in both languages, in one order.
type form struct {
	french  *regexp.Regexp
	english []string // what stands around the slots
	telling int      // bytes outside the slots
}

const slot = "{}"

func (l *lexicon) add(french, english string) {
	l.french[french] = true
	parts := strings.Split(french, slot)
	if len(parts) == 1 {
		l.exact[french] = english
		return
	}
	f := form{english: strings.Split(english, slot)}
	for i, part := range parts {
		f.telling += len(part)
		parts[i] = regexp.QuoteMeta(part)
	}
	f.french = regexp.MustCompile(`^` + strings.Join(parts, `(.+?)`) + `$`)
	at, _ := slices.BinarySearchFunc(l.forms, f, func(a, b form) int { return b.telling - a.telling })
	l.forms = slices.Insert(l.forms, at, f)
}

// bilingual is the catalogue: what is said in two languages elsewhere is not said in it again.
var bilingual = sync.OnceValue(func() *lexicon {
	l := &lexicon{french: map[string]bool{}, exact: map[string]string{}}
	for line := range strings.Lines(englishTexts) {
		if french, english, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); ok {
			l.add(french, english)
		}
	}
	slots := strings.NewReplacer("{bound}", slot, "{c}", slot, "{rare}", slot)
	for _, rule := range privacy.Rules {
		l.add(slots.Replace(rule.Promise.French), slots.Replace(rule.Promise.English))
		l.add(rule.Meaning.French, capitalised(rule.Meaning.English)+".")
	}
	for _, line := range (Ledger{}).Lines() {
		l.add(line.French, line.English)
	}
	l.add(edition.NoteRecognisable, edition.NoteIn("en", edition.NoteRecognisable))
	l.add(edition.PublicTerms("fr").Text(), edition.PublicTerms("en").Text())
	return l
})

// English is the title in English.
func (c Claim) English() string { return english(c.Title) }

// English is the kind of a claim in English.
func (p Proof) English() string { return english(string(p)) }

// In is the report in a language, fr or en. The words of the controller stay as they are.
func (r *Report) In(lang string) *Report {
	if lang != "en" {
		return r
	}
	out := *r
	out.NotFor, out.OpenPoints = english(r.NotFor), slices.Clone(r.OpenPoints)
	for i, point := range out.OpenPoints {
		out.OpenPoints[i] = english(point)
	}
	out.Claims, out.Criteria, out.Products = slices.Clone(r.Claims), slices.Clone(r.Criteria), slices.Clone(r.Products)
	for i, c := range r.Claims {
		n := slices.Clone(c.Numbers)
		for j := range n {
			n[j].Name = english(n[j].Name)
		}
		out.Claims[i].Title, out.Claims[i].Proof, out.Claims[i].Numbers = c.English(), Proof(c.Proof.English()), n
		out.Claims[i].Result, out.Claims[i].Detail = Result(english(string(c.Result))), english(c.Detail)
	}
	for i, c := range r.Criteria {
		out.Criteria[i].Name, out.Criteria[i].Verdict = english(c.Name), Verdict(english(string(c.Verdict)))
		out.Criteria[i].Why = english(c.Why)
	}
	for i, p := range r.Products {
		out.Products[i].Name = english(p.Name)
	}
	return &out
}

// Page is the internal page in a language, fr or en.
func (r *Report) Page(lang string) ([]byte, error) { return r.page("internal.html", lang) }

func (r *Report) page(name, lang string) ([]byte, error) {
	page, err := render(name, r)
	if err != nil || lang != "en" {
		return worded(page, "fr", fineText), err
	}
	return worded(page, "en", english), nil
}

// untranslated marks an element whose text is the controller's.
var untranslated = html.Attribute{Key: "translate", Val: "no"}

// frenchRange is two numbers as the pages write an interval.
var frenchRange = regexp.MustCompile(`^([−-]?[0-9,]+) à ([−-]?[0-9,]+)$`)

// unnamed is the label of a table before it has the name of the heading above it.
const unnamed = `aria-label="Tableau"`

// worded says the texts of a page in a language, element by element; the style and the
// controller's words stay as they are. A table is labelled with the heading above it.
func worded(page []byte, lang string, say func(string) string) []byte {
	var out bytes.Buffer
	z := html.NewTokenizer(bytes.NewReader(page))
	for as, element, heading := false, "", ""; ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.Bytes()
		}
		raw := bytes.Clone(z.Raw())
		token := z.Token()
		switch {
		case kind == html.StartTagToken && token.Data == "html":
			out.WriteString(`<html lang="` + lang + `">`)
		case kind == html.TextToken && !as && strings.TrimSpace(token.Data) != "":
			text := strings.ReplaceAll(strings.TrimSpace(token.Data), nbsp, " ")
			before, after, _ := strings.Cut(token.Data, strings.TrimSpace(token.Data))
			said := say(text)
			out.WriteString(before + html.EscapeString(said) + after)
			if element == "h1" || element == "h2" || element == "h3" {
				heading = said
			}
		case kind == html.StartTagToken:
			label := `aria-label="` + html.EscapeString(heading) + `"`
			out.Write(bytes.ReplaceAll(raw, []byte(unnamed), []byte(label)))
			element = token.Data
		default:
			out.Write(raw)
			element = ""
		}
		as = kind == html.StartTagToken && (token.Data == "style" || slices.Contains(token.Attr, untranslated))
	}
}

// english puts a text into English; what is in no catalogue, such as a name, stays as it is.
func english(text string) string {
	said, _ := translated(text)
	return said
}

// frenchNumber is a number as French writes it.
var frenchNumber = regexp.MustCompile(`^[−-]?[0-9]{1,3}([\x{202f}\x{a0} ][0-9]{3})*(,[0-9]+)?( ?%)?$`)

func translated(text string) (string, bool) {
	if said, ok := lookedUp(text); ok {
		return said, true
	}
	if first, size := utf8.DecodeRuneInString(text); unicode.IsUpper(first) {
		if said, ok := lookedUp(string(unicode.ToLower(first)) + text[size:]); ok {
			return capitalised(said), true
		}
	}
	return composed(text)
}

// lookedUp finds a text as it stands, or by its form.
func lookedUp(text string) (string, bool) {
	if frenchNumber.MatchString(text) {
		return strings.NewReplacer("\u202f", ",", nbsp, "", " ", "", ",", ".").Replace(text), true
	}
	if ends := frenchRange.FindStringSubmatch(text); ends != nil {
		return english(ends[1]) + " to " + english(ends[2]), true
	}
	if said, ok := bilingual().exact[text]; ok {
		return said, true
	}
	for _, f := range bilingual().forms {
		slots := f.french.FindStringSubmatch(text)
		if slots == nil {
			continue
		}
		var b strings.Builder
		for i, around := range f.english {
			if i > 0 {
				b.WriteString(english(slots[i]))
			}
			b.WriteString(around)
		}
		return b.String(), true
	}
	return "", false
}

// composed puts a text into English that is several: sentences, what outcome joins, a label
// and what it names, a list.
func composed(text string) (string, bool) {
	if first, rest, ok := strings.Cut(text, " · "); ok {
		return english(first) + " · " + english(rest), true
	}
	for at := range text {
		if strings.HasPrefix(text[at:], ". ") {
			if first, ok := translated(text[:at+1]); ok {
				return first + " " + english(text[at+2:]), true
			}
		}
	}
	if bare, ok := strings.CutSuffix(text, "."); ok && bare != "" {
		if said, ok := translated(bare); ok {
			return said + ".", true
		}
	}
	if first, rest, ok := strings.Cut(text, " ; "); ok {
		one, found := translated(first)
		other, too := translated(rest)
		return one + "; " + other, found || too
	}
	if label, rest, ok := strings.Cut(text, " : "); ok {
		if said, ok := translated(label); ok || frenchNumber.MatchString(rest) {
			return said + ": " + english(rest), true
		}
	}
	if first, rest, ok := strings.Cut(text, ", "); ok {
		one, found := translated(first)
		other, too := translated(rest)
		return one + ", " + other, found || too
	}
	return text, false
}
