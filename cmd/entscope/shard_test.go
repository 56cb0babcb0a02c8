package main

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/anonymize/zone"
)

var shardKills = flag.Int("shard-kills", 6, "how many shards and ingestions TestKilledShardsEndTheSame kills")

// shardedRegion is a region without a zone, some of whose parents object.
func shardedRegion(t *testing.T) string {
	t.Helper()
	dir := simulated(t, "--parents", "700", "--seed", "7")
	keyed(t, filepath.Join(dir, "master.key"), filepath.Join(dir, "restricted"))
	objections := "id\n" + strings.Join(parentsOf(t, dir, 60), "\n") + "\n"
	config, err := os.ReadFile(filepath.Join(dir, "study.toml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"objections.csv": objections,
		"study.toml": string(config) + "\n[objections]\nfiles = [\"objections.csv\"]\n[objections.csv]\n" +
			"columns = { person = \"id\" }\nconstants = { profile = \"parent\" }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// executable is the test binary as the command.
func executable(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "entscope") // script_test.go makes the test binary the command
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	return link
}

// oneProcess is the zone that an ingestion of the study in dir, with the salt that is there, makes without shards.
func oneProcess(t *testing.T, dir string) map[string]string {
	t.Helper()
	salt, err := os.ReadFile(filepath.Join(dir, "restricted", "salt"))
	if err != nil {
		t.Fatal(err)
	}
	one := t.TempDir()
	for _, name := range []string{"raw", "policies"} {
		if err := os.Symlink(filepath.Join(dir, name), filepath.Join(one, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"study.toml", "objections.csv", "master.key"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(one, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(one, "restricted"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(one, "restricted", "salt"), salt, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := entscope(t, "ingest", filepath.Join(one, "study.toml")); code != exitDone {
		t.Fatalf("exit code %d: %s", code, errOut)
	}
	return tree(t, filepath.Join(one, "restricted"))
}

// ended is the exit code of a process, and what it said.
func ended(t *testing.T, c *exec.Cmd, out *strings.Builder) int {
	t.Helper()
	var exit *exec.ExitError
	if err := c.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %s", err, out)
	}
	return c.ProcessState.ExitCode()
}

// TestShardsAtOnce: shards that begin a study at the same instant agree on its salt, one that runs already and a run
// beside them are refused, and the ingestion after them makes the zone of one process, objections included.
func TestShardsAtOnce(t *testing.T) {
	t.Parallel()
	dir, self := shardedRegion(t), executable(t)
	const n = 5
	file := filepath.Join(dir, "study.toml")
	said := make([]strings.Builder, n)
	var shards []*exec.Cmd
	for i := range n {
		c := exec.Command(self, "ingest", file, "--shard", fmt.Sprintf("%d/%d", i, n)) // from 0, as Kubernetes counts
		c.Stdout, c.Stderr = &said[i], &said[i]
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		shards = append(shards, c)
	}
	for i, c := range shards {
		if code := ended(t, c, &said[i]); code != exitDone {
			t.Errorf("shard %d: exit code %d, %s", i, code, said[i].String())
		}
	}
	states, err := zone.Shards(filepath.Join(dir, "restricted"))
	deliveries := 0
	for _, s := range states {
		deliveries += s.Deliveries
	}
	if err != nil || len(states) != n || deliveries < 10 {
		t.Fatalf("%+v, %v", states, err)
	}
	code, out, errOut := entscope(t, "ingest", file, "--json")
	want := fmt.Sprintf(`"decoded by shards": %d,`, deliveries)
	if code != exitDone {
		t.Errorf("exit code %d: %s", code, errOut)
	}
	if !strings.Contains(out, want) || !strings.Contains(out, fmt.Sprintf(`"read now": %d`, deliveries)) {
		t.Errorf("not %d deliveries of shards: %s", deliveries, out)
	}
	sameTree(t, tree(t, filepath.Join(dir, "restricted")), oneProcess(t, dir))
}

// TestKilledShardsEndTheSame kills shards, and ingestions after them, at random instants; each goes on where it was,
// and the zone is that of one process.
func TestKilledShardsEndTheSame(t *testing.T) {
	t.Parallel()
	dir, self := shardedRegion(t), executable(t)
	file, r := filepath.Join(dir, "study.toml"), rand.New(rand.NewPCG(3, 4))
	killed, within := map[string]int{}, map[string]int{"shards": 300, "directory": 300} // milliseconds
	for k := range *shardKills {
		args, appears := []string{"ingest", file, "--shard", fmt.Sprintf("%d/2", k%2+1)}, "shards"
		if k%3 == 2 {
			args, appears = args[:2], "directory"
		}
		c := exec.Command(self, args...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if killIn(c, filepath.Join(dir, "restricted", appears), time.Duration(r.IntN(within[appears]))*time.Millisecond) {
			killed[appears]++
		} else { // it was sooner at its end: this machine is quick
			within[appears] = (within[appears] + 1) / 2
		}
	}
	if killed["shards"] == 0 || killed["directory"] == 0 {
		t.Errorf("killed: %v", killed)
	}
	for i := range 2 {
		if code, _, errOut := entscope(t, "ingest", file, "--shard", fmt.Sprintf("%d/2", i+1)); code != exitDone {
			t.Errorf("shard %d: exit code %d, %s", i+1, code, errOut)
		}
	}
	if code, _, errOut := entscope(t, "ingest", file); code != exitDone {
		t.Fatalf("exit code %d, %s", code, errOut)
	}
	t.Logf("killed %v of %d times", killed, *shardKills)
	sameTree(t, tree(t, filepath.Join(dir, "restricted")), oneProcess(t, dir))
}
