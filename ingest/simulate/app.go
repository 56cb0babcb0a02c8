package simulate

import (
	"path/filepath"
	"slices"
	"time"

	"github.com/entscope/entscope/ingest"
)

const appAgent = "ENT/2.3.1 (Android 14; Mobile) okhttp/4.12.0"

// appPaths are pages of entcore as its front's access log has them (URL map
// "entcore" of the catalog); what has none is not asked for by the application.
var appPaths = map[ingest.Service]string{
	ingest.ServiceGrades: "/competences/eleve/releve", ingest.ServiceMessages: "/conversation/api/folders/inbox/messages",
	ingest.ServiceHomework: "/homeworks/list", ingest.ServiceAbsences: "/presences/events", ingest.ServiceSchoolLife: "/viescolaire/periodes",
	ingest.ServiceNews: "/actualites/api/infos", ingest.ServiceBlog: "/blog/list/all", ingest.ServiceResources: "/mediacentre/resources",
}

// appPolls is what the application asks for by itself, whether or not anybody looks.
var appPolls = [3]string{"/conversation/count/INBOX", "/timeline/lastNotifications", "/auth/context"}

// request is a line of an access log before it is written.
type request struct {
	ts   int64
	text string
}

// writeApp writes the access log of the front that the mobile application talks
// to, for the entcore schools that have one: the same actions as the platform's
// own events, up to a second later and never under another account, and the
// application's polling, some of it for parents who never look.
func (b *basin) writeApp(dir string) error {
	for si := range b.schools {
		if !b.schools[si].app {
			continue
		}
		d, c := newDraw(b.r.seed, streamApp, uint64(b.schools[si].number)), newClock(b.w)
		lines := b.appActions(d, c, si)
		for _, who := range b.at(si, roleParent) {
			p := &b.people[who]
			if p.kind != kindNever || !d.chance(0.3) {
				continue
			}
			for day := d.IntN(7); day < b.w.days; day += 7 + d.IntN(7) { // it wakes up, nobody does
				lines = b.appPolling(d, c, lines, who, b.w.at(day, d.second(parentHours)), 3)
			}
		}
		slices.SortStableFunc(lines, func(x, y request) int { return int(x.ts - y.ts) })
		out, err := create(filepath.Join(dir, "raw/app", b.schools[si].uai+"_access.log"))
		if err != nil {
			return err
		}
		for _, l := range lines {
			out.text(l.text)
		}
		if err := out.close(); err != nil {
			return err
		}
	}
	return nil
}

// appActions are the actions on a phone of one visit in three, and the polling
// that goes on after each.
func (b *basin) appActions(d draw, c *clock, si int) []request {
	var lines []request
	last := int32(-1)
	for i := range b.events {
		e := &b.events[i]
		if int(e.school) != si || !b.byApp(e) {
			continue
		}
		if path := appPaths[ingest.Service(e.service)]; path != "" && ingest.Action(e.action) == ingest.ActionAccess {
			ts := (e.ts + 999) / 1000 * 1000
			lines = append(lines, request{ts, b.appLine(c, int(e.who), e.visit, ts, path)})
		}
		if e.visit != last {
			last = e.visit
			lines = b.appPolling(d, c, lines, int(e.who), e.ts+600_000, 2+d.IntN(8))
		}
	}
	return lines
}

// byApp reports whether an event belongs to a visit that the application's front sees.
func (b *basin) byApp(e *event) bool {
	return b.schools[e.school].app && e.named && !e.cas && !e.visio && ingest.Device(e.device) == ingest.DevicePhone && e.visit%3 == 0
}

func (b *basin) appPolling(d draw, c *clock, lines []request, who int, ts int64, n int) []request {
	for k := range n {
		if at := ts + int64(k)*300_000; at < b.w.end() {
			lines = append(lines, request{at, b.appLine(c, who, 0, at, appPolls[d.IntN(3)])})
		}
	}
	return lines
}

func (b *basin) appLine(c *clock, who int, visit int32, ts int64, path string) string {
	p := &b.people[who]
	h := b.r.accountHash(p, systemEntcore)
	ms, offset := c.set(ts)
	dst := append(appendIP(nil, h>>3), " - "...)
	dst = appendUUID(dst, b.r.entcoreAccount(p, visit))
	dst = append(append(append(dst, " ["...), c.web...), ':')
	dst = append(append(appendTime(dst, ms), ' '), offset...)
	dst = append(append(append(dst, `] "GET `...), path...), ` HTTP/1.1" 200 `...)
	dst = appendInt(dst, int64(200+h%5000))
	return string(append(append(append(dst, ` "-" "`...), appAgent...), "\"\n"...))
}

// writeVisio writes the log of the region's video service, a CSV of who entered
// which room when.
func (b *basin) writeVisio(dir string) error {
	var out *sink
	for i := range b.events {
		e := &b.events[i]
		if !e.visio {
			continue
		}
		if out == nil {
			var err error
			if out, err = create(filepath.Join(dir, "raw/visio", b.name("entrees")+".csv")); err != nil {
				return err
			}
			out.text("Identifiant;Entrée;UAI;Salle\n")
		}
		at := time.UnixMilli(e.ts).In(b.w.paris).Format("02/01/2006 15:04:05")
		out.text(b.r.visioAccount(&b.people[e.who]) + ";" + at + ";" + b.schools[e.school].uai + ";" + uuid(mix(uint64(e.school), uint64(e.ts/hourMs)))[:8] + "\n")
	}
	if out == nil {
		return nil
	}
	return out.close()
}

// visioAccount is the account of a person on the video service.
func (r *region) visioAccount(p *person) string {
	return "v-" + uuid(mix(r.accountHash(p, systemEntcore), 17))[:13]
}
