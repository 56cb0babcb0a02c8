//go:build chain

package main

import (
	"flag"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

var kills = flag.Int("kills", 3, "how often the killed run is killed; 0 runs it undisturbed")

// TestKilledRunEndsTheSame makes the demo again elsewhere, from its seed: kills the run at random
// instants, goes on each time, and compares the end with the demo that was never killed.
func TestKilledRunEndsTheSame(t *testing.T) {
	t.Parallel()
	whole := finishedDemo(t)
	dir := filepath.Join(t.TempDir(), "elsewhere")
	command(t, exitDone, append([]string{"simulate", "--out", dir}, smallRegion...)...)
	fixKeys(t, dir, 7)
	binary := executable(t)
	r := rand.New(rand.NewPCG(1, 2))
	killed := 0
	for k := range *kills {
		c := exec.Command(binary, "run", filepath.Join(dir, "study.toml"))
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if killIn(c, filepath.Join(dir, begun[k%len(begun)]), time.Duration(r.IntN(500))*time.Millisecond) {
			killed++
		}
	}
	if killed == 0 && *kills > 0 {
		t.Error("no run was killed")
	}
	goesOn(t, binary, dir)
	t.Logf("killed %d of %s times", killed, strconv.Itoa(*kills))
	sameTree(t, tree(t, dir), tree(t, whole))
}
