package raw

import (
	"path/filepath"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// Modules and event types of entcore (FORMATS.md#entcore-events-in-mongodb).
var entcoreModules = map[ingest.Service]string{
	ingest.ServiceGrades: "Competences", ingest.ServiceMessages: "Conversation", ingest.ServiceHomework: "Diary",
	ingest.ServiceAbsences: "Presences", ingest.ServiceSchoolLife: "Viescolaire", ingest.ServiceNews: "Actualites",
	ingest.ServiceParentOnly: "FicheRenseignements", ingest.ServiceSignIn: "Auth",
	ingest.ServiceReportBook: "Lsu", ingest.ServiceGrants: "Bourses", ingest.ServiceGuidance: "Orientation", ingest.ServiceBlog: "Blog",
	ingest.ServiceResources: "GAR",
}

// writeEntcore writes the events that the export API of entcore would give, one
// JSON object a line, in order of time, a file for each month. Some records are
// sent again with the same _id, as a retry does; some are broken.
func (b *basin) writeEntcore(dir string) error {
	var out *sink
	c, month := newClock(b.Window), ""
	d := random.New(b.seed, random.Records, uint64(b.Number), 1)
	for i := range b.Events {
		e := &b.Events[i]
		if b.Schools[e.School].System != region.SystemEntcore || e.CAS || e.Visio {
			continue
		}
		if m := c.month(e.TS); m != month {
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
		if d.Chance(b.Assumed.DuplicateShare) {
			out.write(out.buf)
		}
		if d.Chance(b.Assumed.MalformedShare) {
			out.write(brokenEntcore(d, out.buf))
		}
		if d.Chance(b.Assumed.SmsShare) {
			out.write(b.sms(e, i))
		}
		if d.Chance(b.Assumed.StrangerShare) {
			out.write(b.stranger(e, i))
		}
	}
	if out == nil {
		return nil
	}
	return out.close()
}

func (b *basin) appendEntcore(dst []byte, e *region.Event, i int) []byte {
	p := &b.People[e.Who]
	h := b.accountHash(p, region.SystemEntcore)
	kind, module := "ACCESS", entcoreModules[e.Service]
	switch {
	case e.Action == ingest.ActionLogin:
		kind = "LOGIN"
	case e.Action == ingest.ActionSend:
		kind = "CREATE"
	case e.Action == ingest.ActionSubmit:
		kind = "SUBMIT"
	case e.Service == ingest.ServiceReportBook: // a link out of the portal
		kind = "CONNECTOR"
	case b.Schools[e.School].Level == region.Ecole && e.Service == ingest.ServiceHomework:
		module = "Homeworks"
	case b.Schools[e.School].Level == region.Ecole && e.Service == ingest.ServiceSchoolLife:
		module = "SchoolBook"
	}
	dst = append(dst, `{"_id":"`...)
	dst = appendUUID(dst, random.Mix(b.seed, random.Records, uint64(b.Number), uint64(i)))
	dst = append(dst, `","event-type":"`...)
	dst = append(dst, kind...)
	dst = append(dst, `","module":"`...)
	dst = append(dst, module...)
	if kind == "CREATE" {
		dst = append(dst, `","resource-type":"message`...)
	}
	dst = append(dst, `","date":`...)
	dst = appendInt(dst, e.TS)
	dst = append(dst, `,"userId":"`...)
	dst = appendUUID(dst, b.entcoreAccount(p, e.Visit))
	dst = append(dst, `","profil":"`...)
	profile := entcoreProfiles.of(p)
	dst = append(dst, profile...)
	dst = append(dst, `","structures":["`...)
	dst = b.appendStructure(dst, &b.Schools[p.Schools[0]])
	if e.Named && p.SchoolCount == 2 {
		// Two schools on two platforms: this one knows the one it serves.
		dst = dst[:len(dst)-36]
		dst = b.appendStructure(dst, &b.Schools[e.School])
	} else if p.SchoolCount == 2 {
		dst = append(dst, `","`...)
		dst = b.appendStructure(dst, &b.Schools[p.Schools[1]])
	}
	dst = append(dst, `"]`...)
	if ua := agent(e.Device, h); ua != "" {
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
		dst = appendUUID(dst, random.Mix(uint64(e.Visit), uint64(b.Number), 2))
		dst = append(dst, `","sessionId":"`...)
		dst = appendUUID(dst, random.Mix(uint64(e.Visit), uint64(b.Number)))
		dst = append(dst, '"')
	}
	return append(dst, "}\n"...)
}

// stranger is a record of an account that no directory knows: a guest, or a
// family that left.
func (b *basin) stranger(e *region.Event, i int) []byte {
	id := random.Mix(b.seed, random.Records, uint64(b.Number), uint64(i), 14)
	dst := append(appendUUID([]byte(`{"_id":"`), id), `","event-type":"ACCESS","module":"Conversation","date":`...)
	dst = append(appendInt(dst, e.TS), `,"userId":"`...)
	dst = append(appendUUID(dst, random.Mix(b.seed, random.Names, uint64(b.Number), uint64(i%7), 15)), `","profil":"`...)
	dst = append(append(dst, [2]string{"Guest", "Relative"}[i%2]...), `","structures":["`...)
	return append(b.appendStructure(dst, &b.Schools[e.School]), "\"],\"ip\":\"192.0.2.9\"}\n"...)
}

// sms is the record of a text message that the platform sent: nobody's action,
// and a telephone number in the clear.
func (b *basin) sms(e *region.Event, i int) []byte {
	p := &b.People[e.Who]
	dst := append(appendUUID([]byte(`{"_id":"`), random.Mix(b.seed, random.Records, uint64(b.Number), uint64(i), 16)), `","event-type":"SMS","module":"Sms","date":`...)
	dst = append(appendInt(dst, e.TS), `,"userId":"`...)
	dst = append(appendUUID(dst, b.accountHash(p, region.SystemEntcore)), `","profil":"Personnel","adapter":"OVH","phone":"`...)
	return append(append(dst, b.identity(p).phone...), "\"}\n"...)
}

// brokenEntcore is a record as the platform's own tests hold malformed ones, or
// one that was cut.
func brokenEntcore(d random.Stream, line []byte) []byte {
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
