package raw

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
)

var uportalNames = map[ingest.Service]string{
	ingest.ServiceGrades:     "SconetNotes",
	ingest.ServiceMessages:   "Courriel",
	ingest.ServiceHomework:   "CahierTexte",
	ingest.ServiceAbsences:   "SconetAbsences",
	ingest.ServiceSchoolLife: "Pronote",
	ingest.ServiceNews:       "Actualites",
	ingest.ServiceParentOnly: "FicheRenseignements",
	ingest.ServiceReportBook: "LSU",
	ingest.ServiceGrants:     "Bourses",
	ingest.ServiceGuidance:   "Webclasseur",
	ingest.ServiceResources:  "Mediacentre",
}

// shortName is how an uPortal fname names the school.
func shortName(s *region.School) string {
	plain := strings.NewReplacer(" ", "_", "'", "", "-", "",
		"É", "E", "é", "e", "è", "e", "ë", "e", "ê", "e", "Œ", "Oe", "Â", "A")
	return plain.Replace(s.Name)
}

// writeUportal writes the statistics log of the RECIA portal (FORMATS.md#uportal-statistics-log):
// tabs, local time, the school's name inside the fname, sessions not
// always closed, the user agent last.
func (b *basin) writeUportal(dir string) error {
	d := random.New(b.seed, random.Records, uint64(b.Number), 2)
	out := months{file: file{header: "# esco-indicators stats log\n"},
		name: func(month string) string { return b.statistics(dir, month) }}
	again := file{path: b.statistics(dir, "redelivery")}
	for i := range b.Events {
		e := &b.Events[i]
		if b.Schools[e.School].System != region.SystemUportal || e.Visio {
			continue
		}
		out.turn(b.local(e.TS).Format(monthly))
		line := b.uportalLine(e)
		out.write(line)
		if d.Chance(b.Assumed.MalformedShare) {
			out.printf("%s", brokenUportal[d.IntN(3)])
		}
		// The first three days of the region's first portal come a second time, as in
		// an overlapping export: a record counts once.
		if b.Number == 0 && e.TS < b.Window.Midnight[3] {
			again.write(line)
		}
	}
	if b.Number == 0 && out.path != "" {
		again.open()
	}
	return errors.Join(out.close(), again.close())
}

var brokenUportal = [3]string{
	"2025-09-31 25:61:00,000\tnetocentre3\tSSTART\tENTEleve\t1\tF0\t\t\n",
	"netocentre3\tSSTART\tENTEleve\n",
	"2025-10-01 08:00:00,000\tnetocentre3\tCTARG\tENTEleve\n",
}

func (b *basin) statistics(dir, of string) string {
	return filepath.Join(dir, "raw/uportal", b.name("stats")+"-"+of+".log")
}

func (b *basin) uportalLine(e *region.Event) []byte {
	p := &b.People[e.Who]
	s := &b.Schools[e.School]
	kind, fname := "CTARG", uportalNames[e.Service]+"_"+shortName(s)+"\t"
	switch {
	case e.Action == ingest.ActionLogin:
		kind, fname = "SSTART", ""
	case e.Action == ingest.ActionLogout:
		kind, fname = "SSTOP", ""
	case e.Service == ingest.ServiceSchoolLife, e.Service == ingest.ServiceGrades,
		e.Service == ingest.ServiceReportBook:
		kind = "CCALL_EXT"
	default:
		fname += "1\t2\t"
	}
	ua := agent(e.Device, b.accountHash(p, region.SystemUportal))
	if ua == "" && e.Visit%2 == 0 {
		ua = "null"
	}
	if ua != "" {
		ua = "\t" + ua
	}
	return fmt.Appendf(nil, "%s\tnetocentre3\t%s\t%s\t%d\t%s\t%s%s\t%d%s\n", b.local(e.TS).Format(isoMillis), kind,
		uportalClasses.of(p), p.Number%100_000, b.uportalUID(p), fname, s.UAI, e.Visit, ua)
}
