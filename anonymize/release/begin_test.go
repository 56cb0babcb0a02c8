package release

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestAnotherNameOfAKeyBeginsNoRegister: where a register of the key lies beside it under whatever name, or an anchor that
// leads to it, no other begins.
func TestAnotherNameOfAKeyBeginsNoRegister(t *testing.T) {
	for name, test := range map[string]struct {
		register string // of the key while it bore its first name; empty is beside it
		key      string // where it is found then
		file     string // the register that is named; empty is beside the key
		folder   string // another that is looked into
		moved    string // where the register lies by then, where it is not left
		other    bool   // it is another key's
		err      error
	}{
		"renamed":                           {key: "keys/b.key", err: ErrElsewhere},
		"renamed, the register named":       {key: "keys/b.key", file: "keys/a.key.register"},
		"renamed with its register":         {key: "keys/b.key", moved: "keys/b.key.register"},
		"renamed, the register put aside":   {key: "keys/b.key", moved: "keys/old", err: ErrElsewhere},
		"in another folder":                 {key: "b/b.key"}, // which is a copy, as far as anybody can see
		"in another folder of the study":    {key: "b/b.key", folder: "keys", err: ErrElsewhere},
		"beside the register that is named": {key: "b/b.key", file: "keys/x.register", err: ErrElsewhere},
		"renamed, anchored elsewhere":       {register: "a/x.register", key: "keys/b.key", err: ErrElsewhere},
		"renamed, and that is named":        {register: "a/x.register", key: "keys/b.key", file: "a/x.register"},
		"renamed, and that is gone":         {register: "a/x.register", key: "keys/b.key", moved: "b/x.register"},
		"another key":                       {key: "keys/b.key", other: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			at := func(place string) string { return filepath.Join(dir, filepath.FromSlash(place)) }
			for _, folder := range []string{"keys", "a", "b", "keys/folder"} {
				if err := os.Mkdir(at(folder), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			register := File(at("keys/a.key"))
			if test.register != "" {
				register = at(test.register)
			}
			key := lastingKey(t, 1)
			r := open(t, register, key)
			if err := r.MayBegin(at("keys/a.key")); err != nil {
				t.Fatalf("the first: %v", err)
			}
			if err := r.Anchor(at("keys/a.key")); err != nil {
				t.Fatal(err)
			}
			for _, made := range []string{"research-T1", "research-T2"} {
				if _, err := r.Book(candidate(made, made, census(500, 5)), Verdict{Persons: true}); err != nil {
					t.Fatal(err)
				}
			}
			if test.moved != "" {
				if err := os.Rename(register, at(test.moved)); err != nil {
					t.Fatal(err)
				}
			}
			if test.other {
				key = lastingKey(t, 2)
			}
			file := File(at(test.key))
			if test.file != "" {
				file = at(test.file)
			}
			folders := []string{at("nowhere")}
			if test.folder != "" {
				folders = append(folders, at(test.folder))
			}
			if err := open(t, file, key).MayBegin(at(test.key), folders...); !errors.Is(err, test.err) {
				t.Errorf("got %v, want %v", err, test.err)
			}
		})
	}
}
