package moodle

import (
	"bytes"

	"github.com/entscope/entscope/ingest"
)

// date sets the event's times: from seconds since 1970 in the table, from the
// local time of a report.
func (d *decoder) date(r *record) ingest.Reason {
	if r[fReportTime] == nil {
		b := r[fTime]
		if len(b) == 0 {
			return ingest.ReasonMissingField
		}
		seconds, ok := number(b)
		if !ok {
			return ingest.ReasonTimestamp
		}
		if !d.clock.Stamp(&d.event, seconds*1000) {
			return ingest.ReasonTimeRange
		}
		return ""
	}
	wall, ok := d.report(r[fReportTime])
	if !ok {
		return ingest.ReasonTimestamp
	}
	ms, ok := d.clock.Instant(wall)
	if !ok {
		return ingest.ReasonTimeGap
	}
	if !d.clock.Stamp(&d.event, ms) {
		return ingest.ReasonTimeRange
	}
	return ""
}

// number reads up to eleven digits.
func number(b []byte) (n int64, ok bool) {
	if len(b) == 0 || len(b) > 11 {
		return 0, false
	}
	for _, c := range b {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	return n, true
}

// report reads the times of report_log: `7/09/26, 21:40:58` (en), `9/7/26, …`
// (en_us), `7 sept. 26, 21:40:58` (fr), `11 May, 09:44` (Moodle 2.x).
func (d *decoder) report(b []byte) (wall int64, ok bool) {
	day, clock, ok := bytes.Cut(b, []byte(","))
	if !ok {
		return 0, false
	}
	seconds, ok := clockTime(bytes.TrimSpace(clock))
	if !ok {
		return 0, false
	}
	var f [3][]byte
	n := 0
	for _, part := range bytes.FieldsFunc(day, func(r rune) bool { return r == ' ' || r == '/' }) {
		if n == len(f) {
			return 0, false
		}
		f[n] = part
		n++
	}
	if n < 2 {
		return 0, false
	}
	first, ok := ingest.Digits(f[0])
	if !ok {
		return 0, false
	}
	month, numeric := ingest.Digits(f[1])
	if !numeric {
		month = monthNamed(f[1])
	} else if m := d.options.MonthFirst; m != nil && *m {
		first, month = month, first
	}
	var year int
	switch {
	case n == 3:
		if year, ok = ingest.Digits(f[2]); !ok {
			return 0, false
		}
		if year < 100 {
			year += 2000
		}
	case d.options.Year == 0:
		return 0, false
	default:
		year = d.options.Year
		if month < 8 {
			year++
		}
	}
	days, ok := ingest.Days(year, month, first)
	return int64(days)*86_400_000 + int64(seconds)*1000, ok
}

func clockTime(b []byte) (seconds int, ok bool) {
	n := 0
	for _, part := range bytes.Split(b, []byte(":")) {
		v, ok := ingest.Digits(part)
		if !ok || n == 3 || n == 0 && v > 23 || v > 59 {
			return 0, false
		}
		seconds = seconds*60 + v
		n++
	}
	if n == 2 {
		seconds *= 60
	}
	return seconds, n >= 2
}

// months by the letters that distinguish them, in English and French.
var months = [...][]string{
	{"jan"}, {"feb", "fév", "fev"}, {"mar"}, {"apr", "avr"}, {"may", "mai"}, {"jun", "juin"},
	{"jul", "juil"}, {"aug", "aoû", "aou"}, {"sep"}, {"oct"}, {"nov"}, {"dec", "déc"},
}

func monthNamed(name []byte) int {
	name = bytes.ToLower(name)
	for i, prefixes := range months {
		for _, p := range prefixes {
			if bytes.HasPrefix(name, []byte(p)) {
				return i + 1
			}
		}
	}
	return 0
}
