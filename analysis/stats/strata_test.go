package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Expected numbers: testdata/basics.R.
func TestClusterRatioWithin(t *testing.T) {
	o := RatioOptions{Level: 0.95, Transform: Log}
	e := ClusterRatio(ratioX, ratioY, 0.95)
	s := ClusterRatioWithin(e, []Stratum{{ratioX[:5], ratioY[:5]}, {ratioX[5:], ratioY[5:]}}, o)
	nearAll(t, "within", []float64{s.Value, s.SE, s.DF, s.Low, s.High},
		[]float64{e.Value, 0.0356861586456997, 5.31773450696051, 0.272564143332693, 0.505514210835608})
	for name, strata := range map[string][]Stratum{
		"two clusters": {{ratioX[:2], ratioY[:2]}, {ratioX[2:], ratioY[2:]}},
		"none":         {},
	} {
		if same := ClusterRatioWithin(e, strata, o); same.Low != e.Low || same.High != e.High {
			t.Errorf("%s: %+v", name, same)
		}
	}
}

// Where strata differ and send fixed numbers of clusters, intervals that take the
// clusters for drawn at random are too wide; those within strata are not.
//
//	go test ./analysis/stats -run TestWithinCovers -v -coverage-draws 2000
func TestWithinCovers(t *testing.T) {
	shares := []float64{0.03, 0.1, 0.2}
	draws, held, plain := 0, 0, 0
	for _, each := range []int{4, 7, 17, 50} {
		r := rand.New(rand.NewPCG(2, uint64(each)))
		var width, wide float64
		here, hold := 0, 0
		for range *coverageDraws {
			var strata []Stratum
			var num, den []float64
			for _, p := range shares {
				x, y := region(r, each, p, true)
				strata = append(strata, Stratum{x, y})
				num, den = append(num, x...), append(den, y...)
			}
			e := ClusterShare(num, den, 0.95)
			if !e.HasInterval() {
				continue
			}
			s := ClusterRatioWithin(e, strata, RatioOptions{Level: 0.95, Transform: Logit})
			const truth = (0.03 + 0.1 + 0.2) / 3
			here++
			hold += int(indicator(s.Low <= truth && truth <= s.High))
			plain += int(indicator(e.Low <= truth && truth <= e.High))
			width, wide = width+s.High-s.Low, wide+e.High-e.Low
		}
		t.Logf("%3d clusters: within strata %.3f, width × %.2f", 3*each, float64(hold)/float64(here), width/wide)
		draws, held = draws+here, held+hold
		if each > 10 && width > wide { // of four clusters a variance is a guess
			t.Errorf("%d clusters: wider within strata", 3*each)
		}
	}
	t.Logf("within strata %.3f, at random %.3f", float64(held)/float64(draws), float64(plain)/float64(draws))
	if float64(held) < 0.95*float64(draws)-4*math.Sqrt(0.05*0.95*float64(draws)) || held > plain {
		t.Errorf("%d of %d intervals hold the truth, %d of those at random", held, draws, plain)
	}
}
