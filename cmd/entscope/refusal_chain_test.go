//go:build chain

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFigureThatFollowsIsTakenBack runs a study in whose first publication the audit finds a figure of a page that must
// stay hidden: pages and groups then show nothing of its measure, and the officer's audit holds.
func TestFigureThatFollowsIsTakenBack(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "study")
	code, said := runSmallStudy(t, dir, 11030)
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, said)
	}
	if !strings.Contains(said, "taken back ") {
		t.Fatalf("nothing was taken back; this test wants another seed: %s", said)
	}
	text, err := os.ReadFile(filepath.Join(dir, "published", "data", "figures.csv"))
	if err != nil {
		t.Fatal(err)
	}
	hidden := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, ",")
		if cells[0]+"."+cells[1] != "D3.connected" || cells[4]+cells[5] == "" {
			continue
		}
		if strings.Contains(line, ",published,") {
			t.Errorf("%s of school %q, %q is shown", cells[1], cells[4], cells[5])
		}
		hidden++
	}
	if hidden < 20 {
		t.Errorf("%d figures of groups and schools", hidden)
	}
	args := []string{"audit", "--published", filepath.Join(dir, "published")}
	for _, kind := range []string{"research", "schools"} {
		args = append(args, "--edition", filepath.Join(dir, "editions", kind+"-2025-T1"))
	}
	if code, out, errOut := entscope(t, args...); code != exitDone {
		t.Errorf("the officer's audit: exit %d: %s%s", code, out, errOut)
	}
}
