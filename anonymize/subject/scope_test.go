package subject

import (
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest"
)

// A parent of a college (100) and of an école (50), which has a visit in each, a
// sitting in both at once, and one in no school, and stands once in each group.
func TestTwoSchools(t *testing.T) {
	x := base()
	x.schools = append(x.schools,
		zone.SchoolRow{SchoolKey: 50, UAI: "0000050A", Level: "ecole", EP: "REP", IPSBand: 3, RolloutDay: -1})
	x.person(4, 2, 50)
	for w := range 10 {
		x.events = append(x.events, event(4, 50, ingest.ServicePortal, at(7*w, 12, 0, 0)))
	}
	x.person(10, 3, 100, 50)
	x.events = append(x.events,
		event(10, 100, ingest.ServicePortal, at(0, 8, 0, 0)), event(10, 50, ingest.ServicePortal, at(0, 8, 20, 0)),
		event(10, 100, ingest.ServicePortal, at(0, 8, 40, 0)), event(10, 50, ingest.ServicePortal, at(1, 8, 0, 0)),
		event(10, 0, ingest.ServicePortal, at(2, 8, 0, 0)),
	)
	sum := sumOf(t, x.open(t, Research))
	for _, c := range []struct {
		grouping, group string
		want            [3]int64 // persons, visits, weeks; parent 1 never visits
	}{
		{"all", "", [3]int64{2, 3, 20}},
		{"level", "college", [3]int64{2, 3, 20}}, // 8:00 and 8:40 are two visits of the college
		{"level", "ecole", [3]int64{1, 3, 10}},   // 8:20, the next day, and that of no school
		{"ips_band", "3", [3]int64{2, 3, 20}},
		{"ep", "HEP", [3]int64{2, 3, 20}},
		{"ep", "REP", [3]int64{1, 3, 10}},
	} {
		if got := sum(c.grouping, c.group, "L1.visits_per_week", edition.PopAll); got != c.want {
			t.Errorf("%s %s: got %v, want %v", c.grouping, c.group, got, c.want)
		}
	}
}

// In the schools edition a person of two schools is in both.
func TestTwoSchoolsInTheSchoolsEdition(t *testing.T) {
	x := base()
	x.school(50)
	x.person(10, 3, 100, 50)
	x.events = append(x.events, event(10, 100, ingest.ServicePortal, at(0, 8, 0, 0)),
		event(10, 50, ingest.ServicePortal, at(30, 8, 0, 0)), event(10, 0, ingest.ServicePortal, at(31, 8, 0, 0)))
	rows, err := x.open(t, Schools).SchoolMeasures(t.Context(), "T")
	if err != nil {
		t.Fatal(err)
	}
	got := map[[3]string][3]int64{}
	for _, r := range rows {
		if r.Measure == "L1.visits_per_week" && r.Population == edition.PopAll {
			got[[3]string{r.UAI, r.Period}] = [3]int64{r.Persons, r.Numerator, r.Denom}
		}
	}
	for key, want := range map[[3]string][3]int64{
		{"0000100A", "T"}: {2, 2, 20}, {"0000050A", "T"}: {1, 2, 10},
		{"0000100A", "2025-09"}: {2, 1, 8}, {"0000100A", "2025-10"}: {2, 1, 8}, {"0000100A", "2025-11"}: {2, 0, 4},
		{"0000050A", "2025-09"}: {1, 0, 4}, {"0000050A", "2025-10"}: {1, 2, 4}, {"0000050A", "2025-11"}: {1, 0, 2},
	} {
		if got[key] != want {
			t.Errorf("%v: got %v, want %v", key, got[key], want)
		}
	}
}

// A week in which the feeds said nothing leaves numerator and denominator.
func TestCoveredWeeks(t *testing.T) {
	cases := []struct {
		name   string
		change func(x *fixture)
		weeks  int64
		never  int64 // persons of L2.never
	}{
		{"all covered", func(*fixture) {}, 10, 1},
		{"one week silent", func(x *fixture) { x.events = x.events[:9] }, 9, 0},
		{"an account nobody knows covers", func(x *fixture) {
			x.events = append(x.events[:9], event(999, 100, ingest.ServicePortal, at(63, 9, 0, 0)))
		}, 10, 1},
		{"a feed that names nobody known measures nobody", func(x *fixture) {
			x.events = nil
			for week := range 10 {
				x.events = append(x.events, event(999, 100, ingest.ServicePortal, at(7*week, 9, 0, 0)))
			}
		}, 0, 0},
		{"an event without school covers by membership", func(x *fixture) {
			x.events = append(x.events[:9], event(3, 0, ingest.ServicePortal, at(63, 9, 0, 0)))
		}, 10, 1},
		{"rollout in the third week", func(x *fixture) { x.schools[0].RolloutDay = day0 + 14 }, 8, 0},
		{"account created on a Tuesday", func(x *fixture) { x.people[0].CreatedDay = day0 + 8 }, 8, 0},
		{"account created on the first day", func(x *fixture) { x.people[0].CreatedDay = day0 }, 10, 0},
		{"membership from the second week", func(x *fixture) { x.memberships[0].FromDay = day0 + 7 }, 9, 1},
		{"a window of seven weeks", func(x *fixture) { x.study.End = day0 + 48 }, 7, 0},
		{"a window that ends on a Saturday", func(x *fixture) { x.study.End = day0 + 68 }, 9, 1},
		{"a week of holidays", func(x *fixture) {
			for d := int32(day0); d < day0+70; d++ {
				r := plainDay(d)
				if r.Zone = "A"; d >= day0+21 && d < day0+28 {
					r.SchoolWeek, r.SchoolDay, r.Holiday = 0, 0, 1
				}
				x.calendar = append(x.calendar, r)
			}
			x.schools[0].Zone = "A"
		}, 9, 1},
		{"a parent who left before", func(x *fixture) { x.memberships[0].ToDay = day0 - 1 }, 0, 0},
		{"an account of after the window", func(x *fixture) { x.people[0].CreatedDay = day0 + 70 }, 0, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			x := base()
			c.change(x)
			b := x.open(t, Schools)
			never := measured(t, b, "all", "l2")[[3]string{"", "L2.never", edition.PopAll}]
			behaviour := read(t, b, "SELECT * FROM behaviour WHERE period = 0")[1]
			if len(behaviour) == 0 && c.weeks == 0 {
				return
			}
			wanted(t, behaviour[0], map[string]int64{"weeks": c.weeks})
			if never != [3]int64{c.never, c.never, c.never} {
				t.Errorf("got %d persons, never %d of %d, want %d", never[0], never[1], never[2], c.never)
			}
		})
	}
}

// The clusters of a group hold each school once, and no cell is below the floor.
func TestFloors(t *testing.T) {
	x := base()
	x.buckets = 8
	x.floors = Floors{Cell: 20, Staff: 20, School: 1, ClusterSchools: 3, UnnamedSchools: 1, Reported: 1}
	person := int64(10_000)
	for s := range int32(6) {
		x.school(200 + s)
		for range 8 {
			x.person(person, 3, 200+s)
			if person%3 == 0 {
				x.events = append(x.events, event(person, 200+s, ingest.ServicePortal, at(int(person%70), 8, 0, 0)))
			}
			person++
		}
	}
	b := x.open(t, Research)
	sums, times, err := b.Cells(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int64{}
	for r := range sums.All() {
		if r.Persons < 20 {
			t.Errorf("%s %s: %d persons", r.Measure, r.Population, r.Persons)
		}
		if r.Families != 1 { // everybody of the fixture is of one family, in all schools
			t.Errorf("%s %s of %d schools: %d families", r.Measure, r.Population, r.Schools, r.Families)
		}
		if r.Grouping == "all" && r.Population == edition.PopAll && r.Measure == "D3.connected" {
			seen["accounts"] += r.Persons
			seen["schools"] += int64(r.Schools)
			seen["connected"] += r.Numerator
		}
		if r.Measure == "L4.07-09" {
			t.Errorf("16 active accounts cannot make a cell of 20")
		}
	}
	if seen["accounts"] != 49 || seen["schools"] != 7 || seen["connected"] != 16 {
		t.Errorf("got %v, want 49 accounts of 7 schools, 16 connected", seen)
	}
	for _, r := range times {
		if r.AtRisk < 20 || r.Events+r.Censored > r.AtRisk {
			t.Errorf("times: %+v", r)
		}
	}
	weeks, err := b.Weeks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(weeks) != 0 {
		t.Errorf("weeks of at most 7 teachers and 16 parents: %v", weeks)
	}
}
