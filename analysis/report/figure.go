package report

import (
	"slices"
	"strconv"

	"github.com/entscope/entscope/analysis/question"
)

// figure draws one spec; false when nobody computed it.
func (d *drawer) figure(s spec) (figure, bool) {
	d.used = make([]bool, len(d.results)) // by this figure: two may show one result
	rows := d.rows(s)
	back := d.lookBack(s, rows)
	if len(rows) == 0 {
		return figure{}, false
	}
	f := figure{ID: s.id, Title: d.words(s.title), Groups: d.groupTables(s)}
	for i, r := range d.results {
		if d.used[i] {
			f.results = append(f.results, r)
		}
	}
	f.Reading = d.reading(s, rows)
	f.Table = d.table(s, rows)
	if len(back) > 0 {
		f.past, f.Earlier = d.past.data(back), d.published(s, rows)
		f.rows, f.unit = rows, s.unit
	}
	f.Notes, f.sparse = append(d.notes(rows), d.families(s)...), sparse(s, rows)
	if anyShown(rows) {
		f.Legend = d.legend(s, rows)
		d.draw(&f, s, rows)
	}
	return f, true
}

// legend says what the marks of a figure are.
func (d *drawer) legend(s spec, rows []barRow) []legend {
	if s.form == question.Concentration {
		return d.concentrationLegend(s)
	}
	if s.form == question.Lorenz {
		return d.lorenzLegend(rows)
	}
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
		l := s.mark(i)
		if bounds && !points {
			l = legend{Mark: "box", Class: "range" + []string{"", " second"}[min(i, 1)]}
		}
		if l.Text = d.populationName(s.populations[i]); l.Text != "" {
			out = append(out, l)
		}
		if s.form == question.Grid {
			return d.shades(s, rows, l.Text)
		}
	}
	if bounds && points {
		out = append(out, legend{"box", "range", d.lang.T("entre deux bornes", "between two bounds")})
	}
	if interval {
		l := legend{"ci", "ci", d.lang.T("intervalle à 95 %", "95% interval")}
		if s.form == question.Weeks && s.banded(rows) {
			l = legend{"box", "band s0", l.Text}
		}
		out = append(out, l)
	}
	if s.form == question.Weeks && s.banded(rows) {
		out = append(out, legend{"box", "holiday", d.lang.T("sans classe, ou sans chiffre", "no class, or no figure")})
	}
	return out
}

// mark is how a series is drawn.
func (s spec) mark(i int) legend {
	second := []string{"", " second"}[min(i, 1)]
	switch s.form {
	case question.Classes, question.Hours:
		return legend{Mark: "box", Class: "bar" + second}
	case question.Weeks, question.Curve:
		return legend{Mark: "line", Class: "s" + strconv.Itoa(i)}
	case question.Grid:
		return legend{Mark: "box", Class: "q4"}
	}
	return legend{Mark: "dot", Class: "dot" + second}
}

// banded says that a figure of weeks is one over dates.
func (s spec) banded(rows []barRow) bool {
	return slices.ContainsFunc(rows, func(r barRow) bool { return r.key == "week" })
}
