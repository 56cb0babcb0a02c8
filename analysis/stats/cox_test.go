package stats

import (
	"math"
	"testing"
)

type lungRows struct {
	time, start []float64
	event       []bool
	inst, sex   []int
	c           map[string][]float64
}

// survival::lung, complete rows (Loprinzi et al. 1994, J. Clin. Oncol. 12). R
// code of every expected number: testdata/survival.R.
func readLung(t *testing.T) lungRows {
	l := lungRows{c: readTable(t, "lung.csv")}
	l.time = l.c["time"]
	for i := range l.time {
		l.event = append(l.event, l.c["event"][i] == 1)
		l.inst = append(l.inst, int(l.c["inst"][i]))
		l.sex = append(l.sex, int(l.c["sex"][i]))
		l.start = append(l.start, l.c["inst"][i]/10)
	}
	return l
}

// columnsOf is rowsOf without the constant.
func columnsOf(columns ...[]float64) [][]float64 {
	x := rowsOf(columns...)
	for i := range x {
		x[i] = x[i][1:]
	}
	return x
}

func TestCox(t *testing.T) {
	l := readLung(t)
	x := columnsOf(l.c["age"], l.c["sex"], l.c["ecog"])
	r := Cox(CoxData{Stop: l.time, Event: l.event, X: x})
	nearAll(t, "cox", append(r.Coef, r.SE...), []float64{0.0112321642572748, -0.556593413985132, 0.469216396766102,
		0.00926210540597481, 0.168071030877183, 0.11429040215874})
	near(t, "logLik", r.LogLik, -724.119253118481)

	small := math.Sqrt(18.0 / 17) // our factor G/(G−1)
	r = Cox(CoxData{Stop: l.time, Event: l.event, X: x, Cluster: l.inst})
	nearAll(t, "robust", r.SE,
		[]float64{0.00688872705633099 * small, 0.112286679907034 * small, 0.117615953271261 * small})
	if r.Clusters != 18 || r.DF[0] != 17 {
		t.Errorf("%d clusters, %v degrees of freedom", r.Clusters, r.DF)
	}
	r = Cox(CoxData{Stop: l.time, Event: l.event, X: columnsOf(l.c["age"], l.c["ecog"]), Strata: l.sex})
	nearAll(t, "strata", append(r.Coef, r.SE...),
		[]float64{0.0107084013907186, 0.469062941883841, 0.00923359925195251, 0.115587315961956})
}

// Heavy ties, then late entries.
func TestCoxTies(t *testing.T) {
	l := readLung(t)
	x := columnsOf(l.c["age"], l.c["sex"])
	quarter, stop := make([]float64, len(l.time)), make([]float64, len(l.time))
	for i := range quarter {
		quarter[i] = math.Ceil(l.time[i] / 90)
		stop[i] = l.start[i] + quarter[i]
	}
	small := math.Sqrt(18.0 / 17)
	r := Cox(CoxData{Stop: quarter, Event: l.event, X: x})
	nearAll(t, "ties", append(r.Coef, r.SE...),
		[]float64{0.0168956041365981, -0.529729125698206, 0.00912941963978654, 0.167875118704013})
	near(t, "logLik", r.LogLik, -739.850198971092)
	r = Cox(CoxData{Stop: quarter, Event: l.event, X: x, Cluster: l.inst})
	nearAll(t, "ties robust", r.SE, []float64{0.00727695497011868 * small, 0.132273673060479 * small})
	r = Cox(CoxData{Start: l.start, Stop: stop, Event: l.event, X: x, Cluster: l.inst})
	nearAll(t, "late entry", r.Coef, []float64{0.0152958779905517, -0.523228568767953})
	nearAll(t, "late entry SE", r.SE, []float64{0.00771284168946624 * small, 0.138045758714571 * small})
}

func TestCoxMonotone(t *testing.T) {
	r := Cox(CoxData{Stop: []float64{1, 2, 3, 4, 5, 6}, Event: []bool{true, true, true, false, false, false},
		X: [][]float64{{1}, {1}, {1}, {0}, {0}, {0}}})
	wantWarning(t, r.Warnings, "no maximum")
}

func TestLogRank(t *testing.T) {
	l := readLung(t)
	sex, ecog := make([]int, len(l.sex)), make([]int, len(l.sex))
	for i := range sex {
		sex[i], ecog[i] = l.sex[i]-1, int(l.c["ecog"][i])
	}
	near(t, "log-rank", LogRank(lifeTablesBy(l.time, l.event, sex, 2)).Statistic, 9.88639084425536)
	test := LogRank(lifeTablesBy(l.time, l.event, ecog, 4))
	nearAll(t, "log-rank of 4", []float64{test.Statistic, test.DF, test.P},
		[]float64{21.8562661071199, 3, 6.98807823864295e-05})

	// by institution: one life table per institution and sex
	both := make([]int, len(sex))
	at := map[int]int{}
	for i, inst := range l.inst {
		if _, ok := at[inst]; !ok {
			at[inst] = len(at)
		}
		both[i] = 2*at[inst] + sex[i]
	}
	tables := lifeTablesBy(l.time, l.event, both, 2*len(at))
	var a, b []LifeTable
	for g := range len(at) {
		a, b = append(a, tables[2*g]), append(b, tables[2*g+1])
	}
	robust := LogRankClusters(a, b)
	if robust.DF != 17 || robust.P > 0.01 || robust.P < 1e-6 {
		t.Errorf("cluster log-rank %+v", robust)
	}
	few := LogRankClusters(a[:5], b[:5])
	if !math.IsNaN(few.P) {
		t.Errorf("5 clusters: p %v", few.P)
	}
}

// With bins as fine as the data, the discrete-time model on life tables agrees
// with the grouped proportional hazards fit.
func TestDiscreteHazard(t *testing.T) {
	l := readLung(t)
	quarter, sex := make([]float64, len(l.time)), make([]int, len(l.time))
	for i := range quarter {
		quarter[i], sex[i] = math.Ceil(l.time[i]/90), l.sex[i]-1
	}
	tables := lifeTablesBy(quarter, l.event, sex, 2)
	var events, risk []float64
	var x [][]float64
	for g, table := range tables {
		for k := range table.Time {
			row := make([]float64, 1+len(table.Time))
			row[k], row[len(table.Time)] = 1, float64(g)
			x, events, risk = append(x, row), append(events, table.Events[k]), append(risk, table.AtRisk[k])
		}
	}
	r := DiscreteHazard(events, risk, x, nil, CR1)
	last := len(r.Coef) - 1
	hr := r.Ratio(last, 0.95)
	if hr.Value < 0.5 || hr.Value > 0.7 || hr.High > 0.9 {
		t.Errorf("hazard ratio %+v", hr)
	}
}
