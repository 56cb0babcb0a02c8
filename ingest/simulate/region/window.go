package region

import (
	"sort"
	"time"
	_ "time/tzdata" // the zone must exist on any machine

	"github.com/entscope/entscope/ingest/simulate/random"
)

// Window is the simulated time: days are numbered from 0, in local time.
type Window struct {
	// Assumed are the parameters of the simulator.
	Assumed *Assumptions
	Paris   *time.Location
	// Years is the number of school years, 0 for a window of some weeks.
	Years int
	// Holidays and publicHolidays are those of the school years of the window.
	Holidays       []Holiday
	publicHolidays []string
	// Lockdown is the first day of the planted lockdown and the first day after
	// it; NoDay when there is none.
	Lockdown [2]int
	Start    time.Time // local midnight of day 0
	Days     int
	// Midnight[d] is the instant in ms of the local midnight that opens day d.
	Midnight []int64
	Zones    [3]ZoneCalendar
}

// ZoneCalendar is the calendar of one holiday zone over the window.
type ZoneCalendar struct {
	Holiday, SchoolDay []bool
	WeekOf             []int // school week of a day, -1 in a week without school
	Monday             []int // first day of each school week
	// cum[d] is the weight of days before d; a full school week weighs 7.
	cum []float64
}

// Date is the local midnight that opens a day.
func (w *Window) Date(d int) time.Time { return w.Start.AddDate(0, 0, d) }

// dayOf is the number of a date in the window; it may lie outside.
func (w *Window) dayOf(date string) int {
	t, err := time.ParseInLocation(time.DateOnly, date, time.UTC)
	if err != nil {
		return NoDay
	}
	y, m, d := w.Start.Date()
	return int(t.Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)).Hours() / 24)
}

// day draws a day of [from, to) by its weight.
func (c *ZoneCalendar) day(d random.Stream, from, to int) int {
	u := c.cum[from] + d.Float64()*(c.cum[to]-c.cum[from])
	day := sort.SearchFloat64s(c.cum[from+1:to+1], u) + from
	return min(day, to-1)
}

// At is the instant of a local second of a day. The hour that exists twice in
// October is its first occurrence; the one that does not exist in March is the next.
func (w *Window) At(day, second int) int64 {
	ms := int64(second) * 1000
	switch w.Midnight[day+1] - w.Midnight[day] {
	case 25 * HourMs:
		if ms >= 3*HourMs {
			ms += HourMs
		}
	case 23 * HourMs:
		if ms >= 3*HourMs {
			ms -= HourMs
		}
	}
	return w.Midnight[day] + ms
}

// Local is the day and hour of an instant inside the window (or the day after).
func (w *Window) Local(ts int64) (day, hour int) {
	day = int((ts - w.Midnight[0]) / DayMs)
	day = max(0, min(day, w.Days))
	for day > 0 && ts < w.Midnight[day] {
		day--
	}
	for day < w.Days && ts >= w.Midnight[day+1] {
		day++
	}
	ms := ts - w.Midnight[day]
	switch w.Midnight[day+1] - w.Midnight[day] {
	case 25 * HourMs:
		if ms >= 3*HourMs {
			ms -= HourMs
		}
	case 23 * HourMs:
		if ms >= 2*HourMs {
			ms += HourMs
		}
	}
	return day, int(ms / HourMs)
}

// End is the instant after the last of the window.
func (w *Window) End() int64 { return w.Midnight[w.Days] }

// lastYear is the school year that every window ends with or lies in.
const lastYear = 2025
