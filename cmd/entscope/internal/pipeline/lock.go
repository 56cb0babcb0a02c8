package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"

	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// Lock takes the study's folder and its three zones, so that two commands never
// write the same folder, whichever study names it and over whichever link. The
// error wraps ErrLocked when somebody else holds one.
func Lock(s *study.Study) (unlock func(), err error) {
	files := []string{filepath.Join(s.Dir, ".entscope.lock")}
	for _, zone := range []string{s.Output.Restricted, s.Output.Editions, s.Output.Published} {
		file, err := lockFile(s.Path(zone))
		if err != nil {
			return nil, fmt.Errorf("lock: %w", err)
		}
		files = append(files, file)
	}
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
		return nil, fmt.Errorf("study %s: %w", s.About.Name, ErrLocked)
	}
	return unlock, nil
}

// lockFile is the lock of a zone: a file beside it, since the zone itself may be
// exchanged or removed. The parent is made if need be, and its links are followed.
func lockFile(zone string) (string, error) {
	if real, err := filepath.EvalSymlinks(zone); err == nil {
		zone = real
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	parent := filepath.Dir(zone)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", err
	}
	parent, err := filepath.EvalSymlinks(parent)
	return filepath.Join(parent, "."+filepath.Base(zone)+".entscope-lock"), err
}
