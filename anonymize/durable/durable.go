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
)

// WriteFile puts data at path whole: a reader sees the file that was there or the
// new one. Its temporary stands in the same folder and nowhere else.
func WriteFile(path string, data []byte, mode fs.FileMode) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".entscope-*")
	if err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("durable: write %s: %w", filepath.Base(path), err)
	}
	if err = os.Rename(f.Name(), path); err != nil {
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
