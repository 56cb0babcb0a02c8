package indicator

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/edition"
)

// lockdownWeeks are two school years around March 2020 with a planted doubling of
// visits at the closure and a school that joins halfway.
func lockdownWeeks(schools int) []edition.WeekRow {
	rng := rand.New(rand.NewPCG(3, 3))
	var out []edition.WeekRow
	for i := range schools {
		for w := range int32(60) {
			week := lockdownWeek - 7*26 + 7*w
			if i == 0 && w < 30 {
				continue
			}
			mean := 200 * math.Exp(0.02*rng.NormFloat64())
			if week >= lockdownWeek {
				mean *= 2
			}
			if week >= reopeningWeek {
				mean *= 0.75
			}
			out = append(out, edition.WeekRow{
				Level: "college", Cluster: int32(i), Schools: 1, WeekDay: week, Profile: profileParent,
				Service: anyService, Visits: int64(mean), Persons: 80,
			})
		}
	}
	return out
}

func TestLockdown(t *testing.T) {
	r := newRegion(1, 3)
	ed := commit(t, r.manifest("research"), func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableWeeks, lockdownWeeks(20), nil)
	})
	results := compute(t, ed, "L6")
	event := map[string]string{"event": lockdown.name}
	for measure, planted := range map[string]float64{
		"event_level_ratio": 2, "end_level_ratio": 0.75, "event_slope_ratio": 1, "placebo_level_ratio": 1,
	} {
		x := find(t, results, "L6", "panel", measure, event)
		if x.Low == nil || *x.Low > planted+0.01 || *x.High < planted-0.01 || x.Target != targetSeries {
			t.Errorf("%s: %s [%s, %s], planted %v", measure, number(x.Estimate), number(x.Low), number(x.High), planted)
		}
	}
	if x := find(t, results, "L6", "schools", "panel_share", whole); x.Estimate == nil || *x.Estimate != 0.95 {
		t.Errorf("panel_share: %v: the school that joined halfway is not in the panel", number(x.Estimate))
	}
	x := find(t, results, "L6", "panel", "weekly_visits", map[string]string{"week": "2020-03-16"})
	if x.Estimate == nil || *x.Estimate < 350 || x.N != 19*80 {
		t.Errorf("weekly_visits: %+v", x)
	}
	out, err := released(results, testPolicy(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range out {
		check(t, x)
		protectedForm(t, x, false)
	}
}

// A panel of fewer persons than a figure needs still has a share of schools, and nothing of it
// says how many came.
func TestPanelOfFew(t *testing.T) {
	weeks := lockdownWeeks(4)
	for i := range weeks {
		weeks[i].Persons = 1
	}
	ed := commit(t, newRegion(1, 3).manifest("research"), func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableWeeks, weeks, nil)
	})
	out, err := released(compute(t, ed, "L6"), testPolicy(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range out {
		protectedForm(t, x, false)
	}
	if x := find(t, out, "L6", "schools", "panel_share", whole); x.Estimate == nil || *x.Estimate != 0.75 {
		t.Errorf("panel_share: %+v", x)
	}
}

// What changed at an event has the error of the weeks: merged clusters, of which there are
// few in a small region, do not take its interval. The visits of a week have theirs.
func TestLockdownOfFewClusters(t *testing.T) {
	rows := lockdownWeeks(8)
	for i := range rows {
		rows[i].Schools = 5
	}
	ed := commit(t, newRegion(1, 3).manifest("research"), func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableWeeks, rows, nil)
	})
	results := compute(t, ed, "L6")
	for measure, planted := range map[string]float64{"event_level_ratio": 2, "end_level_ratio": 0.75} {
		x := find(t, results, "L6", "panel", measure, map[string]string{"event": lockdown.name})
		if x.Low == nil || *x.Low > planted+0.01 || *x.High < planted-0.01 || x.Target != targetSeries {
			t.Errorf("%s: %s [%s, %s], planted %v", measure, number(x.Estimate), number(x.Low), number(x.High), planted)
		}
	}
	x := find(t, results, "L6", "panel", "weekly_visits", map[string]string{"week": "2020-03-16"})
	if x.Low != nil || !x.warns(CodeFewClusters) {
		t.Errorf("weekly_visits: [%s, %s], %v", number(x.Low), number(x.High), x.Warnings)
	}
}

func TestLockdownOutside(t *testing.T) {
	results := compute(t, newRegion(1, 40).of("D1").research(t), "L6")
	x := find(t, results, "L6", "panel", "event_level_ratio", map[string]string{"event": lockdown.name})
	if x.Status != NotMeasurable || x.Warnings[0].Code != CodeShort {
		t.Errorf("%+v", x)
	}
	if len(results) != weeks+5 {
		t.Errorf("%d results, want %d weeks and 5", len(results), weeks)
	}
}

func TestPanelEmpty(t *testing.T) {
	if p := newPanel(nil); len(p.members) != 0 || len(p.weeks) != 0 {
		t.Errorf("%+v", p)
	}
	if p := newPanel([]query.Week{{Service: serviceGrades, Visits: 3}}); len(p.members) != 0 {
		t.Errorf("a service alone: %+v", p)
	}
}

// A declared event takes the place of the lockdown; one without an end has no level
// after it.
func TestDeclaredEvents(t *testing.T) {
	r := newRegion(1, 3)
	m := r.manifest("research")
	m.Declared = []edition.Declared{
		{Kind: "event", Name: "charte", Label: "charte des usages", Start: "2020-03-18"},
		{Kind: "deadline", Name: "bourses", Start: "2020-10-01"},
	}
	ed := commit(t, m, func(w *edition.Writer) error {
		closed := slices.DeleteFunc(lockdownWeeks(20), func(w edition.WeekRow) bool {
			return w.WeekDay >= reopeningWeek
		})
		return edition.WriteTable(w, edition.TableWeeks, closed, nil)
	})
	results := compute(t, ed, "L6")
	x := find(t, results, "L6", "panel", "event_level_ratio", map[string]string{"event": "charte des usages"})
	if x.Low == nil || *x.Low > 2 || *x.High < 2 {
		t.Errorf("charter: %+v, planted 2", x)
	}
	for _, x := range results {
		if x.Measure == "end_level_ratio" && x.Status != NotMeasurable || x.Group["event"] == "bourses" {
			t.Errorf("%+v", x)
		}
	}
}
