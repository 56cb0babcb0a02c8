package subject

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Expected numbers of the first rows: testdata/pattern.R, the formulas written out.
func TestPattern(t *testing.T) {
	x := []float64{3, 14, 15, 92, 65, 35, 89, 79, 32, 38}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"burstiness, R", burstiness(x), -0.198821125976318},
		{"memory, R", memory(x), 0.253387527993631},
		{"entropy, R", entropy([]int64{12, 30, 8, 22, 15, 3, 1}), 0.847527683790305},
		{"regular", burstiness([]float64{5, 5, 5, 5}), -1},
		// mean 2, σ 1: r = ½; (√3/2 − 1)/((√3−2)/2 + 1)
		{"two intervals", burstiness([]float64{1, 3}), -0.15470053837925152},
		// Kim & Jo's burstiest sequence: one interval holds all
		{"burstiest", burstiness([]float64{0, 0, 0, 7}), 1},
		{"rising", memory([]float64{1, 2, 3, 4}), 1},
		{"alternating", memory([]float64{1, 2, 1, 2, 1}), -1},
		// (1,1,2) and (1,2,2): covariance (2/9 − 1/9 + 2/9) / 3 = 1/9, both variances 2/9
		{"half", memory([]float64{1, 1, 2, 2}), 0.5},
		{"one day", entropy([]int64{5, 0, 0, 0, 0, 0, 0}), 0},
		{"every day", entropy([]int64{3, 3, 3, 3, 3, 3, 3}), 1},
		{"two days", entropy([]int64{1, 1, 0, 0, 0, 0, 0}), math.Ln2 / math.Log(7)},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s: got %v, want %v", c.name, c.got, c.want)
		}
	}
	for name, none := range map[string]float64{
		"no interval": burstiness(nil), "one interval": burstiness([]float64{1}),
		"no time":       burstiness([]float64{0, 0}),
		"two intervals": memory([]float64{1, 2}), "constant": memory([]float64{3, 3, 3}),
		"constant side": memory([]float64{3, 3, 4}),
		"no count":      entropy([]int64{0, 0}),
	} {
		if !math.IsNaN(none) {
			t.Errorf("%s: got %v, want NaN", name, none)
		}
	}
	if got := intervals([]int64{1, 4, 9}); !slices.Equal(got, []float64{3, 5}) {
		t.Errorf("intervals %v", got)
	}
}

func TestBurstinessBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, sum := []float64{}, 0
		for _, v := range rapid.SliceOfN(rapid.IntRange(0, 1<<20), 2, 60).Draw(t, "x") {
			x, sum = append(x, float64(v)), sum+v
		}
		if sum == 0 {
			return
		}
		if b := burstiness(x); !(math.Abs(b) <= 1+1e-9) {
			t.Fatalf("%v of %v", b, x)
		}
	})
}
