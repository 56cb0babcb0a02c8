package stats

import (
	"math"
	"testing"
)

// Imbens & Manski's c by uniroot: testdata/association.R.
func TestManskiBounds(t *testing.T) {
	inf := math.Inf(1)
	low := Estimate{Value: 0.12, SE: 0.01, DF: inf, Level: 0.95}
	high := Estimate{Value: 0.19, SE: 0.015, DF: inf, Level: 0.95}
	b := ManskiBounds(low, high, 0.95)
	nearAll(t, "outer", []float64{b.Outer.Low, b.Outer.High}, []float64{0.10355146371709, 0.214672804424365})
	same := ManskiBounds(low, low, 0.95)
	near(t, "point", same.Outer.Low, 0.12-1.959963984540054*0.01)
	few := ManskiBounds(low,
		Estimate{Value: 0.2, SE: math.NaN(), Warnings: []Warning{warning(FewClusters, 7, MinClusters)}}, 0.95)
	if !math.IsNaN(few.Outer.Low) || few.Level != 0 || few.Low != 0.12 || few.High != 0.2 {
		t.Errorf("few clusters: %+v", few)
	}
	wantWarning(t, few.Warnings, "7 clusters")
	wantWarning(t, ManskiBounds(high, low, 0.95).Warnings, "below lower end")
}
