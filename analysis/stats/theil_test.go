package stats

import "testing"

// Expected numbers: testdata/icc.R.
func TestTheil(t *testing.T) {
	x := []float64{0, 0, 1, 1, 2, 3, 3, 3, 8, 21}
	parts := theil(x, []int{0, 1, 0, 1, 0, 1, 0, 1, 0, 1})
	nearAll(t, "Theil", []float64{parts.Total, parts.Within, parts.Between},
		[]float64{0.751684724347902, 0.69505171208277, 0.0566330122651324})
	near(t, "one group", theil(x, nil).Total, 0.751684724347902)
	near(t, "between", TheilBetween([]float64{5, 5}, []float64{14, 28}), 0.0566330122651324)
	near(t, "alike", theil([]float64{3, 3, 3}, nil).Total, 0)
}
