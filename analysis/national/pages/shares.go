package pages

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/analysis/wording"
)

// deviceName words a device.
func deviceName(l wording.Lang, device string) string {
	switch device {
	case "smartphone":
		return l.T("smartphone", "smartphone")
	case "ordinateur":
		return l.T("ordinateur", "computer")
	case "tablette":
		return l.T("tablette", "tablet")
	}
	return l.T("autre appareil", "another device")
}

// shareYear is the school year of the shares without one: the last that the file holds.
func (s *site) shareYear(id, measure, population string) string {
	last := ""
	for _, y := range s.answers.Years {
		if s.book.find(id, measure, population, "school_year", y.Label).found && (y.Position >= 0 || last == "") {
			last = y.Label
		}
	}
	return last
}

// devices is the page of W4.
func (s *site) devices() theme {
	t := theme{
		File:  "appareils.html",
		Title: s.t("Avec quel appareil les parents viennent-ils ?", "On which device do parents come?"),
		Lead: s.t(
			"Quatre classes, dont la somme fait 100 % ; les élèves à côté.",
			"Four classes that add up to 100%; pupils beside.",
		),
		Method: []string{s.t("Part des visites, non des personnes : un même parent peut venir avec deux appareils.",
			"A share of visits, not of persons: one parent may come with two devices."), s.interval()},
	}
	if !s.book.find("W4", "smartphone", "parents").known() {
		t.Figures = []figure{
			s.absent(
				"W4-appareils",
				s.t("Part des visites par appareil", "Share of visits by device"),
				s.book.find("W4", "smartphone", "parents"),
			),
		}
		return t
	}
	year := s.shareYear("W4", "smartphone", "parents")
	f := figure{
		ID:    "W4-appareils",
		Title: s.t("Part des visites par appareil, ", "Share of visits by device, ") + year,
		Legend: []legend{
			{Class: "bar", Text: "parents"},
			{Class: "bar second", Text: s.t("élèves", "pupils")},
			{Class: "ci", Text: s.t("intervalle à 95 %", "95% interval")},
		},
	}
	f.Table = table{Head: []string{s.t("Appareil", "Device"), "Parents", s.t("Élèves", "Pupils")}}
	b := bars{book: s.book, as: percent}
	for _, d := range national.Devices {
		parents, pupils := s.book.find(
			"W4",
			d,
			"parents",
			"school_year",
			year,
		), s.book.find(
			"W4",
			d,
			"pupils",
			"school_year",
			year,
		)
		f.results = append(f.results, results(parents, pupils)...)
		name := wording.Capital(deviceName(s.lang, d))
		b.rows = append(
			b.rows,
			bar{label: name + ", parents", number: parents},
			bar{label: name + s.t(", élèves", ", pupils"), number: pupils, second: true},
		)
		f.Table.Rows = append(
			f.Table.Rows,
			row{Label: name, Cells: []string{s.book.write(parents, percent), s.book.write(pupils, percent)}},
		)
	}
	t.Figures = []figure{f.drawn(b.draw), s.devicesByYear(), s.devicesByGroup(year)}
	return t
}

func (s *site) devicesByYear() figure {
	f := figure{
		ID: "W4-annees",
		Title: s.t(
			"Part des visites de parents par appareil et par année scolaire",
			"Share of visits of parents by device and school year",
		),
	}
	f.Table.Head = []string{s.t("Année", "Year")}
	b := bars{book: s.book, as: percent}
	for _, d := range national.Devices {
		f.Table.Head = append(f.Table.Head, wording.Capital(deviceName(s.lang, d)))
	}
	for _, y := range s.answers.Years {
		line := row{Label: s.yearLabel(y)}
		found := false
		for _, d := range national.Devices {
			n := s.book.find("W4", d, "parents", "school_year", y.Label)
			f.results = append(f.results, results(n)...)
			found = found || n.found
			line.Cells = append(line.Cells, s.book.write(n, percent))
			if d == "smartphone" && n.found {
				b.rows = append(b.rows, bar{label: s.yearLabel(y), number: n})
			}
		}
		if found {
			f.Table.Rows = append(f.Table.Rows, line)
		}
	}
	f.Reading = []string{
		s.t(
			"Les barres montrent le smartphone ; le tableau donne les quatre appareils.",
			"The bars show smartphones; the table has all four devices.",
		),
	}
	return f.drawn(b.draw)
}

func (s *site) devicesByGroup(year string) figure {
	f := figure{
		ID: "W4-groupes",
		Title: s.t(
			"Part du smartphone dans les visites de parents, selon l’établissement, ",
			"Share of smartphones in visits of parents, by school, ",
		) + year,
	}
	f.Table.Head = []string{s.t("Groupe", "Group"), "Smartphone"}
	b := bars{book: s.book, as: percent}
	add := func(label, grouping, value string) {
		n := s.book.find("W4", "smartphone", "parents", "school_year", year, grouping, value)
		if n.known() {
			f.results = append(f.results, results(n)...)
			b.rows = append(b.rows, bar{label: label, number: n})
			f.Table.Rows = append(f.Table.Rows, row{Label: label, Cells: []string{s.book.write(n, percent)}})
		}
	}
	for _, level := range national.Levels {
		add(wording.Capital(levelName(s.lang, level)), "level", level)
	}
	for _, sector := range []string{"PU", "PR"} {
		add(wording.Capital(sectorName(s.lang, sector)), "sector", sector)
	}
	for _, band := range []string{"1", "2", "3", "4", "5"} {
		add(wording.Capital(bandName(s.lang, band)), "ips_band", band)
	}
	if len(b.rows) == 0 {
		return f
	}
	return f.drawn(b.draw)
}

// services is the page of W5.
func (s *site) services() theme {
	t := theme{
		File:  "services.html",
		Title: s.t("Pour quoi vient-on ? Tous les services", "What do people come for? All services"),
		Lead: s.t(
			"Part de chaque service dans les visites de tous les services mesurés, tous profils : les fichiers ne disent pas lesquelles sont de parents.",
			"The share of each service in the visits of all measured services, all profiles: the files do not say which are parents’.",
		),
		Method: []string{
			s.t(
				"Un service dont le flux est arrêté n’a pas de part : ce n’est pas zéro. Une visite peut passer par plusieurs services.",
				"A service whose feed stopped has no share: it is not zero. One visit may go through several services.",
			),
			s.interval(),
		},
	}
	year := s.shareYear("W5", "accueil", "all")
	if year == "" {
		t.Figures = []figure{
			s.absent(
				"W5-services",
				s.t("Part de chaque service", "Share of each service"),
				s.book.find("W5", "accueil", "all"),
			),
		}
		return t
	}
	f := figure{ID: "W5-services", Title: s.t("Part de chaque service, ", "Share of each service, ") + year}
	f.Table.Head = []string{s.t("Service", "Service")}
	for _, y := range s.answers.Years {
		if s.book.find("W5", "accueil", "all", "school_year", y.Label).found {
			f.Table.Head = append(f.Table.Head, y.Label)
		}
	}
	b := bars{book: s.book, as: percent}
	for _, name := range s.servicesBySize(year) {
		line := row{Label: serviceName(s.lang, name)}
		for _, y := range f.Table.Head[1:] {
			n := s.book.find("W5", name, "all", "school_year", y)
			f.results = append(f.results, results(n)...)
			line.Cells = append(line.Cells, s.book.short(n, percent))
		}
		b.rows = append(b.rows, bar{label: line.Label, number: s.book.find("W5", name, "all", "school_year", year)})
		f.Table.Rows = append(f.Table.Rows, line)
	}
	t.Figures = []figure{f.drawn(b.draw)}
	return t
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

// gradient is the page of W6.
func (s *site) gradient() theme {
	t := theme{
		File: "position-sociale.html",
		Title: s.t(
			"L’usage suit-il la position sociale de l’établissement ?",
			"Does use follow the social position of the school?",
		),
		Lead: s.t(
			"Quintiles d’indice de position sociale (IPS) des établissements d’un niveau, pondérés par leurs élèves.",
			"Quintiles of the index of social position (IPS) of the schools of a level, weighted by their pupils.",
		),
		Method: []string{
			s.t(
				"Le lien est entre établissements, non entre familles (erreur écologique) : il ne dit pas quelles familles viennent dans un établissement.",
				"The link is between schools, not families (ecological fallacy): it does not say which families come within a school.",
			),
			s.t(
				"Rapport : quintile le plus haut ÷ le plus bas. SII : écart entre le sommet et le bas de l’échelle ; RII : leur rapport ; indice de "+
					"concentration : de −1 à 1, positif quand l’usage se concentre en haut. Jackknife par département.",
				"Ratio: top ÷ bottom quintile. SII: the difference between the top and the bottom of the scale; RII: their ratio; concentration index: "+
					"from −1 to 1, positive when use gathers at the top. Jackknife over départements.",
			),
		},
	}
	if n := s.book.find("W6", "ratio", "parents"); n.found {
		t.Figures = []figure{s.absent("W6-quintiles", s.t("Usage par quintile d’IPS", "Use by quintile of IPS"), n)}
		return t
	}
	for _, level := range national.Levels {
		if s.book.find("W6", "ratio", "parents", "level", level).known() {
			t.Figures = append(t.Figures, s.quintiles(level))
		}
	}
	t.Figures = append(t.Figures, s.indices(), s.gradientByYear())
	return t
}

func (s *site) quintiles(level string) figure {
	f := figure{ID: "W6-" + level, Title: wording.Capital(levelName(s.lang, level)) +
		s.t(
			" : parents-semaines par élève inscrit, par quintile d’IPS, ",
			": parent-weeks a pupil enrolled, by quintile of IPS, ",
		) + s.last}
	f.Table.Head = []string{
		s.t("Quintile", "Quintile"),
		s.t("Parents-semaines par élève", "Parent-weeks a pupil"),
		s.t("Visites par élève et semaine", "Visits a pupil and week"),
		s.t("Établissements", "Schools"),
	}
	b := bars{book: s.book, as: three}
	for _, band := range []string{"1", "2", "3", "4", "5"} {
		of := []string{"level", level, "ips_band", band}
		users, visits := s.book.find(
			"W6",
			"user_weeks_per_pupil",
			"parents",
			of...), s.book.find(
			"W6",
			"visits_per_pupil",
			"parents",
			of...)
		f.results = append(f.results, results(users, visits)...)
		b.rows = append(b.rows, bar{label: wording.Capital(bandName(s.lang, band)), number: users})
		f.Table.Rows = append(
			f.Table.Rows,
			row{
				Label: bandName(s.lang, band),
				Cells: []string{s.book.write(users, three), s.book.write(visits, three), s.lang.Count(users.N)},
			},
		)
	}
	ratio := s.book.find("W6", "ratio", "parents", "level", level)
	f.results = append(f.results, results(ratio)...)
	f.Reading = []string{
		fmt.Sprintf(
			s.t("Du quintile le plus bas au plus haut : %s.", "From the lowest quintile to the highest: %s."),
			s.book.write(ratio, times),
		),
	}
	return f.drawn(b.draw)
}

func (s *site) indices() figure {
	f := figure{
		ID: "W6-indices",
		Title: s.t(
			"Indices d’inégalité, public et privé à part, ",
			"Indices of inequality, public and private apart, ",
		) + s.last,
	}
	f.Table.Head = []string{
		s.t("Établissements", "Schools"),
		s.t("Rapport", "Ratio"),
		"SII",
		"RII",
		s.t("Concentration", "Concentration"),
		"n",
	}
	b := bars{book: s.book, as: times, line: 1}
	for _, level := range national.Levels {
		for _, sector := range []string{"", "PU", "PR"} {
			of := []string{"level", level}
			if sector != "" {
				of = append(of, "sector", sector)
			}
			ratio := s.book.find("W6", "ratio", "parents", of...)
			if !ratio.known() {
				continue
			}
			sii, rii := s.book.find("W6", "sii", "parents", of...), s.book.find("W6", "rii", "parents", of...)
			concentration := s.book.find("W6", "concentration_index", "parents", of...)
			label := wording.Capital(levelName(s.lang, level)) + ", " + sectorName(s.lang, sector)
			f.results = append(f.results, results(ratio, sii, rii, concentration)...)
			b.rows = append(b.rows, bar{label: label, number: ratio, second: sector == "PR"})
			f.Table.Rows = append(
				f.Table.Rows,
				row{
					Label: label,
					Cells: []string{s.book.write(ratio, times), s.book.write(sii, three), s.book.write(rii, times),
						s.book.write(concentration, three), s.lang.Count(ratio.N)},
				},
			)
		}
	}
	if len(b.rows) == 0 {
		return f
	}
	return f.drawn(b.draw)
}

func (s *site) gradientByYear() figure {
	f := figure{
		ID: "W6-annees",
		Title: s.t(
			"Rapport du quintile le plus haut au plus bas, par année scolaire",
			"Ratio of the top to the bottom quintile, by school year",
		),
	}
	f.Table.Head = []string{s.t("Année", "Year")}
	for _, level := range national.Levels {
		f.Table.Head = append(f.Table.Head, wording.Capital(levelName(s.lang, level)))
	}
	b := bars{book: s.book, as: times, line: 1}
	for _, level := range national.Levels {
		head := false
		for _, y := range s.answers.Years {
			n := s.book.find("W6", "ratio", "parents", "level", level, "school_year", y.Label)
			if !n.known() {
				continue
			}
			if !head {
				b.rows, head = append(b.rows, bar{label: wording.Capital(levelName(s.lang, level)), head: true}), true
			}
			b.rows = append(b.rows, bar{label: s.yearLabel(y), number: n})
		}
	}
	for _, y := range s.answers.Years {
		line := row{Label: s.yearLabel(y)}
		found := false
		for _, level := range national.Levels {
			n := s.book.find("W6", "ratio", "parents", "level", level, "school_year", y.Label)
			f.results = append(f.results, results(n)...)
			found = found || n.found
			line.Cells = append(line.Cells, s.orDash(n, times))
		}
		if found {
			f.Table.Rows = append(f.Table.Rows, line)
		}
	}
	if len(b.rows) == 0 {
		return f
	}
	return f.drawn(b.draw)
}

// calendar is the page of W7.
func (s *site) calendar() theme {
	t := theme{
		File:  "calendrier.html",
		Title: s.t("Les parents viennent-ils pendant les vacances ?", "Do parents come in the holidays?"),
		Lead: s.t("Semaines de classe et semaines sans un jour de classe, par zone, dans les mêmes établissements.",
			"Weeks of term and weeks without a day of class, by zone, in the same schools."),
		Method: []string{
			s.t(
				"Les semaines coupées par des vacances n’entrent dans aucun des deux groupes.",
				"Weeks cut by a holiday are in neither group.",
			),
			s.interval(),
		},
	}
	all := s.book.find("W7", "ratio", "parents")
	if !all.known() {
		t.Figures = []figure{
			s.absent("W7-zones", s.t("Semaines de classe et vacances", "Term and holidays"), all),
			s.publication(),
		}
		return t
	}
	f := figure{
		ID: "W7-zones",
		Title: s.t(
			"Visites de parents par établissement et par semaine, classe et vacances, ",
			"Visits of parents for each school and week, term and holidays, ",
		) + s.last,
		Legend: []legend{
			{Class: "bar", Text: s.t("semaines de classe", "weeks of term")},
			{Class: "bar second", Text: s.t("vacances", "holidays")},
		},
	}
	f.Table.Head = []string{
		s.t("Zone", "Zone"),
		s.t("Classe", "Term"),
		s.t("Vacances", "Holidays"),
		s.t("Rapport", "Ratio"),
		s.t("Établissements", "Schools"),
	}
	b := bars{book: s.book, as: rate}
	add := func(label string, keys ...string) {
		term, holidays := s.book.find(
			"W7",
			"term",
			"parents",
			keys...), s.book.find(
			"W7",
			"holidays",
			"parents",
			keys...)
		ratio := s.book.find("W7", "ratio", "parents", keys...)
		if !term.known() {
			return
		}
		f.results = append(f.results, results(term, holidays, ratio)...)
		b.rows = append(
			b.rows,
			bar{label: label + s.t(", classe", ", term"), number: term},
			bar{label: label + s.t(", vacances", ", holidays"), number: holidays, second: true},
		)
		f.Table.Rows = append(
			f.Table.Rows,
			row{
				Label: label,
				Cells: []string{
					s.book.write(term, rate),
					s.book.write(holidays, rate),
					s.book.write(ratio, times),
					s.lang.Count(ratio.N),
				},
			},
		)
	}
	add(s.t("Toutes les zones", "All zones"))
	for _, zone := range s.answers.Zones() {
		add(s.t("Zone ", "Zone ")+zone, "zone", zone)
	}
	f.Reading = []string{
		fmt.Sprintf(
			s.t(
				"Une semaine de vacances compte %s fois les visites d’une semaine de classe.",
				"A week of holidays has %s times the visits of a week of term.",
			),
			s.book.write(all, two),
		),
	}
	t.Figures = []figure{f.drawn(b.draw), s.publication()}
	return t
}

func (s *site) publication() figure {
	return s.absent(
		"W7-bulletins",
		s.t("Jours de parution des bulletins", "Days on which report books come out"),
		s.book.find("W7", "publication_days", "parents"),
	)
}
