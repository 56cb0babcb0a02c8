package stats

import (
	"math"
	"testing"
)

// power.t.test of R: testdata/power.R, its output in testdata/power.R.txt.
func TestDetectable(t *testing.T) {
	for g, want := range map[float64]float64{6: 1.79554261761, 10: 1.32494889547, 25: 0.808708759075,
		75: 0.46049238139} {
		near(t, "difference", Detectable(math.Sqrt(2/g), 2*g-2, 0.05, 0.8), want)
	}
	near(t, "90 % at 1 %", Detectable(math.Sqrt(0.2), 18, 0.01, 0.9), 1.90508425214)
	for _, none := range []float64{Detectable(0, 10, 0.05, 0.8), Detectable(1, 0, 0.05, 0.8),
		Detectable(1, 10, 0.05, 0.01), Detectable(1, 10, 2, 0.8)} {
		if !math.IsNaN(none) {
			t.Errorf("%v is detectable", none)
		}
	}
}
