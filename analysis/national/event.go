package national

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/stats"
)

// Event is something that happened on a day, and may have changed what parents do.
type Event struct {
	Day  time.Time
	Name string
}

// Lockdown is the first week in which schools were closed in 2020.
var Lockdown = Event{Day: time.Date(2020, time.March, 16, 0, 0, 0, 0, time.UTC), Name: "confinement"}

// String is what ParseEvent reads.
func (e Event) String() string { return e.Day.Format(time.DateOnly) + "=" + e.Name }

// ParseEvent reads YYYY-MM-DD=NAME.
func ParseEvent(text string) (Event, error) {
	day, name, ok := strings.Cut(text, "=")
	if !ok || strings.TrimSpace(name) == "" {
		return Event{}, errors.New("national: an event is YYYY-MM-DD=NAME")
	}
	d, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return Event{}, fmt.Errorf("national: event %s: the day is not YYYY-MM-DD", strings.TrimSpace(name))
	}
	return Event{Day: d, Name: strings.TrimSpace(name)}, nil
}

// afterWeeks is how many weeks after an event are looked at; leastWeeks how many weeks
// of term it needs before and after.
const (
	afterWeeks = 12
	leastWeeks = 6
)

// eventWeek is a week of term around an event, against the same week of another year.
type eventWeek struct {
	day int
	// visits and other are those of parents by département, in the order of the panel.
	visits, other []float64
}

// EventStudy is what pages draw of an event.
type EventStudy struct {
	Event
	Monday int    // of its week
	Year   string // its school year
	Other  string // the school year it is held against
	Weeks  []EventRatio
}

// EventRatio is one week of an event study: visits against the same week of the other
// year, relative to the weeks before the event.
type EventRatio struct {
	Day   int
	Ratio stats.Estimate
}

// events answers W3: what changed after an event?
func (a *answer) events() {
	for _, event := range a.options.Events {
		a.event(event)
	}
}

func (a *answer) event(event Event) {
	of := group{"event": event.Day.Format(time.DateOnly)}
	refuse := func(why indicator.Warning) {
		for _, m := range []string{"level_ratio", "slope_ratio", "mean_ratio"} {
			a.add(figure{"W3", m, "parents", of}.missing(why))
		}
	}
	monday := dayOf(event.Day)
	monday -= (monday + 3) % 7 // 1970-01-01 was a Thursday
	year := a.yearAt(labelOf(monday))
	if year < 0 || a.Years[year].Position < 0 {
		refuse(outside.with(event.Name))
		return
	}
	other, crossed := a.against(year)
	if other < 0 {
		if crossed != nil {
			refuse(crossed.refused())
			return
		}
		refuse(noYear.with())
		return
	}
	weeks, departements, schools := a.around(year, other, monday+(afterWeeks-1)*7)
	before := 0
	for before < len(weeks) && weeks[before].day < monday {
		before++
	}
	if before < leastWeeks || len(weeks)-before < leastWeeks {
		refuse(shortSeries.with(leastWeeks))
		return
	}
	var warnings []indicator.Warning
	if crossed != nil {
		warnings = append(warnings, crossed.across())
	}
	n := int64(schools)
	series := eventSeries{weeks: weeks, before: before, monday: monday, clusters: departements}
	a.add(figure{"W3", "level_ratio", "parents", of}.estimated(series.ratio(2), n, warnings...))
	a.add(figure{"W3", "slope_ratio", "parents", of}.estimated(series.ratio(3), n, warnings...))
	a.add(figure{"W3", "mean_ratio", "parents", of}.estimated(series.mean(before, len(weeks)), n, warnings...))
	study := EventStudy{Event: event, Monday: monday, Year: a.Years[year].Label, Other: a.Years[other].Label}
	for k, w := range weeks {
		ratio := series.mean(k, k+1)
		study.Weeks = append(study.Weeks, EventRatio{w.day, ratio})
		week := of.and("week", Date(w.day).Format(time.DateOnly))
		a.add(figure{"W3", "week_ratio", "parents", week}.estimated(ratio, n, warnings...))
	}
	a.out.Events = append(a.out.Events, study)
}

// against is the school year that an event's is held against: the one before, or else
// the one after; none across a break unless that was asked for.
func (a *answer) against(year int) (other int, crossed *Break) {
	for _, try := range []int{year - 1, year + 1} {
		if try < 0 || try >= len(a.Years) || a.Years[try].Position < 0 {
			continue
		}
		b := a.broken(year, try)
		if b == nil || a.options.AcrossBreaks {
			return try, b
		}
		crossed = b
	}
	return -1, crossed
}

// around gives the weeks of term of a school year up to a Monday, each with the same week
// of an adjacent year, on the schools measured throughout both. A zone counts in a week only
// when it is one of term in both years, so that holidays that moved are no change.
func (a *answer) around(year, other, last int) (weeks []eventWeek, departements, schools int) {
	position := max(a.Years[year].Position, a.Years[other].Position)
	shift := 52 * 7
	if other > year {
		shift = -shift
	}
	numbers, visits := map[string]int{}, map[[2]any]*[2]int64{} // monday and département: own, other
	speaking := a.speaking(position)
	cell := func(day int, number string) *[2]int64 {
		key := [2]any{day, number}
		if visits[key] == nil {
			visits[key] = new([2]int64)
		}
		return visits[key]
	}
	for _, r := range a.pairs {
		if r.position != position || !speaking(r.number, parent) {
			continue
		}
		own, day := r.day >= a.Years[year].First && r.day <= a.Years[year].Last, r.day
		twin := r.day - shift
		if !own {
			day, twin = r.day+shift, r.day+shift
		}
		if day > last || !a.inTerm(r.zone, r.day) || !a.inTerm(r.zone, twin) {
			continue
		}
		if _, ok := numbers[r.number]; !ok {
			numbers[r.number] = len(numbers)
		}
		side := 0
		if !own {
			side = 1
		}
		cell(day, r.number)[side] += r.visits[parent]
	}
	return a.aligned(visits, numbers), len(numbers), a.pairSchools(position)
}

// inTerm reports whether a week is one of class in a zone; a week that the calendar does
// not know may be, and aligned leaves the quiet ones out.
func (a *answer) inTerm(zone string, day int) bool {
	days, known := a.term[zone][day]
	return !known || days >= 4
}

// aligned lists the weeks in order, without those that have less than half of the
// median visits in either year: holidays that the calendar does not tell, or a week
// that few départements share.
func (a *answer) aligned(visits map[[2]any]*[2]int64, numbers map[string]int) []eventWeek {
	by := map[int]*eventWeek{}
	var days []int
	for key, v := range visits {
		day := key[0].(int)
		if by[day] == nil {
			by[day] = &eventWeek{day, make([]float64, len(numbers)), make([]float64, len(numbers))}
			days = append(days, day)
		}
		at := numbers[key[1].(string)]
		by[day].visits[at], by[day].other[at] = float64(v[0]), float64(v[1])
	}
	slices.Sort(days)
	var own, other []int64
	for _, day := range days {
		x, y := total(by[day].visits), total(by[day].other)
		own, other = append(own, int64(x)), append(other, int64(y))
	}
	x, y := quantilePositive(own, 2), quantilePositive(other, 2)
	var out []eventWeek
	for i, day := range days {
		if 2*own[i] >= x && 2*other[i] >= y {
			out = append(out, *by[day])
		}
	}
	return out
}

func total(values []float64) (s float64) {
	for _, v := range values {
		s += v
	}
	return s
}

// pairSchools is the number of schools measured throughout two adjacent years.
func (a *answer) pairSchools(position int) int {
	count := map[int]int{}
	for _, u := range a.use {
		y := a.Years[u.Year]
		if (y.Position == position || y.Position == position-1) && steady(u, y) {
			count[u.School]++
		}
	}
	n := 0
	for _, c := range count {
		if c == 2 {
			n++
		}
	}
	return n
}

// steady is the condition of sql/steady.sql.
func steady(u Use, y Year) bool { return u.Visits[parent] > 0 && 5*u.Weeks[parent] >= 4*int64(y.Weeks) }

// eventSeries is the log ratio of two years, week by week, around an event.
type eventSeries struct {
	weeks    []eventWeek
	before   int // the number of weeks before the event
	monday   int
	clusters int
}

// log is the log ratio of each week without one département (-1: of all).
func (s eventSeries) log(skip int) []float64 {
	y := make([]float64, len(s.weeks))
	for i, w := range s.weeks {
		x, o := total(w.visits), total(w.other)
		if skip >= 0 {
			x, o = x-w.visits[skip], o-w.other[skip]
		}
		y[i] = math.Log(x / o)
	}
	return y
}

// design is an interrupted series: constant, slope, change of level and change of slope
// a week at the event.
func (s eventSeries) design() [][]float64 {
	x := make([][]float64, len(s.weeks))
	for i, w := range s.weeks {
		t := float64(w.day-s.monday) / 7
		x[i] = []float64{1, t, 0, 0}
		if i >= s.before {
			x[i][2], x[i][3] = 1, t
		}
	}
	return x
}

// ratio is exp of coefficient k of the interrupted series. Two things make it uncertain:
// weeks (Newey–West) and schools (jackknife over départements); the wider interval
// stands.
func (s eventSeries) ratio(k int) stats.Estimate {
	x := s.design()
	weeks := stats.NeweyWest(s.log(-1), x, -1).Ratio(k, level)
	schools := stats.JackknifeClusters(s.clusters, func(skip int) float64 {
		return math.Exp(stats.Linear(s.log(skip), x, stats.LinearOptions{}).Coef[k])
	}, level, stats.Log)
	if !schools.HasInterval() {
		return schools
	}
	if weeks.High/weeks.Low > schools.High/schools.Low {
		weeks.Clusters = schools.Clusters
		return weeks
	}
	schools.Method = "interrupted series, " + schools.Method
	return schools
}

// mean is the ratio of weeks from..to−1 to the weeks before the event, in both years:
// (own ÷ other) there over (own ÷ other) before. The weeks before sum without week from
// when it is one of them.
func (s eventSeries) mean(from, to int) stats.Estimate {
	columns := [4][]float64{}
	for k := range columns {
		columns[k] = make([]float64, s.clusters)
	}
	for i, w := range s.weeks {
		for c := range s.clusters {
			switch {
			case i >= from && i < to:
				columns[0][c] += w.visits[c]
				columns[1][c] += w.other[c]
			case i < s.before:
				columns[2][c] += w.visits[c]
				columns[3][c] += w.other[c]
			}
		}
	}
	return stats.ClusterRatioOfRatios(columns[0], columns[1], columns[2], columns[3], level)
}
