package stats

import (
	"math"
	"slices"
	"testing"
)

func warns(warnings []Warning, c Code) bool {
	return slices.ContainsFunc(warnings, func(w Warning) bool { return w.Code == c })
}

// threeGroups are 30 clusters of 100 units in three groups; nobody has an event in the
// last. unit multiplies the columns of the groups.
func threeGroups(unit float64) (events, units []float64, x [][]float64, cluster []int) {
	for i := range 30 {
		n := float64(5 + i%7)
		if i >= 20 {
			n = 0
		}
		events, units, cluster = append(events, n), append(units, 100), append(cluster, i)
		x = append(x, []float64{1, unit * indicator(i >= 10 && i < 20), unit * indicator(i >= 20)})
	}
	return events, units, x, cluster
}

// A group without an event has no estimate, in every likelihood and whatever the unit of
// its column; the other groups keep theirs.
func TestSeparationHasNoScale(t *testing.T) {
	for _, unit := range []float64{1e-6, 1, 1e6} {
		events, units, x, cluster := threeGroups(unit)
		var binned CountData
		spread := slices.Clone(events)
		for i := range 20 {
			spread[i] = float64(1 + i*i*i%41)
		}
		for i := range events {
			for _, part := range [][2]float64{{0, units[i] - events[i]}, {1, events[i]}} {
				binned.Low, binned.High = append(binned.Low, part[0]), append(binned.High, part[0])
				binned.X, binned.Weight = append(binned.X, x[i]), append(binned.Weight, part[1])
				binned.Cluster = append(binned.Cluster, cluster[i])
			}
		}
		fits := map[string]Regression{
			"binomial": Binomial(events, units, x, BinomialOptions{Cluster: cluster}),
			"hazard":   DiscreteHazard(events, units, x, cluster, CR3),
			"poisson":  Counts(binned, CountModel{Family: Poisson}).Regression,
			"negative binomial": Counts(CountData{Low: spread, High: spread, X: x, Cluster: cluster},
				CountModel{Family: NB2}).Regression,
		}
		for name, r := range fits {
			if !warns(r.Warnings, Separation) {
				t.Errorf("%s in units of %g: %v", name, unit, r.Warnings)
			}
			if !math.IsNaN(r.SE[2]) || r.Ratio(2, 0.95).HasInterval() {
				t.Errorf("%s in units of %g: the empty group has %v ± %v", name, unit, r.Coef[2], r.SE[2])
			}
			if !(r.SE[1] > 0) {
				t.Errorf("%s in units of %g: the second group lost its error", name, unit)
			}
		}
	}
}

// A steep line whose ends are fitted with near certainty has an estimate.
func TestSteepIsNotSeparated(t *testing.T) {
	var events, units []float64
	var x [][]float64
	for i := range 41 {
		at := float64(i-20) / 2
		events, units = append(events, math.Round(1000*expit(3*at))), append(units, 1000)
		x = append(x, []float64{1, at})
	}
	r := Binomial(events, units, x, BinomialOptions{})
	if len(r.Warnings) > 0 || !(r.SE[1] > 0) {
		t.Errorf("%v ± %v, %v", r.Coef, r.SE, r.Warnings)
	}
	near(t, "slope", r.Coef[1], 3, 0.01)
}

// One treated cluster of twelve: its residual is 0 and tells nothing of others (MacKinnon
// & Webb 2017). The constant keeps its interval.
func TestOneTreatedClusterHasNoInterval(t *testing.T) {
	var y, ones []float64
	var x [][]float64
	var cluster []int
	for g := range 12 {
		for i := range 5 {
			y, ones = append(y, indicator((3*g+i*i)%4 >= 2)), append(ones, 1)
			x, cluster = append(x, []float64{1, indicator(g == 7)}), append(cluster, g)
		}
	}
	for _, v := range []Variance{CR2, CR3} {
		for name, r := range map[string]Regression{
			"linear":   Linear(y, x, LinearOptions{Cluster: cluster, Variance: v}),
			"binomial": Binomial(y, ones, x, BinomialOptions{Cluster: cluster, Variance: v}),
		} {
			if !r.Coefficient(0, 0.95).HasInterval() {
				t.Errorf("%s, %v: no interval of the constant: %v", name, v, r.Warnings)
			}
			if e := r.Coefficient(1, 0.95); e.HasInterval() || !warns(e.Warnings, Alone) {
				t.Errorf("%s, %v: %+v", name, v, e)
			}
		}
	}
	r := Counts(CountData{Low: y, High: y, X: x, Cluster: cluster}, CountModel{})
	if e := r.Coefficient(1, 0.95); e.HasInterval() {
		t.Errorf("counts: %+v", e)
	}
}

// A cluster that holds more than half of the units carries the share.
func TestOneClusterCarriesTheShare(t *testing.T) {
	x, y := []float64{600}, []float64{2000}
	for i := range 20 {
		x, y = append(x, float64(20+i)), append(y, 90)
	}
	if e := ClusterShare(x, y, 0.95); e.HasInterval() || !warns(e.Warnings, OneCarries) {
		t.Errorf("%+v", e)
	}
	x[0], y[0] = 300, 1000
	if e := ClusterShare(x, y, 0.95); !e.HasInterval() {
		t.Errorf("%+v", e)
	}
}

// A group in which everybody comes has no odds of coming: the zero part is held to the same
// check, whatever the unit of its column.
func TestSeparationOfTheZeroPart(t *testing.T) {
	for _, unit := range []float64{1e-6, 1, 1e6} {
		var d CountData
		for i := range 36 {
			for k := range 4 {
				y := float64((i*k + i) % 5)
				if group := i / 12; group == 2 {
					y++
				}
				d.Low, d.High = append(d.Low, y), append(d.High, y)
				d.X = append(d.X, []float64{1})
				d.Z = append(d.Z, []float64{1, unit * indicator(i/12 == 1), unit * indicator(i/12 == 2)})
				d.Cluster = append(d.Cluster, i)
			}
		}
		r := Counts(d, CountModel{Family: Poisson, Zero: Hurdle})
		if !warns(r.Warnings, Separation) {
			t.Errorf("in units of %g: %v", unit, r.Warnings)
		}
		if z := r.ZeroAt; !math.IsNaN(r.SE[z+2]) || !(r.SE[z+1] > 0) {
			t.Errorf("in units of %g: errors %v", unit, r.SE)
		}
	}
}
