//go:build chain

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestOrderOfQuestions: a study that asks its questions in two runs tells what it would have told at once, and hides
// the rest. A first publication that was protected by its own questions alone told what the second hides.
func TestOrderOfQuestions(t *testing.T) {
	t.Parallel()
	all := figuresOf(t, filepath.Join(finishedDemo(t), "published"))
	dir := filepath.Join(t.TempDir(), "demo")
	if err := unpublished(dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "study.toml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	compared, hidden := 0, 0
	for _, questions := range [][]string{{"L1", "L4", "L5"}, {"D3"}} {
		write(t, file, text)
		if err := asks(dir, questions...); err != nil {
			t.Fatal(err)
		}
		command(t, 0, "run", file)
		for of, status := range figuresOf(t, filepath.Join(dir, "published")) {
			if compared++; status == "suppressed" {
				hidden++
			}
			if status != all[of] {
				t.Errorf("%v: %s is %s, and at once %q", questions, of, status, all[of])
			}
		}
	}
	if hidden == 0 {
		t.Errorf("nothing is hidden of %d figures: nothing was tried", compared)
	}
}
