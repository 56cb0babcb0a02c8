package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// means gives the means of the columns without a row, moved by null.
func means(rows [][]float64, null ...float64) func(skip int) []float64 {
	return func(skip int) []float64 {
		out, n := make([]float64, len(null)), 0.0
		for i, row := range rows {
			if i != skip {
				n++
				for j, v := range row {
					out[j] += v
				}
			}
		}
		for j := range out {
			out[j] = out[j]/n - null[j]
		}
		return out
	}
}

// The sweat data of Johnson and Wichern: T² = 9.74, here times 19/20; testdata/joint.R.
func TestJointTest(t *testing.T) {
	rows := [][]float64{{3.7, 48.5, 9.3}, {5.7, 65.1, 8.0}, {3.8, 47.2, 10.9}, {3.2, 53.2, 12.0}, {3.1, 55.5, 9.7},
		{4.6, 36.1, 7.9}, {2.4, 24.8, 14.0}, {7.2, 33.1, 7.6}, {6.7, 47.4, 8.5}, {5.4, 54.1, 11.3}, {3.9, 36.9, 12.7},
		{4.5, 58.8, 12.3}, {3.5, 27.8, 9.8}, {4.5, 40.2, 8.4}, {1.5, 13.5, 10.1}, {8.5, 56.4, 7.1}, {4.5, 71.6, 8.2},
		{6.5, 52.8, 10.9}, {4.1, 44.1, 11.2}, {5.5, 40.9, 9.4}}
	test := JointTest(len(rows), means(rows, 4, 50, 10))
	near(t, "F", test.Statistic, 2.75931897571)
	near(t, "p", test.P, 0.0741187720123)
	if test := JointTest(9, means(rows[:9], 4, 50, 10)); !math.IsNaN(test.P) {
		t.Errorf("nine clusters: p = %v", test.P)
	}
	twice := func(skip int) []float64 { m := means(rows, 4, 50, 10)(skip); return []float64{m[0], 2 * m[0]} }
	if test := JointTest(len(rows), twice); !math.IsNaN(test.P) || len(test.Warnings) == 0 {
		t.Errorf("one functional twice: p = %v", test.P)
	}
}

// Of clusters that differ by nothing it rejects as often as it says, and nearly always
// of clusters that differ by a standard deviation.
func TestJointTestSize(t *testing.T) {
	d := rand.New(rand.NewPCG(5, 5))
	const draws = 2000
	for _, g := range []int{15, 60} {
		var wrong, found float64
		for range draws {
			rows := make([][]float64, g)
			for i := range rows {
				size := d.ExpFloat64()
				rows[i] = []float64{size * d.NormFloat64(), d.NormFloat64(), size - 1 + d.NormFloat64()}
			}
			wrong += indicator(JointTest(g, means(rows, 0, 0, 0)).P < 0.05) / draws
			found += indicator(JointTest(g, means(rows, 0, 1, 0)).P < 0.05) / draws
		}
		t.Logf("%d clusters: rejects %.3f of nothing, %.3f of something", g, wrong, found)
		if wrong > 0.07 || found < 0.6 {
			t.Errorf("%d clusters: rejects %.3f of nothing, %.3f of something", g, wrong, found)
		}
	}
}
