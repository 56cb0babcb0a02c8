package simulate

import (
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func hashes(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	out := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[rel] = sha256.Sum256(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSameSeedSameBytes(t *testing.T) {
	c := Config{Parents: 700, Schools: 24, Seed: 5, Direct: true}
	var runs []map[string][32]byte
	var dir string
	for _, threads := range []int{1, 3} {
		dir = t.TempDir()
		c.Threads = threads
		if err := Write(context.Background(), dir, c, nil); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, hashes(t, dir))
	}
	if len(runs[0]) < 20 || len(runs[0]) != len(runs[1]) {
		t.Fatalf("%d and %d files", len(runs[0]), len(runs[1]))
	}
	for name, h := range runs[0] {
		if runs[1][name] != h {
			t.Errorf("%s differs", name)
		}
	}
	c.Seed, c.Direct = c.Seed+1, false
	if err := Write(context.Background(), dir, c, nil); err != nil {
		t.Fatalf("over an earlier run: %v", err)
	}
	if other := hashes(t, dir); other["raw/accounts/entcore.csv"] == runs[0]["raw/accounts/entcore.csv"] {
		t.Error("another seed gives the same region")
	}
}

func TestWriteRefuses(t *testing.T) {
	for name, c := range map[string]Config{
		"parents": {Parents: 5}, "weeks": {Weeks: 3}, "many weeks": {Weeks: 50},
		"schools": {Parents: 1000, Schools: 900},
	} {
		if err := Write(context.Background(), t.TempDir(), c, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "raw"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "raw", "real.log"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(context.Background(), dir, Config{Parents: 300, Schools: 3}, nil); err == nil {
		t.Error("raw logs that are not simulated were replaced")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Write(ctx, t.TempDir(), Config{Parents: 3000}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// The memory that a region takes does not grow with the number of its schools.
func TestMemoryIsBounded(t *testing.T) {
	peak := func(parents, schools int) uint64 {
		var most uint64
		runtime.GC()
		err := Write(context.Background(), t.TempDir(),
			Config{Parents: parents, Schools: schools, Seed: 1, Weeks: 12, Threads: 1}, func(int64, int64) {
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			})
		if err != nil {
			t.Fatal(err)
		}
		return most
	}
	if few, many := peak(1500, 30), peak(7500, 150); many > 2*few+16<<20 {
		t.Errorf("%d MB with 30 schools, %d MB with 150", few>>20, many>>20)
	}
}
