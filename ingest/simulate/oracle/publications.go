package oracle

import (
	"math"
	"slices"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// viewDays is how long a publication waits for its first view.
const viewDays = 14

// followed is until when the views of what was published at an instant can be
// seen: the next school week without anything about grades, or the end; 0 when
// they cannot.
func (o *observer) followed(si int, ts int64) int64 {
	day, _ := o.b.Window.Local(ts)
	cal := o.calendar(si)
	w := cal.WeekOf[day]
	if w < 0 || !o.gradeCovered[si][w] {
		return 0
	}
	for w++; w < len(cal.Monday); w++ {
		if !o.gradeCovered[si][w] {
			return o.b.Window.Midnight[cal.Monday[w]]
		}
	}
	return o.b.Window.End()
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

// published are the instants at which grades were published to the classes of a
// parent's children in a school.
func (o *observer) published(p *region.Person, si int) []int64 {
	var pubs []int64
	for k, c := range p.Children {
		if o.b.People[c].Schools[0] == si && !o.b.SameClassBefore(p.Children[:k], c) {
			pubs = append(pubs, o.b.Schools[si].Classes[o.b.People[c].Class].Published...)
		}
	}
	slices.Sort(pubs)
	return pubs
}

// race is who opens what is published to a pupil first: counts of publications.
type race struct {
	parent, pupil, both float64 // by whom first; both within five minutes
	seen, all           float64
	// Within a fortnight: a guardian first; the pupil first, or together.
	parentSoon, pupilSoon float64
	waits                 []raced
}

// raced is a publication: hours to the first opening or to its end, and by whom.
type raced struct {
	step          int
	parent, pupil bool
}

const notSeen = int64(math.MaxInt64)

// run adds a publication: when the pupil and the first guardian open it.
func (r *race) run(published, pupil, guardian, until int64) {
	const together = 300_000
	r.all++
	seen := min(pupil, guardian) != notSeen
	parent := guardian < pupil-together
	r.waits = append(r.waits, raced{int((min(pupil, guardian, until) - published) / region.HourMs), seen && parent,
		seen && !parent})
	switch {
	case pupil == notSeen && guardian == notSeen:
		return
	case guardian < pupil-together:
		r.parent++
		r.parentSoon += indicate(guardian-published < viewDays*region.DayMs)
	case pupil < guardian-together:
		r.pupil++
	default:
		r.both++
	}
	if guardian >= pupil-together {
		r.pupilSoon += indicate(min(pupil, guardian)-published < viewDays*region.DayMs)
	}
	r.seen++
}

// firstViews adds N6 for a pupil: who of the guardians and the pupil opens each
// published grade first.
func (o *observer) firstViews(who int) {
	p := &o.b.People[who]
	si := p.Schools[0]
	pubs := o.b.Schools[si].Classes[p.Class].Published
	if len(pubs) == 0 || !slices.Contains(o.gradeCovered[si], true) {
		return
	}
	views := func(account int) []session {
		all := o.sessions(account, func(k int) bool { return k == si })
		return slices.DeleteFunc(all, func(v session) bool { return v.grades == 0 })
	}
	own := views(who)
	var theirs [][]session
	for _, g := range p.Parents {
		theirs = append(theirs, views(g))
	}
	var r race
	for _, ts := range slices.Compact(slices.Clone(pubs)) {
		until := o.followed(si, ts)
		if until == 0 {
			continue
		}
		opened := func(visits []session) int64 {
			if at := firstAfter(visits, ts); at < until {
				return at
			}
			return notSeen
		}
		guardian := notSeen
		for _, v := range theirs {
			guardian = min(guardian, opened(v))
		}
		r.run(ts, opened(own), guardian, until)
	}
	for g := range o.groups(si) {
		if r.all > 0 {
			o.t.add("N6.parent", "curve", g, r.parentSoon, r.all)
			o.t.add("N6.pupil", "curve", g, r.pupilSoon, r.all)
			for _, w := range r.waits {
				o.t.waited("N6.parent", g, w.step, w.parent)
				o.t.waited("N6.pupil", g, w.step, w.pupil)
			}
		}
		for pop, n := range map[string]float64{"seen_grades": r.seen, "published_grades": r.all} {
			if n > 0 {
				o.t.add("N6.parent_first", pop, g, r.parent, n)
				o.t.add("N6.pupil_first", pop, g, r.pupil, n)
				o.t.add("N6.together", pop, g, r.both, n)
			}
		}
	}
}

// delays adds N7: when grades are published after the work, and after it was
// given back.
func (o *observer) delays(who, si, g int) {
	p, s := &o.b.People[who], &o.b.Schools[si]
	after, both, days, known, events := 0.0, 0.0, 0.0, 0.0, 0.0
	var waited, published [2]float64 // before and after the training
	arm, trained := "trained", s.Trained
	if trained == region.NoDay {
		arm, trained = "others", o.middleTraining()
	}
	for k, child := range p.Children {
		c := &o.b.People[child]
		if c.Schools[0] != si || o.b.SameClassBefore(p.Children[:k], child) {
			continue
		}
		class := &s.Classes[c.Class]
		for n := range class.Published {
			assessed, returned := o.b.Assessment(s, class, n)
			day, _ := o.b.Window.Local(class.Published[n])
			if day >= assessed {
				when := oneIf(day >= trained)
				waited[when], published[when] = waited[when]+float64(day-assessed), published[when]+1
			}
			if o.followed(si, class.Published[n]) == 0 || day < p.Created {
				continue
			}
			both++
			after += indicate(day > returned)
			if day >= assessed {
				days, known = days+float64(day-assessed), known+1
				events += indicate(day-assessed <= 63)
				o.t.waited("N7.delay", g, day-assessed, true)
			}
		}
	}
	for when, name := range [2]string{"before", "after"} {
		if trained != region.NoDay && published[when] > 0 {
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

// parted reports whether four counted school weeks at least end before a day, and
// as many begin on it or later.
func parted(c *region.ZoneCalendar, day int, counted func(week int) bool) bool {
	before, after := 0, 0
	for w, monday := range c.Monday {
		before += oneIf(counted(w) && monday+6 < day)
		after += oneIf(counted(w) && monday >= day)
	}
	return before >= 4 && after >= 4
}

// middleChange is the median day of change of the region's schools that show grades
// and had opened in time to be seen before it.
func (o *observer) middleChange() int {
	return o.middle(func(s *region.School) int {
		cal := &o.b.Window.Zones[s.Zone]
		open := func(w int) bool { return cal.Monday[w] >= s.Rollout }
		if !s.Graded() || s.System == region.SystemPronote || s.DeferFrom < 0 || !parted(cal, s.DeferFrom, open) {
			return region.NoDay
		}
		return s.DeferFrom
	})
}

// middleTraining is the median day of the first training of the region's schools.
func (o *observer) middleTraining() int {
	return o.middle(func(s *region.School) int { return s.Trained })
}

// middle is the median of a day of the schools, the lower of two.
func (o *observer) middle(of func(*region.School) int) int {
	var days []int
	for i := range o.b.Region.Schools {
		if day := of(&o.b.Region.Schools[i]); day < o.b.Window.Days {
			days = append(days, day)
		}
	}
	if len(days) == 0 {
		return region.NoDay
	}
	slices.Sort(days)
	return days[(len(days)-1)/2]
}
