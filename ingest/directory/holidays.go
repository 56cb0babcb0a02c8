package directory

import (
	"io"
	"slices"
	"strings"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// Holidays are the school holidays of a calendar, by zone, between two days.
type Holidays struct {
	from, to  int32
	zones     map[string]*zoneHolidays
	academies map[string]string // the zone of each académie
}

// NewHolidays begins with none; from is a Monday and to a Sunday.
func NewHolidays(from, to int32) *Holidays {
	return &Holidays{from: from, to: to, zones: map[string]*zoneHolidays{}, academies: map[string]string{}}
}

// zoneHolidays are the days off of one zone, each with the académies that have it and
// what it is called there.
type zoneHolidays struct {
	academies map[string]bool
	off       map[int32]map[string]string
	last      int32 // the latest day a row speaks of
	firstRow  int32
}

// Read adds the holidays of a file of CalendarMapping's fields.
func (h *Holidays) Read(r io.Reader, m *tabular.Mapping, reject func(ingest.Reject)) (used, ignored int64, err error) {
	rows, err := tabular.Open(r, m, calendarFields, nil, reject)
	if err != nil {
		return 0, 0, err
	}
	for rows.Next() {
		if h.row(rows) {
			used++
		} else {
			ignored++
		}
	}
	return used, ignored + rows.Ignored(), rows.Err()
}

// row books one row of the file; false for rows that are not about all pupils of the
// zone (teachers' dates, one island).
func (h *Holidays) row(rows *tabular.Rows) bool {
	zone, academie := zoneName(string(rows.Text(5))), string(rows.Text(4))
	if academie != "" {
		h.academies[academieName(academie)] = zone
	}
	switch tabular.Fold(string(rows.Text(1))) {
	case "", "-", "eleves":
	default:
		return false
	}
	z := h.zones[zone]
	if z == nil {
		z = &zoneHolidays{academies: map[string]bool{}, off: map[int32]map[string]string{}, firstRow: 1 << 30}
		h.zones[zone] = z
	}
	first, back := rows.Day(2), rows.Day(3)
	description := string(rows.Text(0))
	switch {
	case strings.HasPrefix(tabular.Fold(description), "debut") || back < 0:
		_, back = yearBounds(first) // the return is not known yet: until the end of August
		back += 32
	case back == first: // a single day
		back++
	}
	z.firstRow, z.last = min(z.firstRow, first), max(z.last, back)
	if back <= h.from || first > h.to {
		return true
	}
	z.academies[academie] = true
	for d := max(first, h.from); d < min(back, h.to+1); d++ {
		if z.off[d] == nil {
			z.off[d] = map[string]string{}
		}
		z.off[d][academie] = description
	}
	return true
}

// Zones are the zones that the files speak of, sorted.
func (h *Holidays) Zones() []string {
	var all []string
	for zone := range h.zones {
		all = append(all, zone)
	}
	slices.Sort(all)
	return all
}

// Known is the first and the last day that the files speak of in a zone.
func (h *Holidays) Known(zone string) (first, last int32) {
	if z := h.zones[zone]; z != nil {
		return z.firstRow, z.last
	}
	return 0, -1
}

// ZoneOf is the zone of a school: that of its académie in the calendar, or else of the
// département in which its UAI was given; "" if neither is known.
func (h *Holidays) ZoneOf(academie, uai string) string {
	zone := ""
	if academie != "" {
		zone = h.academies[academieName(academie)]
	}
	if zone == "" && ingest.ValidUAI(uai) {
		zone = departementZone(ingest.SchoolKey([]byte(uai)) / 10000)
	}
	return zone
}

// Name is what most académies of a zone call a day off; "" for any other day.
func (h *Holidays) Name(zone string, d int32) string {
	z := h.zones[zone]
	if z == nil || 2*len(z.off[d]) <= len(z.academies) {
		return ""
	}
	times, best := map[string]int{}, ""
	for _, name := range z.off[d] {
		times[name]++
	}
	for name, n := range times {
		if n > times[best] || n == times[best] && name < best {
			best = name
		}
	}
	return best
}

// Days lays out the days of a zone. A day is off when most académies of the zone have
// it off (bridges differ between them). Without any calendar, as for a foreign data
// set, no day is off.
func (h *Holidays) Days(zone string) []CalendarDay {
	z, real := h.zones[zone], len(h.zones) > 0
	var days []CalendarDay
	for d := h.from; d <= h.to; d++ {
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
