package stats

import "testing"

// nlme::Orthodont (Potthoff & Roy 1964), testdata/nested.R: lme and the same
// likelihood written out in matrices.
func TestRandomIntercept(t *testing.T) {
	o := readTable(t, "orthodont.csv")
	cluster := make([]int, len(o["subject"]))
	for i, s := range o["subject"] {
		cluster[i] = int(s)
	}
	f := RandomIntercept(o["distance"], rowsOf(o["age"], o["female"]), cluster, 0.95)
	nearAll(t, "coef", f.Coef, []float64{17.7067129629628, 0.660185185185195, -2.3210227272727})
	nearAll(t, "SE", f.SE, []float64{0.833922474014021, 0.0616059162995322, 0.761416848572399})
	nearAll(t, "variances", []float64{f.Between, f.Within, f.LogLik}, []float64{3.26678372290033, 2.0494560184767, -218.756253914003})
	nearAll(t, "ICC", []float64{f.ICC.Value, f.ICC.Low, f.ICC.High}, []float64{0.614491422851852, 0.43328054595486, 0.768692320965355}, 2e-6)

	// the sums of each cluster are enough without covariates
	constant := make([][]float64, len(cluster))
	for i := range constant {
		constant[i] = []float64{1}
	}
	a := RandomIntercept(o["distance"], constant, cluster, 0.95)
	n, sum, squares := make([]float64, 27), make([]float64, 27), make([]float64, 27)
	for i, y := range o["distance"] {
		g := cluster[i] - 1
		n[g], sum[g], squares[g] = n[g]+1, sum[g]+y, squares[g]+y*y
	}
	b := RandomInterceptSums(n, sum, squares, 0.95)
	nearAll(t, "sums", []float64{b.Coef[0], b.SE[0], b.ICC.Value, b.ICC.Low}, []float64{a.Coef[0], a.SE[0], a.ICC.Value, a.ICC.Low})
	near(t, "design effect", DesignEffect([]float64{4, 4, 4}, 0.5), 2.5)
	near(t, "unequal", DesignEffect([]float64{2, 6}, 0.1), 1.4)
}

// Shrout & Fleiss 1979, table 2: six targets, four judges.
var shroutFleiss = [6][4]float64{{9, 2, 5, 8}, {6, 1, 3, 2}, {8, 4, 6, 8}, {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}}

func TestICCOneWay(t *testing.T) {
	n, sum, squares := make([]float64, 6), make([]float64, 6), make([]float64, 6)
	for g, row := range shroutFleiss {
		for _, v := range row {
			n[g], sum[g], squares[g] = n[g]+1, sum[g]+v, squares[g]+v*v
		}
	}
	e := ICCOneWay(n, sum, squares, 0.95)
	nearAll(t, "ICC(1,1)", []float64{e.Value, e.Low, e.High}, []float64{0.165741768405475, -0.132932324874751, 0.722560062328121})
	if len(e.Warnings) > 0 {
		t.Errorf("balanced: %q", e.Warnings)
	}
	n[0]--
	wantWarning(t, ICCOneWay(n, sum, squares, 0.95).Warnings, "6 clusters of unequal size")
}

func TestRandomInterceptBoundary(t *testing.T) {
	// every cluster has the same mean
	n, sum, squares := make([]float64, 12), make([]float64, 12), make([]float64, 12)
	for g := range n {
		n[g], sum[g], squares[g] = 10, 50, 300+float64(g)
	}
	f := RandomInterceptSums(n, sum, squares, 0.95)
	if f.Between != 0 || f.ICC.HasInterval() {
		t.Errorf("no variance between clusters: %+v", f)
	}
	wantWarning(t, f.Warnings, "0 variance between 12 clusters")
}
