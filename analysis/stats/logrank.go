package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// LogRankTest is a log-rank test with the events of each group and those expected if all
// groups had one survival: their ratio is a hazard relative to the whole.
type LogRankTest struct {
	Test
	Observed, Expected []float64
}

// LogRank tests that the groups have one survival: with O and E = n_g·d/n summed
// over bins, (O−E)ᵀV⁻¹(O−E) is χ² with groups−1 degrees of freedom,
//
//	V_gh = Σ d(n−d)/(n−1)·(n_g/n)(δ_gh − n_h/n)
//
// tables are one per group on the same bins; units are independent (for clusters
// see [LogRankClusters]). Source: Mantel 1966; Peto & Peto 1972 (JRSS A 135).
func LogRank(tables []LifeTable) LogRankTest {
	g := len(tables)
	test := LogRankTest{Test: Test{Statistic: math.NaN(), DF: float64(g - 1), P: math.NaN(), Method: "log-rank"}}
	if test.Warnings = unsound(lives(tables)); test.Warnings != nil {
		return test
	}
	if g < 2 {
		test.Warnings = []Warning{warning(NoEvents)}
		return test
	}
	diff, v := logRankSums(tables)
	cov := mat.NewSymDense(g-1, nil)
	for i := range g - 1 {
		for j := 0; j <= i; j++ {
			cov.SetSym(i, j, v[i][j])
		}
	}
	for i, t := range tables {
		test.Observed = append(test.Observed, total(t.Events))
		test.Expected = append(test.Expected, test.Observed[i]-diff[i])
	}
	inv, ok := inverse(cov, g-1)
	if !ok {
		test.Warnings = []Warning{warning(NoEvents)}
		return test
	}
	d := mat.NewVecDense(g-1, diff[:g-1])
	test.Statistic = mat.Inner(d, inv, d)
	test.P = chiSquared(test.Statistic, test.DF)
	return test
}

// logRankSums returns O − E and its hypergeometric covariance.
func logRankSums(tables []LifeTable) (diff []float64, v [][]float64) {
	g := len(tables)
	diff, v = make([]float64, g), make([][]float64, g)
	for i := range v {
		v[i] = make([]float64, g)
	}
	pooled := PoolLifeTables(tables)
	for k, n := range pooled.AtRisk {
		d := pooled.Events[k]
		if n == 0 {
			continue
		}
		scale := 0.0
		if n > 1 {
			scale = d * (n - d) / (n - 1)
		}
		for i, t := range tables {
			share := t.AtRisk[k] / n
			diff[i] += t.Events[k] - share*d
			for j, u := range tables {
				if i == j {
					v[i][j] += scale * share
				}
				v[i][j] -= scale * share * u.AtRisk[k] / n
			}
		}
	}
	return diff, v
}

// LogRankClusters is the log-rank test of two groups whose units come in
// clusters: Peto's one-step log hazard ratio (O−E)/V of the first group over its
// delete-one-cluster jackknife error, squared, against F(1, G−1) of the G
// clusters. a[g] and b[g] are the life tables of cluster g in either group, on
// the same bins (zeros when it has none).
//
// Below [MinClusters] clusters the p-value is NaN. Source: Peto et al. 1977 (Br.
// J. Cancer 35) for the one-step estimate; [JackknifeClusters].
func LogRankClusters(a, b []LifeTable) Test {
	checkLengths(len(a), len(b))
	test := Test{Statistic: math.NaN(), DF: float64(len(a) - 1), P: math.NaN(), Method: "log-rank, cluster jackknife"}
	if test.Warnings = unsound(append(lives(a), lives(b)...)); test.Warnings != nil {
		return test
	}
	pooled := []LifeTable{PoolLifeTables(a), PoolLifeTables(b)}
	score := func(skip int) float64 {
		t := pooled
		if skip >= 0 {
			t = []LifeTable{pooled[0].minus(a[skip]), pooled[1].minus(b[skip])}
		}
		d, v := logRankSums(t)
		if len(d) == 0 {
			return math.NaN()
		}
		return d[0] / v[0][0]
	}
	e := JackknifeClusters(len(a), score, 0.95, Identity)
	f := e.Value / e.SE
	test.Statistic, test.P, test.Warnings = f*f, 2*tSurvival(math.Abs(f), test.DF), e.Warnings
	return test
}
