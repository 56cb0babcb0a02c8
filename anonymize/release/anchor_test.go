package release

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/entscope/entscope/anonymize/durable"
)

// A key with one register does not begin another in a place that a copy of the study names.
func TestOneRegisterOfAKey(t *testing.T) {
	for name, test := range map[string]struct {
		first, then string // places of the register; "" is beside the key
		err         error
	}{
		"beside the key, and again":        {"", "", nil},
		"beside the key, then elsewhere":   {"", "other.register", ErrElsewhere},
		"elsewhere, and again":             {"a/x.register", "a/x.register", nil},
		"elsewhere, by another way":        {"a/x.register", "a/../a/x.register", nil},
		"elsewhere, then beside the key":   {"a/x.register", "", ErrElsewhere},
		"elsewhere, then in a third place": {"a/x.register", "b/x.register", ErrElsewhere},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			keyFile := filepath.Join(dir, "keys", "master.key")
			for _, folder := range []string{"keys", "a", "b"} {
				if err := os.Mkdir(filepath.Join(dir, folder), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			at := func(place string) string {
				if place == "" {
					return File(keyFile)
				}
				return dir + "/" + place
			}
			if err := Anchored(keyFile, at(test.first)); err != nil {
				t.Fatalf("a key without a register: %v", err)
			}
			r := open(t, at(test.first), lastingKey(t, 1))
			if err := r.Anchor(keyFile); err != nil {
				t.Fatal(err)
			}
			if _, err := r.Book(candidate("research-T1", "a", census(500, 5)), Verdict{Persons: true}); err != nil {
				t.Fatal(err)
			}
			if err := Anchored(keyFile, at(test.then)); !errors.Is(err, test.err) {
				t.Errorf("got %v, want %v", err, test.err)
			}
		})
	}
}

// readOnly is a disk on which no file is created.
type readOnly struct{ durable.Machine }

func (readOnly) OpenFile(path string, _ int, _ fs.FileMode) (durable.File, error) {
	return nil, &fs.PathError{Op: "open", Path: path, Err: syscall.EROFS}
}

// A key that lies where nothing can be written has no anchor, and its register is made.
func TestNoAnchorWhereNothingCanBeWritten(t *testing.T) {
	dir := t.TempDir()
	keyFile := filepath.Join(dir, "master.key")
	r := open(t, filepath.Join(dir, "x.register"), lastingKey(t, 1))
	r.Disk = durable.Disk{Files: readOnly{}}
	if err := r.Anchor(keyFile); err != nil {
		t.Errorf("beside a key on a disk that is read only: %v", err)
	}
	if _, err := os.Stat(File(keyFile)); err == nil {
		t.Error("an anchor was written")
	}
}

// TestLinkToAKeyBeginsNoRegister: a key has one register by whichever link it is named; one that an earlier version kept
// beside a link is not left behind.
func TestLinkToAKeyBeginsNoRegister(t *testing.T) {
	dir := t.TempDir()
	keyFile := filepath.Join(dir, "keys", "master.key")
	link, second := filepath.Join(dir, "link.key"), filepath.Join(dir, "second.key")
	if err := os.Mkdir(filepath.Dir(keyFile), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(keyFile, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, target := range map[string]string{link: filepath.Join("keys", "master.key"), second: link} {
		if err := os.Symlink(target, path); err != nil {
			t.Fatal(err)
		}
	}
	if !same(File(second), File(keyFile)) {
		t.Errorf("the register is %s, want that beside the key", File(second))
	}
	if err := os.WriteFile(link+suffix, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Anchored(second, File(second)); !errors.Is(err, ErrElsewhere) {
		t.Errorf("a register beside a link on the way: %v, want ErrElsewhere", err)
	}
	if err := Anchored(second, link+suffix); err != nil {
		t.Errorf("that register, named: %v", err)
	}
}

// TestLinkToARegisterIsFollowed: what is written over a link would be another register.
func TestLinkToARegisterIsFollowed(t *testing.T) {
	path, _ := first(t)
	link := filepath.Join(t.TempDir(), "link.register")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if got := Place(link); !same(got, path) || filepath.Base(got) != filepath.Base(path) {
		t.Errorf("the place is %s, want %s", got, path)
	}
}
