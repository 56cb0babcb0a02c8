// Package cas reads the audit trail of Apereo CAS servers, versions 3 to 7:
//
//   - records of many lines ("Audit trail record BEGIN", WHO:, WHAT:, ACTION:,
//     WHEN: …) by the three families of loggers (com.github.inspektr,
//     org.jasig.inspektr, org.apereo.inspektr), between the records of other
//     loggers and in their terminal colours;
//   - records of one line, in inspektr's order and in that of CAS 7 (single.go);
//   - JSON records, on one line each or on several (json.go);
//   - serviceStats.log and auth.log of the AGIMUS-NG module (single.go).
//
// A login is the creation of a ticket-granting ticket: AUTHENTICATION_SUCCESS is
// fired by every handler. A service ticket is an access. A login that fails, or
// that the server holds back after too many, is an event of the account that WHO
// names (ActionLoginFailed); of audit:unknown it is nobody's. The other actions
// are the server's own. The instant is the local time of the log line in the
// configured zone, where there is one: WHEN names its zone by an ambiguous
// abbreviation ("CST").
//
// A server that writes the same record to cas.log and to cas_audit.log, or
// twice to one of them, gives it the same ID both times: time, WHO, ACTION and
// WHAT; the tickets in it are never kept, only a keyed hash of the whole.
package cas

import (
	"bytes"

	"github.com/entscope/entscope/ingest"
)

// Version is what the format was written against.
const Version = "Apereo CAS 5.2/5.3 logs; inspektr 1.8 layouts; CAS 7 audit reference; " +
	"cas-server-support-agimus-logs bc691d7"

// Options are the settings of the format.
type Options struct{ Clock *ingest.Clock }

// Format is the CAS audit format.
type Format struct{ options Options }

// shape is what the records of a delivery look like.
type shape int

const (
	shapeLines   shape = iota // one record on each line
	shapeHeaded               // a record reaches from a log header to the next
	shapeObjects              // JSON
)

// New returns the format.
func New(options Options) *Format { return &Format{options} }

// Name implements ingest.Format.
func (*Format) Name() string { return "cas" }

// Version implements ingest.Format.
func (*Format) Version() string { return Version }

// Open implements ingest.Format: where lines begin with a log header, a record
// reaches to the next header; JSON is cut behind objects, all else behind lines.
func (f *Format) Open(head []byte) ingest.Reading {
	s := shapeOf(head)
	framing := map[shape]ingest.Framing{
		shapeLines: ingest.Lines{}, shapeHeaded: headers{}, shapeObjects: ingest.Objects{},
	}
	return ingest.Reading{Framing: framing[s], NewDecoder: func() ingest.Decoder {
		return &decoder{shape: s, clock: f.options.Clock.Copy()}
	}}
}

func shapeOf(head []byte) shape {
	if isJSON(head) {
		return shapeObjects
	}
	for len(head) > 0 {
		var line []byte
		line, head = ingest.NextLine(head)
		if _, ok := parseHeader(line); ok {
			return shapeHeaded
		}
	}
	return shapeLines
}

// headers is the framing of records that begin with a log header.
type headers struct{}

// Cut implements ingest.Framing: the last record may go on, so it is left.
func (headers) Cut(buf []byte) int {
	for end := len(buf); end > 0; {
		start := bytes.LastIndexByte(buf[:end-1], '\n') + 1
		if start == 0 {
			return 0
		}
		if _, ok := parseHeader(buf[start:]); ok {
			return start
		}
		end = start
	}
	return 0
}

// Resync implements ingest.Framing.
func (headers) Resync(buf []byte) int {
	for at := 0; ; {
		n := bytes.IndexByte(buf[at:], '\n')
		if n < 0 {
			return -1
		}
		at += n + 1
		if _, ok := parseHeader(buf[at:]); ok {
			return at
		}
	}
}

// header is the beginning of a log line: `2018-06-20 10:02:27,807 INFO [logger] - message`.
type header struct {
	stamp   []byte // the time as written
	wall    int64  // the same, in milliseconds as if it were UTC
	logger  []byte
	message []byte
}

func parseHeader(line []byte) (h header, ok bool) {
	line = uncoloured(line)
	wall, n, ok := ingest.WallTime(line)
	if !ok || n == len(line) {
		return h, false
	}
	h.wall, h.stamp = wall, line[:n]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	if n > len(line) {
		return h, false
	}
	rest := line[n:]
	open := bytes.IndexByte(rest, '[')
	if open < 0 || open > 16 {
		return h, false
	}
	for _, c := range rest[:open] { // the level; anything else is a record that begins with its time
		if c != ' ' && c|0x20-'a' >= 26 {
			return h, false
		}
	}
	end := bytes.IndexByte(rest, ']')
	if end < open {
		return h, false
	}
	h.logger, h.message = rest[open+1:end], rest[end+1:]
	h.message = bytes.TrimLeft(h.message, " -")
	h.message = bytes.TrimPrefix(h.message, []byte("<"))
	return h, true
}

// uncoloured strips terminal colours (ESC [ … m) from the beginning of a line.
func uncoloured(line []byte) []byte {
	for len(line) > 2 && line[0] == 0x1b && line[1] == '[' {
		end := bytes.IndexByte(line[:min(len(line), 16)], 'm')
		if end < 0 {
			break
		}
		line = line[end+1:]
	}
	return line
}

type decoder struct {
	shape   shape
	clock   *ingest.Clock
	agents  ingest.Agents
	event   ingest.Event
	scratch []byte
}

// Decode implements ingest.Decoder.
func (d *decoder) Decode(chunk []byte, sink ingest.Sink) {
	if d.shape == shapeObjects {
		d.objects(chunk, sink)
		return
	}
	var (
		line    []byte
		current record   // the record being read, if any
		inside  bool     // an audit record
		foreign bool     // a record of another logger, already counted
		gather  gathered // a JSON record behind a log header
	)
	flush := func() {
		if inside {
			d.finish(&current, sink)
			inside = false
		}
		if gather.open() {
			sink.Reject(ingest.Reject{Line: gather.header.line, Reason: ingest.ReasonTruncated})
			gather = gathered{}
		}
	}
	for n := int64(1); len(chunk) > 0; n++ {
		line, chunk = ingest.NextLine(chunk)
		line = uncoloured(line)
		if h, ok := parseHeader(line); ok {
			flush()
			foreign = false
			switch {
			case bytes.HasPrefix(h.message, []byte("Audit trail record BEGIN")):
				inside = true
				current = record{line: n, wall: h.wall, stamp: h.stamp, dated: true}
			case bytes.Contains(h.logger, []byte("inspektr")) && isJSON(bytes.TrimPrefix(h.message, []byte("<"))):
				foreign = true
				gather = gathered{header: record{line: n, wall: h.wall, stamp: h.stamp, dated: true}}
				if gather.add(bytes.TrimPrefix(h.message, []byte("<"))) {
					d.json(gather.text, gather.header, sink)
					gather = gathered{}
				}
			case bytes.Contains(h.logger, []byte("inspektr")):
				foreign = true // what follows belongs to the same log line
				d.single(trimEnd(h.message), &h, n, sink)
			default:
				foreign = true
				sink.Ignore(ingest.RuleOtherLogger)
			}
			continue
		}
		switch {
		case gather.open():
			if gather.add(line) {
				d.json(gather.text, gather.header, sink)
				gather = gathered{}
			}
		case inside:
			if current.read(line) {
				flush()
				foreign = true // what still belongs to the log line: ">"
			}
		case foreign, len(bytes.TrimSpace(line)) == 0:
		default:
			if !d.single(line, nil, n, sink) {
				foreign = d.shape == shapeHeaded // one reject for a whole run of lines without a header
			}
		}
	}
	flush()
}

// trimEnd drops what closes a log message: ">" and colours.
func trimEnd(message []byte) []byte {
	if i := bytes.LastIndexByte(message, 0x1b); i >= 0 {
		message = message[:i]
	}
	return bytes.TrimSuffix(message, []byte(">"))
}

// record is an audit record as far as it was read.
type record struct {
	line                int64
	wall                int64
	stamp               []byte
	dated               bool // wall is known
	who, what, action   []byte
	when, agent         []byte
	hasWho, hasAct, end bool
	rules               int // lines of "=====" seen
}

var ruler = []byte("=====")

// read takes one line of a record of many lines, and reports whether it was
// the last.
func (r *record) read(line []byte) bool {
	if bytes.HasPrefix(line, ruler) {
		r.rules++
		r.end = r.rules == 2
		return r.end
	}
	colon := bytes.IndexByte(line, ':')
	if colon < 2 || colon > 24 {
		return false // a line break inside WHAT
	}
	text := bytes.TrimSpace(line[colon+1:])
	switch string(line[:colon]) {
	case "WHO":
		r.who, r.hasWho = text, true
	case "WHAT":
		r.what = text
	case "ACTION":
		r.action, r.hasAct = text, true
	case "WHEN":
		r.when = text
	case "USER AGENT", "USER-AGENT", "USER_AGENT":
		r.agent = text
	}
	return false
}

// finish makes of a record what it is.
func (d *decoder) finish(r *record, sink ingest.Sink) {
	rule, reason := d.understand(r)
	ingest.Settle(sink, r.line, &d.event, rule, reason)
}

func (d *decoder) understand(r *record) (ingest.Rule, ingest.Reason) {
	if r.rules > 0 && !r.end && (!r.hasWho || !r.hasAct || r.when == nil) {
		return "", ingest.ReasonTruncated
	}
	if !r.hasAct || len(r.action) == 0 {
		if r.dated && !r.end && r.who == nil {
			return "", ingest.ReasonTruncated
		}
		return "", ingest.ReasonMissingField
	}
	e := &d.event
	*e = ingest.Event{Weight: 1, Channel: ingest.ChannelWeb}
	switch string(r.action) {
	case "TICKET_GRANTING_TICKET_CREATED":
		e.Service, e.Action = ingest.ServiceSignIn, ingest.ActionLogin
	case "LOGOUT_SUCCESS":
		e.Service, e.Action = ingest.ServiceSignIn, ingest.ActionLogout
	case "AUTHENTICATION_FAILED", "THROTTLED_LOGIN_ATTEMPT":
		e.Service, e.Action = ingest.ServiceSignIn, ingest.ActionLoginFailed
	case "SERVICE_TICKET_CREATED":
		// The sign-in, or the page of the service it lets in to, is the action: it has a record of its own.
		e.Service, e.Action, e.Weight = ingest.ServiceUnknown, ingest.ActionAccess, 0
	default:
		return ingest.RuleNotActivity, ""
	}
	if !r.hasWho {
		return "", ingest.ReasonNoAccount
	}
	who, rule := account(r.who)
	if rule != "" {
		return rule, ""
	}
	if len(who) == 0 {
		return "", ingest.ReasonNoAccount
	}
	if reason := d.date(r); reason != "" {
		return "", reason
	}
	if a := d.agents.Lookup(r.agent); len(r.agent) > 0 {
		if a.Ignore != "" {
			return a.Ignore, ""
		}
		e.Device = a.Device
	}
	e.Account = who
	d.scratch = append(d.scratch[:0], r.stamp...)
	for _, part := range [][]byte{r.who, r.action, r.what} {
		d.scratch = append(append(d.scratch, 0), part...)
	}
	e.ID = d.scratch
	return "", ""
}

// date sets the event's times from the header or, without one, from WHEN.
func (d *decoder) date(r *record) ingest.Reason {
	wall, utc := r.wall, false
	if !r.dated {
		var ok bool
		if wall, utc, ok = when(r.when); !ok {
			return ingest.ReasonTimestamp
		}
	}
	ms := wall
	if !utc {
		var ok bool
		if ms, ok = d.clock.Instant(wall); !ok {
			return ingest.ReasonTimeGap
		}
	}
	if !d.clock.Stamp(&d.event, ms) {
		return ingest.ReasonTimeRange
	}
	return ""
}

// account is the login in a WHO field: plain, "[username: x]" of CAS 3, or
// "(Primary User: [a], Surrogate User: [b])", which is a acting as b and shows
// of neither's own use.
func account(who []byte) ([]byte, ingest.Rule) {
	switch {
	case bytes.Equal(who, []byte("audit:unknown")), bytes.Equal(who, []byte("null")):
		return nil, ingest.RuleAnonymous
	case bytes.Contains(who, []byte("Surrogate User:")):
		return nil, ingest.RuleSurrogate
	}
	if inner, ok := bytes.CutPrefix(who, []byte("[username:")); ok {
		who = bytes.TrimSpace(bytes.TrimSuffix(inner, []byte("]")))
	}
	return who, ""
}
