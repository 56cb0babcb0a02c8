package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/entscope/entscope/cmd/entscope/internal/confine"
)

// TestAuditIsConfined holds that an audit in a child that can read nothing else says what it says in this process.
func TestAuditIsConfined(t *testing.T) {
	t.Parallel()
	if missing := confine.Missing(); missing != "" {
		t.Skip(missing)
	}
	dir := finishedDemo(t)
	args := []string{"audit", "--edition", filepath.Join(dir, "editions", "schools-2025-T1")}
	_, want, _ := entscope(t, args...)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "entscope-main")
	if err := os.Symlink(self, binary); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(binary, args...)
	c.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	got, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("the child says\n%s\nwant\n%s", got, want)
	}
	if left, err := os.ReadDir(c.Env[len(c.Env)-1][len("TMPDIR="):]); err != nil || len(left) > 0 {
		t.Errorf("%d names are left, %v", len(left), err)
	}
}

// TestAuditReads holds what a child may read of each command line.
func TestAuditReads(t *testing.T) {
	for line, c := range map[string]struct {
		args  []string
		reads int
	}{
		"edition":   {[]string{"audit", "--edition", "a"}, 1},
		"all":       {[]string{"audit", "--edition", "a", "--edition=b", "--published", "c", "--public-key", "d"}, 4},
		"help":      {[]string{"audit", "--help"}, 0},
		"at fault":  {[]string{"audit", "--no-such", "a"}, 0},
		"the other": {[]string{"run", "study.toml"}, 0},
	} {
		reads, audits := auditReads(c.args)
		if len(reads) != c.reads {
			t.Errorf("%s: %d paths, want %d", line, len(reads), c.reads)
		}
		if audits != (c.reads > 0) {
			t.Errorf("%s: confined %v", line, audits)
		}
	}
}
