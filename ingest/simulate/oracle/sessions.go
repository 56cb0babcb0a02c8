package oracle

import (
	"iter"
	"math"
	"slices"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// session is a visit as a log shows it: events at most half an hour apart.
type session struct {
	start      int64
	day, hour  int
	device     ingest.Device
	grades     int
	gradesAt   int64 // of the first grade event
	gradesDays []int // days of the grade events
	messages   bool
	homework   bool
	parentOnly bool
	resource   bool
	told       bool // some event shows what the visit was for
	services   []ingest.Service
	actions    int
}

const maxGap = 1_800_000

// observer reads a basin's events as an ideal pipeline would.
type observer struct {
	b *region.Basin
	// of are the events of each account, in order of time.
	of [][]region.Event
	// covered and gradeCovered are the school weeks in which the school's feed
	// wrote something, and something about grades.
	covered, gradeCovered [][]bool
	t                     *Totals
	// attempts to sign in of each account, and items with media of each class; shown
	// are the schools with any.
	attempts []*attempts
	items    map[classOf][]item
	shown    []bool
	// carried are the services that the sources of each school show.
	carried []map[ingest.Service]bool
}

type classOf struct{ school, class int }

type item struct {
	ts   int64
	day  int
	fair bool
}

// attempts are the instants at which an account tried to sign in.
type attempts struct{ failed, worked []int64 }

func (o *observer) in(si, g int) bool { return in(&o.b.Schools[si], g) }

// inGroup is the scope of a person's schools in a group.
// groups are those that a school belongs to.
func (o *observer) groups(si int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for g := range groupCount {
			if o.in(si, g) && !yield(g) {
				return
			}
		}
	}
}

func (o *observer) inGroup(p *region.Person, g int) func(int) bool {
	return func(si int) bool { return p.At(si) && o.in(si, g) }
}

func (o *observer) calendar(si int) *region.ZoneCalendar {
	return &o.b.Window.Zones[o.b.Schools[si].Zone]
}

// primary is the person's school of a group with the smallest number, or -1.
func (o *observer) primary(p *region.Person, g int) int {
	best := -1
	for k := range p.SchoolCount {
		if si := p.Schools[k]; o.in(si, g) && (best < 0 || si < best) {
			best = si
		}
	}
	return best
}

// events are those of an account that belong to a scope: in its schools, or naming none.
func (o *observer) events(who int, scope func(si int) bool) iter.Seq[*region.Event] {
	return func(yield func(*region.Event) bool) {
		for i := range o.of[who] {
			if e := &o.of[who][i]; (!e.Named || scope(int(e.School))) && !yield(e) {
				return
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
	for e := range o.events(who, scope) {
		if e.TS-last > gap {
			day, hour := o.b.Window.Local(e.TS)
			out = append(out, session{start: e.TS, day: day, hour: hour})
		}
		last = e.TS
		s := &out[len(out)-1]
		if s.device == 0 {
			s.device = e.Device
		}
		s.actions++
		if !slices.Contains(s.services, e.Service) {
			s.services = append(s.services, e.Service)
		}
		switch e.Service {
		case ingest.ServiceUnknown, ingest.ServiceSchoolLife, ingest.ServicePortal, ingest.ServiceSignIn:
		default:
			s.told = true
		}
		switch e.Service {
		case ingest.ServiceGrades:
			if s.grades++; s.grades == 1 {
				s.gradesAt = e.TS
			}
			day, _ := o.b.Window.Local(e.TS)
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

func (o *observer) cover() {
	for si := range o.b.Schools {
		n := len(o.calendar(si).Monday)
		o.covered = append(o.covered, make([]bool, n))
		o.gradeCovered = append(o.gradeCovered, make([]bool, n))
	}
	for i := range o.b.Events {
		e := &o.b.Events[i]
		if !e.Acts() {
			continue
		}
		p := &o.b.People[e.Who]
		day, _ := o.b.Window.Local(e.TS)
		for k := range p.SchoolCount {
			si := p.Schools[k]
			if e.Named && int(e.School) != si {
				continue
			}
			w := o.calendar(si).WeekOf[day]
			if w < 0 || o.calendar(si).Monday[w] < o.b.Schools[si].Rollout {
				continue
			}
			o.covered[si][w] = true
			if e.Service == ingest.ServiceGrades {
				o.gradeCovered[si][w] = true
			}
		}
	}
}

// weeks are the counted school weeks of a school: those in which its feed wrote
// something and that begin on a day or later.
type weeks struct {
	cal     *region.ZoneCalendar
	covered []bool
	from    int
}

func (o *observer) weeks(si, from int) weeks { return weeks{o.calendar(si), o.covered[si], from} }

// of is the counted week of a day, or -1.
func (w weeks) of(day int) int {
	if k := w.cal.WeekOf[day]; k >= 0 && w.covered[k] && w.cal.Monday[k] >= w.from {
		return k
	}
	return -1
}

// count is how many there are.
func (w weeks) count() (n int) {
	for k, covered := range w.covered {
		n += oneIf(covered && w.cal.Monday[k] >= w.from)
	}
	return n
}

// visits counts those that begin in a counted week.
func (w weeks) visits(sessions []session) (n int) {
	for i := range sessions {
		n += oneIf(w.of(sessions[i].day) >= 0)
	}
	return n
}
