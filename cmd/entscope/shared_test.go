package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
)

// What several tests begin with is made once in a process: a finished demo, which is read as
// it is or gone on with in a copy, and simulated regions, of which each test has a copy.

// suite runs the tests, and removes what they share.
type suite struct{ m *testing.M }

// shared is the folder of what tests share; "" in a process that is a command.
var shared string

// Run implements testscript.TestingM.
func (s suite) Run() int {
	dir, err := os.MkdirTemp("", "entscope-test-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	shared = dir
	return s.m.Run()
}

// made runs a command that writes a folder.
func made(out string, command string, flags ...string) (string, error) {
	var o, e bytes.Buffer
	if code := run(context.Background(), append([]string{command, "--out", out}, flags...), &o, &e); code != exitDone {
		return "", errors.New(command + " failed: " + e.String())
	}
	return out, nil
}

// smallRegion are the flags of the region that the tests run on.
var smallRegion = []string{"--parents", "900", "--seed", "7"}

// demoFolder is one finished demo, shared by the tests that only read it.
var demoFolder = sync.OnceValues(func() (string, error) {
	return made(filepath.Join(shared, "demo"), "demo", smallRegion...)
})

func finishedDemo(t *testing.T) string {
	t.Helper()
	dir, err := demoFolder()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// ownDemo gives a test its own copy of the finished demo, to go on with.
func ownDemo(t *testing.T) (dir string) {
	t.Helper()
	return ownOf(t, finishedDemo(t), "demo")
}

// ownOf gives a test its own copy, of this name, of a study that tests share.
func ownOf(t *testing.T, study, name string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), name)
	if err := copied(study, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// copied lays a folder elsewhere as it is, with modes and times: a zone is private, and its files are known by both.
func copied(from, to string) error {
	if out, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// fewQuestions are those of a study that is published often: of shares, means and rates, by groupings and schools.
var fewQuestions = []string{"L1", "L2", "L3", "N2"}

// asks lets the study in dir ask these questions alone.
func asks(dir string, questions ...string) error {
	file := filepath.Join(dir, "study.toml")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	const before = "\n[limits]\n"
	if !bytes.Contains(text, []byte(before)) {
		return fmt.Errorf("%s has no%s", file, before)
	}
	asked := "\n[indicators]\ncompute = [\"" + strings.Join(questions, "\", \"") + "\"]\n" + before
	return os.WriteFile(file, bytes.Replace(text, []byte(before), []byte(asked), 1), 0o600)
}

// unpublished lays a copy of the finished demo in dir as it was when its editions were made: nothing is published, and
// the register of releases ends with them.
func unpublished(dir string) error {
	from, err := demoFolder()
	if err != nil {
		return err
	}
	if err := copied(from, dir); err != nil {
		return err
	}
	for _, name := range []string{"published", "audit-internal", "run.json"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	register := filepath.Join(dir, "master.key.register")
	text, err := os.ReadFile(register)
	if err != nil {
		return err
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	if len(lines) != 4 || !bytes.Contains(lines[2], []byte("published-")) {
		return fmt.Errorf("%s is not of two editions and a publication", register)
	}
	return os.WriteFile(register, bytes.Join(lines[:2], nil), 0o600)
}

// askedFolder is the demo again, finished with fewQuestions.
var askedFolder = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(shared, "asked")
	if err := anonymized(dir); err != nil {
		return "", err
	}
	return dir, finished(dir)
})

// anonymized is the demo with its editions alone, in dir, for fewQuestions.
func anonymized(dir string) error { return errors.Join(unpublished(dir), asks(dir, fewQuestions...)) }

// finished runs a study to its end.
func finished(dir string) error {
	var o, e bytes.Buffer
	code := run(context.Background(), []string{"run", filepath.Join(dir, "study.toml")}, &o, &e)
	if code != exitDone && code != exitWarnings {
		return errors.New("run failed: " + e.String())
	}
	return nil
}

func askedDemo(t *testing.T) string {
	t.Helper()
	dir, err := askedFolder()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// ownAsked gives a test its own copy of the demo that asks few questions.
func ownAsked(t *testing.T) (dir string) {
	t.Helper()
	return ownOf(t, askedDemo(t), "demo")
}

// regions are the simulated regions, by their flags.
var regions struct {
	sync.Mutex
	made map[string]func() (string, error)
}

// regionOf is the region that is simulated with these flags, which nobody changes.
func regionOf(flags []string) (dir string, err error) {
	name := strings.Join(flags, "")
	regions.Lock()
	simulate := regions.made[name]
	if simulate == nil {
		simulate = sync.OnceValues(func() (string, error) {
			return made(filepath.Join(shared, "region"+name), "simulate", slices.Clone(flags)...)
		})
		if regions.made == nil {
			regions.made = map[string]func() (string, error){}
		}
		regions.made[name] = simulate
	}
	regions.Unlock()
	return simulate()
}

// simulated gives a test its own copy of a region that is simulated with these flags.
func simulated(t *testing.T, flags ...string) (dir string) {
	t.Helper()
	from, err := regionOf(flags)
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(t.TempDir(), "region")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// keyed lays the master key of the tests into a study and the salt into its zone: they are the
// same in each run, so that a failure comes back.
func keyed(t testing.TB, file, zone string) {
	t.Helper()
	if err := writeKeys(file, zone); err != nil {
		t.Fatal(err)
	}
}

// writeKeys writes the master key and the salt of the tests, the key also where a command drew one.
func writeKeys(file, zone string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := pseudonym.RestoreKey(file, nil, sha256.Sum256([]byte("key of the tests"))); err != nil {
		return err
	}
	return pseudonym.RestoreSalt(durable.Disk{}, zone, sha256.Sum256([]byte("salt of the tests")))
}
