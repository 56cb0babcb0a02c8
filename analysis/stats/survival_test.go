package stats

import (
	"testing"
)

// The 6-MP arm of Freireich et al. 1963, as printed by Gehan 1965 (Biometrika
// 52): weeks in remission, 9 relapses. R: testdata/basics.R.
var (
	sixMP      = []float64{6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}
	sixMPEvent = []bool{8: true, 0: true, 1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 7: true, 20: false}
)

// Clusters that are single independent units: the jackknife variance is close
// to Greenwood's.
func TestKaplanMeierClusters(t *testing.T) {
	pooled := newLifeTable(sixMP, sixMPEvent)
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
	curve, single := KaplanMeierClusters(tables, 0.95), pooled.Survival()
	for k := range curve {
		near(t, "survival", curve[k].Value, single[k])
	}
	for _, r := range []struct {
		k         int
		value, se float64 // survfit of R, Greenwood
	}{{0, 0.857142857142857, 0.0763603548321213}, {3, 0.690196078431372, 0.10681470777501},
		{6, 0.448179271708683, 0.13459145675576}} {
		near(t, "survival", curve[r.k].Value, r.value)
		near(t, "SE", curve[r.k].SE, r.se, 0.15)
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
}
