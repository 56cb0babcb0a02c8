package indicator

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// twoArms draws schools whose accompanied come apart from their controls by slope a week
// before and after, and by effect after: four weeks on each side of one without data.
func twoArms(d *rand.Rand, schools int, slope, effect float64) []aligned {
	a := make([]aligned, 16)
	for i := range a {
		a[i] = aligned{make([]float64, schools), make([]float64, schools)}
	}
	for g := range schools {
		persons := math.Ceil(20 + 40*d.ExpFloat64())
		for w := range 8 {
			week := float64(w - 3) // from the last week before
			if w >= 4 {
				week++
			}
			rate := 1.5 * math.Exp(0.45*d.NormFloat64())
			for arm, factor := range []float64{math.Exp(slope * week), 1} {
				if arm == 0 && w >= 4 {
					factor *= math.Exp(effect)
				}
				mean := persons * rate * factor * math.Exp(0.3*d.NormFloat64()-0.045)
				a[2*w+arm].num[g] = math.Max(0, math.Round(mean+math.Sqrt(mean)*d.NormFloat64()))
				a[2*w+arm].den[g] = persons
			}
		}
	}
	return a
}

// Where the arms come apart after as they did before, the interval of M̄ = 1 holds the
// effect and that of M̄ = 0, which trusts the comparison, does not.
func TestCameApart(t *testing.T) {
	d := rand.New(rand.NewPCG(7, 7))
	const draws, effect = 200, 0.3
	for _, slope := range []float64{0, 0.15} {
		held := map[float64]float64{}
		for range draws {
			a := twoArms(d, 60, slope, effect)
			for _, m := range []float64{0, 1} {
				e, p := cameApart(a, m)
				if out := e.Low > 1 || e.High < 1; out != (p <= 1-level) {
					t.Errorf("slope %v, at %v: [%.4f, %.4f] and p = %.4f", slope, m, e.Low, e.High, p)
				}
				if e.Low <= math.Exp(effect) && math.Exp(effect) <= e.High && e.Low <= e.Value &&
					e.Value <= e.High {
					held[m] += 1. / draws
				}
			}
		}
		t.Logf("slope %v: held %.3f at 0, %.3f at 1", slope, held[0], held[1])
		if held[1] < 0.95 {
			t.Errorf("slope %v: the interval of 1 holds %.3f", slope, held[1])
		}
		if (held[0] > 0.9) != (slope == 0) {
			t.Errorf("slope %v: the interval of 0 holds %.3f", slope, held[0])
		}
	}
}

// The joint test of the weeks before says when the arms came apart, and seldom else.
func TestLeadsSaySo(t *testing.T) {
	d := rand.New(rand.NewPCG(8, 8))
	const draws = 300
	for _, slope := range []float64{0, 0.15} {
		said := 0.0
		for range draws {
			if w := movedAlike(leadsTest(twoArms(d, 60, slope, 0.3)[:8]).P); w.Code == CodeMovedApart {
				said += 1. / draws
			}
		}
		t.Logf("slope %v: said %.3f", slope, said)
		if slope == 0 && said > 0.09 || slope > 0 && said < 0.8 {
			t.Errorf("slope %v: said %.3f", slope, said)
		}
	}
}

// A chance is said as so many times in 100, never fewer than it is, and no statistic is named.
func TestChanceText(t *testing.T) {
	for p, want := range map[float64]string{0: "moins d’une fois sur 100", 0.0099: "moins d’une fois sur 100",
		0.05: "5 fois sur 100", 0.0501: "6 fois sur 100", 0.999: "100 fois sur 100"} {
		if got := chanceText(p); got != want {
			t.Errorf("%v: %s, want %s", p, got, want)
		}
	}
	for _, p := range []float64{math.NaN(), 0.01, 0.5} {
		text := movedAlike(p).Sentence()
		if strings.Contains(text, "test") || strings.Contains(text, "p =") {
			t.Errorf("%v: %q names the test", p, text)
		}
		if math.IsNaN(p) && !strings.Contains(text, "ne peuvent pas être comparées") {
			t.Error("a test that is not possible is not said to be")
		}
	}
}
