package stats

import (
	"math"
	"testing"
)

// The 6-MP arm of Freireich et al. 1963, as printed by Gehan 1965 (Biometrika
// 52): weeks in remission, 9 relapses. R: testdata/basics.R.
var (
	sixMP      = []float64{6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}
	sixMPEvent = []bool{8: true, 0: true, 1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 7: true, 20: false}
)

func TestKaplanMeier(t *testing.T) {
	table := NewLifeTable(sixMP, sixMPEvent)
	nearAll(t, "time", table.Time, []float64{6, 7, 10, 13, 16, 22, 23})
	nearAll(t, "at risk", table.AtRisk, []float64{21, 17, 15, 12, 11, 7, 6})
	log, loglog := KaplanMeier(table, 0.95, Log), KaplanMeier(table, 0.95, LogLog)
	at := func(k int) []float64 {
		return []float64{log[k].Value, log[k].SE, log[k].Low, log[k].High, loglog[k].Low, loglog[k].High}
	}
	nearAll(t, "week 6", at(0), []float64{0.857142857142857, 0.0763603548321213, 0.71981708391627, 1, 0.619717955265984, 0.951551747646997})
	nearAll(t, "week 13", at(3), []float64{0.690196078431372, 0.10681470777501, 0.50961309910178, 0.93476919553613, 0.431610222486184, 0.849065963349451})
	nearAll(t, "week 23", at(6), []float64{0.448179271708683, 0.13459145675576, 0.24878822681766, 0.807372045529077, 0.188052005959232, 0.680142628495241})
}

// Clusters that are single independent units: the jackknife variance is close
// to Greenwood's.
func TestKaplanMeierClusters(t *testing.T) {
	pooled := NewLifeTable(sixMP, sixMPEvent)
	var tables []LifeTable
	for i, at := range sixMP {
		u := LifeTable{pooled.Time, make([]float64, len(pooled.Time)), make([]float64, len(pooled.Time))}
		for k, time := range pooled.Time {
			if at >= time {
				u.AtRisk[k] = 1
			}
			if at == time && sixMPEvent[i] {
				u.Events[k] = 1
			}
		}
		tables = append(tables, u)
	}
	curve, single := KaplanMeierClusters(tables, 0.95), KaplanMeier(pooled, 0.95, LogLog)
	for k := range curve {
		near(t, "survival", curve[k].Value, single[k].Value)
		near(t, "SE", curve[k].SE, single[k].SE, 0.15)
	}
	i := Incidence(curve[3])
	near(t, "incidence", i.Value, 1-curve[3].Value)
	if !(i.Low < i.Value && i.Value < i.High) {
		t.Errorf("incidence %+v", i)
	}
	few := KaplanMeierClusters(tables[:8], 0.95)
	if few[0].HasInterval() {
		t.Error("8 clusters: interval")
	}
	wantWarning(t, few[0].Warnings, "8 clusters")
	if e := KaplanMeier(LifeTable{[]float64{1}, []float64{4}, []float64{4}}, 0.95, Log); e[0].Value != 0 || !math.IsNaN(e[0].Low) {
		t.Errorf("nobody left: %+v", e[0])
	}
}
