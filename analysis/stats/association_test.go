package stats

import (
	"math"
	"testing"
)

// Expected numbers of this file: testdata/association.R.

func TestCliffDelta(t *testing.T) {
	x, y := []float64{12, 5, 7, 7, 3, 9, 15, 2}, []float64{4, 6, 7, 1, 2, 2, 5, 3, 8, 7}
	e := CliffDelta(x, y, 0.95)
	nearAll(t, "Cliff", []float64{e.Value, e.SE, e.Low, e.High}, []float64{0.425, 0.252114077227964, -0.158017138000824, 0.788294009343763})
	near(t, "the other way", CliffDelta(y, x, 0.95).Low, -0.788294009343763)
	all := CliffDelta([]float64{5, 6, 7}, []float64{1, 2, 3}, 0.95)
	if all.Value != 1 || all.High > 1 {
		t.Errorf("all above: %+v", all)
	}
	if none := CliffDelta(nil, y, 0.95); !math.IsNaN(none.Value) || none.HasInterval() {
		t.Errorf("empty sample: %+v", none)
	}
	// the same in bands 1…15
	a, b := make([]float64, 16), make([]float64, 16)
	for _, v := range x {
		a[int(v)]++
	}
	for _, v := range y {
		b[int(v)]++
	}
	test := MannWhitney(a, b)
	nearAll(t, "Mann-Whitney", []float64{test.Statistic, test.P}, []float64{57, 0.139322366377834})
}

// datasets::HairEyeColor over both sexes (Snee 1974, Am. Stat. 28).
func TestChiSquare(t *testing.T) {
	table := [][]float64{{68, 20, 15, 5}, {119, 84, 54, 29}, {26, 17, 14, 14}, {7, 94, 10, 16}}
	test := ChiSquare(table)
	nearAll(t, "chi-squared", []float64{test.Statistic, test.DF, test.P}, []float64{138.289841626008, 9, 2.32528678709881e-25})
	near(t, "V", CramerV(table, false), 0.279044623342658)
	near(t, "V corrected", CramerV(table, true), 0.270483152912316)
	wantWarning(t, ChiSquare([][]float64{{1, 2}, {3, 90}}).Warnings, "3 expected counts below 5")
	wantWarning(t, ChiSquare([][]float64{{1, 2}, {0, 0}}).Warnings, "no test")
	near(t, "h", CohenH(0.7, 0.45), 0.511684267229048)
}

// prop.trend.test of the smokers of its help page (Fleiss 1981, p. 139).
func TestCochranArmitage(t *testing.T) {
	test := CochranArmitage([]float64{83, 90, 129, 70}, []float64{86, 93, 136, 82}, []float64{1, 2, 3, 4})
	nearAll(t, "trend", []float64{test.Statistic, test.P}, []float64{8.22492228519771, 0.00413189747764149})
}

func TestRates(t *testing.T) {
	e := PoissonRate(137, 24.19893, 0.95)
	nearAll(t, "Poisson", []float64{e.Value, e.Low, e.High}, []float64{5.66140734321724, 4.75312480484875, 6.69270933417607})
	near(t, "no event", PoissonRate(0, 1, 0.95).High, -math.Log(0.025))
	r := RateRatio(11, 800, 21, 3011, 0.95)
	nearAll(t, "ratio", []float64{r.Value, r.Low, r.High}, []float64{1.9714880952381, 0.858426403391639, 4.27726594365407})
	near(t, "power", PowerTwoShares(50, 0.5, 0.75, 0.05), 0.740165901331388)
	near(t, "size", SizeTwoShares(0.5, 0.75, 0.05, 0.9), 76.7069284517774)
}

// VanderWeele & Ding 2017: RR 3.9 (1.8 to 8.7) needs 7.2, its limit 3.0.
func TestEValue(t *testing.T) {
	e := EValue(Estimate{Value: 3.9, Low: 1.8, High: 8.7, Level: 0.95})
	near(t, "E-value", e.Value, 3.9+math.Sqrt(3.9*2.9))
	near(t, "limit", e.Low, 3)
	below := EValue(Estimate{Value: 1 / 3.9, Low: 1 / 8.7, High: 1 / 1.8, Level: 0.95})
	nearAll(t, "protective", []float64{below.Value, below.Low}, []float64{e.Value, e.Low})
	near(t, "holds 1", EValue(Estimate{Value: 1.2, Low: 0.9, High: 1.6, Level: 0.95}).Low, 1)
}

// The fifteen p-values of Benjamini & Hochberg 1995, §4.1.
func TestMultiplicity(t *testing.T) {
	p := []float64{.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1}
	nearAll(t, "BH", BenjaminiHochberg(p), []float64{0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571428571429, 0.0638571428571429, 0.0645,
		0.0765, 0.486, 0.581181818181818, 0.714875, 0.753230769230769, 0.813214285714286, 1})
	nearAll(t, "BY", BenjaminiYekutieli(p)[:9], []float64{0.00497734348984349, 0.00995468697968698, 0.0315231754356754, 0.118211907883783,
		0.200089208291708, 0.211892622853337, 0.211892622853337, 0.21402577006327, 0.253844517982018})
	nearAll(t, "Holm", Holm(p)[:10], []float64{0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213, 1})
	mixed := BenjaminiHochberg([]float64{0.04, math.NaN(), 0.01})
	nearAll(t, "with NaN", []float64{mixed[0], mixed[2]}, []float64{0.04, 0.02})
	if !math.IsNaN(mixed[1]) {
		t.Error("NaN does not stay")
	}
}
