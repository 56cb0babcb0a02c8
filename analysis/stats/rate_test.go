package stats

import (
	"math"
	"testing"
)

// Expected numbers of this file: testdata/association.R.

// VanderWeele & Ding 2017: RR 3.9 (1.8 to 8.7) needs 7.2, its limit 3.0.
func TestEValue(t *testing.T) {
	e := EValue(Estimate{Value: 3.9, Low: 1.8, High: 8.7, Level: 0.95})
	near(t, "E-value", e.Value, 3.9+math.Sqrt(3.9*2.9))
	near(t, "limit", e.Low, 3)
	below := EValue(Estimate{Value: 1 / 3.9, Low: 1 / 8.7, High: 1 / 1.8, Level: 0.95})
	nearAll(t, "protective", []float64{below.Value, below.Low}, []float64{e.Value, e.Low})
	near(t, "holds 1", EValue(Estimate{Value: 1.2, Low: 0.9, High: 1.6, Level: 0.95}).Low, 1)
}

// The fifteen p-values of Benjamini & Hochberg 1995, §4.1.
func TestMultiplicity(t *testing.T) {
	p := []float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1}
	nearAll(t, "BH", BenjaminiHochberg(p),
		[]float64{0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571428571429, 0.0638571428571429, 0.0645,
			0.0765, 0.486, 0.581181818181818, 0.714875, 0.753230769230769, 0.813214285714286, 1})
	nearAll(t, "Holm", Holm(p)[:10], []float64{0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213, 1})
	mixed := BenjaminiHochberg([]float64{0.04, math.NaN(), 0.01})
	nearAll(t, "with NaN", []float64{mixed[0], mixed[2]}, []float64{0.04, 0.02})
	if !math.IsNaN(mixed[1]) {
		t.Error("NaN does not stay")
	}
}
