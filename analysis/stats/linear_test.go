package stats

import (
	"math"
	"testing"
)

// A small clustered data set and its fits: testdata/regression.R (matrices
// written out, lm, glm).
var (
	blockSizes = []int{3, 5, 2, 4, 6, 3, 4, 5, 2, 3, 7, 4}
	blockX2    = []float64{-0.11, 0.88, 0.40, -0.61, 0.34, -1.13, 1.43, 1.98, -0.37, -1.04, 0.57, -0.14}
	blockX1    = []float64{-0.63, 0.18, -0.84, 1.6, 0.33, -0.82, 0.49, 0.74, 0.58, -0.31, 1.51, 0.39, -0.62, -2.21,
		1.12, -0.04, -0.02, 0.94, 0.82, 0.59, 0.92, 0.78, 0.07, -1.99, 0.62, -0.06, -0.16, -1.47, -0.48, 0.42, 1.36,
		-0.1, 0.39, -0.05, -1.38, -0.41, -0.39, -0.06, 1.1, 0.76, -0.16, -0.25, 0.7, 0.56, -0.69, -0.71, 0.36, 0.77}
	blockY = []float64{3.73, 2.59, 1.76, 1.79, 0.42, 0.29, 1.02, 0.48, 1.29, 1.28, 3.14, -0.12, 1.49, 0.44, 1.78, -0.17,
		0.51, 0.89, 0.02, 1.66, 3.15, 2.62, 3.15, -1.67, -2.2, -1.84, -2.54, 0.66, 1.01, 2.12, 1.64, 1.98, 0.8, 3.01,
		3.51, 4.19, 3.67, 2.96, 1.22, 1.22, 2.66, 0.53, 1.45, 1.19, -0.33, -0.3, 1.01, 0.54}
)

func blockDesign() (x [][]float64, cluster []int, weights []float64) {
	for g, m := range blockSizes {
		for range m {
			i := len(x)
			x, cluster = append(x, []float64{1, blockX1[i], blockX2[g]}), append(cluster, g)
			weights = append(weights, []float64{1, 2, 0.5}[i%3])
		}
	}
	return x, cluster, weights
}

func TestLinearClusters(t *testing.T) {
	x, cluster, weights := blockDesign()
	type want struct{ se, df []float64 }
	for _, c := range []struct {
		name    string
		weights []float64
		coef    []float64
		by      map[Variance]want
	}{
		{"unweighted", nil, []float64{1.507611738876743, 0.268213505942228, -0.848510809240206}, map[Variance]want{
			CR0: {[]float64{0.299972863265831, 0.186048671021123, 0.486278625984148}, []float64{11, 11, 11}},
			CR1: {[]float64{0.320198225676281, 0.198592811702442, 0.519065463219720}, []float64{11, 11, 11}},
			CR2: {[]float64{0.337976602220097, 0.225061625118008, 0.616183634018549},
				[]float64{7.85747271163261, 6.63379262753802, 3.93441895247185}},
			CR3: {[]float64{0.383807790408550, 0.274590443605077, 0.792772867213622},
				[]float64{7.55967894314099, 6.27111526621261, 3.23548524524174}},
		}},
		{"weighted", weights, []float64{1.666573519532987, 0.213560362874837, -0.822785123794621}, map[Variance]want{
			CR1: {[]float64{0.292943521639587, 0.261623627780926, 0.469090640909653}, []float64{11, 11, 11}},
			CR2: {[]float64{0.309751949474765, 0.319037537311051, 0.577454533453538},
				[]float64{7.25344289017140, 4.20884127471733, 3.63080931125742}},
			CR3: {[]float64{0.354315303181834, 0.420987682013209, 0.780061526679252},
				[]float64{6.88987559806011, 3.39878888365163, 2.79129895069573}},
		}},
	} {
		for v, w := range c.by {
			r := Linear(blockY, x, LinearOptions{Weights: c.weights, Cluster: cluster, Variance: v})
			name := c.name + " " + v.String()
			nearAll(t, name, r.Coef, c.coef)
			nearAll(t, name, r.SE, w.se)
			nearAll(t, name+" df", r.DF, w.df)
		}
	}
	r := Linear(blockY, x, LinearOptions{Weights: weights})
	nearAll(t, "classical", r.SE, []float64{0.201556039160332, 0.228024630092601, 0.207857218731338})
}

// A weighted regression of x/y on a constant is ClusterRatio.
func TestLinearIsRatio(t *testing.T) {
	y, x := make([]float64, len(ratioX)), make([][]float64, len(ratioX))
	cluster := make([]int, len(ratioX))
	for i := range y {
		y[i], x[i], cluster[i] = ratioX[i]/ratioY[i], []float64{1}, i
	}
	for _, v := range []Variance{CR2, CR3} {
		r := Linear(y, x, LinearOptions{Weights: ratioY, Cluster: cluster, Variance: v})
		e := ClusterRatioWith(ratioX, ratioY, RatioOptions{0.95, v, SatterthwaiteIndependent, Identity, true, false})
		nearAll(t, v.String(), []float64{r.Coef[0], r.SE[0], r.DF[0]}, []float64{e.Value, e.SE, e.DF})
	}
}

func TestLinearFaults(t *testing.T) {
	x, cluster, _ := blockDesign()
	twice := make([][]float64, len(x))
	for i := range x {
		twice[i] = append(append([]float64{}, x[i]...), 2*x[i][1])
	}
	r := Linear(blockY, twice, LinearOptions{})
	if !math.IsNaN(r.Coef[0]) {
		t.Errorf("collinear: %v", r.Coef)
	}
	wantWarning(t, r.Warnings, "collinear")
	// a dummy of one cluster
	alone := make([][]float64, len(x))
	for i := range x {
		d := 0.0
		if cluster[i] == 4 {
			d = 1
		}
		alone[i] = append(append([]float64{}, x[i]...), d)
	}
	r = Linear(blockY, alone, LinearOptions{Cluster: cluster, Variance: CR2})
	wantWarning(t, r.Warnings, "1 of 12 clusters fix a coefficient alone")
	few := make([]int, len(cluster))
	for i := range few {
		few[i] = cluster[i] % 6
	}
	e := Linear(blockY, x, LinearOptions{Cluster: few}).Coefficient(1, 0.95)
	if e.HasInterval() {
		t.Error("6 clusters: interval")
	}
	wantWarning(t, e.Warnings, "6 clusters")
}
