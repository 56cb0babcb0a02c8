package oracle

import (
	"flag"
	"fmt"
	"math"
	"testing"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// observe adds up what some measures observe of a region: they are a fraction of all.
func observe(r *region.Region, measures func(o *observer)) *Totals {
	t := NewTotals()
	for n := range r.Basins() {
		measures(newObserver(t, r.Basin(n)))
	}
	return t
}

var draws = flag.Int("draws", 2, "regions in which nothing happened before the accompaniment")

// Matching on past use could bring parents together whose use was low by chance, and
// return: the change before the accompaniment, of the accompanied over their controls,
// would then not be 1. Over draws of regions its logarithm is 0 in the mean.
//
//	go test ./ingest/simulate/oracle -run TestNothingHappensBefore -v -draws 200 -timeout 1h
func TestNothingHappensBefore(t *testing.T) {
	var sum, squares float64
	above := 0
	for seed := range *draws {
		w, err := region.NewWindow(defaultWeeks)
		if err != nil {
			t.Fatal(err)
		}
		totals := observe(region.New(region.Plan{Window: w, Seed: uint64(seed + 1), Parents: 6000, Schools: 60,
			Selection: region.SelectionObserved}), (*observer).matched)
		visits := func(arm string, weeks ...int) (x float64) {
			for _, k := range weeks {
				x += totals.x[ratio{fmt.Sprintf("A2.week%+d.%s", k, arm), "matched"}][0]
			}
			return x
		}
		placebo := math.Log(visits("accompanied", -2, -1) / visits("accompanied", -4, -3) /
			(visits("control", -2, -1) / visits("control", -4, -3)))
		sum, squares, above = sum+placebo, squares+placebo*placebo, above+oneIf(placebo > 0)
	}
	n := float64(*draws)
	mean := sum / n
	se := math.Sqrt((squares/n - mean*mean) / (n - 1))
	t.Logf("placebo %.4f [%.4f, %.4f], above 1 in %d of %d regions", math.Exp(mean), math.Exp(mean-2*se),
		math.Exp(mean+2*se), above, *draws)
	if math.Abs(mean) > 3*se+0.01 {
		t.Errorf("placebo %.4f, standard error %.4f", mean, se)
	}
}

// Where those are accompanied who have just begun to come, the comparison is wrong, and
// the weeks before the accompaniment show it.
func TestBeginningShowsBefore(t *testing.T) {
	w, err := region.NewWindow(defaultWeeks)
	if err != nil {
		t.Fatal(err)
	}
	totals := observe(region.New(region.Plan{Window: w, Seed: 5, Parents: 6000, Schools: 60,
		Selection: region.SelectionBeginning}), (*observer).matched)
	ratioOf := func(measure string) float64 {
		x := func(arm string) float64 { return totals.x[ratio{measure + "." + arm, "matched"}][0] }
		return x("accompanied") / x("control")
	}
	effect := ratioOf("A2.after") / ratioOf("A2.before")
	placebo := ratioOf("A2.week-1") / ratioOf("A2.week-4")
	t.Logf("effect %.3f (planted %v), week -1 over week -4: %.3f", effect, w.Assumed.AccompaniedRate, placebo)
	if effect < 1.25*w.Assumed.AccompaniedRate {
		t.Errorf("the comparison is not wrong: %.3f", effect)
	}
	if placebo < 1.5 {
		t.Errorf("week -1 over week -4: %.3f", placebo)
	}
}

// N5 as a detector of the planted checkers: how many of them each combination of
// thresholds finds, and how many of the others it leaves alone.
func TestThresholdsAsDetectors(t *testing.T) {
	w, err := region.NewWindow(defaultWeeks)
	if err != nil {
		t.Fatal(err)
	}
	totals := observe(region.New(region.Plan{Window: w, Seed: 7, Parents: 5000, Schools: 30,
		Selection: region.SelectionObserved}), func(o *observer) {
		for who, p := range o.b.Each(region.RoleParent) {
			for k := range p.SchoolCount {
				o.pair(who, p.Schools[k])
			}
		}
	})
	rate := func(what, cell, population string) float64 {
		k := ratio{"N5." + what + "." + cell, population}
		return totals.x[k][0] / totals.y[k][0]
	}
	t.Logf("%.0f planted checkers, %.0f others; days, empty, bursts: sensitivity, specificity",
		totals.y[ratio{"N5.sensitivity.25.60.mid", "planted_checkers"}][0],
		totals.y[ratio{"N5.specificity.25.60.mid", "other_pairs"}][0])
	for _, days := range []int{15, 25, 35, 50} {
		for _, empty := range []int{50, 60, 70} {
			for _, bursts := range []string{"low", "mid", "high"} {
				cell := fmt.Sprintf("%d.%d.%s", days, empty, bursts)
				found, left := rate("sensitivity", cell, "planted_checkers"), rate("specificity", cell, "other_pairs")
				t.Logf("%s: %.3f, %.4f", cell, found, left)
				if left < 0.98 {
					t.Errorf("%s takes %.4f of the others for checkers", cell, 1-left)
				}
				if days <= 25 && empty <= 60 && bursts != "high" && found < 0.5 {
					t.Errorf("%s finds %.3f of the planted checkers", cell, found)
				}
			}
		}
	}
}
