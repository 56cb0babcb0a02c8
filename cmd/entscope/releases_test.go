package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What has left is remembered: one parent's record that comes late makes no edition
// that could be laid alongside the first, whatever is removed, rotated or copied.
func TestReleasesAreRemembered(t *testing.T) {
	t.Parallel()
	region := filepath.Join(t.TempDir(), "region")
	command(t, 0, "simulate", "--out", region, "--parents", "900", "--seed", "7", "--weeks", "6")
	key := filepath.Join(region, "master.key")
	command(t, 0, "key", "init", "--out", key)
	study := filepath.Join(region, "study.toml")
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

	remove(editions)
	refused("editions removed")
	command(t, 0, "key", "rotate", study, "--yes")
	refused("salt rotated")
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
	if code, out, _ := entscope(t, "audit", "--edition", filepath.Join(editions, "research-2025-T1.2"),
		"--edition", filepath.Join(editions, "schools-2025-T1.2"), "--published",
		filepath.Join(region, "published")); code != exitDone && code != exitWarnings {
		t.Errorf("the audit of the second edition: exit %d\n%s", code, out)
	}

	// A register that was cut does not begin anew.
	register, err := os.ReadFile(key + ".releases")
	if err != nil {
		t.Fatal(err)
	}
	write(key+".releases", bytes.SplitAfter(register, []byte("\n"))[0])
	if code, _, errOut := entscope(t, "run", study, "--until", "anonymize"); code != exitUsage {
		t.Errorf("a register that was cut: exit %d, want %d\n%s", code, exitUsage, errOut)
	}
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
