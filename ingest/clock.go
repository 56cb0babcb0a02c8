package ingest

import (
	"fmt"
	"sort"
	"time"
	_ "time/tzdata" // the zones must be there on any machine
)

const (
	dayMs  = 86_400_000
	hourMs = 3_600_000
)

// Clock turns the times of one source into instants, local days and local
// hours. It holds a table of the zone's offsets, so that no record pays for a
// time.Time. A Clock is for the use of one goroutine: take a Copy for another.
type Clock struct {
	starts  []int64 // first instant of each period, ms
	offsets []int64 // offset from UTC in the period, ms
	min     int64
	max     int64
	// the period found last: log lines are close to each other
	from, to, offset int64
}

// NewClock returns the clock of a zone such as "Europe/Paris" or
// "Indian/Reunion". Instants before 1990 or after 2099 are not plausible. What a study has no use for,
// a log that goes on after its term say, is no fault of the log: it is left out by day.
func NewClock(zone string) (*Clock, error) {
	if zone == "" || zone == "Local" {
		return nil, fmt.Errorf("ingest: time zone not set")
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("ingest: time zone: %w", err)
	}
	first := time.Date(1989, 12, 30, 0, 0, 0, 0, time.UTC)
	last := time.Date(2100, 1, 3, 0, 0, 0, 0, time.UTC)
	c := &Clock{min: time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli(), max: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()}
	// Not Time.ZoneBounds: behind the last tabulated transition it can stand still.
	offset := func(second int64) int64 {
		_, o := time.Unix(second, 0).In(loc).Zone()
		return int64(o) * 1000
	}
	at := first.Unix()
	was := offset(at)
	c.starts, c.offsets = []int64{at * 1000}, []int64{was}
	const step = 5 * dayMs / 1000 // no zone changes twice within five days
	for ; at < last.Unix(); at += step {
		is := offset(at + step)
		if was == is {
			continue
		}
		change := at + 1 + int64(sort.Search(step-1, func(i int) bool { return offset(at+1+int64(i)) != was }))
		c.starts, c.offsets = append(c.starts, change*1000), append(c.offsets, is)
		was = is
	}
	c.starts[0] = -1 << 62
	return c, nil
}

// Copy returns a clock for another goroutine.
func (c *Clock) Copy() *Clock {
	d := *c
	return &d
}

// Plausible reports whether an instant can be that of a record.
func (c *Clock) Plausible(ms int64) bool { return ms >= c.min && ms < c.max }

// Offset is the zone's offset from UTC at an instant, in milliseconds.
func (c *Clock) Offset(ms int64) int64 {
	if ms >= c.from && ms < c.to {
		return c.offset
	}
	i := sort.Search(len(c.starts), func(i int) bool { return c.starts[i] > ms }) - 1
	c.from, c.to, c.offset = c.starts[i], 1<<62, c.offsets[i]
	if i+1 < len(c.starts) {
		c.to = c.starts[i+1]
	}
	return c.offset
}

// Local is the local day (since 1970-01-01) and hour of an instant.
func (c *Clock) Local(ms int64) (day int32, hour int8) {
	local := ms + c.Offset(ms)
	d := floorDiv(local, dayMs)
	return int32(d), int8((local - d*dayMs) / hourMs)
}

// Instant turns a local wall time, in milliseconds as if it were UTC, into an
// instant. In the hour that exists twice the first is meant. ok is false for a
// wall time that daylight saving leaves out.
func (c *Clock) Instant(wall int64) (ms int64, ok bool) {
	// An offset that holds at the instant it leads to is a true reading; of two
	// the larger offset gives the earlier instant.
	before := c.Offset(wall - dayMs)
	after := c.Offset(wall + dayMs)
	if before == after {
		ms = wall - before
		return ms, c.Offset(ms) == before
	}
	a, b := wall-before, wall-after
	okA, okB := c.Offset(a) == before, c.Offset(b) == after
	switch {
	case okA && okB:
		return min(a, b), true
	case okA:
		return a, true
	case okB:
		return b, true
	}
	return 0, false
}

// Stamp sets the three times of an event from an instant and reports whether
// the instant is plausible.
func (c *Clock) Stamp(e *Event, ms int64) bool {
	if !c.Plausible(ms) {
		return false
	}
	e.TsMs = ms
	e.LocalDate, e.LocalHour = c.Local(ms)
	return true
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Days is the number of days from 1970-01-01 to a date of the Gregorian
// calendar; ok is false when there is no such date.
// Algorithm: H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
func Days(year, month, day int) (days int32, ok bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > monthDays(year, month) {
		return 0, false
	}
	y, m := year, month
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + day - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return int32(era*146097 + doe - 719468), true
}

// Month is the YYYYMM of a day since 1970-01-01 (civil_from_days of the same source).
func Month(day int32) int32 {
	z := int64(day) + 719468
	era := floorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	year, month := yoe+era*400, mp+3
	if month > 12 {
		month -= 12
		year++
	}
	return int32(year*100 + month)
}

func monthDays(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// WallTime reads "2006-01-02 15:04:05,000" (also with T, with a dot, or without
// milliseconds) at the start of b: milliseconds as if UTC, and the bytes read.
func WallTime(b []byte) (wall int64, n int, ok bool) {
	if len(b) < 19 || b[4] != '-' || b[7] != '-' || b[10] != ' ' && b[10] != 'T' || b[13] != ':' || b[16] != ':' {
		return 0, 0, false
	}
	year, ok1 := Digits(b[0:4])
	month, ok2 := Digits(b[5:7])
	day, ok3 := Digits(b[8:10])
	hour, ok4 := Digits(b[11:13])
	minute, ok5 := Digits(b[14:16])
	second, ok6 := Digits(b[17:19])
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6) || hour > 23 || minute > 59 || second > 60 {
		return 0, 0, false
	}
	days, ok := Days(year, month, day)
	if !ok {
		return 0, 0, false
	}
	wall = int64(days)*dayMs + int64(hour)*hourMs + int64(minute)*60_000 + int64(second)*1000
	n = 19
	if len(b) >= 23 && (b[19] == ',' || b[19] == '.') {
		if ms, ok := Digits(b[20:23]); ok {
			return wall + int64(ms), 23, true
		}
	}
	return wall, n, true
}

// Digits reads a number written in ASCII digits only, at most nine of them.
func Digits(b []byte) (n int, ok bool) {
	if len(b) == 0 || len(b) > 9 {
		return 0, false
	}
	for _, c := range b {
		c -= '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int(c)
	}
	return n, true
}

// isoLayouts are the forms of ISO 8601 that learning records use: those of RFC 3339,
// and offsets without a colon or minutes.
var isoLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999Z07"}

// ISOInstant reads an instant of ISO 8601 with its offset; ok is false without one,
// since then it could be the time of any place.
func ISOInstant(text string) (ms int64, ok bool) {
	for _, layout := range isoLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UnixMilli(), true
		}
	}
	return 0, false
}
