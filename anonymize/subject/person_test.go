package subject

import (
	"reflect"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
)

func TestVisitBands(t *testing.T) {
	for _, c := range []struct {
		visits, weekVisits, weeks int64
		want                      string
	}{
		{0, 0, 12, "0-never"}, {1, 0, 12, "1-under 1/month"}, {2, 2, 12, "1-under 1/month"}, {3, 3, 12, "2-monthly"},
		{11, 11, 12, "2-monthly"}, {12, 12, 12, "3-weekly"}, {23, 23, 12, "3-weekly"}, {24, 24, 12, "4-several a week"},
		{59, 59, 12, "4-several a week"}, {60, 60, 12, "5-daily"}, {4, 0, 0, "1-under 1/month"},
	} {
		if got := visitsBand(c.visits, c.weekVisits, c.weeks); got != c.want {
			t.Errorf("%d visits in %d weeks: got %q, want %q", c.weekVisits, c.weeks, got, c.want)
		}
	}
}

func TestOtherBands(t *testing.T) {
	for got, want := range map[string]string{
		gradeBand(0, 0): unknown, gradeBand(10, 11): "6e-5e", gradeBand(11, 12): "several",
		gradeBand(14, 16): "2de-Tle", childrenBand(0) + "/" + childrenBand(1) + "/" + childrenBand(2) + "/" +
			childrenBand(9): unknown + "/1/2/3+", devices(0, 0, 0, 0) + "/" + devices(3, 0, 0, 0) + "/" +
			devices(3, 2, 2, 0) + "/" + devices(3, 2, 0, 2): "none/unknown/phone/computer",
		devices(3, 3, 1, 2) + "/" +
			devices(3, 1, 0, 0): "mixed/mixed", eveningBand(0, 0) + "/" + eveningBand(3, 1) + "/" +
			eveningBand(2, 1): "none/0-under half/1-half or more",
		gradeVisitsBand(0, 5) + "/" + gradeVisitsBand(4, 5) + "/" + gradeVisitsBand(5, 5) + "/" +
			gradeVisitsBand(10, 5): "0-none/1-under weekly/2-weekly/3-several a week",
		gradeVisitsBand(25, 5) + "/" + ipsBand(0) + "/" + ipsBand(5): "4-daily/unknown/5",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// One row per parent; staff and pupils have none. A class of grades gives the band.
func TestPersons(t *testing.T) {
	x := base()
	x.person(10, 3, 100)
	x.people[len(x.people)-1].ActivatedDay = -1
	x.links = append(x.links, zone.LinkRow{ChildKey: 2, GuardianKey: 10}, zone.LinkRow{ChildKey: 20, GuardianKey: 10})
	x.accompaniment = []zonetest.AccompanimentRow{{PersonKey: 10, LocalDate: day0 + 1}}
	x.events = append(x.events, with(event(1, 100, ingest.ServicePortal, at(0, 20, 0, 0)), func(e *zone.EventRow) {
		e.Device = 2
	}))
	table, err := x.open(t, Research).Persons(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Account) != 2 || table.Account[0] != 1 || table.Account[1] != 10 || table.Child[1] != 2 ||
		table.Family[1] != 1 {
		t.Fatalf("units %v %v %v", table.Account, table.Child, table.Family)
	}
	want := map[string][2]string{
		"level": {"college", "college"}, "grade_band": {"6e-5e", "6e-5e"}, "sector": {"public", "public"},
		"ep": {"HEP", "HEP"}, "ips_band": {"3", "3"},
		"cluster": {"*", "*"}, "children": {"1", "2"}, "devices": {"phone", "none"},
		"activation": {"before-term", "never"},
		"visits":     {"1-under 1/month", "0-never"}, "grade_visits": {"not-measured", "not-measured"},
		"evening":     {"1-half or more", "none"},
		"accompanied": {"no", "yes"},
	}
	for i, c := range table.Columns {
		if c.Name != columnNames[i] {
			t.Errorf("column %d is %s", i, c.Name)
		}
		for row, text := range want[c.Name] {
			if got := c.Values[c.Codes[row]]; got != text {
				t.Errorf("%s of row %d: got %q, want %q", c.Name, row, got, text)
			}
		}
	}
}

// A cluster of the person table has at least three schools, of one stratum where
// a stratum has as many.
func TestPersonClusters(t *testing.T) {
	x := base()
	x.schools, x.events = nil, nil
	for i := range int32(12) {
		x.school(200 + i)
		x.person(int64(9000+i), 3, 200+i)
		s := &x.schools[len(x.schools)-1]
		switch {
		case i < 4: // a stratum of four: one cluster
		case i < 6: // two of another band, and two with REP: only the level joins them
			s.IPSBand = 1
		case i < 8:
			s.EP = "REP"
		default:
			s.Level = "lycee"
		}
	}
	b := x.open(t, Research)
	clusters, err := b.personClusters(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[string]int{}
	for s, c := range clusters {
		sizes[c]++
		for other, d := range clusters {
			if c == d && (s < 208) != (other < 208) {
				t.Errorf("schools %d and %d of two levels are in %s", s, other, c)
			}
			if c == d && (s < 204) != (other < 204) {
				t.Errorf("schools %d and %d are not of one stratum", s, other)
			}
		}
	}
	for name, c := range b.inCommon(clusters) {
		levels := map[string]bool{}
		for s, of := range clusters {
			if of == name {
				levels[b.schools[s].level+b.schools[s].ep+ipsBand(b.schools[s].ips)] = true
			}
		}
		if told := c.level + c.ep + ipsBand(c.ips); len(levels) == 1 != levels[told] {
			t.Errorf("rows of %s say %q, of schools %v", name, told, levels)
		}
	}
	if len(sizes) != 3 || sizes["c01"] != 4 || sizes["c02"] != 4 || sizes["c03"] != 4 {
		t.Errorf("clusters %v", sizes)
	}
}

// TestRowsTellNoAddress: rows name schools, by level, IPS, priority education and sector; which addresses the
// directory knows must not be known of a school.
func TestRowsTellNoAddress(t *testing.T) {
	x := base()
	x.person(10, 3, 100)
	known, err := x.open(t, Research).Persons(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range x.people {
		x.people[i].EmailKnown, x.people[i].PhoneKnown = 0, int8(i%2)
	}
	unknown, err := x.open(t, Research).Persons(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(known, unknown) {
		t.Errorf("the rows of two persons are\n%v with an address each, and\n%v without", known, unknown)
	}
}

// P1: a pupil counts only when no guardian visits.
func TestChildAccount(t *testing.T) {
	x := base()
	// parent 1 visits: child 2 does not count
	x.events = append(x.events, event(1, 100, ingest.ServicePortal, at(0, 8, 0, 0)))
	x.events = append(x.events, event(2, 100, ingest.ServiceParentOnly, at(0, 8, 0, 0)))
	pupil := func(key int64, events ...zone.EventRow) {
		x.person(key, 1, 100)
		for _, e := range events {
			e.PersonKey, e.Profile = key, 1
			x.events = append(x.events, e)
		}
	}
	// strict
	pupil(30, event(0, 100, ingest.ServiceParentOnly, at(0, 18, 0, 0)))
	// loose
	pupil(31, event(0, 100, ingest.ServiceGrades, at(0, 20, 0, 0)),
		event(0, 100, ingest.ServiceMessages, at(0, 20, 5, 0)))
	// loose: in class
	pupil(32, event(0, 100, ingest.ServiceGrades, at(0, 10, 0, 0)),
		event(0, 100, ingest.ServiceHomework, at(0, 10, 1, 0)))
	// neither
	pupil(33, event(0, 100, ingest.ServiceHomework, at(0, 20, 0, 0)))
	// Wednesday
	pupil(34, event(0, 100, ingest.ServiceGrades, at(2, 10, 0, 0)),
		event(0, 100, ingest.ServiceHomework, at(2, 10, 1, 0)))
	pupil(35) // no visit: not in the population
	sum := sumOf(t, x.open(t, Research))
	if got := sum("all", "", "P1.low", edition.PopPupils); got != [3]int64{6, 1, 6} {
		t.Errorf("low: got %v, want 1 of 6", got)
	}
	if got := sum("all", "", "P1.high", edition.PopPupils); got != [3]int64{6, 3, 6} {
		t.Errorf("high: got %v, want 3 of 6", got)
	}
}

// The life table: origin, events and censorings by week.
func TestFirstLogin(t *testing.T) {
	x := base()
	x.events = append(x.events, event(1, 100, ingest.ServicePortal, at(13, 8, 0, 0))) // day 13: bin 1
	x.person(10, 3, 100)                                                              // never: censored in bin 9
	// created on day 30, comes on day 37: bin 1
	x.person(11, 3, 100)
	x.people[len(x.people)-1].CreatedDay = day0 + 30
	x.events = append(x.events, event(11, 100, ingest.ServicePortal, at(37, 8, 0, 0)))
	x.person(12, 3, 100) // created on day 60, never: censored in bin 1
	x.people[len(x.people)-1].CreatedDay = day0 + 60
	_, times, err := x.open(t, Research).Cells(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[int32][3]int64{}
	for _, r := range times {
		if r.Grouping == "all" {
			got[r.Bin] = [3]int64{r.AtRisk, r.Events, r.Censored}
			if r.Persons != 4 || r.Schools != 1 {
				t.Errorf("%+v", r)
			}
		}
	}
	want := map[int32][3]int64{0: {4, 0, 0}, 1: {4, 2, 1}, 2: {1, 0, 0}, 8: {1, 0, 0}, 9: {1, 0, 1}}
	for bin, w := range want {
		if got[bin] != w {
			t.Errorf("bin %d: got %v, want %v", bin, got[bin], w)
		}
	}
	if len(got) != 10 {
		t.Errorf("%d bins", len(got))
	}
}

// The place of accounts by visits, worked by hand for visits 0, 0, 1, 3: F5.
func TestConcentration(t *testing.T) {
	x := base()
	for p, visits := range map[int64]int{1: 0, 10: 0, 11: 1, 12: 3} {
		if p != 1 {
			x.person(p, 3, 100)
		}
		for i := range visits {
			x.events = append(x.events, event(p, 100, ingest.ServicePortal, at(i, 8, 0, 0)))
		}
	}
	sum := sumOf(t, x.open(t, Research))
	for measure, want := range map[string][3]int64{
		"F5.rank":        {4, 1*6 + 3*8, 4}, // twice the mid-ranks are 3, 3, 6, 8
		"F5.upper":       {4, 4 + 4 + 3 + 0, 4},
		"F5.top_tenth":   {4, 1, 4}, // 0.4 of the account with 3 visits: 1.2
		"F5.next_tenth":  {4, 1, 4}, // 0.8 of it, 2.4, less that
		"F5.third_tenth": {4, 1, 4}, // the rest, and 0.2 of the one with 1
		"F5.next_fifth":  {4, 1, 4},
		"F5.lower_half":  {4, 0, 4},
	} {
		if got := sum("all", "", measure, edition.PopAll); got != want {
			t.Errorf("%s: got %v, want %v", measure, got, want)
		}
	}
}
