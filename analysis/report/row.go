package report

// barRow is one row of a figure: a header over the next rows, or a label and the
// values of its populations.
type barRow struct {
	label  string
	head   bool
	strong bool
	values []value
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

func countHidden(rows []barRow) int {
	n := 0
	for _, r := range rows {
		for _, v := range r.values {
			if v.state == hidden {
				n++
			}
		}
	}
	return n
}
