package release

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// An anchor stands beside a master key whose register lies in another place, and says where:
// one key has one register, whatever a study names.
type anchor struct {
	// Register is the path, from the key's folder.
	Register string `json:"register"`
}

// suffix of a register beside its key.
const suffix = ".register"

// File is where the register of the key in keyFile lies unless the study says otherwise: beside the key, as it belongs
// to it and to no study, whichever link names the key.
func File(keyFile string) string { return Place(keyFile) + suffix }

// Place is the file that a path names: what a link leads to, as a file that is written over the link would be another.
func Place(path string) string {
	if _, err := os.Readlink(path); err != nil {
		return path // no link, or nothing there
	}
	if place, err := filepath.EvalSymlinks(path); err == nil {
		return place
	}
	return path
}

// beside are the files that may say where the register of the key in keyFile is: beside the key, and beside each link
// on the way to it, where an earlier version kept the register.
func beside(keyFile string) []string {
	files := []string{File(keyFile)}
	for range 40 { // as many links as a system follows
		target, err := os.Readlink(keyFile)
		if err != nil {
			break
		}
		files = append(files, keyFile+suffix)
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(keyFile), target)
		}
		keyFile = target
	}
	return files
}

// ErrElsewhere says that a master key has its register in another place than the one named.
var ErrElsewhere = errors.New("the master key has its register elsewhere")

// Anchored refuses a register in file when what stands beside the key in keyFile says that it
// lies elsewhere, or is the register itself.
func Anchored(keyFile, file string) error {
	for _, beside := range beside(keyFile) {
		if err := anchoredBy(beside, file); err != nil {
			return err
		}
	}
	return nil
}

func anchoredBy(beside, file string) error {
	text, err := os.ReadFile(beside)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	place, ok := leads(beside, text)
	if !ok {
		place = beside
	}
	if same(place, file) {
		return nil
	}
	return fmt.Errorf("release: %s is not %s: %w; ways on: name that one (output.releases, --register), or move "+
		"it and then remove or correct %s", file, place, ErrElsewhere, beside)
}

// same reports whether two paths name one file, there or not.
func same(a, b string) bool {
	if one, err := os.Stat(a); err == nil {
		if other, err := os.Stat(b); err == nil {
			return os.SameFile(one, other)
		}
	}
	for _, p := range []*string{&a, &b} {
		if absolute, err := filepath.Abs(*p); err == nil {
			*p = absolute
		}
	}
	return a == b
}

// Anchor leaves an anchor beside the key in keyFile, where the register lies elsewhere. Beside
// a key that lies where nothing can be written, such as a secret of Kubernetes, there is none.
func (r *Register) Anchor(keyFile string) error {
	beside := File(keyFile)
	if same(beside, r.path) {
		return nil
	}
	if _, err := os.Lstat(beside); err == nil {
		return nil // Anchored has read it
	}
	from, err := filepath.Abs(filepath.Dir(beside))
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	to, err := filepath.Abs(r.path)
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	relative, err := filepath.Rel(from, to)
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	text, err := json.Marshal(anchor{filepath.ToSlash(relative)})
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	err = r.Disk.WriteFile(beside, append(text, '\n'), 0o600)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return nil
	}
	return err
}
