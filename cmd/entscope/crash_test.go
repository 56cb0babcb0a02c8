//go:build chain

package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/durable/durabletest"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

var (
	crashEvery = flag.Int("crash-every", 0,
		"crash at each nth operation of all steps; 0 takes a short sample of the quick ones")
	faultEvery = flag.Int("fault-every", 0, "fail each nth operation; 0 is as crash-every")
	crashSteps = flag.String("crash-steps", "", "crash in the steps whose name contains this")
)

// crashStep is a command that writes, on the disk it is given. It must give the same bytes each time.
type crashStep struct {
	name  string
	quick bool // enough for a short sample
	act   func(t *testing.T, disk durable.Disk, dir string) (code int, err error)
	// before changes the inputs before the step, as somebody else would.
	before func(t *testing.T, dir string)
}

// stageOf runs a study up to a stage.
func stageOf(stage string) func(*testing.T, durable.Disk, string) (int, error) {
	return func(t *testing.T, disk durable.Disk, dir string) (int, error) {
		s, err := study.Read(filepath.Join(dir, "study.toml"))
		if err != nil {
			t.Fatal(err)
		}
		s.Limits.Threads = 1 // so that the nth operation is always the same one
		report, err := runBatch(context.Background(), s, runOptions{until: stage, disk: disk}, silent(t))
		if err == nil && len(report.Warnings) > 0 {
			return exitWarnings, nil
		}
		return exitCode(err), err
	}
}

// shardOf decodes a shard of a study.
func shardOf(shard zone.Shard) func(*testing.T, durable.Disk, string) (int, error) {
	return func(t *testing.T, disk durable.Disk, dir string) (int, error) {
		s, err := study.Read(filepath.Join(dir, "study.toml"))
		if err != nil {
			t.Fatal(err)
		}
		s.Limits.Threads = 1
		err = runShard(t.Context(), s, runOptions{shard: shard.String(), disk: disk}, silent(t), io.Discard)
		return exitCode(err), err
	}
}

func keyStep(verb string, then func(durable.Disk, string) error) func(*testing.T, durable.Disk, string) (int, error) {
	return func(t *testing.T, disk durable.Disk, dir string) (int, error) {
		_, err := destroyZone(t.Context(), disk, filepath.Join(dir, "study.toml"), true, verb, then)
		return exitCode(err), err
	}
}

// knownSalt is newSalt, but for chance.
func knownSalt(disk durable.Disk, dir string) error {
	if err := zone.Claim(disk, dir); err != nil {
		return err
	}
	return pseudonym.RestoreSalt(disk, dir, [32]byte{1, 2, 3})
}

// hold moves the later half of the deliveries of a feed out of the way, or back.
func hold(out bool) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		all, err := filepath.Glob(filepath.Join(dir, "raw", "entcore", "*.ndjson*"))
		if err != nil || len(all) < 4 {
			t.Fatalf("%d deliveries, %v", len(all), err)
		}
		slices.Sort(all)
		for _, path := range all[len(all)/2:] {
			from, to := path, path+".later"
			if strings.HasSuffix(path, ".later") {
				from, to = path, strings.TrimSuffix(path, ".later")
			} else if !out {
				continue
			}
			if err := os.Rename(from, to); err != nil {
				t.Fatal(err)
			}
		}
	}
}

var crashes = []crashStep{
	{name: "first ingest", quick: true, before: hold(true), act: stageOf("ingest")},
	{name: "first anonymize", act: stageOf("anonymize")},
	{name: "first report", act: stageOf("report")},
	{name: "shard", quick: true, before: hold(false), act: shardOf(zone.Shard{I: 2, N: 2})},
	{name: "second ingest", act: stageOf("ingest")},
	{name: "second anonymize", act: stageOf("anonymize")},
	{name: "second report", act: stageOf("report")},
	{name: "key rotate", quick: true, act: keyStep("rotate", knownSalt)},
	{name: "ingest under the new salt", act: stageOf("ingest")},
	{name: "key destroy", quick: true, act: keyStep("destroy", nil)},
}

// scratchOf says which operations are on what a run clears before it begins.
func scratchOf(dir string) func(durabletest.Operation) bool {
	return func(o durabletest.Operation) bool {
		path := strings.TrimPrefix(o.Path, filepath.Join(dir, "restricted")+string(filepath.Separator))
		return path == "spill" || strings.HasPrefix(path, "spill/") || strings.HasPrefix(path, ".partial/registers/")
	}
}

// ofTheClock says what two runs may have differently.
func ofTheClock(path string) bool {
	return path == "run.json" || strings.HasSuffix(path, zone.LockName) || strings.HasSuffix(path, ".entscope-lock")
}

// TestCrash ends each step at every operation that changes a name or syncs: the process dies, the power is cut,
// the disk gives an error or is full. Run again, it ends with the bytes it would have had and nothing else; what
// exit code 0 promised survives a power cut; a fault of the disk is exit code 75; and whoever reads a
// publication meanwhile finds the old one or the new one.
func TestCrash(t *testing.T) {
	t.Parallel()
	region := []string{"--parents", "300", "--weeks", "4"} // enough for the quick steps
	if *crashEvery > 0 {
		region = []string{"--parents", "700", "--seed", "7"}
	}
	dir := simulated(t, region...)
	s, err := study.Read(filepath.Join(dir, "study.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := demoKeys(s, 7); err != nil {
		t.Fatal(err)
	}
	for _, step := range crashes {
		if *crashEvery == 0 && !step.quick {
			continue
		}
		if step.before != nil {
			step.before(t, dir)
		}
		every := *crashEvery
		if every == 0 {
			every = 61
		}
		t.Run(strings.ReplaceAll(step.name, " ", "-"), func(t *testing.T) {
			c := &crash{t: t, crashStep: step, dir: dir, scratch: scratchOf(dir), every: every, seen: map[string]bool{},
				begun: map[string]bool{}}
			c.run(strings.Contains(step.name, *crashSteps))
		})
	}
}

// crash is one step under test.
type crash struct {
	t *testing.T
	crashStep
	dir         string
	scratch     func(durabletest.Operation) bool
	every       int
	start, want durabletest.Tree
	seen        map[string]bool // disks from which the step ended well
	begun       map[string]bool // disks on which it began a folder, and then ended well
	held        []string        // of begun, of the run under way
	runs, short int             // how many runs were made, how many cut short
	points      int
}

func (c *crash) run(tried bool) {
	c.start = c.read()
	recorder, err := durabletest.NewRecorder(c.dir, c.scratch)
	if err != nil {
		c.t.Fatal(err)
	}
	if code, err := c.act(c.t, recorder.Recording(), c.dir); code != exitDone && code != exitWarnings {
		c.t.Fatalf("undisturbed: exit code %d, %v", code, err)
	}
	if err := recorder.End(); err != nil {
		c.t.Fatal(err)
	}
	c.want = c.read()
	if !tried {
		return
	}
	end := recorder.States[len(recorder.States)-1]
	for kind, tree := range map[string]durabletest.Tree{"cut": end.Cut, "torn": end.Torn} {
		scratch := func(path string) bool { // an empty folder of it may be back, and is no promise
			return tree[path].Data == "" && strings.Contains(path, "/.partial")
		}
		if d := tree.Without(ofTheClock).Without(scratch).Difference(c.want.Without(scratch)); d != "" {
			c.t.Errorf("power %s after the end: %s", kind, d)
		}
	}
	for i, state := range recorder.States {
		c.points++
		c.reader(state)
		if i%c.every != 0 {
			continue
		}
		trees := map[string]durabletest.Tree{"killed": state.Killed, "cut": state.Cut, "torn": state.Torn}
		for kind, tree := range trees {
			c.again(fmt.Sprintf("%s before %s", kind, c.at(state.Operation)), tree)
		}
	}
	c.faults()
	if err := c.want.Lay(c.dir); err != nil {
		c.t.Fatal(err)
	}
	c.t.Logf("%s: %d points, %d runs after a crash, of which %d met a disk that was tried",
		c.name, c.points, c.runs, c.short)
}

func (c *crash) at(o durabletest.Operation) string {
	short := func(path string) string { return strings.TrimPrefix(path, c.dir+"/") }
	return o.Name + " " + short(o.Path) + " " + short(o.To)
}

func (c *crash) read() durabletest.Tree {
	tree, err := durabletest.ReadTree(c.dir, c.scratch)
	if err != nil {
		c.t.Fatal(err)
	}
	return tree.Without(ofTheClock)
}

// reader holds that whoever reads the publication finds one, whole.
func (c *crash) reader(s durabletest.State) {
	found := s.Killed.Below("published")
	old, fresh := c.start.Below("published"), c.want.Below("published")
	if found.Difference(old) != "" && found.Difference(fresh) != "" {
		c.t.Errorf("before %s: a reader finds a publication that is neither the old one nor the new one",
			c.at(s.Operation))
	}
}

// again runs the step on what a crash left. A disk that was tried need not be tried twice; nor need a folder be made
// twice on the same disk: the run is cut short where it begins it.
func (c *crash) again(what string, left durabletest.Tree) {
	hash := left.Without(ofTheClock).Hash()
	if c.seen[hash] {
		return
	}
	if err := left.Lay(c.dir); err != nil {
		c.t.Fatal(err)
	}
	if _, zone := left["restricted/.entscope-zone"]; zone { // a killed run left scratch there
		if err := os.MkdirAll(filepath.Join(c.dir, "restricted", "spill", "subject-1"), 0o700); err != nil {
			c.t.Fatal(err)
		}
	}
	c.runs++
	c.held = nil
	watched := durabletest.Watched{Disk: durabletest.Unsynced(), Before: c.before}
	code, err := c.act(c.t, durable.Disk{Files: watched}, c.dir)
	if errors.Is(err, errTried) {
		c.short++
		c.seen[hash] = true
		return
	}
	if code != exitDone && code != exitWarnings {
		c.t.Errorf("%s, run again: exit code %d, %v", what, code, err)
		return
	}
	if d := c.read().Difference(c.want); d != "" {
		c.t.Errorf("%s, run again: %s", what, d)
		return
	}
	if _, err := os.Stat(filepath.Join(c.dir, "restricted", "spill")); err == nil {
		c.t.Errorf("%s, run again: scratch is left", what)
	}
	c.seen[hash] = true
	for _, h := range c.held {
		c.begun[h] = true
	}
}

var errTried = errors.New("from here on it was tried")

func (c *crash) before(o durabletest.Operation) error {
	if o.Name != "mkdir" || !strings.HasSuffix(o.Path, ".entscope-stage/new") {
		return nil
	}
	h := o.Path + c.read().Hash()
	if c.begun[h] {
		return errTried
	}
	c.held = append(c.held, h)
	return nil
}

// faults lets each operation fail in turn, with one fault after the other.
func (c *crash) faults() {
	failed := 0
	every := cmp.Or(*faultEvery, c.every)
	for n := 0; ; n += every {
		if err := c.start.Lay(c.dir); err != nil {
			c.t.Fatal(err)
		}
		fault := []syscall.Errno{syscall.EIO, syscall.ENOSPC}[n/every%2]
		disk, at := durabletest.Failing(n, fault, c.scratch)
		code, err := c.act(c.t, disk, c.dir)
		what := fmt.Sprintf("%v at %s", fault, c.at(at()))
		switch {
		case at().Name == "":
			c.t.Logf("%s: %d operations failed", c.name, failed)
			return
		case code == exitDone || code == exitWarnings:
			if d := c.read().Difference(c.want); d != "" {
				c.t.Errorf("%s was not noticed: %s", what, d)
			}
		case code != exitTryAgain:
			c.t.Errorf("%s: exit code %d, %v", what, code, err)
		}
		failed++
		c.again(what, c.read())
	}
}
