package subject

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
)

// A family is invited with both guardians; one joins.
func TestMeetings(t *testing.T) {
	x := base()
	x.parent(10, 1, 100)
	x.parent(11, 11, 100)
	x.meetings = []zonetest.MeetingRow{
		{MeetingKey: 7, PersonKey: 1, LocalDate: day0 + 5},
		{MeetingKey: 7, PersonKey: 10, LocalDate: day0 + 5, Joined: 1},
		{MeetingKey: 8, PersonKey: 1, LocalDate: day0 + 6},
		{MeetingKey: 7, PersonKey: 11, LocalDate: day0 + 5},
		{MeetingKey: 9, PersonKey: 11, LocalDate: day0 + 70, Joined: 1}, // after the window
	}
	expect(t, x.open(t, Research), map[[2]string][3]int64{{"C7.joined", edition.PopInvited}: {2, 1, 3}})
}

func TestEquipment(t *testing.T) {
	x := base()
	x.person(30, 1, 100)
	x.person(31, 1, 100)
	x.equipment = []zonetest.EquipmentRow{
		{ChildKey: 2, HasComputer: 0, HasFixedNet: 1, LocalDate: day0 - 5},
		{ChildKey: 2, HasComputer: 1, HasFixedNet: 0, LocalDate: day0 + 5},
		{ChildKey: 30, HasComputer: 0, HasFixedNet: -1, LocalDate: day0},
		{ChildKey: 31, HasComputer: -1, HasFixedNet: -1, LocalDate: day0},
	}
	expect(t, x.open(t, Research), map[[2]string][3]int64{
		{"F1.answered", edition.PopAllPupils}:   {3, 2, 3},
		{"F1.no_computer", edition.PopSurveyed}: {2, 1, 2},
		{"F1.no_network", edition.PopSurveyed}:  {1, 1, 1},
	})
}

// Families 1 (weekly), 10 (a visit), 11 (none, of two children), 12 (no account).
func TestProcedures(t *testing.T) {
	x := base()
	x.parent(10, 10, 100)
	x.parent(11, 11, 100)
	child := func(key, family int64, deadline, done int32) {
		x.person(key, 1, 100)
		x.people[len(x.people)-1].FamilyKey = family
		x.procedures = append(x.procedures,
			zonetest.ProcedureRow{ChildKey: key, Kind: 1, DeadlineDay: deadline, DoneDay: done})
	}
	child(30, 1, day0+40, day0+40)
	x.procedures = append(x.procedures,
		zonetest.ProcedureRow{ChildKey: 30, Kind: 2, DeadlineDay: day0 + 40, DoneDay: day0 + 41},
		zonetest.ProcedureRow{ChildKey: 30, Kind: 2, DeadlineDay: day0 + 40, DoneDay: day0 + 41}, // twice
		zonetest.ProcedureRow{ChildKey: 30, Kind: 3, DeadlineDay: -1, DoneDay: day0 + 41},
		zonetest.ProcedureRow{ChildKey: 30, Kind: 4, DeadlineDay: day0 + 70, DoneDay: day0 + 1})
	child(31, 10, day0+40, -1)
	child(32, 11, day0+40, day0+1)
	child(33, 11, day0+40, -1)
	child(34, 12, day0+40, day0+1)
	for week := range 10 {
		x.events = append(x.events, event(1, 100, ingest.ServicePortal, at(7*week+2, 9, 0, 0)))
	}
	x.events = append(x.events, event(10, 100, ingest.ServicePortal, at(2, 9, 0, 0)))
	expect(t, x.open(t, Research), map[[2]string][3]int64{
		{"F3.on_time.weekly", edition.PopEligible}: {1, 1, 2},
		{"F3.on_time.rare", edition.PopEligible}:   {1, 0, 1},
		{"F3.on_time.never", edition.PopEligible}:  {1, 1, 2},
	})
}

// Twenty weeks; family 1 has a loan in week 9, and again later; families 10 and 11
// wait, 11 asked after the median day of loan.
func TestLoans(t *testing.T) {
	x := base()
	x.study.End = day0 + 20*7 - 1
	for week := 10; week < 20; week++ {
		x.events = append(x.events, event(3, 100, ingest.ServicePortal, at(7*week, 12, 0, 0)))
	}
	visits := func(person int64, weeks ...int) {
		for _, w := range weeks {
			x.events = append(x.events, event(person, 100, ingest.ServicePortal, at(7*w+1, 9, 0, 0)))
		}
	}
	x.parent(12, 1, 100) // the second guardian
	for i, family := range []int64{1, 10, 11} {
		if family > 1 {
			x.parent(family, family, 100)
		}
		x.person(int64(30+i), 1, 100)
		x.people[len(x.people)-1].FamilyKey = family
	}
	x.loans = []zonetest.LoanRow{
		{ChildKey: 30, RequestedDay: day0, StartDay: day0 + 9*7 + 3, EndDay: day0 + 80},
		{ChildKey: 30, RequestedDay: day0, StartDay: day0 + 100, EndDay: -1},
		{ChildKey: 31, RequestedDay: day0 + 5, StartDay: -1, EndDay: -1},
		{ChildKey: 32, RequestedDay: day0 + 90, StartDay: -1, EndDay: -1},
	}
	visits(1, 0, 3, 8, 9, 10) // week 0 is nine weeks before; week 9 is that of the loan
	visits(12, 8, 17, 18)     // week 18 is nine weeks after
	visits(10, 4, 5)
	visits(11, 4, 12)
	expect(t, x.open(t, Research), map[[2]string][3]int64{
		{"F4.before.loan", edition.PopFamilies}:    {1, 3, 8},
		{"F4.after.loan", edition.PopFamilies}:     {1, 2, 8},
		{"F4.before.waiting", edition.PopFamilies}: {1, 2, 8},
		{"F4.after.waiting", edition.PopFamilies}:  {1, 0, 8},
	})
}

// Families 1 and 10 (guardians 10 and 12) have a collective accompaniment, 11 an
// individual one alone, 13 none. School 200 has had form 3 alone, by family 20.
func TestFormsOfAccompaniment(t *testing.T) {
	x := base()
	x.school(200)
	for _, p := range [][2]int64{{10, 10}, {12, 10}, {11, 11}, {13, 13}} {
		x.parent(p[0], p[1], 100)
	}
	x.parent(20, 20, 200)
	accompanied := func(person int64, day int32, form, collective int8) {
		x.accompaniment = append(x.accompaniment,
			zonetest.AccompanimentRow{PersonKey: person, LocalDate: day0 + day, Form: form, Collective: collective})
	}
	accompanied(1, 10, 1, 1)
	accompanied(1, 20, 2, 0) // an individual one after the collective
	accompanied(10, 5, 2, 0)
	accompanied(12, 6, 1, 1) // the family's collective one came second
	accompanied(11, 64, 2, 0)
	accompanied(20, 3, 3, 1)
	accompanied(13, 80, 1, 1) // after the window
	for _, w := range []int{0, 1, 2, 3, 4} {
		x.events = append(x.events, event(1, 100, ingest.ServicePortal, at(7*w, 9, 0, 0)))
	}
	expect(t, x.open(t, Research), map[[2]string][3]int64{
		{"A3.reach.1", edition.PopFamilies}:          {5, 2, 5},
		{"A3.reach.2", edition.PopFamilies}:          {5, 3, 5},
		{"A3.reach.3", edition.PopFamilies}:          {5, 1, 5},
		{"A3.reach.4", edition.PopFamilies}:          {5, 0, 5},
		{"A4.collective_first", edition.PopFamilies}: {3, 2, 3},
		{"A4.individual_after", edition.PopFamilies}: {3, 1, 3},
		{"A3.visits.1", edition.PopAll}:              {2, 3, 17}, // 1: weeks 2 to 9, with 3 visits; 12: weeks 1 to 9
		{"A3.visits.2", edition.PopAll}:              {1, 0, 9},  // 10; 11 has no week after
		{"A3.visits.3", edition.PopAll}:              {1, 0, 9},
	})
}

// Twelve weeks. 10 is accompanied on the Thursday of week 4, without a visit
// before, and comes on the Friday; 11, in form 2, on that of week 4 too, with a
// visit on the Tuesday: it was not new on the day. 20 to 22 may be matched: 20
// visits in week 0 and is no newcomer.
func TestAroundAccompaniment(t *testing.T) {
	x := base()
	x.study.End = day0 + 12*7 - 1
	for week := 10; week < 12; week++ {
		x.events = append(x.events, event(3, 100, ingest.ServicePortal, at(7*week, 12, 0, 0)))
	}
	visits := func(person int64, days ...int) {
		for _, d := range days {
			x.events = append(x.events, event(person, 100, ingest.ServicePortal, at(d, 9, 0, 0)))
		}
	}
	for _, p := range []int64{10, 11, 20, 21, 22} {
		x.parent(p, p, 100)
	}
	visits(1, 1, 8, 15, 22, 29) // never alike: four visits before
	x.accompaniment = []zonetest.AccompanimentRow{
		{PersonKey: 10, LocalDate: day0 + 4*7 + 3, Form: 1}, {PersonKey: 11, LocalDate: day0 + 4*7 + 3, Form: 2},
	}
	visits(10, 32, 36, 37, 81) // the Friday, twice in week 5, week 11
	visits(11, 29, 36)
	visits(20, 0, 1, 2, 3, 4) // five visits in week 0, of which the four weeks before hold all
	visits(21, 31+55)         // the last day of the 8 weeks lies after the window
	b := x.open(t, Research)
	expect(t, b, map[[2]string][3]int64{
		{"A2.first.accompanied", edition.PopMatched}: {},
		{"A2.first.control", edition.PopMatched}:     {},
	})
	matched := read(t, b, "SELECT * FROM matched")
	if keys := slices.Sorted(maps.Keys(matched)); !slices.Equal(keys, []int64{10, 11, 21, 22}) {
		t.Fatalf("matched %v", keys)
	}
	expect(t, b, map[[2]string][3]int64{
		{"A2.week-1.accompanied", edition.PopMatched}:     {2, 0, 2},
		{"A2.week+1.accompanied", edition.PopMatched}:     {2, 3, 2},
		{"A2.week+2.accompanied", edition.PopMatched}:     {2, 0, 2},
		{"A2.week+7.accompanied", edition.PopMatchedLong}: {}, // week +8 is beyond the window
		{"A2.week+1.control", edition.PopMatched}:         {2, 0, 2},
		{"A2.after.accompanied.1", edition.PopMatched}:    {1, 2, 4},
		{"A2.after.accompanied.2", edition.PopMatched}:    {1, 1, 4},
		{"A2.before.control.2", edition.PopMatched}:       {1, 0, 4},
		{"A2.after.accompanied.3", edition.PopMatched}:    {},
	})
	x.study.End += 7
	x.events = append(x.events, event(3, 100, ingest.ServicePortal, at(7*12, 12, 0, 0)))
	expect(t, x.open(t, Research), map[[2]string][3]int64{ // the same persons in every week
		{"A2.week-1.accompanied", edition.PopMatchedLong}: {2, 0, 2},
		{"A2.week+7.accompanied", edition.PopMatchedLong}: {2, 1, 2},
		{"A2.week+8.accompanied", edition.PopMatchedLong}: {2, 0, 2},
		{"A2.week+7.accompanied", edition.PopMatched}:     {},
	})

	x.study.End = day0 + 87 // holds the 8 weeks, to day 86
	b = x.open(t, Research)
	expect(t, b, map[[2]string][3]int64{
		{"A2.first.accompanied", edition.PopMatched}: {1, 1, 1}, // 10
		{"A2.first.control", edition.PopMatched}:     {2, 1, 2}, // 21 comes on the last day
	})
}

// Schools 100 and 300 are trained on days 20 and 40, 200 never: its day is the
// earlier of the two. School 400 was trained before the window.
func TestTraining(t *testing.T) {
	x := base()
	x.training = []zonetest.TrainingRow{
		{SchoolKey: 100, LocalDate: day0 + 20, Sessions: 1}, {SchoolKey: 100, LocalDate: day0 + 5},
		{SchoolKey: 100, LocalDate: day0 + 50, Sessions: 2},
		{SchoolKey: 300, LocalDate: day0 + 40, Sessions: 1}, {SchoolKey: 400, LocalDate: day0 - 20, Sessions: 1},
	}
	for i, s := range []int32{200, 300, 400} {
		x.school(s)
		x.parent(int64(s), int64(s), s)
		x.events = append(x.events, event(int64(s), s, ingest.ServiceGrades, at(3, 9, 0, i)))
	}
	x.events = append(x.events, event(1, 100, ingest.ServiceGrades, at(3, 9, 0, 0)))
	publication := func(school, day, assessed int32) {
		x.publications = append(x.publications,
			zonetest.PublicationRow{SchoolKey: school, ClassKey: int64(school) * 10, TsMs: at(int(day), 10, 0, 0),
				LocalDate: day0 + day, AssessedDay: day0 + assessed, ReturnedDay: -1})
	}
	for _, s := range []int32{100, 200, 300, 400} {
		publication(s, 10, 3)  // 7 days
		publication(s, 20, 18) // 2 days, after the training of 100
		publication(s, 45, 44) // 1 day
		publication(s, 46, 47) // published before the assessment
		x.publications = append(x.publications, zonetest.PublicationRow{SchoolKey: s, ClassKey: int64(s) * 10,
			TsMs: at(15, 10, 0, 0), LocalDate: day0 + 15, AssessedDay: -1, ReturnedDay: -1})
	}
	expect(t, x.open(t, Research), map[[2]string][3]int64{
		{"A5.before.trained", edition.PopPairs}: {2, 16, 3}, // 100: 7 of 1; 300: 9 of 2
		{"A5.after.trained", edition.PopPairs}:  {2, 4, 3},  // 100: 3 of 2; 300: 1 of 1
		{"A5.before.others", edition.PopPairs}:  {1, 7, 1},  // 200, day 20
		{"A5.after.others", edition.PopPairs}:   {1, 3, 2},
	})
}

// Four collèges and two écoles, which are too few for a row.
func TestSchoolsCounted(t *testing.T) {
	x := base()
	for i := range int32(5) {
		x.school(200 + i)
		if i > 2 {
			x.schools[len(x.schools)-1].Level = "ecole"
		}
	}
	x.schools[0].RolloutDay, x.schools[1].RolloutDay, x.schools[2].RolloutDay = day0-500, day0+69, day0+70
	x.events = append(x.events, event(1, 100, ingest.ServicePortal, at(3, 9, 0, 0)), // staff alone signs in elsewhere
		with(event(2, 0, ingest.ServicePortal, at(3, 9, 0, 0)), func(e *zone.EventRow) { e.Profile = 1 }))
	x.person(50, 1, 200, 201) // of two schools: it does not tell which
	x.person(51, 1, 202)
	x.events = append(x.events, with(event(50, 0, ingest.ServicePortal, at(3, 9, 0, 0)), func(e *zone.EventRow) {
		e.Profile = 1
	}))
	x.events = append(x.events, with(event(51, 0, ingest.ServicePortal, at(3, 9, 0, 0)), func(e *zone.EventRow) {
		e.Profile, e.Action = 1, 3
	}))
	set := func(school int32, setting int8, value, from, to int32) {
		x.settings = append(x.settings,
			zonetest.SettingRow{SchoolKey: school, Setting: setting, Value: value, FromDay: from, ToDay: to})
	}
	set(100, 2, 1, -1, day0+10)
	set(100, 2, 3, day0+11, -1)
	set(200, 2, 2, -1, -1)
	set(201, 2, 3, -1, day0+50) // no more in force at the end
	set(203, 2, 3, -1, -1)      // an école
	set(200, 3, 1, -1, -1)
	rows, err := x.open(t, Research).Coverage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][2]int32{}
	for _, r := range rows {
		if r.Feed[0] == '(' {
			got[r.Feed+" "+r.Level] = [2]int32{r.Expected, r.Reporting}
		}
		if r.Feed[0] == '(' && (r.WeekDay != 0 || r.Service != 0 || r.UAI != "") {
			t.Errorf("row %v", r)
		}
	}
	want := map[string][2]int32{
		"(observed) college": {4, 1}, "(declared) college": {4, 2},
		"(setting) messages closed college": {4, 0}, "(setting) messages principal college": {4, 1},
		"(setting) messages all college": {4, 1},
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// What no register and no feed tells is not measured: it is not zero.
func TestNothingIsNotZero(t *testing.T) {
	b := base().open(t, Research)
	logs := strings.Fields("l1 l2 l3 l4 l4_week l5 l1_pause d3 r1 f5 n n2_pause n9 n5_grid n5_excitation f2_email n7 " +
		"p1 p2 p3 n6 c2 c3 r3 m4")
	for _, fam := range b.families() {
		if !slices.Contains(logs, fam.name) {
			t.Errorf("%s is measured", fam.name)
		}
	}
	for _, c := range b.curves() {
		if !strings.HasPrefix(c.Name, "D3.") && !strings.HasPrefix(c.Name, "N") {
			t.Errorf("%s is drawn", c.Name)
		}
	}
}
