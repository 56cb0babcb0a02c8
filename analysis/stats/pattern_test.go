package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Expected numbers: testdata/nested.R, the formulas written out.
func TestPattern(t *testing.T) {
	x := []float64{3, 14, 15, 92, 65, 35, 89, 79, 32, 38}
	nearAll(t, "pattern", []float64{Burstiness(x), BurstinessFinite(x), Memory(x)},
		[]float64{-0.196401522533144, -0.198821125976318, 0.253387527993631})
	counts := []float64{12, 30, 8, 22, 15, 3, 1}
	nearAll(t, "entropy", []float64{Entropy(counts), Herfindahl(counts)}, []float64{0.847527683790305, 0.220625528317836})
	near(t, "even", Entropy([]float64{5, 5, 5, 5, 5, 5, 5}), 1)
	near(t, "one day", Entropy([]float64{0, 0, 9, 0, 0, 0, 0}), 0)
	near(t, "empty checks", EmptyShare([]float64{2, 7}, 0.8, 0, 10), 0.6638662637716)
	nearAll(t, "intervals", Intervals([]float64{1, 4, 9}), []float64{3, 5})
	// regular −1, Kim & Jo's burstiest sequence of n intervals (one holds all) 1
	near(t, "regular", BurstinessFinite([]float64{5, 5, 5, 5}), -1)
	near(t, "burstiest", BurstinessFinite([]float64{0, 0, 0, 7}), 1)
	if !math.IsNaN(BurstinessFinite([]float64{3})) || !math.IsNaN(Memory([]float64{1, 2})) || !math.IsNaN(Entropy(nil)) {
		t.Error("too few intervals give a number")
	}
}

func TestBurstinessBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.IntRange(0, 1<<20), 2, 60).Draw(t, "x")
		f, sum := make([]float64, len(x)), 0
		for i, v := range x {
			f[i] = float64(v)
			sum += v
		}
		if sum == 0 {
			return
		}
		for _, b := range []float64{Burstiness(f), BurstinessFinite(f)} {
			if b < -1-1e-9 || b > 1+1e-9 {
				t.Fatalf("%v of %v", b, x)
			}
		}
	})
}

// Expected numbers: testdata/nested.R.
func TestTheil(t *testing.T) {
	x := []float64{0, 0, 1, 1, 2, 3, 3, 3, 8, 21}
	parts := Theil(x, []int{0, 1, 0, 1, 0, 1, 0, 1, 0, 1})
	nearAll(t, "Theil", []float64{parts.Total, parts.Within, parts.Between}, []float64{0.751684724347902, 0.69505171208277, 0.0566330122651324})
	near(t, "one group", Theil(x, nil).Total, 0.751684724347902)
	near(t, "between", TheilBetween([]float64{5, 5}, []float64{14, 28}), 0.0566330122651324)
	near(t, "alike", Theil([]float64{3, 3, 3}, nil).Total, 0)
}
