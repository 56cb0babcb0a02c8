package subject

import (
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
)

// measured gives persons, x and y of one file of measures in one grouping, by
// group, measure and population.
func measured(t testing.TB, b *Builder, grouping, name string) map[[3]string][3]int64 {
	t.Helper()
	if err := b.attribute(t.Context(), grouping); err != nil {
		t.Fatal(err)
	}
	found := map[[3]string][3]int64{}
	for _, fam := range b.families() {
		if fam.name != name {
			continue
		}
		table, err := b.tally(t.Context(), fam)
		if err != nil {
			t.Fatal(err)
		}
		table.each(func(k periodKey, r tally) {
			key := [3]string{k.group, k.measure, k.population}
			n := found[key]
			found[key] = [3]int64{n[0] + r.Persons, n[1] + r.Numerator, n[2] + r.Denom}
		})
	}
	return found
}

// equal checks every cell of one file of measures in one grouping.
func equal(t testing.TB, b *Builder, grouping, name string, want map[[3]string][3]int64) {
	t.Helper()
	got := measured(t, b, grouping, name)
	for k, n := range want {
		if got[k] != n {
			t.Errorf("%s %q: got %v, want %v", grouping, k, got[k], n)
		}
	}
	for k, n := range got {
		if _, ok := want[k]; !ok {
			t.Errorf("%s %q: got %v, want no cell", grouping, k, n)
		}
	}
}

// member gives the last person of the fixture one more grade level in a school.
func (x *fixture) member(school int32, grade string) {
	key := x.people[len(x.people)-1].PersonKey
	x.memberships = append(x.memberships, zone.MembershipRow{PersonKey: key, SchoolKey: school, GradeLevel: grade,
		ClassKey: int64(school)*10 + 1, FromDay: day0 - 10, ToDay: -1})
}

// A college (100) and an école (50). Parent 1 (6e) never visits; parent 10 (6e, 4e)
// visits on a phone in September and on a computer in October; parent 11 (4e in the
// college, CM1 in the école) visits each once, in September, on a device unknown.
func groupingsFixture() *fixture {
	x := base()
	x.schools[0].Academie, x.schools[0].RolloutDay = "Lille", x.study.End-3*365-1
	x.school(50)
	x.schools[1].Level, x.schools[1].EP, x.schools[1].RolloutDay = "ecole", "REP", x.study.Start-30
	x.person(10, 3, 100)
	x.member(100, "4e")
	x.person(11, 3)
	x.member(100, "4e")
	x.member(50, "CM1")
	device := func(d ingest.Device, e zone.EventRow) zone.EventRow {
		e.Device = int8(d)
		return e
	}
	x.events = append(x.events,
		device(ingest.DevicePhone, event(10, 100, ingest.ServicePortal, at(0, 8, 0, 0))),
		device(ingest.DeviceComputer, event(10, 100, ingest.ServicePortal, at(30, 8, 0, 0))),
		event(11, 100, ingest.ServicePortal, at(1, 8, 0, 0)), event(11, 50, ingest.ServicePortal, at(2, 8, 0, 0)))
	x.settings = []zonetest.SettingRow{
		{SchoolKey: 100, Setting: 1, Value: 1, FromDay: -1, ToDay: -1},
		{SchoolKey: 50, Setting: 1, Value: 1, FromDay: -1, ToDay: day0 + 20},
		{SchoolKey: 50, Setting: 1, Value: 2, FromDay: day0 + 21, ToDay: -1},
		{SchoolKey: 100, Setting: 3, Value: 7, FromDay: -1, ToDay: day0 - 400},
		{SchoolKey: 100, Setting: 3, Value: 8, FromDay: day0 - 399, ToDay: -1},
		{SchoolKey: 100, Setting: 3, Value: 9, FromDay: day0 + 70, ToDay: -1}, // after the window
		{SchoolKey: 50, Setting: 3, Value: 8, FromDay: -1, ToDay: -1},
	}
	return x
}

// Every person stands in each of their groups, once, with the visits of the schools
// that make it. All 10 weeks are covered; 4 Mondays are in September, 4 in October.
func TestGroupings(t *testing.T) {
	b := groupingsFixture().open(t, Research)
	college, ecole := [3]int64{3, 3, 30}, [3]int64{1, 1, 10}
	for grouping, groups := range map[string]map[string][3]int64{
		"grade":       {"6e": {2, 2, 20}, "4e": {2, 3, 20}, "CM1": ecole},
		"sector":      {"public": college}, // the école has none
		"territory":   {"Lille": college},
		"stratum":     {"college 3": college, "ecole 3": ecole},
		"publication": {"at-once": college}, // the école changed
		"seniority":   {"2-4": college, "0-1": ecole},
		"products":    {"2": college, "1": ecole},
		"device":      {"none": {1, 0, 10}, "mixed": {1, 2, 10}, "unknown": {1, 2, 10}},
		"month":       {"2025-09": {3, 3, 12}, "2025-10": {3, 1, 12}, "2025-11": {3, 0, 6}},
	} {
		got := map[string][3]int64{}
		for k, n := range measured(t, b, grouping, "l1") {
			if k[1] == "L1.visits_per_week" && k[2] == edition.PopAll {
				got[k[0]] = n
			}
		}
		if len(got) != len(groups) {
			t.Errorf("%s: got groups %v, want %v", grouping, got, groups)
		}
		for group, want := range groups {
			if got[group] != want {
				t.Errorf("%s %s: got %v, want %v", grouping, group, got[group], want)
			}
		}
	}
}

// A measure is written for its groupings only, and one of the whole window has no month.
func TestMeasuresKeepToTheirGroupings(t *testing.T) {
	b := groupingsFixture().open(t, Research)
	of := groupingsOf()
	for _, grouping := range []string{"month", "sector"} {
		if err := b.attribute(t.Context(), grouping); err != nil {
			t.Fatal(err)
		}
		rows := &SumRows{}
		if err := b.sumGrouping(t.Context(), rows, grouping); err != nil {
			t.Fatal(err)
		}
		written := map[string]bool{}
		for r := range rows.All() {
			written[r.Measure] = true
			if !slices.Contains(of[r.Measure], grouping) {
				t.Errorf("%s is not for %s", r.Measure, grouping)
			}
		}
		if !written["L1.weekly"] || written["L1.visits_per_week.pause15"] ||
			written["D3.connected"] != (grouping == "sector") {
			t.Errorf("%s: got %v", grouping, written)
		}
	}
	for _, m := range edition.Measures {
		for _, g := range of[m.Name] {
			if !slices.Contains(groupings(), g) {
				t.Errorf("no cells by %s for %s", g, m.Name)
			}
		}
	}
}

// Groupings computed together give what each gives alone.
func TestGroupingsTogether(t *testing.T) {
	b := small(3).open(t, Research)
	rows, times, err := b.Cells(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	alone := &SumRows{}
	var aloneTimes []edition.TimeRow
	for _, g := range groupings() {
		if err := b.attribute(t.Context(), g); err != nil {
			t.Fatal(err)
		}
		if err := b.sumGrouping(t.Context(), alone, g); err != nil {
			t.Fatal(err)
		}
		l, err := b.timeGrouping(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		aloneTimes = append(aloneTimes, l...)
	}
	slices.SortFunc(aloneTimes, compareTimes)
	sums, aloneSums := slices.Collect(rows.All()), slices.Collect(alone.All())
	if !slices.Equal(sums, aloneSums) || !slices.Equal(times, aloneTimes) {
		t.Errorf("%d cells and %d bins together, %d and %d alone", len(sums), len(times), len(aloneSums),
			len(aloneTimes))
		for i := range min(len(sums), len(aloneSums)) {
			if sums[i] != aloneSums[i] {
				t.Fatalf("got  %+v\nwant %+v", sums[i], aloneSums[i])
			}
		}
	}
	merged := 0
	for _, r := range sums {
		if r.Schools > 1 && r.Grouping == "level" {
			merged++
		}
	}
	if merged == 0 || len(times) == 0 {
		t.Error("the fixture merges no schools")
	}
}

// TestSettingsAreWords: the settings that coverage counts schools of are those of the lists of editions.
func TestSettingsAreWords(t *testing.T) {
	for _, name := range settingFeeds {
		if !slices.Contains(edition.Settings, name) {
			t.Errorf("%q is no setting of an edition", name)
		}
	}
	if len(edition.Settings) != len(settingFeeds) {
		t.Errorf("%d settings of %d", len(settingFeeds), len(edition.Settings))
	}
}
