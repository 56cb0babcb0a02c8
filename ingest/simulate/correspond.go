package simulate

import "slices"

// message is one message with who had it and when each opened it.
type message struct {
	id, thread int64
	school     int
	sender     int
	ts         int64
	recipients []int
	opened     []int64 // 0: not by the end
	bytes      int64   // -1: no file
	attached   bool
	until      int64 // the end of the time given to answer, 0 none
}

// Rates and chances of messages: ASSUMED.
const (
	collectiveRate  = 0.25 // messages to the guardians of a class, a school week
	individualRate  = 0.02 // … to those of one pupil, a pupil and school week
	threadRate      = 0.03 // threads that a parent who comes begins, a school week
	openCollective  = 0.45 // by parents who come
	openIndividual  = 0.75
	openNever       = 0.05 // by parents who never come and have an address
	openHours       = 18.0
	fileShare       = 0.30
	attachedShare   = 0.60
	untilShare      = 0.15
	copyCollective  = 0.33 // pupils among the recipients
	copyIndividual  = 0.20
	copyFirst       = 0.05 // … of a thread that a parent begins, in the lowest grade
	copyPerGrade    = 0.03
	weekendMessages = 0.06
	answerChance    = 0.80
	answerHours     = 30.0
)

// writer draws the messages of one school.
type writer struct {
	b      *basin
	d      draw
	school int
	// first is the instant of the first event of each account, never below it.
	first []int64
}

const never = int64(1) << 62

// correspond draws the messages of the basin's schools in the window. They
// belong to a register of their own and leave no trace in the logs.
func (b *basin) correspond() {
	first := make([]int64, len(b.people))
	for i := range first {
		first[i] = never
	}
	for i := range b.events {
		if e := &b.events[i]; acts(e) {
			first[e.who] = min(first[e.who], e.ts)
		}
	}
	for si := range b.schools {
		w := writer{b, newDraw(b.r.seed, streamMessages, uint64(b.schools[si].number)), si, first}
		staff := b.at(si, roleStaff)
		classes := make([][]int, len(b.schools[si].classes)) // pupils
		for _, who := range b.at(si, rolePupil) {
			classes[b.people[who].class] = append(classes[b.people[who].class], who)
		}
		for _, monday := range b.w.zones[b.schools[si].zone].monday {
			if monday < b.schools[si].rollout {
				continue
			}
			for class, pupils := range classes {
				w.toFamilies(staff, class, pupils, monday)
			}
			w.toStaff(staff, monday)
		}
	}
	slices.SortStableFunc(b.messages, func(x, y message) int { return int((x.ts - y.ts) / 1000) })
}

func (w *writer) guardians(pupils ...int) []int {
	var out []int
	for _, k := range pupils {
		for _, g := range w.b.people[k].parents {
			if !slices.Contains(out, g) {
				out = append(out, g)
			}
		}
	}
	return out
}

// toFamilies draws what the teachers of a class write in a week.
func (w *writer) toFamilies(staff []int, class int, pupils []int, monday int) {
	for range w.d.poisson(collectiveRate) {
		to := w.guardians(pupils...)
		if w.d.chance(copyCollective) {
			to = append(to, pupils...)
		}
		w.send(staff[(class+w.d.IntN(3))%len(staff)], to, monday, openCollective)
	}
	for range w.d.poisson(individualRate * float64(len(pupils))) {
		k := pupils[w.d.IntN(len(pupils))]
		to := w.guardians(k)
		if w.d.chance(copyIndividual) {
			to = append(to, k)
		}
		w.send(staff[w.d.IntN(len(staff))], to, monday, openIndividual)
	}
}

func (w *writer) send(sender int, to []int, monday int, chance float64) {
	day := monday + w.d.IntN(5)
	if w.d.chance(weekendMessages) {
		day = monday + 5 + w.d.IntN(2)
	}
	m := message{sender: sender, ts: w.b.w.at(day, w.d.second(staffHours)), recipients: to, bytes: -1}
	if w.d.chance(fileShare) {
		m.bytes, m.attached = 20_000+int64(w.d.exp(900_000)), w.d.chance(attachedShare)
	}
	if w.d.chance(untilShare) {
		m.until = m.ts + int64(24+w.d.IntN(240))*hourMs
	}
	if len(to) > 0 {
		w.keep(&m, chance)
	}
}

// keep numbers a message, draws when each recipient opens it, and keeps it.
func (w *writer) keep(m *message, chance float64) {
	m.id, m.school = int64(len(w.b.messages)+1), w.school
	if m.thread == 0 {
		m.thread = m.id
	}
	for _, who := range m.recipients {
		p := &w.b.people[who]
		opens := 0.0
		switch {
		case p.role == roleStaff:
			opens = 0.95
		case w.first[who] <= m.ts:
			opens = chance
		case p.role == roleParent && w.first[who] == never && p.email:
			opens = openNever
		}
		u, at := w.d.Float64(), m.ts+int64(w.d.exp(openHours*3600))*1000+1000
		if u >= opens || at >= w.b.w.end() {
			at = 0
		}
		m.opened = append(m.opened, at)
	}
	w.b.messages = append(w.b.messages, *m)
}

// toStaff draws the threads that parents begin in a week, and the answers.
func (w *writer) toStaff(staff []int, monday int) {
	if w.b.schools[w.school].openness == 1 {
		return
	}
	for who := range w.b.people {
		p := &w.b.people[who]
		if p.role != roleParent || p.schools[0] != w.school {
			continue
		}
		n, day, second := w.d.poisson(threadRate), monday+w.d.IntN(7), w.d.second(parentHours)
		ts := w.b.w.at(day, second)
		if n == 0 || w.first[who] > ts {
			continue
		}
		to := []int{staff[w.d.IntN(len(staff))]}
		child := p.children[0]
		if c := &w.b.people[child]; w.d.chance(copyFirst + copyPerGrade*float64(slices.Index(allGrades, w.b.schools[c.schools[0]].classes[c.class].grade))) {
			to = append(to, child)
		}
		m := message{sender: who, ts: ts, recipients: to, bytes: -1}
		w.keep(&m, openIndividual)
		if at := w.answer(ts); w.d.chance(answerChance) && at < w.b.w.end() {
			w.keep(&message{thread: m.thread, sender: to[0], ts: at, recipients: append([]int{who}, to[1:]...), bytes: -1}, openIndividual)
		}
	}
}

var allGrades = slices.Concat(gradeNames[:]...)

// answer is when staff answer: some time later, between 8 h and 18 h of a school day.
func (w *writer) answer(ts int64) int64 {
	at := ts + int64(w.d.exp(answerHours*3600))*1000
	cal := &w.b.w.zones[w.b.schools[w.school].zone]
	if at >= w.b.w.end() {
		return at
	}
	day, hour := w.b.w.local(at)
	if cal.schoolDay[day] && hour >= 8 && hour < 18 {
		return at
	}
	if hour >= 18 || !cal.schoolDay[day] {
		day++
	}
	for day < w.b.w.days && !cal.schoolDay[day] {
		day++
	}
	return w.b.w.at(min(day, w.b.w.days), 8*3600+w.d.IntN(10*3600))
}
