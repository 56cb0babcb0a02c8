package audit

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"github.com/entscope/entscope/anonymize/edition"
)

// forbiddenWords never stand on a published page: an ENT log is no diagnosis.
var forbiddenWords = regexp.MustCompile(`(?i)\b(addicti\p{L}*|compulsi\p{L}*|boulimi\p{L}*|patholog\p{L}*|` +
	`maladi\p{L}*|maladif\p{L}*|symptôm\p{L}*|symptom\p{L}*|thérap\p{L}*|therap\p{L}*|diagnosti\p{L}*|anxi\p{L}*|` +
	`obsession\p{L}*|dépendance\p{L}*|santé mentale|mental health|disorder\p{L}*)`)

// syntheticWords must stand on every page of a synthetic study.
var syntheticWords = regexp.MustCompile(`(?i)synth[ée]ti`)

// schoolOnly are indicators that no school page carries.
var schoolOnly = regexp.MustCompile(`\b(N5|P1|N6)\b|(?i)très fréquemment|compte de leur enfant|` +
	`responsable légal|enseignant·e|par classe|classement des établissements`)

// offSchoolPage reports whether a text has what no page of a school may have. The term of the
// edition is no such word, whatever it is: a school year has a period P1.
func offSchoolPage(text, term string) bool {
	if term != "" {
		text = strings.ReplaceAll(text, term, " ")
	}
	return schoolOnly.MatchString(text)
}

// page is what the audit reads of one HTML page.
type page struct {
	text     strings.Builder
	external []string
	scripts  int
	filters  int // the one script that may run, see listFilter
	faulty   bool
}

// readPage walks the tags of a page: texts, and everything that would make a
// browser run or fetch something.
func readPage(data []byte) *page {
	p := &page{}
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		p.faulty = true
		return p
	}
	for n := range root.Descendants() {
		switch n.Type {
		case html.TextNode:
			if n.Parent != nil && n.Parent.Data == "style" {
				p.style(n.Data)
				continue
			}
			p.text.WriteString(n.Data + " ")
		case html.ElementNode:
			p.element(n)
		}
	}
	return p
}

func (p *page) element(n *html.Node) {
	switch n.Data {
	case "script":
		if isListFilter(n) {
			p.filters++
		} else {
			p.scripts++
		}
	case "iframe", "object", "embed", "link", "base", "audio", "video", "form", "img", "image", "use",
		"foreignobject":
		p.scripts++
	}
	for _, a := range n.Attr {
		key, value := strings.ToLower(a.Key), strings.TrimSpace(a.Val)
		switch {
		case strings.HasPrefix(key, "on"):
			p.scripts++
		case key == "style":
			p.style(value)
		case key == "http-equiv" && strings.EqualFold(value, "refresh"):
			p.scripts++
		case key == "href" || key == "src" || key == "srcset" || key == "action" || key == "data" || key == "poster":
			if outside(value) {
				p.external = append(p.external, clipText(value))
			}
		case key == "aria-label" || key == "title" || key == "alt" || key == "content":
			p.text.WriteString(value + " ")
		}
	}
}

// listFilter is the SHA-256 of the one script that a publication may hold, on the list of
// schools: it hides the lines that do not hold what somebody types, and fetches nothing. It
// was read for that, line by line; a script of any other byte is refused.
const listFilter = "ba86938c672ecc418ac7d33fe6815bdf665cbb894638d1bfacb568cb96e3d189"

// isListFilter says whether a script is that one: its text, no source, no other attribute.
func isListFilter(n *html.Node) bool {
	text := n.FirstChild
	return len(n.Attr) == 0 && text != nil && text.NextSibling == nil && hash([]byte(text.Data)) == listFilter
}

// outside says whether an address leaves the folder.
func outside(address string) bool {
	return strings.Contains(address, "//") || strings.Contains(address, ":") || strings.HasPrefix(address, "/")
}

func (p *page) style(css string) {
	lower := strings.ToLower(css)
	for _, bad := range []string{"url(", "@import", "expression(", "javascript:", "http:", "https:"} {
		if strings.Contains(lower, bad) {
			p.scripts++
		}
	}
}

func clipText(s string) string {
	if len(s) > 60 {
		return s[:60]
	}
	return s
}

// schoolList is the page of all schools.
const schoolList = "schools/index.html"

// checkPages reads every page.
func (p *publication) checkPages() {
	var words, silent, external, schools, free []string
	pages, boards := int64(0), int64(0)
	for _, name := range p.names {
		if !isPage(name) {
			continue
		}
		pages++
		got := readPage(p.files[name])
		text := got.text.String()
		if forbiddenWords.MatchString(text) {
			words = append(words, name)
		}
		if p.report.Synthetic && !syntheticWords.MatchString(text) {
			silent = append(silent, name)
		}
		if !saysTerms(text) {
			free = append(free, name)
		}
		if len(got.external) > 0 || got.scripts > 0 || got.faulty || got.filters > 0 && name != schoolList {
			external = append(external, name)
		}
		if path.Dir(name) == "schools" {
			boards++
			if offSchoolPage(text, p.term()) {
				schools = append(schools, name)
			}
		}
	}
	p.claim("words", "Aucune page ne porte de mot de la santé ni de jugement sur une personne.", pages, len(words) == 0,
		outcome("Aucun.", named("pages en cause", words)), num("pages lues", pages))
	p.claim("external", "Les pages se suffisent : ni image distante, ni lien vers l’extérieur, ni script sinon "+
		"celui qui filtre la liste des établissements, reconnu à son empreinte.", pages,
		len(external) == 0,
		outcome("Aucun.", named("pages en cause", external)))
	p.claim("terms", "Chaque page porte la licence et l’interdiction de chercher à reconnaître une personne.", pages,
		len(free) == 0, outcome("Toutes les portent.", named("pages en cause", free)), num("pages lues", pages))
	if p.report.Synthetic {
		p.claim("synthetic", "Chaque page dit que les données sont synthétiques.", pages, len(silent) == 0,
			outcome("Toutes le disent.", named("pages muettes", silent)), num("pages lues", pages))
	}
	p.claim("schoolpages", "Les pages d’établissement ne portent ni consultation très fréquente, ni compte de "+
		"l’enfant, ni responsables, ni classe, ni classement.",
		boards, len(schools) == 0, outcome("Aucune.", named("pages en cause", schools)))
}

// saysTerms says whether a text holds the terms of use, in French or in English.
func saysTerms(text string) bool {
	text = strings.Join(strings.Fields(text), " ")
	return strings.Contains(text, edition.PublicTerms("fr").Text()) ||
		strings.Contains(text, edition.PublicTerms("en").Text())
}

// checkData scans every published file for what looks like an identifier, and
// tables for cells a spreadsheet would run.
func (p *publication) checkData() {
	var identifiers, formulas []string
	csvs := int64(0)
	seen := map[string]uint{} // files have most of their words in common
	for _, name := range p.names {
		data := p.files[name]
		text := string(data)
		switch {
		case isPage(name):
			text = readPage(data).text.String()
		case path.Ext(name) == ".parquet":
			var whole bool
			if text, whole = tableText(data); !whole {
				identifiers = append(identifiers, name+" (illisible)")
			}
		}
		kinds := forbiddenIn(text, seen)
		for i, f := range forbiddenValues {
			if kinds&(1<<i) != 0 {
				identifiers = append(identifiers, name+" ("+f.what+")")
			}
		}
		if path.Ext(name) == ".csv" {
			csvs++
			if formula.MatchString(text) {
				formulas = append(formulas, name)
			}
		}
	}
	p.claim("identifiers", "Aucun fichier publié ne porte d’empreinte, de pseudonyme, d’adresse électronique ni "+
		"d’adresse IP.", int64(len(p.names)), len(identifiers) == 0,
		outcome("Aucun.", named("fichiers en cause", identifiers)), num("fichiers lus", int64(len(p.names))))
	p.claim("formulas", "Aucune cellule des tableaux ne serait exécutée comme une formule par un tableur.", csvs,
		len(formulas) == 0,
		outcome("Aucune.", named("fichiers en cause", formulas)))
	p.claim("undeclared", "Le dossier publié ne contient que des fichiers ordinaires (pages, tableaux, données).",
		int64(len(p.names)), len(p.odd) == 0 && len(p.strange()) == 0,
		outcome("Rien d’autre.", named("liens, fichiers spéciaux ou dossiers vides", p.odd),
			named("autres types", p.strange())))
}

// forbiddenIn are the kinds of forbidden values in a text, a bit each, of those that a publication must not hold. A
// value is of sixteen bytes, or has a point, and goes over the edge of no word, so that words are tried one by one, and
// each once: seen keeps what they are.
func forbiddenIn(text string, seen map[string]uint) (kinds uint) {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !inWord(r) }) {
		if len(word) < 16 && (len(word) < 6 || !strings.Contains(word, ".")) {
			continue
		}
		of, known := seen[word]
		if !known {
			of = kindsOf(word)
			seen[word] = of
		}
		kinds |= of
	}
	return kinds
}

// kindsOf are the kinds of forbidden values that a word of a publication holds.
func kindsOf(word string) (kinds uint) {
	for i, f := range forbiddenValues {
		switch f.what {
		case "moment précis", "numéro", "téléphone":
			continue // dates of the period and long counts are legitimate here
		}
		if f.pattern.MatchString(word) {
			kinds |= 1 << i
		}
	}
	return kinds
}

// inWord reports whether a character can stand in a forbidden value, or makes that there is
// no boundary beside it.
func inWord(r rune) bool {
	switch {
	case '0' <= r && r <= '9', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', r >= utf8.RuneSelf:
		return true
	}
	return strings.ContainsRune("_.%+-@/=", r)
}

// formula matches a field that begins like a formula and is no number.
var formula = regexp.MustCompile(`(?m)(^|,)"?([=@\t]|[+-][^0-9.,"\r\n])`)

// known are the files of other kinds: the rules, and what describes the figures to
// catalogues, archives and tools.
var known = map[string]bool{
	rulesFile: true, "CITATION.cff": true, "data/ddi.xml": true, "data/dcat.jsonld": true, "data/figures.parquet": true,
}

// strange lists files of a kind nobody publishes.
func (p *publication) strange() []string {
	var out []string
	for _, name := range p.names {
		switch path.Ext(name) {
		case ".html", ".csv", ".json", ".md":
		default:
			if !known[name] {
				out = append(out, name)
			}
		}
	}
	return out
}
