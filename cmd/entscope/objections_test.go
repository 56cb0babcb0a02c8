package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/zone"
)

// Whoever objects leaves the restricted zone as if never there, also what came with
// deliveries whose files are gone; and the edition that stands does not tell.
func TestObjections(t *testing.T) {
	t.Parallel()
	region := ownDemo(t)
	study := filepath.Join(region, "study.toml")
	editions := tree(t, filepath.Join(region, "editions"))
	before := zoneOf(t, region)

	// Three parents object by the directory's identifier; one event file is gone.
	parents := parentsOf(t, region, 3)
	list := filepath.Join(region, "objections.csv")
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(list, "id\n"+strings.Join(parents, "\n")+"\n")
	text, err := os.ReadFile(study)
	if err != nil {
		t.Fatal(err)
	}
	write(study, string(text)+`
[objections]
files = ["objections.csv"]
[objections.csv]
columns = { person = "id" }
constants = { profile = "parent" }
`)
	gone := filepath.Join(region, "raw", "entcore", "events-0001-202509.ndjson")
	data, err := os.ReadFile(gone)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(gone); err != nil {
		t.Fatal(err)
	}
	code, _, errOut := entscope(t, "run", study, "--until", "anonymize")
	if code != exitWarnings {
		t.Fatalf("exit %d, want %d\n%s", code, exitWarnings, errOut)
	}
	if !strings.Contains(errOut, "stays as it is") {
		t.Errorf("the run does not say that the edition stays: %s", errOut)
	}
	sameTree(t, tree(t, filepath.Join(region, "editions")), editions)

	after := zoneOf(t, region)
	if len(before.people)-len(after.people) != 3 {
		t.Fatalf("%d persons before, %d after three objections", len(before.people), len(after.people))
	}
	left := 0
	for key := range before.people {
		if after.people[key] {
			continue
		}
		left++
		if before.events[key] == 0 {
			continue // never came
		}
		if n := after.events[key]; n > 0 {
			t.Errorf("a person who objects keeps %d events", n)
		}
	}
	if left != 3 {
		t.Errorf("%d persons left, want 3", left)
	}
	if strangers := after.strangers - before.strangers; strangers != 0 {
		t.Errorf("%d events of theirs stay under the account", strangers)
	}

	// The file comes back: it is read without them.
	write(gone, string(data))
	command(t, -1, "ingest", study)
	again := zoneOf(t, region)
	for key, n := range after.events {
		if again.events[key] != n {
			t.Fatalf("a person has %d events with the file gone, %d with it there", n, again.events[key])
		}
	}

	write(list, "id\nnobody\n")
	code, _, errOut = entscope(t, "ingest", study)
	if code == exitDone || !strings.Contains(errOut, "objection") {
		t.Errorf("an objection that names nobody: exit %d\n%s", code, errOut)
	}
}

// TestObjectionsNeedNoFlag: many objections at once are no loss of input, and their links and rows no missing ones.
func TestObjectionsNeedNoFlag(t *testing.T) {
	t.Parallel()
	region := simulated(t, "--parents", "900", "--seed", "7", "--weeks", "6")
	keyed(t, filepath.Join(region, "master.key"), filepath.Join(region, "restricted"))
	study := filepath.Join(region, "study.toml")
	command(t, -1, "run", study, "--until", "ingest")
	text, err := os.ReadFile(study)
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, `
[objections]
files = ["objections.csv"]
[objections.csv]
columns = { person = "id" }
constants = { profile = "parent" }
`...)
	for _, objectors := range []int{3, 300} {
		list := "id\n" + strings.Join(parentsOf(t, region, objectors), "\n") + "\n"
		if err := errors.Join(os.WriteFile(study, text, 0o600),
			os.WriteFile(filepath.Join(region, "objections.csv"), []byte(list), 0o600)); err != nil {
			t.Fatal(err)
		}
		code, _, errOut := entscope(t, "run", study, "--until", "ingest")
		if code != exitDone && code != exitWarnings || strings.Contains(errOut, "accepted last") {
			t.Errorf("%d objections: exit %d\n%s", objectors, code, errOut)
		}
	}
}

type zoneCount struct {
	people    map[int64]bool
	events    map[int64]int // by person
	strangers int           // events of nobody in people
}

func zoneOf(t *testing.T, region string) zoneCount {
	t.Helper()
	z, err := zone.Open(filepath.Join(region, "restricted"))
	if err != nil {
		t.Fatal(err)
	}
	c := zoneCount{people: map[int64]bool{}, events: map[int64]int{}}
	for _, file := range z.Files("people") {
		rows, err := parquet.ReadFile[zone.PersonRow](file)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			c.people[r.PersonKey] = true
		}
	}
	for bucket := range z.Buckets() {
		for _, file := range z.EventFiles(bucket) {
			rows, err := parquet.ReadFile[zone.EventRow](file)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				if c.people[r.PersonKey] {
					c.events[r.PersonKey]++
				} else {
					c.strangers++
				}
			}
		}
	}
	return c
}

var parentID = regexp.MustCompile(`<identifier><id>([^<]+)</id></identifier>`)

// parentsOf gives the directory's identifiers of the first parents.
func parentsOf(t *testing.T, region string, n int) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(region, "raw", "aaf", "*PersRelEleve*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no parents in the directory", err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, m := range parentID.FindAllSubmatch(bytes.TrimSpace(text), n) {
		ids = append(ids, string(m[1]))
	}
	if len(ids) != n {
		t.Fatalf("%d parents found, want %d", len(ids), n)
	}
	return ids
}
