//go:build chain

package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/pseudonym"
	register "github.com/entscope/entscope/anonymize/release"
)

// What has left is remembered: one parent's record that comes late makes no edition
// that could be laid alongside the first, whatever is removed, rotated or copied.
func TestReleasesAreRemembered(t *testing.T) {
	t.Parallel()
	region := simulated(t, smallRegion...)
	fixKeys(t, region, 7)
	if err := asks(region, fewQuestions...); err != nil {
		t.Fatal(err)
	}
	key, study := filepath.Join(region, "master.key"), filepath.Join(region, "study.toml")
	late := holdBack(t, region)
	command(t, -1, "run", study, "--until", "anonymize")
	editions := filepath.Join(region, "editions")
	first := tree(t, editions)

	write := func(path string, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(path string) {
		t.Helper()
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(when string) {
		t.Helper()
		code, _, errOut := entscope(t, "run", study, "--until", "anonymize")
		if code != exitRefused {
			t.Fatalf("%s: exit %d, want %d\n%s", when, code, exitRefused, errOut)
		}
		if !strings.Contains(errOut, "too near to an earlier release") {
			t.Errorf("%s: the refusal does not say why: %s", when, errOut)
		}
		if names, err := filepath.Glob(filepath.Join(editions, "[a-z]*")); err != nil || len(names) != 0 {
			t.Errorf("%s: left behind: %v %v", when, names, err)
		}
	}

	// One person's last record comes late: the edition stays, and the run says so.
	file := filepath.Join(region, "raw", "entcore", "events-0001-202511-late.ndjson")
	lines := bytes.SplitAfter(bytes.TrimSpace(late), []byte("\n"))
	write(file, lines[len(lines)-1])
	code, _, errOut := entscope(t, "run", study, "--until", "anonymize")
	if code != exitWarnings {
		t.Fatalf("a late record: exit %d, want %d\n%s", code, exitWarnings, errOut)
	}
	if !strings.Contains(errOut, "research-2025-T1 stays as it is") {
		t.Errorf("the run does not say that the edition stays: %s", errOut)
	}
	sameTree(t, tree(t, editions), first)

	// Nor does a line of a register less, which is one person's.
	for _, name := range []string{"accompagnement.csv", "equipement.csv", "messages.csv"} {
		register := filepath.Join(region, "raw", "registers", name)
		text, err := os.ReadFile(register)
		if err != nil {
			t.Fatal(err)
		}
		rows := bytes.SplitAfterN(text, []byte("\n"), 3)
		write(register, append(bytes.Clone(rows[0]), rows[2]...))
		if code, _, errOut := entscope(t, "run", study, "--until", "anonymize"); code != exitWarnings ||
			!strings.Contains(errOut, "research-2025-T1 stays as it is") {
			t.Errorf("%s without a line: exit %d\n%s", name, code, errOut)
		}
		sameTree(t, tree(t, editions), first)
		write(register, text)
	}

	if code, _, errOut := entscope(t, "releases", "recall", study, "research-2025-T1", "--yes"); code != exitUsage ||
		!strings.Contains(errOut, "remove it first") {
		t.Errorf("what lies in the study's own folder is taken back: exit %d\n%s", code, errOut)
	}
	remove(editions)
	refused("editions removed")
	command(t, 0, "key", "rotate", study, "--yes")
	refused("salt rotated")
	command(t, 0, "key", "destroy", study, "--yes")
	refused("zone destroyed")
	text, err := os.ReadFile(study)
	if err != nil {
		t.Fatal(err)
	}
	write(study, bytes.Replace(text, []byte("purpose = \""), []byte("purpose = \"other-"), 1))
	command(t, 0, "key", "rotate", study, "--yes")
	refused("purpose reworded")
	write(study, text)
	command(t, 0, "key", "rotate", study, "--yes")

	// What many did, and a few of some school, is no edition either; once every copy of the
	// first was taken back it is, with rows of persons of its own.
	write(file, late)
	refused("a month late")
	command(t, 0, "releases", "recall", study, "research-2025-T1", "--yes")
	command(t, 0, "releases", "recall", study, "schools-2025-T1", "--yes")
	command(t, -1, "run", study)
	command(t, 0, "releases", study)

	refusesOlderRegisters(t, study, key+".register", editions)
}

// TestOlderEntriesSayNoFolder: what an earlier version booked is taken back as that did, by the name of the study, and the
// command says what is not known.
func TestOlderEntriesSayNoFolder(t *testing.T) {
	t.Parallel()
	region := ownAsked(t)
	for _, left := range []string{"editions", "published", "run.json"} { // they know the lines of a version that keeps one
		if err := os.RemoveAll(filepath.Join(region, left)); err != nil {
			t.Fatal(err)
		}
	}
	study, key := filepath.Join(region, "study.toml"), filepath.Join(region, "master.key")
	withoutFolders(t, key)
	code, _, errOut := entscope(t, "releases", "recall", study, "research-2025-T1", "--yes")
	if code != exitDone || !strings.Contains(errOut, "warning: research-2025-T1 was booked by an earlier version") {
		t.Errorf("exit %d:\n%s", code, errOut)
	}
	command(t, exitDone, "releases", study)
}

// withoutFolders writes the register of a key as an earlier version would have, whose entries have no folder.
func withoutFolders(t *testing.T, key string) {
	t.Helper()
	master, err := pseudonym.LoadKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	lasting, err := master.Lasting()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(register.File(key))
	if err != nil {
		t.Fatal(err)
	}
	var older []byte
	before := ""
	for line := range bytes.Lines(text) {
		var e register.Entry
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		if len(e.Folder) == 0 {
			t.Fatalf("line %d keeps no folder", e.Number)
		}
		e.Folder, e.Chain = nil, before
		unchained, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		sum := lasting.Hasher("release/chain").Sum(unchained)
		e.Chain = hex.EncodeToString(sum[:])
		before = e.Chain
		chained, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		older = append(append(older, chained...), '\n')
	}
	write(t, register.File(key), older)
}

// refusesOlderRegisters cuts the register back to each earlier line: every copy is a valid
// chain, and none has all that stands. It does not begin anew.
func refusesOlderRegisters(t *testing.T, study, file, editions string) {
	t.Helper()
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	published := filepath.Join(filepath.Dir(study), "published")
	audited := func(want int) {
		t.Helper()
		code, out, _ := entscope(t, "audit", "--edition", filepath.Join(editions, "research-2025-T1.2"), "--edition",
			filepath.Join(editions, "schools-2025-T1.2"), "--published", published, "--register", file)
		if code != want {
			t.Errorf("the audit with this register: exit %d, want %d\n%s", code, want, out)
		}
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	lines = lines[:len(lines)-1]
	refused := func(where string) {
		t.Helper()
		for n := range lines {
			if err := os.WriteFile(file, bytes.Join(lines[:n], nil), 0o600); err != nil {
				t.Fatal(err)
			}
			args := []string{"releases", study}
			if n == 0 {
				args = []string{"run", study}
			}
			code, _, errOut := entscope(t, args...)
			if code != exitUsage || !strings.Contains(errOut, "hint: restore") {
				t.Errorf("%s, a register of %d of %d lines: exit %d, want %d\n%s", where, n, len(lines), code,
					exitUsage,
					errOut)
			}
		}
	}
	audited(exitDone)
	refused("all stands")
	audited(exitRefused) // the publication's line is the last
	for _, dir := range []string{editions, published} {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	refused("run.json stands")
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, -1, "releases", study)
}

// holdBack removes the second half of a file of events and gives it.
func holdBack(t *testing.T, region string) []byte {
	t.Helper()
	file := filepath.Join(region, "raw", "entcore", "events-0001-202510.ndjson")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	half := bytes.LastIndexByte(data[:len(data)/2], '\n') + 1
	if err := os.WriteFile(file, data[:half], 0o600); err != nil {
		t.Fatal(err)
	}
	return data[half:]
}

// An edition that the audit refuses does not stand, also where no publication is to follow.
func TestWeakEditionsDoNotStand(t *testing.T) {
	t.Parallel()
	region := ownDemo(t)
	for _, dir := range []string{"editions", "published", "master.key.register", "run.json"} { // nothing has left
		if err := os.RemoveAll(filepath.Join(region, dir)); err != nil {
			t.Fatal(err)
		}
	}
	policy := filepath.Join(region, "policies", "schools.toml")
	text, err := os.ReadFile(policy)
	if err != nil {
		t.Fatal(err)
	}
	weak := regexp.MustCompile(`school_persons = \d+`).ReplaceAll(text, []byte("school_persons = 5"))
	if bytes.Equal(weak, text) {
		t.Fatal("the policy names no floor of schools")
	}
	if err := os.WriteFile(policy, weak, 0o600); err != nil {
		t.Fatal(err)
	}
	study := filepath.Join(region, "study.toml")
	code, _, errOut := entscope(t, "anonymize", study)
	if code != exitRefused || !strings.Contains(errOut, "schools.floors") {
		t.Errorf("a floor of 5 persons a school: exit %d\n%s", code, errOut)
	}
	if left, err := filepath.Glob(filepath.Join(region, "editions", "[a-z]*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if err := os.WriteFile(policy, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := entscope(t, "anonymize", study); code != exitDone && code != exitWarnings {
		t.Errorf("with the floor again: exit %d\n%s", code, errOut)
	}
}
