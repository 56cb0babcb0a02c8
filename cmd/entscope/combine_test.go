//go:build chain

package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/entscope/entscope/analysis/combine"
	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

var (
	nations      = flag.Int("nations", 1, "nations of regions whose planted truth must come back from a combination")
	nationOf     = flag.Int("nation-regions", 3, "regions of each nation")
	nationFirst  = flag.Int("nation-first", 1, "seed of the first nation")
	nationParent = flag.Int("nation-parents", 900, "parents of each region")
)

// secondFolder is a region beside the demo, of the same truth and other schools, finished with fewQuestions.
var secondFolder = sync.OnceValues(func() (string, error) {
	dir, err := made(filepath.Join(shared, "second"), "simulate", "--parents", "900", "--seed", "2010")
	if err != nil {
		return "", err
	}
	if err := errors.Join(otherSchools(dir), asks(dir, fewQuestions...)); err != nil {
		return "", err
	}
	s, err := study.Read(filepath.Join(dir, "study.toml"))
	if err != nil {
		return "", err
	}
	if err := demoKeys(s, 2010); err != nil {
		return "", err
	}
	return dir, finished(dir)
})

func ownSecond(t *testing.T) (dir string) {
	t.Helper()
	from, err := secondFolder()
	if err != nil {
		t.Fatal(err)
	}
	return ownOf(t, from, "second")
}

// nation makes regions of one truth, each under a key of its own, up to their editions. The finished demo is the first
// region of the first, and the second that beside it. A region whose own policy refuses its table has no edition, and
// the next seed takes its place.
func nation(t *testing.T, seed int) (regions []string) {
	t.Helper()
	for n := range *nationOf {
		dir := ""
		switch {
		case seed == 1 && n == 0:
			dir = ownDemo(t)
		case seed == 1 && n == 1:
			dir = ownSecond(t)
		default:
			dir = nationRegion(t, 1000*seed+n)
		}
		command(t, exitDone, "key", "sign", filepath.Join(dir, "study.toml"), "--out", filepath.Join(dir, "signing.pub"))
		regions = append(regions, dir)
	}
	return regions
}

// nationRegion makes a region by a seed, or by one of two more where its policy refuses it.
func nationRegion(t *testing.T, seed int) (dir string) {
	t.Helper()
	for of := seed; of < seed+300; of += 100 {
		dir = simulated(t, "--parents", fmt.Sprint(*nationParent), "--seed", fmt.Sprint(of))
		fixKeys(t, dir, uint64(of))
		switch code, _, errOut := entscope(t, "run", filepath.Join(dir, "study.toml"), "--until", "anonymize"); {
		case code == exitDone || code == exitWarnings:
			return dir
		case code != exitRefused || !strings.Contains(errOut, "the policy cannot be met"):
			t.Fatalf("seed %d: exit %d: %s", of, code, errOut)
		}
		t.Logf("seed %d: its policy refuses the region", of)
	}
	t.Fatalf("seed %d and two more: their policy refuses them", seed)
	return ""
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
//	go test -tags chain ./cmd/entscope -run TestCombinedTruth -v -nations 20 -nation-regions 6 -nation-parents 2000 -timeout 4h
func TestCombinedTruth(t *testing.T) {
	t.Parallel()
	all, territories := newScores(), newScores()
	for seed := *nationFirst; seed < *nationFirst+*nations; seed++ {
		regions := nation(t, seed)
		out := filepath.Join(t.TempDir(), "nation")
		rules := filepath.Join(regions[0], "policies", "publication.toml")
		args := append([]string{"combine", "--out", out, "--policy", rules}, editionsOf(regions, "research")...)
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
		territories.add(scoreRegion(t, seed, meansOf(t, out, regions), truth, plantedValues{}))
		t.Logf("nations %d to %d: %d of %d intervals hold the truth, %d of %d of the means of territories", *nationFirst, seed,
			all.total().held, all.total().cells, territories.total().held, territories.total().cells)
		if seed == 1 {
			refuseCombinations(t, regions, out)
		}
		for _, dir := range append(regions, out) {
			os.RemoveAll(dir)
		}
	}
	t.Logf("\n%s\nof the means of territories:\n%s", all.table(*nations), territories.table(*nations))
	asked := 0.93
	if *nations < 10 {
		asked = 0.85
	}
	for least, s := range map[int]*score{400: all.total(), 20: territories.total()} {
		if s.cells < least**nations || float64(s.held) < asked*float64(s.cells) {
			t.Errorf("%d of %d intervals hold the truth: below %.0f %%, or fewer than %d", s.held, s.cells, 100*asked,
				least**nations)
		}
	}
}

// meansOf are the means of the territories that a combination shows, as results. It checks that each territory of a
// figure could show it alone.
func meansOf(t *testing.T, dir string, regions []string) (means []indicator.Result) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, combine.TerritoriesDir, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	var nation struct {
		Parts   []edition.Part   `json:"parts"`
		Figures []combine.Figure `json:"figures"`
	}
	if err := json.Unmarshal(data, &nation); err != nil {
		t.Fatal(err)
	}
	held := map[string]bool{}
	for _, region := range regions {
		for name, r := range shownAlone(t, region) {
			held[name] = r.Status == indicator.Suppressed
		}
	}
	several := 0
	for _, f := range nation.Figures {
		for _, part := range f.Parts {
			if f.Status == indicator.Published && held[part+" "+cellKey(f.Indicator, f.Population, f.Group, f.Measure)] {
				t.Errorf("%s holds back %s %s %v, and it is in the combination", part, f.Indicator, f.Measure, f.Group)
			}
		}
		if len(f.Parts) == len(nation.Parts) {
			several++
		}
		if a := f.Between; a != nil {
			f.Low, f.High, f.Estimate, f.Level = &a.Low, &a.High, &a.Mean, 0.95
			means = append(means, f.Result)
		}
	}
	if several < 100 {
		t.Errorf("%d figures are of all territories", several)
	}
	return means
}

// shownAlone are the figures that a region could publish alone, by its name in a combination.
func shownAlone(t *testing.T, region string) map[string]indicator.Result {
	t.Helper()
	config, clean, err := tempEngine(256, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer clean()
	ed, err := query.Open(t.Context(), editionsOf([]string{region}, "research")[0], config)
	if err != nil {
		t.Fatal(err)
	}
	defer ed.Close()
	exact, err := indicator.Compute(t.Context(), ed, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(region, "policies", "publication.toml"))
	if err != nil {
		t.Fatal(err)
	}
	policy, err := disclosure.ParsePolicy(text)
	if err != nil {
		t.Fatal(err)
	}
	released, err := indicator.Release(t.Context(), exact, nil, policy, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	out, name := map[string]indicator.Result{}, ed.Manifest.Study+" "+ed.Manifest.KeyID[:8]+" "
	for _, r := range released.Results {
		out[name+cellKey(r.Indicator, r.Population, r.Group, r.Measure)] = r
	}
	return out
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
		"alone":         {research[:1], exitRefused, "no combination"},
		"twice":         {[]string{research[0], research[0]}, exitRefused, "one edition"},
		"a combination": {[]string{research[0], filepath.Join(combined, combine.EditionDir)}, exitInput, "audit those"},
		"schools":       {[]string{research[0], schools[1]}, exitInput, "not a research edition"},
		"nothing there": {[]string{research[0], "nowhere"}, exitInput, "nowhere"},
		"altered":       {[]string{research[0], altered}, exitRefused, "audit"},
		"schools in both": {[]string{research[0], research[2], "--schools", schools[0], "--schools", schools[2]}, exitRefused,
			"in common"},
		"other schools": {append(research[:2:2], "--schools", schools[2]), exitInput, "no schools edition of the same run"},
		"unsigned": {append(research[:2:2], "--public-key", filepath.Join(regions[0], "signing.pub")), exitRefused,
			"signed by none"},
		"no key":    {append(research[:2:2], "--public-key", manifest), exitUsage, "public key"},
		"there":     {append(research[:2:2], "--out", combined), exitUsage, "is not empty"},
		"no policy": {append(research[:2:2], "--policy", manifest), exitUsage, "policy"},
		"a name":    {append(research[:2:2], "--study", "../france"), exitUsage, "--study"},
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

// otherSchools gives the schools of a simulated region other codes, wherever they stand: two regions that are simulated
// have the same.
func otherSchools(dir string) error {
	uai := regexp.MustCompile(`999(\d{4})[A-Z]`)
	other := func(text []byte) []byte {
		return uai.ReplaceAllFunc(text, func(code []byte) []byte {
			n, _ := strconv.Atoi("998" + string(code[3:7])) // digits, by the pattern
			return fmt.Appendf(nil, "%07d%c", n, "ABCDEFGHJKLMNPRSTUVWXYZ"[n%23])
		})
	}
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		packed := strings.HasSuffix(path, ".gz")
		if packed {
			r, err := gzip.NewReader(bytes.NewReader(text))
			if err != nil {
				return err
			}
			if text, err = io.ReadAll(r); err != nil {
				return err
			}
		}
		text = other(text)
		if packed {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			if _, err := w.Write(text); err != nil {
				return err
			}
			if err := w.Close(); err != nil {
				return err
			}
			text = b.Bytes()
		}
		if err := os.Remove(path); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(filepath.Dir(path), string(other([]byte(d.Name())))), text, 0o600)
	})
}

// TestNationLeaves combines two finished regions with what they published: the figures have a licence and stand in the
// register, the same may be made again, and what could be subtracted from it is refused until it is taken back.
func TestNationLeaves(t *testing.T) {
	t.Parallel()
	second := ownSecond(t)
	regions := []string{ownAsked(t), second}
	dir := t.TempDir()
	key, register := filepath.Join(dir, "france.key"), filepath.Join(dir, "france.key.register")
	command(t, exitDone, "key", "init", "--out", key)
	args := append([]string{"combine", "--key", key, "--policy", filepath.Join(second, "policies", "publication.toml")},
		editionsOf(regions, "research")...)
	for i, region := range regions {
		public := filepath.Join(dir, fmt.Sprint(i, ".pub"))
		command(t, exitDone, "key", "sign", filepath.Join(region, "study.toml"), "--out", public)
		args = append(args, "--public-key", public, "--schools", editionsOf(regions, "schools")[i])
	}
	published := []string{"--published", filepath.Join(regions[0], "published"), "--published",
		filepath.Join(second, "published")}
	try := func(code int, says, name string, more ...string) string {
		t.Helper()
		out := filepath.Join(dir, name)
		got, said, errOut := entscope(t, slices.Concat(args, more, []string{"--out", out})...)
		if got != code || !strings.Contains(said+errOut, says) {
			t.Fatalf("%s: exit %d, want %d with %q: %s%s", name, got, code, says, said, errOut)
		}
		if _, err := os.Stat(out); code != exitDone && err == nil {
			t.Errorf("%s: something was written", name)
		}
		return out
	}
	try(exitUsage, "needs all of", "nothing published")
	try(exitInput, "is not given (--published)", "one published", published[:2]...)
	try(exitInput, "no publication", "no publication", append([]string{"--published", dir}, published[2:]...)...)
	weaker := filepath.Join(dir, "publication.toml")
	rules, err := os.ReadFile(filepath.Join(second, "policies", "publication.toml"))
	if err != nil {
		t.Fatal(err)
	}
	rules = bytes.Replace(rules, []byte("interval_count = 5"), []byte("interval_count = 6"), 1)
	if err := os.WriteFile(weaker, rules, 0o600); err != nil {
		t.Fatal(err)
	}
	try(exitInput, "under other rules", "other rules", append(published[:4:4], "--policy", weaker)...)
	if _, err := os.Stat(register); err == nil {
		t.Error("a refusal is booked")
	}

	first := tree(t, try(exitDone, "booked in the register", "first", published...))
	if !strings.Contains(first["territories/results.json"], `"licence": "etalab-2.0"`) ||
		!strings.Contains(first["territories/index.html"], "Licence Ouverte") ||
		strings.Contains(first["report/index.html"]+first["territories/index.html"], "Non diffusé :") {
		t.Error("what leaves has no licence, or says that it does not leave")
	}
	if code, out, _ := entscope(t, "releases", "--key", key); code != exitDone ||
		!strings.Contains(out, "national-2025-T1") || !strings.Contains(out, "1 entries, the chain is whole") {
		t.Errorf("exit %d: %s", code, out)
	}

	try(exitDone, "booked", "in English", append(published[:4:4], "--lang", "en")...) // the same again
	command(t, exitDone, "releases", "recall", "--key", key, "national-2025-T1", "--yes")
	if again := tree(t, try(exitDone, "booked", "again", published...)); !maps.Equal(first, again) {
		t.Error("the same again has other bytes")
	}
	command(t, exitUsage, "releases", "recall", "--key", key, "national-2026-T1", "--yes")

	// Another publication of the same days, of one of the regions: it is what a region less or a revised edition is.
	command(t, -1, "report", filepath.Join(second, "study.toml"), "--lang", "en")
	try(exitRefused, "releases recall", "another publication", published...)
}
