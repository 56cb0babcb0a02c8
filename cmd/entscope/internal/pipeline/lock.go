package pipeline

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// Lock takes the study's folder and its three zones, so that two commands never
// write the same folder, whichever study names it and over whichever link. The
// error wraps ErrLocked when somebody else holds one.
func Lock(disk durable.Disk, s *study.Study) (unlock func(), err error) {
	files := []string{filepath.Join(s.Dir, zone.LockName)}
	for _, dir := range []string{s.Output.Restricted, s.Output.Editions} {
		file, err := lockInside(disk, s.Path(dir))
		if err != nil {
			return nil, fmt.Errorf("lock: %w", err)
		}
		files = append(files, file)
	}
	file, err := lockBeside(disk, s.Path(s.Output.Published))
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	register, err := lockBeside(disk, s.ReleasesFile())
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	return lockAll(append(files, file, register))
}

// LockFolder takes the folder of a study that is being written, as Lock does.
func LockFolder(dir string) (unlock func(), err error) {
	return lockAll([]string{filepath.Join(dir, zone.LockName)})
}

// LockRegister takes a register of releases, as Lock does: a study and a command that names its key alone never write one
// at once.
func LockRegister(disk durable.Disk, file string) (unlock func(), err error) {
	lock, err := lockBeside(disk, file)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	return lockAll([]string{lock})
}

func lockAll(files []string) (unlock func(), err error) {
	slices.Sort(files) // two runs that ask for the same locks do so in the same order
	var held []*flock.Flock
	unlock = func() {
		for _, l := range held {
			_ = l.Unlock()
		}
	}
	for _, file := range slices.Compact(files) {
		l := flock.New(file)
		ok, err := l.TryLock()
		if err == nil && ok {
			held = append(held, l)
			continue
		}
		unlock()
		if err != nil {
			return nil, fmt.Errorf("lock: %w", err)
		}
		return nil, fmt.Errorf("%s: %w", filepath.Dir(file), study.ErrLocked)
	}
	return unlock, nil
}

// lockInside is the lock of a zone that stays where it is: a file inside, since
// what is above it, of a disk of its own say, need not be ours to write.
func lockInside(disk durable.Disk, dir string) (string, error) {
	if err := disk.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	dir, err := filepath.EvalSymlinks(dir)
	return filepath.Join(dir, zone.LockName), err
}

// lockBeside is the lock of a zone that is exchanged as a whole: a file beside it.
func lockBeside(disk durable.Disk, dir string) (string, error) {
	if err := disk.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	parent, err := filepath.EvalSymlinks(filepath.Dir(dir))
	return filepath.Join(parent, "."+filepath.Base(dir)+".entscope-lock"), err
}
