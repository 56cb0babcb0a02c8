package simulate

import (
	"os"
	"path/filepath"
	"testing"
)

// TestClaim lays what may stand where a region is to be written.
func TestClaim(t *testing.T) {
	for _, c := range []struct {
		name  string
		files []string // an empty folder ends in a slash
		links map[string]string
		ours  bool
	}{
		{name: "nothing", ours: true},
		{name: "begun", files: []string{"raw/"}, ours: true},
		{name: "a mark half made", files: []string{"raw/.SYNTHETIC.txt.entscope-new"}, ours: true},
		{name: "half written", files: []string{marker, "raw/cas/a.log", "study.toml"}, ours: true},
		{name: "a study", files: []string{"study.toml"}},
		{name: "a study with logs", files: []string{"study.toml", "raw/a.log"}},
		{name: "logs", files: []string{"raw/a.log"}},
		{name: "a study without logs yet", files: []string{"study.toml", "raw/"}},
		{name: "simulated, with policies elsewhere", files: []string{marker},
			links: map[string]string{"policies": "../theirs"}},
		{name: "logs elsewhere that were simulated", files: []string{"../theirs/SYNTHETIC.txt"},
			links: map[string]string{"raw": "../theirs"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "region")
			for _, f := range c.files {
				path := filepath.Join(dir, f)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if f[len(f)-1] == '/' {
					if err := os.MkdirAll(path, 0o755); err != nil {
						t.Fatal(err)
					}
					continue
				}
				if err := os.WriteFile(path, []byte("kept"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for name, to := range c.links {
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
			}
			if err := Claim(dir); (err == nil) != c.ours {
				t.Errorf("error %v; it should be ours: %v", err, c.ours)
			}
		})
	}
}
