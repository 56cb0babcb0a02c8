package pages

import (
	"cmp"
	"slices"

	"github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/analysis/wording"
)

// services are the figures of W5.
func (s *site) services() []figure {
	year := s.shareYear("W5", "accueil", "all")
	if year == "" {
		return []figure{
			s.absent(
				"W5-services",
				s.t("Part de chaque service", "Share of each service"),
				s.book.find("W5", "accueil", "all"),
			),
		}
	}
	f := figure{ID: "W5-services", Title: s.t("Part de chaque service, ", "Share of each service, ") + year}
	f.Table.Head = []string{s.t("Service", "Service")}
	for _, y := range s.answers.Years {
		if s.book.find("W5", "accueil", "all", "school_year", y.Label).found {
			f.Table.Head = append(f.Table.Head, y.Label)
		}
	}
	b := bars{book: s.book, as: percent, parts: true}
	for _, name := range s.servicesBySize(year) {
		line := row{Label: serviceName(s.lang, name)}
		for _, y := range f.Table.Head[1:] {
			n := s.book.find("W5", name, "all", "school_year", y)
			f.results = append(f.results, results(n)...)
			line.Cells = append(line.Cells, s.book.short(n, percent))
		}
		b.rows = append(b.rows, bar{label: line.Label, numbers: []number{s.book.find("W5", name, "all", "school_year", year)}})
		f.Table.Rows = append(f.Table.Rows, line)
	}
	return []figure{f.drawn(b.draw)}
}

// servicesBySize are all services, the largest of a year first, those without a number
// last.
func (s *site) servicesBySize(year string) []string {
	size := func(name string) float64 {
		n := s.book.find("W5", name, "all", "school_year", year)
		if !n.known() {
			return -1
		}
		return n.value()
	}
	out := slices.Clone(national.Services)
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(size(b), size(a)) })
	return out
}

// services words the columns of the DNMA.
var services = map[string][2]string{
	"accueil": {
		"accueil",
		"home page",
	}, "actualites": {"actualités", "news"}, "cahier_textes": {"cahier de textes", "homework book"},
	"cahier_liaison": {
		"cahier de liaison",
		"liaison book",
	}, "courrier_electronique": {"courrier électronique", "e-mail"},
	"messagerie_instantanee": {
		"messagerie instantanée",
		"instant messages",
	}, "visioconference": {"visioconférence", "video conference"},
	"stockage_partage": {
		"stockage et partage",
		"storage and sharing",
	}, "production_collaborative": {"production collaborative", "collaborative work"},
	"documentation_cdi": {
		"documentation (CDI)",
		"library",
	}, "parcours_pedagogique": {"parcours pédagogique", "learning paths"},
	"reservation_salles_materiels": {"réservation de salles et matériels", "booking of rooms"},
	"service_collectivite":         {"service de la collectivité", "services of the local authority"},
	"services_vie_scolaire": {
		"services de vie scolaire",
		"school life services",
	}, "gestion_temps": {"gestion du temps", "timetable"},
	"absences": {
		"absences",
		"absences",
	}, "gestion_competences": {"gestion des compétences", "skills"}, "notes": {"notes", "grades"},
	"manuel_numerique": {
		"manuel numérique",
		"digital textbook",
	}, "ressource_multimedia": {"ressource multimédia", "multimedia resource"},
	"ressource_orientation": {
		"ressource d’orientation",
		"careers guidance",
	}, "ressource_production": {"ressource de production", "production resource"},
	"ressource_accompagnement_entrainement": {"accompagnement et entraînement", "practice resource"},
	"ressource_reference_dictionnaire":      {"référence et dictionnaire", "reference and dictionary"},
	"ressource_documentaire":                {"ressource documentaire", "documentary resource"},
}

func serviceName(l wording.Lang, name string) string {
	return wording.Capital(l.T(services[name][0], services[name][1]))
}
