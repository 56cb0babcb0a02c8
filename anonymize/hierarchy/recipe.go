package hierarchy

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Recipe builds a hierarchy over the values it is given, which are distinct and
// in any order. A Recipe refuses a value it has no place for by wrapping ErrNoPlace.
type Recipe interface {
	Build(values []string) (*Hierarchy, error)
}

// ErrNoPlace says that a value has no place in a hierarchy.
var ErrNoPlace = errors.New("a value has no place in the hierarchy")

// NoPlace names the values without a place, by their position in what Build was
// given, so that the caller can count the persons and never prints a value.
type NoPlace struct{ Positions []int }

func (e *NoPlace) Error() string {
	return fmt.Sprintf("%d values have no place in the hierarchy", len(e.Positions))
}

// Unwrap makes errors.Is(err, ErrNoPlace) true.
func (e *NoPlace) Unwrap() error { return ErrNoPlace }

// Func is a recipe from one function: it gives the generalisations of a value,
// finest first and without the value itself; false when the value has no place.
type Func func(value string) ([]string, bool)

// Build implements Recipe.
func (f Func) Build(values []string) (*Hierarchy, error) {
	values = append([]string(nil), values...)
	var misplaced []int
	rows := make([][]string, 0, len(values))
	for i, v := range values {
		up, ok := f(v)
		if !ok {
			misplaced = append(misplaced, i)
			continue
		}
		rows = append(rows, append([]string{v}, up...))
	}
	if misplaced != nil {
		return nil, &NoPlace{Positions: misplaced}
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i][0] < rows[j][0] })
	return New(rows)
}

// Flat is the recipe with one step: the value, then Top.
var Flat = Func(func(string) ([]string, bool) { return []string{Top}, true })

// Fixed is the recipe of a hierarchy that is already whole: it refuses values
// that it does not hold, and keeps the ones that the data do not.
type Fixed struct{ *Hierarchy }

// Build implements Recipe.
func (f Fixed) Build(values []string) (*Hierarchy, error) {
	var misplaced []int
	for i, v := range values {
		if _, ok := f.Leaf(v); !ok {
			misplaced = append(misplaced, i)
		}
	}
	if misplaced != nil {
		return nil, &NoPlace{Positions: misplaced}
	}
	return f.Hierarchy, nil
}

// Intervals is the recipe for numbers: level i is the half-open interval
// [a, a+Widths[i]) that holds the value, counted from Origin, then Top. Widths
// grow and each is a multiple of the one before. Values below Bottom or from
// Top up are coded in the outer classes "<b" and ">=t" when these are set.
type Intervals struct {
	Origin      float64
	Widths      []float64
	Bottom, Top *float64
}

// Build implements Recipe.
func (r Intervals) Build(values []string) (*Hierarchy, error) {
	if len(r.Widths) == 0 {
		return nil, errors.New("hierarchy: intervals without a width")
	}
	for i, w := range r.Widths {
		if !(w > 0) || math.IsInf(w, 0) {
			return nil, errors.New("hierarchy: the width of an interval is not positive")
		}
		if i > 0 && (w <= r.Widths[i-1] || math.Mod(w, r.Widths[i-1]) != 0) {
			return nil, errors.New("hierarchy: each width must be a larger multiple of the one before")
		}
	}
	return Func(r.place).Build(values)
}

func (r Intervals) place(value string) ([]string, bool) {
	x, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(value), ",", ".", 1), 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return nil, false
	}
	up := make([]string, 0, len(r.Widths)+1)
	for _, w := range r.Widths {
		up = append(up, r.class(x, w))
	}
	return append(up, Top), true
}

// class names the interval of width w that holds x; the outer classes are the
// same at every width, so that levels stay nested.
func (r Intervals) class(x, w float64) string {
	if r.Bottom != nil && x < *r.Bottom {
		return "<" + number(*r.Bottom)
	}
	if r.Top != nil && x >= *r.Top {
		return ">=" + number(*r.Top)
	}
	low := r.Origin + math.Floor((x-r.Origin)/w)*w
	return "[" + number(low) + ", " + number(low+w) + "["
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// Truncate is the recipe that keeps fewer and fewer first characters: level i
// keeps Keep[i] of them, then Top. Keep shrinks.
type Truncate struct{ Keep []int }

// Build implements Recipe.
func (r Truncate) Build(values []string) (*Hierarchy, error) {
	for i, n := range r.Keep {
		if n <= 0 || i > 0 && n >= r.Keep[i-1] {
			return nil, errors.New("hierarchy: truncation must keep fewer and fewer characters")
		}
	}
	return Func(func(value string) ([]string, bool) {
		runes := []rune(value)
		up := make([]string, 0, len(r.Keep)+1)
		for _, n := range r.Keep {
			up = append(up, string(runes[:min(n, len(runes))])+strings.Repeat("*", max(0, len(runes)-n)))
		}
		return append(up, Top), true
	}).Build(values)
}

// Dates is the recipe for dates: level i is the value's Units[i], one of week,
// month, quarter, term, school_year and year, then Top. ISO weeks do not nest
// in months; a week is put in the month, term and year of its Thursday.
type Dates struct {
	Layout string
	Units  []string
}

// Build implements Recipe.
func (r Dates) Build(values []string) (*Hierarchy, error) {
	for _, u := range r.Units {
		if _, ok := period(u, time.Time{}); !ok {
			return nil, fmt.Errorf("hierarchy: %q is not a unit of dates", u)
		}
	}
	return Func(func(value string) ([]string, bool) {
		day, err := time.Parse(r.Layout, value)
		if err != nil {
			return nil, false
		}
		if len(r.Units) > 0 && r.Units[0] == "week" {
			day = thursday(day)
		}
		return periods(day, r.Units...), true
	}).Build(values)
}

// periods names the periods of a day, then Top.
func periods(day time.Time, units ...string) []string {
	up := make([]string, 0, len(units)+1)
	for _, u := range units {
		p, _ := period(u, day)
		up = append(up, p)
	}
	return append(up, Top)
}

// weekThursday is the Thursday of an ISO week (ISO 8601, §4.3.2) written as
// 2025-W37; false when there is no such week.
func weekThursday(week string) (time.Time, bool) {
	if len(week) != 8 || week[4:6] != "-W" {
		return time.Time{}, false
	}
	year, errYear := strconv.Atoi(week[:4])
	n, errWeek := strconv.Atoi(week[6:])
	day := thursday(time.Date(year, time.January, 4, 0, 0, 0, 0, time.UTC)).AddDate(0, 0, 7*(n-1))
	again, _ := period("week", day)
	return day, errYear == nil && errWeek == nil && again == week
}

func thursday(day time.Time) time.Time {
	return day.AddDate(0, 0, 3-(int(day.Weekday())+6)%7)
}

// period names the period of a day. A school year runs from 1 August to 31
// July; its terms begin in August, December and March.
func period(unit string, day time.Time) (string, bool) {
	y, m := day.Year(), day.Month()
	school := y
	if m < time.August {
		school--
	}
	term := 1
	switch {
	case m == time.December || m <= time.February:
		term = 2
	case m < time.August:
		term = 3
	}
	switch unit {
	case "week":
		wy, w := day.ISOWeek()
		return fmt.Sprintf("%04d-W%02d", wy, w), true
	case "month":
		return fmt.Sprintf("%04d-%02d", y, m), true
	case "quarter":
		return fmt.Sprintf("%04d-Q%d", y, (int(m)+2)/3), true
	case "term":
		return fmt.Sprintf("%04d-%04d-T%d", school, school+1, term), true
	case "school_year":
		return fmt.Sprintf("%04d-%04d", school, school+1), true
	case "year":
		return fmt.Sprintf("%04d", y), true
	}
	return "", false
}

// Groups is the recipe of ordered or unordered groups: level i maps each value
// of the level below to a group; a last step to Top is added when the coarsest
// level has more than one group. Groups holds every value of the level below.
type Groups struct{ Levels []map[string]string }

// Build implements Recipe.
func (r Groups) Build(values []string) (*Hierarchy, error) {
	return Func(func(value string) ([]string, bool) {
		up := make([]string, 0, len(r.Levels)+1)
		at := value
		for _, level := range r.Levels {
			next, ok := level[at]
			if !ok {
				return nil, false
			}
			up = append(up, next)
			at = next
		}
		return append(up, Top), true
	}).Build(values)
}
