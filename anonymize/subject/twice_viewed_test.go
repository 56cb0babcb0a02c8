package subject

import (
	"testing"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest"
)

// A page of grades that the portal's events (feed 1) and the log of the
// application's front (feed 2, no school) both hold is one view.
func TestViewSeenByTwoInstrumentsCountsOnce(t *testing.T) {
	seen := func(feed int8, school int32, service ingest.Service, ms int64) zone.EventRow {
		e := event(1, school, service, at(0, 11, 0, 0)+ms)
		e.Feed, e.Device = feed, 0
		if feed == 2 {
			e.Device = int8(ingest.DevicePhone)
		}
		return e
	}
	grades, news := ingest.ServiceGrades, ingest.ServiceNews
	cases := map[string]struct {
		events        []zone.EventRow
		views, visits int64
	}{
		"one, and its echo":    {[]zone.EventRow{seen(1, 100, grades, 0), seen(2, 0, grades, 900)}, 1, 1},
		"the echo comes first": {[]zone.EventRow{seen(1, 100, grades, 900), seen(2, 0, grades, 0)}, 1, 1},
		"at one instant":       {[]zone.EventRow{seen(1, 100, grades, 0), seen(2, 0, grades, 0)}, 1, 1},
		"two quick ones, echoed": {[]zone.EventRow{seen(1, 100, grades, 0), seen(2, 0, grades, 500),
			seen(1, 100, grades, 1200), seen(2, 0, grades, 1900)}, 2, 1},
		"two quick ones of one feed":      {[]zone.EventRow{seen(1, 100, grades, 0), seen(1, 100, grades, 1000)}, 2, 1},
		"2,001 ms apart are two":          {[]zone.EventRow{seen(1, 100, grades, 0), seen(2, 0, grades, 2001)}, 2, 1},
		"another service is another view": {[]zone.EventRow{seen(1, 100, news, 0), seen(2, 0, grades, 100)}, 1, 1},
		"an hour later, the log alone": {[]zone.EventRow{seen(1, 100, grades, 0), seen(2, 0, grades, 400),
			seen(2, 0, grades, 3_600_000)}, 2, 2},
	}
	// Each is of a parent of its own: views are those of a person.
	x, parents := gradesFixture(), map[string]int64{}
	x.study.Feeds = []string{"ent", "app"}
	for name, c := range cases {
		parent := int64(10 + 2*len(parents))
		parents[name] = parent
		x.person(parent, 3, 100)
		x.person(parent+1, 1, 100)
		for i := range 2 {
			x.people[len(x.people)-1-i].FamilyKey = parent
		}
		x.links = append(x.links, zone.LinkRow{ChildKey: parent + 1, GuardianKey: parent, LegalRank: 1})
		for _, e := range c.events {
			e.PersonKey = parent
			x.events = append(x.events, e)
		}
	}
	pairs := read(t, x.open(t, Research), "SELECT * FROM pair_behaviours")
	for name, c := range cases {
		of := pairs[parents[name]]
		if len(of) != 1 {
			t.Fatalf("%s: %d pairs", name, len(of))
		}
		if pair := of[0]; pair["events"] != c.views || pair["visits"] != c.visits {
			t.Errorf("%s: %d views in %d visits, want %d in %d", name, pair["events"], pair["visits"], c.views,
				c.visits)
		}
	}
}

// The echo has no copy, but the device it tells stays with the visit.
func TestEchoStillTellsTheDevice(t *testing.T) {
	x := gradesFixture()
	x.study.Feeds = []string{"ent", "app"}
	echo := event(1, 0, ingest.ServiceGrades, at(0, 11, 0, 1))
	echo.Feed, echo.Device = 2, int8(ingest.DevicePhone)
	x.events = append(x.events, event(1, 100, ingest.ServiceGrades, at(0, 11, 0, 0)), echo)
	b := x.open(t, Research)
	sum := sumOf(t, b)
	if got := sum("all", "", "L5.phone", "active_accounts"); got != [3]int64{1, 1, 1} {
		t.Errorf("L5.phone: %v", got)
	}
	if b.Attested()["events"] != 22 { // both records, and the teacher's twenty
		t.Errorf("%d events attested", b.Attested()["events"])
	}
}
