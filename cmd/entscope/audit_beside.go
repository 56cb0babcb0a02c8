package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// noteBeside says what an audit of editions leaves out beside them. The process that audits may not look there.
func noteBeside(errOut io.Writer, args []string) {
	root := newRoot(io.Discard, io.Discard, &operatorLog{out: io.Discard, format: "text", level: "error"})
	c, rest, err := root.Find(args)
	if err != nil || c.ParseFlags(rest) != nil {
		return
	}
	editions, _ := c.Flags().GetStringArray("edition")
	for _, name := range besideEditions(editions) {
		fmt.Fprintf(errOut, "note: not audited: %q lies beside the editions, and none of them declares it\n", name)
	}
}

// besideEditions are the files that lie in a folder of editions, of which some are audited: no edition declares them,
// so that no claim speaks of them. A folder of editions has no other folders than those of editions; of another kind
// of folder, such as a home, nothing is said. What cannot be read is not said either.
func besideEditions(editions []string) (files []string) {
	var seen []string
	for _, dir := range editions {
		dir, err := filepath.Abs(dir)
		parent := filepath.Dir(dir)
		if err != nil || slices.Contains(seen, parent) {
			continue
		}
		seen = append(seen, parent)
		files = append(files, strays(parent)...)
	}
	return files
}

// strays are the files of a folder of editions; none of another folder.
func strays(dir string) (files []string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		switch {
		case strings.HasPrefix(e.Name(), "."): // a lock, what a file system keeps
		case !e.IsDir():
			files = append(files, e.Name())
		default:
			if _, err := os.Stat(filepath.Join(dir, e.Name(), edition.ManifestFile)); err != nil {
				return nil
			}
		}
	}
	return files
}
