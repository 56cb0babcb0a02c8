package stats_test

import (
	"fmt"

	"github.com/entscope/entscope/analysis/stats"
)

// A share over twelve clusters: never connected, among accounts, by school.
func ExampleClusterShare() {
	never := []float64{12, 30, 7, 25, 60, 18, 9, 33, 21, 14, 40, 5}
	accounts := []float64{140, 275, 130, 180, 320, 266, 120, 290, 177, 135, 350, 128}
	e := stats.ClusterShare(never, accounts, 0.95)
	fmt.Printf("%.3f [%.3f, %.3f]\n", e.Value, e.Low, e.High)
	// Output: 0.109 [0.086, 0.175]
}

// Too few clusters: the value stands, the interval does not.
func ExampleClusterRatio_few() {
	e := stats.ClusterRatio([]float64{120, 90, 200}, []float64{100, 100, 150}, 0.95)
	fmt.Printf("%.2f %v %q\n", e.Value, e.HasInterval(), e.Warnings)
	// Output: 1.17 false ["3 clusters: no interval below 10"]
}

// Any functional of clusters: here the ratio of the largest to the mean rate.
func ExampleJackknifeClusters() {
	x := []float64{12, 30, 7, 25, 60, 18, 9, 33, 21, 14, 40, 5}
	e := stats.JackknifeClusters(len(x), func(skip int) float64 {
		var n, sum, squares float64
		for i, v := range x {
			if i != skip {
				n, sum, squares = n+1, sum+v, squares+v*v
			}
		}
		return squares * n / (sum * sum) // 1 + squared coefficient of variation
	}, 0.95, stats.Log)
	fmt.Printf("%.2f [%.2f, %.2f]\n", e.Value, e.Low, e.High)
	// Output: 1.45 [1.06, 1.99]
}
