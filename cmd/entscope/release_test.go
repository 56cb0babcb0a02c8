//go:build chain

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
)

// A researcher's tables leave beside the publication: a figure of both is the same in both,
// the register remembers, and neither another publication of the same data nor another
// table of that name follows.
func TestTablesLeaveBesideThePublication(t *testing.T) {
	t.Parallel()
	dir := ownAsked(t)
	study, edition := filepath.Join(dir, "study.toml"), filepath.Join(dir, "editions", "research-2025-T1")
	ask := func(name string, args ...string) string {
		t.Helper()
		to := filepath.Join(dir, name+".request.toml")
		command(t, 0, append([]string{"release", "--edition", edition, "--name", name, "--author", "A. B.", "--reason",
			"an article", "--to", to}, args...)...)
		return to
	}
	devices := ask("devices", "L1", "L3", "--by", "device,level")
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

	t.Run("they witness the register", func(t *testing.T) { witnessTheRegister(t, dir, out) })
	auditTables(t, dir, out)
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

	// Nor does a copy of the study publish what was not protected beside the tables.
	write(t, policy, text)
	if text, err = os.ReadFile(study); err != nil {
		t.Fatal(err)
	}
	copyOf := filepath.Join(dir, "copy.toml")
	write(t, copyOf, []byte(strings.NewReplacer(`"restricted"`, `"copy/restricted"`, `"editions"`, `"copy/editions"`,
		`"published"`, `"copy/published"`, `name = "demo"`, `name = "copy"`).Replace(string(text))))
	copyZone(t, dir, "copy")
	refused(exitRefused, "tables have left of", "run", copyOf)
}

// witnessTheRegister cuts the register back to before the tables in out: each of them and run.json notices alone. While
// they lie there they are not taken back.
func witnessTheRegister(t *testing.T, dir, out string) {
	study, file := filepath.Join(dir, "study.toml"), filepath.Join(dir, "master.key.register")
	refused := func(what, want string, args ...string) {
		t.Helper()
		if code, _, errOut := entscope(t, args...); code != exitUsage || !strings.Contains(errOut, want) {
			t.Errorf("%s: exit %d, want %d and %q:\n%s", what, code, exitUsage, want, errOut)
		}
	}
	refused("they lie there", "remove it first", "releases", "recall", study, "tables-devices", "--yes")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(whole), "\n"), "\n")
	write(t, file, []byte(strings.Join(lines[:len(lines)-1], "")))
	missing := fmt.Sprintf("with line %d, which it has not", len(lines))
	for gone, witness := range map[string]string{out: "run.json knows", filepath.Join(dir, "run.json"): "tables " + out} {
		aside := filepath.Join(t.TempDir(), "aside")
		if err := os.Rename(gone, aside); err != nil {
			t.Fatal(err)
		}
		refused(witness, missing, "releases", study)
		refused(witness, witness, "releases", study)
		if err := os.Rename(aside, gone); err != nil {
			t.Fatal(err)
		}
	}
	write(t, file, whole)
	command(t, exitDone, "releases", study)
}

// auditTables audits the tables in out, as they are, and forged: a cell, a column, a place in the register and a file more
// are named each.
func auditTables(t *testing.T, dir, out string) {
	t.Helper()
	forge := func(name, old, new string) func(string) {
		return func(dir string) {
			path := filepath.Join(dir, name)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			changed := strings.Replace(string(data), old, new, 1)
			if changed == string(data) {
				t.Fatalf("%s does not hold %q", name, old)
			}
			write(t, path, []byte(changed))
		}
	}
	cell := forge("tables.json", `"estimate":0.`, `"estimate":0.0`)
	column := forge("tables.csv", "synthetic\r\n", "synthetic,more\r\n")
	place := forge("manifest.json", `"head": "`, `"head": "told by hand `)
	for name, c := range map[string]struct {
		change []func(dir string)
		code   int
		failed string
	}{
		"as they left": {nil, 0, ""},
		"forged": {[]func(string){cell, column, place, func(dir string) {
			write(t, filepath.Join(dir, "more.txt"),
				[]byte("a"))
		}},
			exitRefused, "Différents : manifest.json, tables.csv, tables.json ; en trop : more.txt."},
	} {
		tables := filepath.Join(t.TempDir(), "tables")
		if err := os.CopyFS(tables, os.DirFS(out)); err != nil {
			t.Fatal(err)
		}
		for _, change := range c.change {
			change(tables)
		}
		editions := filepath.Join(dir, "editions")
		code, said, errOut := entscope(t, "audit", "--edition", filepath.Join(editions, "research-2025-T1"),
			"--edition",
			filepath.Join(editions, "schools-2025-T1"), "--published", filepath.Join(dir, "published"), "--release",
			tables, "--register", filepath.Join(dir, "master.key.register"))
		if code != c.code {
			t.Errorf("%s: exit %d: %s", name, code, errOut)
		}
		if !strings.Contains(said, "tables.register ") || strings.Contains(said, "\ntables.register: ") != (c.code != 0) {
			t.Errorf("%s: what the register has of them is wrong:\n%s", name, said)
		}
		_, failed, _ := strings.Cut(said, "\ntables.closed.rendered: ")
		if !strings.HasPrefix(failed, c.failed) {
			t.Errorf("%s: the audit says:\n%s", name, failed)
		}
	}
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
