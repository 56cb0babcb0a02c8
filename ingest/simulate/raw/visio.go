package raw

import (
	"path/filepath"
	"time"

	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// writeVisio writes the log of the region's video service, a CSV of who entered
// which room when.
func (b *basin) writeVisio(dir string) error {
	var out *sink
	for i := range b.Events {
		e := &b.Events[i]
		if !e.Visio {
			continue
		}
		if out == nil {
			var err error
			if out, err = create(filepath.Join(dir, "raw/visio", b.name("entrees")+".csv")); err != nil {
				return err
			}
			out.text("Identifiant;Entrée;UAI;Salle\n")
		}
		at := time.UnixMilli(e.TS).In(b.Window.Paris).Format("02/01/2006 15:04:05")
		out.text(b.visioAccount(&b.People[e.Who]) + ";" + at + ";" + b.Schools[e.School].UAI + ";" + uuid(random.Mix(uint64(e.School), uint64(e.TS/region.HourMs)))[:8] + "\n")
	}
	if out == nil {
		return nil
	}
	return out.close()
}
