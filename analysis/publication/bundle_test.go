package publication

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/durable"
)

// bundled is a publication of two files in a folder.
func bundled(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	err := errors.Join(os.Mkdir(filepath.Join(dir, "report"), 0o755),
		os.WriteFile(filepath.Join(dir, "report", "index.html"), []byte("<p>é</p>"), 0o644),
		os.WriteFile(filepath.Join(dir, "index.html"), []byte("<p>a</p>"), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	s := &stamp{Software: "entscope 0.1.0", Indicators: []string{}}
	if err := s.write(durable.Disk{}, dir, func([]byte) []byte { return []byte("signature") }); err != nil {
		t.Fatal(err)
	}
	return dir
}

// The archive holds every file of the manifest, the manifest and its signature, and has the
// same bytes whatever the clock and the modes of the files say.
func TestBundle(t *testing.T) {
	dir := bundled(t)
	first, err := Bundle(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "index.html"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(filepath.Join(dir, "index.html"), epoch, epoch); err != nil {
		t.Fatal(err)
	}
	second, err := Bundle(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("two archives of one publication differ")
	}
	z, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	want := []string{"index.html", "report/index.html", "manifest.json", "manifest.sig"}
	if !slices.Equal(names, want) {
		t.Errorf("holds %v, want %v", names, want)
	}
}

// What is not what the manifest lists does not leave.
func TestBundleRefuses(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("<p>a</p>"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(dir string) error
		want   string
	}{
		"changed": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "index.html"), []byte("<p>b</p>"), 0o644)
		}, "index.html is not what"},
		"missing": {func(dir string) error { return os.Remove(filepath.Join(dir, "index.html")) }, "index.html"},
		"a file more": {func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "x.csv"), nil, 0o644)
		}, "1 files that its manifest does not list"},
		"a link": {func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "index.html")),
				os.Symlink(secret, filepath.Join(dir, "index.html")))
		}, "no ordinary file"},
		"no manifest": {func(dir string) error {
			return os.Remove(filepath.Join(dir, "manifest.json"))
		}, "no manifest"},
		"a path out": {func(dir string) error {
			path := filepath.Join(dir, "manifest.json")
			data, err := os.ReadFile(path)
			changed := strings.Replace(string(data), `"index.html"`, `"../index.html"`, 1)
			return errors.Join(err, os.Remove(filepath.Join(dir, "index.html")),
				os.WriteFile(path, []byte(changed), 0o644))
		}, "../index.html"},
	} {
		dir := bundled(t)
		if err := c.change(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := Bundle(dir); err == nil {
			t.Errorf("%s: bundled", name)
		} else if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
