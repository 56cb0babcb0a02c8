// Package durable is the one writer of files and folders that appear whole: it
// replaces only what entscope made.
//
// A file is written beside its place, synced, renamed, and its folder synced
// (WriteFile). A folder is filled in a stage beside its place, and Commit syncs
// it and puts it there:
//
//	stage, err := durable.NewStage("/srv/published", 0o755)
//	defer stage.Abort()
//	… write into stage.Dir() …
//	err = stage.Commit(ours)
//
// The stage of /srv/published is /srv/.published.entscope-stage, a folder that
// holds a mark and, below it, the new folder. Its maker holds a lock on the mark,
// so that a second one is refused (ErrBusy). Where one stands at the final place
// already, Commit asks the caller whether it is ours and exchanges the two in one
// step of the file system, so that a reader always finds one. Killed at any
// instant, the next NewStage or Recover clears the stage, and only a stage with
// the mark.
//
// A nil error means that what is there survives a power cut. The package imports
// nothing of the house.
package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// temporarySuffix ends the name of a file that is being written. The name is one
// for each final name, so that what a killed run left is overwritten by the next.
const temporarySuffix = ".entscope-new"

// Temporary is the name under which the file name is written, beside its place.
func Temporary(name string) string { return "." + name + temporarySuffix }

// IsTemporary reports whether a name is that of a file being written, or of one
// that a killed run left.
func IsTemporary(name string) bool {
	return strings.HasPrefix(name, ".") && strings.HasSuffix(name, temporarySuffix)
}

// WriteFile puts data at path whole: a reader sees the file that was there or the
// new one. Its temporary stands in the same folder and nowhere else.
func WriteFile(path string, data []byte, mode fs.FileMode) error {
	return Disk{}.WriteFile(path, data, mode)
}

// WriteFile is the function of that name, on d.
func (d Disk) WriteFile(path string, data []byte, mode fs.FileMode) error {
	temporary := filepath.Join(filepath.Dir(path), Temporary(filepath.Base(path)))
	err := d.Fill(temporary, data, mode)
	if err == nil {
		err = d.Place(temporary, path)
	}
	if err != nil {
		if gone := d.Remove(temporary); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
		return fmt.Errorf("durable: write %s: %w", filepath.Base(path), err)
	}
	return nil
}

// Create is WriteFile for a file that must not be there yet: then the error wraps
// fs.ErrExist, and nothing changes.
func Create(path string, data []byte, mode fs.FileMode) error {
	return Disk{}.Create(path, data, mode)
}

// Create is the function of that name, on d.
func (d Disk) Create(path string, data []byte, mode fs.FileMode) error {
	if _, err := os.Lstat(path); err == nil { // a temporary that a killed run left is not touched for it
		return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
	}
	temporary := filepath.Join(filepath.Dir(path), Temporary(filepath.Base(path)))
	err := d.Fill(temporary, data, mode)
	if err == nil {
		err = d.Sync(temporary)
	}
	if err == nil {
		err = d.Link(temporary, path) // unlike a rename it replaces nothing
	}
	if gone := d.Remove(temporary); err == nil && !errors.Is(gone, fs.ErrNotExist) {
		err = gone
	}
	if err == nil {
		err = d.Sync(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("durable: create %s: %w", filepath.Base(path), err)
	}
	return nil
}

// Place gives a finished file its name, whole: it is synced, renamed within its
// file system, and the folder of the new name synced.
func (d Disk) Place(temporary, path string) error {
	err := d.Sync(temporary)
	if err == nil {
		err = d.Rename(temporary, path)
	}
	if err == nil {
		err = d.Sync(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("durable: place %s: %w", filepath.Base(path), err)
	}
	return nil
}

// MkdirAll makes a folder with its parents, and their names durable.
func MkdirAll(dir string, mode fs.FileMode) error { return Disk{}.MkdirAll(dir, mode) }

// MkdirAll is the function of that name, on d.
func (d Disk) MkdirAll(dir string, mode fs.FileMode) error {
	if err := d.mkdirAll(dir, mode); err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	return nil
}

func (d Disk) mkdirAll(dir string, mode fs.FileMode) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	parent := filepath.Dir(dir)
	if parent != dir {
		if err := d.mkdirAll(parent, mode); err != nil {
			return err
		}
	}
	if err := d.Mkdir(dir, mode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return &fs.PathError{Op: "mkdir", Path: dir, Err: errors.Join(fs.ErrExist, err)}
	}
	return d.Sync(parent)
}

// SyncTree makes every file and folder below dir, and dir, durable.
func SyncTree(dir string) error { return Disk{}.syncTree(dir) }

// syncTree makes every file and folder below dir durable, files first.
func (d Disk) syncTree(dir string) error {
	var folders []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			folders = append(folders, path)
			return nil
		}
		return d.Sync(path)
	})
	if err != nil {
		return fmt.Errorf("durable: sync: %w", err)
	}
	for i := len(folders) - 1; i >= 0; i-- {
		if err := d.Sync(folders[i]); err != nil {
			return fmt.Errorf("durable: sync: %w", err)
		}
	}
	return nil
}
