package raw

import (
	"path/filepath"

	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// writeVisio writes the log of the region's video service, a CSV of who entered
// which room when.
func (b *basin) writeVisio(dir string) error {
	out := file{path: filepath.Join(dir, "raw/visio", b.name("entrees")+".csv"),
		header: "Identifiant;Entrée;UAI;Salle\n"}
	for i := range b.Events {
		if e := &b.Events[i]; e.Visio {
			room := uuid(random.Mix(uint64(e.School), uint64(e.TS/region.HourMs)))[:8]
			out.printf("%s;%s;%s;%s\n", b.visioAccount(&b.People[e.Who]), b.instantText(e.TS, frenchSeconds),
				b.Schools[e.School].UAI, room)
		}
	}
	return out.close()
}
