package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// testdata/mixture.R
func TestTwoClassesOfR(t *testing.T) {
	var low, weight []float64
	add := func(x, n float64) { low, weight = append(low, x), append(weight, n) }
	for x, n := range []float64{60, 22, 9, 5, 3} {
		add(float64(x), n)
	}
	for _, x := range []float64{9, 11, 12, 12, 13, 14, 14, 15, 15, 16, 16, 17, 18, 19, 21, 24} {
		add(x, 1)
	}
	at := TwoClasses{Share: expit(-2), Means: [2]float64{math.Exp(-0.5), math.Exp(2.7)},
		Thetas: [2]float64{1, 1 + math.E*math.E}}
	near(t, "likelihood", binnedCounts{low, low, weight}.likelihood(at), -205.510906358)
	f := FitTwoClasses(low, low, weight)
	if math.Abs(f.Likelihood+201.7775359) > 2e-3 || math.Abs(f.Share-0.13882449) > 2e-3 ||
		math.Abs(f.Means[1]-15.382943) > 0.05 {
		t.Errorf("share %v, means %v, likelihood %v", f.Share, f.Means, f.Likelihood)
	}
	if f.Gain < 10 {
		t.Errorf("gain of a second class %v", f.Gain)
	}
}

// Of counts known to bins the share of the class comes back; of one law none is found.
func TestTwoClassesOfBins(t *testing.T) {
	d := rand.New(rand.NewPCG(2, 9))
	edges := []float64{0, 1, 2, 3, 5, 8, 12, 18, 26, 38, 54, 78}
	nb := func(mu, theta float64) float64 {
		return float64(poisson(d, mu/theta*distuv.Gamma{Alpha: theta, Beta: 1, Src: d}.Rand()))
	}
	for _, planted := range []float64{0, 0.06} {
		weight := make([]float64, len(edges))
		high := make([]float64, len(edges))
		for i := range high {
			if high[i] = math.Inf(1); i+1 < len(edges) {
				high[i] = edges[i+1] - 1
			}
		}
		for range 5000 {
			x := nb(0.6, 0.8)
			if d.Float64() < planted {
				x = nb(16, 8)
			}
			for i := len(edges) - 1; ; i-- {
				if x >= edges[i] {
					weight[i]++
					break
				}
			}
		}
		f := FitTwoClasses(edges, high, weight)
		t.Logf("planted %v: share %.4f, means %.2f, gain %.1f", planted, f.Share, f.Means, f.Gain)
		if planted == 0 && f.Gain > 0 {
			t.Errorf("a class of %v where there is none, gain %v", f.Share, f.Gain)
		}
		if planted > 0 && (math.Abs(f.Share-planted) > 0.015 || f.Gain < 10) {
			t.Errorf("share %v, planted %v, gain %v", f.Share, planted, f.Gain)
		}
	}
}
