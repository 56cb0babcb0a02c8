package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// mainBinary is this binary under the name by which it is the program itself.
func mainBinary(t testing.TB) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "entscope-main")
	if err := os.Symlink(self, binary); err != nil {
		t.Fatal(err)
	}
	return binary
}

// TestOutOfMemoryIsNoConfiguration runs a command in an address space in which Go cannot live: it dies by a signal,
// for exit code 2, which the runtime would give, is that of a fault in study.toml.
func TestOutOfMemoryIsNoConfiguration(t *testing.T) {
	binary := mainBinary(t)
	// The runtime and the libraries need about 1.4 GB of addresses to begin.
	const script = `ulimit -v 1800000; exec "$0" simulate --out "$1" --parents 400000`
	c := exec.Command("sh", "-c", script, binary, t.TempDir())
	out, err := c.CombinedOutput()
	status, ok := c.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		t.Fatalf("%v, want a signal: %.400s", err, out)
	}
	// No room for the heap, for what C asks, or for a new thread's stack: which comes first is chance.
	for _, said := range []string{"out of memory", "cannot allocate memory", "pthread_create failed"} {
		if strings.Contains(string(out), said) {
			return
		}
	}
	t.Errorf("it died of something else: %.400s", out)
}
