package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Quantiles of Student's t from the usual tables (NIST/SEMATECH e-Handbook §1.3.6.7.2):
// P(T > 2.228139) = 0.025 with 10 degrees of freedom, P(T > 3.169273) = 0.005; and of
// the normal, P(Z > 1.959964) = 0.025; testdata/wald.R.
func TestWaldTest(t *testing.T) {
	for _, c := range []struct {
		name    string
		e       Estimate
		null    float64
		scale   Transform
		p, stat float64
	}{
		{"t, 10 df", Estimate{Value: 2.228138852, SE: 1, DF: 10}, 0, Identity, 0.05, 2.228138852},
		{"t, 10 df, one per cent", Estimate{Value: -3.169272673, SE: 1, DF: 10}, 0, Identity, 0.01, -3.169272673},
		{"normal", Estimate{Value: 1.959963985, SE: 1, DF: math.Inf(1)}, 0, Identity, 0.05, 1.959963985},
		{"a ratio on the log scale", Estimate{Value: math.E, SE: math.E / 1.959963985, DF: math.Inf(1)}, 1, Log, 0.05,
			1.959963985},
	} {
		if got := WaldTest(c.e, c.null, c.scale); math.Abs(got.P-c.p) > 1e-8 || math.Abs(got.Statistic-c.stat) > 1e-9 {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	for _, e := range []Estimate{{Value: 2, SE: math.NaN(), DF: 10}, {Value: -1, SE: 1, DF: 10}} {
		if got := WaldTest(e, 1, Log); !math.IsNaN(got.P) {
			t.Errorf("%+v: p = %v without an error or outside the scale", e, got.P)
		}
	}
}

// A test finds a difference where the interval leaves the null out, of skewed estimates too:
// at every level the end of an interval has the p-value of that level.
func TestWaldIsTheInterval(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	found := 0
	for range 200 {
		x, y := region(r, 12+r.IntN(30), 0.2, false)
		for name, e := range map[string]Estimate{"rate": ClusterRatio(x, y, 0.95), "share": ClusterShare(x, y, 0.95)} {
			if !e.HasInterval() {
				continue
			}
			scale := Log
			if name == "share" {
				scale = Logit
			}
			for _, end := range []float64{e.Low, e.High} {
				if !scale.inside(end) {
					continue
				}
				found++
				if p := WaldTest(e, end, scale).P; math.Abs(p-0.05) > 1e-6 {
					t.Errorf("%s: p = %v at the end %v of [%v, %v]", name, p, end, e.Low, e.High)
				}
			}
		}
	}
	if found < 400 {
		t.Errorf("%d ends", found)
	}
}
