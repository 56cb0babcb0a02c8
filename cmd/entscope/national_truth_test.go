package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/ingest/simulate/national"
)

var (
	nationalSeeds   = flag.Int("national-seeds", 1, "countries whose planted truth must come back")
	nationalSchools = flag.Int("national-schools", 400, "schools of each of these countries")
)

// nationalAnswers simulates a country, runs the command on it and reads results.json.
func nationalAnswers(t *testing.T, seed int) (national.Truth, []indicator.Result) {
	t.Helper()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "files"), filepath.Join(dir, "france")
	config := national.Config{Schools: *nationalSchools, Seed: uint64(seed), Threads: 2}
	if err := national.Write(context.Background(), from, config); err != nil {
		t.Fatal(err)
	}
	args := []string{"national", "--out", to}
	for _, pattern := range []string{"*.csv", "dnma/*.csv", "ips/*.csv"} {
		files, err := filepath.Glob(filepath.Join(from, pattern))
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, files...)
	}
	var errOut bytes.Buffer
	if code := run(context.Background(), args, io.Discard, &errOut); code != exitDone {
		t.Fatalf("exit code %d: %s", code, errOut.String())
	}
	var truth national.Truth
	readJSON(t, filepath.Join(from, "truth.json"), &truth)
	var file struct {
		Results []indicator.Result `json:"results"`
	}
	readJSON(t, filepath.Join(to, "published", "results.json"), &file)
	return truth, file.Results
}

func readJSON(t *testing.T, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// TestNationalTruthComesBack holds that what is planted in the national files comes back
// inside the intervals of the command. Of 20 countries, five misses of one figure have a
// probability of 0.3 % when intervals hold what they say.
func TestNationalTruthComesBack(t *testing.T) {
	t.Parallel()
	misses, tried := map[string]int{}, map[string]int{}
	for seed := 1; seed <= *nationalSeeds; seed++ {
		truth, results := nationalAnswers(t, seed)
		by := map[string]indicator.Result{}
		for _, r := range results {
			by[cellKey(r.Indicator, r.Population, r.Group, r.Measure)] = r
		}
		for name, c := range nationalPlanted(truth) {
			r, ok := by[c.key]
			if !ok || r.Low == nil {
				t.Errorf("seed %d: %s (%s): no interval: %s", seed, name, c.key, indicator.Written(r.Warnings))
				continue
			}
			tried[name]++
			if c.truth < *r.Low || c.truth > *r.High {
				misses[name]++
				t.Logf("seed %d: %s: %.4f outside [%.4f, %.4f]", seed, name, c.truth, *r.Low, *r.High)
			}
		}
		nationalExact(t, truth, by)
	}
	for _, name := range slices.Sorted(maps.Keys(tried)) {
		if misses[name] > max(1, tried[name]/5) {
			t.Errorf("%s: %d misses in %d", name, misses[name], tried[name])
		}
	}
}

// plantedFigure is a value and the result that must hold it.
type plantedFigure struct {
	key   string
	truth float64
}

func nationalPlanted(truth national.Truth) map[string]plantedFigure {
	event := map[string]string{"event": truth.Lockdown.Week}
	out := map[string]plantedFigure{
		"lockdown level": {cellKey("W3", "parents", event, "level_ratio"), truth.Lockdown.LevelRatio},
		"lockdown slope": {cellKey("W3", "parents", event, "slope_ratio"), math.Exp(truth.Lockdown.SlopePerWeek)},
	}
	for level, g := range truth.Gradient {
		group := map[string]string{"level": level}
		out["gradient "+level] = plantedFigure{cellKey("W6", "parents", group, "ratio"), g.Ratio}
	}
	for ours, theirs := range map[string]string{
		"smartphone": "smartphone", "ordinateur": "ordinateur", "tablette": "tablette", "autre": "autresappareil",
	} {
		out["parents on "+ours] = plantedFigure{cellKey("W4", "parents", nil, ours), truth.Devices["parent"][theirs]}
		out["pupils on "+ours] = plantedFigure{cellKey("W4", "pupils", nil, ours), truth.Devices["eleve"][theirs]}
	}
	for _, years := range [][2]string{{"2020-2021", "2021-2022"}, {"2022-2023", "2023-2024"}} {
		group := map[string]string{"school_year": years[1]}
		grown := truth.Growth[years[1]] / truth.Growth[years[0]]
		out["growth "+years[1]] = plantedFigure{cellKey("W1", "parents", group, "panel_change"), grown}
	}
	for _, b := range truth.Breaks {
		group := map[string]string{"school_year": b.SchoolYear, "profiles": b.Profile + "/enseignant"}
		out["break "+b.SchoolYear] = plantedFigure{cellKey("W2", "schools", group, "break_ratio"), b.Ratio}
	}
	return out
}

// nationalExact holds what has no interval: sums, and feeds that stopped.
func nationalExact(t *testing.T, truth national.Truth, by map[string]indicator.Result) {
	t.Helper()
	for ours, theirs := range map[string]string{"all": "globales", "parents": "parent", "pupils": "eleve"} {
		for year, items := range truth.Totals["profils"] {
			r := by[cellKey("W1", ours, map[string]string{"school_year": year}, "visits")]
			if r.Estimate == nil || int64(*r.Estimate) != items[theirs] {
				t.Errorf("seed %d: visits of %s in %s: %v, want %d", truth.Seed, ours, year, r.Estimate, items[theirs])
			}
		}
	}
	// the season is a wave of its own, so that holidays are not in its mean
	if r := by[cellKey("W7", "parents", nil, "ratio")]; math.Abs(*r.Estimate/truth.TermRatio-1) > 0.05 {
		t.Errorf("seed %d: holidays ÷ term: %v, want about %v", truth.Seed, *r.Estimate, truth.TermRatio)
	}
	// the planted shares are without the service that stopped in one académie only
	absences := by[cellKey("W5", "all", nil, "absences")]
	for _, service := range []string{"accueil", "courrier_electronique", "cahier_textes", "stockage_partage"} {
		r := by[cellKey("W5", "all", nil, service)]
		if share := *r.Estimate / (1 - *absences.Estimate); math.Abs(share/truth.Services[service]-1) > 0.02 {
			t.Errorf("seed %d: share of %s: %v, want about %v", truth.Seed, service, share, truth.Services[service])
		}
	}
	for _, s := range truth.Stopped {
		group := map[string]string{"column": s.Column, "since": s.Since}
		if s.Academie != "" {
			group["academie"] = s.Academie
		}
		if _, ok := by[cellKey("W2", "weeks", group, "stopped_feeds")]; !ok {
			t.Errorf("seed %d: the feed %v was not found", truth.Seed, group)
		}
	}
	for year := range truth.Measured {
		want := 0.0
		for _, b := range truth.Breaks {
			if b.SchoolYear == year {
				want = 1
			}
		}
		r, ok := by[cellKey("W2", "schools", map[string]string{"school_year": year}, "break")]
		if ok && *r.Estimate != want {
			t.Errorf("seed %d: break in %s: %v, want %v", truth.Seed, year, *r.Estimate, want)
		}
	}
}

// A second run changes nothing; one in another language, or without its breaks, does.
func TestNationalTwice(t *testing.T) {
	t.Parallel()
	from, to := filepath.Join(t.TempDir(), "files"), filepath.Join(t.TempDir(), "france")
	if err := national.Write(context.Background(), from, national.Config{Schools: 40, Weeks: 60, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	profiles := filepath.Join(from, "dnma", "fr-en-dnma-par-uai-profils.csv")
	command := func(flags ...string) string {
		t.Helper()
		var out, errOut bytes.Buffer
		args := append([]string{"national", "--out", to, profiles}, flags...)
		if code := run(context.Background(), args, &out, &errOut); code != exitDone {
			t.Fatalf("exit code %d: %s", code, errOut.String())
		}
		return out.String()
	}
	command()
	first := tree(t, to)
	if out := command(); !strings.Contains(out, "nothing to do") {
		t.Errorf("the second run says %q", out)
	}
	sameTree(t, tree(t, to), first)
	if out := command("--lang", "en"); strings.Contains(out, "nothing to do") {
		t.Errorf("a run in English says %q", out)
	}
	command()
	pages := filepath.Join(to, "published")
	sameTree(t, tree(t, to), first)
	if err := os.WriteFile(filepath.Join(pages, "index.html"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := command(); strings.Contains(out, "nothing to do") {
		t.Error("an altered page stays")
	}
	var errOut bytes.Buffer
	args := []string{"national", "--out", to, "--event", "2020-05-11=a", "--event", "2020-05-11=b", profiles}
	if code := run(context.Background(), args, io.Discard, &errOut); code != exitUsage {
		t.Errorf("two events on a day: exit code %d", code)
	}
}
