package oracle

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// candidate is a parent of a school in the matching of A2.
type candidate struct {
	before, after float64
	weeks         [9]float64 // visits in weeks -4 to +4
	band          int
	helped, first int // days; NoDay never
}

// matched adds A2: parents against others of the same school, not accompanied by then,
// with as many visits in the same four school weeks before. Of a family of which
// anybody was accompanied before, or in that week, nobody is a control.
func (o *observer) matched() {
	familyWeek := map[int]int{} // of the first accompaniment
	for _, p := range o.b.Each(region.RoleParent) {
		if week, ok := familyWeek[p.Family]; p.Helped != region.NoDay && (!ok || p.Helped/7 < week) {
			familyWeek[p.Family] = p.Helped / 7
		}
	}
	for si := range o.b.Schools {
		cal := o.calendar(si)
		w := o.b.Schools[si].HelpWeek
		if w < 4 || w+4 >= len(cal.Monday) || slices.Contains(o.covered[si][w-4:w+5], false) {
			continue
		}
		d := random.New(o.b.Region.Seed, random.Truth, uint64(o.b.Schools[si].Number))
		var helped, others []candidate
		for who, p := range o.b.Each(region.RoleParent) {
			if o.primary(p, 0) != si || p.Created > cal.Monday[w-4] {
				continue
			}
			first, ok := familyWeek[p.Family]
			switch c := o.around(who, cal, w); {
			case p.Helped != region.NoDay && p.Helped/7 == first && first == cal.Monday[w]/7:
				helped = append(helped, c)
			case !ok || first > cal.Monday[w]/7:
				others = append(others, c)
			}
		}
		d.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
		used := make([]bool, len(others))
		for _, h := range helped {
			for i, c := range others {
				if used[i] || c.band != h.band {
					continue
				}
				used[i] = true
				for g := range o.groups(si) {
					o.t.add("A2.before.accompanied", "matched", g, h.before, 4)
					o.t.add("A2.after.accompanied", "matched", g, h.after, 4)
					o.t.add("A2.before.control", "matched", g, c.before, 4)
					o.t.add("A2.after.control", "matched", g, c.after, 4)
					o.weekly(g, "accompanied", h)
					o.weekly(g, "control", c)
					o.came(g, "accompanied", h.first, h.helped)
					o.came(g, "control", c.first, h.helped)
				}
				break
			}
		}
	}
}

// weekly adds the visits of each week around an accompaniment.
func (o *observer) weekly(g int, arm string, c candidate) {
	for k, visits := range c.weeks {
		if k != 4 {
			o.t.add(fmt.Sprintf("A2.week%+d.%s", k-4, arm), "matched", g, visits, 1)
		}
	}
}

// came adds whether the first visit of one of a matched pair comes within eight
// weeks of the accompaniment, of those who had none before it.
func (o *observer) came(g int, arm string, first, day int) {
	if first >= day && day+55 < o.b.Window.Days {
		o.t.add("A2.first."+arm, "matched", g, indicate(first <= day+55), 1)
	}
}

// around counts a parent's visits in the four school weeks before and after one.
func (o *observer) around(who int, cal *region.ZoneCalendar, w int) candidate {
	p := &o.b.People[who]
	c := candidate{helped: p.Helped, first: region.NoDay}
	for _, v := range o.sessions(who, p.At) {
		c.first = min(c.first, v.day)
		k := cal.WeekOf[v.day]
		if k < 0 || k < w-4 || k > w+4 {
			continue
		}
		c.weeks[k-w+4]++
		switch {
		case k < w:
			c.before++
		case k > w:
			c.after++
		}
	}
	c.band = region.Band(int(c.before))
	return c
}

// afterHelp adds the visits after an accompaniment, by its form (A3).
func (o *observer) afterHelp(who, g, primary int, sessions []session) {
	p := &o.b.People[who]
	if p.Helped >= o.b.Window.Days {
		return
	}
	after := o.weeks(primary, max(p.Created, p.Helped+1))
	if weeks := after.count(); weeks > 0 {
		form := len(region.HelpForms)
		for _, l := range o.b.HelpOf(p) { // on one day, the form of the smallest code
			if l.Day == p.Helped {
				form = min(form, region.HelpForms[l.Form].Code)
			}
		}
		o.t.add("A3.visits."+strconv.Itoa(form), "all_accounts", g, float64(after.visits(sessions)), float64(weeks))
	}
}

// addLives adds the two potential outcomes of everybody accompanied: whether a
// parent without any visit comes in time, and the visits in the weeks after.
func addLives(t *Totals, lives []region.Life) {
	for _, l := range lives {
		arm := "without"
		if l.With {
			arm = "with"
		}
		if l.Waiting || l.Never {
			t.add("A2.att.first."+arm, "accompanied", 0, indicate(l.Came), 1)
		}
		if !l.Never {
			t.add("A2.att.visits."+arm, "accompanied", 0, float64(l.Visits), 1)
		}
	}
}

// Effects are the planted truths of a window of years.
func Effects(r *region.Region, direct *Totals) []Value {
	rate := func(measure string) float64 {
		k := ratio{measure, "accompanied"}
		if direct.y[k] == nil || direct.y[k][0] == 0 {
			return 0
		}
		return direct.x[k][0] / direct.y[k][0]
	}
	value := func(indicator, population, measure string, v float64) Value {
		return Value{Indicator: indicator, Population: population, Group: map[string]string{}, Measure: measure,
			Value: round(v)}
	}
	out := []Value{
		value("A2", "matched", "first_visit_gap", rate("A2.att.first.with")-rate("A2.att.first.without")),
		value("A2", "matched", "rate_ratio", rate("A2.att.visits.with")/max(1e-9, rate("A2.att.visits.without"))),
		value("N8", "pairs", "checking_days_factor", r.Assumed.DeferredFactor),
		value("A5", "pairs", "placebo_difference", 0), // nothing happens before a training
	}
	if r.Window.Lockdown[0] != region.NoDay {
		out = append(out, value("L6", "all_accounts", "lockdown_factor", r.Assumed.LockdownFactor),
			value("L6", "all_accounts", "after_factor", r.Assumed.LockdownAfter))
	}
	return out
}
