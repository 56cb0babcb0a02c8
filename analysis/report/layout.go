package report

import (
	"slices"

	"github.com/entscope/entscope/analysis/question"
)

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
