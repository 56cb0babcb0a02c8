package stats

import (
	"math"
	"math/rand/v2"
	"sort"
	"testing"
)

// topSums reduces units to what TopShareClusters reads, for the tenth with most.
func topSums(x []float64, c []int, g int) (held, sum, top, persons []float64, q float64) {
	s := append([]float64(nil), x...)
	sort.Float64s(s)
	q = s[len(s)-len(s)/10]
	held, sum, top, persons = make([]float64, g), make([]float64, g), make([]float64, g), make([]float64, g)
	for i, v := range x {
		sum[c[i]] += v
		persons[c[i]]++
		if v >= q {
			held[c[i]] += v
			top[c[i]]++
		}
	}
	return held, sum, top, persons, q
}

// The linearised variable unit by unit: testdata/topshare.R.
func TestTopShareOfTwelveClusters(t *testing.T) {
	x, c := make([]float64, 120), make([]int, 120)
	for i := range x {
		x[i], c[i] = float64((i+1)*37%121)+float64((i+1)*11%7)/10, i/10
	}
	held, sum, top, persons, q := topSums(x, c, 12)
	e := TopShareClusters(held, sum, top, persons, q, 0.95)
	nearAll(t, "top share", []float64{q, e.Value, e.SE}, []float64{109.5, 0.1888543194309, 0.001987535462505})
}

// The error is the spread over draws, and the interval covers. The law is that of
// TestGiniClusters with more visits and no ties.
func TestTopShareClusters(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	draw := func(clusters int) ([]float64, []int) {
		var x []float64
		var c []int
		for g := range clusters {
			effect := math.Exp(0.45 * r.NormFloat64())
			for range 40 + r.IntN(120) {
				x, c = append(x, float64(poisson(r, 10*effect*r.ExpFloat64()))+1e-6*r.Float64()), append(c, g)
			}
		}
		return x, c
	}
	const truth = 0.3881 // of draw(200000), error 0.0002
	for _, g := range []int{12, 20, 40, 100} {
		draws := max(20, *coverageDraws)
		var hits int
		var se, sd float64
		for range draws {
			x, c := draw(g)
			held, sum, top, persons, q := topSums(x, c, g)
			e := TopShareClusters(held, sum, top, persons, math.Round(q)-1, 0.95) // q to a bin
			if e.Low <= truth && truth <= e.High {
				hits++
			}
			se += e.SE * e.SE / float64(draws)
			sd += (e.Value - truth) * (e.Value - truth) / float64(draws)
		}
		t.Logf("top share G=%-3d %.3f, SE %.4f, spread %.4f", g, float64(hits)/float64(draws), math.Sqrt(se),
			math.Sqrt(sd))
		if g >= 40 && (se > 1.6*sd || se < 0.6*sd) {
			t.Errorf("%d clusters: error %v, spread %v", g, math.Sqrt(se), math.Sqrt(sd))
		}
	}
	few := TopShareClusters(make([]float64, 5), []float64{1, 1, 1, 1, 1}, make([]float64, 5), []float64{9, 9, 9, 9, 9},
		3, 0.95)
	wantWarning(t, few.Warnings, "5 clusters")
}
