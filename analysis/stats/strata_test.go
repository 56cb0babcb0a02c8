package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Expected numbers: testdata/basics.R.
func TestClusterRatioWithin(t *testing.T) {
	o := RatioOptions{Level: 0.95, Transform: Log}
	e := ClusterRatio(ratioX, ratioY, 0.95)
	s := ClusterRatioWithin(e, []Stratum{{ratioX[:5], ratioY[:5]}, {ratioX[5:], ratioY[5:]}}, o)
	nearAll(t, "within", []float64{s.Value, s.SE, s.DF, s.Low, s.High},
		[]float64{e.Value, 0.0356861586456997, 5.31773450696051, 0.272564143332693, 0.505514210835608})
	back := slices.Clone(ratioX)
	slices.Reverse(back)
	o.Gamma = true
	s = ClusterRatioWithin(ClusterRatioWith(back, ratioY, o), []Stratum{{back[:5], ratioY[:5]}, {back[5:], ratioY[5:]}}, o)
	nearAll(t, "no less skewed than a gamma law", []float64{s.SE, s.Low, s.High},
		[]float64{0.0684071855258711, 0.224691038055589, 0.742302443111681})
	o.Gamma = false
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
// clusters for drawn at random are too wide; those within strata are not, and hold the
// truth in 94.8, 94.3, 94.1 and 94.1 % with 12, 21, 51 and 150 clusters (40,000 draws),
// in 94.6 % with 450. What is missing is skewness, not width: the standard error is 1.13
// to 1.01 times the spread of the estimates, but clusters show 0.29 (21), 0.40 (51) and
// 0.66 (150) of the skewness that they have, so that the truth lies above more often than
// below. With the true skewness 97.1, 96.5 and 95.8 % hold it; with one whose bias the
// jackknife takes, which varies more, fewer than now.
//
//	go test ./analysis/stats -run TestWithinCovers -v -coverage-draws 20000
func TestWithinCovers(t *testing.T) {
	const asked = 0.94
	shares := []float64{0.03, 0.1, 0.2}
	truth := total(shares) / 3
	var draws, held, plain float64
	for _, each := range []int{4, 7, 17, 50} {
		r := rand.New(rand.NewPCG(2, uint64(each)))
		var c coveredWithin
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
			plain += indicator(e.Low <= truth && truth <= e.High)
			c.add(s, truth)
			c.wide += e.High - e.Low
		}
		t.Logf("%3d clusters: within strata %.4f, truth below %.4f, above %.4f; standard error × %.2f, width × %.2f",
			3*each, c.held/c.draws, c.below/c.draws, c.above/c.draws, c.errorOverSpread(), c.width/c.wide)
		draws, held = draws+c.draws, held+c.held
		if each > 10 && c.width > c.wide { // of four clusters a variance is a guess
			t.Errorf("%d clusters: wider within strata", 3*each)
		}
		if c.held < asked*c.draws-3*math.Sqrt(asked*(1-asked)*c.draws) {
			t.Errorf("%d clusters: %.0f of %.0f intervals hold the truth", 3*each, c.held, c.draws)
		}
	}
	t.Logf("within strata %.4f, at random %.4f", held/draws, plain/draws)
	if least := min(asked, 0.95-4*math.Sqrt(0.05*0.95/draws)); held < least*draws {
		t.Errorf("%.0f of %.0f intervals hold the truth", held, draws)
	}
	if held > plain {
		t.Errorf("%.0f intervals within strata hold the truth, %.0f of those at random", held, plain)
	}
}

// coveredWithin is how the intervals of one number of clusters do.
type coveredWithin struct {
	draws, held, below, above, width, wide float64
	sum, squares, variances                float64 // of the estimates, and their own
}

func (c *coveredWithin) add(s Estimate, truth float64) {
	c.draws++
	c.held += indicator(s.Low <= truth && truth <= s.High)
	c.below += indicator(truth < s.Low)
	c.above += indicator(truth > s.High)
	c.width += s.High - s.Low
	c.sum, c.squares, c.variances = c.sum+s.Value, c.squares+s.Value*s.Value, c.variances+s.SE*s.SE
}

// errorOverSpread is the root mean square of the standard errors over the spread of the estimates.
func (c *coveredWithin) errorOverSpread() float64 {
	mean := c.sum / c.draws
	return math.Sqrt(c.variances / (c.squares - c.draws*mean*mean))
}
