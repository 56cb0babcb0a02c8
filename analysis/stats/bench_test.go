package stats

import (
	"math/rand/v2"
	"testing"
)

// A region of 1,000 clusters in 5 bands, counts in 16 bins: 80,000 rows.
func BenchmarkCountsBinned(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	var d CountData
	for g := range 1000 {
		for k := range binEdges {
			in := bin(binEdges, k)
			for band := range 5 {
				row := make([]float64, 5)
				row[0], row[band] = 1, 1
				d.Low, d.High, d.X = append(d.Low, in.Low), append(d.High, in.High), append(d.X, row)
				d.Weight, d.Cluster = append(d.Weight, float64(1+r.IntN(20-k))), append(d.Cluster, g)
			}
		}
	}
	for b.Loop() {
		Counts(d, CountModel{NB2, Inflated})
	}
}

func BenchmarkClusterShare(b *testing.B) {
	num, den := region(rand.New(rand.NewPCG(1, 1)), 3000, 0.2, true)
	for b.Loop() {
		ClusterShare(num, den, 0.95)
	}
}

func BenchmarkGradientClusters(b *testing.B) {
	num, den := region(rand.New(rand.NewPCG(1, 1)), 3000, 0.2, true)
	group := make([]int, len(num))
	for i := range group {
		group[i] = i % 5
	}
	for b.Loop() {
		GradientClusters(group, nil, num, den, 5, func(g Gradient) float64 { return g.Slope }, 0.95, Identity)
	}
}

func BenchmarkKaplanMeierClusters(b *testing.B) {
	tables := curves(rand.New(rand.NewPCG(1, 1)), 3000)
	for b.Loop() {
		KaplanMeierClusters(tables, 0.95)
	}
}

func BenchmarkBinomialCR2(b *testing.B) {
	num, den := region(rand.New(rand.NewPCG(1, 1)), 3000, 0.2, true)
	x, cluster := make([][]float64, len(num)), make([]int, len(num))
	for i := range x {
		x[i], cluster[i] = []float64{1, float64(i % 5), float64(i % 2)}, i
	}
	for b.Loop() {
		Binomial(num, den, x, BinomialOptions{Cluster: cluster, Variance: CR2})
	}
}
