package directory

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// CalendarDay is one day of one holiday zone.
type CalendarDay struct {
	Zone               string
	Day                int32
	Holiday, SchoolDay bool
	SchoolWeek         bool
	WeekDay            int32 // the Monday of the week
	Month              int32 // YYYYMM
	Weekday            int8  // 1 Monday to 7 Sunday
}

// calendarMargin is how many days before and after the window the calendar has.
const calendarMargin = 35

// CalendarMapping reads fr-en-calendrier-scolaire of data.education.gouv.fr:
// its column names, its BOM and its mixed offsets. Whatever the offset, the times are
// midnight in Paris, overseas zones included.
var CalendarMapping = tabular.Mapping{
	Columns: map[string]any{"description": "Description", "population": "Population", "start": "Date de début",
		"end": "Date de fin", "academie": "Académies", "zone": "Zones"},
	DateTime: time.RFC3339 + "|2006-01-02T15:04:05.000Z07:00|2006-01-02", Timezone: "Europe/Paris",
}

var calendarFields = []tabular.Field{
	{Name: "description"}, {Name: "population"}, {Name: "start", Kind: tabular.DateTime, Required: true},
	{Name: "end", Kind: tabular.DateTime}, {Name: "academie"}, {Name: "zone", Required: true},
}

// readCalendar makes the calendar of every zone that a school has: school
// holidays of the file, French public holidays by rule.
func (b *builder) readCalendar(ctx context.Context) error {
	from, to := b.o.Start-calendarMargin, b.o.End+calendarMargin
	from -= int32(weekday(from)) - 1
	to += 7 - int32(weekday(to))
	h := NewHolidays(from, to)
	for _, name := range b.o.Calendar {
		err := b.read(ctx, name, "calendar", func(r io.Reader, counts *FileCounts) error {
			text := &ending{Reader: r, last: '\n'}
			used, ignored, err := h.Read(text, &CalendarMapping, func(j ingest.Reject) { counts.reject(j.Reason) })
			counts.Used += used
			counts.Ignored += ignored
			counts.Open = text.last != '\n'
			return err
		})
		if err != nil {
			return err
		}
	}
	if len(b.o.Calendar) > 0 && len(h.zones) == 0 {
		return errors.New("calendar: no zone could be read")
	}
	b.holidays = h
	b.schoolZones()
	for _, zone := range b.usedZones() {
		b.d.Calendar = append(b.d.Calendar, h.Days(zone)...)
		if z := h.zones[zone]; len(b.o.Calendar) > 0 && (z == nil || z.last < b.o.End || z.firstRow > b.o.Start) {
			b.warn("calendar: zone %q: no school holidays known for the whole window", zone)
		}
	}
	return nil
}

// schoolZones gives a zone to the schools without one.
func (b *builder) schoolZones() {
	if len(b.holidays.zones) == 0 {
		return
	}
	for i := range b.d.Schools {
		s := &b.d.Schools[i]
		if s.Zone == "" {
			s.Zone = b.holidays.ZoneOf(s.Academie, s.UAI)
		}
	}
}

func (b *builder) usedZones() []string {
	var used []string
	for i := range b.d.Schools {
		if b.d.Schools[i].Perimeter {
			used = append(used, b.d.Schools[i].Zone)
		}
	}
	slices.Sort(used)
	return slices.Compact(used)
}

// weekday is 1 (Monday) to 7 (Sunday).
func weekday(d int32) int { return int((d%7+7+3)%7) + 1 }

// Easter is Easter Sunday of a year: the anonymous Gregorian algorithm (Meeus,
// Astronomical Algorithms, chapter 8).
func Easter(year int) int32 {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	month := (h + l - 7*m + 114) / 31
	return day(year, time.Month(month), (h+l-7*m+114)%31+1)
}

// publicHoliday reports the eleven public holidays of the Code du travail
// (art. L3133-1), and the day of the abolition of slavery where it is one (loi
// 83-550).
func publicHoliday(zone string, d int32) bool {
	t := date(d)
	switch t.Month()*100 + time.Month(t.Day()) {
	case 101, 501, 508, 714, 815, 1101, 1111, 1225:
		return true
	}
	if abolition[zone] == int(t.Month())*100+t.Day() {
		return true
	}
	switch d - Easter(t.Year()) {
	case 1, 39, 50: // Easter Monday, Ascension, Whit Monday
		return true
	}
	return false
}

var abolition = map[string]int{"Martinique": 522, "Guadeloupe": 527, "Guyane": 610, "Réunion": 1220, "Mayotte": 427}
