package report

import (
	"slices"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/question"
)

// A figure of a cross has a panel for each group of its second grouping, and in each a row for
// each group of its first.

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
