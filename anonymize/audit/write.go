package audit

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/audit/blank"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/privacy"
)

//go:embed templates
var templates embed.FS

// jsonName is the report for programs, beside its pages.
const jsonName = "audit.json"

// WritePublic writes what everybody may read of an audit to dir, on disk: external.html in a
// language, fr or en, and audit.json without what was found in detail. A former audit in it is
// replaced as a whole.
func WritePublic(disk durable.Disk, dir string, r *Report, lang string) error {
	return write(disk, dir, 0o755, "external.html", r, r.public(), lang)
}

// WriteInternal writes what the data-protection officer reads to dir, on disk, for nobody
// else: internal.html in a language, fr or en, and the whole audit.json.
func WriteInternal(disk durable.Disk, dir string, r *Report, lang string) error {
	return write(disk, dir, 0o700, "internal.html", r, r, lang)
}

// write makes a folder of a page of the whole report, and of what of it programs are told.
func write(disk durable.Disk, dir string, mode fs.FileMode, page string, r, said *Report, lang string) error {
	written, err := pair(page, r, said, lang)
	if err != nil {
		return err
	}
	if err := disk.WriteFolder(dir, written, mode); err != nil {
		return fmt.Errorf("audit: write: %w", err)
	}
	return nil
}

// publicFiles are those of WritePublic, by name.
func publicFiles(r *Report, lang string) (map[string][]byte, error) {
	return pair("external.html", r, r.public(), lang)
}

func pair(page string, r, said *Report, lang string) (map[string][]byte, error) {
	data, err := json.MarshalIndent(said, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("audit: report: %w", err)
	}
	html, err := r.page(page, lang)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{jsonName: append(data, '\n'), page: html}, nil
}

// public is the report without what is for the officer alone: the evidence of each claim,
// the bounds and attacks found, who is alone, the hidden figures and what the others tell of them; and how many rows
// there are to the last.
func (r *Report) public() *Report {
	out := *r
	out.Claims = slices.Clone(r.Claims)
	for i := range out.Claims {
		out.Claims[i].Detail, out.Claims[i].Numbers, out.Claims[i].Tried = "", []Number{}, about(out.Claims[i].Tried)
	}
	out.Products = slices.Clone(r.Products)
	for i := range out.Products {
		p := &out.Products[i]
		p.Sensitive, p.Attacks, p.Alone, p.Hidden, p.Untried = []SensitiveLine{}, []Attack{}, nil, []Hidden{}, nil
	}
	return &out
}

// about is the next number of two digits and zeros, at least ten; 0 stays 0.
func about(n int64) int64 {
	step := int64(10)
	for n >= 100*step {
		step *= 10
	}
	return (n + step - 1) / step * step
}

// view is what both page templates see.
type view struct {
	*Report
	Matrix   []matrixRow
	Sections []section
	Tally    []tally
	Bad      []Claim
	Held     int // claims that hold
	Open     int // claims that are not verified
	Lines    []LedgerLine
	Missing  int // ledger lines still blank, shown as empty
}

type matrixRow struct {
	Name  string
	Cells []Criterion
}

type section struct {
	Product
	Claims []Claim
}

type tally struct {
	Proof            Proof
	Sense            string
	Held, Lost, Open int
}

var criteriaNames = []string{singlingOut, linkability, inference}

func newView(r *Report) view {
	v := view{Report: r, Bad: r.Failed(), Held: len(r.With(Holds)), Open: len(r.With(NotVerified))}
	for _, p := range r.Products {
		row := matrixRow{Name: p.Name}
		for _, name := range criteriaNames {
			for _, c := range r.Criteria {
				if c.Product == p.Kind && c.Name == name {
					row.Cells = append(row.Cells, c)
					break
				}
			}
		}
		v.Matrix = append(v.Matrix, row)
		s := section{Product: p}
		for _, c := range r.Claims {
			if c.Product == p.Kind {
				s.Claims = append(s.Claims, c)
			}
		}
		v.Sections = append(v.Sections, s)
	}
	for _, t := range []tally{
		{Proof: Proved, Sense: "recalculé par l’audit à partir des fichiers eux-mêmes ; n’importe qui peut refaire " +
			"le calcul"},
		{Proof: Attested, Sense: "signé par l’opérateur, qui l’a compté dans la zone restreinte ; les fichiers ne " +
			"peuvent pas le montrer"},
		{Proof: Unverifiable, Sense: "aucun fichier ne peut le montrer ; à traiter par la procédure, pas par le " +
			"calcul"},
	} {
		for _, c := range r.Claims {
			switch {
			case c.Proof != t.Proof:
			case c.Result == Holds:
				t.Held++
			case c.Result == Fails:
				t.Lost++
			default:
				t.Open++
			}
		}
		v.Tally = append(v.Tally, t)
	}
	v.Lines = r.Ledger.Lines()
	for i := range v.Lines {
		if line := &v.Lines[i]; blank.Line(line.Value) {
			line.Value = ""
			v.Missing++
		}
	}
	return v
}

func render(name string, r *Report) ([]byte, error) {
	style, err := templates.ReadFile("templates/style.css")
	if err != nil {
		return nil, fmt.Errorf("audit: style: %w", err)
	}
	t, err := template.New(name).Funcs(template.FuncMap{
		"style":    func() template.CSS { return template.CSS(style) },
		"number":   func(n Number) string { return n.Name + nbsp + ": " + grouped(n.Value) },
		"comma":    func(x float64) string { return comma(x, 3) },
		"percent":  func(x float64) string { return comma(100*x, 1) + nbsp + "%" },
		"mark":     mark,
		"tint":     tint,
		"whole":    wholeText,
		"bound":    bounded,
		"column":   columnText,
		"model":    func(s SensitiveLine) string { return modelSentence(s.Model) },
		"short":    func(hash string) string { return hash[:min(len(hash), 16)] },
		"terms":    func() string { return edition.PublicTerms("fr").Text() },
		"attack":   func(name string) string { return attackNames[name] },
		"source":   func(name string) string { return sourceNames[name] },
		"attacker": func(name string) string { return cmp.Or(attackerNames[name], name) },
		"estimate": estimate,
		"inc":      func(i int) int { return i + 1 },
		"criteria": func() []string { return criteriaNames },
	}).ParseFS(templates, "templates/parts.html", "templates/"+name)
	if err != nil {
		return nil, fmt.Errorf("audit: template %s: %w", name, err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, newView(r)); err != nil {
		return nil, fmt.Errorf("audit: page %s: %w", name, err)
	}
	return b.Bytes(), nil
}

const nbsp = "\u00a0"

// typography keeps French punctuation and units on the line of their word.
var typography = strings.NewReplacer(" :", nbsp+":", " ;", nbsp+";", " ?", nbsp+"?", " !", nbsp+"!", " »", nbsp+"»",
	"« ", "«"+nbsp, " %", nbsp+"%")

func fineText(s string) string { return typography.Replace(s) }

// grouped writes a number the French way.
func grouped(x float64) string {
	s := comma(x, 4)
	whole, frac, decimal := strings.Cut(s, ",")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "\u2212", whole[1:]
	}
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString("\u202f")
		}
		b.WriteRune(c)
	}
	if decimal {
		return sign + b.String() + "," + frac
	}
	return sign + b.String()
}

// mark is the class of a verdict, beside its word.
func mark(v Verdict) string {
	return map[Verdict]string{Conform: "good", Reserve: "fair", NotConform: "bad"}[v]
}

// tint is the class of a result, beside its word: what is not verified is never green.
func tint(r Result) string {
	return map[Result]string{Holds: "good", Fails: "bad", NotVerified: "fair"}[r]
}

// attackerNames are the attackers of a policy, in French; another has the policy's name.
var attackerNames = map[string]string{
	"anybody": "n’importe qui", "school": "l’établissement", "co-parent": "l’autre parent",
}

// sourceNames are what a linkability joins the rows with, in French.
var sourceNames = map[string]string{
	"schools": "édition des établissements", "release": "autre période", "years": "autre année scolaire",
}

// estimate writes a share that a model may not give.
func estimate(x *float64) string {
	if x == nil {
		return "sans solution"
	}
	return comma(100**x, 1) + nbsp + "%"
}

// wholeText writes a number of persons.
func wholeText(x any) string {
	switch x := x.(type) {
	case float64:
		return grouped(x)
	case *float64:
		return grouped(*x)
	case int64:
		return grouped(float64(x))
	}
	return ""
}

// bounded is the result of a bound on a behaviour.
func bounded(s SensitiveLine) Result { return resultOf(Proved, 1, s.OK) }

var columnNames = map[string]string{
	"level": "Niveau", "grade_band": "Classes regroupées", "sector": "Secteur", "ep": "Éducation prioritaire",
	"ips_band": "Tranche d’IPS",
	"cluster":  "Grappe d’établissements", "children": "Nombre d’enfants", "devices": "Appareils",
	"activation": "Activation du compte",
	"visits":     "Fréquence de visite", "grade_visits": "Consultation des notes", "evening": "Visites du soir",
	"accompanied": "Accompagnement",
}

func columnText(name string) string {
	if t, ok := columnNames[name]; ok {
		return t
	}
	return name
}

// modelSentence explains a privacy model in one sentence.
func modelSentence(model string) string {
	if rule, ok := privacy.Of(privacy.Model(model)); ok {
		return rule.Meaning.French
	}
	return "Modèle que cet audit ne sait pas recompter."
}
