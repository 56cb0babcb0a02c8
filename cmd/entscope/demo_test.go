package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/parquet-go/parquet-go"
)

// entscope runs a command line in this process.
func entscope(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), args, &o, &e)
	return code, o.String(), e.String()
}

// command runs a command; code -1 takes 0 and 3, done and done with warnings.
func command(t *testing.T, code int, args ...string) {
	t.Helper()
	if got, _, errOut := entscope(t, args...); got != code && !(code < 0 && (got == exitDone || got == exitWarnings)) {
		t.Fatalf("%v: exit %d\n%s", args, got, errOut)
	}
}

// tree reads every file below dir but the few that may differ between two runs.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "run.json" || d.Name() == ".entscope.lock" {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func sameTree(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name, data := range want {
		if other, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		} else if other != data {
			t.Errorf("%s has other bytes (%d, %d)", name, len(other), len(data))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is one too many", name)
		}
	}
}

func TestDemoWritesWhatItPromises(t *testing.T) {
	dir := finishedDemo(t)
	for _, name := range []string{
		"raw", "study.toml", "truth.json", "policies/research.toml", "policies/schools.toml",
		"policies/publication.toml", "run.json", "editions/research-2025-T1/manifest.json",
		"editions/research-2025-T1/datapackage.json", "editions/research-2025-T1/CODEBOOK.fr.md",
		"editions/research-2025-T1/parents.parquet", "editions/schools-2025-T1/school_measures.parquet",
		"published/results.json", "published/report/index.html", "published/schools/index.html",
		"published/index.html", "published/data/figures.parquet", "published/CITATION.cff",
		"published/audit/external.html", "published/audit/audit.json", "audit-internal/internal.html",
	} {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Error(err)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "restricted"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("restricted/ has mode %v, want 0700 (%v)", info.Mode().Perm(), err)
	}
	for _, pattern := range []string{"report/*.csv", "report/*.json", "schools/[0-9]*.html"} {
		if files, _ := filepath.Glob(filepath.Join(dir, "published", pattern)); len(files) < 5 {
			t.Errorf("published/%s: %d files", pattern, len(files))
		}
	}
}

func TestSecondRunDoesNothing(t *testing.T) {
	dir := finishedDemo(t)
	before := tree(t, dir)
	code, out, errOut := entscope(t, "run", filepath.Join(dir, "study.toml"))
	if !strings.Contains(out, "nothing to do") || code != exitDone && code != exitWarnings {
		t.Errorf("exit code %d, said %q, %q", code, out, errOut)
	}
	sameTree(t, tree(t, dir), before)
}

// TestNoIdentifierSurvives looks for every raw identifier in the three zones,
// and for every pseudonym downstream of the restricted one.
func TestNoIdentifierSurvives(t *testing.T) {
	t.Parallel()
	dir := finishedDemo(t)
	raw, _ := collect(t, filepath.Join(dir, "raw"))
	kinds := map[string]int{}
	for _, kind := range raw {
		kinds[kind]++
	}
	for _, kind := range []string{"e-mail", "IP", "account id", "phone", "login", "name", "AAF id"} {
		if kinds[kind] < 10 {
			t.Errorf("only %d raw identifiers of kind %q found: the test looks at the wrong files", kinds[kind], kind)
		}
	}
	hidden := pseudonyms(t, filepath.Join(dir, "restricted"))
	if len(hidden) < 1000 {
		t.Errorf("only %d spellings of pseudonyms found", len(hidden))
	}
	for _, zone := range []string{"restricted", "editions", "published"} {
		findings, n := scan(t, filepath.Join(dir, zone), raw)
		if n < 100 {
			t.Errorf("%s: only %d values scanned", zone, n)
		}
		if zone == "restricted" { // the last zone in which pseudonyms may stand
			maps.Copy(raw, hidden)
		}
		for _, f := range findings {
			t.Error(f)
		}
	}
}

func TestAuditOfTheDemo(t *testing.T) {
	t.Parallel()
	dir := finishedDemo(t)
	args := []string{"audit", "--edition", filepath.Join(dir, "editions/research-2025-T1"), "--edition",
		filepath.Join(dir, "editions/schools-2025-T1"), "--published", filepath.Join(dir, "published")}
	if code, out, errOut := entscope(t, args...); code != 0 {
		t.Errorf("exit code %d: %s%s", code, out, errOut)
	}
	changed := filepath.Join(t.TempDir(), "research-2025-T1")
	if err := os.CopyFS(changed, os.DirFS(args[2])); err != nil {
		t.Fatal(err)
	}
	rows, err := parquet.ReadFile[edition.ParentRow](filepath.Join(changed, "parents.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	rows[len(rows)/2].Children = "7"
	if err := parquet.WriteFile(filepath.Join(changed, "parents.parquet"), rows); err != nil {
		t.Fatal(err)
	}
	code, out, _ := entscope(t, "audit", "--edition", changed)
	if code != exitRefused || !strings.Contains(out, "FAILED") {
		t.Errorf("one cell changed: exit code %d", code)
	}
}

// begun are what appears where each stage that takes its time begins to write.
var begun = []string{
	"restricted/events", "editions/.research-2025-T1.entscope-stage", ".published.entscope-stage/new/report",
}

// killIn kills a process some time after path appeared, however slow the machine is; false when it ended before.
func killIn(c *exec.Cmd, path string, after time.Duration) bool {
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for {
		if _, err := os.Stat(path); err == nil {
			break
		}
		select {
		case <-ended:
			return false
		case <-time.After(5 * time.Millisecond):
		}
	}
	select {
	case <-ended:
		return false
	case <-time.After(after):
	}
	_ = c.Process.Kill()
	<-ended
	return !c.ProcessState.Exited()
}

// goesOn runs a study of the demo to its end, as whoever finds it killed does.
func goesOn(t *testing.T, binary, dir string) {
	t.Helper()
	out, err := exec.Command(binary, "run", filepath.Join(dir, "study.toml")).CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !(errors.As(err, &exit) && exit.ExitCode() == exitWarnings) {
		t.Fatalf("%v: %s", err, out)
	}
}

// TestKilledReportEndsTheSame kills the last stage of the demo while it writes, and goes on; TestKilledRunEndsTheSame
// kills the others too.
func TestKilledReportEndsTheSame(t *testing.T) {
	t.Parallel()
	dir, binary := filepath.Join(t.TempDir(), "demo"), executable(t)
	if err := unpublished(dir); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(binary, "run", filepath.Join(dir, "study.toml"))
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if !killIn(c, filepath.Join(dir, begun[len(begun)-1]), 0) {
		t.Error("the run was not killed")
	}
	goesOn(t, binary, dir)
	sameTree(t, tree(t, dir), tree(t, finishedDemo(t)))
}
