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
	for who, p := range b.Each(RoleParent) {
		if !p.At(c.School) || !b.hasChild(p, c.School, c.Class) {
			continue
		}
		u := d.Float64()
		v, ok := b.soon(d, delay{c.TS, b.Assumed.ContentHours, 48*HourMs - 1000}, c.School)
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
			if v, ok := b.soon(d, delay{ts, b.Assumed.PupilLookHours, 14 * DayMs}, si); ok &&
				u < b.Assumed.PupilReaction {
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
	for who, p := range b.Each(RoleParent) {
		si := p.Schools[0]
		if p.Kind != KindNever || b.Schools[si].System != SystemPronote || !d.Chance(b.Assumed.LockedOut) {
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

// publishContents draws what the schools publish of the children's work: blogs
// in the écoles above all, videos, work books, and the school's news.
func (b *Basin) publishContents() {
	for si := range b.Schools {
		s := &b.Schools[si]
		d := random.New(b.Region.Seed, random.Contents, uint64(s.Number))
		cal := &b.Window.Zones[s.Zone]
		for _, monday := range cal.Monday {
			put := func(class int, kind string, media float64) {
				day, second, shown := monday+d.IntN(5), 8*3600+60*d.IntN(10*60), d.Chance(media)
				if cal.SchoolDay[day] && day >= s.Rollout {
					b.Contents = append(b.Contents, Content{si, class, b.Window.At(day, second), kind, shown})
				}
			}
			if d.Chance(0.5) {
				put(-1, "actualité", 0.3)
			}
			for i := range s.Classes {
				rate := [3]float64{0.20, 0.05, 0.02}[s.Level]
				for range d.Poisson(rate) {
					put(i, [3]string{"blog", "cahier numérique", "vidéo"}[d.IntN(3)], 0.8)
				}
			}
		}
	}
}

// meet holds the remote meetings of a school's classes, in the evening of a
// school day, and writes who joins them in the video service's log.
func (b *Basin) meet(d random.Stream, si int) {
	s := &b.Schools[si]
	if !s.visio {
		return
	}
	cal := &b.Window.Zones[s.Zone]
	for class := range s.Classes {
		for n := range b.Assumed.MeetingsPerYear * b.Window.Years {
			day := cal.Monday[d.IntN(len(cal.Monday))] + d.IntN(5)
			m := Meeting{School: si, Class: class, Number: n, Day: day}
			for who, p := range b.Each(RoleParent) {
				if !p.At(si) || !b.hasChild(p, si, class) {
					continue
				}
				u, late := d.Float64(), d.IntN(900)
				joins := cal.SchoolDay[day] && day >= s.Rollout &&
					(p.comes(day) && u < b.Assumed.JoinMeeting || p.might(day) && u < b.Assumed.JoinFirst)
				m.Invited, m.Joined = append(m.Invited, who), append(m.Joined, joins)
				if joins {
					c := b.open(d, who, visit{day, 18*3600 + late, si, visitPlain}, p.phone)
					c.write(Event{TS: c.ts, Who: c.who, School: c.school, Named: true, Service: ingest.ServiceVideo,
						Visio: true, Visit: c.visit})
				}
			}
			if cal.SchoolDay[day] && day >= s.Rollout {
				b.Meetings = append(b.Meetings, m)
			}
		}
	}
}
