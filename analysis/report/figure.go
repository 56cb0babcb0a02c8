package report

import (
	"github.com/entscope/entscope/analysis/question"
)

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
		out = append(out, legend{"range", d.lang.T("entre deux bornes", "between two bounds")})
	}
	if interval {
		out = append(out, legend{"ci", d.lang.T("intervalle à 95 %", "95% interval")})
	}
	return out
}
