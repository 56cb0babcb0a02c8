package stats

import (
	"math"
	"testing"
)

func TestRoganGladen(t *testing.T) {
	p := Wilson(30, 200, 0.95)
	e := RoganGladen(p, 0.8, 0.95)
	near(t, "share", e.Value, (0.15-0.05)/0.75)
	near(t, "low", e.Low, (p.Low-0.05)/0.75)
	near(t, "SE", e.SE, p.SE/0.75)
	cut := RoganGladen(Wilson(4, 200, 0.95), 0.8, 0.95)
	if cut.Value != 0 || cut.Low != 0 {
		t.Errorf("cut: %+v", cut)
	}
	wantWarning(t, cut.Warnings, "cut to 0")
	useless := RoganGladen(p, 0.5, 0.5)
	if !math.IsNaN(useless.Value) || useless.HasInterval() {
		t.Errorf("coin: %+v", useless)
	}
}

// Imbens & Manski's c by uniroot: testdata/association.R.
func TestManskiBounds(t *testing.T) {
	inf := math.Inf(1)
	low := Estimate{Value: 0.12, SE: 0.01, DF: inf, Level: 0.95}
	high := Estimate{Value: 0.19, SE: 0.015, DF: inf, Level: 0.95}
	b := ManskiBounds(low, high, 0.95)
	nearAll(t, "outer", []float64{b.Outer.Low, b.Outer.High}, []float64{0.10355146371709, 0.214672804424365})
	same := ManskiBounds(low, low, 0.95)
	near(t, "point", same.Outer.Low, 0.12-1.959963984540054*0.01)
	few := ManskiBounds(low, Estimate{Value: 0.2, SE: math.NaN(), Warnings: []string{"7 clusters: no interval below 10"}}, 0.95)
	if !math.IsNaN(few.Outer.Low) || few.Level != 0 || few.Low != 0.12 || few.High != 0.2 {
		t.Errorf("few clusters: %+v", few)
	}
	wantWarning(t, few.Warnings, "7 clusters")
	wantWarning(t, ManskiBounds(high, low, 0.95).Warnings, "below lower end")
	m := MissingBounds(30, 100, 50)
	nearAll(t, "missing", []float64{m.Low, m.High}, []float64{0.2, 80.0 / 150})
}

// boot.ci(type = "bca") on 200,000 replicates: testdata/association.R. The draws
// differ, so two digits.
func TestClusterBootstrap(t *testing.T) {
	f := func(times []float64) float64 {
		var x, y float64
		for i, n := range times {
			x, y = x+n*ratioX[i], y+n*ratioY[i]
		}
		return x / y
	}
	e := ClusterBootstrap(12, 20000, 1, f, 0.95)
	nearAll(t, "BCa", []float64{e.Low, e.High, e.SE}, []float64{0.291884816753927, 0.413234801312617, 0.0298775672711443}, 0.02)
	again := ClusterBootstrap(12, 20000, 1, f, 0.95)
	if again.Low != e.Low || again.High != e.High {
		t.Error("the same seed gives another interval")
	}
	few := ClusterBootstrap(9, 100, 1, func(times []float64) float64 { return times[0] }, 0.95)
	wantWarning(t, few.Warnings, "9 clusters")
}
