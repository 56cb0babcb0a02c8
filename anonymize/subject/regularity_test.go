package subject

import (
	"maps"
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/ingest"
)

// Parent 1 visits each Monday at 8 h: entropy 0, A_n −1, no memory. Parent 10 visits
// on Mondays and Tuesdays, 6 and 5 times: −(6/11 ln 6/11 + 5/11 ln 5/11) / ln 7 =
// 0.354; of the intervals 1, 6, 1, 6, … of n = 10, r = 2.5/3.5 and A_n = (√11 r − 3) /
// ((√11 − 2) r + 3) = −0.160; each is followed by the other, M = −1. Parent 11 has
// nine visits.
func TestRegularity(t *testing.T) {
	x := base()
	x.person(10, 3, 100)
	x.person(11, 3, 100)
	for w := range 10 {
		x.events = append(x.events, event(1, 100, ingest.ServicePortal, at(7*w, 8, 0, 0)))
		if w < 6 {
			x.events = append(x.events, event(10, 100, ingest.ServicePortal, at(7*w, 8, 0, 0)))
		}
		if w < 5 {
			x.events = append(x.events, event(10, 100, ingest.ServicePortal, at(7*w+1, 8, 0, 0)))
		}
		if w < 9 {
			x.events = append(x.events, event(11, 100, ingest.ServicePortal, at(w, 8, 0, 0)))
		}
	}
	equal(t, x.open(t, Research), "all", "l3", map[[3]string][3]int64{
		{"", "L3.entropy", edition.PopRegular}:    {2, 0 + 35, 200},
		{"", "L3.burstiness", edition.PopRegular}: {2, 0 + 84, 200},
		{"", "L3.memory", edition.PopRegular}:     {1, 0, 100},
	})
}

// Parent 1 looks at grades on Monday at 8:00 and at 23:30, on the next Monday at 8:59 and on
// Sunday at 6:59, before the first hour of the day; parent 10 visits without grades, on
// Tuesday at 12:00. Who never came counts nowhere.
func TestHoursOfWeekdays(t *testing.T) {
	x := gradesFixture()
	x.person(10, 3, 100)
	x.person(11, 3, 100)
	for _, c := range [][3]int{{0, 8, 0}, {0, 23, 30}, {7, 8, 59}, {6, 6, 59}} {
		x.check(c[0], c[1], c[2])
	}
	x.events = append(x.events, event(10, 100, ingest.ServicePortal, at(1, 12, 0, 0)))
	b := x.open(t, Research)
	for family, c := range map[string]struct {
		id, population  string
		persons, visits int64
		of              map[string]int64
	}{
		"l4_week": {"L4", edition.PopActive, 2, 5,
			map[string]int64{"mon_07-09": 2, "mon_23-07": 1, "sun_23-07": 1, "tue_12-14": 1}},
		"n9": {"N9", edition.PopViewers, 1, 4, map[string]int64{"mon_07-09": 2, "mon_23-07": 1, "sun_23-07": 1}},
	} {
		want := map[[3]string][3]int64{}
		for _, day := range edition.Places["weekday"] {
			for _, hours := range edition.Places["hours"] {
				name := day + "_" + hours
				want[[3]string{"", c.id + "." + name, c.population}] = [3]int64{c.persons, c.of[name], c.visits}
			}
		}
		equal(t, b, "all", family, want)
	}
}

// On Monday parent 1 opens grades at 8:00, 8:20 and 9:10: two visits, three with a
// pause of 15 minutes, one with 60. On Tuesday every 20 minutes from 8:00 to 9:20,
// one visit, five, one. On Wednesday at 8:00, 8:15 and 9:15: gaps of exactly 15 and
// 60 minutes stay inside, so two visits, two, one.
func TestPauses(t *testing.T) {
	x := gradesFixture()
	for day, minutes := range [][]int{{0, 20, 70}, {0, 20, 40, 60, 80}, {0, 15, 75}} {
		for _, m := range minutes {
			x.check(day, 8, m)
		}
	}
	b := x.open(t, Research)
	equal(t, b, "all", "l1_pause", map[[3]string][3]int64{
		{"", "L1.visits_per_week.pause15", edition.PopAll}:    {1, 10, 10},
		{"", "L1.visits_per_week.pause15", edition.PopActive}: {1, 10, 10},
		{"", "L1.visits_per_week.pause60", edition.PopAll}:    {1, 3, 10},
		{"", "L1.visits_per_week.pause60", edition.PopActive}: {1, 3, 10},
	})
	want := map[[3]string][3]int64{}
	for m, n := range map[string]int64{"two_a_day.pause15": 3, "three_a_day.pause15": 2, "five_a_day.pause15": 1,
		"two_a_day.pause60": 0, "three_a_day.pause60": 0, "five_a_day.pause60": 0} {
		want[[3]string{"", "N2." + m, edition.PopPairs}] = [3]int64{1, n, 50}
		want[[3]string{"", "N2." + m, edition.PopViewers}] = [3]int64{1, n, 3}
	}
	equal(t, b, "all", "n2_pause", want)
	got := measured(t, b, "all", "n")[[3]string{"", "N2.two_a_day", edition.PopViewers}]
	if got != [3]int64{1, 2, 3} {
		t.Errorf("with 30 minutes: got %v", got)
	}
}

// frequent checks three times on 13 of 50 days (26 %), 37 of 38 checks empty, none at
// night; the intervals are 26 of 40, 10 of 1360 and 2 of 4240 minutes: A_n = 0.339.
func TestGridOfVeryFrequentChecking(t *testing.T) {
	for _, g := range grid() {
		if !slices.ContainsFunc(edition.Measures, func(e edition.Measure) bool { return e.Name == "N5.grid."+g.Cell }) {
			t.Errorf("N5.grid.%s is not approved", g.Cell)
		}
	}
	if n := len(grid()); n != 36 {
		t.Fatalf("%d cells", n)
	}
	for name, c := range map[string]struct {
		change func(*fixture)
		met    func(g gridRow) bool
	}{
		"bursts":           {func(*fixture) {}, func(g gridRow) bool { return g.DaysShare <= 25 && g.Bounds <= 2 }},
		"regular":          {func(x *fixture) { spread(x, 6) }, func(gridRow) bool { return false }},
		"a third by night": {func(x *fixture) { spread(x, 0) }, func(gridRow) bool { return true }},
	} {
		t.Run(name, func(t *testing.T) {
			x := frequent()
			c.change(x)
			want := map[[3]string][3]int64{}
			for _, g := range grid() {
				n := [3]int64{1, 0, 1}
				if c.met(g) {
					n[1] = 1
				}
				want[[3]string{"", "N5.grid." + g.Cell, edition.PopPairs}], want[[3]string{"", "N5.grid." + g.Cell,
					edition.PopViewers}] = n, n
			}
			got := measured(t, x.open(t, Research), "all", "n5_grid")
			if !maps.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
