package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/combine"
	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/query"
)

var (
	nations      = flag.Int("nations", 1, "nations of regions whose planted truth must come back from a combination")
	nationOf     = flag.Int("nation-regions", 3, "regions of each nation")
	nationParent = flag.Int("nation-parents", 900, "parents of each region")
)

// nation makes regions of one truth, each under a key of its own, up to their editions.
func nation(t *testing.T, seed int) (regions []string) {
	t.Helper()
	for n := range *nationOf {
		dir := simulated(t, "--parents", fmt.Sprint(*nationParent), "--seed", fmt.Sprint(1000*seed+n))
		key, toml := filepath.Join(dir, "master.key"), filepath.Join(dir, "study.toml")
		for _, args := range [][]string{
			{"key", "init", "--out", key}, {"run", toml, "--until", "anonymize"},
			{"key", "sign", toml, "--out", filepath.Join(dir, "signing.pub")},
		} {
			if code, _, errOut := entscope(t, args...); code != exitDone && code != exitWarnings {
				t.Fatalf("%s: exit %d: %s", args[0], code, errOut)
			}
		}
		regions = append(regions, dir)
	}
	return regions
}

func editionsOf(regions []string, kind string) (out []string) {
	for _, dir := range regions {
		out = append(out, filepath.Join(dir, "editions", kind+"-2025-T1"))
	}
	return out
}

// TestCombinedTruth combines the editions of simulated regions of one truth, and scores the intervals of the
// combination against it, as TestTruthComesBack does those of a region.
//
//	go test ./cmd/entscope -run TestCombinedTruth -v -nations 20 -nation-regions 6 -nation-parents 2000 -timeout 4h
func TestCombinedTruth(t *testing.T) {
	t.Parallel()
	all := newScores()
	for seed := 1; seed <= *nations; seed++ {
		regions := nation(t, seed)
		out := filepath.Join(t.TempDir(), "nation")
		args := append([]string{"combine", "--out", out}, editionsOf(regions, "research")...)
		if code, _, errOut := entscope(t, args...); code != exitWarnings {
			t.Fatalf("exit %d: %s", code, errOut)
		}
		config, clean, err := tempEngine(256, 2)
		if err != nil {
			t.Fatal(err)
		}
		ed, err := query.Open(context.Background(), filepath.Join(out, combine.EditionDir), config)
		if err != nil {
			t.Fatal(err)
		}
		results, err := indicator.Compute(context.Background(), ed, nil)
		if err != nil {
			t.Fatal(err)
		}
		ed.Close()
		clean()
		truth := readTruth(t, filepath.Join(regions[0], "truth.json"))
		all.add(scoreRegion(t, seed, results, truth, plantedValues{}))
		if seed == 1 {
			refuseCombinations(t, regions, out)
		}
		for _, dir := range append(regions, out) {
			os.RemoveAll(dir)
		}
	}
	t.Logf("\n%s", all.table(*nations))
	total, asked := all.total(), 0.93
	if *nations < 10 {
		asked = 0.85
	}
	if total.cells < 400**nations || float64(total.held) < asked*float64(total.cells) {
		t.Errorf("%d of %d intervals hold the truth: below %.0f %%", total.held, total.cells, 100*asked)
	}
}

// refuseCombinations tries what is no combination, each with its exit code, and that nothing is written.
func refuseCombinations(t *testing.T, regions []string, combined string) {
	t.Helper()
	research, schools := editionsOf(regions, "research"), editionsOf(regions, "schools")
	altered := filepath.Join(t.TempDir(), "altered")
	if err := os.CopyFS(altered, os.DirFS(research[1])); err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(altered, "manifest.json")
	text, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	longer := strings.Replace(string(text), `"persons": `, `"persons": 1`, 1)
	if err := os.WriteFile(manifest, []byte(longer), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"alone":           {research[:1], exitRefused, "no combination"},
		"twice":           {[]string{research[0], research[0]}, exitRefused, "one edition"},
		"a combination":   {[]string{research[0], filepath.Join(combined, combine.EditionDir)}, exitInput, "audit those"},
		"schools":         {[]string{research[0], schools[1]}, exitInput, "not a research edition"},
		"nothing there":   {[]string{research[0], "nowhere"}, exitInput, "nowhere"},
		"altered":         {[]string{research[0], altered}, exitRefused, "audit"},
		"schools in both": {append(research[:2:2], "--schools", schools[0], "--schools", schools[1]), exitRefused, "in common"},
		"other schools":   {append(research[:2:2], "--schools", schools[2]), exitInput, "no schools edition of the same run"},
		"unsigned": {append(research[:2:2], "--public-key", filepath.Join(regions[0], "signing.pub")), exitRefused,
			"signed by none"},
		"no key": {append(research[:2:2], "--public-key", manifest), exitUsage, "public key"},
		"there":  {append(research[:2:2], "--out", combined), exitUsage, "is not empty"},
		"a name": {append(research[:2:2], "--study", "../france"), exitUsage, "--study"},
	} {
		out := filepath.Join(t.TempDir(), "refused")
		code, _, errOut := entscope(t, append([]string{"combine", "--out", out}, c.args...)...)
		if code != c.code || !strings.Contains(errOut, c.says) {
			t.Errorf("%s: exit %d, want %d with %q: %s", name, code, c.code, c.says, errOut)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: something was written", name)
		}
	}
	signed := append([]string{"combine", "--out", filepath.Join(t.TempDir(), "signed")}, research...)
	for _, dir := range regions {
		signed = append(signed, "--public-key", filepath.Join(dir, "signing.pub"))
	}
	if code, _, errOut := entscope(t, signed...); code != exitWarnings || strings.Contains(errOut, "Signature") {
		t.Errorf("signed: exit %d: %s", code, errOut)
	}
}
