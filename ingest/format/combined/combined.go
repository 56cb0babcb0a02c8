// Package combined reads access logs of Apache and nginx in the Combined Log
// Format, also with a virtual host in front (vhost_combined), a list of forwarded
// addresses, the prefix of a log shipper, and fields after the user agent (AGIMUS
// cookie):
//
//	[prefix ][vhost[:port] ]host[, host…] ident authuser
//	  [dd/Mon/yyyy:HH:mm:ss ±zzzz] "METHOD path HTTP/x" status bytes "referer" "agent"[ …]
//
// Each field before the time must look like what it is; a line in which one does
// not is a reject, never an account that nobody has (head.go, shipped.go, shape.go).
// Other layouts are declared: a Layout is compiled from the format string of the server
// (layout.go), finds the fields of a line (text.go), of an object of JSON (object.go) or
// of the columns that a log names itself (columns.go), and ends in the same request
// (request.go), so that an event means the same whatever wrote the line.
//
// The account is the authuser, which mod_auth_cas sets to the CAS login. Of the
// rest only the instant, the path without its query (through the URL map of the
// catalog) and the class of the device are used: the address, the referer, the
// query with its tickets and the agent are never copied.
//
// A request is an event when a signed-in person asked for a page and got it, or
// when a sign-in under a name failed (status 401): static files, robots, health
// checks, keep-alives, other failed requests and methods that show nothing are
// ignored by rule.
//
// Every line is parsed in place: the quoted fields are found from their quotes,
// a quote inside the agent being escaped by a backslash. The day part of the
// time is remembered, since it is the same on most lines.
package combined

import (
	"bytes"

	"github.com/entscope/entscope/ingest"
)

// Version is the specification the format follows.
const Version = "Apache HTTP Server 2.4 LogFormat combined, vhost_combined; nginx combined"

// Options are the settings of the format.
type Options struct {
	Clock *ingest.Clock
	// URLs is the URL map of the catalog.
	URLs *ingest.Paths
	// Names are the fnames of the catalog, for the one query that is looked at:
	// uPortal's /ExternalURLStats?fname=…, which leads to an application. It may
	// be nil.
	Names *ingest.Names
	// Layout is how lines are laid out, nil for the Combined Log Format.
	Layout *Layout
}

// Format is the Combined Log Format.
type Format struct{ options Options }

// New returns the format.
func New(options Options) *Format { return &Format{options} }

// Name implements ingest.Format.
func (*Format) Name() string { return "combined" }

// Version implements ingest.Format.
func (*Format) Version() string { return Version }

// Open implements ingest.Format. Whether lines end before the referer (the Common Log
// Format) is a fact of the delivery: in a combined log such a line was cut short.
func (f *Format) Open(head []byte) ingest.Reading {
	if f.options.Layout != nil {
		return f.options.Layout.open(head, f.reader)
	}
	common := isCommon(head)
	return ingest.Reading{Framing: ingest.Lines{}, NewDecoder: func() ingest.Decoder {
		return &decoder{reader: f.reader(), common: common}
	}}
}

func (f *Format) reader() reader {
	return reader{clock: f.options.Clock.Copy(), urls: f.options.URLs, names: f.options.Names}
}

// isCommon reports whether most of the whole lines at the beginning of a delivery are of
// the Common Log Format, as Tomcat and Spring Boot write it: nothing quoted follows the
// request, not even "-".
func isCommon(head []byte) bool {
	common, combined := 0, 0
	for {
		end := bytes.IndexByte(head, '\n')
		if end < 0 {
			return common > combined
		}
		line := bytes.TrimSuffix(head[:end], []byte{'\r'})
		head = head[end+1:]
		open := timeBracket(line)
		if open < 0 {
			continue
		}
		_, rest, _ := bytes.Cut(line[open:], []byte{']'})
		_, rest, ok := quoted(rest)
		if ok {
			_, rest, ok = status(rest)
		}
		switch {
		case !ok:
		case unquoted(rest):
			common++
		default:
			combined++
		}
	}
}

// unquoted reports whether nothing follows but what a server may add to a common line:
// milliseconds, the name of its host.
func unquoted(b []byte) bool {
	for _, word := range bytes.Fields(b) {
		if !isNumbers(word) && !(isName(word) && bytes.IndexByte(word, '.') > 0) {
			return false
		}
	}
	return true
}

type decoder struct {
	reader
	common bool // nothing quoted follows the request
	// the day read last
	day   [11]byte
	dayMs int64
}

// Decode implements ingest.Decoder.
func (d *decoder) Decode(chunk []byte, sink ingest.Sink) {
	var line []byte
	for n := int64(1); len(chunk) > 0; n++ {
		line, chunk = ingest.NextLine(chunk)
		if len(line) == 0 {
			continue
		}
		rule, reason := d.record(line, sink)
		ingest.Settle(sink, n, &d.event, rule, reason)
	}
}

// record reads one line into d.event, or says why it is none.
func (d *decoder) record(line []byte, sink ingest.Sink) (ingest.Rule, ingest.Reason) {
	open := timeBracket(line)
	if open < 5 {
		return "", ingest.ReasonMalformed
	}
	rest := line[open+1:]
	user, ok := who(line[:open-1]) // without the space
	if !ok {
		return "", ingest.ReasonMalformed
	}
	// rest is `dd/Mon/yyyy:HH:mm:ss ±zzzz] "…`, or an instant of ISO 8601
	ms, rest, reason := d.time(rest)
	if reason != "" {
		return "", reason
	}
	asked, rest, ok := quoted(rest)
	if !ok {
		return "", ingest.ReasonMalformed
	}
	status, rest, ok := status(rest)
	if !ok {
		return "", ingest.ReasonMalformed
	}
	method, path, query, ok := target(asked)
	if !ok {
		// A request line the server itself could not read: it answered 4xx.
		if status >= 400 {
			return ingest.RuleFailed, ""
		}
		return "", ingest.ReasonMalformed
	}
	// What follows costs more and matters only for requests of somebody.
	agent, ok := d.agent(rest)
	if !ok {
		return "", ingest.ReasonTruncated
	}
	return d.understand(&request{ms, status, user, method, path, query, agent}, sink)
}

// agent finds the user agent behind the referer; a common line has none.
func (d *decoder) agent(rest []byte) (agent []byte, ok bool) {
	if d.common && unquoted(rest) {
		return nil, true
	}
	if _, rest, ok = quoted(rest); ok {
		agent, _, ok = quoted(rest)
	}
	return agent, ok
}

// timeBracket is the index of the "[" that opens the time: preceded by a space
// and followed by "dd/" or "yyyy-mm-dd". It is -1 if there is none.
func timeBracket(line []byte) int {
	for from := 0; ; {
		i := bytes.IndexByte(line[from:], '[')
		if i < 0 {
			return -1
		}
		i += from
		if i > 0 && line[i-1] == ' ' && i+11 < len(line) && (line[i+3] == '/' || isDay(line[i+1:i+11])) {
			return i
		}
		from = i + 1
	}
}

// time reads the instant at the beginning of b and its "]". Beside Apache's own it is one
// of ISO 8601, as log4j and Tomcat's %{yyyy-MM-dd HH:mm:ss,SSS}t write it: with T or a
// blank, decimals behind a comma or a point, and local time where no offset follows.
func (d *decoder) time(b []byte) (ms int64, rest []byte, reason ingest.Reason) {
	if len(b) < 10 || !isDay(b[:10]) {
		ms, ok := d.instant(b)
		switch {
		case !ok:
			return 0, nil, ingest.ReasonTimestamp
		case !d.clock.Plausible(ms):
			return 0, nil, ingest.ReasonTimeRange
		}
		return ms, b[27:], ""
	}
	for _, spec := range []string{stampISO, stampISOBlank, stampISOBlank + " %z"} {
		var s stamp
		n, ok := s.read(spec, b)
		if !ok || n >= len(b) || b[n] != ']' {
			continue
		}
		ms, reason := s.instant(d.clock)
		return ms, b[n+1:], reason
	}
	return 0, nil, ingest.ReasonTimestamp
}

// instant reads `dd/Mon/yyyy:HH:mm:ss ±zzzz]`.
func (d *decoder) instant(b []byte) (int64, bool) {
	if len(b) < 28 || b[11] != ':' || b[14] != ':' || b[17] != ':' || b[20] != ' ' || b[26] != ']' {
		return 0, false
	}
	if d.day != [11]byte(b) {
		days, ok := date(b[:11])
		if !ok {
			return 0, false
		}
		d.day, d.dayMs = [11]byte(b), int64(days)*86_400_000
	}
	h, m, s := two(b[12:]), two(b[15:]), two(b[18:])
	zh, zm := two(b[22:]), two(b[24:])
	if h > 23 || m > 59 || s > 60 || zh > 14 || zm > 59 {
		return 0, false
	}
	offset := int64(zh*60 + zm)
	switch b[21] {
	case '-':
		offset = -offset
	case '+':
	default:
		return 0, false
	}
	return d.dayMs + int64(h)*3_600_000 + (int64(m)-offset)*60_000 + int64(s)*1000, true
}

func date(b []byte) (int32, bool) {
	if b[2] != '/' || b[6] != '/' {
		return 0, false
	}
	month := 0
	for i, name := range months {
		if name == string(b[3:6]) {
			month = i + 1
		}
	}
	year, ok := ingest.Digits(b[7:11])
	if !ok {
		return 0, false
	}
	return ingest.Days(year, month, int(two(b)))
}
