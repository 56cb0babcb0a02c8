package oracle

import (
	"math"
	"slices"
	"strconv"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// pair adds a parent × school to the measures of grade checking (N1 to N5).
func (o *observer) pair(who, si int) {
	p := &o.b.People[who]
	cal := o.calendar(si)
	s := &o.b.Schools[si]
	pubs := o.published(p, si)
	if !slices.Contains(o.gradeCovered[si], true) || len(pubs) == 0 {
		return
	}
	schoolDay := func(day int) bool {
		w := cal.WeekOf[day]
		return w >= 0 && cal.SchoolDay[day] && o.gradeCovered[si][w] && day >= p.Created
	}
	days, weeks, last := 0, 0, -1
	for day := range o.b.Window.Days {
		if !schoolDay(day) {
			continue
		}
		days++
		if cal.WeekOf[day] != last {
			weeks, last = weeks+1, cal.WeekOf[day]
		}
	}
	views, perDay := 0, map[int]int{}
	var visits []session
	for _, v := range o.sessions(who, func(k int) bool { return k == si }) {
		if v.grades == 0 {
			continue
		}
		visits = append(visits, v)
		for _, day := range v.gradesDays {
			views += oneIf(schoolDay(day))
		}
		if schoolDay(v.day) {
			perDay[v.day]++
		}
	}
	atLeast := func(n int) (c int) {
		for _, k := range perDay {
			c += oneIf(k >= n)
		}
		return c
	}
	empty := 0
	for k := 1; k < len(visits); k++ {
		i, _ := slices.BinarySearch(pubs, visits[k-1].start+1) // the first publication after the visit before
		empty += oneIf(i == len(pubs) || pubs[i] > visits[k].start)
	}
	if o.b.Region.Plants {
		o.pairMore(who, si, visits, pubs, perDay, days, weeks, empty, schoolDay)
	}
	frequent := weeks >= 4 && veryFrequent(visits, atLeast(3), days, empty)
	chance := 0.0
	if len(visits) >= 10 {
		chance = math.Round(100 * emptyByChance(visits, pubs))
	}
	for g := range groupCount {
		if !in(s, g) {
			continue
		}
		o.t.add("N1.views_per_day", "pairs", g, float64(views), float64(days))
		o.t.add("N2.two_a_day", "pairs", g, float64(atLeast(2)), float64(days))
		o.t.add("N2.three_a_day", "pairs", g, float64(atLeast(3)), float64(days))
		o.t.add("N2.five_a_day", "pairs", g, float64(atLeast(5)), float64(days))
		o.t.add("N5.very_frequent", "pairs", g, indicate(frequent), 1)
		if len(visits) == 0 {
			continue
		}
		seen := float64(len(perDay))
		o.t.add("N1.views_per_day", "active_pairs", g, float64(views), float64(days))
		o.t.add("N2.two_a_day", "active_pairs", g, float64(atLeast(2)), seen)
		o.t.add("N2.three_a_day", "active_pairs", g, float64(atLeast(3)), seen)
		o.t.add("N2.five_a_day", "active_pairs", g, float64(atLeast(5)), seen)
		o.t.add("N5.very_frequent", "active_pairs", g, indicate(frequent), 1)
		if len(visits) >= 10 {
			later := float64(len(visits) - 1)
			o.t.add("N3.empty", "active_pairs", g, float64(empty), later)
			o.t.add("N3.expected", "active_pairs", g, chance, 100*later)
		}
	}
}

// pairMore adds the measures of a parent × school that a Monte Carlo has no need of.
func (o *observer) pairMore(who, si int, visits []session, pubs []int64, perDay map[int]int, days, weeks, empty int, schoolDay func(int) bool) {
	s := &o.b.Schools[si]
	for g := range groupCount {
		if !in(s, g) {
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
			if !o.in(si, g) {
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

// change adds N8: days of checking before and after a school went from
// publishing at once to deferring, and in the schools that never did, at the
// middle one of the days of change.
func (o *observer) change(si int, perDay map[int]int, schoolDay func(int) bool) {
	s := &o.b.Schools[si]
	day, arm := s.DeferFrom, "changed"
	if day == region.NoDay {
		day, arm = o.middleChange(), "same"
	}
	cal := o.calendar(si)
	counted := func(w int) bool { return o.gradeCovered[si][w] }
	if o.b.Window.Years == 0 || day < 0 || day == region.NoDay || !parted(cal, day, counted) {
		return
	}
	var x, y [2]float64
	for d := range o.b.Window.Days {
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
		if in(s, g) {
			o.t.add("N8.before."+arm, "pairs", g, x[0], y[0])
			o.t.add("N8.after."+arm, "pairs", g, x[1], y[1])
		}
	}
}
