package stats

import (
	"math"
	"testing"
)

// Expected numbers: testdata/desk.R, its output in testdata/desk.R.txt.

// quineRows are MASS::quine with a constant, and two clusters that cut across each other.
func quineRows(t *testing.T) (days []float64, x [][]float64, a, b []int) {
	q := readTable(t, "quine.csv")
	eth := make([]float64, len(q["days"])) // R's reference is A: aboriginal
	for i, v := range q["aboriginal"] {
		eth[i] = 1 - v
		age := 1 + int(q["f1"][i]+2*q["f2"][i]+3*q["f3"][i])
		a = append(a, age+4*int(1+q["slow"][i])+8*int(1+q["male"][i]))
		b = append(b, (i+1)%11)
	}
	return q["days"], rowsOf(eth, q["male"]), a, b
}

func TestTwoWayClusters(t *testing.T) {
	days, x, a, b := quineRows(t)
	r := Linear(days, x, LinearOptions{Cluster: a, Second: b})
	nearAll(t, "linear", r.SE, []float64{3.24496412914, 3.17221214101, 4.18400224571})
	if r.Clusters != 11 || r.DF[0] != 10 {
		t.Errorf("%d clusters, %v degrees of freedom", r.Clusters, r.DF)
	}
	z, ones := make([]float64, len(days)), make([]float64, len(days))
	for i, v := range days {
		z[i], ones[i] = indicator(v > 10), 1
	}
	g := Binomial(z, ones, x, BinomialOptions{Cluster: a, Second: b})
	nearAll(t, "binomial", g.SE, []float64{0.147378606255, 0.306866548363, 0.384267186872})
}

func TestDispersion(t *testing.T) {
	var success, trials []float64
	var x [][]float64
	for _, c := range berkeley {
		for s := range 2 {
			success, trials = append(success, c[2*s]), append(trials, c[2*s]+c[2*s+1])
			x = append(x, []float64{1, float64(s)})
		}
	}
	near(t, "dispersion", Binomial(success, trials, x, BinomialOptions{}).Dispersion, 71.5295800083)
}

func TestLogRankObservedAndExpected(t *testing.T) {
	l := readLung(t)
	ecog := make([]int, len(l.time))
	for i := range ecog {
		ecog[i] = int(l.c["ecog"][i])
	}
	test := LogRank(lifeTablesBy(l.time, l.event, ecog, 4))
	nearAll(t, "observed", test.Observed, []float64{37, 82, 43, 1})
	nearAll(t, "expected", test.Expected, []float64{54.0280475913, 83.3924080886, 25.4063271922, 0.173217127827})
}

func TestJoint(t *testing.T) {
	days, x, _, _ := quineRows(t)
	test := Linear(days, x, LinearOptions{}).Joint([]int{1, 2})
	nearAll(t, "joint", []float64{test.Statistic, test.P}, []float64{6.65022261215, 0.00173129588978})
}

func TestRootogram(t *testing.T) {
	q := readTable(t, "quine.csv")
	d := CountData{X: rowsOf(q["aboriginal"])}
	for _, y := range q["days"] {
		k := len(binEdges) - 1
		for binEdges[k] > y {
			k--
		}
		d.Low, d.High = append(d.Low, binEdges[k]), append(d.High, math.Inf(1))
		if k < 11 {
			d.High[len(d.High)-1] = binEdges[k+1] - 1
		}
	}
	exact := CountData{Low: q["days"], High: q["days"], X: d.X}
	m := CountModel{Family: NB2}
	fit := Counts(exact, m).Fitness(d, m)
	var expected []float64
	for _, b := range fit.Bins {
		expected = append(expected, b.Expected)
	}
	nearAll(t, "expected", expected, []float64{6.78748526696, 7.26372280383, 7.247790339, 13.8493983087, 18.4931261665,
		20.2562903464, 22.4091029309, 19.2432974113, 15.5310871657, 8.92985286625, 4.37420263049, 1.61464376384}, 1e-5)
	nearAll(t, "fit", []float64{fit.ChiSquare, float64(fit.Used), fit.Misplaced},
		[]float64{18.886334587, 10, 0.137028973554}, 1e-5)
}
