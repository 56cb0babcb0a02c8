package simulate

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// What a window of whole school years holds beside the twelve weeks' behaviour:
// a lockdown, deadlines, terms of the report book.

// Planted factors of a window of years: ASSUMED.
const (
	lockdownFactor = 2.2  // of visits in the lockdown (generator_ASSUMED.lockdown_level_multiplier)
	lockdownAfter  = 1.25 // … after it, to the end (post_lockdown_persistence)
	// hazardSlow is the weekly hazard of a first log in still to happen: slower
	// than in a term, so that there are parents without any visit to accompany.
	hazardSlow = 0.03
)

// lastYear is the school year that every window of years ends with.
const lastYear = 2025

// earlier are the holidays of the school years before the one of holidays
// (education.gouv.fr, 2023-2024 and 2024-2025), each year with the summer before it.
var earlier = map[int][]holiday{
	2023: {
		{"Vacances d'Été", [3]string{"2023-07-08", "2023-07-08", "2023-07-08"}, [3]string{"2023-09-04", "2023-09-04", "2023-09-04"}},
		{"Vacances de la Toussaint", [3]string{"2023-10-21", "2023-10-21", "2023-10-21"}, [3]string{"2023-11-06", "2023-11-06", "2023-11-06"}},
		{"Vacances de Noël", [3]string{"2023-12-23", "2023-12-23", "2023-12-23"}, [3]string{"2024-01-08", "2024-01-08", "2024-01-08"}},
		{"Vacances d'Hiver", [3]string{"2024-02-17", "2024-02-24", "2024-02-10"}, [3]string{"2024-03-04", "2024-03-11", "2024-02-26"}},
		{"Vacances de Printemps", [3]string{"2024-04-13", "2024-04-20", "2024-04-06"}, [3]string{"2024-04-29", "2024-05-06", "2024-04-22"}},
		{"Pont de l'Ascension", [3]string{"2024-05-08", "2024-05-08", "2024-05-08"}, [3]string{"2024-05-13", "2024-05-13", "2024-05-13"}},
	},
	2024: {
		{"Vacances d'Été", [3]string{"2024-07-06", "2024-07-06", "2024-07-06"}, [3]string{"2024-09-02", "2024-09-02", "2024-09-02"}},
		{"Vacances de la Toussaint", [3]string{"2024-10-19", "2024-10-19", "2024-10-19"}, [3]string{"2024-11-04", "2024-11-04", "2024-11-04"}},
		{"Vacances de Noël", [3]string{"2024-12-21", "2024-12-21", "2024-12-21"}, [3]string{"2025-01-06", "2025-01-06", "2025-01-06"}},
		{"Vacances d'Hiver", [3]string{"2025-02-22", "2025-02-08", "2025-02-15"}, [3]string{"2025-03-10", "2025-02-24", "2025-03-03"}},
		{"Vacances de Printemps", [3]string{"2025-04-19", "2025-04-05", "2025-04-12"}, [3]string{"2025-05-05", "2025-04-22", "2025-04-28"}},
		{"Pont de l'Ascension", [3]string{"2025-05-29", "2025-05-29", "2025-05-29"}, [3]string{"2025-06-02", "2025-06-02", "2025-06-02"}},
	},
}

var earlierPublic = map[int][]string{
	2023: {"2023-11-01", "2023-11-11", "2023-12-25", "2024-01-01", "2024-04-01", "2024-05-01", "2024-05-08", "2024-05-09", "2024-05-20"},
	2024: {"2024-11-01", "2024-11-11", "2024-12-25", "2025-01-01", "2025-04-21", "2025-05-01", "2025-05-08", "2025-05-29", "2025-06-09"},
}

// newYears opens on the Monday of the first September week of a school year and
// closes on the Sunday after the classes of the last one end. The lockdown is in
// the spring of the second year; a window of one year has none.
func newYears(years int) (*window, error) {
	w, err := newWindow(4)
	if err != nil {
		return nil, err
	}
	first := lastYear + 1 - years
	start := time.Date(first, time.September, 1, 0, 0, 0, 0, w.paris)
	for start.Weekday() != time.Monday {
		start = start.AddDate(0, 0, 1)
	}
	*w = window{paris: w.paris, start: start, years: years, lockdown: [2]int{noDay, noDay}}
	for y := first; y < lastYear; y++ {
		w.holidays = append(w.holidays, earlier[y]...)
		w.publicHolidays = append(w.publicHolidays, earlierPublic[y]...)
	}
	w.holidays = append(w.holidays, holidays...)
	w.publicHolidays = append(w.publicHolidays, publicHolidays...)
	w.days = w.dayOf(fmt.Sprintf("%d-07-06", lastYear+1))
	if years > 1 {
		w.lockdown = [2]int{w.dayOf(strconv.Itoa(first+2) + "-03-16"), w.dayOf(strconv.Itoa(first+2) + "-05-11")}
	}
	w.build()
	return w, nil
}

// dayOf is the number of a date in the window; it may lie outside.
func (w *window) dayOf(date string) int {
	t, err := time.ParseInLocation(time.DateOnly, date, time.UTC)
	if err != nil {
		return noDay
	}
	y, m, d := w.start.Date()
	return int(t.Sub(time.Date(y, m, d, 0, 0, 0, 0, time.UTC)).Hours() / 24)
}

// schoolYear is "2024-2025" of the first day of the window.
func (w *window) schoolYear() string { return schoolYearOf(w.start.Format(time.DateOnly)) }

// schoolYearOf is the school year (1 August to 31 July) of a date.
func schoolYearOf(date string) string {
	year, _ := strconv.Atoi(date[:4])
	if date[5:7] < "08" {
		year--
	}
	return fmt.Sprintf("%d-%d", year, year+1)
}

// deadline is a day before which the families of some levels should be ready.
type deadline struct {
	name, label    string
	day            int // of the window
	levels, grades []string
}

// concerns reports whether a deadline concerns the pupils of a class.
func (d *deadline) concerns(level int, grade string) bool {
	return (len(d.levels) == 0 || slices.Contains(d.levels, levelNames[level])) && (len(d.grades) == 0 || slices.Contains(d.grades, grade))
}

// deadlines are those of the grants, in October, and of the choice of a path, in
// June, before which the window has 90 days: 60 days before D-30. A window of
// weeks has 30 at least.
func (w *window) deadlines() []deadline {
	var out []deadline
	least := 30
	if w.years > 0 {
		least = 90
	}
	add := func(name, label, date string, levels, grades []string) {
		if day := w.dayOf(date); day >= least && day < w.days {
			out = append(out, deadline{name, label, day, levels, grades})
		}
	}
	for y := lastYear + 1 - max(1, w.years); y <= lastYear; y++ {
		year := strconv.Itoa(y)
		add("bourses-"+year, "Demande de bourse", year+"-10-17", []string{"college", "lycee"}, nil)
		add("orientation-"+strconv.Itoa(y+1), "Choix d'orientation", strconv.Itoa(y+1)+"-06-05", nil, []string{"3e"})
	}
	return out
}

// terms are the days on which the report books of a term are published.
func (w *window) terms() []int {
	var out []int
	for y := lastYear + 1 - max(1, w.years); y <= lastYear; y++ {
		for _, date := range []string{fmt.Sprintf("%d-12-02", y), fmt.Sprintf("%d-03-17", y+1), fmt.Sprintf("%d-06-16", y+1)} {
			if day := w.dayOf(date); day > 0 && day < w.days-7 {
				out = append(out, day)
			}
		}
	}
	return out
}
