package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/entscope/entscope/ingest/format"
)

// listFormats writes the formats that a source may have, with their own keys.
func listFormats(w io.Writer) error {
	for _, f := range format.All() {
		keys := ""
		if len(f.Needs) > 0 {
			keys += "; needs " + strings.Join(f.Needs, ", ")
		}
		if len(f.Takes) > 0 {
			keys += "; takes " + strings.Join(f.Takes, ", ")
		}
		if _, err := fmt.Fprintf(w, "- `%s` %s%s.\n", f.Name, f.English, keys); err != nil {
			return err
		}
	}
	return nil
}
