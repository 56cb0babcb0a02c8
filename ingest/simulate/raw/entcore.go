package raw

import (
	"fmt"
	"path/filepath"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// Modules and event types of entcore (FORMATS.md#entcore-events-in-mongodb).
var entcoreModules = map[ingest.Service]string{
	ingest.ServiceGrades:     "Competences",
	ingest.ServiceMessages:   "Conversation",
	ingest.ServiceHomework:   "Diary",
	ingest.ServiceAbsences:   "Presences",
	ingest.ServiceSchoolLife: "Viescolaire",
	ingest.ServiceNews:       "Actualites",
	ingest.ServiceParentOnly: "FicheRenseignements",
	ingest.ServiceSignIn:     "Auth",
	ingest.ServiceReportBook: "Lsu",
	ingest.ServiceGrants:     "Bourses",
	ingest.ServiceGuidance:   "Orientation",
	ingest.ServiceBlog:       "Blog",
	ingest.ServiceResources:  "GAR",
}

// writeEntcore writes the events that the export API of entcore would give, one
// JSON object a line, in order of time, a file for each month. Some records are
// sent again with the same _id, as a retry does; some are broken.
func (b *basin) writeEntcore(dir string) error {
	d := random.New(b.seed, random.Records, uint64(b.Number), 1)
	out := months{name: func(month string) string {
		return filepath.Join(dir, "raw/entcore", b.name("events")+"-"+month+".ndjson")
	}}
	var line []byte
	for i := range b.Events {
		e := &b.Events[i]
		if b.Schools[e.School].System != region.SystemEntcore || e.CAS || e.Visio {
			continue
		}
		out.turn(b.local(e.TS).Format(monthly))
		line = b.appendEntcore(line[:0], e, i)
		out.write(line)
		if d.Chance(b.Assumed.DuplicateShare) {
			out.write(line)
		}
		if d.Chance(b.Assumed.MalformedShare) {
			out.write(brokenEntcore(d, line))
		}
		if d.Chance(b.Assumed.SmsShare) {
			b.sms(&out.file, e, i)
		}
		if d.Chance(b.Assumed.StrangerShare) {
			b.stranger(&out.file, e, i)
		}
	}
	return out.close()
}

func (b *basin) appendEntcore(dst []byte, e *region.Event, i int) []byte {
	p := &b.People[e.Who]
	h := b.accountHash(p, region.SystemEntcore)
	kind, module := b.entcoreName(e)
	schools := b.structureID(&b.Schools[p.Schools[0]])
	if e.Named && p.SchoolCount == 2 {
		schools = b.structureID(&b.Schools[e.School]) // two schools on two platforms: this one knows the one it serves
	} else if p.SchoolCount == 2 {
		schools += `","` + b.structureID(&b.Schools[p.Schools[1]])
	}
	if kind == "CREATE" {
		module += `","resource-type":"message`
	}
	dst = fmt.Appendf(dst, `{"_id":"%s","event-type":"%s","module":"%s","date":%d,`+
		`"userId":"%s","profil":"%s","structures":["%s"]`,
		uuid(random.Mix(b.seed, random.Records, uint64(b.Number), uint64(i))), kind, module, e.TS,
		uuid(b.entcoreAccount(p, e.Visit)), entcoreProfiles.of(p), schools)
	if ua := agent(e.Device, h); ua != "" {
		dst = fmt.Appendf(dst, `,"ua":"%s"`, ua)
	}
	dst = fmt.Appendf(dst, `,"ip":"%s`, address(h>>3))
	if h>>40%8 == 0 {
		dst = append(dst, ", 10.0.0.7"...)
	}
	dst = append(dst, '"')
	if kind == "LOGIN" {
		dst = fmt.Appendf(dst, `,"referer":"https://ent.exemple.test/auth/login?ticket=ST-%s","sessionId":"%s"`,
			uuid(random.Mix(uint64(e.Visit), uint64(b.Number), 2)), uuid(random.Mix(uint64(e.Visit), uint64(b.Number))))
	}
	return append(dst, "}\n"...)
}

// entcoreName is the type and the module of an event.
func (b *basin) entcoreName(e *region.Event) (kind, module string) {
	kind, module = "ACCESS", entcoreModules[e.Service]
	ecole := b.Schools[e.School].Level == region.Ecole
	switch {
	case e.Action == ingest.ActionLogin:
		kind = "LOGIN"
	case e.Action == ingest.ActionSend:
		kind = "CREATE"
	case e.Action == ingest.ActionSubmit:
		kind = "SUBMIT"
	case e.Service == ingest.ServiceReportBook: // a link out of the portal
		kind = "CONNECTOR"
	case ecole && e.Service == ingest.ServiceHomework:
		module = "Homeworks"
	case ecole && e.Service == ingest.ServiceSchoolLife:
		module = "SchoolBook"
	}
	return kind, module
}

// stranger writes a record of an account that no directory knows: a guest, or a
// family that left.
func (b *basin) stranger(out *file, e *region.Event, i int) {
	out.printf(`{"_id":"%s","event-type":"ACCESS","module":"Conversation","date":%d,`+
		`"userId":"%s","profil":"%s","structures":["%s"],"ip":"192.0.2.9"}`+"\n",
		uuid(random.Mix(b.seed, random.Records, uint64(b.Number), uint64(i), 14)), e.TS,
		uuid(random.Mix(b.seed, random.Names, uint64(b.Number), uint64(i%7), 15)), [2]string{"Guest", "Relative"}[i%2],
		b.structureID(&b.Schools[e.School]))
}

// sms writes the record of a text message that the platform sent: nobody's action,
// and a telephone number in the clear.
func (b *basin) sms(out *file, e *region.Event, i int) {
	p := &b.People[e.Who]
	out.printf(`{"_id":"%s","event-type":"SMS","module":"Sms","date":%d,`+
		`"userId":"%s","profil":"Personnel","adapter":"OVH","phone":"%s"}`+"\n",
		uuid(random.Mix(b.seed, random.Records, uint64(b.Number), uint64(i), 16)), e.TS,
		uuid(b.accountHash(p, region.SystemEntcore)), b.identity(p).phone)
}

// brokenEntcore is a record as the platform's own tests hold malformed ones, or
// one that was cut.
func brokenEntcore(d random.Stream, line []byte) []byte {
	switch d.IntN(4) {
	case 0:
		return []byte(`{"_id":12,"event-type":7,"module":{},"date":"2024-01-01","profil":"Relative"}` + "\n")
	case 1:
		return []byte(`{"event-type":"ACCESS","module":"Conversation","date":"hier","userId":"x","profil":"Relative"}` +
			"\n")
	case 2:
		return []byte(`{"event-type":"ACCESS","module":"Conversation","userId":"x","profil":"Relative"}` + "\n")
	}
	return append(append([]byte(nil), line[:60+d.IntN(60)]...), '\n')
}
