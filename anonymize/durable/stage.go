package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"
)

var (
	// ErrForeign says that something stands in the way that entscope did not make.
	ErrForeign = errors.New("not made by entscope: nothing is removed or replaced")
	// ErrBusy says that another process is making the same folder.
	ErrBusy = errors.New("another process is writing it")
)

const (
	mark     = "entscope-stage"
	fresh    = "new"
	replaced = "old"

	stageSuffix = ".entscope-stage"
)

// Stage is a folder that is being made.
type Stage struct {
	final, container string
	lock             *flock.Flock
	disk             Disk
}

// container is where the folder final is staged.
func container(final string) string {
	return filepath.Join(filepath.Dir(final), "."+filepath.Base(final)+stageSuffix)
}

// IsStage reports whether a name is that of the stage of a folder.
func IsStage(name string) bool {
	return strings.HasPrefix(name, ".") && strings.HasSuffix(name, stageSuffix)
}

// NewStage makes an empty stage for the folder final, which will have the given
// mode, and so will its parents if they are not there yet. A stage that a killed
// run left is cleared first; the error wraps ErrBusy where its maker still runs.
func NewStage(final string, mode fs.FileMode) (*Stage, error) {
	return Disk{}.NewStage(final, mode)
}

// NewStage is the function of that name, on d.
func (d Disk) NewStage(final string, mode fs.FileMode) (*Stage, error) {
	if err := d.MkdirAll(filepath.Dir(final), mode); err != nil {
		return nil, fmt.Errorf("durable: stage: %w", err)
	}
	s := &Stage{final: final, container: container(final), disk: d}
	// A folder without the mark is ours only while it is empty, so the mark comes first.
	if err := d.Mkdir(s.container, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("durable: stage: %w", err)
	}
	if err := s.hold(); err != nil {
		return nil, err
	}
	err := s.recover()
	if err == nil {
		err = d.Mkdir(s.Dir(), mode)
	}
	if err != nil {
		return nil, fmt.Errorf("durable: stage: %w", errors.Join(err, s.lock.Unlock()))
	}
	return s, nil
}

// hold finds that the container is a stage and takes the lock on its mark.
func (s *Stage) hold() error {
	info, err := os.Lstat(s.container)
	if err != nil {
		return fmt.Errorf("durable: stage: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("durable: %s is no folder: %w", s.container, ErrForeign)
	}
	entries, err := os.ReadDir(s.container)
	if err != nil {
		return fmt.Errorf("durable: stage: %w", err)
	}
	path := filepath.Join(s.container, mark)
	if at, err := os.Lstat(path); len(entries) > 0 && (err != nil || !at.Mode().IsRegular()) {
		return fmt.Errorf("durable: %s: %w", s.container, ErrForeign)
	}
	s.lock = flock.New(path, flock.SetPermissions(0o600))
	held, err := s.lock.TryLock()
	if err != nil {
		return fmt.Errorf("durable: stage: %w", err)
	}
	if held {
		// Whoever held it may have removed the stage just now, and the mark with it.
		mine, err := s.lock.Stat()
		there, gone := os.Lstat(path)
		held = err == nil && gone == nil && os.SameFile(mine, there)
	}
	if !held {
		return fmt.Errorf("durable: %s: %w", s.final, errors.Join(ErrBusy, s.lock.Unlock()))
	}
	return nil
}

// recover ends what a killed Commit left half done: the folder that was there, or
// the new one, stands at the final place, and the stage is empty but for its mark.
func (s *Stage) recover() error {
	old := filepath.Join(s.container, replaced)
	if _, err := os.Lstat(s.final); errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(old); err == nil {
			if err := s.disk.Rename(old, s.final); err != nil {
				return err
			}
			if err := s.disk.Sync(filepath.Dir(s.final)); err != nil {
				return err
			}
		}
	}
	return errors.Join(s.disk.RemoveAll(s.Dir()), s.disk.RemoveAll(old))
}

// Dir is the folder to fill.
func (s *Stage) Dir() string { return filepath.Join(s.container, fresh) }

// Commit makes the folder durable and puts it in place. What stands there already
// is replaced if it is an empty folder, or if ours says so; otherwise nothing
// changes and the error wraps ErrForeign. A nil ours refuses whatever is there.
func (s *Stage) Commit(ours func(dir string) error) error {
	if err := s.disk.syncTree(s.Dir()); err != nil {
		return err
	}
	there, err := Check(s.final, ours)
	if err != nil {
		return err
	}
	if there {
		err = s.exchange(ours)
	} else {
		err = s.disk.Rename(s.Dir(), s.final)
	}
	if err != nil {
		return fmt.Errorf("durable: put %s in place: %w", filepath.Base(s.final), err)
	}
	if err := s.disk.Sync(filepath.Dir(s.final)); err != nil {
		return fmt.Errorf("durable: put %s in place: %w", filepath.Base(s.final), err)
	}
	return s.Abort()
}

// exchange swaps the new folder with the one in place, and back if something was
// put into that one meanwhile. Where the file system cannot do it in one step, the
// old one is set aside first: for an instant a reader finds none, and recover brings
// it back should the process end then.
func (s *Stage) exchange(ours func(dir string) error) error {
	err := s.disk.Exchange(s.Dir(), s.final)
	if err == nil {
		if _, foreign := Check(s.Dir(), ours); foreign != nil {
			return errors.Join(foreign, s.disk.Exchange(s.Dir(), s.final))
		}
	}
	if err == nil || !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if err := s.disk.Rename(s.final, filepath.Join(s.container, replaced)); err != nil {
		return err
	}
	return s.disk.Rename(s.Dir(), s.final)
}

// Abort removes the stage with what is in it, the mark last. Done twice, or after
// Commit, it does nothing.
func (s *Stage) Abort() error {
	if s.lock == nil {
		return nil
	}
	err := s.recover()
	if err == nil {
		err = s.disk.Remove(filepath.Join(s.container, mark))
	}
	if err == nil {
		err = s.disk.Remove(s.container)
		if errors.Is(err, fs.ErrExist) {
			err = nil // another process has begun a stage of its own in it
		}
	}
	if err == nil {
		err = s.disk.Sync(filepath.Dir(s.container))
	}
	err = errors.Join(err, s.lock.Unlock())
	s.lock = nil
	if err != nil {
		return fmt.Errorf("durable: clear stage: %w", err)
	}
	return nil
}

// Withdraw removes the folder final, which the caller made: it is gone as a whole, or
// stands as it was. A process that is killed meanwhile leaves a stage, which the next
// one for the same folder clears.
func (d Disk) Withdraw(final string) error {
	s, err := d.NewStage(final, 0o700)
	if err != nil {
		return err
	}
	err = d.Remove(s.Dir())
	if err == nil {
		err = d.Rename(final, s.Dir())
	}
	if err == nil {
		err = d.Sync(filepath.Dir(final))
	}
	return errors.Join(err, s.Abort())
}

// Recover ends what a killed Commit for the folder final left half done: either
// the folder that was there or the new one stands afterwards, and no stage.
func (d Disk) Recover(final string) error {
	s := &Stage{final: final, container: container(final), disk: d}
	if _, err := os.Lstat(s.container); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := s.hold(); err != nil {
		return err
	}
	return s.Abort()
}

// RecoverIn does the same for every folder that a run began to stage in dir.
func (d Disk) RecoverIn(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("durable: recover: %w", err)
	}
	for _, e := range entries {
		if !IsStage(e.Name()) {
			continue
		}
		final := strings.TrimSuffix(strings.TrimPrefix(e.Name(), "."), stageSuffix)
		if err := d.Recover(filepath.Join(dir, final)); err != nil {
			return err
		}
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
	if info.Mode()&fs.ModeSymlink != 0 {
		return true, fmt.Errorf("durable: %s is a link, name the folder itself: %w", dir, ErrForeign)
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

// WriteFolder makes the folder dir of the files, by name, whole. A folder that is
// there already must be empty, or hold the same names: then it is replaced.
func WriteFolder(dir string, files map[string][]byte, mode fs.FileMode) error {
	return Disk{}.WriteFolder(dir, files, mode)
}

// WriteFolder is the function of that name, on d.
func (d Disk) WriteFolder(dir string, files map[string][]byte, mode fs.FileMode) (err error) {
	s, err := d.NewStage(dir, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Abort()) }()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := d.Fill(filepath.Join(s.Dir(), name), files[name], mode&0o666); err != nil {
			return fmt.Errorf("durable: %w", err)
		}
	}
	return s.Commit(func(dir string) error { return sameNames(dir, files) })
}

// sameNames accepts a folder that holds the names of the files and no others. One
// name alone, an index.html, may be anybody's.
func sameNames(dir string, files map[string][]byte) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if _, known := files[e.Name()]; !known {
			return errors.New("it holds names that are not those of the new one")
		}
	}
	if len(entries) != len(files) || len(files) < 2 {
		return errors.New("its names are not those of the new one")
	}
	return nil
}
