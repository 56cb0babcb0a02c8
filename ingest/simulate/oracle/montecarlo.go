package oracle

import (
	"context"
	_ "embed" // the truth of the default weeks
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// truthDefault is the truth of the default number of weeks, made by
// go test -run TestTruthDefault -update.
//
//go:embed truth_12w.json
var truthDefault []byte

const (
	defaultWeeks = 12
	truthSeed    = 20250908
	quickRegions = 8
	quickParents = 4_000
	leastParents = 450 // three a school
	truthNote    = "values of the superpopulation the seed draws from: ratios of expectations over schools, " +
		"by simulation; school effects and IPS are stratified inside each region"
	schoolsOfRuns = 150
)

// Superpopulation is the truth for a number of school weeks: the stored one, or a
// smaller run when there is none: eight regions of as many parents as the region that
// it scores has, from leastParents to quickParents a term. Its error is then about a
// third of the region's own, and a small region is not kept waiting for more.
func Superpopulation(ctx context.Context, weeks, parents int) (*Truth, error) {
	if weeks == defaultWeeks {
		t := new(Truth)
		if err := json.Unmarshal(truthDefault, t); err != nil {
			return nil, fmt.Errorf("read the stored truth: %w", err)
		}
		if len(t.Values) > 0 {
			return t, nil
		}
	}
	most := max(2000, quickParents*defaultWeeks/weeks)
	return monteCarlo(ctx, weeks, truthSeed, quickRegions, min(most, max(leastParents, parents)))
}

// bySize are the values that depend on how large schools are, and not in proportion: C1 is of
// the schools that publish a content, and the larger a school the less that says of a class;
// staff is not in proportion to families (M2). With 267 parents a school instead of 80 (six
// regions of 40,000) they are 16 and 5 % lower, the first of lycées 39 %; no other
// value of all persons differs by more than 3 % and four standard errors.
var bySize = []string{"C1.first_login", "M2.staff.outside"}

// SizeTo scales the values that are of a school (L6) to schools of a number of parents, and
// leaves out those that depend on it otherwise where schools are less than half or more than
// twice as large as those of the truth: an unknown truth is none.
func (t *Truth) SizeTo(parents float64) {
	if t.MonteCarlo == nil {
		return
	}
	factor := parents * float64(t.MonteCarlo.Schools) / float64(t.MonteCarlo.Parents)
	if factor < 0.5 || factor > 2 {
		t.Values = slices.DeleteFunc(t.Values, func(v Value) bool {
			return slices.Contains(bySize, v.Indicator+"."+v.Measure)
		})
	}
	for i := range t.Values {
		if v := &t.Values[i]; v.Measure == "weekly_visits" {
			v.Value, v.Error = round(factor*v.Value), round(factor*v.Error)
		}
	}
}

// monteCarlo simulates regions of 150 schools whose feeds all work and adds up their
// measures. Errors are by the jackknife over regions.
func monteCarlo(ctx context.Context, weeks int, seed uint64, regions, parents int) (*Truth, error) {
	w, err := region.NewWindow(weeks)
	if err != nil {
		return nil, err
	}
	each := make([]*Totals, regions)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(regions, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				each[i] = Observe(region.New(region.Plan{Window: w, Seed: random.Mix(seed, uint64(i)), Parents: parents,
					Schools: schoolsOfRuns, Selection: region.SelectionObserved, Expectation: true}))
			}
		})
	}
	for i := range regions {
		if ctx.Err() == nil {
			next <- i
		}
	}
	close(next)
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	sum := NewTotals()
	for _, t := range each {
		sum.Merge(t, 1)
	}
	values := sum.Values()
	for i, spread := range jackknife(sum, each, len(values)) {
		values[i].Error = round(spread)
		values[i].Value = round(values[i].Value)
	}
	run := &MonteCarlo{Regions: regions, Schools: regions * schoolsOfRuns, Parents: regions * parents, Seed: seed,
		Note: truthNote}
	truth := &Truth{Synthetic: true, Values: values, MonteCarlo: run}
	for _, v := range values {
		if len(v.Group) == 0 && v.Value != 0 {
			truth.MonteCarlo.Error = math.Max(truth.MonteCarlo.Error, round(v.Error/math.Abs(v.Value)))
		}
	}
	return truth, nil
}

// jackknife gives the standard error of each value, leaving out one region at a time.
func jackknife(sum *Totals, each []*Totals, n int) []float64 {
	r := float64(len(each))
	means, squares := make([]float64, n), make([]float64, n)
	for _, t := range each {
		sum.Merge(t, -1)
		for i, v := range sum.Values() {
			if i < n {
				means[i] += v.Value / r
				squares[i] += v.Value * v.Value / r
			}
		}
		sum.Merge(t, 1)
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Sqrt(math.Max(0, squares[i]-means[i]*means[i]) * (r - 1))
	}
	return out
}
