package edition

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Revision is the newest edition of a kind and term.
type Revision struct {
	Dir      string    // "" when there is none
	Manifest *Manifest // nil when there is none
	// Number is 1 for the first edition of a term; 0 when there is none.
	Number int
	// All are the names of every revision that is there.
	All []string
}

// RevisionTerm is the term of the n-th revision: 2025-T1, then 2025-T1.2.
func RevisionTerm(term string, n int) string {
	if n <= 1 {
		return term
	}
	return term + "." + strconv.Itoa(n)
}

// Newest finds the newest revision of an edition in a folder of editions. An
// edition is immutable, so a correction of research-2025-T1 is a new folder
// research-2025-T1.2 that says what it supersedes.
//
// A revision whose predecessors were removed is found all the same.
func Newest(folder, kind, term string) (Revision, error) {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Revision{}, fmt.Errorf("edition: %w", err)
	}
	var newest Revision
	for _, e := range entries {
		n := revisionNumber(e.Name(), kind+"-"+term)
		if n == 0 {
			continue
		}
		dir := filepath.Join(folder, e.Name())
		m, err := ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Revision{}, err
		}
		newest.All = append(newest.All, e.Name())
		if n > newest.Number {
			newest.Dir, newest.Manifest, newest.Number = dir, m, n
		}
	}
	return newest, nil
}

// revisionNumber is the number of the revision of first that name is; 0 is none.
func revisionNumber(name, first string) int {
	if name == first {
		return 1
	}
	suffix, ok := strings.CutPrefix(name, first+".")
	n, err := strconv.Atoi(suffix)
	if !ok || err != nil || n < 2 || name != RevisionTerm(first, n) {
		return 0
	}
	return n
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
