package pages

import (
	"github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/analysis/wording"
)

// gradient are the figures of W6.
func (s *site) gradient() []figure {
	if n := s.book.parents("W6", "ratio"); n.found {
		return []figure{s.absent("W6-quintiles", s.t("Usage par quintile d’IPS", "Use by quintile of IPS"), n)}
	}
	var list []figure
	for _, level := range national.Levels {
		if s.book.parents("W6", "ratio", "level", level).known() {
			list = append(list, s.quintiles(level))
		}
	}
	return append(list, s.indices(), s.gradientByYear())
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
		users := s.book.parents("W6", "user_weeks_per_pupil", of...)
		visits := s.book.parents("W6", "visits_per_pupil", of...)
		f.results = append(f.results, results(users, visits)...)
		b.rows = append(b.rows, bar{label: wording.Capital(bandName(s.lang, band)), numbers: []number{users}})
		f.Table.Rows = append(
			f.Table.Rows,
			row{
				Label: bandName(s.lang, band),
				Cells: []string{s.book.write(users, three), s.book.write(visits, three), s.lang.Count(users.N)},
			},
		)
	}
	ratio := s.book.parents("W6", "ratio", "level", level)
	f.results = append(f.results, results(ratio)...)
	f.Reading = []string{
		s.f("Du quintile le plus bas au plus haut : %s.",
			"From the lowest quintile to the highest: %s.",
			s.book.write(ratio, times)),
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
		s.t("Quintile le plus haut ÷ le plus bas", "Top ÷ bottom quintile"),
		s.t("Écart du bas au sommet de l’échelle", "Gap from the bottom to the top of the scale"),
		s.t("Rapport du sommet au bas", "Ratio of the top to the bottom"),
		s.t("Concentration, de −1 à 1", "Concentration, from −1 to 1"),
		"n",
	}
	b := bars{book: s.book, as: times, ratio: s.t("1 = aucun écart", "1 = no gap")}
	for _, level := range national.Levels {
		for _, sector := range []string{"", "PU", "PR"} {
			of := []string{"level", level}
			if sector != "" {
				of = append(of, "sector", sector)
			}
			ratio := s.book.parents("W6", "ratio", of...)
			if !ratio.known() {
				continue
			}
			sii := s.book.parents("W6", "sii", of...)
			rii := s.book.parents("W6", "rii", of...)
			concentration := s.book.parents("W6", "concentration_index", of...)
			label := wording.Capital(levelName(s.lang, level)) + ", " + sectorName(s.lang, sector)
			f.results = append(f.results, results(ratio, sii, rii, concentration)...)
			b.rows = append(b.rows, bar{label: label, numbers: []number{ratio}})
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
	b := bars{book: s.book, as: times, ratio: s.t("1 = aucun écart", "1 = no gap")}
	for _, level := range national.Levels {
		head := false
		for _, y := range s.answers.Years {
			n := s.book.parents("W6", "ratio", "level", level, "school_year", y.Label)
			if !n.known() {
				continue
			}
			if !head {
				b.rows, head = append(b.rows, bar{label: wording.Capital(levelName(s.lang, level)), head: true}), true
			}
			b.rows = append(b.rows, bar{label: s.yearLabel(y), numbers: []number{n}})
		}
	}
	for _, y := range s.answers.Years {
		line := row{Label: s.yearLabel(y)}
		found := false
		for _, level := range national.Levels {
			n := s.book.parents("W6", "ratio", "level", level, "school_year", y.Label)
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
