package indicator

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
)

// Days since 1970-01-01 of the Mondays on which French schools closed and began
// to reopen (calendar of closures: 16 March and 11 May 2020).
const (
	lockdownWeek  int32 = 18337
	reopeningWeek int32 = 18393
	// panelShare is the share of weeks a cluster needs to be in the panel,
	// segmentWeeks the weeks a segment of the regression needs.
	panelShare   = 0.9
	segmentWeeks = 6
)

// panel answers L6 from the clusters that report in nearly every week: a weekly
// curve, the share of schools it keeps, and what changed at each declared event
// that the period holds.
func (c *computation) panel(ctx context.Context, empty Result, m question.Measure) ([]Result, error) {
	subject := profileParent
	if c.ed.Manifest.Subject == "pupil" {
		subject = profilePupil
	}
	rows, err := c.weeksOf(ctx, subject, wholePopulation)
	if err != nil {
		return nil, err
	}
	p := newPanel(rows)
	if len(p.weeks) == 0 || len(p.members) == 0 {
		return []Result{empty.unmeasured(CodeNoRows, noRows)}, nil
	}
	switch m.Name {
	case "weekly_visits":
		return c.weekly(empty, p), nil
	case "panel_share":
		value := float64(p.schools()) / float64(p.allSchools)
		empty.Estimate, empty.Status, empty.counts = &value, Published, &counts{noPerson: true}
		return []Result{empty}, nil // of schools: how many came in the fullest week is another figure's number
	}
	var out []Result
	for _, e := range c.events() {
		if m.Name == "end_level_ratio" && e.end == 0 {
			continue
		}
		r := empty
		r.Group, r.Warnings = map[string]string{"event": e.name}, nil
		out = append(out, p.change(r, m.Name, e))
	}
	if len(out) == 0 {
		return []Result{empty.unmeasured(CodeShort,
			"Non mesurable : aucun évènement déclaré n’a de fin dans la période.")}, nil
	}
	return out, nil
}

// event is a break of the series: the week of its first day, and that of the day
// after its last one (0 when it has none).
type event struct {
	name       string
	start, end int32
}

// lockdown is asked about when the study declares no event.
var lockdown = event{"confinement de mars 2020", lockdownWeek, reopeningWeek}

// events are those the study declares; the lockdown when it declares none.
func (c *computation) events() []event {
	var out []event
	for _, d := range c.ed.Manifest.Declared {
		start, err := time.Parse(time.DateOnly, d.Start)
		if d.Kind != "event" || err != nil {
			continue
		}
		e := event{name: cmp.Or(d.Label, d.Name), start: dayOf(start)}
		if end, err := time.Parse(time.DateOnly, d.End); err == nil {
			e.end = dayOf(end) + 1
		}
		out = append(out, e)
	}
	if len(out) == 0 {
		return []event{lockdown}
	}
	return out
}

// dayOf counts a day from 1970-01-01.
func dayOf(t time.Time) int32 { return int32(t.Unix() / 86400) }

// weeklyPanel is the visits of the members of a constant panel.
type weeklyPanel struct {
	weeks      []int32
	members    []clusterKey
	size       map[clusterKey]int64 // schools of each member
	allSchools int64
	cells      map[weekCell]query.Week
}

func newPanel(rows []query.Week) weeklyPanel {
	p := weeklyPanel{size: map[clusterKey]int64{}, cells: map[weekCell]query.Week{}}
	seen := map[clusterKey]int{}
	for _, w := range rows {
		if w.Service != anyService {
			continue
		}
		k := clusterKey{w.Level, w.Cluster}
		if seen[k]++; seen[k] == 1 {
			p.members = append(p.members, k)
		}
		p.size[k] = max(p.size[k], int64(w.Schools)) // some are on holiday in a week
		p.weeks = append(p.weeks, w.WeekDay)
		p.cells[weekCell{w.Cluster, w.Level, w.WeekDay}] = w
	}
	for _, schools := range p.size {
		p.allSchools += schools
	}
	slices.Sort(p.weeks)
	p.weeks = slices.Compact(p.weeks)
	p.members = slices.DeleteFunc(p.members, func(k clusterKey) bool {
		return float64(seen[k]) < panelShare*float64(len(p.weeks))
	})
	return p
}

func (p weeklyPanel) schools() (n int64) {
	for _, k := range p.members {
		n += p.size[k]
	}
	return n
}

// weekly gives one result a school week: visits per school of the panel.
func (c *computation) weekly(empty Result, p weeklyPanel) []Result {
	var out []Result
	for _, week := range p.weeks {
		r := empty
		r.Warnings = nil
		day := time.Unix(int64(week)*86400, 0).UTC().Format(time.DateOnly)
		r.Group = map[string]string{"week": day}
		k := &counts{cell: cellKey{"weeks.L6", r.Population, "week", day}}
		var num, den []float64
		for _, member := range p.members {
			w, ok := p.cells[weekCell{member.cluster, member.level, week}]
			if !ok {
				continue
			}
			num, den = append(num, float64(w.Visits)), append(den, float64(w.Schools))
			k.persons, k.schools = k.persons+w.Persons, k.schools+int64(w.Schools)
			k.x, k.y = k.x+w.Visits, k.y+int64(w.Schools)
		}
		r.N, r.counts = k.persons, k
		out = append(out, r.estimated(stats.ClusterRatio(num, den, level), k.schools))
	}
	return out
}

// change fits the log of weekly visits per school of the panel by a line in each
// segment, with autoregressive errors, and gives what changed at an event: the level
// right after it over what the trend before announced, the slope, the level after
// its end, or the level at a placebo date halfway before it.
func (p weeklyPanel) change(r Result, measure string, e event) Result {
	first := p.from(e.start)
	breaks := []int{first}
	if e.end > 0 && p.from(e.end) < len(p.weeks) {
		breaks = append(breaks, p.from(e.end))
	}
	weeks := len(p.weeks)
	if measure == "placebo_level_ratio" {
		weeks, breaks = first, []int{first / 2} // the weeks before the event alone
	}
	short := breaks[0] < segmentWeeks || weeks-breaks[len(breaks)-1] < segmentWeeks ||
		len(breaks) == 2 && breaks[1]-breaks[0] < 2
	if short || measure == "end_level_ratio" && len(breaks) < 2 {
		return r.unmeasured(CodeShort,
			"Non mesurable : la période de l’édition ne couvre pas l’évènement et six semaines autour.")
	}
	k := &counts{cell: cellKey{"weeks.L6", r.Population, "series", ""}, persons: math.MaxInt64, schools: p.schools()}
	series := make([]float64, weeks)
	for t, week := range p.weeks[:weeks] {
		var visits, schools, persons int64
		for _, member := range p.members {
			w := p.cells[weekCell{member.cluster, member.level, week}]
			visits, schools, persons = visits+w.Visits, schools+int64(w.Schools), persons+w.Persons
		}
		if visits == 0 {
			return r.unmeasured(CodeZero, "Non mesurable : une semaine du panel n’a aucune visite.")
		}
		series[t] = math.Log(float64(visits) / float64(schools))
		k.x, k.y, k.persons = k.x+visits, k.y+schools, min(k.persons, persons)
	}
	fit := stats.SegmentedRegression(series, stats.Segments{Breaks: breaks, Autoregressive: true})
	at := fit.LevelAt(0)
	switch measure {
	case "event_slope_ratio":
		at = fit.SlopeAt(0)
	case "end_level_ratio":
		at = fit.LevelAt(1)
	}
	estimate := fit.Ratio(at, level)
	// Its error is that of weeks around their trend, whatever the clusters they are summed from.
	estimate.Clusters, estimate.DF = weeks, math.Inf(1)
	r.N, r.counts = k.persons, k
	if r = r.estimated(estimate, k.schools); r.Low != nil {
		r.Target = targetSeries
	}
	return r
}

// from is the index of the first week of the panel that holds or follows a day.
func (p weeklyPanel) from(day int32) int {
	at := slices.IndexFunc(p.weeks, func(week int32) bool { return week+7 > day })
	if at < 0 {
		return len(p.weeks)
	}
	return at
}
