package subject

import (
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
)

// expect checks persons, x and y of measures over everybody.
func expect(t *testing.T, b *Builder, want map[[2]string][3]int64) {
	t.Helper()
	sum := sumOf(t, b)
	for k, n := range want {
		if got := sum("all", "", k[0], k[1]); got != n {
			t.Errorf("%s of %s: got %v, want %v", k[0], k[1], got, n)
		}
	}
}

// bins gives at risk, events and censored of each bin of a curve over everybody.
func bins(t *testing.T, b *Builder, name string) map[int32][3]int64 {
	t.Helper()
	if err := b.attribute(t.Context(), "all"); err != nil {
		t.Fatal(err)
	}
	rows, err := b.timeGrouping(t.Context(), "all")
	if err != nil {
		t.Fatal(err)
	}
	got := map[int32][3]int64{}
	for _, r := range rows {
		if n := got[r.Bin]; r.Curve == name {
			got[r.Bin] = [3]int64{n[0] + r.AtRisk, n[1] + r.Events, n[2] + r.Censored}
		}
	}
	return got
}

func (x *fixture) parent(key, family int64, schools ...int32) {
	x.person(key, 3, schools...)
	x.people[len(x.people)-1].FamilyKey = family
}

// message is sent from a person to others of school 100, unopened; its thread is
// its own.
func message(key int64, sender int64, profile int8, sent int64, to ...int64) []zonetest.MessageRow {
	rows := make([]zonetest.MessageRow, len(to))
	for i, p := range to {
		rows[i] = zonetest.MessageRow{
			MessageKey: key, ThreadKey: key, SchoolKey: 100, SenderKey: sender, SenderProfile: profile,
			RecipientKey: p, RecipientProfile: 3, Recipients: int32(len(to)), SentMs: sent,
			SentDate: int32(sent / 86_400_000), SentHour: int8(sent / 3_600_000 % 24), Bytes: -1, Attached: -1,
			DeadlineMs: -1,
		}
		switch {
		case p == 3:
			rows[i].RecipientProfile = 2
		case p == 2:
			rows[i].RecipientProfile = 1
		}
	}
	return rows
}

const hour = 3_600_000

func received() *fixture {
	x := base()
	x.people[0].FamilyKey = 1
	x.parent(10, 10, 100)
	x.parent(11, 11, 100)
	x.parent(12, 12, 100)
	x.accompaniment = []zonetest.AccompanimentRow{{PersonKey: 12, LocalDate: day0 + 3, Form: 1}}
	x.events = append(x.events, event(1, 100, ingest.ServicePortal, at(1, 9, 0, 0)),
		event(1, 100, ingest.ServicePortal, at(11, 12, 0, 0)))

	one := message(1, 3, 2, at(0, 9, 0, 0), 1) // opened in 10 hours, of 48.5 allowed
	one[0].OpenedMs, one[0].DeadlineMs = at(0, 19, 0, 0), at(2, 9, 30, 0)
	one[0].Bytes, one[0].Attached = 2500, 1
	two := message(2, 3, 2, at(1, 9, 0, 0), 1, 10) // opened after 80 hours, and not
	two[0].OpenedMs = at(1, 9, 0, 0) + 80*hour
	for i := range two {
		two[i].Bytes, two[i].Attached = 1_000_000, 0
	}
	many := message(3, 3, 2, at(10, 12, 0, 0), 1, 10) // opened after 72 hours, and a millisecond more; 24 allowed
	for i := range many {
		many[i].Recipients, many[i].DeadlineMs, many[i].OpenedMs = 12, at(11, 12, 0, 0), at(13, 12, 0, 0)+int64(i)
	}
	last := message(4, 3, 2, at(67, 0, 0, 0), 10) // 72 hours before the end
	late := message(5, 3, 2, at(67, 0, 0, 1), 1)  // a second less, read at once; its deadline lies after the end
	late[0].OpenedMs, late[0].DeadlineMs = at(67, 0, 0, 2), at(71, 0, 0, 0)
	few := message(6, 3, 2, at(20, 9, 0, 0), 11, 12, 1, 10, 0) // neither individual nor collective
	elsewhere := message(7, 3, 2, at(20, 9, 0, 0), 1)
	elsewhere[0].SchoolKey, elsewhere[0].OpenedMs = 200, at(20, 9, 0, 1)
	for _, m := range [][]zonetest.MessageRow{one, two, many, last, late, few, elsewhere} {
		x.messages = append(x.messages, m...)
	}
	return x
}

func TestMessagesReceived(t *testing.T) {
	expect(t, received().open(t, Research), map[[2]string][3]int64{
		{"M1.individual", edition.PopRecipients}:     {2, 1, 4},    // 1: 1 of 2; 10: 0 of 2
		{"M1.collective", edition.PopRecipients}:     {2, 1, 2},    // 72 hours are in time
		{"R4.hours_allowed", edition.PopRecipients}:  {2, 96, 3},   // 1: 48.5 + 24, cut; 10: 24
		{"R4.no_visit", edition.PopRecipients}:       {2, 1, 3},    // a visit at the deadline is one
		{"R4.opened_in_time", edition.PopRecipients}: {2, 1, 3},    // the first
		{"C8.kilobytes", edition.PopRecipients}:      {2, 2002, 4}, // two whole months
		{"C8.attached", edition.PopRecipients}:       {2, 1, 3},    // files of unknown delivery do not count
		{"F6.far", edition.PopFamilies}:              {4, 1, 4},    // 1 visits, 10 opens, 12 is accompanied
		// 4 and 5 at midnight, 6 on a Sunday; 7 is of no school
		{"M2.staff.outside", edition.PopStaff}: {1, 3, 6},
	})
	got := bins(t, received().open(t, Research), "R4.opening")
	// 10, 72 and 72 hours
	for bin, want := range map[int32][3]int64{0: {3, 0, 0}, 3: {3, 1, 0}, 6: {2, 0, 0}, 7: {2, 2, 0}} {
		if got[bin] != want {
			t.Errorf("bin %d: got %v, want %v", bin, got[bin], want)
		}
	}
}

// A family whom a visit in another school reaches, or the visit of its other
// guardian there, is far in no group.
func TestFamilyReachedElsewhere(t *testing.T) {
	x := received()
	x.schools = append(x.schools,
		zone.SchoolRow{SchoolKey: 50, UAI: "0000050A", Level: "ecole", EP: "REP", IPSBand: 3, RolloutDay: -1})
	x.person(4, 2, 50)
	for w := range 10 {
		x.events = append(x.events, event(4, 50, ingest.ServicePortal, at(7*w, 12, 0, 0)))
	}
	x.parent(20, 20, 100) // 20 visits the école alone
	x.memberships = append(x.memberships,
		zone.MembershipRow{PersonKey: 20, SchoolKey: 50, FromDay: day0 - 10, ToDay: -1})
	x.parent(21, 21, 100) // 21 nothing; 22, of the same family, visits the école
	x.parent(22, 21, 50)
	x.events = append(x.events, event(20, 50, ingest.ServicePortal, at(1, 9, 0, 0)),
		event(22, 50, ingest.ServicePortal, at(1, 9, 0, 0)))
	sum := sumOf(t, x.open(t, Research))
	for group, want := range map[string][3]int64{"college": {6, 1, 6}, "ecole": {2, 0, 2}} { // 11 alone is far
		if got := sum("level", group, "F6.far", edition.PopFamilies); got != want {
			t.Errorf("%s: got %v, want %v", group, got, want)
		}
	}
}

// A register that does not say who opens what gives no share of what was opened.
func TestMessagesWithoutOpenings(t *testing.T) {
	x := received()
	for i := range x.messages {
		x.messages[i].OpenedMs = -1
	}
	b := x.open(t, Research)
	expect(t, b, map[[2]string][3]int64{
		{"M1.individual", edition.PopRecipients}: {}, {"R4.opened_in_time", edition.PopRecipients}: {},
		{"F6.far", edition.PopFamilies}:             {},
		{"R4.hours_allowed", edition.PopRecipients}: {2, 96, 3},
	})
	if got := bins(t, b, "R4.opening"); len(got) != 0 {
		t.Errorf("curve %v", got)
	}
}

func TestMessagesSent(t *testing.T) {
	x := base()
	for i, sent := range []int64{
		at(0, 9, 0, 0),    // Monday in school hours
		at(0, 18, 0, 0),   // at their end
		at(5, 10, 0, 0),   // Saturday
		at(1, 21, 0, 0),   // night
		at(2, 6, 59, 59),  // night
		at(75, 12, 0, 0),  // after the window
		at(-5, 12, 0, 0),  // before it
		at(3, 17, 59, 59), // still in school hours
	} {
		x.messages = append(x.messages, message(int64(100+i), 1, 3, sent, 3, 2, 0)...)
	}
	x.messages = append(x.messages, message(200, 3, 2, at(0, 22, 0, 0), 1)...)
	want := map[[2]string][3]int64{
		{"M2.subject.outside", edition.PopSenders}: {1, 4, 6},
		{"M2.subject.night", edition.PopSenders}:   {1, 2, 6},
		{"M2.staff.outside", edition.PopStaff}:     {1, 1, 1},
		{"M2.staff.night", edition.PopStaff}:       {1, 1, 1},
	}
	expect(t, x.open(t, Research), want)
	x.floors.Staff = 2
	want[[2]string{"M2.staff.outside", edition.PopStaff}] = [3]int64{}
	want[[2]string{"M2.staff.night", edition.PopStaff}] = [3]int64{}
	expect(t, x.open(t, Research), want)
}

func threads() *fixture {
	x := base()
	x.parent(10, 10, 100)
	in := func(thread int64, rows []zonetest.MessageRow) {
		for i := range rows {
			rows[i].ThreadKey = thread
		}
		x.messages = append(x.messages, rows...)
	}
	in(91, message(1, 1, 3, at(4, 17, 0, 0), 3)) // Friday 17 h
	in(91, message(2, 3, 2, at(7, 9, 0, 0), 1))  // Monday 9 h: 2 working hours
	in(91, message(3, 3, 2, at(8, 9, 0, 0), 1))
	in(92, message(4, 1, 3, at(5, 12, 0, 0), 3))      // Saturday
	in(92, message(5, 1, 3, at(6, 12, 0, 0), 3))      // again, no answer
	in(92, message(6, 3, 2, at(9, 8, 30, 0), 1))      // Wednesday 8 h 30: 20.5 working hours
	in(93, message(7, 10, 3, at(50, 10, 0, 0), 3))    // Tuesday: 8 hours, 3 days, 2 weeks to the end
	in(94, message(8, 10, 3, at(65, 10, 0, 0), 3))    // less than 10 days before the end
	in(94, message(9, 3, 2, at(65, 10, 59, 59), 10))  // answered within the hour
	in(95, message(10, 1, 3, at(20, 10, 0, 0), 10))   // not to staff
	in(96, message(11, 3, 2, at(20, 10, 0, 0), 1, 2)) // begun by staff, with the pupil
	in(96, message(12, 1, 3, at(20, 11, 0, 0), 3))    // answered by the parent
	for staff := range int64(4) {
		in(110+staff, message(20+staff, 70+staff, 2, at(20, 10, 0, 0), 10)) // with 3, five members of staff
	}
	in(97, message(13, 1, 3, at(-3, 10, 0, 0), 3)) // begun before the window
	in(97, message(14, 3, 2, at(-2, 10, 0, 0), 1))
	return x
}

func TestThreads(t *testing.T) {
	b := threads().open(t, Research)
	expect(t, b, map[[2]string][3]int64{
		{"M3.answered", edition.PopThreads}:       {2, 1, 3}, // 1: 91, not 92; 10: not 93
		{"M5.pupil_included", edition.PopThreads}: {2, 1, 5}, // 1: 96 of 91, 92, 96; 10: none of 93, 94
	})
	got := bins(t, b, "M3.answer") // edges 0, 1, 2, 4, 8, 16, 24, 40, 60, 80
	for bin, want := range map[int32][3]int64{0: {4, 1, 0}, 2: {3, 1, 0}, 5: {2, 1, 0}, 9: {1, 0, 1}} {
		if got[bin] != want {
			t.Errorf("bin %d: got %v, want %v", bin, got[bin], want)
		}
	}
	waits := map[int64]int{}
	for _, rows := range read(t, b, "SELECT person_key, waited_ms FROM thread") {
		for _, r := range rows {
			waits[r["waited_ms"]]++
		}
	}
	for _, want := range []int64{2 * hour, 20*hour + hour/2, (8 + 30 + 100) * hour, hour - 1000} {
		if waits[want] != 1 {
			t.Errorf("no thread waited %d ms: %v", want, waits)
		}
	}
}

// Where fewer than five members of staff exchange messages, an answer would be
// somebody's.
func TestThreadsOfFewStaff(t *testing.T) {
	x := threads()
	for i := range x.messages {
		if m := &x.messages[i]; m.SenderKey == 70 {
			m.SenderKey = 71
		}
	}
	b := x.open(t, Research)
	expect(t, b, map[[2]string][3]int64{{"M3.answered", edition.PopThreads}: {}})
	if !strings.Contains(strings.Join(b.Notes(), " "), "1 établissements sur 1") {
		t.Errorf("notes %q", b.Notes())
	}
	if got := bins(t, b, "M3.answer"); len(got) != 0 {
		t.Errorf("curve %v", got)
	}
}

// Without threads in the register an answer is not known, and without pupils
// nobody knows whether they are associated.
func TestMessagesWithoutThreads(t *testing.T) {
	x := threads()
	var rows []zonetest.MessageRow
	for _, m := range x.messages {
		if m.ThreadKey = m.MessageKey; m.RecipientProfile != 1 {
			rows = append(rows, m)
		}
	}
	x.messages = rows
	b := x.open(t, Research)
	expect(t, b,
		map[[2]string][3]int64{{"M3.answered", edition.PopThreads}: {}, {"M5.pupil_included", edition.PopThreads}: {}})
	if got := bins(t, b, "M3.answer"); len(got) != 0 {
		t.Errorf("curve %v", got)
	}
}
