package stats

import (
	"math"
	"testing"
)

// herds are lme4's cbpp: cases among the animals of a herd in four periods.
func herds(t *testing.T) (cases, size []float64, x [][]float64, herd []int) {
	d := readTable(t, "cbpp.csv")
	for i, p := range d["period"] {
		x = append(x, []float64{1, indicator(p == 2), indicator(p == 3), indicator(p == 4)})
		herd = append(herd, int(d["herd"][i]))
	}
	return d["cases"], d["size"], x, herd
}

// Expected: the likelihood by R's integrate, in testdata/exact.R.txt; glmer of lme4 with 25
// nodes agrees with it to seven digits.
func TestRandomIntercept(t *testing.T) {
	r := RandomIntercept(herds(t))
	nearAll(t, "coefficients", append(r.Coef, r.Sigma),
		[]float64{-1.39923044429, -0.991403672433, -1.12781946689, -1.57947075037, 0.647518477997}, 1e-7)
	nearAll(t, "errors", append(r.SE, r.SigmaSE),
		[]float64{0.233511591424, 0.306767987175, 0.326768371924, 0.427594499832, 0.180524830922}, 1e-6)
	near(t, "likelihood", r.LogLik, -91.9833690373)
	near(t, "icc", r.ICC, 0.647518477997*0.647518477997/(0.647518477997*0.647518477997+math.Pi*math.Pi/3), 1e-6)
}

// Clusters that are alike give the fit without intercepts.
func TestRandomInterceptOfLikeClusters(t *testing.T) {
	var cases, size []float64
	var x [][]float64
	var cluster []int
	for g := range 12 {
		for k := range 2 {
			cases, size = append(cases, float64(20+10*k)), append(size, 50)
			x, cluster = append(x, []float64{1, float64(k)}), append(cluster, g)
		}
	}
	r := RandomIntercept(cases, size, x, cluster)
	plain := Binomial(cases, size, x, BinomialOptions{})
	nearAll(t, "coefficients", r.Coef, plain.Coef)
	if r.Sigma != 0 || len(r.Warnings) != 1 || r.Warnings[0].Code != NoLikeness {
		t.Errorf("sigma %v, %v", r.Sigma, r.Warnings)
	}
}

// A unit of a column changes its coefficient alone.
func TestRandomInterceptKnowsNoUnit(t *testing.T) {
	cases, size, x, herd := herds(t)
	plain := RandomIntercept(cases, size, x, herd)
	for i := range x {
		x[i][2] *= 1e9
	}
	r := RandomIntercept(cases, size, x, herd)
	nearAll(t, "coefficient", []float64{r.Coef[2] * 1e9, r.SE[2] * 1e9, r.Sigma},
		[]float64{plain.Coef[2], plain.SE[2], plain.Sigma}, 1e-7)
}

// Expected: geeglm of geepack on the animals one by one.
func TestExchangeable(t *testing.T) {
	cases, size, x, herd := herds(t)
	r := Exchangeable(cases, size, x, herd, CR0)
	nearAll(t, "coefficients", r.Coef,
		[]float64{-1.28349995285, -0.973947588775, -1.08891915215, -1.48906323408}, 1e-8)
	nearAll(t, "errors", r.SE, []float64{0.273558428722, 0.391252899645, 0.43930334271, 0.295171949707}, 1e-8)
	nearAll(t, "likeness", []float64{r.Alpha, r.Phi}, []float64{0.0298799238495, 0.892665493203}, 1e-8)
	cr1 := Exchangeable(cases, size, x, herd, CR1)
	near(t, "CR1", cr1.SE[1], r.SE[1]*math.Sqrt(15.0/14))
}

// oneTreated are twelve schools of which one is treated.
func oneTreated() (cases, size []float64, x [][]float64, cluster []int) {
	for g := range 12 {
		for week := range 4 {
			cases, size = append(cases, float64(12+3*(g%5)+week)), append(size, 60)
			x, cluster = append(x, []float64{1, indicator(g == 7)}), append(cluster, g)
		}
	}
	return cases, size, x, cluster
}

// No interval rests on one treated school, in any model and with any variance.
func TestOneTreatedClusterInEveryModel(t *testing.T) {
	cases, size, x, cluster := oneTreated()
	weeks := make([]int, len(cluster))
	for i := range weeks {
		weeks[i] = i % 4
	}
	fits := map[string]Regression{
		"estimating equations": Exchangeable(cases, size, x, cluster, CR1).Regression,
		"random intercept":     RandomIntercept(cases, size, x, cluster).Regression,
		"linear, two-way":      Linear(cases, x, LinearOptions{Cluster: cluster, Second: weeks}),
		"binomial, two-way":    Binomial(cases, size, x, BinomialOptions{Cluster: cluster, Second: weeks}),
	}
	for _, v := range []Variance{CR0, CR1, CR2, CR3} {
		fits["linear "+v.String()] = Linear(cases, x, LinearOptions{Cluster: cluster, Variance: v})
		fits["binomial "+v.String()] = Binomial(cases, size, x, BinomialOptions{Cluster: cluster, Variance: v})
		fits["hazard "+v.String()] = DiscreteHazard(cases, size, x, cluster, v)
		fits["counts "+v.String()] = Counts(CountData{Low: cases, High: cases, X: x, Cluster: cluster, Variance: v},
			CountModel{Family: NB2}).Regression
	}
	for name, r := range fits {
		if e := r.Coefficient(1, 0.95); e.HasInterval() {
			t.Errorf("%s: the treated school has [%v, %v]", name, e.Low, e.High)
		}
		if !warns(r.Warnings, Alone) && !warns(r.Warnings, OneCarries) {
			t.Errorf("%s: %v", name, r.Warnings)
		}
	}
}
