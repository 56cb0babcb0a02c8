package pages

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/analysis/wording"
)

// weekly is the line of a measure over the weeks of the file.
func (s *site) weekly(name, id, measure, population string) (series, []number) {
	line := series{name: name}
	var found []number
	a := s.answers
	if len(a.Years) == 0 {
		return line, nil
	}
	for day := a.Years[0].First; day <= a.Years[len(a.Years)-1].Last; day += 7 {
		n := s.book.find(id, measure, population, "week", national.Date(day).Format(time.DateOnly))
		value := math.NaN()
		if n.known() {
			value = n.value()
		}
		line.days, line.values = append(line.days, day), append(line.values, value)
		found = append(found, n)
	}
	return line, found
}

// legends name the lines of a chart.
func legends(lines []series) []legend {
	if len(lines) < 2 {
		return nil
	}
	var out []legend
	for k, l := range lines {
		out = append(out, legend{Class: seriesClass(k), Text: l.name, Line: true})
	}
	return out
}

// visits is the page of W1.
func (s *site) visits() theme {
	t := theme{
		File:  "visites.html",
		Title: s.t("À quelle fréquence les parents viennent-ils ?", "How often do parents come?"),
		Lead: s.t("Une visite est une session : une suite d’actions sans pause de plus de 30 minutes.",
			"A visit is a session: a run of actions with no pause over 30 minutes."),
		Method: []string{
			s.t(
				"Le panel constant réunit les établissements mesurés, avec des visites de parents, dans quatre semaines "+
					"sur cinq au moins de chaque année scolaire complète ; il est suivi de septembre à juin. Lui seul parle "+
					"d’usage : le nombre d’établissements mesurés change d’année en année.",
				"The constant panel is the schools measured, with visits of parents, in four of five weeks at least of each "+
					"complete school year; it is followed from September to June. It alone speaks of use: the number of "+
					"measured schools changes from year to year.",
			),
			s.t(
				"Il n’existe pas de nombre de parents : on rapporte les parents venus dans la semaine (distincts dans un "+
					"établissement) aux élèves inscrits. Ce n’est pas une part des parents.",
				"There is no number of parents: parents who came in a week (distinct in a school) are held against pupils "+
					"enrolled. This is no share of parents.",
			),
			s.interval(),
		},
	}
	t.Figures = append(
		t.Figures,
		s.visitsByWeek(),
		s.visitsByYear(),
		s.visitsByLevel(),
		s.academyMap(),
		s.departementMap(),
	)
	return t
}

func (s *site) interval() string {
	return s.t(
		"L’intervalle à 95 % parle des établissements : là où le chiffre tomberait avec d’autres établissements "+
			"semblables. Il ne parle jamais de personnes, car les fichiers comptent tout le monde.",
		"The 95% interval speaks of schools: where the figure would fall with other similar schools. It never speaks of "+
			"persons, for the files count everyone.",
	)
}

func (s *site) visitsByWeek() figure {
	panel, a := s.weekly(s.t("panel constant", "constant panel"), "W1", "panel_visits_per_school_week", "parents")
	measured, b := s.weekly(
		s.t("tous les établissements mesurés", "all measured schools"),
		"W1",
		"visits_per_school_week",
		"parents",
	)
	lines := []series{panel, measured}
	f := figure{ID: "W1-semaines", Title: s.t("Visites de parents par établissement, semaine après semaine",
		"Visits of parents to a school, week by week"), Legend: legends(lines), Notes: s.timeNotes()}
	f.results = append(results(a...), results(b...)...)
	f.Reading = []string{
		s.t("L’écart entre les deux lignes est celui du périmètre : des établissements où l’on vient moins "+
			"sont entrés dans la mesure.", "The gap between the lines is that of the perimeter: schools that are visited less "+
			"came into the measure."),
	}
	f.Table = table{Head: []string{s.t("Semaine du", "Week of"), panel.name, measured.name}}
	for i := range a {
		if a[i].found || b[i].found {
			f.Table.Rows = append(f.Table.Rows, row{Label: s.date(panel.days[i]),
				Cells: []string{s.book.short(a[i], rate), s.book.short(b[i], rate)}})
		}
	}
	return f.drawn(timeline{lang: s.lang, series: lines, shaded: s.holidays, marks: s.marks, as: rate}.draw)
}

func (s *site) date(day int) string { return s.lang.Date(national.Date(day).Format(time.DateOnly)) }

func (s *site) visitsByYear() figure {
	f := figure{
		ID:    "W1-annees",
		Title: s.t("Visites de parents par année scolaire", "Visits of parents by school year"),
		Legend: []legend{
			{
				Class: "bar",
				Text: s.t(
					"panel constant, par établissement et semaine",
					"constant panel, for each school and week",
				),
			},
			{Class: "ci", Text: s.t("intervalle à 95 %", "95% interval")},
		},
	}
	f.Table = table{
		Head: []string{
			s.t("Année", "Year"),
			s.t("Visites", "Visits"),
			s.t("Par établissement et semaine", "By school and week"),
			s.t("Panel constant", "Constant panel"),
			s.t("Sur l’année d’avant", "On the year before"),
			s.t("Parents-semaines par élève", "Parent-weeks a pupil"),
		},
	}
	b := bars{book: s.book, as: rate}
	for _, y := range s.answers.Years {
		of := []string{"school_year", y.Label}
		total, measured := s.book.find(
			"W1",
			"visits",
			"parents",
			of...), s.book.find(
			"W1",
			"visits_per_school_week",
			"parents",
			of...)
		panel, change := s.book.find(
			"W1",
			"panel_visits_per_school_week",
			"parents",
			of...), s.book.find(
			"W1",
			"panel_change",
			"parents",
			of...)
		reach := s.book.find("W1", "user_weeks_per_pupil", "parents", of...)
		f.results = append(f.results, results(total, measured, panel, change, reach)...)
		cells := []string{
			s.book.write(total, counted),
			s.book.write(measured, rate),
			s.orDash(panel, rate),
			s.orDash(change, times),
			s.book.write(reach, three),
		}
		f.Table.Rows = append(f.Table.Rows, row{Label: y.Label, Cells: cells})
		if panel.found {
			b.rows = append(b.rows, bar{label: s.yearLabel(y), number: panel})
		}
		if y.Break != nil {
			f.Notes = append(f.Notes, s.breakText(y.Break))
		}
	}
	if n := s.book.find("W1", "panel_schools", "parents", "school_year", s.last); n.known() {
		lost := s.book.find("W1", "panel_attrition", "parents", "school_year", s.last)
		f.Reading = append(
			f.Reading,
			fmt.Sprintf(
				s.t(
					"Le panel constant compte %s établissements ; en %s, %s des établissements mesurés n’en sont pas.",
					"The constant panel has %s schools; in %s, %s of the measured schools are outside.",
				),
				s.book.short(n, counted),
				s.last,
				s.book.short(lost, percent),
			),
		)
	}
	if len(b.rows) == 0 {
		return f
	}
	return f.drawn(b.draw)
}

// orDash writes a number, or a dash where the question does not arise.
func (s *site) orDash(n number, as format) string {
	if !n.found {
		return "–"
	}
	return s.book.write(n, as)
}

func (s *site) yearLabel(y national.Year) string {
	switch {
	case y.Break != nil:
		return y.Label + s.t(" (après rupture)", " (after a break)")
	case !y.Complete:
		return y.Label + s.t(" (incomplète)", " (not complete)")
	}
	return y.Label
}

func (s *site) visitsByLevel() figure {
	f := figure{
		ID: "W1-niveaux",
		Title: s.t("Visites par établissement et par semaine, selon le niveau et la position sociale, ",
			"Visits for each school and week, by level and social position, ") + s.last,
	}
	b := bars{book: s.book, as: rate}
	f.Table = table{Head: []string{s.t("Groupe", "Group"), s.t("Par établissement et semaine", "By school and week"),
		s.t("Parents-semaines par élève", "Parent-weeks a pupil"), s.t("Établissements", "Schools")}}
	add := func(label string, keys ...string) {
		keys = append([]string{"school_year", s.last}, keys...)
		n, reach := s.book.find(
			"W1",
			"visits_per_school_week",
			"parents",
			keys...), s.book.find(
			"W1",
			"user_weeks_per_pupil",
			"parents",
			keys...)
		if !n.known() {
			return
		}
		b.rows = append(b.rows, bar{label: label, number: n})
		f.results = append(f.results, results(n, reach)...)
		f.Table.Rows = append(
			f.Table.Rows,
			row{Label: label, Cells: []string{s.book.write(n, rate), s.book.write(reach, three), s.lang.Count(n.N)}},
		)
	}
	for _, level := range national.Levels {
		name := levelName(s.lang, level)
		if !s.book.find("W1", "visits_per_school_week", "parents", "school_year", s.last, "level", level).known() {
			continue
		}
		b.rows = append(b.rows, bar{label: wording.Capital(name), head: true})
		f.Table.Rows = append(f.Table.Rows, row{Label: wording.Capital(name), Head: true})
		add(s.t("ensemble", "all"), "level", level)
		for _, sector := range []string{"PU", "PR"} {
			add(sectorName(s.lang, sector), "level", level, "sector", sector)
		}
		for _, band := range []string{"1", "2", "3", "4", "5"} {
			add(bandName(s.lang, band), "level", level, "ips_band", band)
		}
	}
	if len(b.rows) == 0 {
		return f
	}
	return f.drawn(b.draw)
}

func (s *site) academyMap() figure {
	names := s.groupValues("academie")
	return s.tileFigure("W1-academies", s.t(
		"Visites de parents par établissement et par semaine, par académie, ",
		"Visits of parents for each school and week, by académie, ",
	)+s.last, "academie", names, func(of func(string) number) tiles {
		return academyTiles(s.book, names, of, rate)
	})
}

func (s *site) departementMap() figure {
	return s.tileFigure(
		"W1-departements",
		s.t(
			"Visites de parents par établissement et par semaine, par département, ",
			"Visits of parents for each school and week, by département, ",
		)+s.last,
		"departement",
		s.groupValues("departement"),
		func(of func(string) number) tiles { return departementTiles(s.book, of, rate) },
	)
}

// groupValues are the values of a grouping in the last school year, in order.
func (s *site) groupValues(grouping string) []string {
	var out []string
	for _, r := range s.answers.Results {
		v := r.Group[grouping]
		if r.Indicator == "W1" && v != "" && r.Group["school_year"] == s.last && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}

func (s *site) tileFigure(
	id, title, grouping string,
	names []string,
	make func(of func(string) number) tiles,
) figure {
	f := figure{ID: id, Title: title}
	of := func(name string) number {
		return s.book.find("W1", "visits_per_school_week", "parents", "school_year", s.last, grouping, name)
	}
	m := make(of)
	f.Legend = m.legend()
	f.Table = table{
		Head: []string{
			s.t("Territoire", "Territory"),
			s.t("Par établissement et semaine", "By school and week"),
			s.t("Établissements", "Schools"),
		},
	}
	for _, name := range names {
		n := of(name)
		f.results = append(f.results, results(n)...)
		f.Table.Rows = append(
			f.Table.Rows,
			row{Label: name, Cells: []string{s.book.write(n, rate), s.lang.Count(n.N)}},
		)
	}
	f.Reading = []string{
		s.t(
			"Chaque territoire a la même surface ; les classes en comptent autant les unes que les autres. Un "+
				"territoire clair peut être un territoire où sont mesurées surtout des écoles.",
			"Every territory has the same area; the classes are equal in number. A light one may be a territory where mostly "+
				"primary schools are measured.",
		),
	}
	return f.drawn(m.draw)
}

// perimeter is the page of W2.
func (s *site) perimeter() theme {
	t := theme{
		File: "perimetre.html",
		Title: s.t("Qu’est-ce qui est mesuré, qu’est-ce qui s’est arrêté, qu’est-ce qui a changé de méthode ?",
			"What is measured, what stopped, and what changed its method?"),
		Lead: s.t("Un flux arrêté ou une rupture de méthode ne sont jamais présentés comme un usage.",
			"A feed that stopped or a break of method is never shown as use."),
		Method: []string{
			s.t(
				"Un flux est dit arrêté quand une colonne tombe sous un centième de son niveau médian pendant dix semaines au "+
					"moins où le reste du fichier continue. Ces semaines n’entrent dans aucun taux.",
				"A feed is said to have stopped when a column falls below a hundredth of its median level for ten weeks at least "+
					"in which the rest of the file goes on. These weeks are in no rate.",
			),
			s.t(
				"Une rupture est déclarée quand deux profils des mêmes établissements divergent de plus d’un quart (tout l’intervalle) "+
					"d’une année à l’autre, dans neuf semaines de classe sur dix au moins, chacune comparée à la même semaine de l’année d’avant.",
				"A break is declared when two profiles of the same schools move apart by more than a quarter (the whole interval) from one "+
					"year to the next, in nine weeks of term of ten at least, each against the same week of the year before.",
			),
		},
	}
	line, found := s.weekly("", "W2", "schools", "schools")
	f := figure{
		ID:      "W2-semaines",
		Title:   s.t("Établissements mesurés, semaine après semaine", "Schools measured, week by week"),
		Notes:   s.timeNotes(),
		results: results(found...),
	}
	f.Table = table{Head: []string{s.t("Semaine du", "Week of"), s.t("Établissements", "Schools")}}
	for i, n := range found {
		if n.found {
			f.Table.Rows = append(
				f.Table.Rows,
				row{Label: s.date(line.days[i]), Cells: []string{s.book.short(n, counted)}},
			)
		}
	}
	if len(found) > 0 {
		f = f.drawn(
			timeline{lang: s.lang, series: []series{line}, shaded: s.holidays, marks: s.marks, as: counted}.draw,
		)
	}
	t.Figures = append(t.Figures, f, s.schoolsByYear(), s.academiesByYear(), s.stopped(), s.breaks())
	return t
}

func (s *site) schoolsByYear() figure {
	f := figure{
		ID:    "W2-annees",
		Title: s.t("Établissements mesurés, entrés et sortis", "Schools measured, joined and left"),
	}
	f.Table = table{
		Head: []string{
			s.t("Année", "Year"),
			s.t("Mesurés", "Measured"),
			s.t("Entrés", "Joined"),
			s.t("Sortis", "Left"),
			s.t("Écoles", "Primary"),
			s.t("Collèges", "Collèges"),
			s.t("Lycées", "Lycées"),
		},
	}
	b := bars{book: s.book, as: counted}
	for _, y := range s.answers.Years {
		of := []string{"school_year", y.Label}
		n, joined, left := s.book.find(
			"W2",
			"schools",
			"schools",
			of...), s.book.find(
			"W2",
			"joined",
			"schools",
			of...), s.book.find(
			"W2",
			"left",
			"schools",
			of...)
		f.results = append(f.results, results(n, joined, left)...)
		cells := []string{s.book.short(n, counted), s.orDash(joined, counted), s.orDash(left, counted)}
		for _, level := range national.Levels {
			l := s.book.find("W2", "schools", "schools", append(of, "level", level)...)
			f.results = append(f.results, results(l)...)
			cells = append(cells, s.orDash(l, counted))
		}
		f.Table.Rows = append(f.Table.Rows, row{Label: y.Label, Cells: cells})
		b.rows = append(b.rows, bar{label: s.yearLabel(y), number: n})
	}
	if len(b.rows) == 0 {
		return f
	}
	return f.drawn(b.draw)
}

// academiesByYear shows the académies that come, go or nearly vanish.
func (s *site) academiesByYear() figure {
	f := figure{
		ID: "W2-academies",
		Title: s.t(
			"Établissements mesurés, par académie et année scolaire",
			"Schools measured, by académie and school year",
		),
	}
	f.Table.Head = []string{s.t("Académie", "Académie")}
	for _, y := range s.answers.Years {
		f.Table.Head = append(f.Table.Head, y.Label)
	}
	var names []string
	for _, r := range s.answers.Results {
		if r.Indicator == "W2" && r.Measure == "schools" && r.Group["academie"] != "" &&
			!slices.Contains(names, r.Group["academie"]) {
			names = append(names, r.Group["academie"])
		}
	}
	slices.Sort(names)
	for _, name := range names {
		line := row{Label: name}
		most, last := 0.0, 0.0
		for _, y := range s.answers.Years {
			n := s.book.find("W2", "schools", "schools", "academie", name, "school_year", y.Label)
			f.results = append(f.results, results(n)...)
			line.Cells = append(line.Cells, s.orDash(n, counted))
			last = 0
			if n.known() {
				last = n.value()
			}
			most = math.Max(most, last)
		}
		if most >= 20 && last*10 < most {
			f.Notes = append(
				f.Notes,
				fmt.Sprintf(s.t("%s a presque disparu de la mesure : ce n’est pas une baisse d’usage.",
					"%s nearly vanished from the measure: it is no fall in use."), name),
			)
		}
		f.Table.Rows = append(f.Table.Rows, line)
	}
	return f
}

func (s *site) stopped() figure {
	f := figure{
		ID: "W2-flux",
		Title: s.t(
			"Flux arrêtés : une colonne à 0 n’est pas un usage à 0",
			"Feeds that stopped: a column at 0 is no use at 0",
		),
	}
	f.Table = table{
		Head: []string{
			s.t("Colonne", "Column"),
			s.t("Académie", "Académie"),
			s.t("Depuis le", "Since"),
			s.t("Jusqu’au", "Until"),
			s.t("Semaines", "Weeks"),
		},
	}
	for _, r := range s.answers.Results {
		if r.Indicator != "W2" || r.Group["column"] == "" || r.Group["since"] == "" {
			continue
		}
		where, until := r.Group["academie"], s.t("la fin du fichier", "the end of the file")
		if where == "" {
			where = s.t("toutes", "all")
		}
		if r.Group["until"] != "" {
			until = s.lang.Date(r.Group["until"])
		}
		f.results = append(f.results, r)
		f.Table.Rows = append(f.Table.Rows, row{Label: r.Group["column"],
			Cells: []string{where, s.lang.Date(r.Group["since"]), until, s.book.short(number{r, true}, counted)}})
	}
	if len(f.Table.Rows) == 0 {
		f.Reading = []string{
			s.t(
				"Aucun flux arrêté n’a été trouvé dans ces fichiers.",
				"No feed that stopped was found in these files.",
			),
		}
	}
	return f
}

func (s *site) breaks() figure {
	f := figure{
		ID:    "W2-ruptures",
		Title: s.t("Ruptures de méthode entre années scolaires", "Breaks of method between school years"),
	}
	f.Table = table{
		Head: []string{
			s.t("Année", "Year"),
			s.t("Rupture", "Break"),
			s.t("Profils qui divergent", "Profiles that move apart"),
			s.t("Rapport", "Ratio"),
		},
	}
	for _, y := range s.answers.Years {
		n := s.book.find("W2", "break", "schools", "school_year", y.Label)
		if !n.found {
			continue
		}
		f.results = append(f.results, results(n)...)
		if y.Break == nil {
			f.Table.Rows = append(f.Table.Rows, row{Label: y.Label, Cells: []string{s.t("non", "no"), "–", "–"}})
			continue
		}
		for _, d := range y.Break.Pairs {
			r := s.book.find("W2", "break_ratio", "schools", "school_year", y.Label, "profiles", d.A+"/"+d.B)
			f.results = append(f.results, results(r)...)
			pair := s.profiles([]string{d.A, d.B})
			f.Table.Rows = append(
				f.Table.Rows,
				row{
					Label: y.Label,
					Cells: []string{s.t("oui", "yes"), pair[0] + " ÷ " + pair[1], s.book.write(r, times)},
				},
			)
		}
		f.Reading = append(f.Reading, s.breakText(y.Break))
	}
	return f
}

// events is the page of W3.
func (s *site) events() theme {
	t := theme{
		File:  "evenements.html",
		Title: s.t("Qu’est-ce qui a changé avec le confinement ?", "What changed with the lockdown?"),
		Lead: s.t("Les mêmes établissements, les mêmes semaines de l’année, comparées à une autre année scolaire.",
			"The same schools, the same weeks of the year, held against another school year."),
		Method: []string{
			s.t(
				"Série interrompue sur le logarithme du rapport entre l’année de l’événement et l’année de comparaison, semaines de "+
					"classe seules. L’intervalle est le plus large de deux : Newey–West (semaines) et jackknife par département (établissements).",
				"Interrupted series on the logarithm of the ratio between the year of the event and the one it is held against, weeks of term "+
					"only. The interval is the wider of two: Newey–West (weeks) and jackknife over départements (schools).",
			),
			s.t(
				"Une autre cause à la même date aurait le même visage.",
				"Another cause on the same date would look alike.",
			),
		},
	}
	days := map[string]bool{}
	for _, r := range s.answers.Results {
		day := r.Group["event"]
		if r.Indicator != "W3" || day == "" || days[day] {
			continue
		}
		days[day] = true
		t.Figures = append(t.Figures, s.event(day))
	}
	if len(t.Figures) == 0 {
		t.Figures = append(t.Figures, s.absent("W3-evenement", s.t("Avant et après", "Before and after"),
			s.book.find("W3", "level_ratio", "parents")))
	}
	return t
}

// absent is a figure that has only the reason why there is none.
func (s *site) absent(id, title string, n number) figure {
	return figure{ID: id, Title: title, Reading: []string{s.lang.Sentence(s.book.why(n))}, results: results(n)}
}

func (s *site) event(day string) figure {
	level, slope := s.book.find(
		"W3",
		"level_ratio",
		"parents",
		"event",
		day,
	), s.book.find(
		"W3",
		"slope_ratio",
		"parents",
		"event",
		day,
	)
	mean := s.book.find("W3", "mean_ratio", "parents", "event", day)
	name := s.lang.Date(day)
	for _, e := range s.answers.Asked {
		if e.Day.Format(time.DateOnly) == day {
			name = e.Name + s.t(", ", ", ") + name
		}
	}
	f := figure{
		ID:      "W3-" + day,
		Title:   s.t("Visites de parents autour de : ", "Visits of parents around: ") + name,
		results: results(level, slope, mean),
	}
	if !level.known() {
		f.Reading = []string{s.lang.Sentence(s.book.why(level))}
		return f
	}
	f.Reading = []string{
		fmt.Sprintf(
			s.t("Niveau la semaine de l’événement : %s.", "Level in the week of the event: %s."),
			s.book.write(level, times),
		),
		fmt.Sprintf(s.t("Ensuite, chaque semaine : %s.", "Afterwards, each week: %s."), s.book.write(slope, times)),
		fmt.Sprintf(s.t(
			"En moyenne des semaines qui suivent : %s, dans %s établissements mesurés les deux années.",
			"On average over the weeks that follow: %s, in %s schools measured in both years.",
		), s.book.write(mean, times), s.lang.Count(mean.N)),
	}
	f.Table = table{
		Head: []string{
			s.t("Semaine du", "Week of"),
			s.t("Rapport aux semaines d’avant", "Ratio to the weeks before"),
		},
	}
	for _, study := range s.answers.Events {
		if study.Day.Format(time.DateOnly) != day {
			continue
		}
		f.Notes = append(
			f.Notes,
			fmt.Sprintf(s.t("Année %s rapportée à %s, semaine par semaine ; 1 est la moyenne d’avant l’événement.",
				"Year %s held against %s, week by week; 1 is the mean before the event."), study.Year, study.Other),
		)
		line := series{}
		low, high := series{class: "s1"}, series{class: "s1"}
		for _, w := range study.Weeks {
			n := s.book.find(
				"W3",
				"week_ratio",
				"parents",
				"event",
				day,
				"week",
				national.Date(w.Day).Format(time.DateOnly),
			)
			f.results = append(f.results, results(n)...)
			f.Table.Rows = append(f.Table.Rows, row{Label: s.date(w.Day), Cells: []string{s.book.write(n, times)}})
			line.add(w.Day, w.Ratio.Value)
			low.add(w.Day, w.Ratio.Low)
			high.add(w.Day, w.Ratio.High)
		}
		c := timeline{lang: s.lang, series: []series{line, low, high}, shaded: s.holidays, as: two, base: 1,
			marks: []mark{{study.Monday, "ref", study.Name}}}
		f.Legend = []legend{{Class: "s0", Text: s.t("rapport de la semaine", "ratio of the week"), Line: true},
			{Class: "s1", Text: s.t("intervalle à 95 %", "95% interval"), Line: true}}
		f = f.drawn(c.draw)
	}
	return f
}

// add puts a week behind the line, with a gap where weeks are left out.
func (l *series) add(day int, value float64) {
	if n := len(l.days); n > 0 && day-l.days[n-1] > 7 {
		l.days, l.values = append(l.days, day-7), append(l.values, math.NaN())
	}
	l.days, l.values = append(l.days, day), append(l.values, value)
}
