package stats

import (
	"math"
	"testing"
)

// survfit(Surv(q, cause) ~ 1) of R on the lung data, the institution's parity as a
// made-up cause: testdata/competing.R.
func TestCompeting(t *testing.T) {
	l := readLung(t)
	quarter, cause := make([]float64, len(l.time)), make([]int, len(l.time))
	for i := range quarter {
		quarter[i] = math.Ceil(l.time[i] / 90)
		if l.event[i] {
			cause[i] = 1 + l.inst[i]%2
		}
	}
	table := newCompetingTable(quarter, cause, 2)
	in := table.Incidence()
	nearAll(t, "cause 1", []float64{in[0][0], in[0][4], in[0][9]},
		[]float64{0.0309734513274336, 0.2932630256132627, 0.4142834844681388})
	nearAll(t, "cause 2", []float64{in[1][0], in[1][4], in[1][9]},
		[]float64{0.084070796460177, 0.351632423155532, 0.521357216450419})
	survival := LifeTable{table.Time, table.AtRisk, added(table.Events[0], table.Events[1], 1)}.Survival()
	near(t, "they add up", in[0][7]+in[1][7]+survival[7], 1)

	// single units as clusters: near the infinitesimal jackknife of survfit
	var units []CompetingTable
	for i := range quarter {
		u := CompetingTable{table.Time, make([]float64, 10), [][]float64{make([]float64, 10), make([]float64, 10)}}
		for k, at := range table.Time {
			u.AtRisk[k] = indicator(quarter[i] >= at)
			if quarter[i] == at && cause[i] > 0 {
				u.Events[cause[i]-1][k] = 1
			}
		}
		units = append(units, u)
	}
	e := CompetingClusters(units, 0.95)
	near(t, "SE", e[0][4].SE, 0.0330468353334358, 0.01)
	near(t, "SE", e[1][9].SE, 0.0406457125894423, 0.03)
	if few := CompetingClusters(units[:4], 0.95); few[0][0].HasInterval() {
		t.Error("4 clusters: interval")
	}
	wantPanic(t, "cause 3 of 2", func() { newCompetingTable([]float64{1}, []int{3}, 2) })
}
