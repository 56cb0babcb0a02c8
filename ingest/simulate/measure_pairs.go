package simulate

import (
	"math"
	"slices"
)

// pair adds a parent × school to the measures of grade checking (N1 to N5).
func (o *observer) pair(who, si int) {
	p := &o.b.people[who]
	cal := o.calendar(si)
	s := &o.b.schools[si]
	pubs := o.published(p, si)
	if !slices.Contains(o.gradeCovered[si], true) || len(pubs) == 0 {
		return
	}
	schoolDay := func(day int) bool {
		w := cal.weekOf[day]
		return w >= 0 && cal.schoolDay[day] && o.gradeCovered[si][w] && day >= p.created
	}
	days, weeks, last := 0, 0, -1
	for day := range o.b.w.days {
		if !schoolDay(day) {
			continue
		}
		days++
		if cal.weekOf[day] != last {
			weeks, last = weeks+1, cal.weekOf[day]
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
	if o.b.r.plants {
		o.pairMore(who, si, visits, pubs, perDay, days, weeks, empty, schoolDay)
	}
	frequent := weeks >= 4 && veryFrequent(visits, atLeast(3), days, empty)
	chance := 0.0
	if len(visits) >= 10 {
		chance = math.Round(100 * emptyByChance(visits, pubs))
	}
	for g := range groupCount {
		if !s.in(g) {
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

// emptyByChance is how many visits would find nothing if those between the first
// and the last fell anywhere between them: of the visits between two publications
// the first finds something, if there is any, and so does the last visit of all
// when something was published before.
func emptyByChance(visits []session, pubs []int64) float64 {
	from, to := visits[0].start, visits[len(visits)-1].start
	found, after := 0.0, int64(-1)
	for _, ts := range pubs {
		if ts <= from || ts > to {
			continue
		}
		if after >= 0 {
			none := 1.0 // the chance that no visit falls between the two
			for range len(visits) - 2 {
				none *= 1 - float64(ts-after)/float64(to-from)
			}
			found += 1 - none
		}
		after = ts
	}
	return float64(len(visits)-1) - found - indicate(after >= 0)
}

// published are the instants at which grades were published to the classes of a
// parent's children in a school.
func (o *observer) published(p *person, si int) []int64 {
	var pubs []int64
	for k, c := range p.children {
		if o.b.people[c].schools[0] == si && !sameClassBefore(o.b, p.children[:k], c) {
			pubs = append(pubs, o.b.schools[si].classes[o.b.people[c].class].pubs...)
		}
	}
	sortInstants(pubs)
	return pubs
}

// veryFrequent is N5: at least 20 grade visits; three or more of them on a
// quarter of the school days; at least 0.6 of them empty; and either bursts
// (A_n >= 0.3) or a tenth of them in the night.
func veryFrequent(visits []session, busyDays, days, empty int) bool {
	n := len(visits)
	if n < 20 || 4*busyDays < days || days == 0 || float64(empty) < 0.6*float64(n-1)-1e-9 {
		return false
	}
	night := 0
	for i := range visits {
		night += oneIf(visits[i].hour >= 23 || visits[i].hour < 6)
	}
	return 10*night >= n || burstiness(visits) >= 0.3
}

// burstiness is A_n of Kim and Jo (2016) of the times between visits:
// (√(n+1)·r − √(n−1)) / ((√(n+1) − 2)·r + √(n−1)), r = σ/μ over n intervals.
func burstiness(visits []session) float64 {
	n := float64(len(visits) - 1)
	var sum, squares float64
	for i := 1; i < len(visits); i++ {
		gap := float64(visits[i].start-visits[i-1].start) / 1000
		sum += gap
		squares += gap * gap
	}
	mean := sum / n
	r := math.Sqrt(math.Max(0, squares/n-mean*mean)) / mean
	return (math.Sqrt(n+1)*r - math.Sqrt(n-1)) / ((math.Sqrt(n+1)-2)*r + math.Sqrt(n-1))
}

// pupil adds a pupil's account to P1.
func (o *observer) pupil(who int, visited []bool) {
	p := &o.b.people[who]
	si := p.schools[0]
	sessions := o.sessions(who, func(k int) bool { return k == si })
	if len(sessions) == 0 {
		return
	}
	cal := o.calendar(si)
	guardian := false
	for _, g := range p.parents {
		guardian = guardian || visited[g]
	}
	strict, loose := false, false
	for i := range sessions {
		v := &sessions[i]
		strict = strict || v.parentOnly
		noHomework := (v.grades > 0 || v.messages) && !v.homework
		inClass := cal.schoolDay[v.day] && v.day%7 != 2 && (v.hour >= 9 && v.hour < 12 || v.hour >= 14 && v.hour < 16) && (v.grades > 0 || v.messages)
		loose = loose || v.parentOnly || !v.told || noHomework || inClass
	}
	for g := range groupCount {
		if o.b.schools[si].in(g) {
			o.t.add("P1.low", "pupils", g, indicate(strict && !guardian), 1)
			o.t.add("P1.high", "pupils", g, indicate(loose && !guardian), 1)
			o.t.add("P1.child_account", "pupils", g, indicate(p.borrowed && !guardian), 1)
		}
	}
}

// families adds A1 of families: one when any guardian was accompanied.
func (o *observer) families() {
	type state struct{ helped, seen bool }
	for g := range groupCount {
		of := map[int]state{}
		for who := range o.b.people {
			p := &o.b.people[who]
			if p.role != roleParent {
				continue
			}
			if primary := o.primary(p, g); primary >= 0 && slices.Contains(o.covered[primary], true) {
				f := of[p.family]
				of[p.family] = state{f.helped || p.helped != noDay, true}
			}
		}
		helped := 0
		for _, f := range of {
			helped += oneIf(f.helped)
		}
		o.t.add("A1.accompanied", "families", g, float64(helped), float64(len(of)))
	}
}

// candidate is a parent of a school in the matching of A2.
type candidate struct {
	before, after float64
	band          int
	helped, first int // days; noDay never
}

// matched adds A2: accompanied parents against never accompanied ones of the
// same school with as many visits in the same four school weeks before.
func (o *observer) matched() {
	for si := range o.b.schools {
		cal := o.calendar(si)
		w := o.b.schools[si].helpWeek
		if w < 4 || w+4 >= len(cal.monday) || slices.Contains(o.covered[si][w-4:w+5], false) {
			continue
		}
		d := newDraw(o.b.r.seed, streamTruth, uint64(o.b.schools[si].number))
		var helped, others []candidate
		for who := range o.b.people {
			p := &o.b.people[who]
			if p.role != roleParent || o.primary(p, 0) != si || p.created > cal.monday[w-4] {
				continue
			}
			if p.helped != noDay && cal.weekOf[p.helped] != w {
				continue // accompanied in the week of another school
			}
			c := o.around(who, cal, w)
			if p.helped != noDay {
				helped = append(helped, c)
			} else {
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
				for g := range groupCount {
					if o.b.schools[si].in(g) {
						o.t.add("A2.before.accompanied", "matched", g, h.before, 4)
						o.t.add("A2.after.accompanied", "matched", g, h.after, 4)
						o.t.add("A2.before.control", "matched", g, c.before, 4)
						o.t.add("A2.after.control", "matched", g, c.after, 4)
						o.came(g, "accompanied", h.first, h.helped)
						o.came(g, "control", c.first, h.helped)
					}
				}
				break
			}
		}
	}
}

// came adds whether the first visit of one of a matched pair comes within eight
// weeks of the accompaniment, of those who had none before it.
func (o *observer) came(g int, arm string, first, day int) {
	if o.b.r.plants && first >= day && day+55 < o.b.w.days {
		o.t.add("A2.first."+arm, "matched", g, indicate(first <= day+55), 1)
	}
}

// around counts a parent's visits in the four school weeks before and after one.
func (o *observer) around(who int, cal *zoneCalendar, w int) candidate {
	p := &o.b.people[who]
	c := candidate{helped: p.helped, first: noDay}
	for _, v := range o.sessions(who, p.at) {
		c.first = min(c.first, v.day)
		switch k := cal.weekOf[v.day]; {
		case k >= w-4 && k < w:
			c.before++
		case k > w && k <= w+4:
			c.after++
		}
	}
	c.band = band(int(c.before))
	return c
}
