package simulate

import "github.com/entscope/entscope/ingest"

// clicks writes the events of one visit: it knows the account, the school and the
// clock.
type clicks struct {
	b      *basin
	d      draw
	ts     int64
	school int16
	named  bool
	who    int32
	device uint8
	visit  int32
}

// open starts a visit of an account at a school. A platform that knows a person
// in several of its schools writes them all and so names none.
func (b *basin) open(d draw, account int, v visit, phone float64) clicks {
	p := &b.people[account]
	s := &b.schools[v.school]
	named := true
	if s.system == systemEntcore && p.nschools == 2 {
		named = b.schools[p.schools[0]].system != systemEntcore || b.schools[p.schools[1]].system != systemEntcore
	}
	b.visits++
	return clicks{b: b, d: d, ts: b.w.at(v.day, v.second) + int64(d.IntN(1000)), school: int16(v.school), named: named,
		who: int32(account), device: b.device(d, phone), visit: b.visits}
}

// do writes one event and lets some time pass: a minute and a half, at most ten.
func (c *clicks) do(service ingest.Service, action ingest.Action) {
	s := &c.b.schools[c.school]
	if s.system == systemPronote && action != ingest.ActionLogin {
		service, action = ingest.ServiceSchoolLife, ingest.ActionAccess // the front's log shows no tab
	}
	c.write(event{ts: c.ts, who: c.who, school: c.school, named: c.named, service: uint8(service), action: uint8(action), device: c.device, visit: c.visit})
	c.ts += 2000 + int64(min(598, c.d.exp(80))*1000)
}

func (c *clicks) write(e event) {
	s := &c.b.schools[c.school]
	day, _ := c.b.w.local(e.ts)
	switch {
	case e.ts >= c.b.w.end(), day < s.rollout, s.stopDay >= 0 && day >= s.stopDay:
		return
	case s.gradeStopDay >= 0 && day >= s.gradeStopDay && ingest.Service(e.service) == ingest.ServiceGrades:
		return
	}
	c.b.events = append(c.b.events, e)
}

// login writes how a visit begins in the logs of the system.
func (c *clicks) login(chance float64) {
	s := &c.b.schools[c.school]
	switch s.system {
	case systemUportal: // every session is opened
		c.do(ingest.ServiceSignIn, ingest.ActionLogin)
	case systemPronote:
		if c.d.chance(chance * 0.7) {
			c.write(event{ts: c.ts, who: c.who, school: c.school, service: uint8(ingest.ServiceSignIn), action: uint8(ingest.ActionLogin), cas: true, visit: c.visit})
			c.ts += 3000
		}
	default:
		if c.d.chance(chance) {
			c.do(ingest.ServiceSignIn, ingest.ActionLogin)
		}
	}
}

// logout is the end of a session, written by the uPortal alone and not always:
// nobody's action, since sessions also end by themselves.
func (c *clicks) logout() {
	if c.b.schools[c.school].system == systemUportal && c.d.chance(0.6) {
		c.do(ingest.ServiceSignIn, ingest.ActionLogout)
	}
}

type choice struct {
	share   float64
	service ingest.Service
}

var (
	parentPages = []choice{{0.33, ingest.ServiceMessages}, {0.30, ingest.ServiceHomework}, {0.15, ingest.ServiceAbsences},
		{0.12, ingest.ServiceSchoolLife}, {0.08, ingest.ServiceNews}, {0.02, ingest.ServiceParentOnly}}
	pupilPages = []choice{{0.60, ingest.ServiceHomework}, {0.14, ingest.ServiceMessages}, {0.16, ingest.ServiceSchoolLife}, {0.10, ingest.ServiceNews}}
	staffPages = []choice{{0.45, ingest.ServiceMessages}, {0.25, ingest.ServiceHomework}, {0.20, ingest.ServiceAbsences}, {0.10, ingest.ServiceSchoolLife}}
)

func (c *clicks) page(pages []choice) {
	u := c.d.Float64()
	for _, p := range pages {
		if u -= p.share; u < 0 {
			c.do(p.service, ingest.ActionAccess)
			return
		}
	}
	c.do(pages[0].service, ingest.ActionAccess)
}

// expand writes the events of a parent's visit, on the own account or on a child's.
func (b *basin) expand(d draw, account int, p *person, v visit) {
	c := b.open(d, account, v, p.phone)
	events := len(b.events)
	defer func() {
		if p.kind == kindChildOnly && len(b.events) > events {
			b.people[account].borrowed, p.borrows = true, true
		}
	}()
	graded := b.schools[v.school].graded()
	switch {
	case v.kind == visitCheck:
		c.login(0.2)
		c.do(ingest.ServiceGrades, ingest.ActionAccess)
		if d.chance(0.1) {
			c.page(parentPages)
		}
	default:
		c.login(0.6)
		grades := graded && (v.kind == visitReaction || d.chance(0.35))
		if grades {
			c.do(ingest.ServiceGrades, ingest.ActionAccess)
			if d.chance(0.25) {
				c.do(ingest.ServiceGrades, ingest.ActionAccess)
			}
		}
		if !grades || d.chance(0.30) {
			c.page(parentPages)
		}
		if d.chance(0.20) {
			c.page(parentPages)
		}
		// On a child's account a parent also opens what only parents need.
		if p.kind == kindChildOnly && d.chance(0.15) {
			c.do(ingest.ServiceParentOnly, ingest.ActionAccess)
		}
	}
	c.logout()
}

// pupil draws a pupil's own visits: at school, after it, in the evening.
func (b *basin) pupil(d draw, who int) {
	p := &b.people[who]
	if p.kind != kindAlready {
		return
	}
	si := p.schools[0]
	s := &b.schools[si]
	cal := &b.w.zones[s.zone]
	from := max(0, p.created)
	if from >= b.w.days {
		return
	}
	mean := pupilVisits[s.level] * p.gamma / 7 * (cal.cum[b.w.days] - cal.cum[from])
	for range d.poisson(mean) {
		c := b.open(d, who, visit{cal.day(d, from, b.w.days), d.second(pupilHours), si, visitPlain}, p.phone)
		c.login(0.6)
		if s.graded() && d.chance(0.2) {
			c.do(ingest.ServiceGrades, ingest.ActionAccess)
		} else {
			c.page(pupilPages)
		}
		if d.chance(0.25) {
			c.page(pupilPages)
		}
		c.logout()
	}
}

// staff draws the visits of the staff: each once in every school week at least,
// with teachers who enter grades and messages late in the evening.
func (b *basin) staff(d draw, who int) {
	p := &b.people[who]
	si := p.schools[0]
	s := &b.schools[si]
	cal := &b.w.zones[s.zone]
	for w, monday := range cal.monday {
		if monday < s.rollout {
			continue
		}
		for i := range 1 + d.poisson(0.8*p.gamma) {
			day := monday + d.IntN(5)
			for i == 0 && !cal.schoolDay[day] {
				day = monday + d.IntN(5)
			}
			c := b.open(d, who, visit{day, d.second(staffHours), si, visitPlain}, p.phone)
			c.login(0.5)
			if s.graded() && p.teacher && (i == 0 && (w+who)%3 == 0 || d.chance(0.15)) {
				c.do(ingest.ServiceGrades, ingest.ActionAccess)
			} else {
				c.page(staffPages)
			}
			if d.chance(0.3) {
				c.do(ingest.ServiceMessages, ingest.ActionSend)
			}
			c.logout()
		}
	}
}
