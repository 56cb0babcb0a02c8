package pages

import (
	"github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/analysis/wording"
)

// visits are the figures of W1.
func (s *site) visits() []figure {
	return []figure{s.visitsByWeek(), s.visitsByYear(), s.visitsByLevel(), s.academyMap(), s.departementMap()}
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
			"sont entrés dans la mesure.",
			"The gap between the lines is that of the perimeter: schools that are visited less came into the measure."),
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

func (s *site) visitsByYear() figure {
	f := figure{
		ID:    "W1-annees",
		Title: s.t("Visites de parents par année scolaire", "Visits of parents by school year"),
		Legend: []legend{
			{
				Class: "dot",
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
		total := s.book.parents("W1", "visits", of...)
		measured := s.book.parents("W1", "visits_per_school_week", of...)
		panel := s.book.parents("W1", "panel_visits_per_school_week", of...)
		change := s.book.parents("W1", "panel_change", of...)
		reach := s.book.parents("W1", "user_weeks_per_pupil", of...)
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
			b.rows = append(b.rows, bar{label: s.yearLabel(y), numbers: []number{panel}})
		}
		if y.Break != nil {
			f.Notes = append(f.Notes, s.breakText(y.Break))
		}
	}
	if n := s.book.parents("W1", "panel_schools", "school_year", s.last); n.known() {
		lost := s.book.parents("W1", "panel_attrition", "school_year", s.last)
		f.Reading = append(
			f.Reading,
			s.f("Le panel constant compte %s établissements ; en %s, %s des établissements mesurés n’en sont "+
				"pas.",
				"The constant panel has %s schools; in %s, %s of the measured schools are outside.",
				s.book.short(n, counted), s.last, s.book.short(lost, percent)),
		)
	}
	if len(b.rows) == 0 {
		return f
	}
	return f.drawn(b.draw)
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
		n := s.book.parents("W1", "visits_per_school_week", keys...)
		reach := s.book.parents("W1", "user_weeks_per_pupil", keys...)
		if !n.known() {
			return
		}
		b.rows = append(b.rows, bar{label: label, numbers: []number{n}})
		f.results = append(f.results, results(n, reach)...)
		f.Table.Rows = append(
			f.Table.Rows,
			row{Label: label, Cells: []string{s.book.write(n, rate), s.book.write(reach, three), s.lang.Count(n.N)}},
		)
	}
	for _, level := range national.Levels {
		name := levelName(s.lang, level)
		if !s.book.parents("W1", "visits_per_school_week", "school_year", s.last, "level", level).known() {
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
