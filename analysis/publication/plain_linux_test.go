package publication

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestPipesAreNotWaitedFor: whoever sends a folder to be audited may have put a pipe where a file is due, and nobody writes
// into it.
func TestPipesAreNotWaitedFor(t *testing.T) {
	for name, read := range map[string]func(dir string) error{
		manifestFile:  func(dir string) error { _, err := readStamp(dir); return err },
		RulesFile:     func(dir string) error { _, err := Announced(dir); return err },
		OverridesFile: func(dir string) error { _, err := overridesOf(dir); return err },
		"record.json": func(dir string) error { _, err := ReadRecord(dir); return err },
		ResultsFile:   func(dir string) error { _, err := readResults(dir, ResultsFile); return err },
		"page.html":   func(dir string) error { _, err := hashTree(dir); return err },
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, manifestFile), []byte("{}"), 0o644); err != nil {
			t.Fatal(err)
		}
		os.Remove(filepath.Join(dir, name))
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := read(dir); err == nil {
			t.Errorf("%s is read of a pipe", name)
		}
	}
}
