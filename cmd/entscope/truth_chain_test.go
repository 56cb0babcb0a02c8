//go:build chain

package main

import (
	"context"
	"flag"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/simulate"
)

var (
	seeds   = flag.Int("seeds", 1, "regions whose planted truth must come back")
	parents = flag.Int("truth-parents", 3000, "parents of each of these regions of 150 schools")
	years   = flag.Int("truth-years", 0, "school years of each of these regions; 0 is twelve weeks")
)

// exactResults runs a region up to its editions and computes the unprotected figures.
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
	results = exactFigures(t, dir, s.Indicators.Compute)
	truth, direct = readTruth(t, filepath.Join(dir, "truth.json")), readTruth(t, filepath.Join(dir, "direct.json"))
	if world.Years > 0 { // what is planted of years are effects: for the rest the region is its own truth
		planted := truth
		truth = maps.Clone(direct)
		maps.Copy(truth, planted)
	}
	return results, truth, direct
}

// silent is the journal of a test that reads its results elsewhere.
func silent(t *testing.T) *operatorLog {
	t.Helper()
	log := &operatorLog{out: io.Discard, format: "text", level: "error"}
	if err := log.open(); err != nil {
		t.Fatal(err)
	}
	return log
}

// below says whether the pooled share is under what is asked, and not by the chance of the
// regions that were drawn: cells of one region miss together.
func (s *score) below(asked float64) bool {
	const level, quantile = 0.95, 2.33
	short := level*float64(s.cells) - float64(s.held)
	return float64(s.held) < asked*float64(s.cells) && short > quantile*math.Sqrt(s.spread)
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
//	go test -tags chain ./cmd/entscope -run TestTruthComesBack -v -seeds 20 -truth-parents 40000 -timeout 2h
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
//	go test -tags chain ./cmd/entscope -run TestFailedComparisonIsSaid -v -beginnings 5 -truth-parents 12000 -timeout 2h
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
