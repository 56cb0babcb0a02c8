package audit

import (
	"math"
	"testing"
)

// The numbers are R's: testdata/comparisons.R and its output.
func TestComparisonsLikeR(t *testing.T) {
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-6*math.Abs(want) {
			t.Errorf("%s: %.10g, R says %.10g", what, got, want)
		}
	}
	group := func(from int32, x, y []float64) map[int32][2]float64 {
		out := map[int32][2]float64{}
		for i := range x {
			out[from+int32(i)] = [2]float64{x[i], y[i]}
		}
		return out
	}
	a := group(0, []float64{12, 9, 15, 20, 7, 11, 18, 14, 9, 16}, []float64{40, 35, 50, 61, 30, 38, 55, 47, 33, 52})
	b := group(20, []float64{22, 19, 25, 31, 12, 21, 29, 24, 18, 27, 20},
		[]float64{41, 36, 52, 60, 31, 39, 54, 46, 34, 51, 44})
	near("chance", chance(a, b), 9.672702267e-12)
	if delete(a, 0); !math.IsNaN(chance(a, b)) {
		t.Error("nine clusters were tested")
	}
	p := []float64{0.004, 0.03, 0.011, 0.2, math.NaN(), 0.046}
	for holm, want := range map[bool][]float64{
		false: {0.02, 0.05, 0.0275, 0.2, math.NaN(), 0.0575}, true: {0.02, 0.09, 0.044, 0.2, math.NaN(), 0.092},
	} {
		got, tests := corrected(p, holm)
		for i := range want {
			if !math.IsNaN(want[i]) {
				near("corrected", got[i], want[i])
			}
		}
		if tests != 5 || !math.IsNaN(got[4]) {
			t.Errorf("%d tests, %v", tests, got)
		}
	}
	others := []float64{0.21, 0.25, 0.19, 0.28, 0.24, 0.22, 0.26, 0.2, 0.23}
	near("stranger", stranger(0.35, others), 0.00492231544)
	if !math.IsNaN(stranger(0.35, others[1:])) {
		t.Error("eight other schools were enough")
	}
}
