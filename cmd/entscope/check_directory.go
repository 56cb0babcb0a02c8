package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/entscope/entscope/ingest/directory"
)

// printDirectory writes what was read of the directory, the reference data and
// the registers: by what files were read as, then the files that have rejects or,
// if all are asked for, each file.
func printDirectory(out io.Writer, d *directory.Directory, all bool) {
	fmt.Fprintf(out, "\ndirectory: %d persons, %d accounts, %d links, %d schools\n", len(d.Persons), len(d.Accounts),
		len(d.Links), len(d.Schools))
	kinds := map[string][3]int64{}
	for i := range d.Files {
		f := &d.Files[i]
		k := kinds[f.Kind]
		kinds[f.Kind] = [3]int64{k[0] + f.Read(), k[1] + f.Used, k[2] + rejected(f)}
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		k := kinds[kind]
		fmt.Fprintf(out, "  %-22s %9d read, %9d used, %6d rejected\n", kind, k[0], k[1], k[2])
	}
	for i := range d.Files {
		f := &d.Files[i]
		if all || len(f.Rejects) > 0 {
			fmt.Fprintf(out, "%s: %s: %d read, %d used, %d ignored, %d rejected\n", f.Kind, f.Name, f.Read(), f.Used,
				f.Ignored, rejected(f))
		}
		printCounts(out, f.Kind+": "+f.Name+": rejected, ", f.Rejects)
		for _, note := range faultNotes(f.Fields) {
			fmt.Fprintf(out, "%s: %s: %s\n", f.Kind, f.Name, note)
		}
	}
}

func rejected(f *directory.FileCounts) int64 { return f.Read() - f.Used - f.Ignored }
