package edition

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Revision is the newest edition of a kind and term.
type Revision struct {
	Dir      string    // "" when there is none
	Manifest *Manifest // nil when there is none
	// Next is the term of the revision that would follow.
	Next string
}

// Newest finds the newest revision of an edition in a folder of editions. An
// edition is immutable, so a correction of research-2025-T1 is a new folder
// research-2025-T1.2 that says what it supersedes.
func Newest(folder, kind, term string) (Revision, error) {
	var newest Revision
	for n := 1; ; n++ {
		newest.Next = term
		if n > 1 {
			newest.Next = fmt.Sprintf("%s.%d", term, n)
		}
		dir := filepath.Join(folder, kind+"-"+newest.Next)
		m, err := ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) {
			return newest, nil
		}
		if err != nil {
			return Revision{}, err
		}
		newest.Dir, newest.Manifest = dir, m
	}
}

// ReadDir reads the manifest of the edition in the folder dir; the error wraps
// fs.ErrNotExist when there is none.
func ReadDir(dir string) (*Manifest, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return Read(root)
}
