package region

import (
	"fmt"
	"strconv"
	"time"
)

// MaxWeeks is the number of school weeks between 8 September and the summer.
const MaxWeeks = 34

// NewWindow opens on Monday 8 September 2025 and closes on the Sunday after
// which every zone has had the asked number of school weeks.
func NewWindow(weeks int) (*Window, error) {
	w, err := open(lastYear)
	if err != nil {
		return nil, err
	}
	w.Start = time.Date(lastYear, time.September, 8, 0, 0, 0, 0, w.Paris)
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
	first := lastYear + 1 - years
	w, err := open(first)
	if err != nil {
		return nil, err
	}
	w.Years = years
	w.Start = time.Date(first, time.September, 1, 0, 0, 0, 0, w.Paris)
	for w.Start.Weekday() != time.Monday {
		w.Start = w.Start.AddDate(0, 0, 1)
	}
	w.Days = w.dayOf(fmt.Sprintf("%d-07-06", lastYear+1))
	if spring := strconv.Itoa(first + 2); years > 1 {
		w.Lockdown = [2]int{w.dayOf(spring + "-03-16"), w.dayOf(spring + "-05-11")}
	}
	w.build()
	return w, nil
}

// open gives a window without days, with the holidays from a school year on.
func open(first int) (*Window, error) {
	w := &Window{Lockdown: [2]int{NoDay, NoDay}}
	var err error
	if w.Assumed, err = ReadAssumptions(); err != nil {
		return nil, err
	}
	if w.Holidays, w.publicHolidays, err = holidaysSince(first); err != nil {
		return nil, err
	}
	w.Paris, err = time.LoadLocation("Europe/Paris")
	return w, err
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
