package publication

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestPublicationOfSomebodyElse accepts a publication and refuses one with a file
// that its manifest does not list.
func TestPublicationOfSomebodyElse(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755),
			os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("report/index.html", "")
	manifest := `{"software": "entscope 0.1.0", "files": {"report/index.html": "00"}}`
	write("manifest.json", manifest)
	if err := Is(dir); err != nil {
		t.Error(err)
	}
	write("robots.txt", "")
	if err := Is(dir); err == nil {
		t.Error("a file of somebody else would be removed")
	}
}
