package raw

import (
	"errors"
	"path/filepath"
	"strings"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
)

var uportalNames = map[ingest.Service]string{
	ingest.ServiceGrades: "SconetNotes", ingest.ServiceMessages: "Courriel", ingest.ServiceHomework: "CahierTexte",
	ingest.ServiceAbsences: "SconetAbsences", ingest.ServiceSchoolLife: "Pronote", ingest.ServiceNews: "Actualites",
	ingest.ServiceParentOnly: "FicheRenseignements",
	ingest.ServiceReportBook: "LSU", ingest.ServiceGrants: "Bourses", ingest.ServiceGuidance: "Webclasseur", ingest.ServiceResources: "Mediacentre",
}

// shortName is how an uPortal fname names the school.
func shortName(s *region.School) string {
	n := strings.NewReplacer(" ", "_", "'", "", "É", "E", "é", "e", "è", "e", "Œ", "Oe", "Â", "A", "ë", "e", "ê", "e", "-", "").Replace(s.Name)
	return n
}

// writeUportal writes the statistics log of the RECIA portal (FORMATS.md#uportal-statistics-log): tabs, local time, the school's name inside the fname, sessions not
// always closed, the user agent last.
func (b *basin) writeUportal(dir string) error {
	var out *sink
	c, month := newClock(b.Window), ""
	d := random.New(b.seed, random.Records, uint64(b.Number), 2)
	for i := range b.Events {
		e := &b.Events[i]
		if b.Schools[e.School].System != region.SystemUportal || e.Visio {
			continue
		}
		if m := c.month(e.TS); m != month {
			if out != nil {
				if err := out.close(); err != nil {
					return err
				}
			}
			var err error
			if out, err = create(filepath.Join(dir, "raw/uportal", b.name("stats")+"-"+m+".log")); err != nil {
				return err
			}
			out.text("# esco-indicators stats log\n")
			month = m
		}
		out.buf = b.appendUportal(out.buf[:0], c, e)
		out.write(out.buf)
		if d.Chance(b.Assumed.MalformedShare) {
			out.text([3]string{"2025-09-31 25:61:00,000\tnetocentre3\tSSTART\tENTEleve\t1\tF0\t\t\n",
				"netocentre3\tSSTART\tENTEleve\n", "2025-10-01 08:00:00,000\tnetocentre3\tCTARG\tENTEleve\n"}[d.IntN(3)])
		}
	}
	if out == nil {
		return nil
	}
	return errors.Join(out.close(), b.redeliver(dir))
}

// redeliver writes the first three days of the region's first portal a second
// time, as an overlapping export does: a record counts once.
func (b *basin) redeliver(dir string) error {
	if b.Number != 0 {
		return nil
	}
	out, err := create(filepath.Join(dir, "raw/uportal", b.name("stats")+"-redelivery.log"))
	if err != nil {
		return err
	}
	c := newClock(b.Window)
	for i := range b.Events {
		if e := &b.Events[i]; b.Schools[e.School].System == region.SystemUportal && !e.Visio && e.TS < b.Window.Midnight[3] {
			out.buf = b.appendUportal(out.buf[:0], c, e)
			out.write(out.buf)
		}
	}
	return out.close()
}

func (b *basin) appendUportal(dst []byte, c *clock, e *region.Event) []byte {
	p := &b.People[e.Who]
	s := &b.Schools[e.School]
	ms, _ := c.set(e.TS)
	dst = append(append(dst, c.iso...), ' ')
	dst = appendTime(dst, ms)
	dst = appendMillis(append(dst, ','), ms)
	dst = append(dst, "\tnetocentre3\t"...)
	kind, fname := "CTARG", uportalNames[e.Service]
	switch e.Action {
	case ingest.ActionLogin:
		kind = "SSTART"
	case ingest.ActionLogout:
		kind = "SSTOP"
	default:
		if e.Service == ingest.ServiceSchoolLife || e.Service == ingest.ServiceGrades || e.Service == ingest.ServiceReportBook {
			kind = "CCALL_EXT"
		}
	}
	dst = append(append(dst, kind...), '\t')
	class := uportalClasses.of(p)
	dst = append(append(dst, class...), '\t')
	dst = append(appendInt(dst, p.Number%100_000), '\t')
	dst = append(append(dst, b.uportalUID(p)...), '\t')
	if kind[0] == 'C' {
		dst = append(dst, fname...)
		dst = append(append(append(dst, '_'), shortName(s)...), '\t')
		if kind == "CTARG" {
			dst = append(dst, "1\t2\t"...)
		}
	}
	dst = append(append(dst, s.UAI...), '\t')
	dst = appendInt(dst, int64(e.Visit))
	if ua := agent(e.Device, b.accountHash(p, region.SystemUportal)); ua != "" {
		dst = append(append(dst, '\t'), ua...)
	} else if e.Visit%2 == 0 {
		dst = append(dst, "\tnull"...)
	}
	return append(dst, '\n')
}
