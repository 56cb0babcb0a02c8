package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNoCommandTakesForeignFolders names, under each key of [output], each kind of
// folder that is not ours, and asks every command that would replace or remove it:
// all refuse with exit code 2, and not a byte changes.
func TestNoCommandTakesForeignFolders(t *testing.T) {
	t.Parallel()
	dir := simulated(t, "--parents", "300", "--weeks", "4")
	if err := os.Mkdir(filepath.Join(dir, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	keyed(t, filepath.Join(dir, "keys", "master.key"), filepath.Join(dir, "restricted"))
	ctx := t.Context()
	for name, text := range map[string]string{"www/index.html": "theirs", "notes/manifest.json": "{}",
		"apps/site/manifest.json": `{"name": "app"}`, "www/.htaccess": "theirs"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"to-raw": "raw", "to-www": "www", "to-nothing": "raw/later",
		"notes/up": ".."} {
		if err := os.Symlink(to, filepath.Join(dir, filepath.FromSlash(link))); err != nil {
			t.Fatal(err)
		}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "study.toml"))
	if err != nil {
		t.Fatal(err)
	}
	study := strings.Replace(string(text), `"master.key"`, `"keys/master.key"`, 1)
	wrong := filepath.Join(dir, "wrong.toml")
	if err := os.WriteFile(wrong, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	for _, key := range []string{"restricted", "editions", "published"} {
		for _, place := range []string{
			"raw", "raw/", "raw/entcore", "raw/entcore/new", "./x/../raw", "to-raw", "to-raw/entcore/new",
			"notes/up/raw", "to-www", "to-nothing", "www", "www/index.html", "notes", "apps", "policies", "keys", ".",
			"..", "/", home, dir, filepath.Dir(dir), "study.toml", "wrong.toml", "policies/research.toml",
			"keys/master.key", "other", "other/new",
		} {
			broken := strings.Replace(study, fmt.Sprintf("\n%s = %q", key, key), fmt.Sprintf("\n%s = %q", key, place),
				1)
			next := map[string]string{"restricted": "editions", "editions": "published", "published": "restricted"}[key]
			broken = strings.Replace(broken, fmt.Sprintf("\n%s = %q", next, next),
				fmt.Sprintf("\n%s = \"other\"", next), 1)
			if err := os.WriteFile(wrong, []byte(broken), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{
				{"check", wrong}, {"run", wrong}, {"pull", wrong}, {"key", "destroy", wrong, "--yes"},
				{"key", "rotate", wrong, "--yes"},
			} {
				var stderr bytes.Buffer
				if code := run(ctx, args, &stderr, &stderr); code != exitUsage {
					t.Errorf("%s = %q, %s: exit code %d: %s", key, place, args[0], code, &stderr)
				}
				if !strings.Contains(stderr.String(), "output."+key) {
					t.Errorf("%s = %q, %s: the message does not name the key: %s", key, place, args[0], &stderr)
				}
			}
		}
	}
	if err := os.WriteFile(wrong, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if after := contents(t, dir); !maps.Equal(before, after) {
		for name := range before {
			if after[name] != before[name] {
				t.Errorf("%s has changed or is gone", name)
			}
		}
		t.Errorf("%d names before, %d after", len(before), len(after))
	}
}

// contents is every name below dir with the hash of its content, links as such.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			all[path] = d.Type().String()
			return err
		}
		data, err := os.ReadFile(path)
		all[path] = fmt.Sprintf("%x", sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
