package indicator

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
)

// The truth comes back: over many regions drawn from one superpopulation of
// schools, 95 % intervals hold its true value about 95 % of the time. Draws are
// made of counts by school, without logs or files.

const (
	coverageDraws   = 300
	coverageSchools = 75 // 15 an IPS band
	effectSD        = 0.45
	accompanyEffect = 1.6
)

// neverShare is the share of never connected of a school of a band.
func neverShare(band int, effect float64) float64 {
	return expit(-1.6 - 0.25*float64(band-3) + effect)
}

// meanOver integrates f over a normal effect, by the midpoint rule on 4,001
// points of ±8 standard deviations.
func meanOver(f func(effect float64) float64) float64 {
	var sum, weight float64
	for i := range 4001 {
		z := -8 + 16*(float64(i)+0.5)/4001
		w := math.Exp(-z * z / 2)
		sum, weight = sum+w*f(effectSD*z), weight+w
	}
	return sum / weight
}

func normalCount(rng *rand.Rand, mean, variance float64) int64 {
	return int64(math.Max(0, math.Round(mean+math.Sqrt(variance)*rng.NormFloat64())))
}

// drawRegion fills a computation with the cells of one region.
func drawRegion(seed uint64) *computation {
	rng := rand.New(rand.NewPCG(seed, 99))
	c := &computation{sums: map[sumsKey]map[cellKey][]query.Sum{}}
	add := func(source, population, grouping, group string, cluster int, persons, x, y int64) {
		k := cellKey{source, population, grouping, group}
		at := sumsKey{source, grouping}
		if c.sums[at] == nil {
			c.sums[at] = map[cellKey][]query.Sum{}
		}
		c.sums[at][k] = append(c.sums[at][k], query.Sum{Grouping: grouping, Group: group, Population: population, Cluster: int32(cluster), Schools: 1, Persons: persons, X: x, Y: y, XX: x * 4, YY: y})
	}
	for i := range coverageSchools {
		band := 1 + i%5
		effect := effectSD * rng.NormFloat64()
		n := int64(100 + rng.IntN(400))
		p := neverShare(band, effect)
		never := min(n, normalCount(rng, float64(n)*p, float64(n)*p*(1-p)))
		rate := 1.2 * math.Exp(effect)
		visits := normalCount(rng, float64(n)*12*rate, float64(n)*12*rate*8) // over-dispersed
		for grouping, group := range map[string]string{"all": "", "ips_band": fmt.Sprint(band)} {
			add("L2.never", "all_accounts", grouping, group, i, n, never, n)
			add("L1.visits_per_week", "all_accounts", grouping, group, i, n, visits, 12*n)
		}
		arm := n / 8
		before := func(mean float64) int64 { return normalCount(rng, float64(arm)*4*mean, float64(arm)*4*mean*3) }
		low := 0.6 * rate // the accompanied came less, and so did their controls
		add("A2.before.accompanied", "matched", "all", "", i, arm, before(low), 4*arm)
		add("A2.after.accompanied", "matched", "all", "", i, arm, before(low*accompanyEffect), 4*arm)
		add("A2.before.control", "matched", "all", "", i, arm, before(low), 4*arm)
		add("A2.after.control", "matched", "all", "", i, arm, before(low), 4*arm)
	}
	return c
}

func TestCoverage(t *testing.T) {
	var shares [5]float64
	for band := range shares {
		shares[band] = meanOver(func(e float64) float64 { return neverShare(band+1, e) })
	}
	gradient := stats.NewGradient(shares[:], []float64{1, 1, 1, 1, 1})
	for _, test := range []struct {
		id, measure, population string
		truth                   float64
	}{
		{"L2", "never", "all_accounts", gradient.Mean},
		{"L1", "visits_per_week", "all_accounts", meanOver(func(e float64) float64 { return 1.2 * math.Exp(e) })},
		{"F2", "never_ratio", "all_accounts", shares[0] / shares[4]},
		{"F2", "never_gap", "all_accounts", shares[0] - shares[4]},
		{"F2", "never_sii", "all_accounts", gradient.Slope},
		{"F2", "never_erreygers", "all_accounts", gradient.Erreygers(1)},
		{"F2", "never_rii", "all_accounts", 1 / gradient.RelativeIndex()},
		{"A2", "rate_ratio", "matched", accompanyEffect},
	} {
		ind, err := Lookup(test.id)
		if err != nil {
			t.Fatal(err)
		}
		m, _ := ind.measure(test.measure)
		held := 0
		for seed := range uint64(coverageDraws) {
			c := drawRegion(seed)
			var r Result
			r, err = estimators[m.Estimator](c, r, m, test.population, wholePopulation)
			if err != nil || r.Low == nil {
				t.Fatalf("%s %s: no interval: %v %v", test.id, test.measure, r.Warnings, err)
			}
			if *r.Low <= test.truth && test.truth <= *r.High {
				held++
			}
		}
		covered := float64(held) / coverageDraws
		t.Logf("%s %s: %.3f", test.id, test.measure, covered)
		// 95 % ± 3.3 binomial standard errors of 300 draws. Figures of the whole
		// region may cover more: bands are fixed by design and their differences
		// count as chance in an interval that does not know them.
		if covered < 0.908 || covered > 0.99 && test.id != "L2" {
			t.Errorf("%s %s: covers the truth in %.1f %% of %d draws", test.id, test.measure, 100*covered, coverageDraws)
		}
	}
}
