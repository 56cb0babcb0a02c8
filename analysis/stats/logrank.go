package stats

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/mat"
)

// LifeTablesBy builds one life table per group on the common grid of all event
// times, as [LogRank] and [PoolLifeTables] need them. group is in 0…groups−1.
func LifeTablesBy(time []float64, event []bool, group []int, groups int) []LifeTable {
	checkLengths(len(time), len(event), len(group))
	grid := NewLifeTable(time, event).Time
	tables := make([]LifeTable, groups)
	for g := range tables {
		tables[g] = LifeTable{grid, make([]float64, len(grid)), make([]float64, len(grid))}
	}
	for i, at := range time {
		t := tables[group[i]]
		last := sort.Search(len(grid), func(k int) bool { return grid[k] > at })
		for k := range last {
			t.AtRisk[k]++
		}
		if event[i] {
			t.Events[last-1]++
		}
	}
	return tables
}

// LogRank tests that the groups have one survival: with O and E = n_g·d/n summed
// over bins, (O−E)ᵀV⁻¹(O−E) is χ² with groups−1 degrees of freedom,
//
//	V_gh = Σ d(n−d)/(n−1)·(n_g/n)(δ_gh − n_h/n)
//
// tables are one per group on the same bins; units are independent (for clusters
// see [LogRankClusters]). Source: Mantel 1966; Peto & Peto 1972 (JRSS A 135).
func LogRank(tables []LifeTable) Test {
	g := len(tables)
	diff, v := logRankSums(tables)
	test := Test{DF: float64(g - 1), Method: "log-rank"}
	cov := mat.NewSymDense(g-1, nil)
	for i := range g - 1 {
		for j := 0; j <= i; j++ {
			cov.SetSym(i, j, v[i][j])
		}
	}
	inv, ok := inverse(cov, g-1)
	if !ok {
		test.Statistic, test.P = math.NaN(), math.NaN()
		test.Warnings = []string{"0 events in a group: no test"}
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
	pooled := []LifeTable{PoolLifeTables(a), PoolLifeTables(b)}
	score := func(skip int) float64 {
		t := pooled
		if skip >= 0 {
			t = []LifeTable{pooled[0].minus(a[skip]), pooled[1].minus(b[skip])}
		}
		d, v := logRankSums(t)
		return d[0] / v[0][0]
	}
	e := JackknifeClusters(len(a), score, 0.95, Identity)
	f := e.Value / e.SE
	return Test{Statistic: f * f, DF: float64(len(a) - 1), P: 2 * tSurvival(math.Abs(f), float64(len(a)-1)),
		Method: "log-rank, cluster jackknife", Warnings: e.Warnings}
}

// RestrictedMean is the mean time without event up to tau (RMST), the area under
// the Kaplan–Meier curve, with variance Σ A_i²·d/(n(n−d)), A_i the area from event
// time i to tau. tau must not exceed the time to which the table was followed.
//
// Source: Royston & Parmar 2013 (BMC Med. Res. Meth. 13); Klein & Moeschberger
// 2003, §4.5.
func RestrictedMean(t LifeTable, tau, level float64) Estimate {
	checkLevel(level)
	value, v := t.restrictedMean(tau)
	e := Estimate{Value: value, SE: math.Sqrt(v), DF: math.Inf(1), Method: "restricted mean, Greenwood"}
	if len(t.AtRisk) > 0 {
		e.N = int(t.AtRisk[0])
	}
	e.deltaInterval(level, Identity)
	return e
}

func (t LifeTable) restrictedMean(tau float64) (mean, variance float64) {
	s := t.Survival()
	at, from := 1.0, 0.0
	var area []float64 // of each step, from event time i on
	for i, time := range t.Time {
		if time >= tau {
			break
		}
		mean += at * (time - from)
		if i > 0 {
			area = append(area, at*(time-from))
		}
		at, from = s[i], time
	}
	if from < tau {
		mean += at * (tau - from)
	}
	area = append(area, at*(tau-from))
	right := 0.0
	for i := len(area) - 1; i >= 0; i-- {
		right += area[i]
		if i < len(t.Time) && t.Time[i] < tau {
			if n, d := t.AtRisk[i], t.Events[i]; n > d {
				variance += right * right * d / (n * (n - d))
			}
		}
	}
	return mean, variance
}

// RestrictedMeanClusters is [RestrictedMean] of the life tables summed over
// clusters, with the delete-one-cluster jackknife.
func RestrictedMeanClusters(tables []LifeTable, tau, level float64) Estimate {
	pooled := PoolLifeTables(tables)
	e := JackknifeClusters(len(tables), func(skip int) float64 {
		t := pooled
		if skip >= 0 {
			t = pooled.minus(tables[skip])
		}
		m, _ := t.restrictedMean(tau)
		return m
	}, level, Identity)
	e.Method = "restricted mean, " + e.Method
	return e
}

// SurvivalQuantile is the time at which the event has come to a share p of the
// units: the first at which S ≤ 1−p, +Inf when the curve does not fall so far.
// Its interval holds the times at which the curve's own interval crosses 1−p
// (Brookmeyer & Crowley 1982). curve is [KaplanMeier] or [KaplanMeierClusters] of
// the table whose times are given. A curve level with 1−p over a stretch gives
// the middle of it, as R does.
func SurvivalQuantile(time []float64, curve []Estimate, p float64) Estimate {
	checkLengths(len(time), len(curve))
	cross := func(of func(Estimate) float64) float64 {
		for i, e := range curve {
			s := of(e)
			if math.Abs(s-(1-p)) < 1e-12 && i+1 < len(curve) {
				return (time[i] + time[i+1]) / 2
			}
			if s < 1-p {
				return time[i]
			}
		}
		return math.Inf(1)
	}
	e := Estimate{Value: cross(func(e Estimate) float64 { return e.Value }), DF: math.Inf(1), SE: math.NaN(), Method: "Kaplan-Meier quantile"}
	if len(curve) == 0 {
		e.noInterval()
		return e
	}
	last := curve[len(curve)-1]
	e.N, e.Clusters, e.Warnings = last.N, last.Clusters, last.Warnings
	for _, c := range curve {
		if c.HasInterval() {
			e.Level = c.Level
		}
	}
	if e.Level == 0 {
		e.noInterval()
		return e
	}
	e.Low = cross(func(e Estimate) float64 { return e.Low })
	e.High = cross(func(e Estimate) float64 { return e.High })
	return e
}
