package subject

import (
	"math/rand/v2"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
)

// withRegisters gives a drawn fixture every register and every rare service, and
// to each of its schools a few parents who never visit, one of them with a child.
func (x *fixture) withRegisters(seed uint64) {
	d := rand.New(rand.NewPCG(seed, 9))
	x.study.Deadlines = []Deadline{{Name: "bourses", Day: day0 + 100},
		{Name: "orientation", Day: day0 + 95, Grades: []string{"6e"}}}
	school := map[int64]int32{}
	for _, m := range x.memberships {
		if school[m.PersonKey] == 0 {
			school[m.PersonKey] = m.SchoolKey
		}
	}
	silent := map[int64]bool{}
	for _, s := range x.schools {
		for i := range 6 {
			p := int64(d.Uint64())
			x.parent(p, p, s.SchoolKey)
			school[p], silent[p] = s.SchoolKey, true
			if i == 0 {
				x.person(p+1, 1, s.SchoolKey)
				x.people[len(x.people)-1].FamilyKey = p
				x.links = append(x.links, zone.LinkRow{ChildKey: p + 1, GuardianKey: p})
			}
		}
	}
	child := map[int64]int64{}
	for _, l := range x.links {
		child[l.GuardianKey] = l.ChildKey
	}
	day := func(n int) int32 { return day0 + int32(n) }
	for i, p := range x.people {
		if p.Profile != int8(ingest.ProfileParent) {
			continue
		}
		key, in := p.PersonKey, school[p.PersonKey]
		if !silent[key] {
			x.rareVisits(d, key, in)
		}
		x.parentMessages(d, key, child[key], in)
		if i%3 == 0 {
			x.accompaniment = append(x.accompaniment, zonetest.AccompanimentRow{PersonKey: key, LocalDate: day(36),
				Form: int8(d.IntN(4) + 1), Collective: int8(d.IntN(2))})
		}
		if c := child[key]; c != 0 {
			x.equipment = append(x.equipment, zonetest.EquipmentRow{ChildKey: c, HasComputer: int8(d.IntN(3) - 1),
				HasFixedNet: int8(d.IntN(2)), LocalDate: day(d.IntN(50))})
			x.procedures = append(x.procedures,
				zonetest.ProcedureRow{ChildKey: c, Kind: 1, DeadlineDay: day(60), DoneDay: day(d.IntN(90))})
			x.loans = append(x.loans, zonetest.LoanRow{ChildKey: c, RequestedDay: day(0),
				StartDay: []int32{-1, day(60 + d.IntN(20))}[d.IntN(2)], EndDay: -1})
		}
	}
	for i, s := range x.schools {
		x.reportBooks = append(x.reportBooks,
			zonetest.ReportBookRow{SchoolKey: s.SchoolKey, TsMs: at(30, 8, 0, 0), LocalDate: day(30)})
		if i%2 == 0 {
			x.training = append(x.training,
				zonetest.TrainingRow{SchoolKey: s.SchoolKey, LocalDate: day(30 + i), Sessions: 1})
		}
		for _, n := range []int{12, 33, 50, 64} {
			ts := at(n, 16, 0, 0)
			x.contents = append(x.contents, zonetest.ContentRow{SchoolKey: s.SchoolKey,
				ClassKey: int64(s.SchoolKey) * 10, TsMs: ts, LocalDate: day(n), Kind: 1, Media: 1})
		}
	}
	for i := range x.publications {
		x.publications[i].AssessedDay = x.publications[i].LocalDate - int32(i%5)
	}
}

// rareVisits draws events of rare services, and sign-ins.
func (x *fixture) rareVisits(d *rand.Rand, key int64, school int32) {
	x.events = append(x.events, event(key, school, ingest.ServiceBlog, at(40, 18, 0, 0)))
	for _, service := range []ingest.Service{ingest.ServiceReportBook, ingest.ServiceResources,
		ingest.ServiceAccessibility, ingest.ServiceNews, ingest.ServiceHomework, ingest.ServiceVideo} {
		x.events = append(x.events, event(key, school, service, at(32+d.IntN(20), 17, d.IntN(60), 0)))
	}
	for i := range 5 {
		x.events = append(x.events, sign(key,
			[]ingest.Action{ingest.ActionLoginFailed, ingest.ActionLogin}[d.IntN(3)/2], at(d.IntN(60), 18, i, 0)))
	}
}

// parentMessages draws the messages and the meeting of one parent.
func (x *fixture) parentMessages(d *rand.Rand, key, child int64, school int32) {
	staff := int64(school) + 1_000_000
	if school == 100 {
		staff = 3
	}
	x.meetings = append(x.meetings,
		zonetest.MeetingRow{MeetingKey: int64(school), PersonKey: key, LocalDate: day0 + 20, Joined: int8(d.IntN(2))})
	send := func(rows []zonetest.MessageRow, thread int64, recipients int32) {
		for i := range rows {
			rows[i].ThreadKey, rows[i].SchoolKey, rows[i].Recipients = thread, school, recipients
			rows[i].Bytes, rows[i].Attached = int64(d.IntN(5_000_000)), int8(d.IntN(2))
			rows[i].DeadlineMs = rows[i].SentMs + int64(d.IntN(200))*hour
			if d.IntN(2) == 0 {
				rows[i].OpenedMs = rows[i].SentMs + int64(d.IntN(150))*hour
			}
		}
		x.messages = append(x.messages, rows...)
	}
	key2 := func() int64 { return int64(d.Uint64()) }
	send(message(key2(), staff, 2, at(d.IntN(90), d.IntN(24), 0, 0), key), key2(), 1)
	send(message(key2(), staff, 2, at(d.IntN(90), d.IntN(24), 0, 0), key), key2(), 30)
	send(message(key2(), staff+10*int64(d.IntN(9)), 2, at(d.IntN(90), d.IntN(24), 0, 0), key), key2(), 30)
	thread, start := key2(), d.IntN(90)
	asked := message(key2(), key, 3, at(start, d.IntN(24), 0, 0), staff, child)
	asked[0].RecipientProfile, asked[1].RecipientProfile = 2, 1
	send(asked, thread, 2)
	send(message(key2(), staff, 2, at(start+d.IntN(6), 23, 0, 0), key), thread, 1)
}
