package indicator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

// pageWords are the words of Explain and Codebook between the texts of the catalogue.
var pageWords = map[string]question.Text{
	"definition": {FR: "définition", EN: "definition"}, "denominator": {FR: "dénominateur", EN: "denominator"},
	"method": {FR: "méthode", EN: "method"}, "caveat": {FR: "réserve", EN: "caveat"},
	"reference": {FR: "référence", EN: "reference"}, "line": {FR: "repère", EN: "reference line"},
	"by": {FR: "  par", EN: "  by"}, "published by": {FR: "  publié par", EN: "  published by"},
	"absent": {FR: "  si absent", EN: "  if absent"},
	"title":  {FR: "Les questions et leurs indicateurs", EN: "The questions and their indicators"},
	"facts": {
		FR: "Dénominateur : %s.\n- Méthode : %s.\n- Réserve : %s\n- Référence : %s.",
		EN: "Denominator: %s.\n- Method: %s\n- Caveat: %s\n- Reference: %s.",
	},
	"reads": {FR: "Lit : %s (%s).", EN: "Reads: %s (%s)."},
	"columns": {
		FR: "| mesure | libellé | nature | dénominateurs | mesures de l’édition |",
		EN: "| measure | label | kind | denominators | measures of the edition |",
	},
	"curve": {FR: "courbe", EN: "curve"}, "schools": {FR: "établissements", EN: "schools"},
	"column": {FR: "colonne", EN: "column"}, "service": {FR: "service", EN: "service"},
}

// subjects stand in the texts for the persons studied; the catalogue speaks of parents.
var subjects = strings.NewReplacer("{parents}", "parents", "{Parents}", "Parents")

// Explain says in plain text, in "fr" or "en", what an indicator is and how it is
// computed: definition, denominators, measures with what one person brings to them, SQL,
// method, caveat, reference.
func Explain(id, lang string) (string, error) {
	ind, err := question.Lookup(id)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%-14s %s\n", pageWords[name].In(lang), text)
		}
	}
	fmt.Fprintf(&b, "%s  %s\n\n", ind.ID, ind.Question.In(lang))
	line("definition", ind.Definition.In(lang))
	line("denominator", ind.Denominator.In(lang))
	line("method", ind.Method.In(lang))
	line("caveat", ind.Caveat.In(lang))
	line("reference", ind.Reference.In(lang))
	if ind.Line != nil {
		line("line", ind.Line.Text.In(lang))
	}
	for _, m := range ind.Measures {
		populations := strings.Join(m.Populations, ", ")
		fmt.Fprintf(&b, "\n%s  %s (%s ; %s)\n", m.Name, labelOf(m, lang), m.Kind, populations)
		line("by", strings.Join(carried(m), ", "))
		line("published by", strings.Join(published(m), ", "))
		line("absent", m.Absent.In(lang))
		for _, source := range m.Sources {
			if s, ok := edition.FindMeasure(source); ok {
				fmt.Fprintf(&b, "  %s: x = %s; y = %s\n", source, s.X, s.Y)
			}
		}
		for _, name := range []string{m.Curve, m.Rival} {
			if k, ok := edition.FindCurve(name); ok {
				fmt.Fprintf(&b, "  %s: %s, from %s to %s, in %ss\n", name, k.Unit, k.Origin, k.Event, k.Step)
			}
		}
	}
	for _, q := range ind.SQL {
		sql, err := query.SQL(q)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n%s", sql)
	}
	return subjects.Replace(b.String()), nil
}

// labelOf is the label of a measure; some names need no translation.
func labelOf(m question.Measure, lang string) string { return cmp.Or(m.Label.In(lang), m.Label.FR) }

// carried and published list the groupings a measure is given for.
func carried(m question.Measure) []string {
	return slices.DeleteFunc(slices.Clone(groupings), not(m.Carries))
}

func published(m question.Measure) []string {
	return slices.DeleteFunc(slices.Clone(groupings), not(m.Publishes))
}

func not(f func(string) bool) func(string) bool { return func(s string) bool { return !f(s) } }

// Codebook is the declared list as a Markdown page, in "fr" or "en".
func Codebook(lang string) ([]byte, error) {
	word := func(name string) string { return pageWords[name].In(lang) }
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", word("title"))
	for _, ind := range question.All() {
		fmt.Fprintf(&b, "\n## %s — %s\n\n%s\n\n- ", ind.ID, ind.Question.In(lang), ind.Definition.In(lang))
		fmt.Fprintf(&b, word("facts")+"\n",
			ind.Denominator.In(lang), ind.Method.In(lang), ind.Caveat.In(lang), ind.Reference.In(lang))
		tables, columns, err := reads(ind)
		if err != nil {
			return nil, err
		}
		if len(tables) > 0 {
			fmt.Fprintf(&b, "- "+word("reads")+"\n", strings.Join(tables, ", "), strings.Join(columns, ", "))
		}
		fmt.Fprintf(&b, "\n%s\n|---|---|---|---|---|\n", word("columns"))
		for _, m := range ind.Measures {
			source := strings.Join(m.Sources, ", ")
			switch {
			case m.Curve != "":
				source = strings.Trim(word("curve")+" "+m.Curve+", "+m.Rival, ", ")
			case m.Feed != "":
				source = word("schools") + " " + m.Feed
			case m.Column != "":
				source = word("column") + " " + m.Column
			case m.Service != 0:
				source = fmt.Sprintf("%s %d", word("service"), m.Service)
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n",
				m.Name, labelOf(m, lang), m.Kind, strings.Join(m.Populations, ", "), source)
		}
	}
	return []byte(subjects.Replace(b.String())), nil
}

// reads lists the tables and columns an indicator reads.
func reads(ind question.Question) (tables, columns []string, err error) {
	for _, q := range ind.SQL {
		r, err := query.Reads(q)
		if err != nil {
			return nil, nil, err
		}
		tables = append(tables, r.Table)
		histogram := false // of sixteen columns, the first stands for all
		for _, c := range r.Columns {
			if len(c) == 3 && c[0] == 'h' {
				histogram = true
				continue
			}
			columns = append(columns, r.Table+"."+c)
		}
		if histogram {
			columns = append(columns, r.Table+".h00")
		}
	}
	return tables, columns, nil
}
