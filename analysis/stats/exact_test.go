package stats

import (
	"math"
	"testing"
)

// Expected numbers: testdata/exact.R, its output in testdata/exact.R.txt.

func TestFisherExact(t *testing.T) {
	for _, test := range []struct {
		table [4]int
		want  []float64
	}{
		{[4]int{3, 1, 1, 3}, []float64{0.485714285714, 6.4083196582, 0.211735595447, 626.243530589}},
		{[4]int{12, 5, 29, 2}, []float64{0.0802685520741, 0.172669646903, 0.014534125727, 1.23100329025}},
		{[4]int{1200, 1100, 900, 1050}, []float64{9.25897470771e-05, 1.2726548922, 1.1256664555, 1.43901193177}},
		{[4]int{0, 7, 5, 4}, []float64{0.0336538461538, 0, 0, 1.06668640549}},
	} {
		x := test.table
		e := FisherExact(x[0], x[1], x[2], x[3], 0.95)
		nearAll(t, "fisher", []float64{e.P, e.Odds.Value, e.Odds.Low, e.Odds.High}, test.want, 1e-8)
	}
	if e := FisherExact(4, 6, 0, 0, 0.95); e.P != 1 || e.Odds.HasInterval() {
		t.Errorf("an empty row: %+v", e)
	}
}

func TestMcNemar(t *testing.T) {
	for _, test := range []struct {
		b, c int
		want []float64
	}{
		{25, 9, []float64{6.61764705882, 0.00904118549079, 2.77777777778, 1.25420504213, 6.76292694416}},
		{150, 86, []float64{16.8177966102, 3.71593613957e-05, 1.74418604651, 1.32922825261, 2.30097908042}},
		{0, 6, []float64{4.16666666667, 0.03125, 0, 0, 0.849311194297}},
	} {
		e := McNemar(test.b, test.c, 0.95)
		nearAll(t, "mcnemar", []float64{e.Statistic, e.P, e.Odds.Value, e.Odds.Low, e.Odds.High}, test.want, 1e-8)
	}
}

func TestRankCorrelation(t *testing.T) {
	q := readTable(t, "quine.csv")
	edges := []float64{0, 5, 12, 26, math.Inf(1)}
	banded, days := make(Crosstab, 4), Crosstab{}
	for i := range banded {
		banded[i] = make([]float64, 4)
	}
	for range 100 {
		days = append(days, make([]float64, 4))
	}
	for i, d := range q["days"] {
		age := int(q["f1"][i] + 2*q["f2"][i] + 3*q["f3"][i])
		days[int(d)][age]++
		k := 0
		for d >= edges[k+1] {
			k++
		}
		banded[k][age]++
	}
	of := func(c Correlation) []float64 { return []float64{c.Value, c.Statistic, c.P} }
	nearAll(t, "kendall", of(Kendall(banded)), []float64{0.146311570534, 2.09979402979, 0.0357469636654})
	nearAll(t, "kendall of days", of(Kendall(days)), []float64{0.124622651156, 1.96646893531, 0.0492444672967})
	c := Spearman(banded)
	nearAll(t, "spearman", []float64{c.Value, c.P}, []float64{0.1760561717, 0.033533080593})
	c = Spearman(days)
	nearAll(t, "spearman of days", []float64{c.Value, c.P}, []float64{0.168036018545, 0.0426241921762})
}
