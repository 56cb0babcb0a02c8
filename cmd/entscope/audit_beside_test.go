package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// TestBesideEditions: a file beside editions is named, once, and of a folder that holds other things nothing is said.
func TestBesideEditions(t *testing.T) {
	dir := t.TempDir()
	var editions []string
	for _, name := range []string{"research-2025-T1", "schools-2025-T1"} {
		path := filepath.Join(dir, name)
		editions = append(editions, path)
		if err := errors.Join(os.Mkdir(path, 0o700),
			os.WriteFile(filepath.Join(path, edition.ManifestFile), nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	write := func(name string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(".entscope.lock")
	if got := besideEditions(editions); len(got) > 0 {
		t.Errorf("nothing lies beside them, and %q is named", got)
	}
	write("families.csv")
	if got := besideEditions(editions); !slices.Equal(got, []string{"families.csv"}) {
		t.Errorf("named: %q", got)
	}
	var errOut bytes.Buffer
	noteBeside(&errOut, []string{"audit", "--edition", editions[0], "--edition", editions[1]})
	if want := "note: not audited: \"families.csv\""; strings.Count(errOut.String(), want) != 1 {
		t.Errorf("not said once: %s", errOut.String())
	}
	if err := os.Mkdir(filepath.Join(dir, "photos"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := besideEditions(editions); len(got) > 0 {
		t.Errorf("of a folder of other things %q is named", got)
	}
}
