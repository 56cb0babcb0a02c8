package stats

import (
	"math"
	"slices"
	"testing"
)

var (
	ratioX = []float64{12, 30, 7, 25, 60, 18, 9, 33, 21, 14, 40, 5}
	ratioY = []float64{40, 75, 30, 80, 120, 66, 20, 90, 77, 35, 150, 28}
)

// Expected numbers: testdata/basics.R, matrices written out.
func TestClusterRatio(t *testing.T) {
	for i, want := range []float64{0.0304684705864476, 0.0318232796414635, 0.0328908903563484, 0.0355371460527391} {
		v := []Variance{CR0, CR1, CR2, CR3}[i]
		e := ClusterRatioWith(ratioX, ratioY, RatioOptions{Level: 0.95, Variance: v, Symmetric: true})
		near(t, v.String(), e.SE, want)
	}
	e := ClusterRatioWith(ratioX, ratioY, RatioOptions{Level: 0.95, Transform: Log, Symmetric: true})
	nearAll(t, "CR3", []float64{e.Value, e.DF, e.Low, e.High},
		[]float64{0.337854500616523, 4.9382842060735, 0.257548938348756, 0.443199899478022})
	e = ClusterRatio(ratioX, ratioY, 0.95)
	nearAll(t, "skewed", []float64{e.Low, e.High}, []float64{0.26987287203101, 0.490251803037432})
	// the reversed show less skewness than a gamma law of their variance has
	back := slices.Clone(ratioX)
	slices.Reverse(back)
	gamma := ClusterRatioWith(back, ratioY, RatioOptions{Level: 0.95, Transform: Log, Gamma: true})
	nearAll(t, "gamma", []float64{gamma.Low, gamma.High}, []float64{0.219733341926313, 0.587115883691632})
	share := ClusterShare(ratioX, ratioY, 0.95)
	nearAll(t, "skewed share", []float64{share.Low, share.High}, []float64{0.269453395954554, 0.50269244954674})
	heads := ClusterHeads(ratioX, ratioY, 0.95)
	nearAll(t, "skewed heads", []float64{heads.Low, heads.High}, []float64{0.275303524891819, 0.488428699991276})
	near(t, "CR2 df", ClusterRatioWith(ratioX, ratioY, RatioOptions{0.95, CR2, SatterthwaiteIndependent, Log, true, false}).DF,
		8.1387773539515)
	near(t, "CR2 effect df", ClusterRatioWith(ratioX, ratioY, RatioOptions{0.95, CR2, SatterthwaiteEffect, Log,
		true, false}).DF,
		5.22462817254191)
	near(t, "classic df", ClusterRatioWith(ratioX, ratioY, RatioOptions{0.95, CR1, Classic, Log, true, false}).DF, 11)
	wantWarning(t, e.Warnings, "12 clusters, 4.9 degrees of freedom")
}

// The jackknife written out: testdata/basics.R.
func TestShareDifferenceOfR(t *testing.T) {
	other := []float64{20, 30, 11, 41, 50, 30, 9, 41, 30, 20, 70, 12}
	e := ClusterShareDifference(ratioX, ratioY, other, ratioY, 0.95)
	nearAll(t, "share difference", []float64{e.Value, e.SE, e.DF, e.Low, e.High},
		[]float64{-0.110974106041924, 0.0433480686967383, 7.10321460074214, -0.211659569659479, -0.00795783768880536})
}

// A cluster whose denominator noise took to 0 keeps its numerator, in the value and in the
// error of every estimator of ratios: testdata/basics.R.
func TestNoClusterIsDropped(t *testing.T) {
	x, y := append([]float64{4}, ratioX...), append([]float64{0}, ratioY...)
	const value, se = 0.342786683107275, 0.0358552719686052
	e := ClusterRatio(x, y, 0.95)
	nearAll(t, "ratio", []float64{e.Value, e.SE, float64(e.Clusters)}, []float64{value, se, 13})
	ones := make([]float64, len(x))
	for i := range ones {
		ones[i] = 1
	}
	e = ClusterDifference(x, y, ones, ones, 0.95)
	nearAll(t, "difference", []float64{e.Value, e.SE, float64(e.Clusters)}, []float64{value - 1, se, 13})
	group := make([]int, len(x))
	mean := func(g Gradient) float64 { return g.Mean }
	e = GradientClusters(group, nil, x, y, 1, mean, 0.95, Identity)
	nearAll(t, "gradient", []float64{e.Value, e.SE, float64(e.Clusters)}, []float64{value, se, 13})
	if w := (Stratum{x, y}).within(value, total(y)); w.n != 13 {
		t.Errorf("a stratum counts %d clusters", w.n)
	}
}

func TestClusterRatioEdges(t *testing.T) {
	few := ClusterRatio(ratioX[:7], ratioY[:7], 0.95)
	if few.HasInterval() || !math.IsNaN(few.Low) {
		t.Errorf("7 clusters: %+v", few)
	}
	near(t, "value of 7 clusters", few.Value, 161.0/431)
	wantWarning(t, few.Warnings, "7 clusters: no interval below 10")

	zeros := make([]float64, len(ratioY))
	e := ClusterShare(zeros, ratioY, 0.95)
	if e.Low != 0 || math.Abs(e.High-(1-math.Pow(0.025, 1.0/12))) > 1e-12 {
		t.Errorf("share of zeros: %+v", e)
	}
	wantWarning(t, e.Warnings, "all 12 clusters at 0")
	if e := ClusterShare(ratioY, ratioY, 0.95); e.High != 1 || e.Low < 0.7 || e.Low > 0.8 {
		t.Errorf("share of ones: %+v", e)
	}
	if e := ClusterRatio(zeros, ratioY, 0.95); e.HasInterval() || e.Value != 0 {
		t.Errorf("rate of zeros: %+v", e)
	}
	// a cluster without denominator changes nothing
	a, b := ClusterRatio(ratioX, ratioY, 0.9), ClusterRatio(append([]float64{0}, ratioX...),
		append([]float64{0}, ratioY...), 0.9)
	near(t, "empty cluster", b.Low, a.Low)
	if e := ClusterRatio(nil, nil, 0.95); !math.IsNaN(e.Value) || len(e.Warnings) == 0 {
		t.Errorf("no clusters: %+v", e)
	}
	wantPanic(t, "lengths", func() { ClusterRatio(ratioX, ratioY[1:], 0.95) })
}

func TestJackknifeClusters(t *testing.T) {
	f := func(skip int) float64 {
		var x, y float64
		for i := range ratioX {
			if i != skip {
				x, y = x+ratioX[i], y+ratioY[i]
			}
		}
		return x / y
	}
	e := JackknifeClusters(len(ratioX), f, 0.95, Log)
	nearAll(t, "jackknife", []float64{e.SE, e.DF}, []float64{0.0355371460527391, 6.80253248421312})
	// With the sizes, whole matrices of testdata/basics.R.
	e = JackknifeClustersWith(len(ratioX), f, JackknifeOptions{Level: 0.95, Transform: Log, Sizes: ratioY})
	nearAll(t, "with sizes", []float64{e.SE, e.DF, e.Low, e.High}, []float64{0.0335864285792298, 4.92276301373413, 0.261350063140471, 0.436753916242557})

	e = JackknifeClusters(12, func(skip int) float64 {
		if skip == 3 {
			return math.NaN()
		}
		return 1
	}, 0.95, Identity)
	wantWarning(t, e.Warnings, "without 1 of 12 clusters")
	e = JackknifeClustersWith(12, f, JackknifeOptions{Level: 0.95, Strata: []int{0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1}})
	wantWarning(t, e.Warnings, "3 clusters in group 0")
}

// Two groups of separate clusters: the squared standard error of the difference
// is the sum of the two, and the log ratio's that of the logs.
func TestCompareSeparate(t *testing.T) {
	n := len(ratioX)
	num1, den1 := append(append([]float64{}, ratioX...), make([]float64, n)...), append(append([]float64{}, ratioY...),
		make([]float64, n)...)
	num2, den2 := make([]float64, 2*n), make([]float64, 2*n)
	for i := range ratioX {
		num2[n+i], den2[n+i] = ratioX[n-1-i]/2, ratioY[n-1-i]+3
	}
	a, b := ClusterRatio(ratioX, ratioY, 0.95), ClusterRatio(num2, den2, 0.95)
	d := ClusterDifference(num1, den1, num2, den2, 0.95)
	near(t, "difference", d.Value, a.Value-b.Value)
	near(t, "SE", d.SE, math.Hypot(a.SE, b.SE))
	q := ClusterRatioOfRatios(num1, den1, num2, den2, 0.95)
	near(t, "ratio", q.Value, a.Value/b.Value)
	if !(q.Low < q.Value && q.Value < q.High) {
		t.Errorf("ratio of ratios: %+v", q)
	}
	// Shared clusters, the same in both: the ratio is 1 without doubt.
	if e := ClusterRatioOfRatios(ratioX, ratioY, ratioX, ratioY, 0.95); e.Value != 1 || e.HasInterval() {
		t.Errorf("ratio to itself: %+v", e)
	}
	few := ClusterRatioOfRatios(num1[:n+5], den1[:n+5], num2[:n+5], den2[:n+5], 0.95)
	wantWarning(t, few.Warnings, "5 clusters")
}
