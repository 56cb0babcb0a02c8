package edition

import (
	"bytes"
	"fmt"
	"strings"
)

// codebook is CODEBOOK.fr.md: what the tables hold, column by column, and the
// measures of the approved list.
func codebook(m *Manifest) ([]byte, error) {
	tables, err := Tables(m.Kind)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# %s\n", title(m))
	line("%s\n", status(m))
	line("Période : %s (jours et semaines en heure locale). Sujet étudié : %s.\n", m.Term, subjectText(m.Subject))
	if m.Synthetic {
		line("**Données synthétiques : personne n’existe dans cette édition.**\n")
	}
	for _, note := range m.Notes {
		line("- %s", note)
	}
	for _, t := range tables {
		line("\n## %s (`%s.parquet`)\n", t.Title, t.Name)
		line("%s\n", t.Description)
		line("| colonne | titre | type | description |")
		line("|---|---|---|---|")
		for _, c := range t.Columns {
			text := c.Description
			if c.Values != nil {
				text += " Valeurs : " + strings.Join(quoted(c.Values), ", ") + "."
			}
			line("| `%s` | %s | %s | %s |", c.Name, c.Title, c.Type, text)
		}
	}
	writeMeasures(line, m)
	return b.Bytes(), nil
}

func subjectText(subject string) string {
	if subject == "pupil" {
		return "les élèves"
	}
	return "les parents"
}

func quoted(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = "`" + v + "`"
		if v == "" {
			out[i] = "vide"
		}
	}
	return out
}

func writeMeasures(line func(string, ...any), m *Manifest) {
	line("\n## Mesures\n")
	line("Chaque personne apporte x au numérateur et y au dénominateur ; un taux est Σx / Σy. " +
		"Définitions en anglais, telles que la liste approuvée les porte.\n")
	line("| mesure | populations | x | y |")
	line("|---|---|---|---|")
	for _, measure := range Measures {
		if m.Kind == KindSchools && !measure.Schools() {
			continue
		}
		line("| `%s` | %s | %s | %s |", measure.Name, strings.Join(quoted(measure.Populations), ", "), measure.X,
			measure.Y)
	}
	line("\n## Définitions\n")
	line("- Visite : suite la plus longue d’événements d’une personne séparés d’au plus 30 minutes " +
		"(1 800 s incluses). Un échec de connexion n’est pas un événement.")
	line("- Semaine couverte : semaine de classe entière, dans la période, après l’ouverture de l’établissement, où " +
		"ses sources ont transmis au moins un événement.")
	line("- Une personne est rattachée une fois par groupe, à son établissement de plus petit numéro dans ce groupe.")
	if m.Kind != KindSchools {
		line("- Histogramme : bornes inférieures des seize classes de x : %s ; la dernière est ouverte.", edges())
	}
}

func edges() string {
	texts := make([]string, len(HistogramEdges))
	for i, e := range HistogramEdges {
		texts[i] = fmt.Sprint(e)
	}
	return strings.Join(texts, ", ")
}
