package report

import (
	"slices"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// A figure of a cross has a panel for each group of its second grouping, and in each a row for
// each group of its first.

// groupForm is the form of a figure of groups that a result may stand in.
func groupForm(r indicator.Result) question.Form {
	if len(question.GroupingOf(groupOf(r).key).Crosses) > 0 {
		return question.Multiples
	}
	return question.Groups
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

// cross is what rows cross, and the groups of the first grouping that they have, in their order.
func cross(rows []barRow) (first, second string, groups []string) {
	have := map[string]bool{}
	for _, r := range rows {
		if crosses := question.GroupingOf(r.key).Crosses; !r.head {
			name, _ := question.Crossed(r.value)
			first, second, have[name] = crosses[0], crosses[1], true
		}
	}
	for _, g := range question.GroupingOf(first).Values() {
		if have[g] {
			groups = append(groups, g)
		}
	}
	return first, second, groups
}

// multiples draws a panel for each header, all with the same rows; one that no school lies in
// is empty.
func (d *drawer) multiples(s spec, rows []barRow) drawing.Multiples {
	m := drawing.Multiples{Axis: s.unit.tick(d.lang)}
	if s.whole {
		m.To = 100
	}
	of, _, groups := cross(rows)
	for _, g := range groups {
		m.Labels = append(m.Labels, d.groupName(of, g))
	}
	for _, r := range rows {
		if r.head {
			m.Panels = append(m.Panels, drawing.Multiple{Title: r.label, Rows: make([][]drawing.Value, len(groups))})
			continue
		}
		first, _ := question.Crossed(r.value)
		panel := m.Panels[len(m.Panels)-1]
		panel.Rows[slices.Index(groups, first)] = d.besides(s, r)
	}
	return m
}

// besides are the values of a row as a small panel shows them: a number alone, or two words
// that say there is none.
func (d *drawer) besides(s spec, r barRow) []drawing.Value {
	if same := sameAbsence(r.values); same != nil {
		if same.state == hidden {
			return []drawing.Value{drawing.Missing(d.lang.T("non diffusé", "not released"))}
		}
		return []drawing.Value{drawing.Missing(d.lang.T("non mesurable", "not measurable"))}
	}
	var out []drawing.Value
	for _, v := range r.values {
		shown := v.drawn(d.lang, s.unit)
		shown.Text = v.brief(d.lang, s.unit)
		out = append(out, shown)
	}
	return out
}

// readCross reads, for each group of the first grouping, from which to which group of the
// second it goes.
func (d *drawer) readCross(s spec, rows []barRow) []string {
	first, second, groups := cross(rows)
	var parts []string
	for _, name := range groups {
		var of []barRow
		for _, r := range rows {
			if a, b := question.Crossed(r.value); !r.head && a == name {
				r.label = d.groupName(second, b)
				of = append(of, r)
			}
		}
		if ends := d.ends(s, of, 0); ends != "" {
			parts = append(parts, d.groupName(first, name)+d.lang.Colon()+ends+".")
		}
	}
	return parts
}

// sparse says that fewer than half of the cells of a cross have a figure: a picture for the
// appendix alone.
func sparse(s spec, rows []barRow) bool {
	shows, cells := 0, 0
	for _, r := range rows {
		if r.head {
			continue
		}
		cells++
		if r.values[0].state == shown {
			shows++
		}
	}
	return s.form == question.Multiples && 2*shows < cells
}
