package raw

import (
	"time"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// clock writes local times; it remembers the text of the day.
type clock struct {
	w   *region.Window
	day int
	iso string // 2025-09-08
	web string // 08/Sep/2025
}

func newClock(w *region.Window) *clock { return &clock{w: w, day: -1} }

func (c *clock) set(ts int64) (ms int64, offset string) {
	day, _ := c.w.Local(ts)
	if day != c.day {
		t := c.w.Date(day)
		c.day, c.iso, c.web = day, t.Format(time.DateOnly), t.Format("02/Jan/2006")
	}
	ms = ts - c.w.Midnight[day]
	offset = "+0100"
	length := c.w.Midnight[day+1] - c.w.Midnight[day]
	summer := time.UnixMilli(ts).In(c.w.Paris).IsDST()
	if summer {
		offset = "+0200"
	}
	if length == 25*region.HourMs && !summer {
		ms -= region.HourMs
	}
	if length == 23*region.HourMs && summer {
		ms += region.HourMs
	}
	return ms, offset
}

// month is the YYYYMM of an instant, in local time, for file names.
func (c *clock) month(ts int64) string {
	c.set(ts)
	return c.iso[:4] + c.iso[5:7]
}
