//go:build chain

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/lake/laketest"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
)

// onStore is another machine with the study in dir, whose zone lies on a store.
func onStore(t *testing.T, dir string, store *laketest.Store) string {
	t.Helper()
	machine := t.TempDir()
	for _, name := range []string{"raw", "policies"} {
		if err := os.Symlink(filepath.Join(dir, name), filepath.Join(machine, name)); err != nil {
			t.Fatal(err)
		}
	}
	r := store.Remote(t, "zone")
	for name, more := range map[string]string{"objections.csv": "", "master.key": "", "study.toml": fmt.Sprintf(
		"\n[store]\nurl = %q\nbucket = %q\nprefix = \"zone\"\nuser = %q\npassword_file = %q\n", r.URL, r.Bucket, r.User,
		r.PasswordFile)} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(machine, name), append(data, more...), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return machine
}

// cached is the zone in the cache of a machine.
func cached(t *testing.T, machine string) map[string]string {
	t.Helper()
	files := tree(t, filepath.Join(machine, "restricted"))
	delete(files, zone.CacheName)
	return files
}

// must runs a command that ends well, and gives what it said.
func must(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errOut := entscope(t, args...)
	if code != exitDone {
		t.Fatalf("%v: exit code %d: %s", args, code, errOut)
	}
	return out
}

// TestZoneOnStore: shards on two machines and the ingestion on a third, which share nothing but a store, make the zone
// of one process in a folder, byte for byte; what a person who objects loses leaves the store, and key destroy all.
func TestZoneOnStore(t *testing.T) {
	t.Parallel()
	dir, store := shardedRegion(t), laketest.New(t)
	a, b, c := onStore(t, dir, store), onStore(t, dir, store), onStore(t, dir, store)
	study := func(machine string) string { return filepath.Join(machine, "study.toml") }
	must(t, "ingest", study(a), "--shard", "1/2")
	must(t, "ingest", study(b), "--shard", "2/2")
	out := must(t, "ingest", study(c), "--json")
	var ran pipeline.Report
	if err := json.Unmarshal([]byte(out), &ran); err != nil {
		t.Fatal(err)
	}
	if n := ran.Stages[len(ran.Stages)-1].Counts; n["decoded by shards"] < 10 || n["decoded by shards"] != n["read now"] {
		t.Errorf("of shards: %v", n)
	}
	salt := cached(t, c)["salt"]
	if err := os.MkdirAll(filepath.Join(dir, "restricted"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "restricted", "salt"), []byte(salt), 0o600); err != nil {
		t.Fatal(err)
	}
	want := oneProcess(t, dir)
	sameTree(t, cached(t, c), want)
	must(t, "ingest", study(a))
	sameTree(t, cached(t, a), want)
	held := map[string]int{}
	for _, data := range store.Objects() {
		held[string(data)]++
	}
	for name, data := range want {
		if held[data] == 0 && name != ".entscope-zone" {
			t.Errorf("%s is no object of the store", name)
		}
	}
	if len(store.Objects()) > len(want)+1 {
		t.Errorf("%d objects of %d files", len(store.Objects()), len(want))
	}
	if out := must(t, "check", study(a)); !strings.Contains(out, "/bucket/zone/: listing 1, ") {
		t.Errorf("check says %s", out)
	}

	// One more who objects: what was live is no object any more.
	before := store.Objects()
	for _, machine := range []string{a, c} {
		if err := os.WriteFile(filepath.Join(machine, "objections.csv"),
			[]byte("id\n"+strings.Join(parentsOf(t, dir, 61), "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	must(t, "ingest", study(a))
	for key := range before {
		if _, still := store.Objects()[key]; still && strings.HasSuffix(key, "/listing-000001") {
			t.Error("the first listing is still there")
		}
	}
	if out := must(t, "check", study(c)); !strings.Contains(out, "the folder has listing 1, ") {
		t.Errorf("check says %s", out)
	}
	must(t, "ingest", study(c))
	sameTree(t, cached(t, c), cached(t, a))

	refusedOnStore(t, c, store)
	must(t, "key", "destroy", study(c), "--yes")
	if left := store.Objects(); len(left) > 0 {
		t.Errorf("%q are left", slices.Sorted(maps.Keys(left)))
	}
	if code, _, errOut := entscope(t, "ingest", study(a)); code != exitUsage || !strings.Contains(errOut, "was destroyed") {
		t.Errorf("the cache of a zone that was destroyed: exit code %d, %s", code, errOut)
	}
}

// refusedOnStore tries a cache without its store, and a store that does not let it in or does not answer.
func refusedOnStore(t *testing.T, machine string, store *laketest.Store) {
	t.Helper()
	study := filepath.Join(machine, "study.toml")
	config, err := os.ReadFile(study)
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "open")
	if err := os.WriteFile(secret, []byte(laketest.Secret), 0o644); err != nil {
		t.Fatal(err)
	}
	before := len(store.Objects())
	head, tail, _ := strings.Cut(string(config), "\n[store]\n")
	for _, c := range []struct {
		name, config string
		code         int
	}{
		{"no store", head, exitUsage},
		{"another user", head + "\n[store]\n" + strings.Replace(tail, laketest.User, "nobody", 1), exitUsage},
		{"a secret that others read", head + "\n[store]\n" + strings.Replace(tail, "password_file = ",
			fmt.Sprintf("password_file = %q #", secret), 1), exitUsage},
		{"nobody there", head + "\n[store]\n" + strings.Replace(tail, store.URL, "http://127.0.0.1:9", 1), exitTryAgain},
		{"no TLS", head + "\n[store]\n" + strings.Replace(tail, store.URL, "http://192.0.2.1", 1), exitUsage},
	} {
		if err := os.WriteFile(study, []byte(c.config), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"ingest", study}, {"check", study}, {"key", "destroy", study, "--yes"}} {
			code, out, errOut := entscope(t, args...)
			if code != c.code || strings.Contains(out+errOut, laketest.Secret) {
				t.Errorf("%s: %v: exit code %d, want %d: %s", c.name, args[0], code, c.code, errOut)
			}
		}
	}
	if n := len(store.Objects()); n != before {
		t.Errorf("%d objects, before %d", n, before)
	}
	if err := os.WriteFile(study, config, 0o600); err != nil {
		t.Fatal(err)
	}
}
