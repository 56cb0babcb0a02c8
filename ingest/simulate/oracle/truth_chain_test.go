//go:build chain

package oracle

import (
	"math"
	"strings"
	"testing"
)

// A second, small run with another seed must agree with the stored truth, by the errors of
// both: if the generator changed, the truth has to be made again. Quantiles go in steps.
func TestTruthIsThatOfTheGenerator(t *testing.T) {
	stored, err := Superpopulation(t.Context(), defaultWeeks, 12_000)
	if err != nil {
		t.Fatal(err)
	}
	again, err := monteCarlo(t.Context(), defaultWeeks, 3, 2, 12_000)
	if err != nil {
		t.Fatal(err)
	}
	const errors = 5 // of some hundred values, of which many are of few cases
	both := math.Sqrt(1 + float64(stored.MonteCarlo.Parents)/float64(again.MonteCarlo.Parents))
	find := map[string]Value{}
	for _, v := range stored.Values {
		find[key(v)] = v
	}
	for _, v := range again.Values {
		s, ok := find[key(v)]
		if !ok {
			t.Errorf("%s is not stored", key(v))
			continue
		}
		if len(v.Group) > 0 {
			continue // too noisy in a small run
		}
		allowed := errors * both * s.Error
		if strings.Contains(v.Measure, "median") || strings.Contains(v.Measure, "p90") {
			allowed += 0.15 * math.Abs(s.Value)
		}
		if gap := math.Abs(v.Value - s.Value); gap > allowed+1e-6 {
			t.Errorf("%s: %.6f, stored %.6f, within %.2g", key(v), v.Value, s.Value, allowed)
		}
	}
}
