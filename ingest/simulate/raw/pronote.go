package raw

import (
	"path/filepath"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
)

var (
	pronotePages  = [3]string{"parent", "eleve", "professeur"}
	pronoteSpaces = [3]string{"7", "6", "8"}
)

// writePronote writes the access log of each Pronote-like front end, in Apache's
// Combined form: mod_auth_cas gives the CAS login as authuser, pages and calls
// show the account space and the session, never the tab. Static files, presence
// pings, robots and broken requests stand between.
func (b *basin) writePronote(dir string) error {
	for si := range b.Schools {
		if b.Schools[si].System != region.SystemPronote {
			continue
		}
		if err := b.writeFront(dir, si); err != nil {
			return err
		}
	}
	return nil
}

func (b *basin) writeFront(dir string, si int) error {
	s := &b.Schools[si]
	out := file{path: filepath.Join(dir, "raw/pronote", s.UAI+"_access.log.gz")}
	out.open()
	d, seen := random.New(b.seed, random.Records, uint64(s.Number), 3), map[int32]bool{}
	for i := range b.Events {
		e := &b.Events[i]
		if int(e.School) != si || e.CAS || e.Visio {
			continue
		}
		b.front(&out, d, e, !seen[e.Visit])
		seen[e.Visit] = true
	}
	return out.close()
}

// front writes the requests of one event; the first of a visit is the page itself.
func (b *basin) front(out *file, d random.Stream, e *region.Event, first bool) {
	p := &b.People[e.Who]
	h := b.accountHash(p, region.SystemPronote)
	mobile, ua := "", agent(e.Device, h)
	if e.Device == ingest.DevicePhone {
		mobile = "mobile."
	}
	if ua == "" {
		ua = "-"
	}
	page := "/pronote/" + mobile + pronotePages[p.Role] + ".html"
	from := address(h>>3) + " - " + b.identity(p).login
	referer := "https://" + b.Schools[e.School].UAI + ".pronote.exemple.test" + page
	line := func(ts int64, request string, status, bytes int) {
		out.printf(`%s [%s] "%s HTTP/1.1" %d %d "%s" "%s"`+"\n", from, b.local(ts).Format(apache), request, status,
			bytes, referer, ua)
	}
	if first {
		line(e.TS, "GET "+page+"?ticket=ST-"+uuid(random.Mix(uint64(e.Visit), h)), 200, 8200)
		if d.Chance(0.3) {
			line(e.TS, "GET /pronote/cache/pronote.css", 304, 0)
		}
	} else {
		session, call := uuid(random.Mix(uint64(e.Visit), 5))[:7], uuid(random.Mix(uint64(e.TS), h))[:8]
		line(e.TS, "POST /pronote/appelfonction/"+pronoteSpaces[p.Role]+"/"+session+"/"+call, 200, 1200+d.IntN(9000))
	}
	day := b.local(e.TS).Format("02/Jan/2006")
	switch {
	case d.Chance(0.10):
		line(e.TS+1000, "POST /pronote/ping", 200, 20)
	case d.Chance(0.01):
		out.printf(`198.51.100.9 - - [%s:03:00:01 +0100] "GET /robots.txt HTTP/1.1" 404 0 "-" "%s"`+"\n", day, robot)
	case d.Chance(b.Assumed.MalformedShare):
		out.printf(`198.51.100.7 - - [%s:04:00 "\x16\x03\x01" 400 - "-"`+"\n", day)
	}
}

const robot = "Mozilla/5.0 (compatible; Exemplebot/2.1; +http://exemple.test/bot)"
