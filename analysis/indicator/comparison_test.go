package indicator

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/entscope/entscope/analysis/query"
)

// Two groups of schools drawn from one law differ by the test in about one of twenty draws;
// groups that differ are found.
func TestContrastHoldsItsLevel(t *testing.T) {
	const draws = 1500
	for _, schools := range []int{12, 20, 50} {
		rng := rand.New(rand.NewPCG(11, uint64(schools)))
		rejected, found := 0, 0
		for range draws {
			a, b, c := drawnCell(rng, schools, 0), drawnCell(rng, schools, 0), drawnCell(rng, schools, 0.9)
			if alike(a, b) <= FalseDifferences {
				rejected++
			}
			if alike(a, c) <= FalseDifferences {
				found++
			}
		}
		t.Logf("%d schools a group: %.1f %% false, %.0f %% found", schools, 100*float64(rejected)/draws,
			100*float64(found)/draws)
		if share := float64(rejected) / draws; share > 0.065 || share < 0.02 {
			t.Errorf("%d schools: %.3f of alike groups differ", schools, share)
		}
		if found < draws*7/10 {
			t.Errorf("%d schools: a gap of 0.9 on the logit was found in %d of %d draws", schools, found, draws)
		}
	}
}

// drawnCell draws the share of persons of schools of 30 to 300, school factor 0.45 on the
// logit, with the noise of cells.
func drawnCell(rng *rand.Rand, schools int, shift float64) *cell {
	rows := make([]query.Sum, schools)
	first := rng.Int32N(1 << 20)
	for i := range rows {
		n, p := 30+rng.IntN(271), expit(-0.5+shift+0.45*rng.NormFloat64())
		var x int64
		for range n {
			if rng.Float64() < p {
				x++
			}
		}
		x = min(max(0, x+int64(math.Round(3*rng.NormFloat64()))), int64(n))
		rows[i] = query.Sum{Cluster: first + int32(i), Schools: 1, Persons: int64(n), X: x, Y: int64(n)}
	}
	return newCell(cellKey{}, rows)
}

// Outcomes of a family: Holm when it was declared primary, Benjamini and Hochberg when not.
func TestFamilyDecides(t *testing.T) {
	for primary, want := range map[bool][]Outcome{
		false: {Differs, Differs, Differs, NotTested, NotShown},
		true:  {Differs, NotShown, Differs, NotTested, NotShown},
	} {
		f := family{name: "x", primary: primary}
		for _, p := range []float64{0.004, 0.03, 0.011, math.NaN(), 0.2} {
			f.add(p, Comparison{}, Differs)
		}
		for i, c := range f.decide() {
			if c.Outcome != want[i] || c.Tests != 4 || c.Primary != primary || c.Family != "x" {
				t.Errorf("primary %v, test %d: %+v, want %s", primary, i, c, want[i])
			}
		}
	}
}

// Only what is published as a number is compared, and a tie says nothing.
func TestComparisonsOfPublishedFigures(t *testing.T) {
	exact := compute(t, newRegion(3, 60).research(t), "L2")
	out, err := protect(exact, nil, testPolicy(t), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Comparisons) == 0 {
		t.Fatal("nothing is compared")
	}
	for _, c := range out.Comparisons {
		if c.Lowest == "" {
			continue
		}
		low := find(t, out.Results, c.Indicator, c.Population, c.Measure, map[string]string{c.Grouping: c.Lowest})
		high := find(t, out.Results, c.Indicator, c.Population, c.Measure, map[string]string{c.Grouping: c.Highest})
		if low.Estimate == nil || high.Estimate == nil || *low.Estimate >= *high.Estimate {
			t.Errorf("%+v of %v and %v", c, low, high)
		}
	}
	for i := range exact {
		if exact[i].Group["level"] == "college" {
			exact[i].counts.persons = 4 // below the floor: hidden
		}
	}
	if out, err = protect(exact, nil, testPolicy(t), nil, nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range out.Comparisons {
		if c.Lowest == "college" || c.Highest == "college" || c.Group["level"] == "college" {
			t.Errorf("a hidden figure is compared: %+v", c)
		}
	}
}
