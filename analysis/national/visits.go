package national

import (
	"slices"
	"time"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/stats"
)

// visits answers W1: how often do parents come?
func (a *answer) visits() {
	for year := range a.Years {
		a.visitsOf(year)
	}
	if a.reference() < 0 {
		for _, m := range []string{"visits_per_school_week", "user_weeks_per_pupil"} {
			a.add(figure{"W1", m, "parents", group{}}.missing(noWholeYear.with()))
		}
	}
	a.panelVisits()
	a.weeklyVisits()
}

// visitsOf answers it for one school year, and by group. A result without a school
// year is that of the last one that can be compared.
func (a *answer) visitsOf(year int) {
	of := group{"school_year": a.Years[year].Label}
	warnings := a.about(year)
	a.totals(year, of)
	members := a.members(year)
	a.rates(of, members, warnings)
	last := year == a.reference()
	if last {
		a.rates(group{}, members, warnings)
	}
	for _, by := range groupings {
		if by.key == "ips_band" && !a.has("ips") {
			a.add(
				figure{"W1", "visits_per_school_week", "parents", of.and(by.key, "all")}.missing(missingFile("ips")),
			)
			continue
		}
		values, in := parted(members, by)
		for _, v := range values {
			a.rates(of.and(by.key, v), in[v], warnings)
			if last {
				a.rates(group{by.key: v}, in[v], warnings)
			}
		}
	}
	values, in := parted(members, groupings[0])
	for _, l := range values {
		for _, by := range groupings[1:] {
			if by.key == "academie" || by.key == "departement" || by.key == "ips_band" && !a.has("ips") {
				continue
			}
			inner, some := parted(in[l], by)
			for _, v := range inner {
				a.rates(of.and("level", l).and(by.key, v), some[v], warnings)
			}
		}
	}
}

// totals are sums over every row, equal to those of the files.
func (a *answer) totals(year int, of group) {
	var all [5]int64
	var users, parents, rows, schools int64
	for _, u := range a.use {
		if u.Year != year {
			continue
		}
		schools++
		rows, users, parents = rows+u.Rows, users+u.AllUsers, parents+u.AllParentUsers
		for p, v := range u.All {
			all[p] += v
		}
	}
	warnings := a.about(year)
	for p, name := range populations {
		a.add(figure{"W1", "visits", name, of}.counted(all[p], schools, warnings...))
	}
	a.add(figure{"W1", "user_weeks", "all", of}.counted(users, schools, warnings...))
	a.add(figure{"W1", "user_weeks", "parents", of}.counted(parents, schools, warnings...))
	a.add(figure{"W1", "rows", "all", of}.counted(rows, schools, warnings...))
}

// populations name the profiles in results.
var populations = []string{"all", "pupils", "parents", "teachers", "staff"}

// rates are the figures of one group of schools in one school year.
func (a *answer) rates(of group, members []member, warnings []indicator.Warning) {
	var visits, weeks, users, pupilWeeks []float64
	var all int64
	for _, m := range members {
		all += m.All[parent]
		visits, weeks = append(visits, float64(m.Visits[parent])), append(weeks, float64(m.Weeks[parent]))
		if m.pupils > 0 {
			users = append(users, float64(m.ParentUsers))
			pupilWeeks = append(pupilWeeks, float64(m.pupils*m.Weeks[parent]))
		}
	}
	n := int64(len(members))
	if len(of) != 1 || of["school_year"] == "" { // said by totals
		a.add(figure{"W1", "visits", "parents", of}.counted(all, n, warnings...))
	}
	rate := figure{"W1", "visits_per_school_week", "parents", of}
	reach := figure{"W1", "user_weeks_per_pupil", "parents", of}
	if n == 0 {
		a.add(rate.missing(noSchool.with()))
		return
	}
	a.add(rate.estimated(stats.ClusterRatio(visits, weeks, level), n, warnings...))
	switch {
	case !a.has("ips"):
		a.add(reach.missing(missingFile("ips")))
	case len(users) == 0:
		a.add(reach.missing(noSchool.with()))
	default:
		a.add(reach.estimated(stats.ClusterRatio(users, pupilWeeks, level), int64(len(users)), warnings...))
	}
}

// panelVisits follows the schools measured in every school year compared.
func (a *answer) panelVisits() {
	years := a.compared()
	if len(years) < 2 {
		a.add(figure{"W1", "panel_visits_per_school_week", "parents", group{}}.missing(noYear.with()))
		return
	}
	by := map[int]map[int]*Use{} // year, school
	for i := range a.use {
		u := &a.use[i]
		if by[u.Year] == nil {
			by[u.Year] = map[int]*Use{}
		}
		by[u.Year][u.School] = u
	}
	n := int64(len(a.panel))
	for k, year := range years {
		of := group{"school_year": a.Years[year].Label}
		measured := int64(0)
		for _, u := range by[year] {
			if u.Visits[parent] > 0 {
				measured++
			}
		}
		a.add(figure{"W1", "panel_schools", "parents", of}.counted(n, measured, a.about(year)...))
		lost := figure{"W1", "panel_attrition", "parents", of}
		a.add(lost.plain(1-float64(n)/float64(measured), measured, "share of measured schools outside the panel"))
		visits, weeks := make([]float64, n), make([]float64, n)
		for i, s := range a.panel {
			if u := by[year][s]; u != nil {
				visits[i], weeks[i] = float64(u.CoreVisits), float64(u.CoreWeeks)
			}
		}
		rate := figure{"W1", "panel_visits_per_school_week", "parents", of}
		a.add(rate.estimated(stats.ClusterRatio(visits, weeks, level), n, a.about(year)...))
		if k > 0 {
			a.panelChange(figure{"W1", "panel_change", "parents", of}, years[k-1], year)
		}
	}
}

// panelChange is the ratio of the visits of two adjacent years in the same schools and
// the same weeks of term.
func (a *answer) panelChange(f figure, from, to int) {
	weeks, departements, schools := a.around(to, from, a.Years[to].Last)
	a.compareYears(f, from, to, func() stats.Estimate {
		now, before := make([]float64, departements), make([]float64, departements)
		for _, w := range weeks {
			for c := range departements {
				now[c], before[c] = now[c]+w.visits[c], before[c]+w.other[c]
			}
		}
		return stats.ClusterRatio(now, before, level)
	}, int64(schools))
}

// compareYears adds a comparison of two school years, or refuses it.
func (a *answer) compareYears(f figure, from, to int, estimate func() stats.Estimate, n int64) {
	b := a.broken(from, to)
	switch {
	case b != nil && !a.options.AcrossBreaks:
		a.add(f.missing(b.refused()))
	case b != nil:
		a.add(f.estimated(estimate(), n, b.across()))
	default:
		a.add(f.estimated(estimate(), n))
	}
}

// weeklyVisits are the sums and the rates of each week.
func (a *answer) weeklyVisits() {
	for _, w := range a.nation(func(weekUse) bool { return true }) {
		of := group{"week": Date(w.day).Format(time.DateOnly)}
		a.add(figure{"W1", "visits", "parents", of}.counted(w.all, w.schools))
		rate := figure{"W1", "visits_per_school_week", "parents", of}
		if w.weeks == 0 {
			a.add(rate.missing(stoppedWeek.with()))
			continue
		}
		a.add(rate.plain(float64(w.visits)/float64(w.weeks), w.weeks, "ratio of sums"))
	}
	for _, w := range a.nation(func(w weekUse) bool { return w.panel }) {
		rate := figure{
			"W1",
			"panel_visits_per_school_week",
			"parents",
			group{"week": Date(w.day).Format(time.DateOnly)},
		}
		if w.weeks > 0 {
			a.add(rate.plain(float64(w.visits)/float64(w.weeks), w.weeks, "ratio of sums"))
		}
	}
}

// nation adds up the weeks of the académies and levels that keep says, in order.
func (e *Edition) nation(keep func(weekUse) bool) []weekUse {
	var out []weekUse
	for _, w := range e.weeks { // ordered by week
		if !keep(w) {
			continue
		}
		if len(out) == 0 || out[len(out)-1].day != w.day {
			out = append(out, weekUse{day: w.day})
		}
		s := &out[len(out)-1]
		s.schools, s.all, s.visits, s.weeks = s.schools+w.schools, s.all+w.all, s.visits+w.visits, s.weeks+w.weeks
		s.users, s.pupilVisits, s.pupilWeeks = s.users+w.users, s.pupilVisits+w.pupilVisits, s.pupilWeeks+w.pupilWeeks
	}
	return slices.Clip(out)
}
