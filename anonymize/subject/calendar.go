package subject

import (
	"fmt"
	"slices"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone"
)

// window gives every day of the window for every zone of the calendar, and for
// the zone "": schools whose zone the calendar does not have get a calendar in
// which Monday to Friday are school days. known says whether any zone is there.
func window(files []string, start, end int32) (days []zone.CalendarRow, known bool, err error) {
	type key struct {
		zone string
		day  int32
	}
	seen := map[key]bool{}
	for _, f := range files {
		rows, err := parquet.ReadFile[zone.CalendarRow](f)
		if err != nil {
			return nil, false, fmt.Errorf("subject: calendar: %w", err)
		}
		for _, r := range rows {
			if k := (key{r.Zone, r.LocalDate}); r.Zone != "" && r.LocalDate >= start && r.LocalDate <= end && !seen[k] {
				seen[k] = true
				days = append(days, r)
			}
		}
	}
	known = len(days) > 0
	for d := start; d <= end; d++ {
		days = append(days, plainDay(d))
	}
	slices.SortFunc(days, func(a, b zone.CalendarRow) int {
		if a.Zone != b.Zone {
			if a.Zone < b.Zone {
				return -1
			}
			return 1
		}
		return int(a.LocalDate - b.LocalDate)
	})
	return days, known, nil
}

// plainDay is a day of a calendar without holidays.
func plainDay(d int32) zone.CalendarRow {
	date := time.Unix(int64(d)*86400, 0).UTC()
	weekday := int8((int(date.Weekday())+6)%7 + 1)
	r := zone.CalendarRow{
		LocalDate: d, WeekDay: d - int32(weekday) + 1, Weekday: weekday,
		Month: int32(date.Year()*100 + int(date.Month())), SchoolWeek: 1,
	}
	if weekday <= 5 {
		r.SchoolDay = 1
	}
	return r
}

type periodRow struct {
	Period   int32  `parquet:"period"` // 0 is the window, else YYYYMM
	Monthly  int32  `parquet:"monthly"`
	Name     string `parquet:"name"` // "" or YYYY-MM
	FirstDay int32  `parquet:"first_day"`
	LastDay  int32  `parquet:"last_day"`
}

// periods are the window and its calendar months.
func periods(days []zone.CalendarRow, s Study) []periodRow {
	rows := []periodRow{{0, 0, "", s.Start, s.End}}
	for _, d := range days {
		if d.Zone != "" {
			continue
		}
		if last := &rows[len(rows)-1]; last.Period == d.Month {
			last.LastDay = d.LocalDate
		} else {
			name := fmt.Sprintf("%04d-%02d", d.Month/100, d.Month%100)
			rows = append(rows, periodRow{d.Month, 1, name, d.LocalDate, d.LocalDate})
		}
	}
	return rows
}

type periodDayRow struct {
	Period    int32 `parquet:"period"`
	Monthly   int32 `parquet:"monthly"`
	LocalDate int32 `parquet:"local_date"`
}

// periodDays are the days of each period.
func periodDays(periods []periodRow) []periodDayRow {
	var rows []periodDayRow
	for _, p := range periods {
		for d := p.FirstDay; d <= p.LastDay; d++ {
			rows = append(rows, periodDayRow{p.Period, p.Monthly, d})
		}
	}
	return rows
}

type weekdayRow struct {
	Weekday int64  `parquet:"weekday"` // 1 Monday to 7 Sunday
	DayName string `parquet:"day_name"`
}

// weekdays are the days of a week as names of measures have them.
func weekdays() []weekdayRow {
	var rows []weekdayRow
	for i, name := range edition.Places["weekday"] {
		rows = append(rows, weekdayRow{int64(i + 1), name})
	}
	return rows
}

// yearsBefore is the same date, some years before a day.
func yearsBefore(day int32, years int) int32 {
	return int32(time.Unix(int64(day)*86400, 0).UTC().AddDate(-years, 0, 0).Unix() / 86400)
}

// grades are the school grades in order, with the band each belongs to.
var grades = []struct{ level, band string }{
	{"TPS", "maternelle"}, {"PS", "maternelle"}, {"MS", "maternelle"}, {"GS", "maternelle"},
	{"CP", "CP-CE2"}, {"CE1", "CP-CE2"}, {"CE2", "CP-CE2"}, {"CM1", "CM1-CM2"}, {"CM2", "CM1-CM2"},
	{"6e", "6e-5e"}, {"5e", "6e-5e"}, {"4e", "4e-3e"}, {"3e", "4e-3e"},
	{"2de", "2de-Tle"}, {"1re", "2de-Tle"}, {"Tle", "2de-Tle"}, {"CAP", "2de-Tle"},
}

type gradeRow struct {
	GradeLevel string `parquet:"grade_level"`
	Position   int64  `parquet:"position"` // from 1; 0 is unknown
}

func gradeRows() []gradeRow {
	rows := make([]gradeRow, len(grades))
	for i, g := range grades {
		rows[i] = gradeRow{g.level, int64(i + 1)}
	}
	return rows
}

// gradeBand is the band that holds the grades between two positions, "several"
// when no one band does.
func gradeBand(first, last int64) string {
	if first < 1 || last > int64(len(grades)) {
		return unknown
	}
	if grades[first-1].band != grades[last-1].band {
		return "several"
	}
	return grades[first-1].band
}

// lowerMedian is the middle of the days, the earlier of two.
func lowerMedian(days []int32) (int32, bool) {
	if len(days) == 0 {
		return 0, false
	}
	slices.Sort(days)
	return days[(len(days)-1)/2], true
}
