package raw

import (
	"bufio"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/random"
	"github.com/entscope/entscope/ingest/simulate/region"
	"github.com/klauspost/compress/gzip"
)

var (
	pronotePages  = [3]string{"parent", "eleve", "professeur"}
	pronoteSpaces = [3]string{"7", "6", "8"}
)

// writePronote writes the access log of each Pronote-like front end, in Apache's
// Combined form: mod_auth_cas gives the CAS log in as authuser, pages and calls
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
	path := filepath.Join(dir, "raw/pronote", s.UAI+"_access.log.gz")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	z, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return err
	}
	out := &sink{w: bufio.NewWriterSize(z, 1<<16), f: z}
	d := random.New(b.seed, random.Records, uint64(s.Number), 3)
	c, seen := newClock(b.Window), map[int32]bool{}
	for i := range b.Events {
		e := &b.Events[i]
		if int(e.School) != si || e.CAS || e.Visio {
			continue
		}
		b.front(out, d, c, e, !seen[e.Visit])
		seen[e.Visit] = true
	}
	if err := out.close(); err != nil {
		return err
	}
	return f.Close()
}

func (b *basin) front(out *sink, d random.Stream, c *clock, e *region.Event, first bool) {
	p := &b.People[e.Who]
	login := b.identity(p).login
	h := b.accountHash(p, region.SystemPronote)
	mobile := ""
	if e.Device == ingest.DevicePhone {
		mobile = "mobile."
	}
	page := "/pronote/" + mobile + pronotePages[p.Role] + ".html"
	line := func(ts int64, user, request, status string, bytes int) {
		ms, offset := c.set(ts)
		dst := appendIP(out.buf[:0], h>>3)
		dst = append(append(dst, " - "...), user...)
		dst = append(append(append(dst, " ["...), c.web...), ':')
		dst = append(append(appendTime(dst, ms), ' '), offset...)
		dst = append(append(append(dst, `] "`...), request...), `" `...)
		dst = append(append(dst, status...), ' ')
		dst = appendInt(dst, int64(bytes))
		dst = append(append(dst, ` "https://`...), b.Schools[e.School].UAI...)
		dst = append(append(dst, `.pronote.exemple.test`...), page...)
		ua := agent(e.Device, h)
		if ua == "" {
			ua = "-"
		}
		dst = append(append(append(dst, `" "`...), ua...), "\"\n"...)
		out.buf = dst
		out.write(dst)
	}
	if first {
		line(e.TS, login, "GET "+page+"?ticket=ST-"+uuid(random.Mix(uint64(e.Visit), h))+" HTTP/1.1", "200", 8200)
		if d.Chance(0.3) {
			line(e.TS, login, "GET /pronote/cache/pronote.css HTTP/1.1", "304", 0)
		}
	} else {
		call := "POST /pronote/appelfonction/" + pronoteSpaces[p.Role] + "/" + uuid(random.Mix(uint64(e.Visit), 5))[:7] + "/" + uuid(random.Mix(uint64(e.TS), h))[:8] + " HTTP/1.1"
		line(e.TS, login, call, "200", 1200+d.IntN(9000))
	}
	switch {
	case d.Chance(0.10):
		line(e.TS+1000, login, "POST /pronote/ping HTTP/1.1", "200", 20)
	case d.Chance(0.01):
		out.text(`198.51.100.9 - - [` + c.web + `:03:00:01 +0100] "GET /robots.txt HTTP/1.1" 404 0 "-" "Mozilla/5.0 (compatible; Exemplebot/2.1; +http://exemple.test/bot)"` + "\n")
	case d.Chance(b.Assumed.MalformedShare):
		out.text(`198.51.100.7 - - [` + c.web + `:04:00 "\x16\x03\x01" 400 - "-"` + "\n")
	}
}
