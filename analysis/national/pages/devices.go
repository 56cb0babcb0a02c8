package pages

import (
	"cmp"

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

// shareYear is the school year of the shares without one: the last complete one that the
// file holds, or else its last.
func (s *site) shareYear(id, measure, population string) string {
	last, whole := "", ""
	for _, y := range s.answers.Years {
		if !s.book.find(id, measure, population, "school_year", y.Label).found {
			continue
		}
		last = y.Label
		if y.Complete {
			whole = y.Label
		}
	}
	return cmp.Or(whole, last)
}

// devices are the figures of W4.
func (s *site) devices() []figure {
	if !s.book.parents("W4", "smartphone").known() {
		return []figure{
			s.absent(
				"W4-appareils",
				s.t("Part des visites par appareil", "Share of visits by device"),
				s.book.parents("W4", "smartphone"),
			),
		}
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
	b := bars{book: s.book, as: percent, parts: true}
	for _, d := range national.Devices {
		parents := s.book.parents("W4", d, "school_year", year)
		pupils := s.book.find("W4", d, "pupils", "school_year", year)
		f.results = append(f.results, results(parents, pupils)...)
		name := wording.Capital(deviceName(s.lang, d))
		b.rows = append(
			b.rows,
			bar{label: name, numbers: []number{parents, pupils}},
		)
		f.Table.Rows = append(
			f.Table.Rows,
			row{Label: name, Cells: []string{s.book.write(parents, percent), s.book.write(pupils, percent)}},
		)
	}
	return []figure{f.drawn(b.draw), s.devicesByYear(), s.devicesByGroup(year)}
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
			n := s.book.parents("W4", d, "school_year", y.Label)
			f.results = append(f.results, results(n)...)
			found = found || n.found
			line.Cells = append(line.Cells, s.book.write(n, percent))
			if d == "smartphone" && n.found {
				b.rows = append(b.rows, bar{label: s.yearLabel(y), numbers: []number{n}})
			}
		}
		if found {
			f.Table.Rows = append(f.Table.Rows, line)
		}
	}
	f.Reading = []string{
		s.t(
			"Les points montrent le smartphone ; le tableau donne les quatre appareils.",
			"The points show smartphones; the table has all four devices.",
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
		n := s.book.parents("W4", "smartphone", "school_year", year, grouping, value)
		if n.known() {
			f.results = append(f.results, results(n)...)
			b.rows = append(b.rows, bar{label: label, numbers: []number{n}})
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
