package durable_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/durable/durabletest"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func accept(string) error { return nil }

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

var errKilled = errors.New("killed")

// kill ends the process at the nth operation: that one does not happen, nor any
// later one. Without exchange, the file system does not know it.
func kill(n int, exchange bool, seen *[]durabletest.Operation) durable.Disk {
	return durable.Disk{Files: durabletest.Watched{Before: func(o durabletest.Operation) error {
		if *seen = append(*seen, o); len(*seen) > n {
			return errKilled
		}
		if o.Name == "exchange" && !exchange {
			return errors.ErrUnsupported
		}
		return nil
	}}}
}

// makeFolder makes the folder final of one page.
func makeFolder(d durable.Disk, final, text string) error {
	s, err := d.NewStage(final, 0o755)
	if err != nil {
		return err
	}
	defer s.Abort() // once nothing can happen any more it gives the lock back, as the end of a process does
	if err := d.Mkdir(filepath.Join(s.Dir(), "report"), 0o755); err != nil {
		return err
	}
	if err := d.Fill(filepath.Join(s.Dir(), "report", "page"), []byte(text), 0o644); err != nil {
		return err
	}
	return s.Commit(accept)
}

// TestKilledAtEveryOperation makes a folder, and one in its place, killed before
// each operation in turn: a reader finds the old one or the new one, and making it
// again ends as if nothing had been.
func TestKilledAtEveryOperation(t *testing.T) {
	for _, c := range []struct {
		name            string
		there, exchange bool
	}{{"first", false, true}, {"replaced by exchange", true, true}, {"replaced without exchange", true, false}} {
		t.Run(c.name, func(t *testing.T) {
			for n := 0; ; n++ {
				parent := t.TempDir()
				final := filepath.Join(parent, "published")
				page := filepath.Join(final, "report", "page")
				if c.there {
					write(t, page, "old")
				}
				var seen []durabletest.Operation
				err := makeFolder(kill(n, c.exchange, &seen), final, "new")
				if err == nil {
					if n < 10 {
						t.Fatalf("only %d operations were seen", n)
					}
					return
				}
				if !errors.Is(err, errKilled) {
					t.Fatalf("operation %d: %v", n, err)
				}
				found, err := os.ReadFile(page)
				if c.there && c.exchange && err != nil {
					t.Errorf("killed before %v: a reader finds nothing", seen[n])
				}
				if err == nil && string(found) != "old" && string(found) != "new" {
					t.Errorf("killed before %v: a reader finds %q", seen[n], found)
				}
				if err := (durable.Disk{}).Recover(final); err != nil {
					t.Fatal(err)
				}
				if c.there && !exists(page) {
					t.Errorf("killed before %v: the folder that was there is gone", seen[n])
				}
				if err := makeFolder(durable.Disk{}, final, "new"); err != nil {
					t.Fatal(err)
				}
				if got := read(t, page); got != "new" {
					t.Errorf("killed before %v and run again: %q", seen[n], got)
				}
				if entries, _ := os.ReadDir(parent); len(entries) != 1 {
					t.Errorf("killed before %v and run again: %d names beside the folder", seen[n], len(entries)-1)
				}
			}
		})
	}
}

// TestFileKilledAtEveryOperation does the same for a file.
func TestFileKilledAtEveryOperation(t *testing.T) {
	for n := 0; ; n++ {
		path := filepath.Join(t.TempDir(), "run.json")
		write(t, path, "old")
		var seen []durabletest.Operation
		err := kill(n, true, &seen).WriteFile(path, []byte("new"), 0o600)
		if err == nil {
			break
		}
		if got := read(t, path); got != "old" && got != "new" {
			t.Errorf("killed before %v: %q", seen[n], got)
		}
		if err := durable.WriteFile(path, []byte("new"), 0o600); err != nil {
			t.Fatal(err)
		}
		if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
			t.Errorf("killed before %v and run again: %d names in the folder", seen[n], len(entries))
		}
	}
}

// TestCreateKilledAtEveryOperation holds that a secret is there whole or not at all,
// and that one that is there is never replaced.
func TestCreateKilledAtEveryOperation(t *testing.T) {
	for n := 0; ; n++ {
		path := filepath.Join(t.TempDir(), "salt")
		var seen []durabletest.Operation
		err := kill(n, true, &seen).Create(path, []byte("first"), 0o600)
		want := "second"
		if exists(path) {
			if want = read(t, path); want != "first" {
				t.Errorf("killed before %v: %q", seen[n], want)
			}
		}
		again := durable.Create(path, []byte("second"), 0o600)
		if (want == "first") != errors.Is(again, fs.ErrExist) {
			t.Errorf("created again: %v", again)
		}
		if got := read(t, path); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if err == nil {
			return
		}
	}
}

// TestDurableBeforeVisible holds the order that a power cut needs: content and
// names are synced before a name is changed, and the folder of the name after it,
// before anything of the old one goes.
func TestDurableBeforeVisible(t *testing.T) {
	record := func(seen *[]string, parent string) durable.Disk {
		return durable.Disk{Files: durabletest.Watched{Before: func(o durabletest.Operation) error {
			short := func(path string) string {
				path, _ = filepath.Rel(parent, path)
				return strings.ReplaceAll(path, ".published.entscope-stage", "stage")
			}
			text := o.Name + " " + short(o.Path)
			if o.To != "" {
				text += " " + short(o.To)
			}
			*seen = append(*seen, text)
			return nil
		}}}
	}
	for _, c := range []struct {
		name string
		make func(d durable.Disk, parent string) error
		want []string
	}{
		{"file", func(d durable.Disk, parent string) error {
			return d.WriteFile(filepath.Join(parent, "run.json"), []byte("x"), 0o600)
		}, []string{
			"remove .run.json.entscope-new", "open .run.json.entscope-new", "write .run.json.entscope-new",
			"sync .run.json.entscope-new", "rename .run.json.entscope-new run.json", "sync .",
		}},
		{"folder in new parents", func(d durable.Disk, parent string) error {
			return d.MkdirAll(filepath.Join(parent, "a", "b"), 0o700)
		}, []string{"mkdir a", "sync .", "mkdir a/b", "sync a"}},
		{"folder", func(d durable.Disk, parent string) error {
			return makeFolder(d, filepath.Join(parent, "published"), "x")
		}, []string{
			"mkdir stage", "remove all stage/new", "remove all stage/old", "mkdir stage/new", "mkdir stage/new/report",
			"remove stage/new/report/page", "open stage/new/report/page", "write stage/new/report/page",
			"sync stage/new/report/page", "sync stage/new/report", "sync stage/new",
			"rename stage/new published", "sync .", "remove all stage/new", "remove all stage/old",
			"remove stage/entscope-stage", "remove stage", "sync .",
		}},
		{"folder in the place of another", func(d durable.Disk, parent string) error {
			write(t, filepath.Join(parent, "published", "page"), "old")
			return makeFolder(d, filepath.Join(parent, "published"), "x")
		}, []string{
			"mkdir stage", "remove all stage/new", "remove all stage/old", "mkdir stage/new", "mkdir stage/new/report",
			"remove stage/new/report/page", "open stage/new/report/page", "write stage/new/report/page",
			"sync stage/new/report/page", "sync stage/new/report", "sync stage/new",
			"exchange stage/new published", "sync .", "remove all stage/new", "remove all stage/old",
			"remove stage/entscope-stage", "remove stage", "sync .",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var seen []string
			parent := t.TempDir()
			if err := c.make(record(&seen, parent), parent); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(seen, c.want) {
				t.Errorf("operations\n%s\nwant\n%s", strings.Join(seen, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// TestOneMakerAtATime holds that a stage whose maker runs is not cleared.
func TestOneMakerAtATime(t *testing.T) {
	final := filepath.Join(t.TempDir(), "released")
	first, err := durable.NewStage(final, 0o700)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(first.Dir(), "table"), "first")
	if _, err := durable.NewStage(final, 0o700); !errors.Is(err, durable.ErrBusy) {
		t.Errorf("a second maker: %v, want ErrBusy", err)
	}
	if err := (durable.Disk{}).Recover(final); !errors.Is(err, durable.ErrBusy) {
		t.Errorf("recovery beside a maker: %v, want ErrBusy", err)
	}
	if err := first.Commit(nil); err != nil {
		t.Fatal(err)
	}
	if got := read(t, filepath.Join(final, "table")); got != "first" {
		t.Errorf("the folder holds %q", got)
	}
	if err := first.Abort(); err != nil {
		t.Errorf("Abort after Commit: %v", err)
	}
}

// TestRecoverIn leaves the stages of two killed makers, and a folder that is none.
func TestRecoverIn(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"one", "two"} {
		var seen []durabletest.Operation
		err := makeFolder(kill(8, true, &seen), filepath.Join(dir, name), "new")
		if !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(dir, "kept", "page"), "kept")
	if err := (durable.Disk{}).RecoverIn(dir); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%d names are left, %v", len(entries), err)
	}
}
