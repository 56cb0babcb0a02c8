package pages

import (
	"fmt"
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/national"
)

// perimeter are the figures of W2.
func (s *site) perimeter() []figure {
	return []figure{s.schoolsByWeek(), s.schoolsByYear(), s.academiesByYear(), s.stopped(), s.breaks()}
}

func (s *site) schoolsByWeek() figure {
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
	return f
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
	b := bars{book: s.book, as: counted, parts: true}
	for _, y := range s.answers.Years {
		of := []string{"school_year", y.Label}
		n := s.book.find("W2", "schools", "schools", of...)
		joined := s.book.find("W2", "joined", "schools", of...)
		left := s.book.find("W2", "left", "schools", of...)
		f.results = append(f.results, results(n, joined, left)...)
		cells := []string{s.book.short(n, counted), s.orDash(joined, counted), s.orDash(left, counted)}
		for _, level := range national.Levels {
			l := s.book.find("W2", "schools", "schools", append(of, "level", level)...)
			f.results = append(f.results, results(l)...)
			cells = append(cells, s.orDash(l, counted))
		}
		f.Table.Rows = append(f.Table.Rows, row{Label: y.Label, Cells: cells})
		b.rows = append(b.rows, bar{label: s.yearLabel(y), numbers: []number{n}})
	}
	if len(b.rows) == 0 {
		return f
	}
	return f.drawn(b.draw)
}

// An académie has nearly vanished when no more than a quarter of its schools is left in
// the last year, of three at least.
const leastVanished, vanishedShare = 3, 4

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
		most, last := 0.0, 0.0 // schools in the fullest year, and in the last
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
		if most >= leastVanished && last*vanishedShare <= most {
			text := s.t("%s a (presque) disparu de la mesure : ce n’est pas une baisse d’usage.",
				"%s (nearly) vanished from the measure: it is no fall in use.")
			f.Notes = append(f.Notes, fmt.Sprintf(text, name))
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
	everywhere := map[string]string{} // since when, by column: these results come first
	for _, r := range s.answers.Results {
		if r.Indicator != "W2" || r.Group["column"] == "" || r.Group["since"] == "" {
			continue
		}
		f.results = append(f.results, r)
		if r.Group["academie"] == "" {
			everywhere[r.Group["column"]] = r.Group["since"]
		} else if everywhere[r.Group["column"]] == r.Group["since"] {
			continue // said for all of them
		}
		where, until := r.Group["academie"], s.t("la fin du fichier", "the end of the file")
		if where == "" {
			where = s.t("toutes", "all")
		}
		if r.Group["until"] != "" {
			until = s.lang.Date(r.Group["until"])
		}
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
		text := s.t("En %s, c’est le compte des %s qui a changé.", "In %s, how %s are counted changed.")
		f.Reading = append(f.Reading, fmt.Sprintf(text, y.Label, s.lang.List(s.profiles(y.Break.Profiles))))
	}
	return f
}
