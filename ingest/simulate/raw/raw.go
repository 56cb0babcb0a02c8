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
