package oracle

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// label names a measure in a group of a grouping that few measures have: a week, a grade
// level, how long the school has had its portal.
type label struct {
	ratio
	grouping, value string
}

// addTo adds to a measure in a group that is none of the twelve.
func (t *Totals) addTo(measure, population, grouping, value string, x, y float64) {
	k := label{ratio{measure, population}, grouping, value}
	n := t.labels[k]
	t.labels[k] = [2]float64{n[0] + x, n[1] + y}
}

// addLabels adds the figures of these groups.
func (t *Totals) addLabels(out []Value) []Value {
	keys := slices.SortedFunc(maps.Keys(t.labels), func(a, b label) int {
		return cmp.Or(strings.Compare(a.measure, b.measure), strings.Compare(a.grouping, b.grouping),
			strings.Compare(a.value, b.value))
	})
	for _, k := range keys {
		if n := t.labels[k]; n[1] > 0.5 {
			indicator, measure, _ := strings.Cut(k.measure, ".")
			out = append(out, Value{Indicator: indicator, Population: k.population,
				Group: map[string]string{k.grouping: k.value}, Measure: measure, Value: n[0] / n[1]})
		}
	}
	return out
}

// age adds D2: use by how long a school has had its portal, and by how many it has had.
func (o *observer) age(who int) {
	p := &o.b.People[who]
	done := map[[2]string]bool{}
	for _, si := range p.Schools[:p.SchoolCount] {
		for grouping, of := range map[string]func(*region.School) string{"seniority": o.seniority,
			"products": products} {
			value := of(&o.b.Schools[si])
			if done[[2]string{grouping, value}] {
				continue
			}
			done[[2]string{grouping, value}] = true
			scope := func(k int) bool { return p.At(k) && of(&o.b.Schools[k]) == value }
			primary := -1
			for _, k := range p.Schools[:p.SchoolCount] {
				if scope(k) && (primary < 0 || k < primary) {
					primary = k
				}
			}
			sessions, counted := o.sessions(who, scope), o.weeks(primary, p.Created)
			all := len(o.calendar(primary).Monday)
			covered := o.weeks(primary, -1<<31).count()
			if covered == 0 {
				continue
			}
			o.t.addTo("D2.visits_by_class_per_week", "all_accounts", grouping, value, float64(counted.visits(sessions)),
				float64(counted.count()))
			if p.Created < 0 && covered == all && covered >= 8 {
				o.t.addTo("D2.never_by_class", "all_accounts", grouping, value, indicate(len(sessions) == 0), 1)
			}
		}
	}
}

// seniority is the class of the years since a school opened its portal.
func (o *observer) seniority(s *region.School) string {
	opened, end := o.b.Window.Date(s.Rollout), o.b.Window.Date(o.b.Window.Days-1)
	switch {
	case opened.After(end.AddDate(-2, 0, 0)):
		return "0-1"
	case opened.After(end.AddDate(-5, 0, 0)):
		return "2-4"
	}
	return "5+"
}

// products is the class of the number of portals of a school, each product once.
func products(s *region.School) string {
	names := map[string]bool{}
	for _, p := range s.Products {
		names[p.Name] = true
	}
	if len(names) >= 3 {
		return "3+"
	}
	return strconv.Itoa(len(names))
}

// weekVisits adds L6 for the visits of a parent in the schools of a level.
func (o *observer) weekVisits(primary int, sessions []session) {
	cal := o.calendar(primary)
	for i := range sessions {
		if w := cal.WeekOf[sessions[i].day]; w >= 0 {
			o.t.addTo("L6.weekly_visits", "panel", "week", o.b.Window.Date(cal.Monday[w]).Format(time.DateOnly), 1, 0)
		}
	}
}

// schoolWeeks counts the schools that each week has, for L6.
func (o *observer) schoolWeeks() {
	for si := range o.b.Schools {
		for _, monday := range o.calendar(si).Monday {
			o.t.addTo("L6.weekly_visits", "panel", "week", o.b.Window.Date(monday).Format(time.DateOnly), 0, 1)
		}
	}
}
