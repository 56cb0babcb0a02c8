package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/simulate"
)

// cellKey is the key that results.json and truth.json share.
func cellKey(id, population string, group map[string]string, measure string) string {
	text := id + " " + measure + " " + population
	for _, k := range slices.Sorted(maps.Keys(group)) {
		text += " " + k + "=" + group[k]
	}
	return text
}

// exactFigures are the figures of the research edition of a study before they are protected: intervals are tested before
// they are rounded outward.
func exactFigures(t *testing.T, dir string, questions []string) []indicator.Result {
	t.Helper()
	config, clean, err := tempEngine(256, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer clean()
	editions, err := filepath.Glob(filepath.Join(dir, "editions", "research-*"))
	if err != nil || len(editions) != 1 {
		t.Fatalf("editions %v: %v", editions, err)
	}
	ed, err := query.Open(t.Context(), editions[0], config)
	if err != nil {
		t.Fatal(err)
	}
	defer ed.Close()
	results, err := indicator.Compute(t.Context(), ed, questions)
	if err != nil {
		t.Fatal(err)
	}
	return results
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

// TestTruthOfTheDemo scores the intervals of one small region, against what was planted there; TestTruthComesBack draws
// larger ones and asks more.
func TestTruthOfTheDemo(t *testing.T) {
	t.Parallel()
	dir := finishedDemo(t)
	s, err := study.Read(filepath.Join(dir, "study.toml"))
	if err != nil {
		t.Fatal(err)
	}
	results := exactFigures(t, dir, s.Indicators.Compute)
	scored := scoreRegion(t, 7, results, readTruth(t, filepath.Join(dir, "truth.json")), plantedValues{})
	t.Logf("\n%s", scored.table(1))
	total := scored.total()
	if total.cells < 100 {
		t.Errorf("only %d intervals were scored", total.cells)
	}
	if share := float64(total.held) / float64(total.cells); share < 0.80 {
		t.Errorf("%.1f %% of the intervals hold the truth", 100*share)
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
