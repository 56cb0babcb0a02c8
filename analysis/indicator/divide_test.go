package indicator

import (
	"math"
	"testing"
)

// The two parts of a gap add up to it; who is alike everywhere brings no composition, and
// equal behaviour of different people brings nothing else. Expected numbers by hand.
func TestKitagawa(t *testing.T) {
	for name, c := range map[string]struct {
		x, y                   []float64 // kind 1 of both, kind 2 of both
		composition, behaviour float64
	}{
		"only composition": {[]float64{40, 10, 5, 20}, []float64{80, 20, 20, 80}, 0.6*0.5 - 0.6*0.25, 0},
		"only behaviour":   {[]float64{30, 10, 30, 10}, []float64{50, 50, 50, 50}, 0, 0.4},
		// shares 0.8 and 0.2, 0.5 and 0.5; rates 0.5 and 0.25, 0.4 and 0.2
		"both": {[]float64{40, 20, 5, 10}, []float64{80, 50, 20, 50}, 0.3*0.45 - 0.3*0.225, 0.1*0.65 + 0.05*0.35},
		"a kind of one band": {[]float64{40, 0, 5, 50}, []float64{80, 0, 20, 100},
			0.8*0.5 - 0.8*0.375, -0.25 * 0.6},
	} {
		got := kitagawa(c.x, c.y, []int{0, 1, 2, 3}, 2)
		if math.Abs(got[0]-c.composition) > 1e-12 || math.Abs(got[1]-c.behaviour) > 1e-12 {
			t.Errorf("%s: %v, want %v and %v", name, got, c.composition, c.behaviour)
		}
		gap := (c.x[0]+c.x[2])/(c.y[0]+c.y[2]) - (c.x[1]+c.x[3])/(c.y[1]+c.y[3])
		if math.Abs(got[0]+got[1]-gap) > 1e-12 {
			t.Errorf("%s: the parts %v do not add up to %v", name, got, gap)
		}
	}
}
