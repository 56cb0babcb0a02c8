package indicator

import (
	"errors"
	"math"
	"slices"
	"time"

	"github.com/entscope/entscope/analysis/query"
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
// curve, the share of schools it keeps, and the change at the lockdown when the
// period holds it.
func (c *computation) panel(ind Indicator, m Measure) ([]Result, error) {
	r := c.result(ind, m, m.Populations[0], wholePopulation)
	subject := profileParent
	if c.ed.Manifest.Subject == "pupil" {
		subject = profilePupil
	}
	rows, err := c.weeksOf(subject, wholePopulation)
	if errors.Is(err, query.ErrNoTable) {
		return []Result{r.unmeasured(CodeNoTable, "Non mesurable : l’édition ne porte pas la table nécessaire.")}, nil
	}
	if err != nil {
		return nil, err
	}
	p := newPanel(rows)
	if len(p.weeks) == 0 || len(p.members) == 0 {
		return []Result{r.unmeasured(CodeNoRows, noRows)}, nil
	}
	switch m.Name {
	case "weekly_visits":
		return c.weekly(r, p), nil
	case "panel_share":
		value := float64(p.schools()) / float64(p.allSchools)
		r.Estimate, r.Status, r.counts = &value, Published, &counts{noPerson: true}
		r.N = p.persons()
		return []Result{r}, nil
	}
	return []Result{p.change(r, m.Name)}, nil
}

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
			p.allSchools += int64(w.Schools)
		}
		p.size[k] = int64(w.Schools)
		p.weeks = append(p.weeks, w.WeekDay)
		p.cells[weekCell{w.Cluster, w.Level, w.WeekDay}] = w
	}
	slices.Sort(p.weeks)
	p.weeks = slices.Compact(p.weeks)
	p.members = slices.DeleteFunc(p.members, func(k clusterKey) bool { return float64(seen[k]) < panelShare*float64(len(p.weeks)) })
	return p
}

func (p weeklyPanel) schools() (n int64) {
	for _, k := range p.members {
		n += p.size[k]
	}
	return n
}

// persons are the distinct persons of the members in their fullest week.
func (p weeklyPanel) persons() (n int64) {
	for _, week := range p.weeks {
		var in int64
		for _, member := range p.members {
			in += p.cells[weekCell{member.cluster, member.level, week}].Persons
		}
		n = max(n, in)
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

// change is the ratio of the level right after a break to the trend before it,
// by segmented regression of the log of weekly visits per school of the panel.
func (p weeklyPanel) change(r Result, measure string) Result {
	first := slices.IndexFunc(p.weeks, func(w int32) bool { return w >= lockdownWeek })
	second := slices.IndexFunc(p.weeks, func(w int32) bool { return w >= reopeningWeek })
	if first < segmentWeeks || second-first < 2 || len(p.weeks)-second < segmentWeeks {
		return r.unmeasured(CodeShort, "Non mesurable : la période de l’édition ne couvre pas le confinement de mars à mai 2020 et les semaines autour.")
	}
	k := &counts{cell: cellKey{"weeks.L6", r.Population, "series", ""}, persons: math.MaxInt64, schools: p.schools()}
	series := make([]float64, len(p.weeks))
	for t, week := range p.weeks {
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
	fit := stats.SegmentedRegression(series, stats.Segments{Breaks: []int{first, second}, Lag: -1})
	at := fit.LevelAt(0)
	if measure == "reopening_level" {
		at = fit.LevelAt(1)
	}
	e := fit.Ratio(at, level)
	e.Clusters, e.DF = len(p.members), math.Inf(1)
	r.N, r.counts = k.persons, k
	if r = r.estimated(e, k.schools); r.Low != nil {
		r.Target = targetSeries
	}
	return r
}
