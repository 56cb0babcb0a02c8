package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrForeign says that something stands in the way that entscope did not make.
var ErrForeign = errors.New("not made by entscope: nothing is removed or replaced")

const (
	mark     = "entscope-stage"
	fresh    = "new"
	replaced = "old"
)

// Stage is a folder that is being made.
type Stage struct{ final, container string }

func container(final string) string {
	return filepath.Join(filepath.Dir(final), "."+filepath.Base(final)+".entscope-stage")
}

// NewStage makes an empty stage for the folder final, which will have the given
// mode, and so will its parents if they are not there yet. A stage that a killed
// run left is cleared first.
func NewStage(final string, mode fs.FileMode) (*Stage, error) {
	s := &Stage{final, container(final)}
	if err := Recover(final); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(final), mode); err != nil {
		return nil, fmt.Errorf("durable: stage: %w", err)
	}
	// A folder without the mark is ours only while it is empty, so the mark comes first.
	if err := os.Mkdir(s.container, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("durable: stage: %w", err)
	}
	if err := os.WriteFile(filepath.Join(s.container, mark), nil, 0o600); err != nil {
		return nil, fmt.Errorf("durable: stage: %w", err)
	}
	if err := os.Mkdir(s.Dir(), mode); err != nil {
		return nil, fmt.Errorf("durable: stage: %w", err)
	}
	return s, nil
}

// Dir is the folder to fill.
func (s *Stage) Dir() string { return filepath.Join(s.container, fresh) }

// Commit makes the folder durable and puts it in place. What stands there already
// is replaced if it is an empty folder, or if ours says so; otherwise nothing
// changes and the error wraps ErrForeign. A nil ours refuses whatever is there.
func (s *Stage) Commit(ours func(dir string) error) error {
	if err := syncTree(s.Dir()); err != nil {
		return err
	}
	there, err := Check(s.final, ours)
	if err != nil {
		return err
	}
	if there {
		err = s.exchange()
	} else {
		err = os.Rename(s.Dir(), s.final)
	}
	if err != nil {
		return fmt.Errorf("durable: put %s in place: %w", filepath.Base(s.final), err)
	}
	if err := SyncDir(filepath.Dir(s.final)); err != nil {
		return err
	}
	return s.Abort()
}

// exchange swaps the new folder with the one in place. Where the file system
// cannot do that in one step, the old one is set aside first, and Recover brings
// it back should the process end in between.
func (s *Stage) exchange() error {
	err := exchange(s.Dir(), s.final)
	if err == nil || !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if err := os.Rename(s.final, filepath.Join(s.container, replaced)); err != nil {
		return err
	}
	return os.Rename(s.Dir(), s.final)
}

// Abort removes the stage with what is in it.
func (s *Stage) Abort() error { return clear(s.container) }

// Recover ends what a killed Commit for the folder final left half done: either
// the folder that was there or the new one stands afterwards, and no stage.
func Recover(final string) error {
	c := container(final)
	old := filepath.Join(c, replaced)
	if _, err := os.Lstat(final); errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(old); err == nil {
			if err := os.Rename(old, final); err != nil {
				return fmt.Errorf("durable: bring back %s: %w", filepath.Base(final), err)
			}
		}
	}
	return clear(c)
}

// clear removes a stage: an empty folder, or one with the mark, which goes last.
func clear(c string) error {
	entries, err := os.ReadDir(c)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("durable: clear stage: %w", err)
	}
	marked := false
	for _, e := range entries {
		marked = marked || e.Name() == mark
	}
	if len(entries) > 0 && !marked {
		return fmt.Errorf("durable: %s: %w", c, ErrForeign)
	}
	for _, name := range []string{fresh, replaced, mark} {
		if err := os.RemoveAll(filepath.Join(c, name)); err != nil {
			return fmt.Errorf("durable: clear stage: %w", err)
		}
	}
	if err := os.Remove(c); err != nil {
		return fmt.Errorf("durable: clear stage: %w", err)
	}
	return nil
}

// Check reports whether something stands at dir. It is an error that wraps
// ErrForeign unless that is an empty folder, or a folder that ours accepts; a
// link is never ours, since what it leads to belongs elsewhere.
func Check(dir string, ours func(dir string) error) (there bool, err error) {
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("durable: %w", err)
	}
	if !info.IsDir() {
		return true, fmt.Errorf("durable: %s is no folder: %w", dir, ErrForeign)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return true, fmt.Errorf("durable: %w", err)
	}
	if len(entries) == 0 {
		return true, nil
	}
	if ours == nil {
		return true, fmt.Errorf("durable: %s is not empty: %w", dir, ErrForeign)
	}
	if err := ours(dir); err != nil {
		return true, fmt.Errorf("durable: %s: %w: %w", dir, ErrForeign, err)
	}
	return true, nil
}

// WriteFolder makes the folder dir of the files, by name, whole. What is there
// already is replaced if it holds no other name than theirs.
func WriteFolder(dir string, files map[string][]byte, mode fs.FileMode) (err error) {
	s, err := NewStage(dir, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Abort()) }()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(s.Dir(), name), data, mode&0o666); err != nil {
			return fmt.Errorf("durable: %w", err)
		}
	}
	return s.Commit(func(dir string) error {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if _, known := files[e.Name()]; !known {
				return fmt.Errorf("it holds %d names, and not only those of the new one", len(entries))
			}
		}
		return nil
	})
}

// Remove removes a folder that ours accepts, or an empty one.
func Remove(dir string, ours func(dir string) error) error {
	there, err := Check(dir, ours)
	if err != nil || !there {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	return SyncDir(filepath.Dir(dir))
}
