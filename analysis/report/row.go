package report

import "slices"

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

// remembered says whether a row of the figure has a value of the earlier period.
func remembered(rows []barRow) bool {
	return slices.ContainsFunc(rows, func(r barRow) bool {
		return slices.ContainsFunc(r.was, func(v value) bool { return v.state != absent })
	})
}
