package directory

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
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

// zoneHolidays are the days off of one zone, each with the académies that have it.
type zoneHolidays struct {
	academies map[string]bool
	off       map[int32]map[string]bool
	last      int32 // the latest day a row speaks of
	firstRow  int32
}

// readCalendar makes the calendar of every zone that a school has: school
// holidays of the file, French public holidays by rule.
func (b *builder) readCalendar(ctx context.Context) error {
	from, to := b.o.Start-calendarMargin, b.o.End+calendarMargin
	from -= int32(weekday(from)) - 1
	to += 7 - int32(weekday(to))
	zones := map[string]*zoneHolidays{}
	for _, name := range b.o.Calendar {
		t := Table{Mapping: &CalendarMapping}
		err := b.read(ctx, name, "calendar", func(r io.Reader, counts *FileCounts) error {
			reject := func(j ingest.Reject) { counts.reject(j.Reason) }
			rows, err := tabular.Open(r, t.Mapping, calendarFields, nil, reject)
			if err != nil {
				return err
			}
			for rows.Next() {
				if b.holidayRow(rows, zones, from, to) {
					counts.Used++
				} else {
					counts.Ignored++
				}
			}
			counts.Ignored += rows.Ignored()
			return rows.Err()
		})
		if err != nil {
			return err
		}
	}
	if len(b.o.Calendar) > 0 && len(zones) == 0 {
		return errors.New("calendar: no zone could be read")
	}
	b.schoolZones(zones)
	for _, zone := range b.usedZones() {
		b.d.Calendar = append(b.d.Calendar, zoneCalendar(zone, zones[zone], from, to, len(b.o.Calendar) > 0)...)
		if z := zones[zone]; len(b.o.Calendar) > 0 && (z == nil || z.last < b.o.End || z.firstRow > b.o.Start) {
			b.warn("calendar: zone %q: no school holidays known for the whole window", zone)
		}
	}
	return nil
}

// holidayRow books one row of the file; false for rows that are not about all
// pupils of the zone (teachers' dates, one island).
func (b *builder) holidayRow(rows *tabular.Rows, zones map[string]*zoneHolidays, from, to int32) bool {
	zone, academie := zoneName(string(rows.Text(5))), string(rows.Text(4))
	if academie != "" {
		b.zones[academieName(academie)] = zone
	}
	switch tabular.Fold(string(rows.Text(1))) {
	case "", "-", "eleves":
	default:
		return false
	}
	z := zones[zone]
	if z == nil {
		z = &zoneHolidays{academies: map[string]bool{}, off: map[int32]map[string]bool{}, firstRow: 1 << 30}
		zones[zone] = z
	}
	first, back := rows.Day(2), rows.Day(3)
	name := tabular.Fold(string(rows.Text(0)))
	switch {
	case strings.HasPrefix(name, "debut") || back < 0:
		_, back = yearBounds(first) // the return is not known yet: until the end of August
		back += 32
	case back == first: // a single day
		back++
	}
	z.firstRow, z.last = min(z.firstRow, first), max(z.last, back)
	if back <= from || first > to {
		return true
	}
	z.academies[academie] = true
	for d := max(first, from); d < min(back, to+1); d++ {
		if z.off[d] == nil {
			z.off[d] = map[string]bool{}
		}
		z.off[d][academie] = true
	}
	return true
}

// schoolZones gives a zone to the schools without one: that of their académie in
// the calendar, or else of the département in which their UAI was given.
func (b *builder) schoolZones(zones map[string]*zoneHolidays) {
	if len(zones) == 0 {
		return
	}
	for i := range b.d.Schools {
		s := &b.d.Schools[i]
		if s.Zone == "" && s.Academie != "" {
			s.Zone = b.zones[academieName(s.Academie)]
		}
		if s.Zone == "" && s.UAIValid {
			s.Zone = departementZone(s.Key / 10000)
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

// zoneCalendar lays out the days. A day is off when most académies of the zone
// have it off (bridges differ between them). Without any calendar in the study,
// as for a foreign data set, no day is off.
func zoneCalendar(zone string, z *zoneHolidays, from, to int32, real bool) []CalendarDay {
	var days []CalendarDay
	for d := from; d <= to; d++ {
		t := date(d)
		day := CalendarDay{
			Zone: zone, Day: d, Weekday: int8(weekday(d)), WeekDay: d - int32(weekday(d)) + 1,
			Month: int32(t.Year()*100 + int(t.Month())),
		}
		day.Holiday = real && publicHoliday(zone, d)
		if z != nil && 2*len(z.off[d]) > len(z.academies) {
			day.Holiday = true
		}
		day.SchoolDay = !day.Holiday && day.Weekday <= 5
		days = append(days, day)
	}
	for i := 0; i < len(days); i += 7 {
		school := slices.ContainsFunc(days[i:i+7], func(d CalendarDay) bool { return d.SchoolDay })
		for j := i; j < i+7; j++ {
			days[j].SchoolWeek = school
		}
	}
	return days
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
