package stats

import (
	"math"
	"testing"
)

type lungRows struct {
	time      []float64
	event     []bool
	inst, sex []int
	c         map[string][]float64
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
	}
	return l
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
