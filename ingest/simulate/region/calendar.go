package region

import (
	"fmt"
	"sort"
	"strconv"
	"time"
	_ "time/tzdata" // the zone must exist on any machine

	"github.com/entscope/entscope/ingest/simulate/random"
)

const firstDay = "2025-09-08"

// MaxWeeks is the number of school weeks between 8 September and the summer.
const MaxWeeks = 34

// lastYear is the school year that every window of years ends with.
const lastYear = 2025

// Window is the simulated time: days are numbered from 0, in local time.
type Window struct {
	// Assumed are the parameters of the simulator.
	Assumed *Assumptions
	Paris   *time.Location
	// years is the number of school years, 0 for a window of some weeks.
	Years int
	// holidays and publicHolidays are those of the school years of the window.
	Holidays       []Holiday
	publicHolidays []string
	// lockdown is the first day of the planted lockdown and the first day after
	// it; noDay when there is none.
	Lockdown [2]int
	Start    time.Time // local midnight of day 0
	Days     int
	// mid[d] is the instant in ms of the local midnight that opens day d.
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

// NewWindow opens on Monday 8 September 2025 and closes on the Sunday after
// which every zone has had the asked number of school weeks.
func NewWindow(weeks int) (*Window, error) {
	assumed, err := ReadAssumptions()
	if err != nil {
		return nil, err
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, err
	}
	start, err := time.ParseInLocation(time.DateOnly, firstDay, paris)
	if err != nil {
		return nil, err
	}
	w := &Window{Assumed: assumed, Paris: paris, Start: start, Holidays: holidays, publicHolidays: publicHolidays, Lockdown: [2]int{NoDay, NoDay}}
	for w.Days = 7; ; w.Days += 7 {
		w.build()
		if len(w.Zones[0].Monday) >= weeks && len(w.Zones[1].Monday) >= weeks && len(w.Zones[2].Monday) >= weeks {
			return w, nil
		}
	}
}

// NewYears opens on the Monday of the first September week of a school year and
// closes on the Sunday after the classes of the last one end. The lockdown is in
// the spring of the second year; a window of one year has none.
func NewYears(years int) (*Window, error) {
	w, err := NewWindow(4)
	if err != nil {
		return nil, err
	}
	first := lastYear + 1 - years
	start := time.Date(first, time.September, 1, 0, 0, 0, 0, w.Paris)
	for start.Weekday() != time.Monday {
		start = start.AddDate(0, 0, 1)
	}
	*w = Window{Assumed: w.Assumed, Paris: w.Paris, Start: start, Years: years, Lockdown: [2]int{NoDay, NoDay}}
	for y := first; y < lastYear; y++ {
		w.Holidays = append(w.Holidays, earlier[y]...)
		w.publicHolidays = append(w.publicHolidays, earlierPublic[y]...)
	}
	w.Holidays = append(w.Holidays, holidays...)
	w.publicHolidays = append(w.publicHolidays, publicHolidays...)
	w.Days = w.dayOf(fmt.Sprintf("%d-07-06", lastYear+1))
	if years > 1 {
		w.Lockdown = [2]int{w.dayOf(strconv.Itoa(first+2) + "-03-16"), w.dayOf(strconv.Itoa(first+2) + "-05-11")}
	}
	w.build()
	return w, nil
}

func (w *Window) build() {
	w.Midnight = w.Midnight[:0]
	for d := 0; d <= w.Days+1; d++ {
		w.Midnight = append(w.Midnight, w.Date(d).UnixMilli())
	}
	for z := range w.Zones {
		w.Zones[z] = w.zone(z)
	}
}

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

func (w *Window) zone(z int) ZoneCalendar {
	c := ZoneCalendar{
		Holiday: make([]bool, w.Days), SchoolDay: make([]bool, w.Days),
		WeekOf: make([]int, w.Days), cum: make([]float64, w.Days+1),
	}
	for d := range w.Days {
		day := w.Date(d).Format(time.DateOnly)
		for _, h := range w.Holidays {
			c.Holiday[d] = c.Holiday[d] || day >= h.From[z] && day < h.To[z]
		}
		for _, h := range w.publicHolidays {
			c.Holiday[d] = c.Holiday[d] || day == h
		}
		c.SchoolDay[d] = !c.Holiday[d] && d%7 < 5
	}
	sum := 0.0
	for _, x := range w.Assumed.WeekdayWeight {
		sum += x
	}
	for d := range w.Days {
		if d%7 == 0 {
			school := false
			for i := d; i < d+7; i++ {
				school = school || c.SchoolDay[i]
			}
			if school {
				c.Monday = append(c.Monday, d)
			}
			for i := d; i < d+7; i++ {
				c.WeekOf[i] = len(c.Monday) - 1
				if !school {
					c.WeekOf[i] = -1
				}
			}
		}
		weight := w.Assumed.WeekdayWeight[d%7] * 7 / sum
		if c.Holiday[d] {
			weight *= w.Assumed.HolidayFactor
		}
		if d >= w.Lockdown[1] {
			weight *= w.Assumed.LockdownAfter
		} else if d >= w.Lockdown[0] {
			weight *= w.Assumed.LockdownFactor
		}
		c.cum[d+1] = c.cum[d] + weight
	}
	return c
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
