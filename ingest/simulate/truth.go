package simulate

import (
	"bytes"
	"context"
	_ "embed" // the truth of the default weeks
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// Value is one figure of truth.json, under the key it has in results.json.
type Value struct {
	Indicator  string            `json:"indicator"`
	Population string            `json:"population"`
	Group      map[string]string `json:"group"`
	Measure    string            `json:"measure"`
	Value      float64           `json:"value"`
	// Error is the standard error of the Monte Carlo run that gave the value.
	Error float64 `json:"mc_error"`
}

// MonteCarlo says how the values were computed.
type MonteCarlo struct {
	Regions int    `json:"regions"`
	Schools int    `json:"schools"`
	Parents int    `json:"parents"`
	Seed    uint64 `json:"seed"`
	// Error is the largest relative standard error over the whole population.
	Error float64 `json:"error"`
	Note  string  `json:"note"`
}

// Truth is truth.json.
type Truth struct {
	Synthetic bool `json:"synthetic"`
	// Region says which region was drawn; the values are the same for all of a
	// number of weeks.
	Region      *Region        `json:"region,omitempty"`
	Assumptions map[string]any `json:"assumptions,omitempty"`
	// Plants are what went wrong in the region, on purpose.
	Plants     []Plant     `json:"plants,omitempty"`
	MonteCarlo *MonteCarlo `json:"monte_carlo,omitempty"`
	Values     []Value     `json:"values"`
	// Counts are the numerators and denominators of the approved measures,
	// counted on all persons of the region before anything became a log.
	Counts []Count `json:"counts,omitempty"`
}

// Count is what the persons of one group bring to a measure of the cell tables.
type Count struct {
	Measure    string            `json:"measure"`
	Population string            `json:"population"`
	Group      map[string]string `json:"group"`
	Numerator  int64             `json:"numerator"`
	Denom      int64             `json:"denominator"`
}

// counts are the totals as integers, in a fixed order.
func (t *totals) counts() []Count {
	var out []Count
	for _, k := range t.sorted() {
		for g := range groupCount {
			if t.y[k][g] > 0.5 {
				out = append(out, Count{k.measure, k.population, groupLabel(g), int64(math.Round(t.x[k][g])), int64(math.Round(t.y[k][g]))})
			}
		}
	}
	return out
}

// sorted are the measures in a fixed order.
func (t *totals) sorted() []ratio {
	return slices.SortedFunc(maps.Keys(t.x), func(a, b ratio) int {
		return strings.Compare(a.measure+"|"+a.population, b.measure+"|"+b.population)
	})
}

// Region is one drawn region.
type Region struct {
	Parents int    `json:"parents"`
	Schools int    `json:"schools"`
	Weeks   int    `json:"weeks"`
	Years   int    `json:"years,omitempty"`
	Seed    uint64 `json:"seed"`
}

// truthDefault is the truth of the default number of weeks, made by
// go test -run TestTruthDefault -update.
//
//go:embed truth_12w.json
var truthDefault []byte

const (
	defaultWeeks  = 12
	truthSeed     = 20250908
	quickRegions  = 8
	quickParents  = 8_000
	truthNote     = "values of the superpopulation the seed draws from: ratios of expectations over schools, by simulation; school effects and IPS are stratified inside each region"
	schoolsOfRuns = 150
)

// truthOf is the truth for a number of school weeks: the stored one, or a
// smaller run when there is none.
func truthOf(ctx context.Context, weeks int) (*Truth, error) {
	if weeks == defaultWeeks {
		t := new(Truth)
		if err := json.Unmarshal(truthDefault, t); err != nil {
			return nil, fmt.Errorf("read the stored truth: %w", err)
		}
		if len(t.Values) > 0 {
			return t, nil
		}
	}
	return monteCarlo(ctx, weeks, truthSeed, quickRegions, max(4000, quickParents*defaultWeeks/weeks))
}

// monteCarlo simulates regions of 150 schools without plants and adds up their
// measures. Errors are by the jackknife over regions.
func monteCarlo(ctx context.Context, weeks int, seed uint64, regions, parents int) (*Truth, error) {
	w, err := newWindow(weeks)
	if err != nil {
		return nil, err
	}
	each := make([]*totals, regions)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(regions, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				each[i] = newRegion(w, mix(seed, uint64(i)), parents, schoolsOfRuns, true, false).observe()
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
	sum := newTotals()
	for _, t := range each {
		sum.merge(t, 1)
	}
	values := sum.values()
	for i, spread := range jackknife(sum, each, len(values)) {
		values[i].Error = round(spread)
		values[i].Value = round(values[i].Value)
	}
	truth := &Truth{Synthetic: true, Values: values, MonteCarlo: &MonteCarlo{Regions: regions, Schools: regions * schoolsOfRuns, Parents: regions * parents, Seed: seed, Note: truthNote}}
	for _, v := range values {
		if len(v.Group) == 0 && v.Value != 0 {
			truth.MonteCarlo.Error = math.Max(truth.MonteCarlo.Error, round(v.Error/math.Abs(v.Value)))
		}
	}
	return truth, nil
}

// observe computes the measures of a whole region from its events.
func (r *region) observe() *totals {
	t := newTotals()
	for n := range r.basins() {
		b := newBasin(r, n)
		b.behave()
		observe(b, t)
	}
	return t
}

// jackknife gives the standard error of each value, leaving out one region at a time.
func jackknife(sum *totals, each []*totals, n int) []float64 {
	r := float64(len(each))
	means, squares := make([]float64, n), make([]float64, n)
	for _, t := range each {
		sum.merge(t, -1)
		for i, v := range sum.values() {
			if i < n {
				means[i] += v.Value / r
				squares[i] += v.Value * v.Value / r
			}
		}
		sum.merge(t, 1)
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Sqrt(math.Max(0, squares[i]-means[i]*means[i]) * (r - 1))
	}
	return out
}

// round keeps seven significant digits, so that the file is stable to the eye.
func round(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	scale := math.Pow(10, 7-math.Ceil(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}

// values are all figures of the totals in a fixed order.
func (t *totals) values() []Value {
	var out []Value
	add := func(name, population string, g int, v float64) {
		indicator, measure, _ := strings.Cut(name, ".")
		out = append(out, Value{Indicator: indicator, Population: population, Group: groupLabel(g), Measure: measure, Value: v})
	}
	for _, k := range t.sorted() {
		if strings.HasPrefix(k.measure, "A2.") {
			continue
		}
		for g := range groupCount {
			if t.y[k][g] > 0.5 {
				add(k.measure, k.population, g, t.x[k][g]/t.y[k][g])
			}
		}
	}
	const all = "all_accounts"
	for g := range groupCount {
		gini, top := concentration(t.visits[g])
		add("F5.gini", all, g, gini)
		add("F5.top_tenth_share", all, g, top)
		add("D3.first_login_8w", all, g, t.incidence(g, 8))
		for _, q := range []struct {
			name string
			at   float64
		}{{"L1.visits_median", 0.5}, {"L1.visits_p90", 0.9}} {
			add(q.name, all, g, quantile(t.weekVisits[g], q.at))
			add(q.name, "active_accounts", g, quantile(t.activeVisits[g], q.at))
		}
	}
	rate := func(measure, population string, g int) float64 {
		k := ratio{measure, population}
		if t.x[k] == nil {
			return math.NaN()
		}
		return t.x[k][g] / t.y[k][g]
	}
	if t.x[ratio{"A2.after.control", "matched"}] != nil {
		add("A2.rate_ratio", "matched", 0, rate("A2.after.accompanied", "matched", 0)/rate("A2.before.accompanied", "matched", 0)/
			(rate("A2.after.control", "matched", 0)/rate("A2.before.control", "matched", 0)))
	}
	add("A2.naive_rate_ratio", "matched", 0, rate("A2.naive.accompanied", all, 0)/rate("A2.naive.others", all, 0))
	if t.x[ratio{"L2.never", all}] != nil {
		low, high := rate("L2.never", all, 4), rate("L2.never", all, 8)
		slope, erreygers := t.gradient(ratio{"L2.never", all})
		add("F2.never_ratio", all, 0, low/high)
		add("F2.never_gap", all, 0, low-high)
		add("F2.never_sii", all, 0, slope)
		add("F2.never_erreygers", all, 0, erreygers)
	}
	add("F2.visits_ratio", all, 0, rate("L1.visits_per_week", all, 4)/rate("L1.visits_per_week", all, 8))
	return out
}

// Plant is one thing planted in the region.
type Plant struct {
	Kind string `json:"kind"`
	UAI  string `json:"uai"`
	// Day is the first day of it.
	Day string `json:"day"`
}

// Kinds of plants.
const (
	PlantStopped      = "feed stops"
	PlantGradesStop   = "grade service stops"
	PlantLate         = "school joins late"
	PlantSixChildren  = "family of six children in one school"
	plantSixChildrenN = 6
)

func (r *region) planted() []Plant {
	var out []Plant
	add := func(kind string, s *school, day int) {
		out = append(out, Plant{kind, s.uai, r.w.date(day).Format(time.DateOnly)})
	}
	for i := range r.schools {
		s := &r.schools[i]
		if s.stopDay >= 0 {
			add(PlantStopped, s, s.stopDay)
		}
		if s.gradeStopDay >= 0 {
			add(PlantGradesStop, s, s.gradeStopDay)
		}
		if s.rollout > 0 {
			add(PlantLate, s, s.rollout)
		}
		if i == 0 {
			add(PlantSixChildren, s, 0)
		}
	}
	return out
}

// writeTruth writes truth.json.
func (r *region) writeTruth(ctx context.Context, dir string, c Config, direct *totals) (err error) {
	var t *Truth
	if c.Years > 0 {
		t = &Truth{Synthetic: true, Values: r.effects(direct)}
	} else if t, err = truthOf(ctx, c.Weeks); err != nil {
		return err
	}
	t.Region = &Region{Parents: c.Parents, Schools: c.Schools, Weeks: c.Weeks, Years: c.Years, Seed: c.Seed}
	t.Assumptions, t.Plants = assumptions(c, c.Schools), r.planted()
	return writeJSON(dir, "truth.json", t)
}

func writeJSON(dir, name string, t *Truth) error {
	data, err := t.render()
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return writeFile(dir, name, data)
}

// render is the JSON of a truth with a value, or a count, on each line.
func (t *Truth) render() ([]byte, error) {
	head := *t
	head.Values, head.Counts = []Value{}, nil
	data, err := json.MarshalIndent(head, "", " ")
	if err != nil {
		return nil, err
	}
	data = append(bytes.TrimSuffix(data, []byte("[]\n}")), "[\n"...)
	if data, err = appendLines(data, t.Values); err != nil {
		return nil, err
	}
	if len(t.Counts) > 0 {
		if data, err = appendLines(append(data, " ],\n \"counts\": [\n"...), t.Counts); err != nil {
			return nil, err
		}
	}
	return append(data, " ]\n}\n"...), nil
}

// appendLines writes the JSON of each row on a line of its own.
func appendLines[T any](data []byte, rows []T) ([]byte, error) {
	for i, v := range rows {
		line, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		data = append(append(data, "  "...), line...)
		if i < len(rows)-1 {
			data = append(data, ',')
		}
		data = append(data, '\n')
	}
	return data, nil
}
