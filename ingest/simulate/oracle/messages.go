package oracle

import (
	"math"
	"slices"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// post is what one person has of the messages of the window.
type post struct {
	single, singleRead, common, commonRead   float64
	requests, inTime, unvisited, allowed     float64
	files, attachments, bytes                float64
	sent, outside, night                     float64
	threads, withPupil                       float64
	begun, answered                          float64
	curveOpened, curveAnswered, curveThreads float64
	openings, answers                        []waiting
}

// waiting is a whole number of hours, and whether what was waited for came.
type waiting struct {
	step  int
	event bool
}

func since(from, to, end int64) waiting {
	if to > 0 {
		return waiting{int((to - from) / region.HourMs), true}
	}
	return waiting{int((end - from) / region.HourMs), false}
}

// messages adds M1, M2, M3, M5, R4 and C8.
func (o *observer) messages() {
	posts := make([][2]post, len(o.b.People)) // by the position of the school among the person's
	of := func(who, si int) *post { return &posts[who][oneIf(o.b.People[who].Schools[0] != si)] }
	threads := map[int64][]*region.Message{}
	for i := range o.b.Messages {
		m := &o.b.Messages[i]
		threads[m.Thread] = append(threads[m.Thread], m)
		o.sent(of(m.Sender, m.School), m)
		for k, who := range m.Recipients {
			if o.b.People[who].Role == region.RoleParent {
				o.received(of(who, m.School), who, m, m.Opened[k])
			}
		}
	}
	for _, t := range threads {
		o.thread(of, t)
	}
	for who := range o.b.People {
		p := &o.b.People[who]
		for g := range groupCount {
			o.weight(p, g, &posts[who])
			for k := range p.SchoolCount {
				if p.Role != region.RolePupil && o.in(p.Schools[k], g) {
					o.posted(p, g, &posts[who][k])
				}
			}
		}
	}
}

func (o *observer) sent(p *post, m *region.Message) {
	day, hour := o.b.Window.Local(m.TS)
	cal := o.calendar(m.School)
	p.sent++
	p.outside += indicate(!cal.SchoolDay[day] || hour < 8 || hour >= 18)
	p.night += indicate(hour < 7 || hour >= 21)
}

func (o *observer) received(p *post, who int, m *region.Message, opened int64) {
	if o.b.Window.End()-m.TS >= 72*region.HourMs {
		read := indicate(opened > 0 && opened-m.TS <= 72*region.HourMs)
		switch n := len(m.Recipients); {
		case n <= 2:
			p.single, p.singleRead = p.single+1, p.singleRead+read
		case n >= 10:
			p.common, p.commonRead = p.common+1, p.commonRead+read
		}
	}
	if m.Bytes >= 0 {
		p.files, p.attachments, p.bytes = p.files+1, p.attachments+indicate(m.Attached), p.bytes+float64(m.Bytes)
	}
	if m.Until > 0 && m.Until <= o.b.Window.End() {
		p.requests++
		p.inTime += indicate(opened > 0 && opened <= m.Until)
		p.allowed += float64(m.Until-m.TS) / float64(region.HourMs)
		visited := slices.ContainsFunc(o.sessions(who, o.b.People[who].At),
			func(v session) bool { return v.start >= m.TS && v.start <= m.Until })
		p.unvisited += indicate(!visited)
		p.curveOpened += indicate(opened > 0 && opened-m.TS < 336*region.HourMs)
		p.openings = append(p.openings, since(m.TS, opened, o.b.Window.End()))
	}
}

// thread adds the messages of one thread to those who began it.
func (o *observer) thread(posts func(who, si int) *post, of []*region.Message) {
	first := of[0]
	for _, m := range of {
		if m.TS < first.TS {
			first = m
		}
	}
	staff := func(who int) bool { return o.b.People[who].Role == region.RoleStaff }
	if staff(first.Sender) || !slices.ContainsFunc(first.Recipients, staff) {
		return
	}
	pupil := false
	answer := int64(0)
	for _, m := range of {
		pupil = pupil || slices.ContainsFunc(m.Recipients,
			func(who int) bool { return o.b.People[who].Role == region.RolePupil })
		if staff(m.Sender) && (answer == 0 || m.TS < answer) {
			answer = m.TS
		}
	}
	p := posts(first.Sender, first.School)
	p.threads++
	p.withPupil += indicate(pupil)
	hours := 0.0
	if answer > 0 {
		hours = o.working(first.School, first.TS, answer)
	}
	p.answers = append(p.answers, waiting{int(hours), answer > 0})
	if answer == 0 {
		p.answers[len(p.answers)-1].step = int(o.working(first.School, first.TS, o.b.Window.End()))
	}
	p.curveThreads++
	p.curveAnswered += indicate(answer > 0 && hours < 80)
	if o.b.Window.End()-first.TS >= 10*region.DayMs {
		p.begun++
		p.answered += indicate(answer > 0 && hours <= 20) // two days of 8 h to 18 h
	}
}

// working is the hours between two instants that lie in 8 h to 18 h of school days.
func (o *observer) working(si int, from, to int64) float64 {
	cal, hours := o.calendar(si), 0.0
	day, _ := o.b.Window.Local(from)
	for ; day < o.b.Window.Days && o.b.Window.Midnight[day] < to; day++ {
		if cal.SchoolDay[day] {
			opens, closes := o.b.Window.At(day, 8*3600), o.b.Window.At(day, 18*3600)
			hours += float64(max(0, min(to, closes)-max(from, opens))) / float64(region.HourMs)
		}
	}
	return hours
}

// posted adds what a person has of messages to a group.
func (o *observer) posted(p *region.Person, g int, n *post) {
	add := func(name, population string, x, y float64) {
		if y > 0 {
			o.t.add(name, population, g, x, y)
		}
	}
	if p.Role == region.RoleStaff {
		add("M2.staff.outside", "staff", n.outside, n.sent)
		add("M2.staff.night", "staff", n.night, n.sent)
		return
	}
	add("M2.subject.outside", "senders", n.outside, n.sent)
	add("M2.subject.night", "senders", n.night, n.sent)
	add("M1.individual", "recipients", n.singleRead, n.single)
	add("M1.collective", "recipients", n.commonRead, n.common)
	add("R4.opened_in_time", "recipients", n.inTime, n.requests)
	add("R4.no_visit", "recipients", n.unvisited, n.requests)
	add("R4.hours_allowed", "recipients", n.allowed, n.requests)
	add("M5.pupil_included", "threads", n.withPupil, n.threads)
	add("M3.answered", "threads", n.answered, n.begun)
	add("M3.answer", "curve", n.curveAnswered, n.curveThreads)
	add("R4.opening", "curve", n.curveOpened, n.requests)
	add("C8.attached", "recipients", n.attachments, n.files)
	for _, w := range n.answers {
		o.t.waited("M3.answer", g, w.step, w.event)
	}
	for _, w := range n.openings {
		o.t.waited("R4.opening", g, w.step, w.event)
	}
}

// weight adds C8's kilobytes a month, of those who received a file.
func (o *observer) weight(p *region.Person, g int, n *[2]post) {
	bytes, files := 0.0, 0.0
	for k := range p.SchoolCount {
		if o.in(p.Schools[k], g) {
			bytes, files = bytes+n[k].bytes, files+n[k].files
		}
	}
	if p.Role == region.RoleParent && files > 0 {
		o.t.add("C8.kilobytes", "recipients", g, math.Round(bytes/1000), float64(max(1, o.b.Window.Days/30)))
	}
}
