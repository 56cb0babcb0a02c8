package pages

import "slices"

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
		return s.book.parents("W1", "visits_per_school_week", "school_year", s.last, grouping, name)
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
			"Every territory has the same area; the classes are equal in number. A light one may be a territory where "+
				"mostly primary schools are measured.",
		),
	}
	return f.drawn(m.draw)
}
