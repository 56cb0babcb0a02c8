package anonymize

import (
	"reflect"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// tableText is what a reader is told of one table.
type tableText struct {
	name, title, description string
	row                      reflect.Type
}

// tablesOf lists the tables of a kind of edition, in the order of the codebook.
func tablesOf(kind string) []tableText {
	coverage := tableText{edition.TableCoverage, "Couverture des sources",
		"Quelles sources ont transmis des données, pour quels établissements et quelles semaines. Aucune personne n’y figure.", reflect.TypeFor[edition.CoverageRow]()}
	if kind == "schools" {
		return []tableText{
			{edition.TableSchoolMeasures, "Mesures par établissement",
				"Établissement × période × mesure × population ; aucune cellule sous le seuil de personnes distinctes.", reflect.TypeFor[edition.SchoolRow]()},
			coverage,
		}
	}
	return []tableText{
		{edition.TableParents, "Table des personnes",
			"Une ligne par personne étudiée : quasi-identifiants généralisés, comportements en tranches. k-anonyme, donc encore une donnée personnelle.", reflect.TypeFor[edition.ParentRow]()},
		{edition.TableSums, "Sommes par grappe",
			"Grappe d’établissements × regroupement × mesure × population, calculées sur toutes les personnes avant toute suppression.", reflect.TypeFor[edition.SumRow]()},
		{edition.TableTimes, "Tables de survie",
			"Grappe × semaine écoulée : personnes à risque, événements, sorties d’observation.", reflect.TypeFor[edition.TimeRow]()},
		{edition.TableWeeks, "Semaines",
			"Grappe × semaine de classe × profil × service : visites et personnes distinctes.", reflect.TypeFor[edition.WeekRow]()},
		coverage,
	}
}

// column is one column of a table for people and machines.
type column struct {
	name, kind, title, description string
	values                         []string // closed list, nil when open
}

// columnsOf reads the columns of a row type from its Parquet tags.
func columnsOf(t reflect.Type) []column {
	var columns []column
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("parquet"), ",")
		c := column{name: name, kind: "integer"}
		if f.Type.Kind() == reflect.String {
			c.kind = "string"
		}
		text, ok := columnTexts[name]
		if !ok && len(name) == 3 && name[0] == 'h' {
			text = [2]string{"Histogramme, classe " + name[1:], "Personnes dont x est dans la classe " + name[1:] + " (bornes inférieures : voir le dictionnaire)."}
		}
		c.title, c.description = text[0], text[1]
		c.values = columnValues[name]
		columns = append(columns, c)
	}
	return columns
}

// columnTexts gives the title and the description of every column.
var columnTexts = map[string][2]string{
	"level":        {"Niveau", "Niveau de l’établissement principal : ecole, college, lycee."},
	"grade_band":   {"Classes", "Tranche de classes des enfants dans l’établissement principal."},
	"sector":       {"Secteur", "Secteur de l’établissement principal."},
	"ep":           {"Éducation prioritaire", "Hors éducation prioritaire (HEP), REP ou REP+."},
	"ips_band":     {"Tranche d’IPS", "Tranche d’indice de position sociale de l’établissement (et non de la famille), de 1 (bas) à 5 (haut)."},
	"cluster":      {"Grappe", "Identifiant aléatoire d’une grappe d’établissements ; sans rapport d’une table ou d’un regroupement à l’autre."},
	"children":     {"Enfants", "Nombre d’enfants rattachés, en tranches."},
	"devices":      {"Appareils", "Appareils des visites dont l’appareil est connu."},
	"activation":   {"Activation", "Moment d’activation du compte par rapport à la période."},
	"visits":       {"Visites", "Table des personnes : visites par semaine de classe, en tranches. Semaines : nombre de visites."},
	"grade_visits": {"Visites de notes", "Visites de notes par semaine de classe où les notes sont couvertes, en tranches."},
	"evening":      {"Soir et nuit", "Part des visites commencées de 19 h à 7 h."},
	"accompanied":  {"Accompagnement", "Au moins un accompagnement inscrit au registre depuis la rentrée."},
	"contact":      {"Courriel connu", "Une adresse électronique est connue, ou non ; jamais l’adresse."},
	"grouping":     {"Regroupement", "all (ensemble), level (niveau), ips_band (tranche d’IPS) ou ep (éducation prioritaire)."},
	"group":        {"Groupe", "Valeur du regroupement, vide pour l’ensemble."},
	"schools":      {"Établissements", "Nombre d’établissements réunis dans la grappe."},
	"measure":      {"Mesure", "Mesure de la liste approuvée : chaque personne apporte x au numérateur et y au dénominateur."},
	"population":   {"Population", "Dénominateur : qui est compté."},
	"persons":      {"Personnes", "Personnes distinctes de la cellule (familles distinctes pour la population families)."},
	"families":     {"Familles", "Familles distinctes de la cellule (responsables et enfants liés)."},
	"numerator":    {"Numérateur", "Somme des x."},
	"denominator":  {"Dénominateur", "Somme des y."},
	"sum_xx":       {"Somme des carrés de x", "Σx², plafonnée au plus grand entier de 64 bits."},
	"sum_xy":       {"Somme des produits", "Σxy, plafonnée au plus grand entier de 64 bits."},
	"sum_yy":       {"Somme des carrés de y", "Σy², plafonnée au plus grand entier de 64 bits."},
	"curve":        {"Courbe", "Nom de la courbe de la liste approuvée. D3.first_login : du début de la période, ou de la création du compte si elle est postérieure, à la première visite."},
	"bin":          {"Intervalle", "Rang, à partir de 0, de l’intervalle de temps écoulé depuis l’origine ; pour D3.first_login, les semaines de sept jours."},
	"at_risk":      {"À risque", "Unités (comptes, publications × couples, demandes…) encore sans événement au début de l’intervalle."},
	"events":       {"Événements", "Unités dont l’événement tombe dans l’intervalle."},
	"censored":     {"Sorties", "Unités sorties d’observation dans l’intervalle ; dans le dernier écrit, toutes celles qui restent."},
	"week_day":     {"Semaine", "Lundi de la semaine, en jours depuis le 1ᵉʳ janvier 1970."},
	"profile":      {"Profil", "Code DNMA : 1 élèves, 2 enseignants, 3 parents, 4 administratif et vie scolaire."},
	"service":      {"Service", "Code DNMA du service ; -1 (semaines) ou 0 (couverture) pour tous."},
	"feed":         {"Source", "Nom de la source dans l’étude."},
	"uai":          {"UAI", "Code public de l’établissement, vide dans l’édition de recherche."},
	"expected":     {"Attendus", "Établissements qui devraient transmettre : ils l’ont fait au moins une fois sur la période."},
	"reporting":    {"Transmettent", "Établissements qui ont transmis cette semaine."},
	"name":         {"Nom", "Nom public de l’établissement."},
	"period":       {"Période", "La période de l’étude, ou un mois AAAA-MM."},
}

// columnValues are the closed lists of the behaviours.
var columnValues = map[string][]string{
	"grade_visits": {"not-measured", "0-none", "1-under weekly", "2-weekly", "3-several a week", "4-daily"},
	"evening":      {"none", "0-under half", "1-half or more"},
	"accompanied":  {"no", "yes", "unknown"},
	"contact":      {"no-email", "email", "unknown"},
	"grouping":     edition.Wide, // which has all of Few, Whole, Graded and Groupings
}

// visitBands are those of the person table; the column of the same name in
// weeks is a count.
var visitBands = []string{"0-never", "1-under 1/month", "2-monthly", "3-weekly", "4-several a week", "5-daily"}
