package simulate

import (
	"math"
	"slices"
	"strconv"
)

// viewDays is how long a publication waits for its first view.
const viewDays = 14

// pairMore adds the measures of a parent × school that a Monte Carlo has no need of.
func (o *observer) pairMore(who, si int, visits []session, pubs []int64, perDay map[int]int, days, weeks, empty int, schoolDay func(int) bool) {
	s := &o.b.schools[si]
	for g := range groupCount {
		if !s.in(g) {
			continue
		}
		o.grid(g, visits, perDay, days, weeks, empty)
		o.delays(who, si, g)
	}
	for _, pause := range []int64{15, 60} {
		o.paused(who, si, pause, days, len(visits) > 0, schoolDay)
	}
	o.reaction(who, si, visits, pubs)
	o.change(si, perDay, schoolDay)
}

// paused adds N2 with another pause between visits.
func (o *observer) paused(who, si int, pause int64, days int, active bool, schoolDay func(int) bool) {
	perDay := map[int]int{}
	for _, v := range o.split(who, func(k int) bool { return k == si }, pause*60_000) {
		if v.grades > 0 && schoolDay(v.day) {
			perDay[v.day]++
		}
	}
	for _, at := range []struct {
		least int
		name  string
	}{{2, "two"}, {3, "three"}, {5, "five"}} {
		n := 0.0
		for _, k := range perDay {
			n += indicate(k >= at.least)
		}
		name := "N2." + at.name + "_a_day.pause" + strconv.FormatInt(pause, 10)
		for g := range groupCount {
			if !o.b.schools[si].in(g) {
				continue
			}
			o.t.add(name, "pairs", g, n, float64(days))
			if active {
				o.t.add(name, "active_pairs", g, n, float64(len(perDay)))
			}
		}
	}
}

// grid adds N5 under its 36 combinations of thresholds.
func (o *observer) grid(g int, visits []session, perDay map[int]int, days, weeks, empty int) {
	n, busy, night := len(visits), 0, 0
	for _, k := range perDay {
		busy += oneIf(k >= 3)
	}
	for i := range visits {
		night += oneIf(visits[i].hour >= 23 || visits[i].hour < 6)
	}
	enough := weeks >= 4 && n >= 20 && days > 0
	bursts := 0.0
	if enough {
		bursts = burstiness(visits)
	}
	for _, share := range []int{15, 25, 35, 50} {
		for _, void := range []int{50, 60, 70} {
			for _, c := range []struct {
				name   string
				bursts float64
				night  int
			}{{"low", 0.2, 5}, {"mid", 0.3, 10}, {"high", 0.4, 20}} {
				holds := enough && 100*busy >= share*days && 100*empty >= void*(n-1) && (bursts >= c.bursts || 100*night >= c.night*n)
				name := "N5.grid." + strconv.Itoa(share) + "." + strconv.Itoa(void) + "." + c.name
				o.t.add(name, "pairs", g, indicate(holds), 1)
				if n > 0 {
					o.t.add(name, "active_pairs", g, indicate(holds), 1)
				}
			}
		}
	}
}

// reaction adds N4 as a curve: the publications that the pair looks at within a
// fortnight, of all.
func (o *observer) reaction(who, si int, visits []session, pubs []int64) {
	for _, ts := range slices.Compact(slices.Clone(pubs)) {
		until := o.followed(si, ts)
		if day, _ := o.b.w.local(ts); until == 0 || day < o.b.people[who].created {
			continue
		}
		at := firstAfter(visits, ts)
		for g := range groupCount {
			if o.b.schools[si].in(g) {
				o.t.add("N4.first_view", "curve", g, indicate(at < until && at-ts < viewDays*dayMs), 1)
			}
		}
	}
}

// followed is until when the views of what was published at an instant can be
// seen: the next school week without anything about grades, or the end; 0 when
// they cannot.
func (o *observer) followed(si int, ts int64) int64 {
	day, _ := o.b.w.local(ts)
	cal := o.calendar(si)
	w := cal.weekOf[day]
	if w < 0 || !o.gradeCovered[si][w] {
		return 0
	}
	for w++; w < len(cal.monday); w++ {
		if !o.gradeCovered[si][w] {
			return o.b.w.mid[cal.monday[w]]
		}
	}
	return o.b.w.end()
}

// delays adds N7: when grades are published after the work, and after it was
// given back.
func (o *observer) delays(who, si, g int) {
	p, s := &o.b.people[who], &o.b.schools[si]
	after, both, days, known, events := 0.0, 0.0, 0.0, 0.0, 0.0
	var waited, published [2]float64 // before and after the training
	arm, trained := "trained", s.trained
	if trained == noDay {
		arm, trained = "others", o.b.r.middleTraining()
	}
	for k, child := range p.children {
		c := &o.b.people[child]
		if c.schools[0] != si || sameClassBefore(o.b, p.children[:k], child) {
			continue
		}
		class := &s.classes[c.class]
		for n := range class.pubs {
			assessed, returned := o.b.assessment(s, class, n)
			day, _ := o.b.w.local(class.pubs[n])
			if day >= assessed {
				when := oneIf(day >= trained)
				waited[when], published[when] = waited[when]+float64(day-assessed), published[when]+1
			}
			if o.followed(si, class.pubs[n]) == 0 || day < p.created {
				continue
			}
			both++
			after += indicate(day > returned)
			if day >= assessed {
				days, known = days+float64(day-assessed), known+1
				events += indicate(day-assessed <= 63)
			}
		}
	}
	for when, name := range [2]string{"before", "after"} {
		if trained != noDay && published[when] > 0 {
			o.t.add("A5."+name+"."+arm, "pairs", g, waited[when], published[when])
		}
	}
	if both == 0 {
		return
	}
	o.t.add("N7.after_return", "pairs", g, after, both)
	o.t.add("N7.days", "pairs", g, days, known)
	o.t.add("N7.delay", "curve", g, events, known)
}

// change adds N8: days of checking before and after a school went from
// publishing at once to deferring, and in the schools that never did, at the
// middle one of the days of change.
func (o *observer) change(si int, perDay map[int]int, schoolDay func(int) bool) {
	s := &o.b.schools[si]
	day, arm := s.deferFrom, "changed"
	if day == noDay {
		day, arm = o.b.r.middleChange(), "same"
	}
	cal := o.calendar(si)
	counted := func(w int) bool { return o.gradeCovered[si][w] }
	if o.b.w.years == 0 || day < 0 || day == noDay || !cal.parted(day, counted) {
		return
	}
	var x, y [2]float64
	for d := range o.b.w.days {
		if schoolDay(d) {
			k := oneIf(d >= day)
			y[k]++
			x[k] += indicate(perDay[d] >= 2)
		}
	}
	if y[0] == 0 || y[1] == 0 {
		return
	}
	for g := range groupCount {
		if s.in(g) {
			o.t.add("N8.before."+arm, "pairs", g, x[0], y[0])
			o.t.add("N8.after."+arm, "pairs", g, x[1], y[1])
		}
	}
}

// parted reports whether four counted school weeks at least end before a day, and
// as many begin on it or later.
func (c *zoneCalendar) parted(day int, counted func(week int) bool) bool {
	before, after := 0, 0
	for w, monday := range c.monday {
		before += oneIf(counted(w) && monday+6 < day)
		after += oneIf(counted(w) && monday >= day)
	}
	return before >= 4 && after >= 4
}

// middleChange is the median day of change of the region's schools that show grades
// and had opened in time to be seen before it.
func (r *region) middleChange() int {
	return r.middle(func(s *school) int {
		cal := &r.w.zones[s.zone]
		open := func(w int) bool { return cal.monday[w] >= s.rollout }
		if !s.graded() || s.system == systemPronote || s.deferFrom < 0 || !cal.parted(s.deferFrom, open) {
			return noDay
		}
		return s.deferFrom
	})
}

// middleTraining is the median day of the first training of the region's schools.
func (r *region) middleTraining() int { return r.middle(func(s *school) int { return s.trained }) }

// middle is the median of a day of the schools, the lower of two.
func (r *region) middle(of func(*school) int) int {
	var days []int
	for i := range r.schools {
		if day := of(&r.schools[i]); day < r.w.days {
			days = append(days, day)
		}
	}
	if len(days) == 0 {
		return noDay
	}
	slices.Sort(days)
	return days[(len(days)-1)/2]
}

// firstViews adds N6 for a pupil: who of the guardians and the pupil opens each
// published grade first.
func (o *observer) firstViews(who int) {
	p := &o.b.people[who]
	si := p.schools[0]
	s := &o.b.schools[si]
	pubs := s.classes[p.class].pubs
	if len(pubs) == 0 || !slices.Contains(o.gradeCovered[si], true) {
		return
	}
	views := func(account int) []session {
		return slices.DeleteFunc(o.sessions(account, func(k int) bool { return k == si }), func(v session) bool { return v.grades == 0 })
	}
	own := views(who)
	var theirs [][]session
	for _, g := range p.parents {
		theirs = append(theirs, views(g))
	}
	var parent, pupil, both, seen, all float64
	soon := [2]float64{} // of a fortnight: a guardian first, the pupil first or together
	for _, ts := range slices.Compact(slices.Clone(pubs)) {
		until := o.followed(si, ts)
		if until == 0 {
			continue
		}
		all++
		before := func(at int64) int64 {
			if at < until {
				return at
			}
			return math.MaxInt64
		}
		mine, other := before(firstAfter(own, ts)), int64(math.MaxInt64)
		for _, v := range theirs {
			other = min(other, before(firstAfter(v, ts)))
		}
		switch {
		case mine == math.MaxInt64 && other == math.MaxInt64:
			continue
		case other < mine-300_000:
			parent++
			soon[0] += indicate(other-ts < viewDays*dayMs)
		case mine < other-300_000:
			pupil++
		default:
			both++
		}
		if other >= mine-300_000 {
			soon[1] += indicate(min(mine, other)-ts < viewDays*dayMs)
		}
		seen++
	}
	for g := range groupCount {
		if !s.in(g) {
			continue
		}
		if all > 0 {
			o.t.add("N6.parent", "curve", g, soon[0], all)
			o.t.add("N6.pupil", "curve", g, soon[1], all)
		}
		for _, pop := range []string{"seen_grades", "published_grades"} {
			n := all
			if pop == "seen_grades" {
				n = seen
			}
			if n == 0 {
				continue
			}
			o.t.add("N6.parent_first", pop, g, parent, n)
			o.t.add("N6.pupil_first", pop, g, pupil, n)
			o.t.add("N6.together", pop, g, both, n)
		}
	}
}

// firstAfter is when a visit first shows grades from an instant on.
func firstAfter(visits []session, ts int64) int64 {
	for i := range visits {
		if visits[i].gradesAt >= ts {
			return visits[i].gradesAt
		}
	}
	return math.MaxInt64
}
