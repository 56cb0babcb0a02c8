package report

import (
	"slices"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// groupTables gives the measures of a figure by group: groups down, measures
// across, one table for each denominator.
func (d *drawer) groupTables(s spec) []groupTable {
	if s.form.ByGroup() || s.form == question.Concentration || s.form == question.Lorenz {
		return nil
	}
	var out []groupTable
	for _, population := range s.populations {
		t := table{Head: []string{d.lang.T("Groupe", "Group")}}
		t.Name = d.lang.T("Par groupe : ", "By group: ") + d.words(s.title)
		for _, m := range s.measures {
			t.Head = append(t.Head, d.words(m.label))
		}
		some := false
		for _, key := range tabled() {
			for j, g := range d.groups(s, key, []string{population}) {
				if j == 0 {
					t.Rows = append(t.Rows, tableRow{Head: true, Label: d.groupingName(key)})
				}
				row := tableRow{Label: d.groupName(key, g)}
				for _, m := range s.measures {
					v, _ := d.find(s.ref(m.name, population), group{key, g}, s.unit)
					row.Cells = append(row.Cells, v.broken(d.lang, s.unit))
				}
				t.Rows, some = append(t.Rows, row), true
			}
		}
		if some {
			out = append(out, groupTable{wording.Capital(d.populationName(population)), t})
		}
	}
	return out
}

// table is the same numbers for those who read no chart.
func (d *drawer) table(s spec, rows []barRow) table {
	width, back := 0, remembered(rows)
	for _, r := range rows {
		width = max(width, len(r.values))
	}
	t := table{Name: d.lang.T("Données : ", "Data: ") + d.words(s.title),
		Head: []string{d.lang.T("Groupe", "Group")}}
	for i := range width {
		name := wording.Capital(d.seriesName(s, i))
		if name == "" {
			name = d.lang.T("Valeur", "Value")
		}
		t.Head = append(t.Head, name, d.lang.T("Intervalle", "Interval"), d.lang.T("Personnes", "Persons"))
		if back {
			t.Head = append(t.Head, d.past.Term)
		}
	}
	for _, r := range rows {
		row := tableRow{Label: r.label, Head: r.head}
		for i, v := range r.values {
			row.Cells = append(row.Cells, d.cells(v, s.unit)...)
			if back {
				row.Cells = append(row.Cells, r.was[i].broken(d.lang, s.unit))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (d *drawer) cells(v value, u unit) []string {
	if v.state != shown {
		return []string{v.text(d.lang, u), "–", "–"} // the reason stands in the notes
	}
	interval, n := "–", "–"
	if v.interval {
		interval = u.bare(d.lang, v.low) + wording.NBSP + d.lang.T("à", "to") + wording.NBSP + u.text(d.lang, v.high)
	}
	if v.n > 0 {
		n = d.lang.Count(v.n)
	}
	return []string{v.short(d.lang, u), interval, n}
}

// notes are the warnings of the values, once each, in order of appearance.
func (d *drawer) notes(rows []barRow) []string {
	var out, reasons []string
	missing := map[string][]string{}
	for _, r := range rows {
		for _, v := range r.values {
			if v.state == unmeasured {
				if reason := v.because(d.lang); reason != "" {
					missing[reason] = append(missing[reason], r.label)
					if len(missing[reason]) == 1 {
						reasons = append(reasons, reason)
					}
				}
				continue
			}
			for _, w := range v.warnings {
				if spoken(w) || aboutFeeds(w) {
					continue // said elsewhere, or once for the whole report
				}
				if text := worded(d.lang, w); !slices.Contains(out, text) {
					out = append(out, text)
				}
			}
		}
	}
	for _, reason := range reasons {
		labels := d.lang.List(slices.Compact(missing[reason]))
		out = append(out, d.lang.T("Non mesurable", "Not measurable")+" ("+labels+")"+d.lang.Colon()+reason+".")
	}
	return out
}

type table struct {
	Name string // for who cannot see where it stands
	Head []string
	Rows []tableRow
}

type tableRow struct {
	Head  bool // a subtitle over the next rows
	Label string
	Cells []string
}

// groupTable is one table of measures by group, for one denominator.
type groupTable struct {
	Caption string
	Table   table
}
