package pull

import (
	"errors"
	"maps"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/durable/durabletest"
	"github.com/entscope/entscope/ingest/source"
)

// TestCrash ends a pull at each operation: the process dies, the power is cut, the operation fails. Run again, the
// inbox is what it would have been; what the first pull fetched survives a power cut.
func TestCrash(t *testing.T) {
	all := func(durabletest.Operation) bool { return false }
	visible := func(tree durabletest.Tree) durabletest.Tree { // a lock or a name half made is no delivery
		return tree.Without(func(path string) bool { return path != LedgerName && strings.HasPrefix(path, ".") })
	}
	s, inbox := newShelf(), filepath.Join(t.TempDir(), "inbox")
	s.put("a.log", "one\n", epoch)
	s.put("ecole/b.log", strings.Repeat("two\n", 1000), epoch)
	on := func(disk durable.Disk) (Pulled, error) {
		return pull(t, s, inbox, func(p *puller) { p.disk, p.pauses = disk, nil })
	}
	if _, err := on(durabletest.Unsynced()); err != nil {
		t.Fatal(err)
	}
	s.put("a.log", "one\ntwo\n", epoch.Add(1)) // grown
	s.put("c.log", "three\n", epoch)           // new
	start, err := durabletest.ReadTree(inbox, all)
	if err != nil {
		t.Fatal(err)
	}
	recorder, err := durabletest.NewRecorder(inbox, all)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := on(recorder.Recording()); err != nil {
		t.Fatal(err)
	}
	if err := recorder.End(); err != nil {
		t.Fatal(err)
	}
	want, err := durabletest.ReadTree(inbox, all)
	if err != nil {
		t.Fatal(err)
	}
	end := recorder.States[len(recorder.States)-1]
	for kind, left := range map[string]durabletest.Tree{"cut": end.Cut, "torn": end.Torn} {
		if d := visible(left).Difference(visible(want)); d != "" {
			t.Errorf("power %s after the end: %s", kind, d)
		}
	}
	again := func(what string) {
		if _, err := on(durabletest.Unsynced()); err != nil {
			t.Errorf("%s, run again: %v", what, err)
		}
		got, err := durabletest.ReadTree(inbox, all)
		if err != nil {
			t.Fatal(err)
		}
		if d := got.Difference(want); d != "" {
			t.Errorf("%s, run again: %s", what, d)
		}
	}
	for _, state := range recorder.States {
		trees := map[string]durabletest.Tree{"killed": state.Killed, "cut": state.Cut, "torn": state.Torn}
		for kind, left := range trees {
			if err := left.Lay(inbox); err != nil {
				t.Fatal(err)
			}
			again(kind + " before " + state.Operation.Name + " " + filepath.Base(state.Operation.Path))
		}
	}
	failed := 0
	for _, fault := range []syscall.Errno{syscall.EIO, syscall.ENOSPC} {
		for n := 0; ; n++ {
			if err := maps.Clone(start).Lay(inbox); err != nil {
				t.Fatal(err)
			}
			disk, at := durabletest.Failing(n, fault, all)
			if _, err := on(disk); err != nil && !errors.Is(err, fault) {
				t.Errorf("%v at %s: %v", fault, at().Name, err)
			}
			if at().Name == "" {
				break
			}
			failed++
			again(fault.Error() + " at " + at().Name + " " + filepath.Base(at().Path))
		}
	}
	if len(recorder.States) < 15 || failed < 30 {
		t.Errorf("only %d operations were seen, %d failed", len(recorder.States), failed)
	}
}

// TestLedgerOfMany fetches 4,000 files and counts how often the ledger is written whole.
func TestLedgerOfMany(t *testing.T) {
	const files = 4_000
	written := 0
	watched := durabletest.Watched{Disk: durabletest.Unsynced(), Before: func(o durabletest.Operation) error {
		if o.Name == "rename" {
			written++
		}
		return nil
	}}
	disk := durable.Disk{Files: watched}
	l, err := openLedger(disk, t.TempDir(), "server")
	if err != nil {
		t.Fatal(err)
	}
	for i := range files {
		if err := l.add(source.Entry{Name: strconv.Itoa(i)}, record{}); err != nil {
			t.Fatal(err)
		}
	}
	if written == 0 || written > 100 {
		t.Errorf("the ledger was written %d times", written)
	}
}
