package indicator

import (
	"context"
	"math"

	"github.com/entscope/entscope/analysis/stats"
)

// otherLevels is how far the levels together may be from the whole population, as a
// share of its denominator, by noise and by parents of two levels.
const otherLevels = 0.05

// How a share, a rate and a ratio of two counts of the same persons have their interval.
var (
	ofShare     = stats.RatioOptions{Transform: stats.Logit}
	ofRate      = stats.RatioOptions{Transform: stats.Log, Gamma: true}
	ofTwoCounts = stats.RatioOptions{Transform: stats.Log}
)

// clustered is the ratio of a cell with its interval, of a share on the logit scale. Of
// the whole population it takes from the doubt what its levels (école, collège, lycée)
// differ by: a region has the schools of each level that it has. Where the edition does
// not part the measure by level, or too few schools are of one, schools count as drawn at
// random; and where the levels together say something else than the whole, as with what
// only parents of two levels do (tools: within a level nobody meets two), for their doubt
// is then not that of the whole.
func (c *computation) clustered(ctx context.Context, whole *cell, o stats.RatioOptions) (stats.Estimate, error) {
	o.Level = level
	estimate := func(num, den []float64, _ float64) stats.Estimate { return stats.ClusterRatioWith(num, den, o) }
	switch {
	case o.Transform == stats.Logit && perHead(whole.key.source):
		estimate = stats.ClusterHeads
	case o.Transform == stats.Logit:
		estimate = stats.ClusterShare
	}
	num := whole.num
	if o.Transform == stats.Logit && whole.x > whole.y { // by the noise of cells: all of them, and no more is known
		num = whole.den
	}
	e := estimate(num, whole.den, level)
	if whole.key.grouping != wholePopulation.Grouping {
		return e, nil
	}
	var strata []stats.Stratum
	var x, y int64
	for _, g := range c.groups {
		if g.Grouping != "level" {
			continue
		}
		part, err := c.cell(ctx, whole.key.source, whole.key.population, g)
		if err != nil {
			return e, ignoreNoTable(err)
		}
		if part != nil {
			strata = append(strata, stats.Stratum{Num: part.num, Den: part.den})
			x, y = x+part.x, y+part.y
		}
	}
	if len(strata) < 2 || math.Abs(float64(y-whole.y)) > otherLevels*float64(whole.y) {
		return e, nil
	}
	within := stats.ClusterRatioWithin(e, strata, o)
	if math.Abs(float64(x)/float64(y)-e.Value) > within.SE {
		return e, nil
	}
	return within, nil
}

// bothShares are the shares of two cells.
func (c *computation) bothShares(ctx context.Context, one, other *cell) (a, b stats.Estimate, err error) {
	if a, err = c.clustered(ctx, one, ofShare); err != nil {
		return a, b, err
	}
	b, err = c.clustered(ctx, other, ofShare)
	return a, b, err
}
