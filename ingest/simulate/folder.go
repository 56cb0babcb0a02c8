package simulate

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/ingest/simulate/oracle"
)

// marker is a file that says that a folder of raw logs was made here and may be
// made again.
const marker = "raw/SYNTHETIC.txt"

// Claim makes dir, or finds that it is empty or was begun here, and marks it. A
// folder in which anything else stands, a study among it, is refused: nothing of it
// would be told from what is simulated. So is one that leads elsewhere by a link.
func Claim(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("simulate: %w", err)
	}
	for _, e := range entries {
		if e.Type()&fs.ModeSymlink != 0 {
			return fmt.Errorf("simulate: %s holds a link, %s: nothing is written over it", dir, e.Name())
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, marker)); err == nil {
		return nil
	}
	begun, err := os.ReadDir(filepath.Join(dir, "raw"))
	if len(entries) > 1 || len(entries) == 1 &&
		(err != nil || len(begun) > 1 || len(begun) == 1 && !durable.IsTemporary(begun[0].Name())) {
		return fmt.Errorf("simulate: %s is not empty, and was not simulated: nothing in it is overwritten", dir)
	}
	if err := durable.MkdirAll(filepath.Join(dir, "raw"), 0o755); err != nil {
		return fmt.Errorf("simulate: %w", err)
	}
	return writeFile(dir, marker, []byte("Everything below this folder is simulated: nobody in it exists.\n"))
}

// makeRoom removes what an earlier run wrote.
func makeRoom(dir string) error {
	if err := Claim(dir); err != nil {
		return err
	}
	_ = os.Remove(filepath.Join(dir, "truth.json")) // comes back last
	entries, err := os.ReadDir(filepath.Join(dir, "raw"))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == filepath.Base(marker) {
			continue // killed in between, the folder is still known as simulated
		}
		if err := os.RemoveAll(filepath.Join(dir, "raw", e.Name())); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(dir, name string, data []byte) error {
	return durable.WriteFile(filepath.Join(dir, name), data, 0o644)
}

func writeJSON(dir, name string, t *oracle.Truth) error {
	data, err := t.Render()
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return writeFile(dir, name, data)
}
