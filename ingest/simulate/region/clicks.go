package region

import (
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
)

// clicks writes the events of one visit: it knows the account, the school and the
// clock.
type clicks struct {
	b      *Basin
	d      random.Stream
	ts     int64
	school int16
	named  bool
	who    int32
	device ingest.Device
	visit  int32
}

func (b *Basin) device(d random.Stream, phone float64) ingest.Device {
	switch {
	case d.Chance(b.Assumed.UnknownDevice):
		return ingest.DeviceUnknown
	case d.Chance(phone):
		return ingest.DevicePhone
	case d.Chance(b.Assumed.TabletOfOthers):
		return ingest.DeviceTablet
	}
	return ingest.DeviceComputer
}

// open starts a visit of an account at a school. A platform that knows a person
// in several of its schools writes them all and so names none.
func (b *Basin) open(d random.Stream, account int, v visit, phone float64) clicks {
	p := &b.People[account]
	s := &b.Schools[v.school]
	named := true
	if s.System == SystemEntcore && p.SchoolCount == 2 {
		named = b.Schools[p.Schools[0]].System != SystemEntcore || b.Schools[p.Schools[1]].System != SystemEntcore
	}
	b.visits++
	return clicks{b: b, d: d, ts: b.Window.At(v.day, v.second) + int64(d.IntN(1000)), visit: b.visits,
		school: int16(v.school), named: named, who: int32(account), device: b.device(d, phone)}
}

// do writes one event and lets some time pass: a minute and a half, at most ten.
func (c *clicks) do(service ingest.Service, action ingest.Action) {
	s := &c.b.Schools[c.school]
	if s.System == SystemPronote && action != ingest.ActionLogin {
		service, action = ingest.ServiceSchoolLife, ingest.ActionAccess // the front's log shows no tab
	}
	c.write(Event{TS: c.ts, Who: c.who, School: c.school, Named: c.named, Service: service, Action: action,
		Device: c.device, Visit: c.visit})
	c.ts += 2000 + int64(min(598, c.d.Exp(80))*1000)
}

func (c *clicks) write(e Event) {
	s := &c.b.Schools[c.school]
	day, _ := c.b.Window.Local(e.TS)
	switch {
	case e.TS >= c.b.Window.End(), day < s.Rollout, s.stopDay >= 0 && day >= s.stopDay:
		return
	case s.gradeStopDay >= 0 && day >= s.gradeStopDay && e.Service == ingest.ServiceGrades:
		return
	}
	c.b.Events = append(c.b.Events, e)
}

// login writes how a visit begins in the logs of the system.
func (c *clicks) login(chance float64) {
	s := &c.b.Schools[c.school]
	switch s.System {
	case SystemUportal: // every session is opened
		c.do(ingest.ServiceSignIn, ingest.ActionLogin)
	case SystemPronote:
		if c.d.Chance(chance * 0.7) {
			c.write(Event{TS: c.ts, Who: c.who, School: c.school, Service: ingest.ServiceSignIn,
				Action: ingest.ActionLogin, CAS: true, Visit: c.visit})
			c.ts += 3000
		}
	default:
		if c.d.Chance(chance) {
			c.do(ingest.ServiceSignIn, ingest.ActionLogin)
		}
	}
}

// logout is the end of a session, written by the uPortal alone and not always:
// nobody's action, since sessions also end by themselves.
func (c *clicks) logout() {
	if c.b.Schools[c.school].System == SystemUportal && c.d.Chance(0.6) {
		c.do(ingest.ServiceSignIn, ingest.ActionLogout)
	}
}

type choice struct {
	share   float64
	service ingest.Service
}

var (
	parentPages = []choice{{0.33, ingest.ServiceMessages}, {0.30, ingest.ServiceHomework},
		{0.15, ingest.ServiceAbsences}, {0.12, ingest.ServiceSchoolLife}, {0.08, ingest.ServiceNews},
		{0.02, ingest.ServiceParentOnly}}
	pupilPages = []choice{{0.60, ingest.ServiceHomework}, {0.14, ingest.ServiceMessages},
		{0.16, ingest.ServiceSchoolLife}, {0.10, ingest.ServiceNews}}
	staffPages = []choice{{0.45, ingest.ServiceMessages}, {0.25, ingest.ServiceHomework},
		{0.20, ingest.ServiceAbsences}, {0.10, ingest.ServiceSchoolLife}}
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
func (b *Basin) expand(d random.Stream, account int, p *Person, v visit) {
	c := b.open(d, account, v, p.phone)
	events := len(b.Events)
	defer func() {
		if p.Kind == kindChildOnly && len(b.Events) > events {
			b.People[account].Borrowed, p.Borrows = true, true
		}
	}()
	graded := b.Schools[v.school].Graded()
	switch {
	case v.kind == visitCheck:
		c.login(0.2)
		c.do(ingest.ServiceGrades, ingest.ActionAccess)
		if d.Chance(0.1) {
			c.page(parentPages)
		}
	default:
		c.login(0.6)
		grades := graded && (v.kind == visitReaction || d.Chance(0.35))
		if grades {
			c.do(ingest.ServiceGrades, ingest.ActionAccess)
			if d.Chance(0.25) {
				c.do(ingest.ServiceGrades, ingest.ActionAccess)
			}
		}
		if !grades || d.Chance(0.30) {
			c.page(parentPages)
		}
		if d.Chance(0.20) {
			c.page(parentPages)
		}
		// On a child's account a parent also opens what only parents need.
		if p.Kind == kindChildOnly && d.Chance(0.15) {
			c.do(ingest.ServiceParentOnly, ingest.ActionAccess)
		}
	}
	c.logout()
}

// visitFor is a visit for one service, at an hour when parents come.
func (b *Basin) visitFor(d random.Stream, who int, v visit, service ingest.Service) {
	c := b.open(d, who, v, b.People[who].phone)
	c.login(0.6)
	c.do(service, ingest.ActionAccess)
	if d.Chance(0.2) {
		c.page(parentPages)
	}
	c.logout()
}
