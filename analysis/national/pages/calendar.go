package pages

// calendar are the figures of W7.
func (s *site) calendar() []figure {
	all := s.book.parents("W7", "ratio")
	if !all.known() {
		return []figure{
			s.absent("W7-zones", s.t("Semaines de classe et vacances", "Term and holidays"), all),
			s.publication(),
		}
	}
	f := figure{
		ID: "W7-zones",
		Title: s.t(
			"Visites de parents par établissement et par semaine, classe et vacances, ",
			"Visits of parents for each school and week, term and holidays, ",
		) + s.last,
		Legend: []legend{
			{Class: "dot", Text: s.t("semaines de classe", "weeks of term")},
			{Class: "dot second", Text: s.t("vacances", "holidays")},
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
		term := s.book.parents("W7", "term", keys...)
		holidays := s.book.parents("W7", "holidays", keys...)
		ratio := s.book.parents("W7", "ratio", keys...)
		if !term.known() {
			return
		}
		f.results = append(f.results, results(term, holidays, ratio)...)
		b.rows = append(
			b.rows,
			bar{label: label, numbers: []number{term, holidays}},
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
		s.f("Une semaine de vacances compte %s fois les visites d’une semaine de classe.",
			"A week of holidays has %s times the visits of a week of term.",
			s.book.write(all, two)),
	}
	return []figure{f.drawn(b.draw), s.publication()}
}

func (s *site) publication() figure {
	return s.absent(
		"W7-bulletins",
		s.t("Jours de parution des bulletins", "Days on which report books come out"),
		s.book.parents("W7", "publication_days"),
	)
}
