package national

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Year is a school year, 1 August to 31 July, of the file of profiles, or where that is
// missing of the others.
type Year struct {
	Label       string // 2019-2020
	First, Last int    // Mondays, days since 1970-01-01
	// Weeks are those that measure use: the file was not cut in them.
	Weeks int
	// Complete says that the file goes from September to June.
	Complete bool
	// Position is the place among the compared years, -1 of a year that is none: not
	// complete, or without visits of parents.
	Position int
	// Break says that the change of level from the compared year before is one of method.
	Break *Break
}

// Date is the calendar date of a day counted from 1970-01-01.
func Date(day int) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }

// dayOf counts a date from 1970-01-01.
func dayOf(d time.Time) int { return int(d.Unix() / 86400) }

// labelOf is the school year of a Monday.
func labelOf(day int) string {
	d := Date(day)
	first := d.Year()
	if d.Month() < time.August {
		first--
	}
	return fmt.Sprintf("%d-%d", first, first+1)
}

// firstYear reads the first calendar year of a school year.
func firstYear(label string) (int, bool) {
	first, second, _ := strings.Cut(label, "-")
	a, err := strconv.Atoi(first)
	if err != nil {
		return 0, false
	}
	b, err := strconv.Atoi(second)
	return a, err == nil && b == a+1
}

// yearsOf are the school years of the weeks of a file.
func yearsOf(weeks []coveredWeek) []Year {
	var years []Year
	for _, w := range weeks {
		label := labelOf(w.day)
		if len(years) == 0 || years[len(years)-1].Label != label {
			years = append(years, Year{Label: label, First: w.day, Position: -1})
		}
		y := &years[len(years)-1]
		y.Last = w.day
		if !w.thin {
			y.Weeks++
		}
	}
	for i := range years {
		y := &years[i]
		first, _ := firstYear(y.Label)
		autumn := dayOf(time.Date(first, time.September, 21, 0, 0, 0, 0, time.UTC))
		summer := dayOf(time.Date(first+1, time.June, 20, 0, 0, 0, 0, time.UTC))
		y.Complete = y.First <= autumn && y.Last >= summer && y.Weeks >= 36
	}
	return years
}

// yearAt is the place of a school year, -1 when the file of profiles has none of it.
func (e *Edition) yearAt(label string) int {
	for i, y := range e.Years {
		if y.Label == label {
			return i
		}
	}
	return -1
}

// compare numbers the years that can be compared.
func (e *Edition) compare() {
	visits := make([]int64, len(e.Years))
	for _, u := range e.use {
		visits[u.Year] += u.Visits[parent]
	}
	position := 0
	for i := range e.Years {
		if e.Years[i].Complete && visits[i] > 0 {
			e.Years[i].Position = position
			position++
		}
	}
}

// compared are the places of the compared years.
func (e *Edition) compared() []int {
	var out []int
	for i, y := range e.Years {
		if y.Position >= 0 {
			out = append(out, i)
		}
	}
	return out
}

// reference is the last school year that can be compared, -1 without one.
func (e *Edition) reference() int {
	at := -1
	for i, y := range e.Years {
		if y.Position >= 0 {
			at = i
		}
	}
	return at
}

// broken is the first break between two years of the file, nil without one. Every
// figure that crosses it says so, and none compares across it unasked.
func (e *Edition) broken(from, to int) *Break {
	for i := min(from, to) + 1; i <= max(from, to); i++ {
		if e.Years[i].Break != nil {
			return e.Years[i].Break
		}
	}
	return nil
}
