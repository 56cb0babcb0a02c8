package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

var (
	smallStudies = flag.Int("small-studies", 1, "random small studies that must not refuse themselves")
	smallFirst   = flag.Uint64("small-first", 2, "seed of the first of them")
)

// TestSmallStudiesDoNotRefuseThemselves runs random small studies under random rules:
// few families, few schools, feeds that are empty, no reference, odd k and bases. Each
// ends well (0, 3), or is refused with a way on and leaves nothing that could leave. Of
// those that end well, every hidden figure that is secret was tried by the linear
// programmes of the audit, and stays as wide as the rules ask.
func TestSmallStudiesDoNotRefuseThemselves(t *testing.T) {
	t.Parallel()
	codes := map[int]int{}
	hidden, regions := 0, 0
	for i := range *smallStudies {
		seed := *smallFirst + uint64(i)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "study")
			code, _ := runSmallStudy(t, dir, seed)
			codes[code]++
			if code == exitDone || code == exitWarnings {
				regions++
				hidden += hiddenFigures(t, dir)
			}
		})
	}
	t.Logf("exit codes: %v; %d secret figures in %d regions, each as wide as the rules ask", codes, hidden, regions)
	if hidden == 0 {
		t.Errorf("%d regions left, with no secret figure: nothing was tried", regions)
	}
}

// hiddenFigures counts the secret figures that the audit of a publication tried: they stand
// in the part of it that the officer alone reads.
func hiddenFigures(t *testing.T, dir string) (n int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "audit-internal", "audit.json"))
	if err != nil {
		t.Fatal(err)
	}
	var report audit.Report
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	for _, p := range report.Products {
		for _, h := range p.Hidden {
			n++
			if !h.Wide {
				t.Errorf("%s: narrower than the rules ask", h.Figure)
			}
		}
	}
	return n
}

// runSmallStudy runs the study of a seed into dir, and gives its exit code and what it said.
func runSmallStudy(t *testing.T, dir string, seed uint64) (code int, said string) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 10))
	args := []string{"simulate", "--out", dir, "--seed", fmt.Sprint(seed), "--parents",
		fmt.Sprint(300 + rng.IntN(1200))}
	if code, _, errOut := entscope(t, args...); code != 0 {
		t.Fatalf("simulate: %d %s", code, errOut)
	}
	fixKeys(t, dir, seed)
	changed := distort(t, dir, rng)
	code, _, errOut := entscope(t, "run", filepath.Join(dir, "study.toml"))
	left := outputs(t, dir)
	t.Logf("exit %d, leaves %d; %s: %s", code, len(left), changed, errOut)
	switch {
	case code == exitDone || code == exitWarnings:
	case code == exitRefused && strings.Contains(errOut, "the audit failed"):
		t.Errorf("%s: refuses itself: %s", changed, errOut)
	case code == exitRefused || code == exitUsage || code == exitInput:
		if !wayOn.MatchString(errOut) {
			t.Errorf("%s: exit %d without a way on: %s", changed, code, errOut)
		}
		if len(left) > 0 {
			t.Errorf("%s: exit %d leaves %v", changed, code, left)
		}
	default:
		t.Errorf("%s: exit %d: %s", changed, code, errOut)
	}
	return code, errOut
}

// fixKeys gives a study the keys of a seed: the noise of its cells is then the same at
// every run, and what one run finds another can look at.
func fixKeys(t *testing.T, dir string, seed uint64) {
	t.Helper()
	s, err := study.Read(filepath.Join(dir, "study.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := demoKeys(s, seed); err != nil {
		t.Fatal(err)
	}
}

// wayOn is what a refusal must say: what could be changed, or which share of what is at fault.
var wayOn = regexp.MustCompile(`the nearest that could be met: |hint: |more than the allowed share`)

// distortion is a change of a study or of one of its files.
type distortion struct {
	name string
	file string // below the study
	from *regexp.Regexp
	to   func(rng *rand.Rand) string
}

// oneOf is a text with one of some values in it.
func oneOf(format string, values ...any) func(*rand.Rand) string {
	return func(rng *rand.Rand) string { return fmt.Sprintf(format, values[rng.IntN(len(values))]) }
}

var distortions = []distortion{
	{"base", "policies/publication.toml", regexp.MustCompile(`base = 5`), oneOf("base = %d", 5, 6, 7, 10, 20)},
	{"digits", "policies/publication.toml", regexp.MustCompile(`significant_digits = 2`),
		oneOf("significant_digits = 1%s", "")},
	{"persons", "policies/publication.toml", regexp.MustCompile(`minimum = 11  `), oneOf("minimum = %d", 12, 15, 30)},
	{"school", "policies/publication.toml", regexp.MustCompile(`school = 20`), oneOf("school = %d", 21, 33, 50)},
	{"part", "policies/publication.toml", regexp.MustCompile(`part = 5`), oneOf("part = %d", 6, 7, 10)},
	{"interval", "policies/publication.toml", regexp.MustCompile(`interval_count = 5`), oneOf("interval_count = %d", 7,
		11)},
	{"similar", "policies/publication.toml", regexp.MustCompile(`similar = 3`), oneOf("similar = %d", 4, 6)},
	{"k", "policies/research.toml", regexp.MustCompile(`k = 11`), oneOf("k = %d", 5, 7, 13, 17)},
	{"no reference", "study.toml", regexp.MustCompile(`(?s)\[reference\.schools\].*?\n\n`), oneOf("%s", "")},
	{"no calendar", "study.toml", regexp.MustCompile(`(?s)\[reference\.calendar\].*?\n\n`), oneOf("%s", "")},
	{"no register", "study.toml", regexp.MustCompile(`(?s)\[registers\.accompaniment\].*?\n\n`), oneOf("%s", "")},
	{"no grades", "study.toml", regexp.MustCompile(`(?s)\[registers\.publications\].*?\n\n`), oneOf("%s", "")},
	{"no source", "study.toml", regexp.MustCompile(`(?s)\[\[source\]\]\nname = "netocentre".*?\n\n`), oneOf("%s", "")},
	{"pupils", "study.toml", regexp.MustCompile(`subject = "parent"`), oneOf("subject = \"pupil\"%s", "")},
	{"a week less", "study.toml", regexp.MustCompile(`(?m)^start = 2025-09-08`), oneOf("start = 2025-09-%d", 15, 22)},
	{"weeks", "study.toml", regexp.MustCompile(`(?m)^end = 2025-\d\d-\d\d`), oneOf("end = 2025-%s", "10-05", "10-12",
		"10-19", "11-09", "11-16")},
	{"rejects", "study.toml", regexp.MustCompile(`max_reject_share = 0.05`), oneOf("max_reject_share = 0.9%s", "")},
}

// distort changes a study at random and says how; it may empty the files of a feed.
func distort(t *testing.T, dir string, rng *rand.Rand) string {
	t.Helper()
	var said []string
	for _, d := range distortions {
		if d.name != "rejects" && d.name != "weeks" && rng.IntN(4) != 0 {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(d.file))
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		to := d.to(rng)
		changed := d.from.ReplaceAllLiteralString(string(text), to)
		if changed == string(text) && to != "base = 5" {
			t.Fatalf("%s: nothing to change in %s", d.name, d.file)
		}
		if err := os.WriteFile(path, []byte(changed), 0o644); err != nil {
			t.Fatal(err)
		}
		said = append(said, d.name+" "+to)
	}
	if rng.IntN(4) == 0 {
		feeds := []string{"entcore", "uportal", "cas", "pronote"}
		feed := feeds[rng.IntN(len(feeds))]
		files, err := filepath.Glob(filepath.Join(dir, "raw", feed, "*"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files of %s: %v", feed, err)
		}
		for _, file := range files {
			if err := os.WriteFile(file, nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		said = append(said, "empty "+feed)
	}
	return strings.Join(said, ", ")
}

// outputs lists what stands in editions/ and published/ and could leave.
func outputs(t *testing.T, dir string) (names []string) {
	t.Helper()
	for _, zone := range []string{"editions", "published"} {
		entries, err := os.ReadDir(filepath.Join(dir, zone))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Name() != ".entscope.lock" {
				names = append(names, zone+"/"+e.Name())
			}
		}
	}
	return names
}
