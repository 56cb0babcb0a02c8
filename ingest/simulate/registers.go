package simulate

import (
	"bytes"
	"math"
	"strconv"
	"time"
)

var profileNames = [3]string{"Responsable", "Élève", "Enseignant"}

func (p *person) profileName() string {
	if p.role == roleStaff && !p.teacher {
		return "Personnel"
	}
	return profileNames[p.role]
}

// renderCustoms writes the registers that are kept beside the ENT: messages,
// contents, settings, report books, and of years procedures, loans, training
// and meetings.
func (b *basin) renderCustoms(out *[tableCount]bytes.Buffer) {
	b.renderMessages(&out[tableMessages])
	b.renderContents(&out[tableContents])
	for i := range b.schools {
		b.renderSettings(&out[tableSettings], &b.schools[i])
		b.renderBooks(&out[tableBooks], &b.schools[i])
	}
	if b.w.years == 0 {
		return
	}
	for _, p := range b.procedures() {
		row(&out[tableProcedures], ";", "\n", b.id(p.child), p.kind, b.w.dateText(p.deadline, time.DateOnly), b.w.dateText(p.done, time.DateOnly))
	}
	for _, l := range b.loans {
		row(&out[tableLoans], ";", "\n", b.id(l.child), b.w.dateText(l.requested, time.DateOnly), b.dayText(l.start, time.DateOnly), b.dayText(l.end, time.DateOnly))
	}
	for i := range b.schools {
		if s := &b.schools[i]; s.trained != noDay {
			row(&out[tableTraining], ";", "\n", s.uai, b.w.dateText(s.trained, "02/01/2006"), strconv.Itoa(1+s.number%2))
		}
	}
	for _, m := range b.meetings {
		name := "R" + strconv.Itoa(((b.schools[m.school].number*100+m.class)*10)+m.number)
		for i, who := range m.invited {
			row(&out[tableMeetings], ";", "\n", name, b.id(who), b.w.dateText(m.day, "02/01/2006"), [2]string{"non", "oui"}[oneIf(m.joined[i])])
		}
	}
	for who := range b.people {
		if p := &b.people[who]; p.role == roleParent {
			row(&out[tableAccountsVisio], ";", "\n", b.id(who), b.r.visioAccount(p), "Responsable")
		}
	}
}

// id is a person's identifier in the directory.
func (b *basin) id(who int) string { return strconv.FormatInt(jointure(&b.people[who]), 10) }

func (b *basin) renderMessages(out *bytes.Buffer) {
	const layout = "02/01/2006 15:04:05"
	for i := range b.messages {
		m := &b.messages[i]
		sender := &b.people[m.sender]
		size, file, until := "", "", ""
		if m.bytes >= 0 {
			size, file = strconv.FormatInt(m.bytes, 10), [2]string{"dépôt", "pièce jointe"}[oneIf(m.attached)]
		}
		if m.until > 0 {
			until = b.w.instantText(m.until, layout)
		}
		number := func(n int64) string { return strconv.FormatInt(int64(b.number)*10_000_000+n, 36) }
		head := []string{"m" + number(m.id), "f" + number(m.thread), b.schools[m.school].uai, b.id(m.sender), sender.profileName()}
		sent, many := b.w.instantText(m.ts, layout), strconv.Itoa(len(m.recipients))
		for k, who := range m.recipients {
			opened := ""
			if m.opened[k] > 0 {
				opened = b.w.instantText(m.opened[k], layout)
			}
			row(out, ";", "\n", append(head[:5:5], b.id(who), b.people[who].profileName(), sent, opened, many, size, file, until)...)
		}
	}
}

func (b *basin) renderContents(out *bytes.Buffer) {
	for _, c := range b.contents {
		s := &b.schools[c.school]
		class := ""
		if c.class >= 0 {
			class = s.classes[c.class].code
		}
		row(out, ";", "\n", s.uai, class, b.w.instantText(c.ts, "2006-01-02 15:04"), c.kind, [2]string{"non", "oui"}[oneIf(c.media)])
	}
}

// renderSettings writes what a school has set, with the days of it.
func (b *basin) renderSettings(out *bytes.Buffer, s *school) {
	put := func(setting, value, from, to string) { row(out, ";", "\n", s.uai, setting, value, from, to) }
	if s.graded() {
		switch {
		case s.deferFrom == math.MinInt32:
			put("grades", "différé", "", "")
		case s.deferFrom >= b.w.days:
			put("grades", "instantané", "", "")
		default:
			put("grades", "instantané", "", b.w.dateText(s.deferFrom-1, time.DateOnly))
			put("grades", "différé", b.w.dateText(s.deferFrom, time.DateOnly), "")
		}
	}
	put("messages", [3]string{"closed", "principal", "all"}[s.openness-1], "", "")
	for _, p := range s.products {
		put("product", p.name, b.w.dateText(p.from, time.DateOnly), b.w.dateText(p.to, time.DateOnly))
	}
}

// renderBooks writes when the report books of a term were published to each
// grade level.
func (b *basin) renderBooks(out *bytes.Buffer, s *school) {
	if !s.hasBook() {
		return
	}
	for _, day := range b.w.terms() {
		if day < s.rollout {
			continue
		}
		for _, grade := range gradeNames[s.level] {
			row(out, ";", "\n", s.uai, grade, b.w.dateText(day, "2006-01-02")+" 18:00")
		}
	}
}

// procedure is a téléservice that the family of a child may complete.
type procedure struct {
	child, deadline, done int
	kind                  string
	use                   int // 0 never, 1 less than weekly, 2 at least weekly
}

// onTime is the chance that a family completes a procedure in time, by how much
// its guardians visit; lateShare of the others do it later.
var onTime = [3]float64{0.35, 0.60, 0.85}

const lateShare = 0.3

// procedures are those of the deadlines: the grants for a fifth of the pupils,
// the choice of a path for all of the 3e.
func (b *basin) procedures() []procedure {
	visits := b.familyVisits()
	var out []procedure
	for _, dl := range b.w.deadlines() {
		d := newDraw(b.r.seed, streamRegisters, uint64(b.number), uint64(dl.day))
		for who := range b.people {
			p := &b.people[who]
			if p.role != rolePupil {
				continue
			}
			s := &b.schools[p.schools[0]]
			u, late, before := d.Float64(), d.Float64(), d.IntN(40)
			pr := procedure{child: who, deadline: dl.day, done: noDay, kind: "bourse"}
			if len(dl.grades) > 0 {
				pr.kind = "orientation"
			}
			if !dl.concerns(s.level, s.classes[p.class].grade) || pr.kind == "bourse" && mix(uint64(p.number))%5 != 4 {
				continue
			}
			if n := visits[p.family]; n > 0 {
				pr.use = 1 + oneIf(n >= len(b.w.zones[s.zone].monday))
			}
			if u < onTime[pr.use] {
				pr.done = dl.day - before
			} else if late < lateShare {
				pr.done = dl.day + 1 + before
			}
			if pr.done >= b.w.days {
				pr.done = noDay
			}
			out = append(out, pr)
		}
	}
	return out
}

// familyVisits counts, for each family, the visits of its guardians.
func (b *basin) familyVisits() map[int]int {
	visits, last := map[int]int{}, make([]int64, len(b.people))
	for i := range b.events {
		e := &b.events[i]
		p := &b.people[e.who]
		if p.role != roleParent || !acts(e) {
			continue
		}
		visits[p.family] += oneIf(last[e.who] == 0 || e.ts-last[e.who] > maxGap)
		last[e.who] = e.ts
	}
	return visits
}
