package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
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
	dir = filepath.Join(t.TempDir(), "demo")
	// As it is, with modes and times: a zone is private, and its files are known by both.
	if out, err := exec.Command("cp", "-a", finishedDemo(t), dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
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
