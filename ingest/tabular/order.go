package tabular

import (
	"regexp"
	"strings"

	"github.com/entscope/entscope/ingest"
)

// dayAndMonth are a day and a month of the same form in a layout, such as 02/01.
var dayAndMonth = regexp.MustCompile(`(0?2)([/.-])(0?1)([/.-]|$)|(0?1)([/.-])(0?2)([/.-]|$)`)

// exchange is a layout with day and month exchanged; ok is false where they cannot be taken for each other: where the
// year comes first, as everybody writes it, or the month is a name.
func exchange(layout string) (other string, ok bool) {
	at := dayAndMonth.FindStringIndex(layout)
	if at == nil || strings.Contains(layout[:at[0]], "06") {
		return "", false
	}
	return layout[:at[0]] + strings.NewReplacer("2", "1", "1", "2").Replace(layout[at[0]:at[1]]) + layout[at[1]:], true
}

// ambiguous reports whether a layout has an alternative that is another one with day and month exchanged.
func ambiguous(layouts string) bool {
	list := strings.Split(layouts, "|")
	for _, l := range list {
		other, ok := exchange(l)
		for _, m := range list {
			if ok && m == other {
				return true
			}
		}
	}
	return false
}

// DateOrder is what is to be seen of the days of a field, nil where their order is sure.
func (m *Mapping) DateOrder(f *Field) *ingest.DateOrder {
	if _, column := m.Columns[f.Name]; m.DatesSure || !column {
		return nil
	}
	layouts := map[Kind]string{Date: m.Date, DateTime: m.DateTime, Until: m.Date + "|" + m.DateTime}[f.Kind]
	for _, l := range strings.Split(layouts, "|") {
		if other, ok := exchange(l); ok {
			return &ingest.DateOrder{Field: f.Name, Layout: l, Other: other,
				Hint: "dates_sure = true in its mapping, or the other layout"}
		}
	}
	return nil
}

// DateOrders is what was seen of the days of the columns whose order is not sure.
func (r *Rows) DateOrders() (orders []*ingest.DateOrder) {
	for _, o := range r.orders {
		if o != nil {
			orders = append(orders, o)
		}
	}
	return orders
}
