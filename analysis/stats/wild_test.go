package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Under the null the p-value is below 0.05 in about 5 % of the samples, with 10
// clusters and a covariate of the cluster, where CR1 rejects too often.
func TestWildClusterTest(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	const samples = 60
	wild, classic := 0, 0
	for s := range samples {
		var y []float64
		var x [][]float64
		var cluster []int
		for g := range 10 {
			u, z := r.NormFloat64(), indicator(g < 3)
			for range 6 {
				y, cluster = append(y, u+r.NormFloat64()), append(cluster, g)
				x = append(x, []float64{1, z})
			}
		}
		test := WildClusterTest(y, x, cluster, 1, 99, uint64(s))
		if test.P <= 0.05 {
			wild++
		}
		if 2*tSurvival(math.Abs(test.Statistic), math.Inf(1)) <= 0.05 {
			classic++
		}
	}
	t.Logf("rejected of %d: wild %d, normal CR1 %d", samples, wild, classic)
	if wild > 9 { // P(more than 9 of 60 at 5 %) is 0.001
		t.Errorf("%d of %d rejected", wild, samples)
	}
	// a true effect is seen, and the same seed gives the same p-value
	x, cluster, _ := blockDesign()
	y := make([]float64, len(x))
	for i := range y {
		y[i] = 3*x[i][1] + blockY[i]
	}
	a, b := WildClusterTest(y, x, cluster, 1, 399, 1), WildClusterTest(y, x, cluster, 1, 399, 1)
	if a.P > 0.02 || a.P != b.P {
		t.Errorf("p %v and %v", a.P, b.P)
	}
	few := WildClusterTest(y[:8], x[:8], cluster[:8], 1, 99, 1)
	if !math.IsNaN(few.P) {
		t.Errorf("2 clusters: %+v", few)
	}
}
