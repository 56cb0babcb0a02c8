package stats

import (
	"math"
	"testing"
)

// Expected numbers: testdata/basics.R, prop.test(correct = FALSE). The four cases are those of Newcombe 1998 (Stat.
// Med. 17, 857), table I.
func TestProportions(t *testing.T) {
	for _, c := range []struct {
		x, n   int
		wilson [2]float64
	}{
		{81, 263, [2]float64{0.255288519878274, 0.3662095769828}},
		{0, 20, [2]float64{0, 0.161125158052819}},
		{1, 29, [2]float64{0.00611321429276266, 0.171755218793203}},
		{29, 29, [2]float64{0.883030201500259, 1}},
	} {
		w := Wilson(c.x, c.n, 0.95)
		nearAll(t, "Wilson", []float64{w.Low, w.High}, c.wilson[:])
	}
	none := Wilson(0, 0, 0.95)
	if none.HasInterval() || !math.IsNaN(none.Value) {
		t.Errorf("share of nobody: %+v", none)
	}
	wantWarning(t, none.Warnings, "0 units")
	wantPanic(t, "x > n", func() { Wilson(2, 1, 0.95) })
	wantPanic(t, "level", func() { Wilson(1, 2, 95) })
}
