package indicator

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The published form of a small release: what results.json and the terminal
// table look like, to the byte.
func TestGolden(t *testing.T) {
	ed := newRegion(8, 40).of("L2", "N2", "P1", "C4", "A3").research(t)
	out, err := released(compute(t, ed, "L2", "N2", "P1", "Q1", "C4", "A3", "D1"), testPolicy(t))
	if err != nil {
		t.Fatal(err)
	}
	var results, table bytes.Buffer
	if err := WriteResults(&results, out); err != nil {
		t.Fatal(err)
	}
	if err := WriteTable(&table, out); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{"results.json": results.Bytes(), "table.txt": table.Bytes()} {
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s differs from its golden; run with -update and read the difference", name)
		}
	}
}
