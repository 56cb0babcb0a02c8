package oracle

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// pair is a parent in one school: what grade checking is measured on.
type pair struct {
	*observer
	who, si int
	pubs    []int64   // when grades were published to the children's classes
	visits  []session // those that show grades
	perDay  map[int]int
	// days and weeks are the counted school days and the weeks they lie in; views the
	// grade events on them.
	days, weeks, views int
	// empty are the visits before which nothing was published since the one before.
	empty int
}

// pair adds a parent × school to the measures of grade checking (N1 to N8).
func (o *observer) pair(who, si int) {
	p := &pair{observer: o, who: who, si: si, pubs: o.published(&o.b.People[who], si)}
	if !slices.Contains(o.gradeCovered[si], true) || len(p.pubs) == 0 {
		return
	}
	p.gather()
	for g := range o.groups(si) {
		p.grid(g)
		o.delays(who, si, g)
	}
	p.paused(15)
	p.paused(60)
	p.reaction()
	p.moments()
	p.change()
	p.frequency("", p.perDay)
	frequent := indicate(p.weeks >= 4 && veryFrequent(p.visits, atLeast(p.perDay, 3), p.days, p.empty))
	chance := 0.0
	if len(p.visits) >= 10 {
		chance = math.Round(100 * p.emptyByChance())
	}
	for g := range o.groups(si) {
		o.t.add("N1.views_per_day", "pairs", g, float64(p.views), float64(p.days))
		o.t.add("N5.very_frequent", "pairs", g, frequent, 1)
		if len(p.visits) > 0 {
			o.t.add("N1.views_per_day", "active_pairs", g, float64(p.views), float64(p.days))
			o.t.add("N5.very_frequent", "active_pairs", g, frequent, 1)
		}
		if later := float64(len(p.visits) - 1); later >= 9 {
			o.t.add("N3.empty", "active_pairs", g, float64(p.empty), later)
			o.t.add("N3.expected", "active_pairs", g, chance, 100*later)
		}
	}
}

// schoolDay reports whether a day counts: a school day of a week in which the feed
// wrote something about grades, once the parent has an account.
func (p *pair) schoolDay(day int) bool {
	cal := p.calendar(p.si)
	w := cal.WeekOf[day]
	return w >= 0 && cal.SchoolDay[day] && p.gradeCovered[p.si][w] && day >= p.b.People[p.who].Created
}

// gather counts the days and the visits of the pair.
func (p *pair) gather() {
	last := -1
	for day := range p.b.Window.Days {
		if !p.schoolDay(day) {
			continue
		}
		p.days++
		if w := p.calendar(p.si).WeekOf[day]; w != last {
			p.weeks, last = p.weeks+1, w
		}
	}
	p.visits, p.perDay = p.looks(maxGap)
	for i, v := range p.visits {
		for _, day := range v.gradesDays {
			p.views += oneIf(p.schoolDay(day))
		}
		if i > 0 { // the first publication after the visit before
			k, _ := slices.BinarySearch(p.pubs, p.visits[i-1].start+1)
			p.empty += oneIf(k == len(p.pubs) || p.pubs[k] > v.start)
		}
	}
}

// looks are the visits that show grades, parted by a gap in ms, and how many begin
// on each counted day.
func (p *pair) looks(gap int64) (visits []session, perDay map[int]int) {
	perDay = map[int]int{}
	for _, v := range p.split(p.who, func(k int) bool { return k == p.si }, gap) {
		if v.grades == 0 {
			continue
		}
		visits = append(visits, v)
		if p.schoolDay(v.day) {
			perDay[v.day]++
		}
	}
	return visits, perDay
}

// atLeast counts the days with n visits or more.
func atLeast(perDay map[int]int, n int) (c int) {
	for _, k := range perDay {
		c += oneIf(k >= n)
	}
	return c
}

// frequency adds N2: the days with two, three, five visits or more.
func (p *pair) frequency(suffix string, perDay map[int]int) {
	for n, name := range map[int]string{2: "two", 3: "three", 5: "five"} {
		name, days := "N2."+name+"_a_day"+suffix, float64(atLeast(perDay, n))
		for g := range p.groups(p.si) {
			p.t.add(name, "pairs", g, days, float64(p.days))
			if len(p.visits) > 0 {
				p.t.add(name, "active_pairs", g, days, float64(len(perDay)))
			}
		}
	}
}

// paused adds N2 with another pause between visits, in minutes.
func (p *pair) paused(minutes int64) {
	_, perDay := p.looks(minutes * 60_000)
	p.frequency(fmt.Sprintf(".pause%d", minutes), perDay)
}

// grid adds N5 under its 36 combinations of thresholds, in per cent.
func (p *pair) grid(g int) {
	n, busy, night := len(p.visits), atLeast(p.perDay, 3), atNight(p.visits)
	enough := p.weeks >= 4 && n >= 20 && p.days > 0
	bursts := 0.0
	if enough {
		bursts = burstiness(p.visits)
	}
	levels := []struct {
		name   string
		bursts float64
		night  int
	}{{"low", 0.2, 5}, {"mid", 0.3, 10}, {"high", 0.4, 20}}
	for _, share := range []int{15, 25, 35, 50} {
		for _, void := range []int{50, 60, 70} {
			for _, l := range levels {
				holds := enough && 100*busy >= share*p.days && 100*p.empty >= void*(n-1) &&
					(bursts >= l.bursts || 100*night >= l.night*n)
				name := fmt.Sprintf("N5.grid.%d.%d.%s", share, void, l.name)
				p.t.add(name, "pairs", g, indicate(holds), 1)
				if n > 0 {
					p.t.add(name, "active_pairs", g, indicate(holds), 1)
					p.detect(name, g, holds)
				}
			}
		}
	}
}

// detect scores a combination of thresholds as a detector: how many of the planted
// checkers it finds, and how many of the others it leaves alone.
func (p *pair) detect(name string, g int, holds bool) {
	if p.b.People[p.who].Checks(p.si) {
		p.t.add(strings.Replace(name, "grid", "sensitivity", 1), "planted_checkers", g, indicate(holds), 1)
	} else {
		p.t.add(strings.Replace(name, "grid", "specificity", 1), "other_pairs", g, indicate(!holds), 1)
	}
}

// moments adds N9: when in the week grades are looked at.
func (p *pair) moments() {
	if len(p.visits) == 0 {
		return
	}
	n := map[string]float64{}
	for _, v := range p.visits {
		n[moment(v.day, v.hour)]++
	}
	for _, name := range moments {
		p.t.add("N9."+name, "active_pairs", 0, n[name], float64(len(p.visits)))
	}
}

// change adds N8: days of checking before and after a school went from
// publishing at once to deferring, and in the schools that never did, at the
// middle one of the days of change.
func (p *pair) change() {
	s := &p.b.Schools[p.si]
	day, arm := s.DeferFrom, "changed"
	if day == region.NoDay {
		day, arm = p.middleChange(), "same"
	}
	cal := p.calendar(p.si)
	counted := func(w int) bool { return p.gradeCovered[p.si][w] }
	if p.b.Window.Years == 0 || day < 0 || day == region.NoDay || !parted(cal, day, counted) {
		return
	}
	var x, y [2]float64
	for d := range p.b.Window.Days {
		if p.schoolDay(d) {
			k := oneIf(d >= day)
			y[k]++
			x[k] += indicate(p.perDay[d] >= 2)
		}
	}
	if y[0] == 0 || y[1] == 0 {
		return
	}
	for g := range p.groups(p.si) {
		p.t.add("N8.before."+arm, "pairs", g, x[0], y[0])
		p.t.add("N8.after."+arm, "pairs", g, x[1], y[1])
	}
}

// reaction adds N4 as a curve: the publications that the pair looks at within a
// fortnight, of all.
func (p *pair) reaction() {
	for _, ts := range slices.Compact(slices.Clone(p.pubs)) {
		until := p.followed(p.si, ts)
		if day, _ := p.b.Window.Local(ts); until == 0 || day < p.b.People[p.who].Created {
			continue
		}
		at := firstAfter(p.visits, ts)
		hours := int((min(at, until) - ts) / region.HourMs)
		for g := range p.groups(p.si) {
			p.t.waited("N4.first_view", g, hours, at < until && hours < 24*viewDays)
			p.t.add("N4.first_view", "curve", g, indicate(at < until && at-ts < viewDays*region.DayMs), 1)
		}
	}
}
