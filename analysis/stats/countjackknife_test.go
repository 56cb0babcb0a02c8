package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// One Newton step from the whole fit is nearly the fit without a cluster.
func TestCountsJackknife(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 9))
	var d CountData
	for g := range 30 {
		effect := 0.4 * r.NormFloat64()
		for range 20 {
			y := float64(poisson(r, r.ExpFloat64()*math.Exp(1+0.5*float64(g%2)+effect)))
			high := y
			if y >= 8 {
				y, high = 8, math.Inf(1)
			}
			d.Low, d.High = append(d.Low, y), append(d.High, high)
			d.X, d.Cluster = append(d.X, []float64{1, float64(g % 2)}), append(d.Cluster, g)
		}
	}
	whole := Counts(d, CountModel{Family: NB2})
	var sum, squares float64
	for g := range 30 {
		var rest CountData
		for i := range d.Low {
			if d.Cluster[i] != g {
				rest.Low, rest.High, rest.X = append(rest.Low, d.Low[i]), append(rest.High, d.High[i]), append(rest.X,
					d.X[i])
			}
		}
		b := Counts(rest, CountModel{Family: NB2}).Coef[1]
		sum, squares = sum+b, squares+b*b
	}
	want := math.Sqrt((squares - sum*sum/30) * 29 / 30)
	if got := whole.SE[1]; math.Abs(got/want-1) > 0.04 {
		t.Errorf("standard error %v, %v by leaving clusters out", got, want)
	}
	d.Variance = CR1
	if plain := Counts(d, CountModel{Family: NB2}).SE[1]; plain >= whole.SE[1] {
		t.Errorf("the sandwich, %v, is no smaller than the jackknife, %v", plain, whole.SE[1])
	}
	if df := whole.DF[1]; !(df > 5 && df <= 29) {
		t.Errorf("%v degrees of freedom", df)
	}
}
