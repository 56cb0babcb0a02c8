package kanon

import (
	"slices"
	"strings"
)

// Exchange gives each released column but the quasi-identifiers another row of its
// class: in every class each column keeps its values and their numbers, and so k, l,
// t and β, while what stands in one row together is no longer one person's. Without
// it, whoever knows some behaviours of a person finds the row, and in it the others.
// draw is a keyed uniform number; the same table and key give the same rows.
//
// Source: T. Li, N. Li, J. Zhang, I. Molloy, Slicing: A New Approach for Privacy
// Preserving Data Publishing, IEEE TKDE 24 (3), 2012, with slices of one column.
func Exchange(t *Table, quasi []string, draw func(parts ...int64) uint64) *Table {
	classes := map[string][]int{}
	for row := range t.Rows() {
		var b strings.Builder
		for _, name := range quasi {
			if c := t.Column(name); c != nil {
				b.WriteString(c.Text(row))
			}
			b.WriteByte(0)
		}
		classes[b.String()] = append(classes[b.String()], row)
	}
	keys := make([]string, 0, len(classes))
	for key := range classes {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	out := &Table{Units: t.Units}
	for at, c := range t.Columns {
		codes := slices.Clone(c.Codes)
		if !slices.Contains(quasi, c.Name) {
			for class, key := range keys {
				rows := classes[key]
				for i := len(rows) - 1; i > 0; i-- {
					j := int(draw(int64(class), int64(at), int64(i)) % uint64(i+1))
					codes[rows[i]], codes[rows[j]] = codes[rows[j]], codes[rows[i]]
				}
			}
		}
		out.Columns = append(out.Columns, Column{Name: c.Name, Values: c.Values, Codes: codes})
	}
	return out
}
