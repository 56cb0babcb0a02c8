package tabular

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

// clock reads the dates of one column. It is for the use of one goroutine.
type clock struct {
	zone    *time.Location
	local   *ingest.Clock
	layouts []layout
	unit    int64 // milliseconds of "unix", "unix_ms"; 0 otherwise
	offset  bool  // days since origin
	origin  int32
	fixed   bool // origin is part of the layout
}

// layout is a Go layout with its fixed-width reading, if it has one.
type layout struct {
	text   string
	pieces []piece
	zoned  bool // times have an offset of their own
	named  bool // times have a zone's abbreviation
}

func newClock(format string, zone *time.Location) (*clock, error) {
	c := &clock{zone: zone}
	switch {
	case format == "unix":
		c.unit = 1000
	case format == "unix_ms":
		c.unit = 1
	case format == "days_since":
		c.offset = true
	case strings.HasPrefix(format, "days_since:"):
		t, err := time.Parse(time.DateOnly, format[len("days_since:"):])
		if err != nil {
			return nil, errors.New("days_since: needs a day such as 2013-10-01")
		}
		c.offset, c.fixed, c.origin = true, true, dayOf(t)
	default:
		probe := time.Date(2011, 11, 29, 0, 0, 0, 0, time.UTC)
		for _, l := range strings.Split(format, "|") {
			// A layout such as "YYYY-MM-DD" formats to itself.
			again, err := time.Parse(l, probe.Format(l))
			if err != nil || again.Year() != 2011 && again.Year() != 0 || again.Day() != 29 || again.Month() != 11 {
				return nil, fmt.Errorf("layout %q is not a Go layout (2006-01-02 15:04:05 written in the file's way)",
					l)
			}
			c.layouts = append(c.layouts, layout{
				text: l, pieces: compile(l), named: strings.Contains(l, "MST"),
				zoned: strings.Contains(l, "Z07") || strings.Contains(l, "-07"),
			})
		}
	}
	return c, nil
}

// ready prepares the zone; a clock that is only checked does without.
func (c *clock) ready() (err error) {
	c.local, err = ingest.NewClock(c.zone.String())
	return err
}

// readyClock is a clock that can read.
func readyClock(format string, zone *time.Location) (*clock, error) {
	c, err := newClock(format, zone)
	if err != nil {
		return nil, err
	}
	return c, c.ready()
}

// copy is a clock for another goroutine.
func (c *clock) copy() *clock {
	d := *c
	d.local = c.local.Copy()
	return &d
}

func (c *clock) needsOrigin() bool { return c.offset && !c.fixed }

const dayMs = 86_400_000

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
		return c.at(n * c.unit)
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
		return c.wall((int64(base)+n)*dayMs, true)
	}
	for i := range c.layouts {
		l := &c.layouts[i]
		if wall, ok := readPieces(l.pieces, text); ok {
			return c.wall(wall, dateOnly)
		}
		if m, reason := c.parse(l, text, dateOnly); reason != ingest.ReasonTimestamp {
			return m, reason
		}
	}
	return Moment{}, ingest.ReasonTimestamp
}

// parse reads text with package time, for layouts and texts that are not of
// fixed width.
func (c *clock) parse(l *layout, text []byte, dateOnly bool) (Moment, ingest.Reason) {
	zone := time.UTC
	if l.zoned || l.named {
		zone = c.zone
	}
	t, err := time.ParseInLocation(l.text, string(text), zone)
	switch {
	case err != nil:
		return Moment{}, ingest.ReasonTimestamp
	case l.named && !l.zoned && t.Location() != zone:
		// Of an abbreviation the zone does not use, Go makes an offset of 0.
		return Moment{}, ingest.ReasonTimestamp
	case (l.zoned || l.named) && !dateOnly:
		return c.at(t.UnixMilli())
	}
	_, offset := t.Zone()
	return c.wall(t.UnixMilli()+int64(offset)*1000, dateOnly)
}

// wall is the moment of a local time, given in milliseconds as if it were UTC. A
// time that daylight saving leaves out is refused; of the two instants of one
// that exists twice it is the first.
func (c *clock) wall(wall int64, dateOnly bool) (Moment, ingest.Reason) {
	if dateOnly {
		wall = floorDay(wall)*dayMs + dayMs/2
	}
	ms, ok := c.local.Instant(wall)
	if !ok {
		return Moment{}, ingest.ReasonTimeGap
	}
	return c.at(ms)
}

// midnightAfter is the instant at which a local day ends: 24:00 or, in the zones
// whose clocks go forward at midnight, the first instant of the next day.
func (c *clock) midnightAfter(day int32) int64 {
	wall := (int64(day) + 1) * dayMs
	ms, ok := c.local.Instant(wall)
	for ; !ok; ms, ok = c.local.Instant(wall) {
		wall += dayMs / 96 // clocks go forward by a multiple of a quarter of an hour
	}
	return ms
}

// The plausible range: 1900 to 2100, since schools have days of opening.
var (
	earliest = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	latest   = time.Date(2101, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
)

// at is the moment of an instant.
func (c *clock) at(ms int64) (Moment, ingest.Reason) {
	if ms < earliest || ms >= latest {
		return Moment{}, ingest.ReasonTimeRange
	}
	day, hour := c.local.Local(ms)
	return Moment{Known: true, TsMs: ms, Day: day, Hour: hour}, ""
}

func floorDay(ms int64) int64 {
	d := ms / dayMs
	if ms%dayMs < 0 {
		d--
	}
	return d
}

// dayOf is the calendar day of t in its own zone, in days since 1970-01-01.
func dayOf(t time.Time) int32 {
	return int32(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// piece is a part of a fixed-width layout: digits of a unit, or one byte.
type piece struct {
	unit, literal byte
	width         int
}

// compile makes pieces of a layout that consists of 2006 01 02 15 04 05 and
// separators; nil for others, which package time reads.
func compile(layout string) []piece {
	var pieces []piece
next:
	for layout != "" {
		for _, unit := range []struct {
			text string
			unit byte
		}{{"2006", 'y'}, {"01", 'm'}, {"02", 'd'}, {"15", 'H'}, {"04", 'M'}, {"05", 'S'}} {
			if strings.HasPrefix(layout, unit.text) {
				pieces = append(pieces, piece{unit: unit.unit, width: len(unit.text)})
				layout = layout[len(unit.text):]
				continue next
			}
		}
		if !strings.ContainsRune(" -/:.T", rune(layout[0])) {
			return nil
		}
		pieces = append(pieces, piece{literal: layout[0], width: 1})
		layout = layout[1:]
	}
	return pieces
}

// readPieces reads a text of exactly the layout's width: the local time in
// milliseconds as if it were UTC.
func readPieces(pieces []piece, text []byte) (wall int64, ok bool) {
	if pieces == nil {
		return 0, false
	}
	year, month, day, hour, minute, second := 0, 0, 0, 0, 0, 0
	for _, p := range pieces {
		if len(text) < p.width {
			return 0, false
		}
		if p.unit == 0 {
			if text[0] != p.literal {
				return 0, false
			}
			text = text[1:]
			continue
		}
		n, ok := ingest.Digits(text[:p.width])
		if !ok {
			return 0, false
		}
		text = text[p.width:]
		switch p.unit {
		case 'y':
			year = n
		case 'm':
			month = n
		case 'd':
			day = n
		case 'H':
			hour = n
		case 'M':
			minute = n
		case 'S':
			second = n
		}
	}
	days, ok := ingest.Days(year, month, day)
	if !ok || len(text) > 0 || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	return int64(days)*dayMs + int64(hour*3600+minute*60+second)*1000, true
}
