// Package durabletest holds what is left of files after a crash against what was promised of them.
//
// Watched is a file system that tells of each operation before it happens: a test may refuse it, and
// sees the order of operations. Recorded is one that remembers, at every operation of a run, what the
// disk would hold if the process died there (Killed), and what if the power were cut there (Cut): of a
// file what was synced last, of a folder the names that were. Failing is one whose nth operation fails.
package durabletest

import (
	"io/fs"
	"sync"
	"syscall"

	"github.com/entscope/entscope/anonymize/durable"
)

// Operation is one operation by its name and paths.
type Operation struct{ Name, Path, To string }

// Watched tells Before of every operation, and does not do it if that is an error.
type Watched struct {
	durable.Disk // what is watched
	Before       func(Operation) error
}

func (w Watched) do(name, path, to string, change func() error) error {
	if err := w.Before(Operation{name, path, to}); err != nil {
		return err
	}
	return change()
}

// OpenFile is told of as "open"; what is done with the file as "write", "truncate" and "sync".
func (w Watched) OpenFile(path string, flag int, mode fs.FileMode) (f durable.File, err error) {
	err = w.do("open", path, "", func() error {
		f, err = w.Disk.OpenFile(path, flag, mode)
		return err
	})
	if err != nil {
		return nil, err
	}
	return file{f, w}, nil
}

// Sync is told of as "sync".
func (w Watched) Sync(path string) error {
	return w.do("sync", path, "", func() error { return w.Disk.Sync(path) })
}

// Rename is told of as "rename".
func (w Watched) Rename(from, to string) error {
	return w.do("rename", from, to, func() error { return w.Disk.Rename(from, to) })
}

// Link is told of as "link".
func (w Watched) Link(from, to string) error {
	return w.do("link", from, to, func() error { return w.Disk.Link(from, to) })
}

// Exchange is told of as "exchange".
func (w Watched) Exchange(a, b string) error {
	return w.do("exchange", a, b, func() error { return w.Disk.Exchange(a, b) })
}

// Mkdir is told of as "mkdir".
func (w Watched) Mkdir(path string, mode fs.FileMode) error {
	return w.do("mkdir", path, "", func() error { return w.Disk.Mkdir(path, mode) })
}

// Remove is told of as "remove".
func (w Watched) Remove(path string) error {
	return w.do("remove", path, "", func() error { return w.Disk.Remove(path) })
}

// RemoveAll is told of as "remove all".
func (w Watched) RemoveAll(path string) error {
	return w.do("remove all", path, "", func() error { return w.Disk.RemoveAll(path) })
}

// file is an open file of a Watched.
type file struct {
	durable.File
	of Watched
}

// Write is short where it is refused: half of the bytes arrive.
func (f file) Write(p []byte) (n int, err error) {
	if err := f.of.Before(Operation{"write", f.Name(), ""}); err != nil {
		n, _ = f.File.Write(p[:len(p)/2])
		return n, err
	}
	return f.File.Write(p)
}

func (f file) Truncate(size int64) error {
	return f.of.do("truncate", f.Name(), "", func() error { return f.File.Truncate(size) })
}

func (f file) Sync() error { return f.of.do("sync", f.Name(), "", f.File.Sync) }

// Failing is a disk whose operation number n, from 0, fails with the fault; those of which skip says so
// are not counted. A write that fails is short.
func Failing(n int, fault syscall.Errno, skip func(Operation) bool) (disk durable.Disk, failed func() Operation) {
	var mu sync.Mutex
	var at Operation
	count := 0
	before := func(o Operation) error {
		if skip(o) {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		if count++; count != n+1 {
			return nil
		}
		at = o
		return &fs.PathError{Op: o.Name, Path: o.Path, Err: fault}
	}
	return durable.Disk{Files: Watched{Unsynced(), before}}, func() Operation { return at }
}
