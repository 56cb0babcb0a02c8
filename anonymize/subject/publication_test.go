package subject

import (
	"fmt"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
)

// lifeTable gives at risk, events and censored of each bin of a curve, for everybody.
func lifeTable(t testing.TB, b *Builder, curve string) (persons int64, table [][3]int64) {
	t.Helper()
	if err := b.attribute(t.Context(), "all"); err != nil {
		t.Fatal(err)
	}
	rows, err := b.timeGrouping(t.Context(), "all")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Curve != curve {
			continue
		}
		if int(r.Bin) != len(table) {
			t.Fatalf("bin %d follows %d bins", r.Bin, len(table))
		}
		persons, table = r.Persons, append(table, [3]int64{r.AtRisk, r.Events, r.Censored})
	}
	return persons, table
}

func wantLife(t testing.TB, b *Builder, curve string, persons int64, want [][3]int64) {
	t.Helper()
	n, got := lifeTable(t, b, curve)
	if n != persons || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got %d persons, %v\nwant %d persons, %v", curve, n, got, persons, want)
	}
}

// child adds a pupil of a class of the school 100 and the links to the guardians.
func (x *fixture) child(key, class int64, from int32, guardians ...int64) {
	x.people = append(x.people,
		zone.PersonRow{PersonKey: key, Profile: 1, FamilyKey: 1, CreatedDay: day0 - 100, ActivatedDay: -1})
	x.memberships = append(x.memberships,
		zone.MembershipRow{PersonKey: key, SchoolKey: 100, GradeLevel: "6e", ClassKey: class, FromDay: from, ToDay: -1})
	for _, g := range guardians {
		x.links = append(x.links, zone.LinkRow{ChildKey: key, GuardianKey: g})
	}
}

// Three publications to the class of the children of parents 1 and 10: on day 0,
// 14 and 66, at 10 h; one to the class of another child of parent 10, before the
// child came. Parent 1 opens grades after 1.5 hours and on day 30, parent 10 never.
// In week 3 nothing of grades is delivered: of what day 14 brought, nothing is known
// after 158 hours. The window ends 86 hours after the last.
func delays() *fixture {
	x := gradesFixture()
	x.publications = nil
	x.person(10, 3, 100)
	x.child(20, 1000, day0-10, 10)
	x.child(30, 1001, day0+20, 10)
	for i, e := range x.events {
		if e.Service == int8(ingest.ServiceGrades) && e.LocalDate == day0+21 {
			x.events[i].Service = int8(ingest.ServicePortal)
		}
	}
	for _, day := range []int{0, 14, 66} {
		x.publish(at(day, 10, 0, 0))
	}
	x.publications[0].AssessedDay, x.publications[0].ReturnedDay = day0-3, day0-1
	x.publications[1].AssessedDay = day0 + 14
	x.publications[2].ReturnedDay = day0 + 66
	x.publications = append(x.publications, x.publications[0]) // twice is once
	x.publish(at(7, 10, 0, 0))
	x.publications[4].ClassKey = 1001
	x.check(0, 11, 30)
	x.check(30, 10, 0)
	return x
}

func TestFirstView(t *testing.T) {
	wantLife(t, delays().open(t, Research), "N4.first_view", 2, [][3]int64{
		{6, 0, 0}, {6, 1, 0}, {5, 0, 0}, {5, 0, 0}, {5, 0, 0}, {5, 0, 0}, {5, 0, 0}, {5, 0, 0}, {5, 0, 0},
		{5, 0, 2}, // 72 h: the last publication
		{3, 0, 0},
		{3, 0, 2}, // 120 h: week 3
		{1, 0, 0}, {1, 0, 0},
		{1, 0, 1}, // 336 h: parent 10, of day 0
	})
}

func TestPublicationDelay(t *testing.T) {
	b := delays().open(t, Research)
	equal(t, b, "all", "n7", map[[3]string][3]int64{
		{"", "N7.days", edition.PopPairs}:         {2, 2 * (3 + 0), 2 * 2},
		{"", "N7.after_return", edition.PopPairs}: {2, 2 * 1, 2 * 2}, // the day itself is not after
	})
	wantLife(t, b, "N7.delay", 2, [][3]int64{{4, 2, 0}, {2, 0, 0}, {2, 0, 0}, {2, 2, 0}})
}

// Publications A to D on four Mondays at 10 h to three pupils. Pupil 2: A, guardian
// 1 after half an hour, the pupil at 12:30; B, the pupil at 11:10 (in class: it may
// have been a parent) and guardian 11 at 11:14; C, the pupil at 13 h; D, guardian 1
// at 12 h. Pupil 20: A, their guardian at 11 h. Pupil 21: nobody.
func openings() *fixture {
	x := gradesFixture()
	for _, p := range []int64{10, 11} {
		x.person(p, 3, 100)
	}
	x.links = append(x.links, zone.LinkRow{ChildKey: 2, GuardianKey: 11})
	x.child(20, 1000, day0-10, 10)
	x.child(21, 1000, day0-10)
	for _, day := range []int{7, 14, 21} {
		x.publish(at(day, 10, 0, 0))
	}
	opens := func(who int64, day, hour, minute int) {
		x.events = append(x.events, event(who, 100, ingest.ServiceGrades, at(day, hour, minute, 0)),
			event(who, 100, ingest.ServiceHomework, at(day, hour, minute, 30)))
	}
	opens(1, 0, 10, 30)
	opens(2, 0, 12, 30)
	opens(2, 7, 11, 10)
	opens(11, 7, 11, 14)
	opens(2, 14, 13, 0)
	opens(1, 21, 12, 0)
	opens(10, 0, 11, 0)
	return x
}

func TestWhoOpensFirst(t *testing.T) {
	b := openings().open(t, Research)
	want := map[[3]string][3]int64{}
	for m, n := range map[string]int64{"parent_first": 3, "parent_first_high": 4, "pupil_first": 1, "together": 1} {
		want[[3]string{"", "N6." + m, edition.PopSeen}] = [3]int64{2, n, 4 + 1}
		want[[3]string{"", "N6." + m, edition.PopPublished}] = [3]int64{3, n, 12}
	}
	equal(t, b, "all", "n6", want)
	seven := [3]int64{7, 0, 0}
	after := [][3]int64{seven, seven, seven, seven, seven, seven, seven, seven, seven, seven, {7, 0, 7}}
	wantLife(t, b, "N6.parent", 3, append([][3]int64{{12, 1, 0}, {11, 1, 1}, {9, 1, 0}, {8, 0, 1}}, after...))
	wantLife(t, b, "N6.pupil", 3, append([][3]int64{{12, 0, 1}, {11, 1, 1}, {9, 0, 1}, {8, 1, 0}}, after...))
}

// Grades that no pupil's account opens anywhere are no feed of pupils.
func TestNoOpeningOfPupilsIsNotMeasurable(t *testing.T) {
	x := openings()
	var kept []zone.EventRow
	for _, e := range x.events {
		if e.PersonKey != 2 {
			kept = append(kept, e)
		}
	}
	x.events = kept
	b := x.open(t, Research)
	equal(t, b, "all", "n6", nil)
	if _, table := lifeTable(t, b, "N6.parent"); table != nil {
		t.Errorf("got %v", table)
	}
}

// gradeSchool adds a school of one class with its grade feed and a publication, and
// a parent with a child there.
func (x *fixture) gradeSchool(school int32, parent int64) {
	x.school(school)
	x.person(parent, 3, school)
	for w := range 10 {
		x.events = append(x.events, event(int64(school)+1_000_000, school, ingest.ServiceGrades, at(7*w, 12, 5, 0)))
	}
	x.publications = append(x.publications, zonetest.PublicationRow{SchoolKey: school, ClassKey: int64(school) * 10,
		TsMs: at(0, 10, 0, 0), LocalDate: day0, AssessedDay: -1, ReturnedDay: -1})
}

// set says what a school does with grades: at once until the day before each
// change, deferred from there on, and so on.
func (x *fixture) set(school int32, changes ...int32) {
	from, value := int32(-1), int32(1)
	for _, c := range changes {
		x.settings = append(x.settings,
			zonetest.SettingRow{SchoolKey: school, Setting: 1, Value: value, FromDay: from, ToDay: day0 + c - 1})
		from, value = day0+c, 3-value
	}
	x.settings = append(x.settings,
		zonetest.SettingRow{SchoolKey: school, Setting: 1, Value: value, FromDay: from, ToDay: -1})
}

// Schools 100 and 60 defer from day 35 and 42 on; 70 does not: it is parted at the
// median, 35. 80 defers one week before the end, 90 goes back, 95 says nothing.
func TestDeferredPublication(t *testing.T) {
	x := gradesFixture()
	twice := func(parent int64, school int32, days ...int) {
		for _, d := range days {
			x.events = append(x.events, event(parent, school, ingest.ServiceGrades, at(d, 8, 0, 0)),
				event(parent, school, ingest.ServiceGrades, at(d, 18, 0, 0)))
		}
	}
	for _, s := range []int32{60, 70, 80, 90, 95} {
		x.gradeSchool(s, int64(s)+1)
	}
	x.set(100, 35)
	x.set(60, 42)
	x.set(70)
	x.set(80, 63)
	x.set(90, 14, 40)
	x.check(2, 8, 0) // once
	twice(1, 100, 1, 36)
	twice(61, 60, 3, 39)
	twice(71, 70, 32, 35, 39)
	twice(81, 80, 1)
	twice(91, 90, 1)
	twice(96, 95, 1)
	equal(t, x.open(t, Research), "all", "n8", map[[3]string][3]int64{
		{"", "N8.before.changed", edition.PopPairs}: {2, 1 + 2, 25 + 30},
		{"", "N8.after.changed", edition.PopPairs}:  {2, 1 + 0, 25 + 20},
		{"", "N8.before.same", edition.PopPairs}:    {1, 1, 25},
		{"", "N8.after.same", edition.PopPairs}:     {1, 2, 25},
	})
}

func TestNoChangeIsNotMeasurable(t *testing.T) {
	x := gradesFixture()
	x.set(100)
	equal(t, x.open(t, Research), "all", "n8", nil)
}

// A curve ends where fewer distinct persons than the floor have a unit at risk,
// however many units they have.
func TestCurveCountsPersons(t *testing.T) {
	x := delays()
	x.floors.Cell = 2
	_, table := lifeTable(t, x.open(t, Research), "N4.first_view")
	if len(table) != 12 || table[11] != [3]int64{3, 0, 3} {
		t.Errorf("got %v, want an end at 120 h, where parent 1 leaves", table)
	}
}

// approved is the curve of the approved list of that name.
func approved(name string) curve {
	for _, c := range edition.Curves {
		if c.Name == name {
			return curve{Curve: c}
		}
	}
	return curve{}
}

func TestBins(t *testing.T) {
	c := approved("N7.delay")
	for _, s := range []struct {
		step, event, bin, seen int64
	}{{0, 1, 0, 1}, {3, 1, 3, 1}, {4, 1, 3, 1}, {5, 0, 4, 0}, {62, 1, 10, 1}, {63, 1, 11, 0}, {1000, 1, 11, 0}} {
		if bin, seen := c.bin(s.step, s.event); bin != s.bin || seen != s.seen {
			t.Errorf("step %d: got bin %d, event %d", s.step, bin, seen)
		}
	}
	for _, r := range stepBins() {
		curve := approved(r.Curve)
		low, _ := curve.bin(r.Low, 0)
		if bin, _ := curve.bin(r.Step, 0); bin != low || int64(curve.Edges[bin]) != r.Low {
			t.Errorf("%s: step %d is not in the bin from %d", r.Curve, r.Step, r.Low)
		}
	}
}
