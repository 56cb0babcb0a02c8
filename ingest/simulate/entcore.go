package simulate

import (
	"path/filepath"

	"github.com/entscope/entscope/ingest"
)

// Modules and event types of entcore (log-formats.md, 1.1).
var entcoreModules = map[ingest.Service]string{
	ingest.ServiceGrades: "Competences", ingest.ServiceMessages: "Conversation", ingest.ServiceHomework: "Diary",
	ingest.ServiceAbsences: "Presences", ingest.ServiceSchoolLife: "Viescolaire", ingest.ServiceNews: "Actualites",
	ingest.ServiceParentOnly: "FicheRenseignements", ingest.ServiceSignIn: "Auth",
	ingest.ServiceReportBook: "Lsu", ingest.ServiceGrants: "Bourses", ingest.ServiceGuidance: "Orientation", ingest.ServiceBlog: "Blog",
	ingest.ServiceResources: "GAR",
}

var entcoreProfiles = [3]string{"Relative", "Student", "Teacher"}

// writeEntcore writes the events that the export API of entcore would give, one
// JSON object a line, in order of time, a file for each month. Some records are
// sent again with the same _id, as a retry does; some are broken.
func (b *basin) writeEntcore(dir string) error {
	var out *sink
	c, month := newClock(b.w), ""
	d := newDraw(b.r.seed, streamRecords, uint64(b.number), 1)
	for i := range b.events {
		e := &b.events[i]
		if b.schools[e.school].system != systemEntcore || e.cas || e.visio {
			continue
		}
		if m := c.month(e.ts); m != month {
			if out != nil {
				if err := out.close(); err != nil {
					return err
				}
			}
			var err error
			if out, err = create(filepath.Join(dir, "raw/entcore", b.name("events")+"-"+m+".ndjson")); err != nil {
				return err
			}
			month = m
		}
		out.buf = b.appendEntcore(out.buf[:0], e, i)
		out.write(out.buf)
		if d.chance(duplicateShare) {
			out.write(out.buf)
		}
		if d.chance(malformedShare) {
			out.write(brokenEntcore(d, out.buf))
		}
		if d.chance(smsShare) {
			out.write(b.sms(e, i))
		}
		if d.chance(strangerShare) {
			out.write(b.stranger(e, i))
		}
	}
	if out == nil {
		return nil
	}
	return out.close()
}

func (b *basin) appendEntcore(dst []byte, e *event, i int) []byte {
	p := &b.people[e.who]
	h := b.r.accountHash(p, systemEntcore)
	kind, module := "ACCESS", entcoreModules[ingest.Service(e.service)]
	switch {
	case ingest.Action(e.action) == ingest.ActionLogin:
		kind = "LOGIN"
	case ingest.Action(e.action) == ingest.ActionSend:
		kind = "CREATE"
	case ingest.Action(e.action) == ingest.ActionSubmit:
		kind = "SUBMIT"
	case is(e, ingest.ServiceReportBook): // a link out of the portal
		kind = "CONNECTOR"
	case b.schools[e.school].level == ecole && is(e, ingest.ServiceHomework):
		module = "Homeworks"
	case b.schools[e.school].level == ecole && is(e, ingest.ServiceSchoolLife):
		module = "SchoolBook"
	}
	dst = append(dst, `{"_id":"`...)
	dst = appendUUID(dst, mix(b.r.seed, streamRecords, uint64(b.number), uint64(i)))
	dst = append(dst, `","event-type":"`...)
	dst = append(dst, kind...)
	dst = append(dst, `","module":"`...)
	dst = append(dst, module...)
	if kind == "CREATE" {
		dst = append(dst, `","resource-type":"message`...)
	}
	dst = append(dst, `","date":`...)
	dst = appendInt(dst, e.ts)
	dst = append(dst, `,"userId":"`...)
	dst = appendUUID(dst, b.r.entcoreAccount(p, e.visit))
	dst = append(dst, `","profil":"`...)
	profile := entcoreProfiles[p.role]
	if p.role == roleStaff && !p.teacher {
		profile = "Personnel"
	}
	dst = append(dst, profile...)
	dst = append(dst, `","structures":["`...)
	dst = append(dst, b.schools[p.schools[0]].id...)
	if e.named && p.nschools == 2 {
		// Two schools on two platforms: this one knows the one it serves.
		dst = dst[:len(dst)-36]
		dst = append(dst, b.schools[e.school].id...)
	} else if p.nschools == 2 {
		dst = append(dst, `","`...)
		dst = append(dst, b.schools[p.schools[1]].id...)
	}
	dst = append(dst, `"]`...)
	if ua := agent(e.device, h); ua != "" {
		dst = append(dst, `,"ua":"`...)
		dst = append(dst, ua...)
		dst = append(dst, '"')
	}
	dst = append(dst, `,"ip":"`...)
	dst = appendIP(dst, h>>3)
	if h>>40%8 == 0 {
		dst = append(dst, ", 10.0.0.7"...)
	}
	dst = append(dst, '"')
	if kind == "LOGIN" {
		dst = append(dst, `,"referer":"https://ent.exemple.test/auth/login?ticket=ST-`...)
		dst = appendUUID(dst, mix(uint64(e.visit), uint64(b.number), 2))
		dst = append(dst, `","sessionId":"`...)
		dst = appendUUID(dst, mix(uint64(e.visit), uint64(b.number)))
		dst = append(dst, '"')
	}
	return append(dst, "}\n"...)
}

// stranger is a record of an account that no directory knows: a guest, or a
// family that left.
func (b *basin) stranger(e *event, i int) []byte {
	id := mix(b.r.seed, streamRecords, uint64(b.number), uint64(i), 14)
	dst := append(appendUUID([]byte(`{"_id":"`), id), `","event-type":"ACCESS","module":"Conversation","date":`...)
	dst = append(appendInt(dst, e.ts), `,"userId":"`...)
	dst = append(appendUUID(dst, mix(b.r.seed, streamNames, uint64(b.number), uint64(i%7), 15)), `","profil":"`...)
	dst = append(append(dst, [2]string{"Guest", "Relative"}[i%2]...), `","structures":["`...)
	return append(append(dst, b.schools[e.school].id...), "\"],\"ip\":\"192.0.2.9\"}\n"...)
}

// sms is the record of a text message that the platform sent: nobody's action,
// and a telephone number in the clear.
func (b *basin) sms(e *event, i int) []byte {
	p := &b.people[e.who]
	dst := append(appendUUID([]byte(`{"_id":"`), mix(b.r.seed, streamRecords, uint64(b.number), uint64(i), 16)), `","event-type":"SMS","module":"Sms","date":`...)
	dst = append(appendInt(dst, e.ts), `,"userId":"`...)
	dst = append(appendUUID(dst, b.r.accountHash(p, systemEntcore)), `","profil":"Personnel","adapter":"OVH","phone":"`...)
	return append(append(dst, b.r.identity(p).phone...), "\"}\n"...)
}

// brokenEntcore is a record as the platform's own tests hold malformed ones, or
// one that was cut.
func brokenEntcore(d draw, line []byte) []byte {
	switch d.IntN(4) {
	case 0:
		return []byte(`{"_id":12,"event-type":7,"module":{},"date":"2024-01-01","profil":"Relative"}` + "\n")
	case 1:
		return []byte(`{"event-type":"ACCESS","module":"Conversation","date":"hier","userId":"x","profil":"Relative"}` + "\n")
	case 2:
		return []byte(`{"event-type":"ACCESS","module":"Conversation","userId":"x","profil":"Relative"}` + "\n")
	}
	return append(append([]byte(nil), line[:60+d.IntN(60)]...), '\n')
}
