package region

import (
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
)

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
			for who := range b.People {
				p := &b.People[who]
				if p.Role != RoleParent || !p.At(si) || !b.hasChild(p, si, class) {
					continue
				}
				u, late := d.Float64(), d.IntN(900)
				joins := cal.SchoolDay[day] && day >= s.Rollout && (p.comes(day) && u < b.Assumed.JoinMeeting || p.might(day) && u < b.Assumed.JoinFirst)
				m.Invited, m.Joined = append(m.Invited, who), append(m.Joined, joins)
				if joins {
					c := b.open(d, who, visit{day, 18*3600 + late, si, visitPlain}, p.phone)
					c.write(Event{TS: c.ts, Who: c.who, School: c.school, Named: true, Service: ingest.ServiceVideo, Visio: true, Visit: c.visit})
				}
			}
			if cal.SchoolDay[day] && day >= s.Rollout {
				b.Meetings = append(b.Meetings, m)
			}
		}
	}
}
