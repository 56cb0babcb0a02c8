package subject

import (
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
)

// sign is a sign-in, failed or not.
func sign(person int64, action ingest.Action, ts int64) zone.EventRow {
	return with(event(person, 0, ingest.ServiceSignIn, ts), func(e *zone.EventRow) { e.Action = int8(action) })
}

func TestSignIns(t *testing.T) {
	x := base()
	x.study.Feeds = []string{"ent", "other"}
	fails := func(person int64, days ...int) {
		for _, d := range days {
			x.events = append(x.events, sign(person, ingest.ActionLoginFailed, at(d, 8, 0, 0)))
		}
	}
	for p := int64(10); p <= 14; p++ {
		x.parent(p, p, 100)
	}
	fails(1, 1, 2)
	fails(10, 1, 2, 3)
	fails(11, 1, 2, 3)
	fails(12, 1, 2, 65, 66) // the third less than 7 days before the end, and no success
	fails(14, 1, 2, 62, 66) // the third 7 days before it
	x.events = append(x.events,
		sign(1, ingest.ActionLogin, at(2, 9, 0, 0)),
		sign(10, ingest.ActionLogin, at(10, 8, 0, 0)), // 7 days after the third failure
		sign(11, ingest.ActionLogin, at(10, 8, 0, 1)),
		// a feed that delivers no failure
		with(sign(13, ingest.ActionLogin, at(3, 8, 0, 0)), func(e *zone.EventRow) { e.Feed = 2 }))
	expect(t, x.open(t, Research), map[[2]string][3]int64{
		{"R2.failures", edition.PopAttempting}: {5, 16, 3},
		{"R2.blocked", edition.PopAttempting}:  {4, 2, 4}, // 11 and 14 of 1, 10, 11, 14
	})
	for i := range x.events {
		if x.events[i].Action == int8(ingest.ActionLoginFailed) {
			x.events[i].Action = 0
		}
	}
	expect(t, x.open(t, Research),
		map[[2]string][3]int64{{"R2.failures", edition.PopAttempting}: {}, {"R2.blocked", edition.PopAttempting}: {}})
}

func TestContacts(t *testing.T) {
	x := base()
	for i, known := range [][2]int8{{0, 0}, {0, 1}, {-1, 0}, {1, -1}} {
		x.parent(int64(10+i), int64(10+i), 100)
		p := &x.people[len(x.people)-1]
		p.EmailKnown, p.PhoneKnown = known[0], known[1]
	}
	expect(t, x.open(t, Research), map[[2]string][3]int64{
		{"R3.no_email", edition.PopAll}: {4, 2, 4},
		{"R3.no_phone", edition.PopAll}: {4, 2, 4},
		{"R3.neither", edition.PopAll}:  {3, 1, 3},
	})
}

// A directory that forgot the day of an activation does not make a visitor of 10 an account that never was: whoever is
// counted as connected is activated. 11 was not, and never came.
func TestWhoCameIsActivated(t *testing.T) {
	x := base()
	for _, key := range []int64{10, 11} {
		x.parent(key, key, 100)
		x.people[len(x.people)-1].ActivatedDay = -1
	}
	x.events = append(x.events, event(10, 100, ingest.ServicePortal, at(20, 9, 0, 0)))
	expect(t, x.open(t, Research), map[[2]string][3]int64{
		{"D3.activated", edition.PopAll}: {3, 2, 3},
		{"D3.connected", edition.PopAll}: {3, 1, 3},
		{"L2.never", edition.PopOpened}:  {2, 1, 2},
	})
}

// Deadlines A (day 69, collèges), B (day 92) and C (day 69, 3e). The window holds
// the 60 days before A and C, and before their seventh day before (days 2 to 61),
// and those before the thirtieth day before B (days 2 to 61).
func TestDeadlines(t *testing.T) {
	x := base()
	x.study.Deadlines = []Deadline{
		{Name: "A", Day: day0 + 69, Levels: []string{"college"}},
		{Name: "B", Day: day0 + 92},
		{Name: "C", Day: day0 + 69, Grades: []string{"3e", "2de"}},
		{Name: "elsewhere", Day: day0 + 69, Levels: []string{"lycee"}},
	}
	x.parent(10, 10, 100)
	x.memberships[len(x.memberships)-1].GradeLevel = "3e"
	x.people[len(x.people)-1].ActivatedDay = day0 + 62
	x.parent(11, 11, 100)
	x.people[len(x.people)-1].ActivatedDay = -1
	x.events = append(x.events,
		event(1, 100, ingest.ServicePortal, at(61, 9, 0, 0)),
		event(10, 100, ingest.ServicePortal, at(62, 9, 0, 0)),
		event(11, 100, ingest.ServicePortal, at(20, 9, 0, 0)))
	b := x.open(t, Research)
	expect(t, b, map[[2]string][3]int64{
		{"R1.ready.D0", edition.PopConcerned}:  {3, 3, 4}, // 1: A; 10: A and C; 11: not A
		{"R1.ready.D7", edition.PopConcerned}:  {3, 1, 4},
		{"R1.ready.D30", edition.PopConcerned}: {3, 1, 3}, // B: 1
	})
	sum := sumOf(t, b)
	if got := sum("grade", "3e", "R1.ready.D0", edition.PopConcerned); got != [3]int64{1, 2, 2} {
		t.Errorf("3e: %v", got)
	}
	if got := sum("grade", "6e", "R1.ready.D0", edition.PopConcerned); got != [3]int64{2, 1, 2} {
		t.Errorf("6e: %v", got)
	}
	got := bins(t, b, "R1.readiness") // edges 0, 7, 14, 21, 30, 37, 44, 53, 56, 58, 60; origin day 9
	for bin, want := range map[int32][3]int64{0: {4, 0, 0}, 6: {4, 1, 0}, 7: {3, 2, 0}, 10: {1, 0, 1}} {
		if got[bin] != want {
			t.Errorf("bin %d: got %v, want %v", bin, got[bin], want)
		}
	}
}

// Three visits with feed 1, one of them with feed 2 too: shares 3/4 and 1/4, of
// which the squares are 62.5 %.
func TestTools(t *testing.T) {
	x := base()
	x.study.Feeds = []string{"ent", "other"}
	x.parent(10, 10, 100)
	x.parent(11, 11, 100)
	other := func(e *zone.EventRow) { e.Feed = 2 }
	x.events = append(x.events,
		event(1, 100, ingest.ServiceMessages, at(1, 9, 0, 0)),
		with(event(1, 100, ingest.ServiceMessages, at(1, 9, 5, 0)), other),
		event(1, 100, ingest.ServiceGrades, at(2, 9, 0, 0)),
		event(1, 100, ingest.ServiceGrades, at(2, 9, 1, 0)),
		event(1, 100, ingest.ServicePortal, at(3, 9, 0, 0)),
		with(event(10, 100, ingest.ServiceVideo, at(3, 9, 0, 0)), other))
	expect(t, x.open(t, Research), map[[2]string][3]int64{
		{"M4.tools.messages", edition.PopActive}: {1, 2, 1},
		{"M4.tools.grades", edition.PopActive}:   {1, 1, 1},
		{"M4.tools.homework", edition.PopActive}: {},
		{"M4.tools.video", edition.PopActive}:    {1, 1, 1},
		{"M4.tools.any", edition.PopActive}:      {2, 3, 2},
		{"M4.hhi", edition.PopActive}:            {2, 163, 200},
	})
}

// Items with media of class 1000 on days 6, 10, 20 and 68, one without media on
// day 14. Only that of day 10 has a week before, two days after, and a baseline
// (days 3 to 5) that no item touches.
func TestItems(t *testing.T) {
	x := base()
	item := func(day, hour int, media int8, class int64) {
		ts := at(day, hour, 0, 0)
		x.contents = append(x.contents, zonetest.ContentRow{SchoolKey: 100, ClassKey: class, TsMs: ts,
			LocalDate: int32(ts / 86_400_000), Kind: 1, Media: media})
	}
	for _, day := range []int{6, 10, 20, 68} {
		item(day, 10, 1, 1000)
	}
	for school := range int32(leastItemSchools) { // elsewhere, so that items are enough to be told of
		x.school(300 + school)
		for _, day := range []int{10, 20, 30, 40} {
			ts := at(day, 9, 0, 0)
			x.contents = append(x.contents, zonetest.ContentRow{SchoolKey: 300 + school, ClassKey: 1, TsMs: ts,
				LocalDate: int32(ts / 86_400_000), Media: 1})
		}
	}
	item(14, 9, 0, 1000)
	item(14, 9, 1, 0)    // of the whole school
	item(10, 10, 1, 999) // of another class
	x.parent(10, 10, 100)
	x.parent(11, 11, 100)
	// first visit 5 hours after an item
	x.events = append(x.events, event(11, 100, ingest.ServicePortal, at(6, 15, 0, 0)))
	for _, ts := range []int64{
		at(3, 10, 0, 0), at(5, 9, 59, 59), // in the baseline
		at(5, 10, 0, 0),                                     // after it
		at(10, 10, 0, 0), at(11, 10, 0, 0), at(12, 9, 0, 0), // within 48 hours
		at(12, 10, 0, 0), // later
	} {
		x.events = append(x.events, event(1, 100, ingest.ServiceNews, ts))
	}
	x.events = append(x.events, event(1, 0, ingest.ServiceBlog, at(12, 10, 1, 0)))
	b := x.open(t, Research)
	expect(t, b, map[[2]string][3]int64{
		{"C1.visits", edition.PopConcerned}:   {3, 3, 2},
		{"C1.first_login", edition.PopAll}:    {2, 1, 2},
		{"C6.views", edition.PopConcerned}:    {3, 8, 18}, // five items of the class and one of the school, each
		{"C5.parents", edition.PopAll}:        {},         // no feed carries resources
		{"C9.visits", edition.PopActive}:      {},
		{"C5.pupils", edition.PopAllPupils}:   {},
		{"C4.opened", edition.PopConcerned}:   {},
		{"F1.answered", edition.PopAllPupils}: {},
	})
	x.contents = x.contents[:len(x.contents)-16] // too few are left
	b = x.open(t, Research)
	expect(t, b,
		map[[2]string][3]int64{{"C1.visits", edition.PopConcerned}: {}, {"C1.first_login", edition.PopAll}: {}})
	if !strings.Contains(strings.Join(b.Notes(), " "), "contenus") {
		t.Errorf("notes %q", b.Notes())
	}
}

// School 200 reports on another feed, which carries no report book.
func TestReportBooks(t *testing.T) {
	x := base()
	x.study.Feeds = []string{"ent", "other"}
	x.school(200)
	for i := range x.events {
		if x.events[i].SchoolKey == 200 {
			x.events[i].Feed = 2
		}
	}
	x.school(300)
	x.parent(10, 10, 100)
	x.parent(11, 11, 100)
	x.parent(12, 12, 100)
	x.memberships[len(x.memberships)-1].GradeLevel = "3e" // no book
	x.parent(20, 20, 200)
	for _, school := range []int32{100, 200} {
		x.reportBooks = append(x.reportBooks,
			zonetest.ReportBookRow{SchoolKey: school, GradeLevel: "6e", TsMs: at(30, 8, 0, 0), LocalDate: day0 + 30},
			zonetest.ReportBookRow{SchoolKey: school, GradeLevel: "3e", TsMs: at(80, 8, 0, 0), LocalDate: day0 + 80})
	}
	x.events = append(x.events,
		event(1, 100, ingest.ServiceReportBook, at(30, 7, 0, 0)), // before
		event(1, 100, ingest.ServiceReportBook, at(33, 7, 0, 0)),
		event(1, 100, ingest.ServiceReportBook, at(40, 7, 0, 0)),
		event(1, 100, ingest.ServiceGrades, at(40, 7, 1, 0)),
		event(11, 0, ingest.ServiceReportBook, at(31, 7, 0, 0)),
		event(11, 300, ingest.ServiceReportBook, at(41, 7, 0, 0)), // of a school that is not concerned
		event(11, 0, ingest.ServiceReportBook, at(31, 9, 0, 0)),
		event(12, 100, ingest.ServiceReportBook, at(31, 9, 0, 0)))
	b := x.open(t, Research)
	expect(t, b, map[[2]string][3]int64{
		{"C4.opened", edition.PopConcerned}:        {3, 2, 3},
		{"C4.viewed_grades", edition.PopConcerned}: {3, 1, 3},
		{"C4.again", edition.PopConcerned}:         {2, 1, 2},
	})
	got := bins(t, b, "C4.opening") // edges 0, 1, 2, 3, 5, 7, 14, 21, 28, 42, 63
	for bin, want := range map[int32][3]int64{0: {3, 0, 0}, 1: {3, 1, 0}, 3: {2, 1, 0}, 8: {1, 0, 1}} {
		if got[bin] != want {
			t.Errorf("bin %d: got %v, want %v", bin, got[bin], want)
		}
	}
}

func TestResourcesAndAids(t *testing.T) {
	x := base()
	x.parent(10, 10, 100)
	x.person(30, 1, 100)
	pupil := func(e *zone.EventRow) { e.Profile = 1 }
	x.events = append(x.events,
		with(event(2, 100, ingest.ServiceResources, at(1, 9, 0, 0)), pupil),
		with(event(2, 100, ingest.ServiceResources, at(1, 9, 5, 0)), pupil), // the same visit
		with(event(2, 100, ingest.ServiceResources, at(2, 9, 0, 0)), pupil),
		event(1, 100, ingest.ServiceResources, at(1, 9, 0, 0)),
		event(1, 100, ingest.ServiceAccessibility, at(2, 9, 0, 0)),
		event(1, 100, ingest.ServicePortal, at(3, 9, 0, 0)))
	expect(t, x.open(t, Research), map[[2]string][3]int64{
		{"C5.pupils", edition.PopAllPupils}: {2, 2, 2},
		{"C5.parents", edition.PopAll}:      {2, 1, 2},
		{"C9.visits", edition.PopActive}:    {1, 1, 3},
	})
}
