package region

import (
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
)

// parent draws the visits of a parent: those before the week in which the
// school accompanies, then, as they were few, the accompaniment, then the rest.
func (b *Basin) parent(d random.Stream, who int) {
	p := &b.People[who]
	home := &b.Schools[p.Schools[0]]
	cal := &b.Window.Zones[home.Zone]
	turn := cal.Monday[home.HelpWeek]
	threshold := d.Exp(1) // of the hazard of the first login
	hazard, onset := b.first(p, 0, 0, turn, threshold)
	before := b.visitsOf(d, p, 0, turn, onset)
	p.Helped = b.help(d, p, before, turn, cal)
	if onset == NoDay {
		_, onset = b.first(p, hazard, turn, b.Window.Days, threshold)
	}
	p.onset = onset
	all := append(before, b.visitsOf(d, p, turn, b.Window.Days, onset)...)
	b.refused(d, who)
	account := who
	if p.Kind == kindChildOnly {
		account = p.Children[0]
		p.Activated = NoDay
	}
	for _, v := range all {
		if p.Kind == kindChildOnly {
			account = b.childAt(p, v.school)
		}
		b.expand(d, account, p, v)
	}
}

// refused lets some who never come try, and fail, at the CAS server.
func (b *Basin) refused(d random.Stream, who int) {
	p := &b.People[who]
	if p.Kind != KindNever || b.Schools[p.Schools[0]].System != SystemPronote || !d.Chance(b.Assumed.RefusedShare) {
		return
	}
	for range 1 + d.Poisson(1) {
		ts := b.Window.At(d.IntN(b.Window.Days), b.Assumed.ParentHours.Second(d))
		b.Events = append(b.Events, Event{TS: ts, Who: int32(who), School: int16(p.Schools[0]), CAS: true,
			Service: ingest.ServiceSignIn, Action: ingest.ActionLoginFailed})
	}
}

// pupil draws a pupil's own visits: at school, after it, in the evening.
func (b *Basin) pupil(d random.Stream, who int) {
	p := &b.People[who]
	if p.Kind != kindAlready {
		return
	}
	si := p.Schools[0]
	s := &b.Schools[si]
	cal := &b.Window.Zones[s.Zone]
	from := max(0, p.Created)
	if from >= b.Window.Days {
		return
	}
	mean := b.Assumed.PupilVisits[s.Level] * p.gamma / 7 * (cal.cum[b.Window.Days] - cal.cum[from])
	for range d.Poisson(mean) {
		c := b.open(d, who, visit{cal.day(d, from, b.Window.Days), b.Assumed.PupilHours.Second(d), si, visitPlain},
			p.phone)
		c.login(0.6)
		if s.Graded() && d.Chance(0.2) {
			c.do(ingest.ServiceGrades, ingest.ActionAccess)
		} else {
			c.page(pupilPages)
		}
		if d.Chance(0.25) {
			c.page(pupilPages)
		}
		c.logout()
	}
}

// staff draws the visits of the staff: each once in every school week at least,
// with teachers who enter grades and messages late in the evening.
func (b *Basin) staff(d random.Stream, who int) {
	p := &b.People[who]
	si := p.Schools[0]
	s := &b.Schools[si]
	cal := &b.Window.Zones[s.Zone]
	for w, monday := range cal.Monday {
		if monday < s.Rollout {
			continue
		}
		for i := range 1 + d.Poisson(0.8*p.gamma) {
			day := monday + d.IntN(5)
			for i == 0 && !cal.SchoolDay[day] {
				day = monday + d.IntN(5)
			}
			c := b.open(d, who, visit{day, b.Assumed.StaffHours.Second(d), si, visitPlain}, p.phone)
			c.login(0.5)
			if s.Graded() && p.Teacher && (i == 0 && (w+who)%3 == 0 || d.Chance(0.15)) {
				c.do(ingest.ServiceGrades, ingest.ActionAccess)
			} else {
				c.page(staffPages)
			}
			if d.Chance(0.3) {
				c.do(ingest.ServiceMessages, ingest.ActionSend)
			}
			c.logout()
		}
	}
}
