package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
)

// A researcher's tables leave beside the publication: a figure of both is the same in both,
// the register remembers, and neither another publication of the same data nor another
// table of that name follows.
func TestTablesLeaveBesideThePublication(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	if out, err := exec.Command("cp", "-a", finishedDemo(t), dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	study, edition := filepath.Join(dir, "study.toml"), filepath.Join(dir, "editions", "research-2025-T1")
	ask := func(name string, args ...string) string {
		t.Helper()
		to := filepath.Join(dir, name+".request.toml")
		command(t, 0, append([]string{"release", "--edition", edition, "--name", name, "--author", "A. B.", "--reason",
			"an article", "--to", to}, args...)...)
		return to
	}
	devices := ask("devices", "L1", "L2", "--by", "device,level")
	command(t, 0, "release", "answer", study, devices, "--dry-run")
	out := filepath.Join(dir, "released", "devices")
	if _, err := os.Stat(out); err == nil {
		t.Fatal("a dry run wrote the tables")
	}
	command(t, 0, "release", "answer", study, devices)
	sameFigures(t, filepath.Join(dir, "published", "results.json"), filepath.Join(out, "tables.json"))
	first := tree(t, out)
	if err := os.RemoveAll(out); err != nil {
		t.Fatal(err)
	}
	command(t, 0, "release", "answer", study, devices)
	sameTree(t, tree(t, out), first)

	_, listed, _ := entscope(t, "releases", study)
	if strings.Count(listed, "tables-devices") != 1 {
		t.Errorf("the register holds:\n%s", listed)
	}
	again := ask("more", "N2")
	if err := os.Rename(again, devices); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(devices)
	if err != nil {
		t.Fatal(err)
	}
	write(t, devices, []byte(strings.Replace(string(text), "'more'", "'devices'", 1)))
	refused := func(code int, want string, args ...string) {
		t.Helper()
		got, _, errOut := entscope(t, args...)
		if got != code || !strings.Contains(errOut, want) {
			t.Errorf("%v: exit %d, want %d and %q:\n%s", args, got, code, want, errOut)
		}
	}
	refused(exitUsage, "another name", "release", "answer", study, devices)
	write(t, filepath.Join(dir, "published", "results.json"), []byte("{}"))
	refused(exitRefused, "no publication of these editions", "release", "answer", study, devices, "--dry-run")
	policy := filepath.Join(dir, "policies", "publication.toml")
	if text, err = os.ReadFile(policy); err != nil {
		t.Fatal(err)
	}
	write(t, policy, []byte(strings.Replace(string(text), "minimum = 11", "minimum = 40", 1)))
	refused(exitRefused, "tables have left of", "run", study)
}

// sameFigures holds the figures that two files have in common to each other.
func sameFigures(t *testing.T, published, tables string) {
	t.Helper()
	type list struct{ Results []indicator.Result }
	read := func(path string) (l list) {
		data, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(data, &l)
		}
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	text := func(r indicator.Result) string {
		b, _ := json.Marshal(r)
		return string(b)
	}
	key := func(r indicator.Result) string {
		g, _ := json.Marshal(r.Group)
		return r.Indicator + r.Measure + r.Population + string(g)
	}
	out := map[string]string{}
	for _, r := range read(published).Results {
		out[key(r)] = text(r)
	}
	both, beyond := 0, 0
	for _, r := range read(tables).Results {
		was, ok := out[key(r)]
		switch {
		case !ok:
			beyond++
		case was != text(r):
			t.Errorf("published as %s, in the tables as %s", was, text(r))
		default:
			both++
		}
	}
	if both == 0 || beyond == 0 {
		t.Errorf("%d figures of both and %d of the tables alone: nothing was compared", both, beyond)
	}
}
