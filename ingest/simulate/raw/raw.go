// Package raw writes a simulated region as the real systems write theirs: the
// bytes an operator would be handed, one file of this package for each system.
//
//   - logs: entcore events (entcore.go), uPortal statistics (uportal.go), the CAS
//     audit trail (cas.go), Combined access logs of the Pronote fronts (pronote.go)
//     and of the mobile application (app.go), the video service (visio.go);
//   - the directory: AAF (aaf.go) and the account exports of each system;
//   - the registers kept alongside the portal (registers.go) and the open data of
//     schools and holidays (reference.go).
//
// Basins are written one by one, in any order: logs and AAF go to files of their
// own, the CSV files that all basins share (tables.go) are put together from the
// basins' rows. Duplicates, malformed records and identifiers that must not travel
// further are planted on the way. Everything follows from the region's seed.
package raw

import (
	"errors"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// WriteBasin writes the logs and the directory of a basin under dir/raw and
// returns its rows of the shared CSV files, for Tables.Write.
func WriteBasin(dir string, of *region.Basin) (Rows, error) {
	b := &basin{of, accountsOf(of.Region)}
	for _, write := range []func(string) error{
		b.writeEntcore, b.writeUportal, b.writePronote, b.writeCAS, b.writeApp, b.writeVisio, b.writeAAF,
	} {
		if err := write(dir); err != nil {
			return Rows{}, err
		}
	}
	return b.renderTables()
}

// tables are the CSV files that all basins share.
var tables = slices.Concat(exports, registers)

// tablesOf are the tables that a window has.
func tablesOf(w *region.Window) []table {
	var out []table
	for _, t := range tables {
		if !t.years || w.Years > 0 {
			out = append(out, t)
		}
	}
	return out
}

func (b *basin) renderTables() (Rows, error) {
	var r Rows
	for _, t := range tablesOf(b.Window) {
		text, err := t.render(b)
		if err != nil {
			return Rows{}, err
		}
		r.of = append(r.of, text)
	}
	return r, nil
}

// OpenTables creates the shared CSV files of a window under dir/raw and writes
// their headers.
func OpenTables(dir string, w *region.Window) (*Tables, error) {
	open := &Tables{}
	for _, t := range tablesOf(w) {
		header, err := t.encode([]byte(t.header))
		if err != nil {
			return nil, errors.Join(err, open.Close())
		}
		open.files = append(open.files, &file{path: filepath.Join(dir, "raw", t.path)})
		open.files[len(open.files)-1].write(header)
	}
	return open, nil
}
