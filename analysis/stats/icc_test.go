package stats

import "testing"

// Shrout & Fleiss 1979, table 2: six targets, four judges.
var shroutFleiss = [6][4]float64{{9, 2, 5, 8}, {6, 1, 3, 2}, {8, 4, 6, 8}, {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}}

// The covariance of all pairs of units: testdata/icc.R.
func TestDesignEffect(t *testing.T) {
	near(t, "design effect", DesignEffect([]float64{3, 5, 10, 2}, 0.07), 1.413)
}

func TestICCOneWay(t *testing.T) {
	n, sum, squares := make([]float64, 6), make([]float64, 6), make([]float64, 6)
	for g, row := range shroutFleiss {
		for _, v := range row {
			n[g], sum[g], squares[g] = n[g]+1, sum[g]+v, squares[g]+v*v
		}
	}
	e := ICCOneWay(n, sum, squares, 0.95)
	nearAll(t, "ICC(1,1)", []float64{e.Value, e.Low, e.High},
		[]float64{0.165741768405475, -0.132932324874751, 0.722560062328121})
	if len(e.Warnings) > 0 {
		t.Errorf("balanced: %q", e.Warnings)
	}
	n[0]--
	wantWarning(t, ICCOneWay(n, sum, squares, 0.95).Warnings, "6 clusters of unequal size")
}
