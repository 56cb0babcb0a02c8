package durable

import (
	"errors"
	"io/fs"
	"os"
)

// disk is every operation of this package that changes a file system or waits
// for it. A test is told of each before it happens, and may refuse it: so it sees
// their order, and ends the process between any two.
type disk struct {
	before func(operation) error
}

// operation is one operation by its name and paths.
type operation struct{ name, path, to string }

func (d disk) do(name, path, to string, change func() error) error {
	if d.before != nil {
		if err := d.before(operation{name, path, to}); err != nil {
			return err
		}
	}
	return change()
}

// write makes a new file, in the place of what a killed run may have left there.
func (d disk) write(path string, data []byte, mode fs.FileMode) error {
	return d.do("write", path, "", func() error {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
		if err != nil {
			return err
		}
		_, err = f.Write(data)
		return errors.Join(err, f.Chmod(mode), f.Close())
	})
}

// sync makes the content of a file, or the names in a folder, durable.
func (d disk) sync(path string) error {
	return d.do("sync", path, "", func() error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		return errors.Join(f.Sync(), f.Close())
	})
}

func (d disk) rename(from, to string) error {
	return d.do("rename", from, to, func() error { return os.Rename(from, to) })
}

// link gives a file a second name, where nothing may be. A file system without links
// has rename: what appeared since it was looked for is then replaced.
func (d disk) link(from, to string) error {
	return d.do("link", from, to, func() error {
		err := os.Link(from, to)
		if err == nil || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return os.Rename(from, to)
	})
}

// exchange swaps two folders in one step, or returns errors.ErrUnsupported.
func (d disk) exchange(a, b string) error {
	return d.do("exchange", a, b, func() error { return exchange(a, b) })
}

func (d disk) mkdir(path string, mode fs.FileMode) error {
	return d.do("mkdir", path, "", func() error { return os.Mkdir(path, mode) })
}

func (d disk) remove(path string) error {
	return d.do("remove", path, "", func() error { return os.Remove(path) })
}

func (d disk) removeAll(path string) error {
	return d.do("remove all", path, "", func() error { return os.RemoveAll(path) })
}
