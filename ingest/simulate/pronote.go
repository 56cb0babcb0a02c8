package simulate

import (
	"bufio"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/ingest"
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
	for si := range b.schools {
		if b.schools[si].system != systemPronote {
			continue
		}
		if err := b.writeFront(dir, si); err != nil {
			return err
		}
	}
	return nil
}

func (b *basin) writeFront(dir string, si int) error {
	s := &b.schools[si]
	path := filepath.Join(dir, "raw/pronote", s.uai+"_access.log.gz")
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
	d := newDraw(b.r.seed, streamRecords, uint64(s.number), 3)
	c, seen := newClock(b.w), map[int32]bool{}
	for i := range b.events {
		e := &b.events[i]
		if int(e.school) != si || e.cas || e.visio {
			continue
		}
		b.front(out, d, c, e, !seen[e.visit])
		seen[e.visit] = true
	}
	if err := out.close(); err != nil {
		return err
	}
	return f.Close()
}

func (b *basin) front(out *sink, d draw, c *clock, e *event, first bool) {
	p := &b.people[e.who]
	login := b.r.identity(p).login
	h := b.r.accountHash(p, systemPronote)
	mobile := ""
	if ingest.Device(e.device) == ingest.DevicePhone {
		mobile = "mobile."
	}
	page := "/pronote/" + mobile + pronotePages[p.role] + ".html"
	line := func(ts int64, user, request, status string, bytes int) {
		ms, offset := c.set(ts)
		dst := appendIP(out.buf[:0], h>>3)
		dst = append(append(dst, " - "...), user...)
		dst = append(append(append(dst, " ["...), c.web...), ':')
		dst = append(append(appendTime(dst, ms), ' '), offset...)
		dst = append(append(append(dst, `] "`...), request...), `" `...)
		dst = append(append(dst, status...), ' ')
		dst = appendInt(dst, int64(bytes))
		dst = append(append(dst, ` "https://`...), b.schools[e.school].uai...)
		dst = append(append(dst, `.pronote.exemple.test`...), page...)
		ua := agent(e.device, h)
		if ua == "" {
			ua = "-"
		}
		dst = append(append(append(dst, `" "`...), ua...), "\"\n"...)
		out.buf = dst
		out.write(dst)
	}
	if first {
		line(e.ts, login, "GET "+page+"?ticket=ST-"+uuid(mix(uint64(e.visit), h))+" HTTP/1.1", "200", 8200)
		if d.chance(0.3) {
			line(e.ts, login, "GET /pronote/cache/pronote.css HTTP/1.1", "304", 0)
		}
	} else {
		call := "POST /pronote/appelfonction/" + pronoteSpaces[p.role] + "/" + uuid(mix(uint64(e.visit), 5))[:7] + "/" + uuid(mix(uint64(e.ts), h))[:8] + " HTTP/1.1"
		line(e.ts, login, call, "200", 1200+d.IntN(9000))
	}
	switch {
	case d.chance(0.10):
		line(e.ts+1000, login, "POST /pronote/ping HTTP/1.1", "200", 20)
	case d.chance(0.01):
		out.text(`198.51.100.9 - - [` + c.web + `:03:00:01 +0100] "GET /robots.txt HTTP/1.1" 404 0 "-" "Mozilla/5.0 (compatible; Exemplebot/2.1; +http://exemple.test/bot)"` + "\n")
	case d.chance(malformedShare):
		out.text(`198.51.100.7 - - [` + c.web + `:04:00 "\x16\x03\x01" 400 - "-"` + "\n")
	}
}
