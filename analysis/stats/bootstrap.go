package stats

import (
	"math"
	"math/rand/v2"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// ClusterBootstrap draws the g clusters with replacement reps times and gives the
// bias-corrected accelerated (BCa) interval of a functional: f(times) must return it
// when cluster i counts times[i] times. The acceleration comes from leaving out each
// cluster once. SE is the standard deviation of the replicates.
//
// seed fixes the draws: the same seed gives the same interval. Replicates that are NaN
// (an empty denominator) are left out and warned of; fewer than [MinClusters]
// clusters give no interval. With few skewed clusters the t intervals of
// [JackknifeClusters] hold their level better.
//
// Source: Efron 1987 (JASA 82); Davison & Hinkley 1997, §3.8, §5.3.
func ClusterBootstrap(g, reps int, seed uint64, f func(times []float64) float64, level float64) Estimate {
	checkLevel(level)
	times := make([]float64, g)
	ones := func() {
		for i := range times {
			times[i] = 1
		}
	}
	ones()
	e := Estimate{Value: f(times), Clusters: g, SE: math.NaN(), DF: math.NaN(), Method: "cluster bootstrap, BCa"}
	if !e.enough() {
		return e
	}
	var m2, m3 float64 // of the jackknife influences
	left := make([]float64, g)
	mean := 0.0
	for i := range left {
		ones()
		times[i] = 0
		left[i] = f(times)
		mean += left[i] / float64(g)
	}
	for _, v := range left {
		d := mean - v
		m2, m3 = m2+d*d, m3+d*d*d
	}
	accelerate := 0.0
	if m2 > 0 {
		accelerate = m3 / (6 * math.Pow(m2, 1.5))
	}
	r := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	var values []float64
	for range reps {
		clear(times)
		for range g {
			times[r.IntN(g)]++
		}
		if v := f(times); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	if lost := reps - len(values); lost > 0 {
		e.warn("%d of %d replicates undefined", lost, reps)
	}
	bcaInterval(&e, values, accelerate, level)
	return e
}

// bcaInterval sets the interval of e from the replicates.
func bcaInterval(e *Estimate, values []float64, accelerate, level float64) {
	n := float64(len(values))
	if n < 100 || math.IsNaN(accelerate) {
		e.noInterval()
		e.warn("%d replicates: no interval below 100", len(values))
		return
	}
	sort.Float64s(values)
	var mean, below float64
	for _, v := range values {
		mean += v / n
		if v < e.Value {
			below++
		} else if v == e.Value {
			below += 0.5
		}
	}
	var ss float64
	for _, v := range values {
		ss += (v - mean) * (v - mean)
	}
	e.SE = math.Sqrt(ss / (n - 1))
	if e.SE == 0 || below == 0 || below == n {
		e.noInterval()
		e.warn("%d replicates on one side of the value: no interval", len(values))
		return
	}
	normal := distuv.UnitNormal
	z0 := normal.Quantile(below / n)
	at := func(p float64) float64 {
		z := z0 + normal.Quantile(p)
		return normal.CDF(z0 + z/(1-accelerate*z))
	}
	q := Quantile(values, at(0.5-level/2), at(0.5+level/2))
	e.Low, e.High, e.Level = q[0], q[1], level
}
