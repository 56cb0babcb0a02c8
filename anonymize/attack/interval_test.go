package attack

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestSplitsThatMoveEverybody: where a split moves all persons alike, such as by the commonest
// value of their class, its variance is found and the interval widens; where each person is
// moved alone, nothing is added to what the bootstrap of households says already.
func TestSplitsThatMoveEverybody(t *testing.T) {
	const splits, households, sd = 16, 2000, 0.03
	for name, c := range map[string]struct {
		together float64
		low, top float64 // of the standard deviation found
	}{
		"together": {1, sd / 4 / 2, sd / 4 * 2}, // over the root of 16
		"alone":    {0, 0, sd / 4 / 4},
	} {
		draw := rand.New(rand.NewPCG(1, 2)) // whichever comes first
		split := make([][]sums, splits)
		var all sums
		for s := range split {
			moved := c.together * sd * draw.NormFloat64()
			for range households {
				control := 0.
				if draw.IntN(2) == 0 {
					control = 1
				}
				one := sums{1, 0.5 + moved/2 + 0.1*draw.NormFloat64(), control}
				split[s] = append(split[s], one)
				all = all.plus(one.times(1. / splits))
			}
		}
		if found := math.Sqrt(common(split, all)); found < c.low || found > c.top {
			t.Errorf("%s: standard deviation %.4f, want %.4f to %.4f", name, found, c.low, c.top)
		}
	}
	low, high := interval(0.5, []float64{0.4, 0.5, 0.6, 0.5}, 0)
	wide, wider := interval(0.5, []float64{0.4, 0.5, 0.6, 0.5}, 0.01)
	if wide >= low || wider <= high {
		t.Errorf("[%g, %g] with what is common, [%g, %g] without", wide, wider, low, high)
	}
}
