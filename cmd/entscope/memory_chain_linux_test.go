//go:build chain

package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

var (
	memoryParents  = flag.Int("memory-parents", 700, "parents of the region whose batch must stay within its memory")
	memorySettings = flag.String("memory-settings", "192", "the settings of memory_mb that are tried, with commas")
)

// beyondSetting is what a batch may use beside memory_mb, in MiB: the program itself, and
// what the allocator keeps.
const beyondSetting = 64

var neededMemory = regexp.MustCompile(`needs about ([0-9]+)`)

// TestMemoryIsBounded runs a batch at several settings: its peak stays within each of them,
// and one that is too small is refused with a number that is enough.
func TestMemoryIsBounded(t *testing.T) {
	dir := simulated(t, "--seed", "1", "--parents", strconv.Itoa(*memoryParents))
	for _, text := range strings.Split(*memorySettings, ",") {
		setting, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(text, func(t *testing.T) {
			code, errOut := boundedBatch(t, dir, setting)
			if code == exitDone || code == exitWarnings {
				return
			}
			m := neededMemory.FindStringSubmatch(errOut)
			if code != exitTryAgain && code != exitUsage || m == nil { // found out, or known before
				t.Fatalf("exit %d: %s", code, errOut)
			}
			needed, err := strconv.Atoi(m[1])
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("memory_mb = %d is refused: %d is needed", setting, needed)
			if code, errOut = boundedBatch(t, dir, needed); code != exitDone && code != exitWarnings {
				t.Errorf("at the %d MiB that it asks for: exit %d: %s", needed, code, errOut)
			}
		})
	}
}

// boundedBatch runs a batch from nothing in a process of its own and holds its peak to the setting.
func boundedBatch(t *testing.T, dir string, setting int) (code int, errOut string) {
	t.Helper()
	for _, name := range []string{"restricted", "editions", "published", "audit-internal", "master.key",
		"master.key.register", "run.json"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	fixKeys(t, dir, 1)
	file := filepath.Join(dir, "study.toml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text = regexp.MustCompile(`(?m)^memory_mb = .*$`).ReplaceAll(text, fmt.Appendf(nil, "memory_mb = %d", setting))
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(mainBinary(t), "run", file)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	peak := peakOf(c)
	t.Logf("memory_mb = %d: exit %d, %d MiB at the peak", setting, c.ProcessState.ExitCode(), peak)
	if peak == 0 || peak > int64(setting+beyondSetting) {
		t.Errorf("%d MiB at the peak where memory_mb = %d", peak, setting)
	}
	return c.ProcessState.ExitCode(), out.String()
}

var highWater = regexp.MustCompile(`(?m)^VmHWM:\s+([0-9]+) kB$`)

// peakOf waits for a command and gives the most memory it had, in MiB, as /proc tells until it ends. What the system
// says of a child that has ended counts what its parent held when it was forked.
func peakOf(c *exec.Cmd) (peak int64) {
	ended := make(chan struct{})
	go func() { c.Wait(); close(ended) }()
	for {
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.Process.Pid))
		if m := highWater.FindSubmatch(status); m != nil {
			kib, _ := strconv.ParseInt(string(m[1]), 10, 64)
			peak = max(peak, kib>>10)
		}
		select {
		case <-ended:
			return peak
		case <-time.After(20 * time.Millisecond):
		}
	}
}
