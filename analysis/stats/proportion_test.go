package stats

import (
	"math"
	"testing"
)

// Expected numbers: testdata/basics.R, prop.test(correct = FALSE) and
// binom.test. The four cases are those of Newcombe 1998 (Stat. Med. 17, 857),
// table I.
func TestProportions(t *testing.T) {
	for _, c := range []struct {
		x, n            int
		wilson, pearson [2]float64
	}{
		{81, 263, [2]float64{0.255288519878274, 0.3662095769828}, [2]float64{0.252736745585271, 0.367621922601351}},
		{0, 20, [2]float64{0, 0.161125158052819}, [2]float64{0, 0.168433470983085}},
		{1, 29, [2]float64{0.00611321429276266, 0.171755218793203}, [2]float64{0.000872646883579923, 0.177644295488723}},
		{29, 29, [2]float64{0.883030201500259, 1}, [2]float64{0.880555130930497, 1}},
	} {
		w, p := Wilson(c.x, c.n, 0.95), ClopperPearson(c.x, c.n, 0.95)
		nearAll(t, "Wilson", []float64{w.Low, w.High}, c.wilson[:])
		nearAll(t, "ClopperPearson", []float64{p.Low, p.High}, c.pearson[:])
	}
	none := Wilson(0, 0, 0.95)
	if none.HasInterval() || !math.IsNaN(none.Value) {
		t.Errorf("share of nobody: %+v", none)
	}
	wantWarning(t, none.Warnings, "0 units")
	wantPanic(t, "x > n", func() { Wilson(2, 1, 0.95) })
	wantPanic(t, "level", func() { Wilson(1, 2, 95) })
}

// Newcombe 1998 (Stat. Med. 17, 873), table II, method 10, cases (a), (d), (h).
func TestNewcombe(t *testing.T) {
	for _, c := range []struct {
		x1, n1, x2, n2 int
		low, high      float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{10, 10, 0, 20, 0.6791, 1.0000},
	} {
		e := Newcombe(c.x1, c.n1, c.x2, c.n2, 0.95)
		if math.Abs(e.Low-c.low) > 5e-5 || math.Abs(e.High-c.high) > 5e-5 {
			t.Errorf("%d/%d - %d/%d: %.4f to %.4f, want %.4f to %.4f", c.x1, c.n1, c.x2, c.n2, e.Low, e.High, c.low, c.high)
		}
	}
}

// binom.test(682, 925, p = 0.75) of its help page (Conover 1971, p. 97), and the
// coverage test of 1,920 of 2,000 intervals at 95 %.
func TestBinomialTest(t *testing.T) {
	near(t, "Conover", BinomialTest(682, 925, 0.75).P, 0.382491559574852)
	near(t, "coverage", BinomialTest(1920, 2000, 0.95).P, 0.0400108222069331)
	near(t, "all", BinomialTest(5, 5, 0.5).P, 0.0625)
}
