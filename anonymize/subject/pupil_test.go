package subject

import (
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest"
)

// withPupils gives every second child of a drawn fixture another guardian of their
// school, has some children hand work in, and lets every second school defer.
func (x *fixture) withPupils() {
	in := map[int64]int32{}
	var parents []int64
	for _, m := range x.memberships {
		in[m.PersonKey] = m.SchoolKey
	}
	for _, p := range x.people {
		if p.Profile == int8(ingest.ProfileParent) {
			parents = append(parents, p.PersonKey)
		}
	}
	for i, l := range x.links {
		for _, p := range parents {
			if i%2 == 0 && p != l.GuardianKey && in[p] == in[l.ChildKey] {
				x.links = append(x.links, zone.LinkRow{ChildKey: l.ChildKey, GuardianKey: p})
				break
			}
		}
		x.events = append(x.events,
			with(event(l.ChildKey, in[l.ChildKey], ingest.ServiceHomework, at(i%70, 18, 0, 0)), func(e *zone.EventRow) {
				e.Action = int8(ingest.ActionSubmit)
			}))
	}
	for i, s := range x.schools {
		if i%2 == 0 {
			x.set(s.SchoolKey)
		} else {
			x.set(s.SchoolKey, 35)
		}
	}
}

// Pupil 2 hands in 3 times and guardian 1, who has no other child, once; pupil 20
// twice; guardian 10 five times, for 20 or 21; for pupil 21 nobody else does.
func TestSubmissions(t *testing.T) {
	x := base()
	x.person(10, 3, 100)
	x.child(20, 1000, day0-10, 10)
	x.child(21, 1000, day0-10, 10)
	for who, n := range map[int64]int{2: 3, 1: 1, 20: 2, 10: 5} {
		for i := range n {
			x.events = append(x.events,
				with(event(who, 100, ingest.ServiceHomework, at(i, 18, 0, 0)), func(e *zone.EventRow) {
					e.Action = int8(ingest.ActionSubmit)
				}))
		}
	}
	b := x.open(t, Research)
	equal(t, b, "all", "p2", map[[3]string][3]int64{{"", "P2.by_pupil", edition.PopPupils}: {2, 3 + 2, 4 + 2}})
	equal(t, b, "all", "c2", nil) // to hand in is not to look
}

// Of the two guardians of each, one of pupil 2, both of 20 and none of 21 visit;
// pupil 22 has one guardian only.
func TestGuardians(t *testing.T) {
	x := base()
	for p := int64(10); p < 16; p++ {
		x.person(p, 3, 100)
	}
	x.links = append(x.links, zone.LinkRow{ChildKey: 2, GuardianKey: 10})
	x.child(20, 1000, day0-10, 11, 12)
	x.child(21, 1000, day0-10, 13, 14)
	x.child(22, 1000, day0-10, 15)
	for _, p := range []int64{1, 11, 12, 15} {
		x.events = append(x.events, event(p, 100, ingest.ServicePortal, at(0, 8, 0, 0)))
	}
	equal(t, x.open(t, Research), "level", "p3", map[[3]string][3]int64{
		{"college", "P3.none", edition.PopTwoGuards}: {3, 1, 3},
		{"college", "P3.one", edition.PopTwoGuards}:  {3, 1, 3},
		{"college", "P3.two", edition.PopTwoGuards}:  {3, 1, 3},
	})
}

// Pupil 2 (6e) looks 4 times and guardian 1 twice. Guardian 10 looks 3 times and does
// not say for whom: 20 and 21 are left out. Guardian 12 looks 3 times for 22 (5e),
// who looks once; nobody for 23.
func TestHomework(t *testing.T) {
	x := base()
	x.person(10, 3, 100)
	x.person(12, 3, 100)
	x.child(20, 1000, day0-10, 10)
	x.child(21, 1000, day0-10, 10)
	x.child(22, 1001, day0-10, 12)
	x.memberships[len(x.memberships)-1].GradeLevel = "5e"
	x.child(23, 1000, day0-10, 12)
	looks := func(who, child int64, times int) {
		for i := range times {
			x.events = append(x.events,
				with(event(who, 100, ingest.ServiceHomework, at(i, 18, 0, 0)), func(e *zone.EventRow) {
					e.ChildKey = child
				}))
		}
	}
	looks(2, 0, 4)
	looks(1, 0, 2)
	looks(10, 0, 3)
	looks(20, 0, 5)
	looks(12, 22, 3)
	looks(22, 0, 1)
	b := x.open(t, Research)
	equal(t, b, "all", "c2", map[[3]string][3]int64{{"", "C2.parent_share", edition.PopPupils}: {2, 2 + 3, 6 + 4}})
	equal(t, b, "grade", "c2", map[[3]string][3]int64{{"6e", "C2.parent_share", edition.PopPupils}: {1, 2, 6},
		{"5e", "C2.parent_share", edition.PopPupils}: {1, 3, 4}})
}

// Homework that no guardian looks up anywhere is no feed of guardians.
func TestHomeworkOfPupilsAloneIsNotMeasurable(t *testing.T) {
	x := base()
	x.events = append(x.events, event(2, 100, ingest.ServiceHomework, at(0, 18, 0, 0)))
	equal(t, x.open(t, Research), "all", "c2", nil)
}
