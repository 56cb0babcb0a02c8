package region

import (
	"slices"

	"github.com/entscope/entscope/ingest/simulate/random"
)

// writer draws the messages of one school.
type writer struct {
	b      *Basin
	d      random.Stream
	school int
	// first is the instant of the first event of each account, never below it.
	first []int64
}

const never = int64(1) << 62

// correspond draws the messages of the basin's schools in the window. They
// belong to a register of their own and leave no trace in the logs.
func (b *Basin) correspond() {
	first := make([]int64, len(b.People))
	for i := range first {
		first[i] = never
	}
	for i := range b.Events {
		if e := &b.Events[i]; e.Acts() {
			first[e.Who] = min(first[e.Who], e.TS)
		}
	}
	for si := range b.Schools {
		w := writer{b, random.New(b.Region.Seed, random.Messages, uint64(b.Schools[si].Number)), si, first}
		staff := b.At(si, RoleStaff)
		classes := make([][]int, len(b.Schools[si].Classes)) // pupils
		for _, who := range b.At(si, RolePupil) {
			classes[b.People[who].Class] = append(classes[b.People[who].Class], who)
		}
		for _, monday := range b.Window.Zones[b.Schools[si].Zone].Monday {
			if monday < b.Schools[si].Rollout {
				continue
			}
			for class, pupils := range classes {
				w.toFamilies(staff, class, pupils, monday)
			}
			w.toStaff(staff, monday)
		}
	}
	slices.SortStableFunc(b.Messages, func(x, y Message) int { return int((x.TS - y.TS) / 1000) })
}

func (w *writer) guardians(pupils ...int) []int {
	var out []int
	for _, k := range pupils {
		for _, g := range w.b.People[k].Parents {
			if !slices.Contains(out, g) {
				out = append(out, g)
			}
		}
	}
	return out
}

// toFamilies draws what the teachers of a class write in a week.
func (w *writer) toFamilies(staff []int, class int, pupils []int, monday int) {
	for range w.d.Poisson(w.b.Assumed.CollectiveRate) {
		to := w.guardians(pupils...)
		if w.d.Chance(w.b.Assumed.CopyCollective) {
			to = append(to, pupils...)
		}
		w.send(staff[(class+w.d.IntN(3))%len(staff)], to, monday, w.b.Assumed.OpenCollective)
	}
	for range w.d.Poisson(w.b.Assumed.IndividualRate * float64(len(pupils))) {
		k := pupils[w.d.IntN(len(pupils))]
		to := w.guardians(k)
		if w.d.Chance(w.b.Assumed.CopyIndividual) {
			to = append(to, k)
		}
		w.send(staff[w.d.IntN(len(staff))], to, monday, w.b.Assumed.OpenIndividual)
	}
}

func (w *writer) send(sender int, to []int, monday int, chance float64) {
	day := monday + w.d.IntN(5)
	if w.d.Chance(w.b.Assumed.WeekendMessages) {
		day = monday + 5 + w.d.IntN(2)
	}
	m := Message{Sender: sender, TS: w.b.Window.At(day, w.b.Assumed.StaffHours.Second(w.d)), Recipients: to, Bytes: -1}
	if w.d.Chance(w.b.Assumed.FileShare) {
		m.Bytes, m.Attached = 20_000+int64(w.d.Exp(900_000)), w.d.Chance(w.b.Assumed.AttachedShare)
	}
	if w.d.Chance(w.b.Assumed.UntilShare) {
		m.Until = m.TS + int64(24+w.d.IntN(240))*HourMs
	}
	if len(to) > 0 {
		w.keep(&m, chance)
	}
}

// keep numbers a message, draws when each recipient opens it, and keeps it.
func (w *writer) keep(m *Message, chance float64) {
	m.ID, m.School = int64(len(w.b.Messages)+1), w.school
	if m.Thread == 0 {
		m.Thread = m.ID
	}
	for _, who := range m.Recipients {
		p := &w.b.People[who]
		opens := 0.0
		switch {
		case p.Role == RoleStaff:
			opens = 0.95
		case w.first[who] <= m.TS:
			opens = chance
		case p.Role == RoleParent && w.first[who] == never && p.Email:
			opens = w.b.Assumed.OpenNever
		}
		u, at := w.d.Float64(), m.TS+int64(w.d.Exp(w.b.Assumed.OpenHours*3600))*1000+1000
		if u >= opens || at >= w.b.Window.End() {
			at = 0
		}
		m.Opened = append(m.Opened, at)
	}
	w.b.Messages = append(w.b.Messages, *m)
}

// toStaff draws the threads that parents begin in a week, and the answers.
func (w *writer) toStaff(staff []int, monday int) {
	if w.b.Schools[w.school].Openness == 1 {
		return
	}
	for who, p := range w.b.Each(RoleParent) {
		if p.Schools[0] != w.school {
			continue
		}
		n, day, second := w.d.Poisson(w.b.Assumed.ThreadRate), monday+w.d.IntN(7), w.b.Assumed.ParentHours.Second(w.d)
		ts := w.b.Window.At(day, second)
		if n == 0 || w.first[who] > ts {
			continue
		}
		to := []int{staff[w.d.IntN(len(staff))]}
		child := p.Children[0]
		if c := &w.b.People[child]; w.d.Chance(w.b.Assumed.CopyFirst +
			w.b.Assumed.CopyPerGrade*
				float64(slices.Index(allGrades, w.b.Schools[c.Schools[0]].Classes[c.Class].Grade))) {
			to = append(to, child)
		}
		m := Message{Sender: who, TS: ts, Recipients: to, Bytes: -1}
		w.keep(&m, w.b.Assumed.OpenIndividual)
		if at := w.answer(ts); w.d.Chance(w.b.Assumed.AnswerChance) && at < w.b.Window.End() {
			w.keep(&Message{Thread: m.Thread, Sender: to[0], TS: at, Recipients: append([]int{who}, to[1:]...),
				Bytes: -1},
				w.b.Assumed.OpenIndividual)
		}
	}
}

var allGrades = slices.Concat(GradeNames[:]...)

// answer is when staff answer: some time later, between 8 h and 18 h of a school day.
func (w *writer) answer(ts int64) int64 {
	at := ts + int64(w.d.Exp(w.b.Assumed.AnswerHours*3600))*1000
	cal := &w.b.Window.Zones[w.b.Schools[w.school].Zone]
	if at >= w.b.Window.End() {
		return at
	}
	day, hour := w.b.Window.Local(at)
	if cal.SchoolDay[day] && hour >= 8 && hour < 18 {
		return at
	}
	if hour >= 18 || !cal.SchoolDay[day] {
		day++
	}
	for day < w.b.Window.Days && !cal.SchoolDay[day] {
		day++
	}
	return w.b.Window.At(min(day, w.b.Window.Days), 8*3600+w.d.IntN(10*3600))
}
