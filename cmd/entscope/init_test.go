package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTenMinutes: ten_minutes.txtar runs the commands of entscope help getting-started, in
// their order, and edits at most ten lines of the study on the way to the publication.
func TestTenMinutes(t *testing.T) {
	topic, err := helpTexts.ReadFile("help/getting-started.md")
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(filepath.Join("testdata", "script", "ten_minutes.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	rest, edits, commands := string(script), 0, 0
	for line := range strings.Lines(string(topic)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "entscope ") {
			continue
		}
		commands++
		before, after, ok := strings.Cut(rest, " "+line+"\n")
		if !ok {
			t.Fatalf("the script does not run %q, or not in its place", line)
		}
		edits += strings.Count(before, "\nreplace ")
		rest = after
	}
	if commands != 4 {
		t.Errorf("%d commands, want init, key init, check and run", commands)
	}
	if edits == 0 || edits > 10 {
		t.Errorf("%d edited lines, want 1 to 10", edits)
	}
}
