package simulate

import (
	"slices"

	"github.com/entscope/entscope/ingest"
)

// Chances of what brings people beside their habits, in a window of years: ASSUMED.
const (
	deadlineVisit   = 0.30  // a parent who comes, in the fortnight before a deadline
	deadlineFirst   = 0.04  // … one who never did
	contentVisit    = 0.10  // within 48 hours of an item with media of the child's class
	contentFirst    = 0.004 // … one who never did
	contentHours    = 12.0
	pupilReaction   = 0.30 // a pupil's look at a published grade
	pupilHours10    = 10.0 // … after so many hours in the mean
	loanRate        = 0.5  // more visits while the loan lasts
	joinMeeting     = 0.40
	joinFirst       = 0.03
	failedBefore    = 0.06 // log ins that failures came before
	lockedOut       = 0.25 // of those who never come
	bookOpened      = 0.45 // report books opened by the parents who come
	bookDays        = 4.0
	bookAgain       = 0.2 // … opened again on another day
	bookLast        = 62  // days after which nobody opens it for the first time
	resourceShare   = 0.04
	submitPupil     = 0.30 // visits to the homework that hand some in
	submitGuardian  = 0.02
	meetingsPerYear = 2
)

// loan is a piece of equipment lent to the family of a child, or waited for.
type loan struct {
	child                 int
	requested, start, end int // days; noDay: not yet
}

// meeting is one remote meeting of a class with those invited to it.
type meeting struct {
	school, class, number, day int
	invited                    []int
	joined                     []bool
}

// comes reports whether a parent uses an own account on a day.
func (p *person) comes(day int) bool {
	return p.role == roleParent && p.kind != kindChildOnly && day >= p.onset && day >= p.created
}

// might says that a parent never came but has an account that could be used.
func (p *person) might(day int) bool {
	return p.role == roleParent && p.kind != kindChildOnly && day < p.onset && day >= p.created
}

// comeMore adds the visits that deadlines, contents, grades (of pupils), loans
// and meetings bring, and the failures before log ins.
func (b *basin) comeMore() {
	for si := range b.schools {
		d := newDraw(b.r.seed, streamMore, uint64(b.schools[si].number))
		b.lend(d, si)
		for _, who := range b.at(si, roleParent) {
			b.meetDeadlines(d, who)
		}
		b.showPupils(d, si)
		b.meet(d, si)
	}
	d := newDraw(b.r.seed, streamMore, uint64(b.number), 1)
	for i := range b.contents {
		b.seeContent(d, &b.contents[i])
	}
	for i := range b.loans {
		b.useLoan(d, &b.loans[i])
	}
	b.failBefore(d)
	b.lockOut(d)
}

// at are the persons of a role whose first school is si.
func (b *basin) at(si, role int) []int {
	var out []int
	for who := range b.people {
		if p := &b.people[who]; int(p.role) == role && p.schools[0] == si {
			out = append(out, who)
		}
	}
	return out
}

// visitFor is a visit for one service, at an hour when parents come.
func (b *basin) visitFor(d draw, who int, v visit, service ingest.Service) {
	c := b.open(d, who, v, b.people[who].phone)
	c.login(0.6)
	c.do(service, ingest.ActionAccess)
	if d.chance(0.2) {
		c.page(parentPages)
	}
	c.logout()
}

// concerned is the school of a child whom a deadline concerns, or -1.
func (b *basin) concerned(p *person, dl *deadline) int {
	for _, c := range p.children {
		si := b.people[c].schools[0]
		s := &b.schools[si]
		if dl.concerns(s.level, s.classes[b.people[c].class].grade) {
			return si
		}
	}
	return -1
}

func (b *basin) meetDeadlines(d draw, who int) {
	for _, dl := range b.w.deadlines() {
		p := &b.people[who]
		si := b.concerned(p, &dl)
		day, second, u := dl.day-d.IntN(14), d.second(parentHours), d.Float64()
		service := ingest.ServiceGrants
		if len(dl.grades) > 0 {
			service = ingest.ServiceGuidance
		}
		if si >= 0 && (p.comes(day) && u < deadlineVisit || p.might(day) && u < deadlineFirst) {
			b.visitFor(d, who, visit{day, second, si, visitPlain}, service)
		}
	}
}

// soon draws an instant some hours after another, in hours when people come.
func (b *basin) soon(d draw, ts int64, mean float64, within int64, si int) (visit, bool) {
	for range 8 {
		at := ts + int64(d.exp(mean*3600))*1000
		day, hour := b.w.local(at)
		if at >= b.w.end() || at >= ts+within {
			return visit{}, false
		}
		if hour >= 7 && hour < 23 {
			return visit{day, hour*3600 + int((at-b.w.at(day, hour*3600))/1000), si, visitPlain}, true
		}
	}
	return visit{}, false
}

func (b *basin) seeContent(d draw, c *content) {
	if !c.media || c.class < 0 {
		return
	}
	s := &b.schools[c.school]
	service := ingest.ServiceBlog
	if s.system != systemEntcore {
		service = ingest.ServiceNews
	}
	day, _ := b.w.local(c.ts)
	for who := range b.people {
		p := &b.people[who]
		if p.role != roleParent || !p.at(c.school) || !b.hasChild(p, c.school, c.class) {
			continue
		}
		u := d.Float64()
		v, ok := b.soon(d, c.ts, contentHours, 48*hourMs-1000, c.school)
		if ok && (p.comes(day) && u < contentVisit || p.might(day) && u < contentFirst) {
			b.visitFor(d, who, v, service)
		}
	}
}

func (b *basin) hasChild(p *person, si, class int) bool {
	return slices.ContainsFunc(p.children, func(c int) bool { return b.people[c].schools[0] == si && b.people[c].class == class })
}

// showPupils lets pupils answer the publications to their class.
func (b *basin) showPupils(d draw, si int) {
	s := &b.schools[si]
	for _, who := range b.at(si, rolePupil) {
		p := &b.people[who]
		if p.kind != kindAlready {
			continue
		}
		for _, ts := range s.classes[p.class].pubs {
			u := d.Float64()
			if v, ok := b.soon(d, ts, pupilHours10, 14*dayMs, si); ok && u < pupilReaction {
				c := b.open(d, who, v, p.phone)
				c.login(0.6)
				c.do(ingest.ServiceGrades, ingest.ActionAccess)
				c.logout()
			}
		}
	}
}

// lend draws who asks for equipment and who gets it: families without a
// computer, more of them where the school's IPS is low; four in ten go on waiting.
func (b *basin) lend(d draw, si int) {
	for _, who := range b.at(si, rolePupil) {
		p := &b.people[who]
		computer, _, _, _ := b.equipment(p)
		asks, gets, turn, wait := d.chance(0.8), d.chance(0.6), d.IntN(4), 7+d.IntN(60)
		if computer || !asks {
			continue
		}
		day := b.w.lendingDays()[(turn+1)/2]
		l := loan{child: who, requested: day - wait, start: noDay, end: noDay}
		if gets {
			l.start = day
			if end := l.start + 120 + wait; end < b.w.days {
				l.end = end
			}
		}
		b.loans = append(b.loans, l)
	}
}

// lendingDays are the three days on which equipment is handed out: a quarter,
// half and a quarter of it.
func (w *window) lendingDays() [3]int { return [3]int{w.days * 3 / 8, w.days / 2, w.days * 5 / 8} }

// useLoan adds the visits that borrowed equipment brings, to each guardian.
func (b *basin) useLoan(d draw, l *loan) {
	if l.start >= b.w.days {
		return
	}
	si := b.people[l.child].schools[0]
	cal := &b.w.zones[b.schools[si].zone]
	to := min(l.end, b.w.days)
	for _, who := range b.people[l.child].parents {
		p := &b.people[who]
		if !p.comes(l.start) {
			continue
		}
		plain, _ := b.split(p, si)
		for range d.poisson(loanRate * plain / 7 * (cal.cum[to] - cal.cum[l.start])) {
			b.expand(d, who, p, visit{cal.day(d, l.start, to), d.second(parentHours), si, visitPlain})
		}
	}
}

// meet holds the remote meetings of a school's classes, in the evening of a
// school day, and writes who joins them in the video service's log.
func (b *basin) meet(d draw, si int) {
	s := &b.schools[si]
	if !s.visio {
		return
	}
	cal := &b.w.zones[s.zone]
	for class := range s.classes {
		for n := range meetingsPerYear * b.w.years {
			day := cal.monday[d.IntN(len(cal.monday))] + d.IntN(5)
			m := meeting{school: si, class: class, number: n, day: day}
			for who := range b.people {
				p := &b.people[who]
				if p.role != roleParent || !p.at(si) || !b.hasChild(p, si, class) {
					continue
				}
				u, late := d.Float64(), d.IntN(900)
				joins := cal.schoolDay[day] && day >= s.rollout && (p.comes(day) && u < joinMeeting || p.might(day) && u < joinFirst)
				m.invited, m.joined = append(m.invited, who), append(m.joined, joins)
				if joins {
					c := b.open(d, who, visit{day, 18*3600 + late, si, visitPlain}, p.phone)
					c.write(event{ts: c.ts, who: c.who, school: c.school, named: true, service: uint8(ingest.ServiceVideo), visio: true, visit: c.visit})
				}
			}
			if cal.schoolDay[day] && day >= s.rollout {
				b.meetings = append(b.meetings, m)
			}
		}
	}
}

// failBefore adds failures to log in, some seconds before it works, at the CAS server.
func (b *basin) failBefore(d draw) {
	for i := range b.events {
		e := b.events[i]
		if !e.cas || ingest.Action(e.action) != ingest.ActionLogin || !d.chance(failedBefore) {
			continue
		}
		e.action = uint8(ingest.ActionLoginFailed)
		for range 1 + d.poisson(1) {
			if e.ts -= int64(15+d.IntN(40)) * 1000; e.ts >= b.w.mid[0] {
				b.events = append(b.events, e)
			}
		}
	}
}

// lockOut lets some of those who never come fail three times and more, on one
// evening, and give up.
func (b *basin) lockOut(d draw) {
	for who := range b.people {
		p := &b.people[who]
		si := p.schools[0]
		if p.role != roleParent || p.kind != kindNever || b.schools[si].system != systemPronote || !d.chance(lockedOut) {
			continue
		}
		ts := b.w.at(d.IntN(b.w.days), 20*3600)
		for range 3 + d.poisson(1) {
			ts += int64(20+d.IntN(60)) * 1000
			b.events = append(b.events, event{ts: ts, who: int32(who), school: int16(si), cas: true,
				service: uint8(ingest.ServiceSignIn), action: uint8(ingest.ActionLoginFailed)})
		}
	}
}

// lookFurther adds what people open beside in visits that they make anyway:
// report books, and in a window of years resources and homework handed in.
func (b *basin) lookFurther() {
	d := newDraw(b.r.seed, streamMore, uint64(b.number), 2)
	first, seen := make([][]int, len(b.people)), make([]bool, b.visits+1)
	for i := range b.events {
		if e := &b.events[i]; !seen[e.visit] && !e.cas && !e.visio {
			seen[e.visit] = true
			first[e.who] = append(first[e.who], i)
		}
	}
	for who := range b.people {
		p := &b.people[who]
		if p.role == roleParent {
			for _, c := range p.children {
				b.openBooks(d, first[who], &b.people[c])
			}
		}
		if b.w.years > 0 && p.role != roleStaff {
			b.useServices(d, first[who], p)
		}
	}
}

// beside writes an event in the visit that begins with event i.
func (b *basin) beside(i int, service ingest.Service, action ingest.Action, after int64) {
	e := b.events[i]
	e.ts, e.service, e.action = e.ts+after, uint8(service), uint8(action)
	b.events = append(b.events, e)
}

// hasBook: the portal of the school leads to the report book, and its publication
// is registered.
func (s *school) hasBook() bool { return s.level != lycee && s.system != systemPronote }

func (b *basin) openBooks(d draw, visits []int, child *person) {
	s := &b.schools[child.schools[0]]
	if !s.hasBook() {
		return
	}
	for _, day := range b.w.terms() {
		opens, from, again := d.chance(bookOpened), day+int(d.exp(bookDays)), d.chance(bookAgain)
		for _, i := range visits {
			at, _ := b.w.local(b.events[i].ts)
			if !opens || day < s.rollout || at < from || at <= day || at > day+bookLast || int(b.events[i].school) != child.schools[0] {
				continue
			}
			b.beside(i, ingest.ServiceReportBook, ingest.ActionAccess, 700)
			if !again {
				break
			}
			again, from = false, at+1
		}
	}
}

func (b *basin) useServices(d draw, visits []int, p *person) {
	submits := submitPupil
	if p.role == roleParent {
		submits = submitGuardian
	}
	for _, i := range visits {
		system := b.schools[b.events[i].school].system
		if system == systemPronote {
			continue
		}
		if d.chance(resourceShare) {
			b.beside(i, ingest.ServiceResources, ingest.ActionAccess, 900)
		}
		if d.chance(submits*0.5) && system == systemEntcore {
			b.beside(i, ingest.ServiceHomework, ingest.ActionSubmit, 1100)
		}
	}
}
