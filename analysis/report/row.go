package report

import (
	"slices"

	"github.com/entscope/entscope/analysis/question"
)

// barRow is one row of a figure: a header over the next rows, or a label and the
// values of its populations.
type barRow struct {
	label  string
	key    string // grouping of the row
	value  string // group or measure of the row
	head   bool
	strong bool
	values []value
	// was are the values of the earlier period beside them, where there is one.
	was []value
}

// dropEmptySeries removes a second series nobody computed.
func dropEmptySeries(rows []barRow) []barRow {
	width := 0
	for _, r := range rows {
		for i, v := range r.values {
			if v.state != absent && i+1 > width {
				width = i + 1
			}
		}
	}
	for i := range rows {
		if len(rows[i].values) > width {
			rows[i].values = rows[i].values[:width]
		}
	}
	return rows
}

func anyShown(rows []barRow) bool {
	for _, r := range rows {
		for _, v := range r.values {
			if v.state == shown {
				return true
			}
		}
	}
	return false
}

// countHidden counts the values hidden for their few persons, and the others.
func countHidden(rows []barRow) (few, others int) {
	for _, r := range rows {
		for _, v := range r.values {
			switch {
			case v.state == hidden && v.few:
				few++
			case v.state == hidden:
				others++
			}
		}
	}
	return few, others
}

// rows lays the results of a figure out, groupings as headers.
func (d *drawer) rows(s spec) []barRow {
	switch {
	case s.form == question.Concentration:
		return d.concentrationRows(s)
	case s.form == question.Multiples:
		return d.crossRows(s)
	case !s.form.ByGroup():
		return d.measureRows(s)
	}
	var rows []barRow
	for _, key := range d.keysOf(s) {
		groups := d.groups(s, key, s.populations)
		if key != "" && len(groups) > 0 {
			rows = append(rows, barRow{head: true, label: d.groupingName(key)})
		}
		for _, g := range groups {
			row := barRow{label: d.groupName(key, g), key: key, value: g, strong: key == ""}
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
		if k := groupOf(r).key; s.concerns(r, s.populations) && !slices.Contains(keys, k) && !s.elsewhere(k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// measureRows has one row for each measure somebody computed, over everyone.
func (d *drawer) measureRows(s spec) []barRow {
	var rows []barRow
	for _, m := range s.measures {
		row := barRow{label: d.words(m.label), value: m.name}
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

// concentrationRows has one row for each group, in its order, with both measures of a
// concentration curve as its values.
func (d *drawer) concentrationRows(s spec) []barRow {
	var rows []barRow
	for _, key := range d.keysOf(s) {
		for _, g := range d.groups(s, key, s.populations) {
			row := barRow{label: d.groupName(key, g), key: key, value: g}
			for _, m := range s.measures {
				v, _ := d.find(s.ref(m.name, s.populations[0]), group{key, g}, s.unit)
				row.values = append(row.values, v)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// remembered says whether a row of the figure has a value of the earlier period.
func remembered(rows []barRow) bool {
	return slices.ContainsFunc(rows, func(r barRow) bool {
		return slices.ContainsFunc(r.was, func(v value) bool { return v.state != absent })
	})
}

// ends reads the lowest and the highest of many measures, series i; « less than 1 % » is one
// of them.
func (d *drawer) ends(s spec, rows []barRow, i int) string {
	var low, high *barRow
	for k := range rows {
		r := &rows[k]
		if i >= len(r.values) || r.values[i].state != shown {
			continue
		}
		v := r.values[i]
		if !v.point && !(s.unit.percent && (v.low <= 0 || v.high >= 100)) {
			continue
		}
		if low == nil || v.middle() < low.values[i].middle() {
			low = r
		}
		if high == nil || v.middle() > high.values[i].middle() {
			high = r
		}
	}
	if low == nil {
		return ""
	}
	return d.lang.T("de ", "from ") + low.values[i].short(d.lang, s.unit) + " (" + low.label + ")" +
		d.lang.T(" à ", " to ") + high.values[i].short(d.lang, s.unit) + " (" + high.label + ")"
}

// crossRows lays the results of a cross out, the groups of the second grouping as headers.
func (d *drawer) crossRows(s spec) []barRow {
	var rows []barRow
	for _, g := range question.Groupings() {
		if len(g.Crosses) == 0 {
			continue
		}
		found := d.groups(s, g.Name, s.populations)
		for _, second := range question.GroupingOf(g.Crosses[1]).Values() {
			header := barRow{head: true, label: d.groupName(g.Crosses[1], second)}
			for _, first := range question.GroupingOf(g.Crosses[0]).Values() {
				name := first + " " + second
				if !slices.Contains(found, name) {
					continue
				}
				if header.head {
					rows = append(rows, header)
					header.head = false
				}
				row := barRow{label: d.groupName(g.Crosses[0], first), key: g.Name, value: name}
				for _, population := range s.populations {
					v, _ := d.find(s.ref(s.measures[0].name, population), group{g.Name, name}, s.unit)
					row.values = append(row.values, v)
				}
				rows = append(rows, row)
			}
		}
	}
	return dropEmptySeries(rows)
}
