package source_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/ingest/source"
)

// A delivery is read decompressed, and known by what it holds: the same log twice, plain and compressed, is one.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "source")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	log := []byte("08:00 GET /\n08:01 GET /notes\n")
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(log)
	w.Close()
	for name, data := range map[string][]byte{"access.log": log, "access.log.gz": packed.Bytes()} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			fmt.Println(err)
		}
		d, err := source.Open(path)
		if err != nil {
			fmt.Println(err)
			continue
		}
		_, err = io.Copy(io.Discard, d)
		hash, _ := d.Content()
		if hash == "" { // not compressed: its own
			hash, err = d.Sum()
		}
		fmt.Println(hash[:12], err)
		d.Close()
	}
	// Output:
	// f0707f8281bc <nil>
	// f0707f8281bc <nil>
}
