package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// README prints the headlines of the demo: those that the generator makes of its results,
// which testdata/demo.json keeps.
func TestReadmeSaysTheDemo(t *testing.T) {
	var out strings.Builder
	if err := writeHeadlines(&out, filepath.Join("testdata", "demo.json")); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	said := strings.TrimSpace(out.String())
	if !strings.Contains(said, "of parents never came") || !strings.Contains(string(readme), said) {
		t.Errorf("README.md does not say what the demo prints:\n%s", said)
	}
}
