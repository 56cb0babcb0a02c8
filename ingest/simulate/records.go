package simulate

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/entscope/entscope/ingest"
)

// sink is a file being written, with the first error it met.
type sink struct {
	w   *bufio.Writer
	f   io.Closer
	err error
	n   int64
	buf []byte
}

func create(path string) (*sink, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &sink{w: bufio.NewWriterSize(f, 1<<18), f: f}, nil
}

func (s *sink) write(b []byte) {
	if s.err == nil {
		_, s.err = s.w.Write(b)
	}
	s.n += int64(len(b))
}

func (s *sink) text(t string) { s.write([]byte(t)) }

func (s *sink) close() error {
	if err := s.w.Flush(); s.err == nil {
		s.err = err
	}
	if err := s.f.Close(); s.err == nil {
		s.err = err
	}
	return s.err
}

func appendInt(dst []byte, n int64) []byte { return strconv.AppendInt(dst, n, 10) }

// clock writes local times; it remembers the text of the day.
type clock struct {
	w   *window
	day int
	iso string // 2025-09-08
	web string // 08/Sep/2025
}

func newClock(w *window) *clock { return &clock{w: w, day: -1} }

func (c *clock) set(ts int64) (ms int64, offset string) {
	day, _ := c.w.local(ts)
	if day != c.day {
		t := c.w.date(day)
		c.day, c.iso, c.web = day, t.Format(time.DateOnly), t.Format("02/Jan/2006")
	}
	ms = ts - c.w.mid[day]
	offset = "+0100"
	length := c.w.mid[day+1] - c.w.mid[day]
	summer := time.UnixMilli(ts).In(c.w.paris).IsDST()
	if summer {
		offset = "+0200"
	}
	if length == 25*hourMs && !summer {
		ms -= hourMs
	}
	if length == 23*hourMs && summer {
		ms += hourMs
	}
	return ms, offset
}

// appendTime writes hh:mm:ss.
func appendTime(dst []byte, ms int64) []byte {
	s := int(ms / 1000)
	for i, n := range [3]int{s / 3600, s / 60 % 60, s % 60} {
		if i > 0 {
			dst = append(dst, ':')
		}
		dst = append(dst, byte('0'+n/10), byte('0'+n%10))
	}
	return dst
}

func appendMillis(dst []byte, ms int64) []byte {
	n := ms % 1000
	return append(dst, byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10))
}

// month is the YYYYMM of an instant, in local time, for file names.
func (c *clock) month(ts int64) string {
	c.set(ts)
	return c.iso[:4] + c.iso[5:7]
}

// writeRecords writes the logs of a basin under dir/raw.
func (b *basin) writeRecords(dir string) error {
	for _, write := range []func(string) error{b.writeEntcore, b.writeUportal, b.writePronote, b.writeCAS, b.writeApp, b.writeVisio} {
		if err := write(dir); err != nil {
			return err
		}
	}
	return nil
}

func (b *basin) name(format string) string { return format + "-" + fourDigits(b.number+1) }

func fourDigits(n int) string {
	s := strconv.Itoa(n)
	for len(s) < 4 {
		s = "0" + s
	}
	return s
}

func is(e *event, s ingest.Service) bool { return ingest.Service(e.service) == s }
