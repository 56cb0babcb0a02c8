package report

// A spec is one figure of the report: which measures, for which populations,
// drawn how, and the words around it. "{parents}" stands for the plural noun of
// the study's subject.
type spec struct {
	id        string
	indicator string
	kind      kind
	unit      unit
	title     [2]string // French, English
	// series are the measures or populations drawn side by side, at most two.
	series []series
	// rows: by group of each grouping (byGroup), or one row per measure.
	rows      []rowSpec
	reference *referenceLine
	// phrase completes a sentence that begins with the value: "34 % …".
	phrase [2]string
	// change is said before a spread: "La part va de …".
	whole bool // the scale runs to 100 %
}

type kind int

const (
	byGroup   kind = iota // one row per group
	byMeasure             // one row per measure, whole population
	byHour                // columns along the day
	byClass               // one row per class of a distribution
)

type series struct {
	population string
	measure    string // "" takes the measure of the row
}

type rowSpec struct {
	measure string
	label   [2]string
}

type referenceLine struct {
	at    float64 // in display units
	label [2]string
}

// chapter is one indicator: its question, its texts and its figures.
type chapter struct {
	id       string
	question [2]string
	what     [2]string // definition
	how      [2]string // method
	caveat   [2]string
	figures  []spec
}

// populationText names a denominator.
var populationText = map[string][2]string{
	"all_accounts":    {"tous les comptes", "all accounts"},
	"active_accounts": {"comptes actifs (au moins une visite)", "active accounts (at least one visit)"},
	"opened_accounts": {"comptes activés", "activated accounts"},
	"pairs":           {"{parents} d’élèves ayant des notes publiées", "{parents} with published grades"},
	"active_pairs":    {"{parents} ayant ouvert les notes", "{parents} who opened the grades"},
	"families":        {"familles", "families"},
	"pupils":          {"comptes d’élèves actifs", "active pupil accounts"},
	"matched":         {"{parents} appariés", "matched {parents}"},
	"visits":          {"visites", "visits"},
	"schools":         {"établissements", "schools"},

	"regular_accounts":    {"comptes d’au moins dix visites", "accounts with at least ten visits"},
	"attempting_accounts": {"comptes ayant tenté de se connecter", "accounts that tried to sign in"},
	"seen_grades":         {"notes ouvertes par l’un des deux", "grades opened by one of the two"},
	"published_grades":    {"notes publiées", "published grades"},
	"two_guardians":       {"élèves ayant deux responsables déclarés ou plus", "pupils with two declared guardians or more"},
	"recipients":          {"{parents} destinataires de messages", "{parents} who received messages"},
	"senders":             {"{parents} qui ont écrit", "{parents} who wrote"},
	"staff":               {"personnels qui ont écrit", "staff who wrote"},
	"threads":             {"{parents} qui ont écrit aux personnels", "{parents} who wrote to staff"},
	"concerned_accounts":  {"{parents} concernés", "{parents} concerned"},
	"surveyed_pupils":     {"élèves dont la famille a répondu", "pupils whose family answered"},
	"all_pupils":          {"tous les élèves", "all pupils"},
	"eligible_families":   {"démarches que les familles peuvent faire", "procedures open to the families"},
	"invited_families":    {"invitations à une réunion à distance", "invitations to a remote meeting"},
	"panel":               {"panel constant d’établissements", "constant panel of schools"},
}

// groupText names the value of a grouping.
var groupText = map[string]map[string][2]string{
	"level": {
		"ecole":   {"École", "Primary school"},
		"college": {"Collège", "Lower secondary (collège)"},
		"lycee":   {"Lycée", "Upper secondary (lycée)"},
	},
	"ips_band": {
		"1": {"IPS sous 85, le plus bas", "IPS under 85, lowest"},
		"2": {"IPS de 85 à 95", "IPS 85 to 95"},
		"3": {"IPS de 95 à 105", "IPS 95 to 105"},
		"4": {"IPS de 105 à 115", "IPS 105 to 115"},
		"5": {"IPS de 115 et plus, le plus haut", "IPS 115 and over, highest"},
	},
	"seniority": {
		"0-1": {"ENT ouvert depuis un an au plus", "Portal opened for a year at most"},
		"2-4": {"Depuis deux à quatre ans", "For two to four years"},
		"5+":  {"Depuis cinq ans et plus", "For five years and more"},
	},
	"products": {
		"1":  {"Un seul ENT", "One portal"},
		"2":  {"Deux ENT successifs", "Two portals in turn"},
		"3+": {"Trois ENT et plus", "Three portals and more"},
	},
	"forms": {
		"1 / 2": {"Présentation sur tutoriel", "Presentation over tutorial"},
		"1 / 3": {"Présentation sur atelier", "Presentation over workshop"},
		"1 / 4": {"Présentation sur parent ressource", "Presentation over resource parent"},
		"2 / 3": {"Tutoriel sur atelier", "Tutorial over workshop"},
		"2 / 4": {"Tutoriel sur parent ressource", "Tutorial over resource parent"},
		"3 / 4": {"Atelier sur parent ressource", "Workshop over resource parent"},
	},
	"ep": {
		"HEP":  {"Hors éducation prioritaire", "Not priority education"},
		"REP":  {"REP", "REP"},
		"REP+": {"REP+", "REP+"},
	},
}

var groupOrder = map[string][]string{
	"level":    {"ecole", "college", "lycee"},
	"ips_band": {"1", "2", "3", "4", "5"},
	"ep":       {"HEP", "REP", "REP+"},

	"grade":         {"CP", "CE1", "CE2", "CM1", "CM2", "6e", "5e", "4e", "3e", "2de", "1re", "Tle"},
	"seniority":     {"0-1", "2-4", "5+"},
	"products":      {"1", "2", "3+"},
	"relative_week": {"-4", "-3", "-2", "-1", "+1", "+2", "+3", "+4", "+5", "+6", "+7", "+8"},
}

var groupingText = map[string][2]string{
	"":         {"Ensemble", "Everyone"},
	"level":    {"Par niveau", "By level"},
	"ips_band": {"Par position sociale de l’établissement (IPS)", "By social position of the school (IPS)"},
	"ep":       {"Par éducation prioritaire", "By priority education"},
	"feed":     {"Par source de données", "By data feed"},

	"grade":         {"Par classe", "By grade"},
	"seniority":     {"Par ancienneté de l’ENT", "By age of the portal"},
	"products":      {"Par nombre d’ENT successifs", "By number of portals in turn"},
	"service":       {"Par service", "By service"},
	"forms":         {"Par paire de formes", "By pair of forms"},
	"relative_week": {"Semaine, comptée de l’accompagnement", "Week, counted from the accompaniment"},
	"week":          {"Par semaine", "By week"},
	"event":         {"Par évènement", "By event"},
}

var groupingOrder = []string{"", "level", "ips_band", "ep", "grade", "seniority", "products", "feed"}

var hourBands = []rowSpec{
	{"07-09", [2]string{"7 h–9 h", "7–9 am"}},
	{"09-12", [2]string{"9 h–12 h", "9–12 am"}},
	{"12-14", [2]string{"12 h–14 h", "12–2 pm"}},
	{"14-17", [2]string{"14 h–17 h", "2–5 pm"}},
	{"17-19", [2]string{"17 h–19 h", "5–7 pm"}},
	{"19-21", [2]string{"19 h–21 h", "7–9 pm"}},
	{"21-23", [2]string{"21 h–23 h", "9–11 pm"}},
	{"23-07", [2]string{"23 h–7 h", "11 pm–7 am"}},
}

var visitClasses = []rowSpec{
	{"class_0-never", [2]string{"Jamais", "Never"}},
	{"class_1-under-1/month", [2]string{"Moins d’une fois par mois", "Less than once a month"}},
	{"class_2-monthly", [2]string{"Une à quelques fois par mois", "Once or a few times a month"}},
	{"class_3-weekly", [2]string{"Environ chaque semaine", "About weekly"}},
	{"class_4-several-a-week", [2]string{"Plusieurs fois par semaine", "Several times a week"}},
	{"class_5-daily", [2]string{"Chaque jour ou presque", "Daily or almost"}},
}
