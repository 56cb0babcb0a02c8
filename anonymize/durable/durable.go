// Package durable is the one writer of files and folders that appear whole, and
// the one remover of folders: it replaces and removes only what entscope made.
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
// holds a mark and, below it, the new folder. Where one stands at the final place
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
func WriteFile(path string, data []byte, mode fs.FileMode) (err error) {
	temporary := filepath.Join(filepath.Dir(path), Temporary(filepath.Base(path)))
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("durable: %w", err)
	}
	f, err := os.OpenFile(temporary, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(mode), f.Close()); err == nil {
		err = Place(temporary, path)
	}
	if err != nil {
		return fmt.Errorf("durable: write %s: %w", filepath.Base(path), errors.Join(err, os.Remove(temporary)))
	}
	return nil
}

// Place gives a finished file its name, whole: it is synced, renamed within its
// folder or to one of the same file system, and the folder of the new name synced.
func Place(temporary, path string) error {
	f, err := os.Open(temporary)
	if err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("durable: sync: %w", err)
	}
	if err := os.Rename(temporary, path); err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	return SyncDir(filepath.Dir(path))
}

// SyncDir makes the names in a folder durable.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("durable: sync %s: %w", filepath.Base(dir), err)
	}
	return nil
}

// syncTree makes every file and folder below dir durable, files first.
func syncTree(dir string) error {
	var folders []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			folders = append(folders, path)
			return nil
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		return errors.Join(f.Sync(), f.Close())
	})
	if err != nil {
		return fmt.Errorf("durable: sync: %w", err)
	}
	for i := len(folders) - 1; i >= 0; i-- {
		if err := SyncDir(folders[i]); err != nil {
			return err
		}
	}
	return nil
}
