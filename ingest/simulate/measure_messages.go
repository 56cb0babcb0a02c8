package simulate

import (
	"math"
	"slices"
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
}

// messages adds M1, M2, M3, M5, R4 and C8.
func (o *observer) messages() {
	posts := make([][2]post, len(o.b.people)) // by the position of the school among the person's
	of := func(who, si int) *post { return &posts[who][oneIf(o.b.people[who].schools[0] != si)] }
	threads := map[int64][]*message{}
	for i := range o.b.messages {
		m := &o.b.messages[i]
		threads[m.thread] = append(threads[m.thread], m)
		o.sent(of(m.sender, m.school), m)
		for k, who := range m.recipients {
			if o.b.people[who].role == roleParent {
				o.received(of(who, m.school), who, m, m.opened[k])
			}
		}
	}
	for _, t := range threads {
		o.thread(of, t)
	}
	for who := range o.b.people {
		p := &o.b.people[who]
		for g := range groupCount {
			o.weight(p, g, &posts[who])
			for k := range p.nschools {
				if p.role != rolePupil && o.b.schools[p.schools[k]].in(g) {
					o.posted(p, g, &posts[who][k])
				}
			}
		}
	}
}

func (o *observer) sent(p *post, m *message) {
	day, hour := o.b.w.local(m.ts)
	cal := o.calendar(m.school)
	p.sent++
	p.outside += indicate(!cal.schoolDay[day] || hour < 8 || hour >= 18)
	p.night += indicate(hour < 7 || hour >= 21)
}

func (o *observer) received(p *post, who int, m *message, opened int64) {
	if o.b.w.end()-m.ts >= 72*hourMs {
		read := indicate(opened > 0 && opened-m.ts <= 72*hourMs)
		switch n := len(m.recipients); {
		case n <= 2:
			p.single, p.singleRead = p.single+1, p.singleRead+read
		case n >= 10:
			p.common, p.commonRead = p.common+1, p.commonRead+read
		}
	}
	if m.bytes >= 0 {
		p.files, p.attachments, p.bytes = p.files+1, p.attachments+indicate(m.attached), p.bytes+float64(m.bytes)
	}
	if m.until > 0 && m.until <= o.b.w.end() {
		p.requests++
		p.inTime += indicate(opened > 0 && opened <= m.until)
		p.allowed += float64(m.until-m.ts) / float64(hourMs)
		visited := slices.ContainsFunc(o.sessions(who, o.b.people[who].at), func(v session) bool { return v.start >= m.ts && v.start <= m.until })
		p.unvisited += indicate(!visited)
		p.curveOpened += indicate(opened > 0 && opened-m.ts < 336*hourMs)
	}
}

// thread adds the messages of one thread to those who began it.
func (o *observer) thread(posts func(who, si int) *post, of []*message) {
	first := of[0]
	for _, m := range of {
		if m.ts < first.ts {
			first = m
		}
	}
	staff := func(who int) bool { return o.b.people[who].role == roleStaff }
	if staff(first.sender) || !slices.ContainsFunc(first.recipients, staff) {
		return
	}
	pupil := false
	answer := int64(0)
	for _, m := range of {
		pupil = pupil || slices.ContainsFunc(m.recipients, func(who int) bool { return o.b.people[who].role == rolePupil })
		if staff(m.sender) && (answer == 0 || m.ts < answer) {
			answer = m.ts
		}
	}
	p := posts(first.sender, first.school)
	p.threads++
	p.withPupil += indicate(pupil)
	hours := 0.0
	if answer > 0 {
		hours = o.working(first.school, first.ts, answer)
	}
	p.curveThreads++
	p.curveAnswered += indicate(answer > 0 && hours < 80)
	if o.b.w.end()-first.ts >= 10*dayMs {
		p.begun++
		p.answered += indicate(answer > 0 && hours <= 20) // two days of 8 h to 18 h
	}
}

// working is the hours between two instants that lie in 8 h to 18 h of school days.
func (o *observer) working(si int, from, to int64) float64 {
	cal, hours := o.calendar(si), 0.0
	day, _ := o.b.w.local(from)
	for ; day < o.b.w.days && o.b.w.mid[day] < to; day++ {
		if cal.schoolDay[day] {
			opens, closes := o.b.w.at(day, 8*3600), o.b.w.at(day, 18*3600)
			hours += float64(max(0, min(to, closes)-max(from, opens))) / float64(hourMs)
		}
	}
	return hours
}

// posted adds what a person has of messages to a group.
func (o *observer) posted(p *person, g int, n *post) {
	add := func(name, population string, x, y float64) {
		if y > 0 {
			o.t.add(name, population, g, x, y)
		}
	}
	if p.role == roleStaff {
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
}

// weight adds C8's kilobytes a month, of those who received a file.
func (o *observer) weight(p *person, g int, n *[2]post) {
	bytes, files := 0.0, 0.0
	for k := range p.nschools {
		if o.b.schools[p.schools[k]].in(g) {
			bytes, files = bytes+n[k].bytes, files+n[k].files
		}
	}
	if p.role == roleParent && files > 0 {
		o.t.add("C8.kilobytes", "recipients", g, math.Round(bytes/1000), float64(max(1, o.b.w.days/30)))
	}
}
