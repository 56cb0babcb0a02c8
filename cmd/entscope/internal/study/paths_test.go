package study

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lay writes a file that is not ours and gives its path.
func lay(t *testing.T, path string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestWrongFolders lays every zone on every kind of folder that it must not be.
func TestWrongFolders(t *testing.T) {
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, zone := range []string{"restricted", "editions", "published"} {
		for name, folder := range map[string]string{
			"the raw logs":            "raw",
			"a link above the logs":   "up/raw-parent",
			"web app with manifests":  "apps",
			"above the raw logs":      "raw-parent",
			"inside the raw logs":     "raw/inside",
			"a link to the raw logs":  "link",
			"below a link to raw":     "link/inside",
			"the directory's folder":  "people",
			"a register's folder":     "registers",
			"the policies' folder":    "policies",
			"the key's folder":        "keys",
			"the study's folder":      ".",
			"above the study":         "..",
			"the root":                "/",
			"the home folder":         home,
			"a web server's folder":   "www",
			"a file":                  "www/index.html",
			"another zone":            "other-zone",
			"inside another zone":     "other-zone/inside",
			"files of no known shape": "notes",
		} {
			t.Run(zone+"/"+name, func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "study")
				for _, f := range []string{"raw/a.log", "raw-parent/raw/b.log", "www/index.html",
					"apps/site/manifest.json", "notes/manifest.json", "people/p.csv", "registers/r.csv",
					"policies/research.toml", "keys/master.key"} {
					lay(t, filepath.Join(dir, f))
				}
				if err := os.Symlink("raw", filepath.Join(dir, "link")); err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink("..", filepath.Join(dir, "raw-parent", "up")); err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink("raw-parent/up", filepath.Join(dir, "up")); err != nil {
					t.Fatal(err)
				}
				zones := map[string]string{"restricted": "r", "editions": "e", "published": "p"}
				other := "editions"
				if zone == "editions" {
					other = "published"
				}
				zones[other] = "other-zone"
				zones[zone] = folder
				s := Study{
					Dir: dir, Key: Key{File: "keys/master.key"},
					Sources:   []Source{{Name: "cas", Files: []string{"raw/*.log", "raw-parent/raw/*.log"}}},
					Directory: Directory{Accounts: []Table{{Files: []string{"people/*.csv"}}}},
					Registers: map[string]*Table{"loans": {Files: []string{"registers/r.csv"}}},
					Policies:  Policies{Research: "policies/research.toml"},
					Output: Output{Restricted: zones["restricted"], Editions: zones["editions"],
						Published: zones["published"]},
				}
				faults := 0
				s.checkPaths(func(format string, _ ...any) { faults++ })
				if faults == 0 {
					t.Error("no fault: a run, or key destroy, could remove what is there")
				}
			})
		}
	}
}

// TestRightFolders holds the layouts that operators have.
func TestRightFolders(t *testing.T) {
	for name, zones := range map[string]Output{
		"beside the logs": {Restricted: "restricted", Editions: "editions", Published: "published"},
		"in a folder":     {Restricted: "out/restricted", Editions: "out/editions", Published: "out/published"},
		"elsewhere":       {Restricted: "../zone", Editions: "../editions", Published: "../www/ent"},
		"empty":           {Restricted: "empty", Editions: "editions", Published: "published"},
	} {
		dir := filepath.Join(t.TempDir(), "study")
		lay(t, filepath.Join(dir, "access.log"))
		if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
			t.Fatal(err)
		}
		s := Study{Dir: dir, Key: Key{File: "master.key"},
			Sources: []Source{{Name: "cas", Files: []string{"*.log", "raw/*.log"}}}, Output: zones}
		var faults []string
		s.checkPaths(func(format string, _ ...any) { faults = append(faults, format) })
		if len(faults) > 0 {
			t.Errorf("%s: %s", name, strings.Join(faults, "; "))
		}
	}
}
