package simulate

import (
	"errors"
	"path/filepath"

	"github.com/entscope/entscope/ingest"
)

var uportalNames = map[ingest.Service]string{
	ingest.ServiceGrades: "SconetNotes", ingest.ServiceMessages: "Courriel", ingest.ServiceHomework: "CahierTexte",
	ingest.ServiceAbsences: "SconetAbsences", ingest.ServiceSchoolLife: "Pronote", ingest.ServiceNews: "Actualites",
	ingest.ServiceParentOnly: "FicheRenseignements",
	ingest.ServiceReportBook: "LSU", ingest.ServiceGrants: "Bourses", ingest.ServiceGuidance: "Webclasseur", ingest.ServiceResources: "Mediacentre",
}

var uportalClasses = [3]string{"ENTAuxPersRelEleve", "ENTEleve", "ENTAuxEnseignant"}

// writeUportal writes the statistics log of the RECIA portal (log-formats.md,
// 3.1): tabs, local time, the school's name inside the fname, sessions not
// always closed, the user agent last.
func (b *basin) writeUportal(dir string) error {
	var out *sink
	c, month := newClock(b.w), ""
	d := newDraw(b.r.seed, streamRecords, uint64(b.number), 2)
	for i := range b.events {
		e := &b.events[i]
		if b.schools[e.school].system != systemUportal || e.visio {
			continue
		}
		if m := c.month(e.ts); m != month {
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
		if d.chance(malformedShare) {
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
	if b.number != 0 {
		return nil
	}
	out, err := create(filepath.Join(dir, "raw/uportal", b.name("stats")+"-redelivery.log"))
	if err != nil {
		return err
	}
	c := newClock(b.w)
	for i := range b.events {
		if e := &b.events[i]; b.schools[e.school].system == systemUportal && !e.visio && e.ts < b.w.mid[3] {
			out.buf = b.appendUportal(out.buf[:0], c, e)
			out.write(out.buf)
		}
	}
	return out.close()
}

func (b *basin) appendUportal(dst []byte, c *clock, e *event) []byte {
	p := &b.people[e.who]
	s := &b.schools[e.school]
	ms, _ := c.set(e.ts)
	dst = append(append(dst, c.iso...), ' ')
	dst = appendTime(dst, ms)
	dst = appendMillis(append(dst, ','), ms)
	dst = append(dst, "\tnetocentre3\t"...)
	kind, fname := "CTARG", uportalNames[ingest.Service(e.service)]
	switch ingest.Action(e.action) {
	case ingest.ActionLogin:
		kind = "SSTART"
	case ingest.ActionLogout:
		kind = "SSTOP"
	default:
		if is(e, ingest.ServiceSchoolLife) || is(e, ingest.ServiceGrades) || is(e, ingest.ServiceReportBook) {
			kind = "CCALL_EXT"
		}
	}
	dst = append(append(dst, kind...), '\t')
	class := uportalClasses[p.role]
	if p.role == roleStaff && !p.teacher {
		class = "ENTAuxNonEnsEtab"
	}
	dst = append(append(dst, class...), '\t')
	dst = append(appendInt(dst, p.number%100_000), '\t')
	dst = append(append(dst, b.r.uportalUID(p)...), '\t')
	if kind[0] == 'C' {
		dst = append(dst, fname...)
		dst = append(append(append(dst, '_'), s.shortName()...), '\t')
		if kind == "CTARG" {
			dst = append(dst, "1\t2\t"...)
		}
	}
	dst = append(append(dst, s.uai...), '\t')
	dst = appendInt(dst, int64(e.visit))
	if ua := agent(e.device, b.r.accountHash(p, systemUportal)); ua != "" {
		dst = append(append(dst, '\t'), ua...)
	} else if e.visit%2 == 0 {
		dst = append(dst, "\tnull"...)
	}
	return append(dst, '\n')
}
