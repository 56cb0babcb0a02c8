package combined

import (
	"bytes"
	"strings"

	"github.com/entscope/entscope/ingest"
)

const (
	dayMs    = 86_400_000
	hourMs   = 3_600_000
	minuteMs = 60_000
)

// Layouts of instants, in the words of strftime; %f is the decimals of a second, where
// there are any, and %Z an offset, where there is one.
const (
	stampCLF     = "%d/%b/%Y:%H:%M:%S %z"
	stampHAProxy = "%d/%b/%Y:%H:%M:%S%f"
	stampISO     = "%Y-%m-%dT%H:%M:%S%f%Z"
	// An instant of ISO 8601 with a blank in the place of T
	stampISOBlank = "%Y-%m-%d %H:%M:%S%f%Z"
	stampEpoch    = "%s%f"
	stampMilli    = "%L"
	stampMicro    = "%N"
	stampDay      = "%Y-%m-%d"
	stampClock    = "%H:%M:%S%f"
)

// stamp is an instant as far as it was read.
type stamp struct {
	year, month, day int
	clock            int64 // ms since midnight
	offset           int64 // ms
	epoch            int64 // ms since 1970, of an instant that is a number
	zoned, number    bool
}

// read reads an instant, or a part of it, of a layout at the beginning of b; n is its length.
func (s *stamp) read(spec string, b []byte) (n int, ok bool) {
	for from := b; ; {
		if spec == "" {
			return len(from) - len(b), true
		}
		if spec[0] != '%' {
			if len(b) == 0 || b[0] != spec[0] {
				return 0, false
			}
			b, spec = b[1:], spec[1:]
			continue
		}
		n, ok := s.part(spec[1], b)
		if !ok {
			return 0, false
		}
		b, spec = b[n:], spec[2:]
	}
}

// part reads one part of an instant.
func (s *stamp) part(name byte, b []byte) (n int, ok bool) {
	two := func(most int) (int, bool) {
		if len(b) < 2 {
			return 0, false
		}
		v, ok := ingest.Digits(b[:2])
		return v, ok && v <= most
	}
	var v int
	switch name {
	case 'Y':
		if len(b) < 4 {
			return 0, false
		}
		s.year, ok = ingest.Digits(b[:4])
		return 4, ok
	case 'm':
		s.month, ok = two(12)
	case 'd', 'e':
		if len(b) > 1 && b[0] == ' ' && name == 'e' {
			s.day, ok = ingest.Digits(b[1:2])
		} else {
			s.day, ok = two(31)
		}
	case 'b', 'B':
		return s.monthName(name == 'B', b)
	case 'H':
		v, ok = two(23)
		s.clock += int64(v) * hourMs
	case 'M':
		v, ok = two(59)
		s.clock += int64(v) * minuteMs
	case 'S':
		v, ok = two(60)
		s.clock += int64(v) * 1000
	case 'f':
		return s.decimals(b), true
	case 'z', 'Z':
		return s.zone(b, name == 'Z')
	case 's', 'L', 'N':
		return s.count(name, b)
	}
	return 2, ok
}

func (s *stamp) monthName(whole bool, b []byte) (n int, ok bool) {
	for i, name := range months {
		if len(b) >= 3 && name == string(b[:3]) {
			s.month, n = i+1, 3
			for whole && n < len(b) && b[n]|0x20 >= 'a' && b[n]|0x20 <= 'z' {
				n++
			}
			return n, true
		}
	}
	return 0, false
}

// decimals reads the decimals of a second, to the millisecond.
func (s *stamp) decimals(b []byte) int {
	n := len(b) - len(decimals(b))
	unit := int64(100)
	for _, c := range b[:n] {
		if c-'0' <= 9 {
			s.clock += int64(c-'0') * unit
			s.epoch += int64(c-'0') * unit
			unit /= 10
		}
	}
	return n
}

// zone reads ±zzzz, ±zz:zz or Z.
func (s *stamp) zone(b []byte, optional bool) (n int, ok bool) {
	if len(b) > 0 && b[0] == 'Z' {
		s.zoned, s.offset = true, 0
		return 1, true
	}
	if len(b) < 5 || b[0] != '+' && b[0] != '-' {
		return 0, optional
	}
	hours, minutes := two(b[1:]), uint(100)
	n = 5
	if b[3] == ':' && len(b) > 5 {
		minutes, n = two(b[4:]), 6
	} else if b[3] != ':' {
		minutes = two(b[3:])
	}
	s.zoned, s.offset = true, int64(hours)*hourMs+int64(minutes)*minuteMs
	if b[0] == '-' {
		s.offset = -s.offset
	}
	return n, hours <= 14 && minutes <= 59
}

// count reads an instant that is a number of seconds, milli- or microseconds.
func (s *stamp) count(unit byte, b []byte) (n int, ok bool) {
	for n < len(b) && b[n]-'0' <= 9 && n < 17 {
		s.epoch = 10*s.epoch + int64(b[n]-'0')
		n++
	}
	s.number = true
	switch unit {
	case 's':
		s.epoch *= 1000
		return n, n >= 9 && n <= 11
	case 'N':
		s.epoch /= 1000
		return n, n >= 15
	}
	return n, n >= 12 && n <= 14
}

// instant is the instant in milliseconds since 1970.
func (s *stamp) instant(clock *ingest.Clock) (ms int64, reason ingest.Reason) {
	ms = s.epoch
	if !s.number {
		days, ok := ingest.Days(s.year, s.month, s.day)
		if !ok {
			return 0, ingest.ReasonTimestamp
		}
		ms = int64(days)*dayMs + s.clock
		if s.zoned {
			ms -= s.offset
		} else if ms, ok = clock.Instant(ms); !ok {
			return 0, ingest.ReasonTimeGap
		}
	}
	if !clock.Plausible(ms) {
		return 0, ingest.ReasonTimeRange
	}
	return ms, ""
}

// stampSpec is the layout of an instant as Apache's %{…}t and the words above name it.
func stampSpec(name string) string {
	name = strings.TrimPrefix(strings.TrimPrefix(name, "begin:"), "end:")
	switch name {
	case "":
		return stampCLF
	case "sec":
		return "%s"
	case "msec":
		return stampMilli
	case "usec":
		return stampMicro
	}
	return strings.NewReplacer("%T", "%H:%M:%S", "%F", "%Y-%m-%d", "%h", "%b", "%%", "%").Replace(name)
}

// isWhole reports whether a layout of instants reads what this package knows.
func isWhole(spec string) bool {
	known := true
	for i := 0; i+1 < len(spec); i++ {
		if spec[i] == '%' {
			known = known && bytes.IndexByte([]byte("YmdebBHMSfzZsLN"), spec[i+1]) >= 0
			i++
		}
	}
	has := func(parts ...string) bool {
		for _, p := range parts {
			if !strings.Contains(spec, p) {
				return false
			}
		}
		return true
	}
	return known && (has("%s") || has("%L") || has("%N") ||
		has("%Y", "%H", "%M") && (has("%m") || has("%b") || has("%B")) && (has("%d") || has("%e")))
}
