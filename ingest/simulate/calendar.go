package simulate

import (
	"sort"
	"time"
	_ "time/tzdata" // the zone must exist on any machine
)

var zoneNames = [3]string{"A", "B", "C"}

// academies of each zone whose names the schools carry.
var academies = [3]string{"Dijon", "Reims", "Créteil"}

// holiday is one row of the open calendar: the first day off and the day the
// classes begin again, for each zone (education.gouv.fr, 2025-2026).
type holiday struct {
	name     string
	from, to [3]string
}

var holidays = []holiday{
	{"Vacances d'Été", [3]string{"2025-07-05", "2025-07-05", "2025-07-05"}, [3]string{"2025-09-01", "2025-09-01", "2025-09-01"}},
	{"Vacances de la Toussaint", [3]string{"2025-10-18", "2025-10-18", "2025-10-18"}, [3]string{"2025-11-03", "2025-11-03", "2025-11-03"}},
	{"Vacances de Noël", [3]string{"2025-12-20", "2025-12-20", "2025-12-20"}, [3]string{"2026-01-05", "2026-01-05", "2026-01-05"}},
	{"Vacances d'Hiver", [3]string{"2026-02-07", "2026-02-14", "2026-02-21"}, [3]string{"2026-02-23", "2026-03-02", "2026-03-09"}},
	{"Vacances de Printemps", [3]string{"2026-04-04", "2026-04-11", "2026-04-18"}, [3]string{"2026-04-20", "2026-04-27", "2026-05-04"}},
	{"Pont de l'Ascension", [3]string{"2026-05-14", "2026-05-14", "2026-05-14"}, [3]string{"2026-05-18", "2026-05-18", "2026-05-18"}},
	{"Vacances d'Été", [3]string{"2026-07-04", "2026-07-04", "2026-07-04"}, [3]string{"2026-09-01", "2026-09-01", "2026-09-01"}},
}

// publicHolidays of metropolitan France in the school year.
var publicHolidays = []string{
	"2025-11-01", "2025-11-11", "2025-12-25", "2026-01-01", "2026-04-06",
	"2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25",
}

const firstDay = "2025-09-08"

// maxWeeks is the number of school weeks between 8 September and the summer.
const maxWeeks = 34

// window is the simulated time: days are numbered from 0, in local time.
type window struct {
	paris *time.Location
	// years is the number of school years, 0 for a window of some weeks.
	years int
	// holidays and publicHolidays are those of the school years of the window.
	holidays       []holiday
	publicHolidays []string
	// lockdown is the first day of the planted lockdown and the first day after
	// it; noDay when there is none.
	lockdown [2]int
	start    time.Time // local midnight of day 0
	days     int
	// mid[d] is the instant in ms of the local midnight that opens day d.
	mid   []int64
	zones [3]zoneCalendar
}

// zoneCalendar is the calendar of one holiday zone over the window.
type zoneCalendar struct {
	holiday, schoolDay []bool
	weekOf             []int // school week of a day, -1 in a week without school
	monday             []int // first day of each school week
	// cum[d] is the weight of days before d; a full school week weighs 7.
	cum []float64
}

// newWindow opens on Monday 8 September 2025 and closes on the Sunday after
// which every zone has had the asked number of school weeks.
func newWindow(weeks int) (*window, error) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, err
	}
	start, err := time.ParseInLocation(time.DateOnly, firstDay, paris)
	if err != nil {
		return nil, err
	}
	w := &window{paris: paris, start: start, holidays: holidays, publicHolidays: publicHolidays, lockdown: [2]int{noDay, noDay}}
	for w.days = 7; ; w.days += 7 {
		w.build()
		if len(w.zones[0].monday) >= weeks && len(w.zones[1].monday) >= weeks && len(w.zones[2].monday) >= weeks {
			return w, nil
		}
	}
}

func (w *window) build() {
	w.mid = w.mid[:0]
	for d := 0; d <= w.days+1; d++ {
		w.mid = append(w.mid, w.date(d).UnixMilli())
	}
	for z := range w.zones {
		w.zones[z] = w.zone(z)
	}
}

func (w *window) date(d int) time.Time { return w.start.AddDate(0, 0, d) }

func (w *window) zone(z int) zoneCalendar {
	c := zoneCalendar{
		holiday: make([]bool, w.days), schoolDay: make([]bool, w.days),
		weekOf: make([]int, w.days), cum: make([]float64, w.days+1),
	}
	for d := range w.days {
		day := w.date(d).Format(time.DateOnly)
		for _, h := range w.holidays {
			c.holiday[d] = c.holiday[d] || day >= h.from[z] && day < h.to[z]
		}
		for _, h := range w.publicHolidays {
			c.holiday[d] = c.holiday[d] || day == h
		}
		c.schoolDay[d] = !c.holiday[d] && d%7 < 5
	}
	sum := 0.0
	for _, x := range weekdayWeight {
		sum += x
	}
	for d := range w.days {
		if d%7 == 0 {
			school := false
			for i := d; i < d+7; i++ {
				school = school || c.schoolDay[i]
			}
			if school {
				c.monday = append(c.monday, d)
			}
			for i := d; i < d+7; i++ {
				c.weekOf[i] = len(c.monday) - 1
				if !school {
					c.weekOf[i] = -1
				}
			}
		}
		weight := weekdayWeight[d%7] * 7 / sum
		if c.holiday[d] {
			weight *= holidayFactor
		}
		if d >= w.lockdown[1] {
			weight *= lockdownAfter
		} else if d >= w.lockdown[0] {
			weight *= lockdownFactor
		}
		c.cum[d+1] = c.cum[d] + weight
	}
	return c
}

// day draws a day of [from, to) by its weight.
func (c *zoneCalendar) day(d draw, from, to int) int {
	u := c.cum[from] + d.Float64()*(c.cum[to]-c.cum[from])
	day := sort.SearchFloat64s(c.cum[from+1:to+1], u) + from
	return min(day, to-1)
}

const (
	hourMs = int64(3600_000)
	dayMs  = 24 * hourMs
)

// at is the instant of a local second of a day. The hour that exists twice in
// October is its first occurrence; the one that does not exist in March is the next.
func (w *window) at(day, second int) int64 {
	ms := int64(second) * 1000
	switch w.mid[day+1] - w.mid[day] {
	case 25 * hourMs:
		if ms >= 3*hourMs {
			ms += hourMs
		}
	case 23 * hourMs:
		if ms >= 3*hourMs {
			ms -= hourMs
		}
	}
	return w.mid[day] + ms
}

// local is the day and hour of an instant inside the window (or the day after).
func (w *window) local(ts int64) (day, hour int) {
	day = int((ts - w.mid[0]) / dayMs)
	day = max(0, min(day, w.days))
	for day > 0 && ts < w.mid[day] {
		day--
	}
	for day < w.days && ts >= w.mid[day+1] {
		day++
	}
	ms := ts - w.mid[day]
	switch w.mid[day+1] - w.mid[day] {
	case 25 * hourMs:
		if ms >= 3*hourMs {
			ms -= hourMs
		}
	case 23 * hourMs:
		if ms >= 2*hourMs {
			ms += hourMs
		}
	}
	return day, int(ms / hourMs)
}

// end is the instant after the last of the window.
func (w *window) end() int64 { return w.mid[w.days] }
