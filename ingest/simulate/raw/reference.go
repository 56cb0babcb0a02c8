package raw

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// WriteReference writes the schools of the region and the calendar, with the
// headers and the byte order mark of the open data.
func WriteReference(dir string, r *region.Region) error {
	out := file{path: filepath.Join(dir, "raw/reference/etablissements.csv"),
		header: "\ufeffUAI;Nom;Type;Secteur;EP;IPS;Académie;Zone;id_ent;ouverture\n"}
	for i := range r.Schools {
		s := &r.Schools[i]
		ep := s.EP
		if ep == "REP+" {
			ep = "REPPLUS"
		}
		alias := ""
		if s.System == region.SystemEntcore {
			alias = accountsOf(r).structureID(s)
		}
		out.printf("%s\n", strings.Join([]string{s.UAI, s.Name, [3]string{"Ecole", "Collège", "Lycée"}[s.Level],
			[2]string{"public", "privé sous contrat"}[oneIf(s.Private)], ep, fmt.Sprintf("%d.%d", s.IPS/10, s.IPS%10),
			region.Academies[s.Zone], region.ZoneNames[s.Zone], alias, r.Window.Date(s.Rollout).Format(time.DateOnly)},
			";"))
	}
	if err := out.close(); err != nil {
		return err
	}
	return writeCalendar(dir, r.Window)
}

func writeCalendar(dir string, w *region.Window) error {
	out := file{path: filepath.Join(dir, "raw/reference/fr-en-calendrier-scolaire.csv"),
		header: "\ufeffDescription;Population;Date de début;Date de fin;Académies;Zones;annee_scolaire\n"}
	for _, h := range w.Holidays {
		year := region.SchoolYearOf(h.From[0])
		for z := range region.ZoneNames {
			population := "-"
			if h.Name == "Vacances d'Été" {
				population = "Élèves"
			}
			out.printf("%s\n", strings.Join([]string{h.Name, population, instantOf(w, h.From[z]), instantOf(w, h.To[z]),
				region.Academies[z], "Zone " + region.ZoneNames[z], year}, ";"))
		}
	}
	return out.close()
}

func instantOf(w *region.Window, day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, w.Paris)
	if err != nil {
		return ""
	}
	return t.Format("2006-01-02T15:04:05-07:00")
}
