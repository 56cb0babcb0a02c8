package raw

import (
	"fmt"
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
	ingest.ServiceGrades:     "/competences/eleve/releve",
	ingest.ServiceMessages:   "/conversation/api/folders/inbox/messages",
	ingest.ServiceHomework:   "/homeworks/list",
	ingest.ServiceAbsences:   "/presences/events",
	ingest.ServiceSchoolLife: "/viescolaire/periodes",
	ingest.ServiceNews:       "/actualites/api/infos",
	ingest.ServiceBlog:       "/blog/list/all",
	ingest.ServiceResources:  "/mediacentre/resources",
}

// appPolls is what the application asks for by itself, whether or not anybody looks.
var appPolls = [3]string{"/conversation/count/INBOX", "/timeline/lastNotifications", "/auth/context"}

// writeApp writes the access log of the front that the mobile application talks
// to, for the entcore schools that have one: the same actions as the platform's
// own events, up to a second later and never under another account, and the
// application's polling, some of it for parents who never look.
func (b *basin) writeApp(dir string) error {
	for si := range b.Schools {
		if b.Schools[si].App {
			if err := b.writeAppFront(dir, si); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *basin) writeAppFront(dir string, si int) error {
	s := &b.Schools[si]
	f := appLog{basin: b, d: random.New(b.seed, random.App, uint64(s.Number))}
	f.actions(si)
	for _, who := range b.At(si, region.RoleParent) {
		if b.People[who].Kind != region.KindNever || !f.d.Chance(0.3) {
			continue
		}
		for day := f.d.IntN(7); day < b.Window.Days; day += 7 + f.d.IntN(7) { // it wakes up, nobody does
			f.poll(who, b.Window.At(day, b.Assumed.ParentHours.Second(f.d)), 3)
		}
	}
	slices.SortStableFunc(f.lines, func(x, y request) int { return int(x.ts - y.ts) })
	out := file{path: filepath.Join(dir, "raw/app", s.UAI+"_access.log")}
	out.open()
	for _, l := range f.lines {
		out.printf("%s", l.text)
	}
	return out.close()
}

// appLog is the log of one school's application while it is drawn.
type appLog struct {
	*basin
	d     random.Stream
	lines []request
}

// request is a line of an access log before it is written.
type request struct {
	ts   int64
	text string
}

// actions adds the actions on a phone of one visit in three, and the polling that
// goes on after each.
func (f *appLog) actions(si int) {
	last := int32(-1)
	for i := range f.Events {
		e := &f.Events[i]
		if int(e.School) != si || !f.ByApp(e) {
			continue
		}
		if f.AppShows(e) {
			f.get(int(e.Who), e.Visit, (e.TS+999)/1000*1000, appPaths[e.Service])
		}
		if e.Visit != last {
			last = e.Visit
			f.poll(int(e.Who), e.TS+600_000, 2+f.d.IntN(8))
		}
	}
}

func (f *appLog) poll(who int, ts int64, n int) {
	for k := range n {
		if at := ts + int64(k)*300_000; at < f.Window.End() {
			f.get(who, 0, at, appPolls[f.d.IntN(3)])
		}
	}
}

func (f *appLog) get(who int, visit int32, ts int64, path string) {
	p := &f.People[who]
	h := f.accountHash(p, region.SystemEntcore)
	f.lines = append(f.lines,
		request{ts, fmt.Sprintf(`%s - %s [%s] "GET %s HTTP/1.1" 200 %d "-" "%s"`+"\n", address(h>>3),
			uuid(f.entcoreAccount(p, visit)), f.local(ts).Format(apache), path, 200+h%5000, appAgent)})
}
