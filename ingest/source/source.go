// Package source is where the bytes of a delivery come from.
//
//  1. Glob lists the files a study's patterns name, in a fixed order; a zip is
//     the list of its files (archive.go). Package pull brings deliveries from
//     servers (Remote) to such files, Spool what comes on standard input.
//  2. Open opens one as a stream of decoded bytes: gzip, zstd and bzip2 are
//     undone on the way (told by their magic numbers, not by the name), within a
//     limit on how far they may expand, while the SHA-256 of the bytes as
//     delivered is computed: a delivery is hashed once, by the same reading that
//     decodes it. Nothing is unpacked to disk, so that the names in an archive do
//     not matter.
//
// A delivery's identity is that hash: the same file under another name is the
// same delivery.
package source

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Limits on expansion: logs compress 10 to 40 times, a bomb a thousand times.
const (
	freeExpansion = 64 << 20 // bytes that any file may become
	maxExpansion  = 250      // times its size, beyond that
	maxWindow     = 128 << 20
)

// Errors of a delivery that cannot be read as it is.
var (
	ErrExpansion = errors.New("compressed file expands beyond the limit")
	ErrEmpty     = errors.New("no file")
	// ErrCorrupt is a compressed file that is damaged or still being written.
	ErrCorrupt = errors.New("compressed file is damaged or cut short")
	// ErrChanged is a file that was removed, replaced, cut or overwritten while it was read.
	ErrChanged = errors.New("gone, replaced or cut while it was read; hint: the next run reads it")
)

// Stdin is the name of standard input, for Open; it can be opened once.
const Stdin = "-"

// Glob lists the files that the patterns name, relative to dir, each once, in
// the order of their names within a pattern and of the patterns. A pattern
// without a file is an error: a feed that is missing must be seen.
func Glob(dir string, patterns []string) ([]string, error) {
	var (
		files  []string
		faults []error
		seen   = make(map[string]bool)
	)
	for _, pattern := range patterns {
		full := pattern
		if !filepath.IsAbs(full) {
			full = filepath.Join(dir, pattern)
		}
		matches, err := filepath.Glob(full)
		if err != nil {
			faults = append(faults, fmt.Errorf("source: pattern %q: %w", pattern, err))
			continue
		}
		slices.Sort(matches)
		found := false
		for _, m := range matches {
			if strings.HasPrefix(filepath.Base(m), ".") && !strings.HasPrefix(filepath.Base(pattern), ".") {
				continue // as in a shell: notes and unfinished transfers
			}
			info, err := os.Stat(m)
			if err != nil {
				faults = append(faults, fmt.Errorf("source: pattern %q: %w", pattern, err))
				continue
			}
			if !info.Mode().IsRegular() {
				continue
			}
			found = true
			if !seen[m] {
				seen[m] = true
				if inside := members(m); len(inside) > 0 {
					files = append(files, inside...)
				} else {
					files = append(files, m)
				}
			}
		}
		if !found {
			faults = append(faults, fmt.Errorf("source: pattern %q: %w", pattern, ErrEmpty))
		}
	}
	return files, errors.Join(faults...)
}
