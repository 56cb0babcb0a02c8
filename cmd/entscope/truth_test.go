package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/simulate"
)

var (
	seeds   = flag.Int("seeds", 1, "regions whose planted truth must come back")
	parents = flag.Int("truth-parents", 3000, "parents of each of these regions of 150 schools")
	years   = flag.Int("truth-years", 0, "school years of each of these regions; 0 is twelve weeks")
)

// cellKey is the key that results.json and truth.json share.
func cellKey(id, population string, group map[string]string, measure string) string {
	text := id + " " + measure + " " + population
	for _, k := range slices.Sorted(maps.Keys(group)) {
		text += " " + k + "=" + group[k]
	}
	return text
}

// exactResults runs a region up to its editions and computes the unprotected
// figures: intervals are tested before they are rounded outward.
func exactResults(
	t *testing.T, seed int, world simulate.Config,
) (results []indicator.Result, truth, direct plantedValues) {
	t.Helper()
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "region")
	world.Seed, world.Schools, world.Direct = uint64(seed), 150, true
	r := regionFlags{out: dir, config: world}
	if err := simulateRegion(ctx, r, &progress{}); err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	s, err := study.Read(filepath.Join(dir, "study.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := demoKeys(s, uint64(seed)); err != nil {
		t.Fatal(err)
	}
	if _, err := runBatch(ctx, s, runOptions{until: "anonymize"}, silent(t)); err != nil {
		t.Fatal(err)
	}
	config, clean, err := tempEngine(256, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer clean()
	editions, err := filepath.Glob(filepath.Join(dir, "editions", "research-*"))
	if err != nil || len(editions) != 1 {
		t.Fatalf("editions %v: %v", editions, err)
	}
	ed, err := query.Open(ctx, editions[0], config)
	if err != nil {
		t.Fatal(err)
	}
	defer ed.Close()
	if results, err = indicator.Compute(ctx, ed, s.Indicators.Compute); err != nil {
		t.Fatal(err)
	}
	truth, direct = readTruth(t, filepath.Join(dir, "truth.json")), readTruth(t, filepath.Join(dir, "direct.json"))
	if world.Years > 0 { // what is planted of years are effects: for the rest the region is its own truth
		planted := truth
		truth = maps.Clone(direct)
		maps.Copy(truth, planted)
	}
	return results, truth, direct
}

func readTruth(t *testing.T, path string) plantedValues {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file simulate.Truth
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	values := plantedValues{}
	for _, v := range file.Values {
		values[cellKey(v.Indicator, v.Population, v.Group, v.Measure)] = v.Value
	}
	return values
}

// score counts, for one indicator, the intervals that hold the planted truth
// and what the anonymisation adds to the direct estimate of the same region.
type score struct {
	cells, held int
	// regions counts those in which at least 80 % of the indicator's intervals hold
	// the truth.
	regions int
	spread  float64 // sum over regions of the square of held − level·cells
	bias    float64 // sum of |edition − direct| ÷ |direct|
	biased  int
}

// below says whether the pooled share is under what is asked, and not by the chance of the
// regions that were drawn: cells of one region miss together.
func (s *score) below(asked float64) bool {
	const level, quantile = 0.95, 2.33
	short := level*float64(s.cells) - float64(s.held)
	return float64(s.held) < asked*float64(s.cells) && short > quantile*math.Sqrt(s.spread)
}

func (s *score) add(o *score) {
	s.cells, s.held, s.regions = s.cells+o.cells, s.held+o.held, s.regions+o.regions
	s.spread, s.bias, s.biased = s.spread+o.spread, s.bias+o.bias, s.biased+o.biased
}

// scores are those of some regions, by indicator.
type scores struct {
	of               map[string]*score
	missed           map[string]int // times, by cell
	published, known int            // figures, and those with a planted value
}

func newScores() *scores { return &scores{of: map[string]*score{}, missed: map[string]int{}} }

func (s *scores) indicator(id string) *score {
	if s.of[id] == nil {
		s.of[id] = &score{}
	}
	return s.of[id]
}

func (s *scores) add(o *scores) {
	s.published, s.known = s.published+o.published, s.known+o.known
	for id, of := range o.of {
		s.indicator(id).add(of)
	}
	for key, n := range o.missed {
		s.missed[key] += n
	}
}

func (s *scores) total() *score {
	all := &score{}
	for _, of := range s.of {
		all.add(of)
	}
	return all
}

// scoreRegion scores the results of one region, and says which intervals miss.
func scoreRegion(t *testing.T, seed int, results []indicator.Result, truth, direct plantedValues) *scores {
	t.Helper()
	s := newScores()
	for _, r := range results {
		if r.Status != indicator.Published {
			continue
		}
		s.published++
		value, ok := truth.of(r)
		if !ok {
			continue
		}
		s.known++
		of := s.indicator(r.Indicator)
		if d, ok := direct.of(r); ok && r.Estimate != nil && d != 0 {
			of.bias += math.Abs(*r.Estimate-d) / math.Abs(d)
			of.biased++
		}
		if r.Low == nil || r.High == nil || r.Level == 0 && r.Target != "bounds" {
			continue // no interval
		}
		of.cells++
		if holds(*r.Low, *r.High, value) {
			of.held++
			continue
		}
		key := cellKey(r.Indicator, r.Population, r.Group, r.Measure)
		s.missed[key]++
		estimate := math.NaN() // of bounds
		if r.Estimate != nil {
			estimate = *r.Estimate
		}
		t.Logf("seed %d: %s: %.6g is not in %.6g [%.6g, %.6g]", seed, key, value, estimate, *r.Low, *r.High)
	}
	for _, of := range s.of {
		off := float64(of.held) - 0.95*float64(of.cells)
		of.spread = off * off
		if 5*of.held >= 4*of.cells {
			of.regions = 1
		}
	}
	return s
}

// holds says whether an interval has a value of truth.json, which is rounded.
func holds(low, high, value float64) bool {
	const rounded = 1e-6
	return low <= value && value <= high || low <= value*(1+rounded) && value*(1-rounded) <= high
}

// TestTruthComesBack scores every interval of the editions of simulated regions
// against the values that the simulator planted: nominal 95 %, at least 93 %
// asked over all cells and of each indicator, and 80 % of each in 16 of 20 regions. One
// region is no sample of regions: with few seeds only the pooled share is asked, and less
// of it.
//
// A window of weeks has no truth for C7, F3, F4, N8, P2 and A5: their registers, and
// what changes, need years (-truth-years 2), where the counts on all persons stand for
// the truth beside the planted effects. Q1 and Q2 measure the release itself, not the
// region: the audit recounts them from the files. Parameters of models that no region
// follows (count models, logits) have no truth, nor have the Hawkes process and the
// latent classes of N5, Theil's index and intraclass correlations.
//
//	go test ./cmd/entscope -run TestTruthComesBack -v -seeds 20 -truth-parents 40000 -timeout 2h
func TestTruthComesBack(t *testing.T) {
	t.Parallel()
	all := newScores()
	for seed := 101; seed < 101+*seeds; seed++ {
		results, truth, direct := exactResults(t, seed, simulate.Config{Parents: *parents, Years: *years})
		region := scoreRegion(t, seed, results, truth, direct)
		if *seeds > 1 {
			t.Logf("seed %d:\n%s", seed, region.table(1))
		}
		all.add(region)
	}
	t.Logf("\n%s", all.table(*seeds))
	t.Logf("%d of %d published figures have a planted value, of %d questions", all.known, all.published, len(all.of))
	for _, key := range worst(all.missed, 10) {
		t.Logf("missed %d of %d times: %s", all.missed[key], *seeds, key)
	}
	if *years == 0 && 10*all.known < 9*all.published {
		t.Errorf("only %d of %d published figures have a planted value", all.known, all.published)
	}
	total := all.total()
	if total.cells < 100**seeds {
		t.Errorf("only %d intervals were scored", total.cells)
	}
	asked := 0.93
	if *seeds < 10 {
		asked = 0.80 // cells of one region share their schools: its coverage varies
	}
	if share := float64(total.held) / float64(total.cells); share < asked {
		t.Errorf("%.1f %% of the intervals hold the truth, %.0f %% asked", 100*share, 100*asked)
	}
	for id, s := range all.of {
		if *seeds >= 10 && (5*s.held < 4*s.cells || s.below(0.93)) {
			t.Errorf("%s: %d of %d intervals hold the truth", id, s.held, s.cells)
		}
		if *seeds >= 10 && 5*s.regions < 4**seeds {
			t.Errorf("%s: in only %d of %d regions do its intervals hold the truth", id, s.regions, *seeds)
		}
	}
}

var beginnings = flag.Int("beginnings", 0, "regions in which those who have just begun to come are accompanied")

// TestFailedComparisonIsSaid: where those are accompanied who have just begun to come,
// nothing that the logs show makes the comparison right, and the figure says that it
// establishes no effect. Where they are chosen by what the comparison holds equal, it
// says so in about one region of twenty.
//
//	go test ./cmd/entscope -run TestFailedComparisonIsSaid -v -beginnings 5 -truth-parents 12000 -timeout 2h
func TestFailedComparisonIsSaid(t *testing.T) {
	if *beginnings == 0 {
		t.Skip("-beginnings says in how many regions")
	}
	said := 0
	for seed := 301; seed < 301+*beginnings; seed++ {
		results, _, _ := exactResults(t, seed,
			simulate.Config{Parents: *parents, Selection: simulate.SelectionBeginning})
		for _, r := range results {
			if r.Indicator != "A2" || r.Measure != "rate_ratio" {
				continue
			}
			for _, w := range r.Warnings {
				t.Logf("seed %d: %v [%v, %v]: %s", seed, *r.Estimate, *r.Low, *r.High, w)
				if w.Code == indicator.CodeMovedApart {
					said++
				}
			}
		}
	}
	if 5*said < 4**beginnings {
		t.Errorf("said in %d of %d regions", said, *beginnings)
	}
}

// table has a line for each indicator.
func (s *scores) table(regions int) string {
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "indicator\tintervals\thold the truth\tshare\tregions\tanonymisation moves the estimate by\t")
	for _, id := range slices.Sorted(maps.Keys(s.of)) {
		of := s.of[id]
		fmt.Fprintf(w, "%s\t%d\t%d\t%.1f %%\t%d of %d\t%.2f %%\t\n", id, of.cells, of.held,
			100*float64(of.held)/math.Max(1, float64(of.cells)), of.regions, regions,
			100*of.bias/math.Max(1, float64(of.biased)))
	}
	total := s.total()
	fmt.Fprintf(w, "all\t%d\t%d\t%.1f %%\t\t\t\n", total.cells, total.held,
		100*float64(total.held)/math.Max(1, float64(total.cells)))
	_ = w.Flush()
	return text.String()
}

func worst(missed map[string]int, n int) []string {
	keys := slices.Collect(maps.Keys(missed))
	sort.Slice(keys, func(i, j int) bool {
		if missed[keys[i]] != missed[keys[j]] {
			return missed[keys[i]] > missed[keys[j]]
		}
		return keys[i] < keys[j]
	})
	return keys[:min(n, len(keys))]
}
