package indicator

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

// Explain says in plain text what an indicator is and how it is computed:
// definition, denominators, measures with what one person brings to them, SQL,
// method, caveat, reference.
func Explain(id string) (string, error) {
	ind, err := question.Lookup(id)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%-14s %s\n", name, text)
		}
	}
	fmt.Fprintf(&b, "%s  %s\n\n", ind.ID, ind.Question.FR)
	line("définition", ind.Definition.FR)
	line("dénominateur", ind.Denominator)
	line("méthode", ind.Method.FR)
	line("réserve", ind.Caveat.FR)
	line("référence", ind.Reference)
	if ind.Line != nil {
		line("repère", ind.Line.Text.FR)
	}
	for _, m := range ind.Measures {
		fmt.Fprintf(&b, "\n%s  %s (%s ; %s)\n", m.Name, m.Label.FR, m.Kind, strings.Join(m.Populations, ", "))
		line("  par", strings.Join(carried(m), ", "))
		line("  publié par", strings.Join(published(m), ", "))
		line("  si absent", m.Absent)
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
	return b.String(), nil
}

// carried and published list the groupings a measure is given for.
func carried(m question.Measure) []string {
	return slices.DeleteFunc(slices.Clone(groupings), not(m.Carries))
}

func published(m question.Measure) []string {
	return slices.DeleteFunc(slices.Clone(groupings), not(m.Publishes))
}

func not(f func(string) bool) func(string) bool { return func(s string) bool { return !f(s) } }

// Codebook is the declared list as a Markdown page in French.
func Codebook() ([]byte, error) {
	var b strings.Builder
	b.WriteString("# Les questions et leurs indicateurs\n")
	for _, ind := range question.All() {
		fmt.Fprintf(&b, "\n## %s — %s\n\n", ind.ID, ind.Question.FR)
		fmt.Fprintf(&b, "%s\n\n- Dénominateur : %s.\n- Méthode : %s.\n- Réserve : %s\n- Référence : %s.\n",
			ind.Definition.FR, ind.Denominator, ind.Method.FR, ind.Caveat.FR, ind.Reference)
		tables, columns, err := reads(ind)
		if err != nil {
			return nil, err
		}
		if len(tables) > 0 {
			fmt.Fprintf(&b, "- Lit : %s (%s).\n", strings.Join(tables, ", "), strings.Join(columns, ", "))
		}
		b.WriteString("\n| mesure | libellé | nature | dénominateurs | mesures de l’édition |\n|---|---|---|---|---|\n")
		for _, m := range ind.Measures {
			source := strings.Join(m.Sources, ", ")
			switch {
			case m.Curve != "":
				source = strings.Trim("courbe "+m.Curve+", "+m.Rival, ", ")
			case m.Feed != "":
				source = "établissements " + m.Feed
			case m.Column != "":
				source = "colonne " + m.Column
			case m.Service != 0:
				source = fmt.Sprintf("service %d", m.Service)
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n",
				m.Name, m.Label.FR, m.Kind, strings.Join(m.Populations, ", "), source)
		}
	}
	return []byte(b.String()), nil
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
