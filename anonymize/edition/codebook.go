package edition

import (
	"bytes"
	"fmt"
	"math"
	"slices"
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
	line("%s\n", researchTerms().Text())
	line("À citer : %s\n", citation(m))
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
			line("| `%s` | %s | %s | %s |", c.Name, c.Title, c.Type, c.Description)
		}
	}
	writeValues(line, tables)
	writeCurves(line, tables)
	writeNoise(line, m.Perturbation)
	writeMeasures(line, m)
	return b.Bytes(), nil
}

// listed are the columns whose values have a list of their own further down.
var listed = []string{"measure", "curve"}

// writeValues writes every value of every column, each column once.
func writeValues(line func(string, ...any), tables []Table) {
	line("\n## Valeurs\n")
	line("| colonne | valeur | sens |")
	line("|---|---|---|")
	seen := map[string]bool{}
	for _, t := range tables {
		for _, c := range t.Columns {
			if seen[c.Name] || slices.Contains(listed, c.Name) {
				continue
			}
			seen[c.Name] = len(c.Values) > 0
			for _, v := range c.Values {
				line("| `%s` | `%s` | %s |", c.Name, v.Value, v.Text)
			}
			if c.Open {
				line("| `%s` | … | une autre généralisation, si la politique de l’édition en a une |", c.Name)
			}
		}
	}
}

// writeCurves writes what the life tables speak of.
func writeCurves(line func(string, ...any), tables []Table) {
	if !slices.ContainsFunc(tables, func(t Table) bool { return t.Name == TableTimes }) {
		return
	}
	line("\n## Courbes\n")
	line("Une unité est à risque depuis l’origine jusqu’à l’événement. Les intervalles (`bin`) commencent aux bornes " +
		"données ; sans bornes, un intervalle par pas. Définitions en anglais, telles que la liste " +
		"approuvée les porte.\n")
	line("D’une personne, une cellule d’un établissement prend au plus le nombre d’unités donné, réparti sur toutes " +
		"les siennes dans l’ordre de leurs délais ; le bruit d’un nombre d’unités est celui d’une somme dont c’est la " +
		"plus grande contribution, ou d’un effectif quand c’est une.\n")
	line("| courbe | unité | par personne | origine | événement | pas | bornes |")
	line("|---|---|---|---|---|---|---|")
	for _, c := range Curves {
		var edges []string
		for _, e := range c.Edges {
			edges = append(edges, fmt.Sprint(e))
		}
		most := fmt.Sprint(c.Most)
		if c.Most == EachDeadline {
			most = "une par échéance"
		}
		line("| `%s` | %s | %s | %s | %s | %s | %s |", c.Name, c.Unit, most, c.Origin, c.Event, c.Step,
			strings.Join(edges, ", "))
	}
}

func writeNoise(line func(string, ...any), p Perturbation) {
	line("\n## Bruit\n")
	if p.Variance == 0 {
		line("Aucun : les cellules sont exactes. Deux éditions qui diffèrent d’une personne donnent par soustraction " +
			"ce qu’elle apporte.")
		return
	}
	number := func(x float64) string { return strings.Replace(fmt.Sprint(x), ".", ",", 1) }
	line("Chaque effectif et chaque somme porte un bruit (méthode des clés de cellule), le même pour les mêmes " +
		"personnes dans toutes les tables et toutes les éditions.\n")
	line("- Effectif : moyenne 0, variance %s, au plus ± %d ; 0 reste 0, aucun résultat de 1 à %d.",
		number(p.Variance), p.Maximum, p.Least-1)
	line("- Somme : le même bruit en pas de %s fois la plus grande contribution d’une personne.", number(p.Step))
	line("- Part de personnes : le bruit est celui du plus petit des deux effectifs, ceux qui font la chose et les " +
		"autres ; le dénominateur est l’effectif.")
	line("- Les grappes portent leur bruit : un intervalle calculé sur elles le contient. Une cellule seule a un "+
		"écart-type de %s personnes.", number(math.Round(10*math.Sqrt(p.Variance))/10))
	line("- Les regroupements ne s’additionnent donc qu’à ce bruit près. Table de perturbation : %s.", p.Table)
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
		line("- Histogramme : bornes inférieures des seize classes de x : %s ; la dernière est ouverte. Sauf dans les "+
			"mesures dont une question lit la répartition (%s), h01 compte toutes celles dont x dépasse 0.", edges(),
			strings.Join(quoted(binned()), ", "))
	}
}

// binned are the measures that leave by bins.
func binned() (names []string) {
	for _, m := range Measures {
		if m.Bins {
			names = append(names, m.Name)
		}
	}
	return names
}

func edges() string {
	texts := make([]string, len(HistogramEdges))
	for i, e := range HistogramEdges {
		texts[i] = fmt.Sprint(e)
	}
	return strings.Join(texts, ", ")
}
