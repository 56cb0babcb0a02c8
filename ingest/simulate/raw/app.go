package raw

import (
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
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
	for si := range b.Schools {
		if !b.Schools[si].App {
			continue
		}
		d, c := random.New(b.seed, random.App, uint64(b.Schools[si].Number)), newClock(b.Window)
		lines := b.appActions(d, c, si)
		for _, who := range b.At(si, region.RoleParent) {
			p := &b.People[who]
			if p.Kind != region.KindNever || !d.Chance(0.3) {
				continue
			}
			for day := d.IntN(7); day < b.Window.Days; day += 7 + d.IntN(7) { // it wakes up, nobody does
				lines = b.appPolling(d, c, lines, who, b.Window.At(day, b.Assumed.ParentHours.Second(d)), 3)
			}
		}
		slices.SortStableFunc(lines, func(x, y request) int { return int(x.ts - y.ts) })
		out, err := create(filepath.Join(dir, "raw/app", b.Schools[si].UAI+"_access.log"))
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
func (b *basin) appActions(d random.Stream, c *clock, si int) []request {
	var lines []request
	last := int32(-1)
	for i := range b.Events {
		e := &b.Events[i]
		if int(e.School) != si || !b.ByApp(e) {
			continue
		}
		if b.AppShows(e) {
			ts := (e.TS + 999) / 1000 * 1000
			lines = append(lines, request{ts, b.appLine(c, int(e.Who), e.Visit, ts, appPaths[e.Service])})
		}
		if e.Visit != last {
			last = e.Visit
			lines = b.appPolling(d, c, lines, int(e.Who), e.TS+600_000, 2+d.IntN(8))
		}
	}
	return lines
}

func (b *basin) appPolling(d random.Stream, c *clock, lines []request, who int, ts int64, n int) []request {
	for k := range n {
		if at := ts + int64(k)*300_000; at < b.Window.End() {
			lines = append(lines, request{at, b.appLine(c, who, 0, at, appPolls[d.IntN(3)])})
		}
	}
	return lines
}

func (b *basin) appLine(c *clock, who int, visit int32, ts int64, path string) string {
	p := &b.People[who]
	h := b.accountHash(p, region.SystemEntcore)
	ms, offset := c.set(ts)
	dst := append(appendIP(nil, h>>3), " - "...)
	dst = appendUUID(dst, b.entcoreAccount(p, visit))
	dst = append(append(append(dst, " ["...), c.web...), ':')
	dst = append(append(appendTime(dst, ms), ' '), offset...)
	dst = append(append(append(dst, `] "GET `...), path...), ` HTTP/1.1" 200 `...)
	dst = appendInt(dst, int64(200+h%5000))
	return string(append(append(append(dst, ` "-" "`...), appAgent...), "\"\n"...))
}
