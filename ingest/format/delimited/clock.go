package delimited

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest"
)

// Moment is a day or an instant as a row gives it.
type Moment struct {
	// Known is false where the row says nothing.
	Known bool
	// TsMs is the instant in milliseconds since 1970 (noon, for a mere day).
	TsMs int64
	// Day is the local day, in days since 1970-01-01; Hour the local hour.
	Day  int32
	Hour int8
}

// clock reads the dates of one layout in one zone.
type clock struct {
	zone    *time.Location
	layouts []string
	unit    int64 // milliseconds of "unix", "unix_ms"; 0 otherwise
	offset  bool  // days since origin
	origin  int32
	fixed   bool // origin is part of the layout
}

func newClock(layout string, zone *time.Location) (*clock, error) {
	c := &clock{zone: zone}
	switch {
	case layout == "unix":
		c.unit = 1000
	case layout == "unix_ms":
		c.unit = 1
	case layout == "days_since":
		c.offset = true
	case strings.HasPrefix(layout, "days_since:"):
		day, err := time.Parse(time.DateOnly, layout[len("days_since:"):])
		if err != nil {
			return nil, errors.New("days_since: needs a day such as 2013-10-01")
		}
		c.offset, c.fixed, c.origin = true, true, dayOf(day)
	default:
		probe := time.Date(2011, 11, 29, 0, 0, 0, 0, time.UTC)
		for _, l := range strings.Split(layout, "|") {
			// A layout such as "YYYY-MM-DD" formats to itself.
			again, err := time.Parse(l, probe.Format(l))
			if err != nil || again.Year() != 2011 && again.Year() != 0 || again.Day() != 29 || again.Month() != 11 {
				return nil, fmt.Errorf("layout %q is not a Go layout (2006-01-02 15:04:05 written in the file's way)", l)
			}
			c.layouts = append(c.layouts, l)
		}
	}
	return c, nil
}

func (c *clock) needsOrigin() bool { return c.offset && !c.fixed }

// moment reads text. dateOnly sets the instant to local noon.
func (c *clock) moment(text []byte, dateOnly bool, origin Moment) (Moment, ingest.Reason) {
	switch {
	case c.unit != 0:
		n, err := strconv.ParseInt(string(text), 10, 64)
		if err != nil {
			return Moment{}, ingest.ReasonTimestamp
		}
		if n > 1<<53 || n < -1<<53 {
			return Moment{}, ingest.ReasonTimeRange
		}
		return c.local(time.UnixMilli(n * c.unit).In(c.zone))
	case c.offset:
		n, err := strconv.ParseInt(string(text), 10, 32)
		if err != nil {
			return Moment{}, ingest.ReasonTimestamp
		}
		base := c.origin
		if !c.fixed {
			if !origin.Known {
				return Moment{}, ingest.ReasonMissingField
			}
			base = origin.Day
		}
		day := int64(base) + n
		return c.local(time.Date(1970, 1, 1, 12, 0, 0, 0, c.zone).AddDate(0, 0, int(day)))
	}
	for _, layout := range c.layouts {
		t, err := time.ParseInLocation(layout, string(text), c.zone)
		if err != nil {
			continue
		}
		if dateOnly {
			return c.local(time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, c.zone))
		}
		return c.settle(t, layout, text)
	}
	return Moment{}, ingest.ReasonTimestamp
}

// settle refuses a local time that daylight saving skips and takes the first of
// the two instants that one local time has in the night it ends. A text with an
// offset of its own is an instant already.
func (c *clock) settle(t time.Time, layout string, text []byte) (Moment, ingest.Reason) {
	if strings.Contains(layout, "Z07") || strings.Contains(layout, "-07") {
		return c.local(t.In(c.zone))
	}
	if strings.Contains(layout, "MST") {
		// Of an abbreviation the zone does not use, Go makes an offset of 0.
		if t.Location() != c.zone {
			return Moment{}, ingest.ReasonTimestamp
		}
		return c.local(t)
	}
	wall, err := time.ParseInLocation(layout, string(text), time.UTC)
	if err != nil {
		return Moment{}, ingest.ReasonTimestamp
	}
	if wall.Hour() != t.Hour() || wall.Minute() != t.Minute() {
		return Moment{}, ingest.ReasonTimeGap
	}
	if earlier := t.Add(-time.Hour); earlier.Hour() == t.Hour() {
		t = earlier
	}
	return c.local(t)
}

// local checks the plausible range, 1900 to 2100, and fills a Moment.
func (c *clock) local(t time.Time) (Moment, ingest.Reason) {
	if t.Year() < 1900 || t.Year() > 2100 {
		return Moment{}, ingest.ReasonTimeRange
	}
	return Moment{Known: true, TsMs: t.UnixMilli(), Day: dayOf(t), Hour: int8(t.Hour())}, ""
}

// dayOf is the calendar day of t in its own zone, in days since 1970-01-01.
func dayOf(t time.Time) int32 {
	return int32(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400)
}
