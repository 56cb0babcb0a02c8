package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// WildClusterTest tests that coefficient j of [Linear] is 0 by the wild cluster
// bootstrap-t with the null imposed: residuals of the fit without column j are
// multiplied, cluster by cluster, by random weights (Rademacher's ±1, Webb's six
// points below 12 clusters), the model is fitted again and |t| with CR1 errors
// compared with that of the data. It holds its level with fewer clusters than the t
// interval, but gives a p-value only. Statistic is the t of the data.
//
// seed fixes the draws. Fewer than 6 clusters, or a t that does not exist, give NaN.
// Source: Cameron, Gelbach & Miller 2008 (REStat 90); Webb 2023 (Can. J. Econ. 56).
func WildClusterTest(y []float64, x [][]float64, cluster []int, j, reps int, seed uint64) Test {
	rows := byCluster(cluster)
	test := Test{Statistic: math.NaN(), P: math.NaN(), DF: float64(len(rows) - 1), Method: "wild cluster bootstrap-t, null imposed"}
	statistic := func(y []float64) float64 {
		r := Linear(y, x, LinearOptions{Cluster: cluster, Variance: CR1})
		return r.Coef[j] / r.SE[j]
	}
	test.Statistic = statistic(y)
	if len(rows) < 6 || math.IsNaN(test.Statistic) {
		test.Warnings = append(test.Warnings, fmt.Sprintf("%d clusters: no test below 6, or no error", len(rows)))
		return test
	}
	without := make([][]float64, len(x))
	for i, row := range x {
		without[i] = append(append([]float64(nil), row[:j]...), row[j+1:]...)
	}
	null := make([]float64, len(y)) // residuals under the null
	copy(null, y)
	if len(without[0]) > 0 {
		null = Linear(y, without, LinearOptions{}).Residuals
	}
	r := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	draw := make([]float64, len(y))
	above, defined := 0, 0
	for range reps {
		for _, in := range rows {
			w := wildWeight(r, len(rows))
			for _, i := range in {
				draw[i] = y[i] + (w-1)*null[i]
			}
		}
		t := statistic(draw)
		if math.IsNaN(t) {
			continue
		}
		defined++
		if math.Abs(t) >= math.Abs(test.Statistic)*(1-1e-9) {
			above++
		}
	}
	test.P = float64(above+1) / float64(defined+1)
	if defined < reps {
		test.Warnings = append(test.Warnings, fmt.Sprintf("%d of %d replicates undefined", reps-defined, reps))
	}
	return test
}

func wildWeight(r *rand.Rand, clusters int) float64 {
	if clusters >= 12 {
		return float64(2*r.IntN(2) - 1)
	}
	k := r.IntN(6)
	w := math.Sqrt(float64(k%3+1) / 2) // √½, 1, √(3/2)
	if k >= 3 {
		return -w
	}
	return w
}
