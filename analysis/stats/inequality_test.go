package stats

import (
	"math"
	"math/rand/v2"
	"sort"
	"testing"
)

// Expected numbers: testdata/basics.R, the double sum of |x_i − x_j|.
func TestGini(t *testing.T) {
	x := []float64{0, 0, 1, 1, 2, 3, 3, 3, 8, 21}
	near(t, "Gini", gini(x), 0.623809523809524)
	persons, sum, rank, _ := rankSums(x, make([]int, len(x)), 1)
	near(t, "from ranks", GiniFromRanks(persons[0], sum[0], rank[0]), 0.623809523809524)
	if !math.IsNaN(gini([]float64{0, 0})) {
		t.Error("Gini of zeros")
	}
}

// rankSums reduces units to the sums by cluster that GiniClusters reads.
func rankSums(x []float64, cluster []int, clusters int) (persons, sum, rank, above []float64) {
	s := append([]float64(nil), x...)
	sort.Float64s(s)
	top := make([]float64, len(s)+1)
	for i := len(s) - 1; i >= 0; i-- {
		top[i] = top[i+1] + s[i]
	}
	persons, sum, rank, above = make([]float64, clusters), make([]float64, clusters), make([]float64,
		clusters), make([]float64, clusters)
	for i, v := range x {
		lo, hi := sort.SearchFloat64s(s, v), sort.SearchFloat64s(s, v+0.5)
		g := cluster[i]
		persons[g]++
		sum[g] += v
		rank[g] += v * float64(lo+hi+1) // 2 × mid-rank
		above[g] += top[hi]
	}
	return persons, sum, rank, above
}

// The linearised error agrees with the jackknife that redoes the ranks without
// each cluster, and the interval covers the truth on skewed clusters.
func TestGiniClusters(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	draw := func(clusters int) ([]float64, []int) {
		var x []float64
		var c []int
		for g := range clusters {
			effect := math.Exp(0.45 * r.NormFloat64())
			for range 40 + r.IntN(120) {
				x, c = append(x, float64(poisson(r, 2*effect*r.ExpFloat64()))), append(c, g)
			}
		}
		return x, c
	}
	x, c := draw(20)
	e := GiniClusters(rankSumsOf(x, c, 20))
	near(t, "value", e.Value, gini(x))
	j := JackknifeClusters(20, func(skip int) float64 {
		var kept []float64
		for i, v := range x {
			if c[i] != skip {
				kept = append(kept, v)
			}
		}
		return gini(kept)
	}, 0.95, Logit)
	if e.SE < 0.9*j.SE || e.SE > 1.5*j.SE {
		t.Errorf("SE %v, jackknife %v", e.SE, j.SE)
	}

	const truth = 0.6289 // gini(draw(200000)), error 0.0002
	for _, g := range []int{12, 20, 40, 100} {
		draws, hits := max(20, *coverageDraws), 0
		for range draws {
			x, c := draw(g)
			if e := GiniClusters(rankSumsOf(x, c, g)); e.Low <= truth && truth <= e.High {
				hits++
			}
		}
		t.Logf("Gini G=%-3d %.3f", g, float64(hits)/float64(draws))
		if float64(hits) < 0.83*float64(draws) { // 0.92 less 3.3 standard errors of 100 draws
			t.Errorf("%d clusters: %d of %d intervals hold %v", g, hits, draws, truth)
		}
	}
}

func rankSumsOf(x []float64, c []int, g int) (a, b, d, e []float64, level float64) {
	a, b, d, e = rankSums(x, c, g)
	return a, b, d, e, 0.95
}

// lm(m ~ ridit, weights) of R: testdata/basics.R.
func TestGradient(t *testing.T) {
	num, den := []float64{120, 90, 80, 60, 30}, []float64{200, 250, 300, 250, 150}
	g := NewGradient(num, den)
	nearAll(t, "gradient", []float64{g.Mean, g.Intercept, g.Slope, g.RelativeIndex(), g.Concentration, g.Erreygers(1)},
		[]float64{0.330434782608696, 0.542011009998876, -0.423152454780362, 0.219291772723881, -0.203661327231121,
			-0.269187145557656})

	// Each band cut into four clusters alike but for a small rocking.
	var group, cluster []int
	var x, y []float64
	for j := range num {
		for k, f := range []float64{0.9, 1.1, 0.95, 1.05} {
			group, cluster = append(group, j), append(cluster, 4*j+k)
			x, y = append(x, num[j]/4*f), append(y, den[j]/4)
		}
	}
	slope := func(g Gradient) float64 { return g.Slope }
	e := GradientClusters(group, nil, x, y, 5, slope, 0.95, Identity)
	near(t, "slope", e.Value, g.Slope)
	same := GradientClusters(group, cluster, x, y, 5, slope, 0.95, Identity)
	near(t, "named clusters", same.SE, e.SE)
	if !(e.Low < g.Slope && g.Slope < e.High) || e.Clusters != 20 {
		t.Errorf("slope: %+v", e)
	}
}
