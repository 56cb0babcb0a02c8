package subject

import (
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
)

// grades makes a school with a pupil, published grades, and a teacher's grade
// event each Monday: every week is covered.
func gradesFixture() *fixture {
	x := base()
	for w := range 10 {
		x.events = append(x.events, event(3, 100, ingest.ServiceGrades, at(7*w, 12, 5, 0)))
	}
	x.publish(at(0, 10, 0, 0))
	return x
}

func (x *fixture) publish(ts int64) {
	x.publications = append(x.publications, zonetest.PublicationRow{SchoolKey: 100, ClassKey: 1000, TsMs: ts,
		LocalDate: int32(ts / 86_400_000), AssessedDay: -1, ReturnedDay: -1})
}

func (x *fixture) check(day, hour, minute int) {
	x.events = append(x.events, event(1, 100, ingest.ServiceGrades, at(day, hour, minute, 0)))
}

func pairOf(t *testing.T, x *fixture) map[string]int64 {
	t.Helper()
	rows := read(t, x.open(t, Research), "SELECT * FROM pair_behaviours")[1]
	if len(rows) != 1 {
		t.Fatalf("%d pairs", len(rows))
	}
	return rows[0]
}

func TestGradeVisits(t *testing.T) {
	x := gradesFixture()
	// before the publication of 10 h: first, neither empty nor counted
	x.check(0, 9, 0)
	x.check(0, 11, 0)         // finds it
	x.check(0, 11, 20)        // same visit, second event
	x.check(0, 14, 0)         // empty
	x.publish(at(1, 8, 0, 0)) // …
	x.check(1, 8, 0)          // published at the start of the visit: finds it
	// empty: that publication is not after the start of the visit before
	x.check(1, 12, 0)
	x.check(5, 12, 0)                                 // Saturday: a visit, no school day; empty
	x.publish(at(7, 8, 10, 0))                        //
	x.check(7, 8, 0)                                  // during, after the start: empty
	x.check(7, 9, 0)                                  // finds what came during the visit before
	x.events = append(x.events, event(1, 100, 10, 0)) // an event of 1970 is outside
	wanted(t, pairOf(t, x), map[string]int64{
		"published": 1, "days": 50, "weeks": 10, "events": 8, "visits": 8, "empties": 4,
		"days1": 3, "days2": 3, "days3": 1, "days5": 0, "very_frequent": 0,
	})
}

func TestNoGradeFeedIsNotMeasurable(t *testing.T) {
	x := base()
	x.publish(at(0, 10, 0, 0))
	b := x.open(t, Research)
	sums, _, err := b.Cells(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for r := range sums.All() {
		if r.Measure[0] == 'N' {
			t.Fatalf("%+v", r)
		}
	}
	persons, err := b.Persons(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range persons.Columns {
		if c.Name == "grade_visits" && (len(c.Values) != 1 || c.Values[0] != "not-measured") {
			t.Errorf("grade_visits: %q", c.Values)
		}
	}
}

func TestNoPublicationIsNoPair(t *testing.T) {
	x := gradesFixture()
	x.publications[0].ClassKey = 77
	x.check(0, 9, 0)
	wanted(t, pairOf(t, x), map[string]int64{"published": 0, "visits": 1})
	sum := sumOf(t, x.open(t, Research))
	if got := sum("all", "", "N1.views_per_day", edition.PopPairs); got != [3]int64{} {
		t.Errorf("got %v, want no pair", got)
	}
}

// Thirteen days of three bursts each week day: 39 visits, no publication but the first.
func frequent() *fixture {
	x := gradesFixture()
	for d := range 17 {
		if d%7 < 5 {
			x.check(d, 8, 0)
			x.check(d, 8, 40)
			x.check(d, 9, 20)
		}
	}
	return x
}

func TestVeryFrequentChecking(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*fixture)
		want   int64
	}{
		"all conditions": {func(*fixture) {}, 1},
		// 12 of 50 days
		"few visits a day": {func(x *fixture) {
			x.study.End = day0 + 69
			x.events = x.events[:len(x.events)-3*1]
		}, 0},
		"publications each hour":   {func(x *fixture) { publishHourly(x) }, 0},
		"three weeks":              {func(x *fixture) { x.study.End = day0 + 20 }, 0},
		"not bursty, not by night": {func(x *fixture) { spread(x, 6) }, 0},
		"not bursty, but by night": {func(x *fixture) { spread(x, 0) }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			x := frequent()
			c.change(x)
			wanted(t, pairOf(t, x), map[string]int64{"very_frequent": c.want})
		})
	}
}

func publishHourly(x *fixture) {
	for d := range 20 {
		for h := range 24 {
			x.publish(at(d, h, 30, 0))
			x.publish(at(d, h, 59, 0))
			x.publish(at(d, h, 10, 0))
		}
	}
}

// spread puts the checks eight hours apart over 70 days, from an hour on.
func spread(x *fixture, hour int) {
	x.events = x.events[:20]
	for d := range 70 {
		for i := range 3 {
			x.check(d, hour+8*i, 0)
		}
	}
}
