package papers

import (
	"fmt"
	"strconv"
	"strings"
	"text/template"
	"time"
	"unicode"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/audit/blank"
	"github.com/entscope/entscope/anonymize/edition"
)

// writer writes facts in a language, as Markdown in which no text of others is mark-up.
type writer struct {
	lang  string
	facts *Facts
}

func (w writer) t(french, english string) string {
	if w.lang == "en" {
		return english
	}
	return french
}

func (w writer) functions() template.FuncMap {
	return template.FuncMap{
		"text": inert, "ask": w.ask, "says": w.says, "word": w.word, "bare": w.bare, "found": w.found,
		"attested": w.attested, "count": w.count,
		"decimal": w.decimal, "level": w.level, "whom": w.whom, "one": w.one, "several": w.several,
		"recognisable": func() string { return edition.NoteIn(w.lang, edition.NoteRecognisable) },
		"attack":       w.attack, "untried": w.untried,
		"terms":      w.terms,
		"open":       func() []string { return w.facts.Audit.In(w.lang).OpenPoints },
		"unverified": w.unverified, "failed": w.failed,
		"likelihood":  func() string { return w.level(w.facts.Likelihood()) },
		"significant": func() string { return w.level(Significant) },
		"limited":     func() string { return w.level(Limited) },
		"negligible":  func() string { return w.level(Negligible) },
		"day":         w.day, "code": code, "product": w.product,
	}
}

// inert is a text of others on one line: nothing in it is mark-up, HTML or a way to turn
// the direction of writing.
func inert(s string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(s), " ") {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_{}[]#|!~$^=+@", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// code is a name or a hash between backticks.
func code(s string) string {
	return "`" + strings.Map(func(r rune) rune {
		if strings.ContainsRune("._-", r) || r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, s) + "`"
}

// product names what was audited.
func (w writer) product(kind string) string {
	switch kind {
	case edition.KindResearch:
		return w.t("édition de recherche", "research edition")
	case edition.KindSchools:
		return w.t("édition des établissements", "schools edition")
	}
	return "publication"
}

// ask is a blank that only a human can fill.
func (w writer) ask(what string) string {
	return w.t("**[À COMPLÉTER : ", "**[TO FILL IN: ") + what + "]**"
}

// bare is the controller's word as it stands in a notice, or a blank.
func (w writer) bare(value, what string) string {
	if blank.Line(value) {
		return w.ask(what)
	}
	return inert(value)
}

// word is bare as a sentence.
func (w writer) word(value, what string) string {
	if value = w.bare(value, what); strings.HasSuffix(value, ".") || strings.HasSuffix(value, "**") {
		return value
	}
	return value + "."
}

// says is the controller's word, marked as such, or a blank.
func (w writer) says(value, what string) string {
	if blank.Line(value) {
		return w.ask(what)
	}
	return inert(value) + w.t(" *(attesté par le responsable de traitement)*", " *(attested by the controller)*")
}

// found says what the audit found of claims, by the worst of them: measured, attested or
// beyond what files can show, with their names. A name stands for those that begin with
// it and a dot, too.
func (w writer) found(ids ...string) string {
	worst, seen := 0, []string{}
	for _, id := range ids {
		said := false
		for _, c := range w.facts.Audit.Claims {
			if c.ID == id || strings.HasPrefix(c.ID, id+".") {
				worst, said = max(worst, doubt(c)), true
			}
		}
		if said {
			seen = append(seen, "`"+id+"`")
		}
	}
	if len(seen) == 0 {
		return w.t("non audité", "not audited")
	}
	return []string{
		w.t("mesuré, tient", "measured, holds"),
		w.t("attesté par l’opérateur", "attested by the operator"),
		w.t("non vérifié : rien à essayer", "not verified: nothing to try"),
		w.t("les fichiers ne peuvent pas le montrer", "files cannot show it"),
		w.t("**ne tient pas**", "**does not hold**"),
	}[worst] + " (" + strings.Join(seen, ", ") + ")"
}

// doubt orders what became of a claim, from what the files prove.
func doubt(c audit.Claim) int {
	switch {
	case c.Result == audit.Fails:
		return 4
	case c.Result == audit.Holds:
		return 0
	case c.Proof == audit.Unverifiable:
		return 3
	case c.Proof == audit.Proved:
		return 2
	}
	return 1
}

// attested marks what the operator counted inside the restricted zone.
func (w writer) attested() string {
	if n := len(w.facts.Any().Recounted); n > 0 {
		return w.t("attesté par l’opérateur, compté deux fois pour "+strconv.Itoa(n)+" des nombres",
			"attested by the operator, "+strconv.Itoa(n)+" of the numbers counted twice")
	}
	return w.t("attesté par l’opérateur", "attested by the operator")
}

// day writes an ISO date as people read it.
func (w writer) day(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return inert(iso)
	}
	if w.lang == "en" {
		return t.Format("2 January 2006")
	}
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return day + " " + frenchMonths[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

var frenchMonths = strings.Fields("janvier février mars avril mai juin " +
	"juillet août septembre octobre novembre décembre")

// count groups the digits of a number.
func (w writer) count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + w.t("\u202f", ",") + s[i:]
	}
	return s
}

// decimal writes a number with the mark of the language.
func (w writer) decimal(x float64) string {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	return strings.Replace(s, ".", w.t(",", "."), 1)
}

func (w writer) level(l Level) string {
	words := map[Level]string{
		Negligible: w.t("négligeable", "negligible"), Limited: w.t("limitée", "limited"),
		Significant: w.t("importante", "significant"), Maximum: w.t("maximale", "maximum"),
	}
	return words[l]
}

// whom is who is studied.
func (w writer) whom() string {
	if w.facts.Any().Subject == "pupil" {
		return w.t("les élèves", "pupils")
	}
	return w.t("les parents", "parents")
}

// one is somebody of them.
func (w writer) one() string {
	if w.facts.Any().Subject == "pupil" {
		return w.t("élève", "pupil")
	}
	return "parent"
}

// several are many of them.
func (w writer) several() string { return w.one() + "s" }

// attack names an attack and its attacker.
func (w writer) attack(a edition.AttackResult) string {
	names := map[string]string{
		"singling out": w.t("individualisation", "singling out"), "linkability": w.t("corrélation", "linkability"),
		"inference": w.t("inférence", "inference"),
	}
	by := map[string]string{
		"anybody": w.t("n’importe qui", "anybody"), "school": w.t("l’établissement", "the school"),
		"co-parent": w.t("l’autre parent", "the other parent"),
	}
	who := by[a.Attacker]
	if who == "" {
		who = inert(a.Attacker)
	}
	name := names[a.Attack]
	if name == "" {
		name = inert(a.Attack)
	}
	if a.Secret != "" {
		name += " (" + code(a.Secret) + ")"
	}
	with := map[string]string{
		"schools": w.t("avec l’édition des établissements", "with the schools edition"),
		"release": w.t("avec une autre période", "with another period"),
		"years":   w.t("d’une année scolaire à l’autre", "of one school year with another"),
	}
	if a.Source != "" {
		name += " " + with[a.Source]
	}
	return fmt.Sprintf("%s | %s", name, who)
}

// untried are sentences on the sources that no linkability was tried with.
func (w writer) untried() []string {
	tried := map[string]bool{}
	for _, a := range w.facts.Rows().Attacks {
		tried[a.Source] = true
	}
	var out []string
	if !tried["schools"] {
		out = append(out, w.t("La corrélation avec l’édition des établissements **n’est pas mesurée**.",
			"Linkability with the schools edition **is not measured**."))
	}
	if !tried["release"] {
		out = append(out, w.t("La corrélation avec une autre période **n’est pas mesurée** : aucune édition n’en était là.",
			"Linkability with another period **is not measured**: no edition of one was there."))
	}
	return out
}

// terms are the licence of what is published and the ban on looking for a person.
func (w writer) terms() string { return edition.PublicTerms(w.lang).Text() }

// unverified are the claims that nothing verified, by name: a human answers for them.
func (w writer) unverified() []string { return claimIDs(w.facts.Audit.With(audit.NotVerified)) }

// failed are the claims that do not hold.
func (w writer) failed() []string { return claimIDs(w.facts.Audit.Failed()) }

func claimIDs(claims []audit.Claim) []string {
	var ids []string
	for _, c := range claims {
		ids = append(ids, c.ID)
	}
	return ids
}
