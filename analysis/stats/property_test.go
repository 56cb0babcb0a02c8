package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// drawClusters draws the sums of 10 to 30 clusters, shares when share is true.
func drawClusters(t *rapid.T, share bool) (num, den []float64) {
	for range rapid.IntRange(10, 30).Draw(t, "clusters") {
		d := rapid.IntRange(1, 400).Draw(t, "den")
		top := 3 * d
		if share {
			top = d
		}
		num = append(num, float64(rapid.IntRange(0, top).Draw(t, "num")))
		den = append(den, float64(d))
	}
	return num, den
}

// The estimate lies in its interval, the interval in the domain; the order of the
// clusters does not matter beyond rounding; weeks counted in days scale the rate.
func TestRatioProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		share := rapid.Bool().Draw(t, "share")
		num, den := drawClusters(t, share)
		f := ClusterRatio
		if share {
			f = ClusterShare
		}
		e := f(num, den, 0.95)
		if e.HasInterval() {
			if !(e.Low <= e.Value && e.Value <= e.High && e.Low >= 0) || share && e.High > 1 {
				t.Fatalf("%+v", e)
			}
			if !(e.DF > 0 && e.DF <= float64(len(num)-1)) {
				t.Fatalf("degrees of freedom %v of %d clusters", e.DF, len(num))
			}
		} else if len(e.Warnings) == 0 {
			t.Fatalf("no interval and no reason: %+v", e)
		}
		back := func(x []float64) []float64 {
			r := make([]float64, len(x))
			for i := range x {
				r[len(x)-1-i] = x[i]
			}
			return r
		}
		if b := f(back(num), back(den), 0.95); e.HasInterval() && math.Abs(b.High-e.High) > 1e-9*(1+e.High) {
			t.Fatalf("order matters: %v and %v", b.High, e.High)
		}
		if !share && e.HasInterval() {
			days := make([]float64, len(den))
			for i := range den {
				days[i] = 7 * den[i]
			}
			if b := f(num, days, 0.95); math.Abs(7*b.High-e.High) > 1e-9*(1+e.High) {
				t.Fatalf("scale matters: %v and %v", 7*b.High, e.High)
			}
		}
	})
}

// Swapping groups turns a difference round and inverts a ratio, interval included.
func TestCompareProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n1, d1 := drawClusters(t, true)
		n2, d2 := make([]float64, len(n1)), make([]float64, len(n1))
		for i := range n2 {
			d2[i] = float64(rapid.IntRange(1, 300).Draw(t, "den"))
			n2[i] = float64(rapid.IntRange(1, int(d2[i])).Draw(t, "num"))
			n1[i] = math.Max(n1[i], 1)
		}
		a, b := ClusterShareDifference(n1, d1, n2, d2, 0.9), ClusterShareDifference(n2, d2, n1, d1, 0.9)
		if math.Abs(a.Low+b.High) > 1e-9 && a.HasInterval() {
			t.Fatalf("%+v and %+v", a, b)
		}
		p, q := ClusterRatioOfRatios(n1, d1, n2, d2, 0.9), ClusterRatioOfRatios(n2, d2, n1, d1, 0.9)
		if math.Abs(p.Value*q.Value-1) > 1e-9 {
			t.Fatalf("%v and %v", p.Value, q.Value)
		}
	})
}

// Gini lies in [0, 1), does not change with scale, and agrees with its rank sums;
// Theil's parts are not negative.
func TestInequalityProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var x []float64
		var group []int
		for range rapid.IntRange(2, 50).Draw(t, "n") {
			x = append(x, float64(rapid.IntRange(0, 40).Draw(t, "x")))
			group = append(group, rapid.IntRange(0, 3).Draw(t, "group"))
		}
		if total(x) == 0 {
			return
		}
		g := gini(x)
		if g < -1e-12 || g >= 1 {
			t.Fatalf("Gini %v of %v", g, x)
		}
		persons, sum, rank, _ := rankSums(x, group, 4)
		if r := GiniFromRanks(total(persons), total(sum), total(rank)); math.Abs(r-g) > 1e-9 {
			t.Fatalf("from ranks %v, Gini %v", r, g)
		}
		parts := theil(x, group)
		if parts.Within < -1e-9 || parts.Between < -1e-9 || math.Abs(parts.Total-theil(x, nil).Total) > 1e-9 {
			t.Fatalf("%+v", parts)
		}
	})
}
