package zone

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
)

const (
	// zoneMark is a file that says that a folder is a restricted zone.
	zoneMark = ".entscope-zone"
	// LockName is the file whose lock is held by whoever writes the folder it is in.
	LockName = ".entscope.lock"
	// CacheName is the file that makes a zone's folder the cache of a store: see package lake.
	CacheName = ".entscope-store"
)

// zoneNames is everything that stands at the top of a restricted zone.
var zoneNames = []string{
	zoneMark, LockName, CacheName, pseudonym.SaltFile, eventsDir, rejectsDir, tableFolder, partialDir,
	joinsFile, voidedFile, sizesFile, shardsDir, "ledger.json", "spill", "stdin",
}

// Claim makes dir a restricted zone (0700) or finds it to be one already. A folder
// with anything else in it, of another owner, or that others may enter is refused:
// the error wraps durable.ErrForeign.
func Claim(disk durable.Disk, dir string) error {
	fault := func(err error) error { return fmt.Errorf("restricted zone: %w", err) }
	if _, err := durable.Check(dir, IsZone); err != nil {
		return fault(err)
	}
	if err := disk.MkdirAll(dir, 0o700); err != nil {
		return fault(err)
	}
	path := filepath.Join(dir, zoneMark)
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	if err := outside(dir); err != nil {
		return fault(err)
	}
	if err := errors.Join(os.Chmod(dir, 0o700), private(dir)); err != nil { // an empty one that was made beforehand
		return fault(err)
	}
	text := []byte("A restricted zone of entscope: personal data. Never back it up.\n")
	if err := disk.WriteFile(path, text, 0o600); err != nil {
		return fault(err)
	}
	return nil
}

// Begun reports whether the zone in dir has its mark and its salt.
func Begun(dir string) bool {
	for _, name := range []string{zoneMark, pseudonym.SaltFile} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

// outside refuses a folder inside another zone, which could then not be destroyed.
func outside(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	for parent := filepath.Dir(dir); ; parent = filepath.Dir(parent) {
		if _, err := os.Lstat(filepath.Join(parent, zoneMark)); err == nil {
			return fmt.Errorf("%w: it lies inside another restricted zone", durable.ErrForeign)
		}
		if parent == filepath.Dir(parent) {
			return nil
		}
	}
}

// kinds are the endings of the files that a zone holds below its top.
var kinds = map[string]bool{".parquet": true, ".json": true, ".tsv": true, ".log": true, ".partial": true, "": true,
	".tmp": true, ".block": true, ".rows": true, ".lock": true}

// holdsOnlyOurs refuses a zone with a file of a kind that no zone holds: somebody put
// it there, and it would go with the zone.
func holdsOnlyOurs(dir string) error {
	foreign := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Dir(path) == dir {
			return err
		}
		// What a killed writer leaves ends in .entscope-new and the like.
		if kind := filepath.Ext(path); !kinds[kind] && !strings.HasPrefix(kind, ".entscope-") {
			foreign++
		}
		return nil
	})
	if err == nil && foreign > 0 {
		err = fmt.Errorf("%w: it holds %d files of a kind that no restricted zone holds; hint: take them out",
			durable.ErrForeign, foreign)
	}
	return err
}

// private refuses a zone that others than its owner could read or write.
func private(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("%s: mode %04o lets others in; hint: chmod 700: %w", dir, mode, durable.ErrForeign)
	}
	if !owned(info) {
		return fmt.Errorf("%s belongs to another user: %w", dir, durable.ErrForeign)
	}
	return nil
}

// IsZone reports, as an error, why dir is no restricted zone that entscope made:
// it has neither the mark nor a salt, or holds something else as well.
func IsZone(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	begun, ours := true, false // begun: it holds nothing but our lock or a file half made
	for _, e := range entries {
		switch name := e.Name(); {
		case name == LockName, durable.IsTemporary(name):
		case !slices.Contains(zoneNames, name):
			return errors.New("it holds something that is no part of a restricted zone")
		default:
			begun = false
		}
	}
	for _, name := range []string{zoneMark, pseudonym.SaltFile} { // zones had no mark once
		if info, err := os.Lstat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
			ours = true
		}
	}
	switch {
	case !ours && !begun:
		return errors.New("it is no restricted zone")
	case begun:
		return nil
	}
	return private(dir)
}

// Destroy shreds the salt of the zone in dir and removes the zone, its mark and the
// lock that the caller holds last, so that what a killed run leaves is still known
// as ours. The folder itself stays where it may not be removed: a disk of its own. A
// zone that is not there is destroyed already.
func Destroy(disk durable.Disk, dir string) error {
	there, err := durable.Check(dir, IsZone)
	if err != nil {
		return fmt.Errorf("destroy zone: %w", err)
	}
	if !there {
		return nil
	}
	if err := Claim(disk, dir); err != nil {
		return err
	}
	if err := holdsOnlyOurs(dir); err != nil {
		return fmt.Errorf("destroy zone: %w", err)
	}
	if err := pseudonym.DestroySalt(disk, dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("destroy zone: %w", err)
	}
	for _, e := range entries {
		if name := e.Name(); name != zoneMark && name != LockName {
			err = errors.Join(err, disk.RemoveAll(filepath.Join(dir, name)))
		}
	}
	if err == nil {
		err = disk.Sync(dir)
	}
	for _, name := range []string{zoneMark, LockName} {
		if err == nil {
			err = disk.Remove(filepath.Join(dir, name))
		}
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("destroy zone: %w", err)
	}
	_ = disk.Remove(dir)
	if err := disk.Sync(filepath.Dir(dir)); err != nil {
		return fmt.Errorf("destroy zone: %w", err)
	}
	return nil
}

// Since is when the salt of the zone in dir was made, as the file system tells it:
// what the zone holds is at most that old. The error wraps fs.ErrNotExist when there
// is no salt.
func Since(dir string) (time.Time, error) {
	info, err := os.Stat(filepath.Join(dir, pseudonym.SaltFile))
	if err != nil {
		return time.Time{}, fmt.Errorf("zone: age: %w", err)
	}
	return info.ModTime(), nil
}
