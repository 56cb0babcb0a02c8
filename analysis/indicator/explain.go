package indicator

import (
	"fmt"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/edition"
)

// Explain says in plain text what an indicator is and how it is computed:
// definition, denominators, measures with what one person brings to them, SQL,
// method, caveat, reference.
func Explain(id string) (string, error) {
	ind, err := Lookup(id)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%-14s %s\n", name, text)
		}
	}
	fmt.Fprintf(&b, "%s  %s\n\n", ind.ID, ind.Question)
	line("définition", ind.Definition)
	line("dénominateur", ind.Denominator)
	line("méthode", ind.Method)
	line("réserve", ind.Caveat)
	line("référence", ind.Reference)
	if ind.Missing != "" {
		line("non mesurable", ind.Missing)
	}
	if ind.Line != nil {
		line("repère", ind.Line.Label)
	}
	for _, m := range ind.Measures {
		fmt.Fprintf(&b, "\n%s  %s (%s ; %s)\n", m.Name, m.Label, m.Kind, strings.Join(m.Populations, ", "))
		if m.Missing != "" {
			line("  non mesurable", m.Missing)
		}
		for _, source := range m.Sources {
			if x, y, ok := contribution(source); ok {
				fmt.Fprintf(&b, "  %s: x = %s; y = %s\n", source, x, y)
			}
		}
	}
	for _, q := range ind.Questions {
		sql, err := query.SQL(q)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n%s", sql)
	}
	return b.String(), nil
}

// contribution is what one person brings to a source of the edition.
func contribution(source string) (x, y string, ok bool) {
	for _, m := range edition.Measures {
		if m.Name == source {
			return m.X, m.Y, true
		}
	}
	return "", "", false
}

// Codebook is the declared list as a Markdown page in French.
func Codebook() ([]byte, error) {
	list, err := catalogue()
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString("# Les questions et leurs indicateurs\n")
	for _, ind := range list {
		fmt.Fprintf(&b, "\n## %s — %s\n\n", ind.ID, ind.Question)
		fmt.Fprintf(&b, "%s\n\n- Dénominateur : %s.\n- Méthode : %s.\n- Réserve : %s\n- Référence : %s.\n", ind.Definition, ind.Denominator, ind.Method, ind.Caveat, ind.Reference)
		if ind.Missing != "" {
			fmt.Fprintf(&b, "- Non mesurable : %s.\n", ind.Missing)
			continue
		}
		tables, columns, err := ind.reads()
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
			case m.Missing != "":
				source = "non mesurable : " + m.Missing
			case m.Column != "":
				source = "colonne " + m.Column
			case m.Service != 0:
				source = fmt.Sprintf("service %d", m.Service)
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", m.Name, m.Label, m.Kind, strings.Join(m.Populations, ", "), source)
		}
	}
	return []byte(b.String()), nil
}

// reads lists the tables and columns an indicator reads.
func (ind Indicator) reads() (tables, columns []string, err error) {
	for _, q := range ind.Questions {
		r, err := query.Reads(q)
		if err != nil {
			return nil, nil, err
		}
		tables = append(tables, r.Table)
		for _, c := range r.Columns {
			if len(c) == 3 && c[0] == 'h' && c != "h00" { // sixteen bins of one histogram
				continue
			}
			columns = append(columns, r.Table+"."+c)
		}
	}
	return tables, columns, nil
}
