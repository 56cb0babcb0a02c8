package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// Files is what this package asks of a file system: every operation that makes, changes or
// removes a name, writes content, or waits until it is durable. The machine's is the zero
// Disk's; a test has one that fails, and one that forgets what was not synced.
type Files interface {
	OpenFile(path string, flag int, mode fs.FileMode) (File, error)
	// Sync makes the content of a file, or the names in a folder, durable.
	Sync(path string) error
	Rename(from, to string) error
	// Link gives a file a second name, where nothing may be.
	Link(from, to string) error
	// Exchange swaps two folders in one step, or returns errors.ErrUnsupported.
	Exchange(a, b string) error
	Mkdir(path string, mode fs.FileMode) error
	Remove(path string) error
	RemoveAll(path string) error
}

// File is an open file of Files: what writers of the house use of an *os.File.
type File interface {
	io.Reader
	io.Writer
	io.Seeker
	io.Closer
	Name() string
	Stat() (fs.FileInfo, error)
	Chmod(fs.FileMode) error
	Truncate(size int64) error
	Sync() error
}

// Machine is the file system of the machine.
type Machine struct{}

// OpenFile is os.OpenFile.
func (Machine) OpenFile(path string, flag int, mode fs.FileMode) (File, error) {
	f, err := os.OpenFile(path, flag, mode)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Sync opens what is at path and waits for it.
func (Machine) Sync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Rename is os.Rename.
func (Machine) Rename(from, to string) error { return os.Rename(from, to) }

// Link is os.Link. A file system without links has rename: what appeared since it was
// looked for is then replaced.
func (Machine) Link(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(from, to)
}

// Exchange swaps two folders where the system can.
func (Machine) Exchange(a, b string) error { return exchange(a, b) }

// Mkdir is os.Mkdir.
func (Machine) Mkdir(path string, mode fs.FileMode) error { return os.Mkdir(path, mode) }

// Remove is os.Remove.
func (Machine) Remove(path string) error { return os.Remove(path) }

// RemoveAll is os.RemoveAll.
func (Machine) RemoveAll(path string) error { return os.RemoveAll(path) }

// Disk is where files and folders are written. The zero Disk is the machine's.
type Disk struct {
	Files Files
}

func (d Disk) files() Files {
	if d.Files == nil {
		return Machine{}
	}
	return d.Files
}

// Disk is itself one of Files: those it stands for.
var _ Files = Disk{}

// OpenFile is Files.OpenFile.
func (d Disk) OpenFile(path string, flag int, mode fs.FileMode) (File, error) {
	return d.files().OpenFile(path, flag, mode)
}

// Sync is Files.Sync.
func (d Disk) Sync(path string) error { return d.files().Sync(path) }

// Rename is Files.Rename.
func (d Disk) Rename(from, to string) error { return d.files().Rename(from, to) }

// Link is Files.Link.
func (d Disk) Link(from, to string) error { return d.files().Link(from, to) }

// Exchange is Files.Exchange.
func (d Disk) Exchange(a, b string) error { return d.files().Exchange(a, b) }

// Mkdir is Files.Mkdir.
func (d Disk) Mkdir(path string, mode fs.FileMode) error { return d.files().Mkdir(path, mode) }

// Remove is Files.Remove.
func (d Disk) Remove(path string) error { return d.files().Remove(path) }

// RemoveAll is Files.RemoveAll.
func (d Disk) RemoveAll(path string) error { return d.files().RemoveAll(path) }

// Fill writes a file that need not appear whole: one in a stage, or in a folder that the next
// run clears. What a killed run left in its place goes.
func (d Disk) Fill(path string, data []byte, mode fs.FileMode) error {
	if err := d.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := d.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Chmod(mode), f.Close())
}
