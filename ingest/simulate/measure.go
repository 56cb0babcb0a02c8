package simulate

import (
	"math"

	"github.com/entscope/entscope/ingest"
)

// The definitions of the indicators, programmed from their text and not from
// the pipeline, on the events before they became logs. A basin's parents and
// pupils each add x and y to the measures of the groups they belong to.

// groups: 0 all, 1–3 level, 4–8 IPS band, 9–11 priority education.
const groupCount = 12

var epNames = [3]string{"HEP", "REP", "REP+"}

func groupLabel(g int) map[string]string {
	switch {
	case g == 0:
		return map[string]string{}
	case g < 4:
		return map[string]string{"level": levelNames[g-1]}
	case g < 9:
		return map[string]string{"ips_band": string(rune('1' + g - 4))}
	}
	return map[string]string{"ep": epNames[g-9]}
}

// in reports whether a school belongs to a group.
func (s *school) in(g int) bool {
	switch {
	case g == 0:
		return true
	case g < 4:
		return s.level == g-1
	case g < 9:
		return s.band == g-3
	}
	return s.ep == epNames[g-9]
}

// ratio names a measure of a population.
type ratio struct{ measure, population string }

// totals are what a region adds up to.
type totals struct {
	x, y map[ratio]*[groupCount]float64
	// visits is the distribution of visits per parent, for concentrations.
	visits [groupCount][]float64
	// weekVisits and activeVisits are those of visits in counted school weeks, of
	// all parents and of those with a visit.
	weekVisits, activeVisits [groupCount][]float64
	// risk and events are the life table of the first visit, by week.
	risk, events [groupCount][]float64
}

func newTotals() *totals {
	return &totals{x: map[ratio]*[groupCount]float64{}, y: map[ratio]*[groupCount]float64{}}
}

func (t *totals) add(measure, population string, g int, x, y float64) {
	k := ratio{measure, population}
	if t.x[k] == nil {
		t.x[k], t.y[k] = new([groupCount]float64), new([groupCount]float64)
	}
	t.x[k][g] += x
	t.y[k][g] += y
}

// merge adds other, times sign, to t.
func (t *totals) merge(other *totals, sign float64) {
	for k := range other.x {
		for g := range groupCount {
			t.add(k.measure, k.population, g, sign*other.x[k][g], sign*other.y[k][g])
		}
	}
	for g := range groupCount {
		t.visits[g] = mergeInto(t.visits[g], other.visits[g], sign)
		t.weekVisits[g] = mergeInto(t.weekVisits[g], other.weekVisits[g], sign)
		t.activeVisits[g] = mergeInto(t.activeVisits[g], other.activeVisits[g], sign)
		t.risk[g] = mergeInto(t.risk[g], other.risk[g], sign)
		t.events[g] = mergeInto(t.events[g], other.events[g], sign)
	}
}

func mergeInto(dst, src []float64, sign float64) []float64 {
	for i, v := range src {
		dst = bump(dst, i, sign*v)
	}
	return dst
}

func bump(dst []float64, i int, v float64) []float64 {
	for len(dst) <= i {
		dst = append(dst, 0)
	}
	dst[i] += v
	return dst
}

// session is a visit as a log shows it: events at most half an hour apart.
type session struct {
	start      int64
	day, hour  int
	device     uint8
	grades     int
	gradesAt   int64 // of the first grade event
	gradesDays []int // days of the grade events
	messages   bool
	homework   bool
	parentOnly bool
	resource   bool
	told       bool // some event tells what the visit was for
}

const maxGap = 1_800_000

// observer reads a basin's events as an ideal pipeline would.
type observer struct {
	b *basin
	// of are the events of each account, in order of time.
	of [][]event
	// covered and gradeCovered are the school weeks in which the school's feed
	// wrote something, and something about grades.
	covered, gradeCovered [][]bool
	t                     *totals
	// attempts to sign in of each account, and items with media of each class; shown
	// are the schools with any.
	attempts []*attempts
	items    map[classOf][]item
	shown    []bool
}

func observe(b *basin, t *totals) {
	o := &observer{b: b, t: t, of: make([][]event, len(b.people))}
	counts := make([]int, len(b.people))
	for i := range b.events {
		counts[b.events[i].who] += oneIf(acts(&b.events[i]))
	}
	for who, n := range counts {
		o.of[who] = make([]event, 0, n)
	}
	for _, e := range b.events {
		if acts(&e) {
			o.of[e.who] = append(o.of[e.who], e)
		}
	}
	o.cover()
	if b.r.plants {
		o.tries()
		o.gather()
	}
	visited := make([]bool, len(b.people))
	for who := range b.people {
		if b.people[who].role == roleParent {
			visited[who] = o.parent(who)
		}
	}
	for who := range b.people {
		if b.people[who].role == rolePupil {
			o.pupil(who, visited)
		}
	}
	o.families()
	o.matched()
	if b.r.plants {
		o.more()
	}
}

// acts: neither the end of a session nor a log in that failed is a visit.
func acts(e *event) bool {
	return ingest.Action(e.action) != ingest.ActionLogout && ingest.Action(e.action) != ingest.ActionLoginFailed
}

func (o *observer) calendar(si int) *zoneCalendar { return &o.b.w.zones[o.b.schools[si].zone] }

func (o *observer) cover() {
	for si := range o.b.schools {
		n := len(o.calendar(si).monday)
		o.covered = append(o.covered, make([]bool, n))
		o.gradeCovered = append(o.gradeCovered, make([]bool, n))
	}
	for i := range o.b.events {
		e := &o.b.events[i]
		if !acts(e) {
			continue
		}
		p := &o.b.people[e.who]
		day, _ := o.b.w.local(e.ts)
		for k := range p.nschools {
			si := p.schools[k]
			if e.named && int(e.school) != si {
				continue
			}
			w := o.calendar(si).weekOf[day]
			if w < 0 || o.calendar(si).monday[w] < o.b.schools[si].rollout {
				continue
			}
			o.covered[si][w] = true
			if is(e, ingest.ServiceGrades) {
				o.gradeCovered[si][w] = true
			}
		}
	}
}

// sessions groups the events of an account that belong to a scope: those of its
// schools and those that name no school.
func (o *observer) sessions(who int, scope func(int) bool) []session {
	return o.split(who, scope, maxGap)
}

// split groups them by another gap, in ms.
func (o *observer) split(who int, scope func(int) bool, gap int64) []session {
	var out []session
	last := int64(math.MinInt64 / 2)
	for i := range o.of[who] {
		e := &o.of[who][i]
		if e.named && !scope(int(e.school)) {
			continue
		}
		if e.ts-last > gap {
			day, hour := o.b.w.local(e.ts)
			out = append(out, session{start: e.ts, day: day, hour: hour})
		}
		last = e.ts
		s := &out[len(out)-1]
		if s.device == 0 {
			s.device = e.device
		}
		switch ingest.Service(e.service) {
		case ingest.ServiceUnknown, ingest.ServiceSchoolLife, ingest.ServicePortal, ingest.ServiceSignIn:
		default:
			s.told = true
		}
		switch ingest.Service(e.service) {
		case ingest.ServiceGrades:
			if s.grades++; s.grades == 1 {
				s.gradesAt = e.ts
			}
			day, _ := o.b.w.local(e.ts)
			s.gradesDays = append(s.gradesDays, day)
		case ingest.ServiceMessages:
			s.messages = true
		case ingest.ServiceHomework:
			s.homework = true
		case ingest.ServiceParentOnly:
			s.parentOnly = true
		case ingest.ServiceResources:
			s.resource = true
		}
	}
	return out
}

// primary is the person's school of a group with the smallest number, or -1.
func (o *observer) primary(p *person, g int) int {
	best := -1
	for k := range p.nschools {
		if si := p.schools[k]; o.b.schools[si].in(g) && (best < 0 || si < best) {
			best = si
		}
	}
	return best
}

// parent adds one parent to every group; it says whether there was any visit.
func (o *observer) parent(who int) bool {
	p := &o.b.people[who]
	var all []session
	for g := range groupCount {
		primary := o.primary(p, g)
		if primary < 0 {
			continue
		}
		sessions := all
		if g == 0 || p.nschools == 2 {
			sessions = o.sessions(who, func(si int) bool { return p.at(si) && o.b.schools[si].in(g) })
		}
		if g == 0 {
			all = sessions
		}
		o.logins(p, g, primary, sessions)
		if o.b.r.plants {
			o.account(who, g, primary, sessions)
		}
	}
	for k := range p.nschools {
		o.pair(who, p.schools[k])
	}
	return len(all) > 0
}
