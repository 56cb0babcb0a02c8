package region

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// SchoolYear is "2024-2025" of the first day of the window.
func (w *Window) SchoolYear() string { return SchoolYearOf(w.Start.Format(time.DateOnly)) }

// SchoolYearOf is the school year (1 August to 31 July) of a date.
func SchoolYearOf(date string) string {
	year, _ := strconv.Atoi(date[:4])
	if date[5:7] < "08" {
		year--
	}
	return fmt.Sprintf("%d-%d", year, year+1)
}

// Deadline is a day before which the families of some levels should be ready.
type Deadline struct {
	Name, Label    string
	Day            int // of the window
	Levels, Grades []string
}

// Concerns reports whether a deadline concerns the pupils of a class.
func (d *Deadline) Concerns(level int, grade string) bool {
	return (len(d.Levels) == 0 || slices.Contains(d.Levels, LevelNames[level])) &&
		(len(d.Grades) == 0 || slices.Contains(d.Grades, grade))
}

// Deadlines are those of the grants, in October, and of the choice of a path, in
// June, before which the window has 90 days: 60 days before D-30. A window of
// weeks has 30 at least.
func (w *Window) Deadlines() []Deadline {
	var out []Deadline
	least := 30
	if w.Years > 0 {
		least = 90
	}
	add := func(name, label, date string, levels, grades []string) {
		if day := w.dayOf(date); day >= least && day < w.Days {
			out = append(out, Deadline{name, label, day, levels, grades})
		}
	}
	for y := lastYear + 1 - max(1, w.Years); y <= lastYear; y++ {
		year := strconv.Itoa(y)
		add("bourses-"+year, "Demande de bourse", year+"-10-17", []string{"college", "lycee"}, nil)
		add("orientation-"+strconv.Itoa(y+1), "Choix d'orientation", strconv.Itoa(y+1)+"-06-05", nil, []string{"3e"})
	}
	return out
}

// Terms are the days on which the report books of a term are published.
func (w *Window) Terms() []int {
	var out []int
	for y := lastYear + 1 - max(1, w.Years); y <= lastYear; y++ {
		for _, date := range []string{fmt.Sprintf("%d-12-02", y), fmt.Sprintf("%d-03-17", y+1),
			fmt.Sprintf("%d-06-16", y+1)} {
			if day := w.dayOf(date); day > 0 && day < w.Days-7 {
				out = append(out, day)
			}
		}
	}
	return out
}

// LendingDays are the three days on which equipment is handed out: a quarter,
// half and a quarter of it.
func (w *Window) LendingDays() [3]int { return [3]int{w.Days * 3 / 8, w.Days / 2, w.Days * 5 / 8} }
