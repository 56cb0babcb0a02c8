package durable_test

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/anonymize/durable"
)

// A folder appears whole, or not at all; one that somebody else made is not replaced.
func ExampleStage() {
	root, err := os.MkdirTemp("", "durable")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(root)
	release := func(final string) error {
		stage, err := durable.NewStage(final, 0o755)
		if err != nil {
			return err
		}
		defer stage.Abort()
		if err := durable.WriteFile(filepath.Join(stage.Dir(), "table.csv"), []byte("a;b\n"), 0o644); err != nil {
			return err
		}
		return stage.Commit(nil)
	}
	if err := release(filepath.Join(root, "edition")); err != nil {
		fmt.Println(err)
	}
	data, _ := os.ReadFile(filepath.Join(root, "edition", "table.csv"))
	fmt.Printf("%s", data)
	fmt.Println(release(filepath.Join(root, "edition")) != nil)
	// Output:
	// a;b
	// true
}
