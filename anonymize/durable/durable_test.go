package durable

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func accept(string) error { return nil }

func TestStageReplacesWhatIsOurs(t *testing.T) {
	final := filepath.Join(t.TempDir(), "published")
	for _, text := range []string{"first", "second"} {
		s, err := NewStage(final, 0o755)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(s.Dir(), "page"), text)
		if err := s.Commit(accept); err != nil {
			t.Fatal(err)
		}
		if got := read(t, filepath.Join(final, "page")); got != text {
			t.Errorf("the folder in place holds %q, want %q", got, text)
		}
		if _, err := os.Lstat(s.container); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the stage is still there: %v", err)
		}
	}
}

// TestForeignFoldersStay lays each kind of folder that is not ours in the way.
func TestForeignFoldersStay(t *testing.T) {
	for name, lay := range map[string]func(t *testing.T, final string) (kept string){
		"files of somebody": func(t *testing.T, final string) string {
			write(t, filepath.Join(final, "log"), "kept")
			return filepath.Join(final, "log")
		},
		"a file": func(t *testing.T, final string) string {
			write(t, final, "kept")
			return final
		},
		"a link to somebody's folder": func(t *testing.T, final string) string {
			elsewhere := filepath.Join(t.TempDir(), "raw")
			write(t, filepath.Join(elsewhere, "log"), "kept")
			if err := os.Symlink(elsewhere, final); err != nil {
				t.Fatal(err)
			}
			return filepath.Join(elsewhere, "log")
		},
		"a link in place of the stage": func(t *testing.T, final string) string {
			elsewhere := filepath.Join(t.TempDir(), "raw")
			write(t, filepath.Join(elsewhere, mark), "kept")
			write(t, filepath.Join(elsewhere, fresh), "kept")
			if err := os.Symlink(elsewhere, container(final)); err != nil {
				t.Fatal(err)
			}
			return filepath.Join(elsewhere, fresh)
		},
		"a stage without the mark": func(t *testing.T, final string) string {
			write(t, filepath.Join(container(final), "log"), "kept")
			return filepath.Join(container(final), "log")
		},
	} {
		t.Run(name, func(t *testing.T) {
			final := filepath.Join(t.TempDir(), "published")
			kept := lay(t, final)
			s, err := NewStage(final, 0o755)
			if err == nil {
				write(t, filepath.Join(s.Dir(), "page"), "new")
				err = s.Commit(nil)
				if abort := s.Abort(); abort != nil {
					t.Error(abort)
				}
			}
			if !errors.Is(err, ErrForeign) {
				t.Errorf("error %v, want ErrForeign", err)
			}
			if got := read(t, kept); got != "kept" {
				t.Errorf("what was there is now %q", got)
			}
		})
	}
}

func TestWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.json")
	for _, text := range []string{"one", "two"} {
		if err := WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := read(t, path); got != text {
			t.Errorf("%q, want %q", got, text)
		}
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("%d entries stand in the folder, want the file alone", len(entries))
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
}

// TestPutThereMeanwhile lays a file into the folder in place while it is exchanged.
func TestPutThereMeanwhile(t *testing.T) {
	final := filepath.Join(t.TempDir(), "published")
	write(t, filepath.Join(final, "page"), "old")
	s, err := NewStage(final, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(s.Dir(), "page"), "new")
	asked := 0
	err = s.Commit(func(string) error {
		if asked++; asked > 1 {
			return errors.New("it holds a file more")
		}
		return nil
	})
	if !errors.Is(err, ErrForeign) {
		t.Errorf("error %v, want ErrForeign", err)
	}
	if err := s.Abort(); err != nil {
		t.Error(err)
	}
	if got := read(t, filepath.Join(final, "page")); got != "old" {
		t.Errorf("the folder in place holds %q", got)
	}
}

// TestWriteFolder replaces a folder of the same names, and nothing that may be
// somebody else's.
func TestWriteFolder(t *testing.T) {
	pages := func(text string) map[string][]byte {
		return map[string][]byte{"index.html": []byte(text), "audit.json": []byte(text)}
	}
	dir := filepath.Join(t.TempDir(), "audit")
	for _, text := range []string{"one", "two"} {
		if err := WriteFolder(dir, pages(text), 0o755); err != nil {
			t.Fatal(err)
		}
		if got := read(t, filepath.Join(dir, "index.html")); got != text {
			t.Errorf("%q, want %q", got, text)
		}
	}
	for name, names := range map[string][]string{"a page alone": {"index.html"},
		"one more": {"index.html", "audit.json", "robots.txt"}} {
		dir := filepath.Join(t.TempDir(), "www")
		for _, n := range names {
			write(t, filepath.Join(dir, n), "kept")
		}
		if err := WriteFolder(dir, pages("new"), 0o755); !errors.Is(err, ErrForeign) {
			t.Errorf("%s: %v, want ErrForeign", name, err)
		}
		if got := read(t, filepath.Join(dir, "index.html")); got != "kept" {
			t.Errorf("%s: what was there is %q", name, got)
		}
	}
}

// A folder that is withdrawn is gone, with the stage; one that is not there is an error.
func TestWithdraw(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "edition")
	write(t, filepath.Join(dir, "rows"), "1")
	if err := (Disk{}).Withdraw(dir); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) != 0 {
		t.Errorf("left: %v %v", left, err)
	}
	if err := (Disk{}).Withdraw(dir); err == nil {
		t.Error("nothing was withdrawn, and nothing was said")
	}
}
