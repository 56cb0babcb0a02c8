package simulate_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/ingest/simulate"
)

// A small region, with what an operator would be handed, the study over it, and what
// should be found.
func ExampleWrite() {
	dir, err := os.MkdirTemp("", "region")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	config := simulate.Config{Years: 1, Parents: 400, Schools: 12, Seed: 5}
	if err := simulate.Write(context.Background(), dir, config, nil); err != nil {
		log.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range entries {
		fmt.Println(e.Name())
	}
	logs, err := filepath.Glob(filepath.Join(dir, "raw/*"))
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range logs { // one folder for each system
		fmt.Println("raw/" + filepath.Base(name))
	}
	// Output:
	// direct.json
	// raw
	// study-cas.toml
	// study.toml
	// truth.json
	// raw/SYNTHETIC.txt
	// raw/aaf
	// raw/accounts
	// raw/app
	// raw/cas
	// raw/entcore
	// raw/pronote
	// raw/reference
	// raw/registers
	// raw/uportal
	// raw/visio
}
