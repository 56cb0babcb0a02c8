package report

import (
	"slices"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// figure is one drawn figure with everything around it.
type figure struct {
	ID      string
	Number  int
	Title   string
	Reading []string
	Legend  []legend
	Wide    *chart
	Narrow  *chart
	Table   table
	// Groups are the same measures by group, for a figure whose rows are measures.
	Groups  []groupTable
	Notes   []string
	results []indicator.Result
}

// groupTable is one table of measures by group, for one denominator.
type groupTable struct {
	Caption string
	Table   table
}

type legend struct{ Class, Text string }

type table struct {
	Head []string
	Rows []tableRow
}

type tableRow struct {
	Head  bool // a subtitle over the next rows
	Label string
	Cells []string
}

// rows lays the results of a figure out, groupings as headers.
func (d *drawer) rows(s spec) []barRow {
	if s.form != question.Groups {
		return d.measureRows(s)
	}
	var rows []barRow
	for _, key := range d.keysOf(s) {
		groups := d.groups(s, key, s.populations)
		if key != "" && len(groups) > 0 {
			rows = append(rows, barRow{head: true, label: d.groupingName(key)})
		}
		for _, g := range groups {
			row := barRow{label: d.groupName(key, g), strong: key == ""}
			for _, population := range s.populations {
				v, _ := d.find(s.ref(s.measures[0].name, population), group{key, g}, s.unit)
				row.values = append(row.values, v)
			}
			rows = append(rows, row)
		}
	}
	return dropEmptySeries(rows)
}

// keysOf lists the whole population, the groupings that have tables, then the others as
// the results of the figure bring them.
func (d *drawer) keysOf(s spec) []string {
	keys := append([]string{""}, tabled()...)
	for _, r := range d.results {
		if k := groupOf(r).key; s.concerns(r, s.populations) && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// measureRows has one row for each measure somebody computed, over everyone.
func (d *drawer) measureRows(s spec) []barRow {
	var rows []barRow
	for _, m := range s.measures {
		row := barRow{label: d.words(m.label)}
		some := false
		for _, population := range s.populations {
			v, ok := d.find(s.ref(m.name, population), group{}, s.unit)
			some = some || ok
			row.values = append(row.values, v)
		}
		if some {
			rows = append(rows, row)
		}
	}
	return dropEmptySeries(rows)
}

// figure draws one spec; false when nobody computed it.
func (d *drawer) figure(s spec) (figure, bool) {
	before := append([]bool(nil), d.used...)
	rows := d.rows(s)
	if len(rows) == 0 {
		return figure{}, false
	}
	f := figure{ID: s.id, Title: d.words(s.title), Groups: d.groupTables(s)}
	for i, r := range d.results {
		if d.used[i] && !before[i] {
			f.results = append(f.results, r)
		}
	}
	f.Reading = d.reading(s, rows)
	f.Table = d.table(s, rows)
	f.Notes = d.notes(rows)
	if anyShown(rows) {
		f.Legend = d.legend(s, rows)
		d.draw(&f, s, rows)
	}
	return f, true
}

func (d *drawer) draw(f *figure, s spec, rows []barRow) {
	b := bars{rows: rows, unit: s.unit, lang: d.lang, whole: s.whole, line: s.line}
	narrow, wide := b.draw(true), b.draw(false)
	if s.form == question.Hours {
		k := columns{lang: d.lang}
		for i, r := range rows {
			k.labels = append(k.labels, r.label)
			k.values = append(k.values, r.values[0])
			k.dark = append(k.dark, i >= len(rows)-3)
		}
		wide = k.draw()
	}
	f.Wide, f.Narrow = &wide, &narrow
}

func (d *drawer) legend(s spec, rows []barRow) []legend {
	var out []legend
	width := 0
	interval, bounds, points := false, false, false
	for _, r := range rows {
		width = max(width, len(r.values))
		for _, v := range r.values {
			interval = interval || v.interval && v.point && !v.bounds
			ranged := v.state == shown && (!v.point || v.bounds)
			bounds, points = bounds || ranged, points || v.state == shown && !ranged
		}
	}
	for i := range min(width, len(s.populations)) {
		class := []string{"bar", "bar second"}[i]
		if bounds && !points {
			class = "range"
		}
		if name := d.populationName(s.populations[i]); name != "" {
			out = append(out, legend{class, name})
		}
	}
	if bounds && points {
		out = append(out, legend{"range", d.lang.t("entre deux bornes", "between two bounds")})
	}
	if interval {
		out = append(out, legend{"ci", d.lang.t("intervalle à 95 %", "95% interval")})
	}
	return out
}
