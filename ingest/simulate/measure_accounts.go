package simulate

import (
	"math"
	"slices"
	"strconv"

	"github.com/entscope/entscope/ingest"
)

// account adds the measures of one parent in one group that a Monte Carlo has no
// need of.
func (o *observer) account(who, g, primary int, sessions []session) {
	const all = "all_accounts"
	p := &o.b.people[who]
	if !slices.Contains(o.covered[primary], true) {
		return
	}
	o.t.add("R3.no_email", all, g, indicate(!p.email), 1)
	o.t.add("R3.no_phone", all, g, indicate(!p.mobile), 1)
	o.t.add("R3.neither", all, g, indicate(!p.email && !p.mobile), 1)
	o.regular(g, sessions)
	o.pauses(who, g, primary)
	o.tools(who, g)
	o.ready(who, g, sessions)
	o.afterHelp(who, g, primary, sessions)
	o.contentVisits(who, g, len(sessions) > 0)
	if g == 0 {
		o.signIns(who)
	}
}

// inGroup is the scope of a person's schools in a group.
func (o *observer) inGroup(p *person, g int) func(int) bool {
	return func(si int) bool { return p.at(si) && o.b.schools[si].in(g) }
}

// regular adds L3, of accounts with ten visits or more.
func (o *observer) regular(g int, sessions []session) {
	if len(sessions) < 10 {
		return
	}
	var days [7]float64
	for i := range sessions {
		days[sessions[i].day%7]++
	}
	entropy := 0.0
	for _, n := range days {
		if n > 0 {
			share := n / float64(len(sessions))
			entropy -= share * math.Log(share)
		}
	}
	const pop = "regular_accounts"
	o.t.add("L3.entropy", pop, g, math.Round(100*entropy/math.Log(7)), 100)
	o.t.add("L3.burstiness", pop, g, math.Round(100*(1+burstiness(sessions))), 100)
	o.t.add("L3.memory", pop, g, math.Round(100*(1+memory(sessions))), 100)
}

// memory is M of Goh and Barabási (2008): the correlation of each time between
// visits with the next.
func memory(visits []session) float64 {
	var gaps []float64
	for i := 1; i < len(visits); i++ {
		gaps = append(gaps, float64(visits[i].start-visits[i-1].start)/1000)
	}
	moments := func(x []float64) (mean, sd float64) {
		for _, v := range x {
			mean += v / float64(len(x))
		}
		for _, v := range x {
			sd += (v - mean) * (v - mean) / float64(len(x))
		}
		return mean, math.Sqrt(sd)
	}
	a, b := gaps[:len(gaps)-1], gaps[1:]
	m1, s1 := moments(a)
	m2, s2 := moments(b)
	if s1 == 0 || s2 == 0 {
		return 0
	}
	sum := 0.0
	for i := range a {
		sum += (a[i] - m1) * (b[i] - m2)
	}
	return sum / float64(len(a)) / (s1 * s2)
}

// pauses adds L1 with other pauses between visits.
func (o *observer) pauses(who, g, primary int) {
	p, cal := &o.b.people[who], o.calendar(primary)
	weeks, _ := countWeeks(o.covered[primary], cal, p.created)
	active := len(o.split(who, o.inGroup(p, g), maxGap)) > 0
	for _, pause := range []int64{15, 60} {
		n := 0
		for _, s := range o.split(who, o.inGroup(p, g), pause*60_000) {
			if w := cal.weekOf[s.day]; w >= 0 && o.covered[primary][w] && cal.monday[w] >= p.created {
				n++
			}
		}
		name := "L1.visits_per_week.pause" + strconv.FormatInt(pause, 10)
		o.t.add(name, "all_accounts", g, float64(n), float64(weeks))
		if active {
			o.t.add(name, "active_accounts", g, float64(n), float64(weeks))
		}
	}
}

// feedsOf are the numbers, in study.toml, of the sources that write an event.
func (o *observer) feedsOf(e *event) []int {
	switch {
	case e.visio:
		return []int{6}
	case e.cas:
		return []int{3}
	}
	switch o.b.schools[e.school].system {
	case systemUportal:
		return []int{2}
	case systemPronote:
		return []int{4}
	}
	if o.b.byApp(e) && appPaths[ingest.Service(e.service)] != "" && ingest.Action(e.action) == ingest.ActionAccess {
		return []int{1, 5}
	}
	return []int{1}
}

// tools adds M4: the sources that a parent met for each purpose.
func (o *observer) tools(who, g int) {
	p := &o.b.people[who]
	scope := o.inGroup(p, g)
	purposes := map[ingest.Service]string{ingest.ServiceMessages: "messages", ingest.ServiceGrades: "grades", ingest.ServiceHomework: "homework", ingest.ServiceVideo: "video"}
	met := map[string]map[int]bool{}
	note := func(purpose string, feed int) {
		if met[purpose] == nil {
			met[purpose] = map[int]bool{}
		}
		met[purpose][feed] = true
	}
	visits, last := map[int]float64{}, int64(math.MinInt64/2)
	var seen map[int]bool
	resource := false
	for i := range o.of[who] {
		e := &o.of[who][i]
		if e.named && !scope(int(e.school)) {
			continue
		}
		if e.ts-last > maxGap {
			seen = map[int]bool{}
		}
		last = e.ts
		resource = resource || is(e, ingest.ServiceResources)
		for _, f := range o.feedsOf(e) {
			note("any", f)
			if purpose := purposes[ingest.Service(e.service)]; purpose != "" {
				note(purpose, f)
			}
			if !seen[f] {
				seen[f] = true
				visits[f]++
			}
		}
	}
	if o.b.schools[o.primary(p, g)].system != systemPronote { // whose logs show no resources
		o.t.add("C5.parents", "all_accounts", g, indicate(resource), 1)
	}
	for purpose, feeds := range met {
		o.t.add("M4.tools."+purpose, "active_accounts", g, float64(len(feeds)), 1)
	}
	if len(visits) > 0 {
		sum, squares := 0.0, 0.0
		for _, n := range visits {
			sum += n
			squares += n * n
		}
		o.t.add("M4.hhi", "active_accounts", g, math.Round(100*squares/(sum*sum)), 100)
	}
}

// ready adds R1 for the declared deadlines.
func (o *observer) ready(who, g int, sessions []session) {
	p := &o.b.people[who]
	concerned := 0.0
	var ready [3]float64
	for _, dl := range o.b.w.deadlines() {
		if !o.concernedIn(p, &dl, g) {
			continue
		}
		concerned++
		within := slices.ContainsFunc(sessions, func(s session) bool { return s.day >= max(dl.day-60, p.activated) && s.day < dl.day })
		o.t.add("R1.readiness", "curve", g, indicate(within), 1)
		for k, before := range [3]int{30, 7, 0} {
			cut := dl.day - before
			visited := slices.ContainsFunc(sessions, func(s session) bool { return s.day >= cut-60 && s.day < cut })
			ready[k] += indicate(visited && p.activated < cut)
		}
	}
	if concerned > 0 {
		for k, name := range [3]string{"D30", "D7", "D0"} {
			o.t.add("R1.ready."+name, "concerned_accounts", g, ready[k], concerned)
		}
	}
}

func (o *observer) concernedIn(p *person, dl *deadline, g int) bool {
	return slices.ContainsFunc(p.children, func(c int) bool {
		s := &o.b.schools[o.b.people[c].schools[0]]
		return s.in(g) && dl.concerns(s.level, s.classes[o.b.people[c].class].grade)
	})
}

// afterHelp adds the visits after an accompaniment, by its form (A3).
func (o *observer) afterHelp(who, g, primary int, sessions []session) {
	p, cal := &o.b.people[who], o.calendar(primary)
	if p.helped >= o.b.w.days {
		return
	}
	visits, weeks := 0.0, 0.0
	for w, covered := range o.covered[primary] {
		if covered && cal.monday[w] > p.helped && cal.monday[w] >= p.created {
			weeks++
		}
	}
	for i := range sessions {
		if w := cal.weekOf[sessions[i].day]; w >= 0 && o.covered[primary][w] && cal.monday[w] > p.helped && cal.monday[w] >= p.created {
			visits++
		}
	}
	if weeks > 0 {
		form := len(helpCodes)
		for _, l := range o.b.helpOf(p) { // on one day, the form of the smallest code
			if l.day == p.helped {
				form = min(form, helpCodes[l.form])
			}
		}
		o.t.add("A3.visits."+strconv.Itoa(form), "all_accounts", g, visits, weeks)
	}
}

// signIns adds R2: the attempts of a parent.
func (o *observer) signIns(who int) {
	a := o.attempts[who]
	if a == nil {
		return
	}
	const pop = "attempting_accounts"
	blocked, decided := false, true
	if len(a.failed) >= 3 {
		blocked = !slices.ContainsFunc(o.of[who], func(e event) bool { // by whatever log
			return ingest.Action(e.action) == ingest.ActionLogin && e.ts >= a.failed[2] && e.ts <= a.failed[2]+7*dayMs
		})
		day, _ := o.b.w.local(a.failed[2])
		decided = !blocked || day+7 < o.b.w.days // else the window ends too soon to tell
	}
	p := &o.b.people[who]
	for g := range groupCount {
		if o.primary(p, g) >= 0 {
			o.t.add("R2.failures", pop, g, float64(len(a.failed)), float64(len(a.worked)))
			if decided {
				o.t.add("R2.blocked", pop, g, indicate(blocked), 1)
			}
		}
	}
}

// attempts are the instants at which an account tried to sign in.
type attempts struct{ failed, worked []int64 }

func (o *observer) tries() {
	o.attempts = make([]*attempts, len(o.b.people))
	for i := range o.b.events {
		e := &o.b.events[i]
		action := ingest.Action(e.action)
		if !e.cas || action != ingest.ActionLogin && action != ingest.ActionLoginFailed { // no other log tells of failures
			continue
		}
		if o.attempts[e.who] == nil {
			o.attempts[e.who] = &attempts{}
		}
		if a := o.attempts[e.who]; action == ingest.ActionLogin {
			a.worked = append(a.worked, e.ts)
		} else {
			a.failed = append(a.failed, e.ts)
		}
	}
}

// contentVisits adds C1: visits in the 48 hours after an item with media of a
// child's class, and in the same hours a week before when no item lies in them.
func (o *observer) contentVisits(who, g int, active bool) {
	p := &o.b.people[who]
	visits := o.sessions(who, p.at)
	within := func(from, to int64) (n float64) {
		for i := range visits {
			n += indicate(visits[i].start >= from && visits[i].start < to)
		}
		return n
	}
	after, before, first, items := 0.0, 0.0, false, false
	for k, child := range p.children {
		c := &o.b.people[child]
		if sameClassBefore(o.b, p.children[:k], child) {
			continue
		}
		for _, item := range o.items[classOf{c.schools[0], c.class}] {
			if len(visits) > 0 && item.day >= p.created && visits[0].start >= item.ts && visits[0].start < item.ts+48*hourMs {
				first = true
			}
			if item.fair && o.b.schools[c.schools[0]].in(g) && item.day-7 >= p.created {
				items = true
				after += within(item.ts, item.ts+48*hourMs)
				before += within(item.ts-7*dayMs, item.ts-5*dayMs)
			}
		}
	}
	if items {
		o.t.add("C1.visits", "concerned_accounts", g, after, before)
	}
	publishes := func(si int) bool { return o.b.schools[si].in(g) && o.shown[si] }
	if active && slices.ContainsFunc(p.schools[:p.nschools], publishes) {
		o.t.add("C1.first_login", "all_accounts", g, indicate(first), 1)
	}
}

type classOf struct{ school, class int }

type item struct {
	ts   int64
	day  int
	fair bool
}

// gather lists the items with media of each class; fair are those whose hours
// before and after lie in the window with no other item in the ones before.
func (o *observer) gather() {
	o.items, o.shown = map[classOf][]item{}, make([]bool, len(o.b.schools))
	for i := range o.b.contents {
		c := &o.b.contents[i]
		if !c.media || c.class < 0 {
			continue
		}
		day, _ := o.b.w.local(c.ts)
		it := item{c.ts, day, day >= 7 && day+2 < o.b.w.days}
		for j := range o.b.contents {
			other := &o.b.contents[j]
			if other.school == c.school && other.class == c.class && other.ts > c.ts-9*dayMs && other.ts < c.ts-5*dayMs {
				it.fair = false
			}
		}
		o.shown[c.school] = true
		o.items[classOf{c.school, c.class}] = append(o.items[classOf{c.school, c.class}], it)
	}
}
