package region

import (
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
)

// concerned is the school of a child whom a deadline concerns, or -1.
func (b *Basin) concerned(p *Person, dl *Deadline) int {
	for _, c := range p.Children {
		si := b.People[c].Schools[0]
		s := &b.Schools[si]
		if dl.Concerns(s.Level, s.Classes[b.People[c].Class].Grade) {
			return si
		}
	}
	return -1
}

func (b *Basin) meetDeadlines(d random.Stream, who int) {
	for _, dl := range b.Window.Deadlines() {
		p := &b.People[who]
		si := b.concerned(p, &dl)
		day, second, u := dl.Day-d.IntN(14), b.Assumed.ParentHours.Second(d), d.Float64()
		service := ingest.ServiceGrants
		if len(dl.Grades) > 0 {
			service = ingest.ServiceGuidance
		}
		if si >= 0 && (p.comes(day) && u < b.Assumed.DeadlineVisit || p.might(day) && u < b.Assumed.DeadlineFirst) {
			b.visitFor(d, who, visit{day, second, si, visitPlain}, service)
		}
	}
}

func (b *Basin) seeContent(d random.Stream, c *Content) {
	if !c.Media || c.Class < 0 {
		return
	}
	s := &b.Schools[c.School]
	service := ingest.ServiceBlog
	if s.System != SystemEntcore {
		service = ingest.ServiceNews
	}
	day, _ := b.Window.Local(c.TS)
	for who := range b.People {
		p := &b.People[who]
		if p.Role != RoleParent || !p.At(c.School) || !b.hasChild(p, c.School, c.Class) {
			continue
		}
		u := d.Float64()
		v, ok := b.soon(d, c.TS, b.Assumed.ContentHours, 48*HourMs-1000, c.School)
		if ok && (p.comes(day) && u < b.Assumed.ContentVisit || p.might(day) && u < b.Assumed.ContentFirst) {
			b.visitFor(d, who, v, service)
		}
	}
}

// showPupils lets pupils answer the publications to their class.
func (b *Basin) showPupils(d random.Stream, si int) {
	s := &b.Schools[si]
	for _, who := range b.At(si, RolePupil) {
		p := &b.People[who]
		if p.Kind != kindAlready {
			continue
		}
		for _, ts := range s.Classes[p.Class].Published {
			u := d.Float64()
			if v, ok := b.soon(d, ts, b.Assumed.PupilLookHours, 14*DayMs, si); ok && u < b.Assumed.PupilReaction {
				c := b.open(d, who, v, p.phone)
				c.login(0.6)
				c.do(ingest.ServiceGrades, ingest.ActionAccess)
				c.logout()
			}
		}
	}
}

// failBefore adds failures to log in, some seconds before it works, at the CAS server.
func (b *Basin) failBefore(d random.Stream) {
	for i := range b.Events {
		e := b.Events[i]
		if !e.CAS || e.Action != ingest.ActionLogin || !d.Chance(b.Assumed.FailedBefore) {
			continue
		}
		e.Action = ingest.ActionLoginFailed
		for range 1 + d.Poisson(1) {
			if e.TS -= int64(15+d.IntN(40)) * 1000; e.TS >= b.Window.Midnight[0] {
				b.Events = append(b.Events, e)
			}
		}
	}
}

// lockOut lets some of those who never come fail three times and more, on one
// evening, and give up.
func (b *Basin) lockOut(d random.Stream) {
	for who := range b.People {
		p := &b.People[who]
		si := p.Schools[0]
		if p.Role != RoleParent || p.Kind != KindNever || b.Schools[si].System != SystemPronote || !d.Chance(b.Assumed.LockedOut) {
			continue
		}
		ts := b.Window.At(d.IntN(b.Window.Days), 20*3600)
		for range 3 + d.Poisson(1) {
			ts += int64(20+d.IntN(60)) * 1000
			b.Events = append(b.Events, Event{TS: ts, Who: int32(who), School: int16(si), CAS: true,
				Service: ingest.ServiceSignIn, Action: ingest.ActionLoginFailed})
		}
	}
}
