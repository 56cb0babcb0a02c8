package national

import "slices"

// HolidayWeeks are the Mondays of weeks without a day of class in at least half of the
// zones of the calendar, in order; none without a calendar.
func (e *Edition) HolidayWeeks() []int {
	off := map[int]int{}
	for _, weeks := range e.term {
		for day, days := range weeks {
			if days == 0 {
				off[day]++
			}
		}
	}
	var out []int
	for day, zones := range off {
		if 2*zones >= len(e.term) {
			out = append(out, day)
		}
	}
	slices.Sort(out)
	return out
}

// Zones are the zones of the calendar, in order.
func (e *Edition) Zones() []string { return sortedKeys(e.term) }
