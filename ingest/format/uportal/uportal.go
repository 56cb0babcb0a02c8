// Package uportal reads the statistics log of an uPortal ENT as GIP RECIA's
// portals write it: one tab-separated line for each thing a user did.
//
// Columns (FORMATS.md#uportal-statistics-log, with a UAI where the portal knows one):
//
//	0 local time · 1 portal · 2 type · 3 objectClass · 4 portal user id · 5 uid · then
//	SSTART, SSTOP, LI, LO: 6 UAI · 7 session [· 8 user agent]
//	CTARG:                 6 fname · 7 count · 8 number · 9 UAI · 10 session [· 11 user agent]
//	CCALL_EXT:             6 fname · 7 UAI · 8 session [· 9 user agent]
//
// An fname is cut at its first "_": what follows is the name of a school. A
// session that ends (SSTOP) is the portal's doing, often a time-out long after
// the last click, and so no activity. Sessions need not be closed or complete:
// visits are made of events, downstream. A line has no identifier; the whole of
// it, with its milliseconds and session, is one: days that are delivered twice
// in different files are counted once.
package uportal

import (
	"bytes"

	"github.com/entscope/entscope/ingest"
)

// Version is the code the format was read in.
const Version = "GIP-RECIA/esco-indicators-logs-processor 0eb7ec7 (2017)"

// Options are the settings of the format.
type Options struct {
	Clock   *ingest.Clock
	Names   *ingest.Names // table uportal.fname of the catalog
	Classes *ingest.Names // table uportal.class
}

// Format is the uPortal format.
type Format struct{ options Options }

// New returns the format.
func New(options Options) *Format { return &Format{options} }

// Name implements ingest.Format.
func (*Format) Name() string { return "uportal" }

// Version implements ingest.Format.
func (*Format) Version() string { return Version }

// Open implements ingest.Format.
func (f *Format) Open([]byte) ingest.Reading {
	return ingest.Reading{Framing: ingest.Lines{}, NewDecoder: f.newDecoder}
}

func (f *Format) newDecoder() ingest.Decoder {
	return &decoder{clock: f.options.Clock.Copy(), names: f.options.Names, classes: f.options.Classes}
}

type decoder struct {
	clock   *ingest.Clock
	names   *ingest.Names
	classes *ingest.Names
	agents  ingest.Agents
	fields  [16][]byte
}

// Decode implements ingest.Decoder.
func (d *decoder) Decode(chunk []byte, sink ingest.Sink) {
	var (
		line  []byte
		event ingest.Event
	)
	for n := int64(1); len(chunk) > 0; n++ {
		line, chunk = ingest.NextLine(chunk)
		switch {
		case len(line) == 0:
		case line[0] == '#':
			sink.Ignore(ingest.RuleComment)
		default:
			event = ingest.Event{Weight: 1, Channel: ingest.ChannelWeb}
			rule, reason := d.record(line, &event, sink)
			ingest.Settle(sink, n, &event, rule, reason)
		}
	}
}

// record reads one line into the event, or says why it is none.
func (d *decoder) record(line []byte, e *ingest.Event, sink ingest.Sink) (ingest.Rule, ingest.Reason) {
	f := d.split(line)
	if len(f) < 7 {
		return "", ingest.ReasonFields
	}
	if !null(f[4]) && !number(f[4]) {
		return "", ingest.ReasonType
	}
	wall, n, ok := ingest.WallTime(f[0])
	if !ok || n != len(f[0]) {
		return "", ingest.ReasonTimestamp
	}
	ms, ok := d.clock.Instant(wall)
	if !ok {
		return "", ingest.ReasonTimeGap
	}
	if !d.clock.Stamp(e, ms) {
		return "", ingest.ReasonTimeRange
	}
	var fname, agent []byte
	switch string(f[2]) {
	case "SSTART", "LI":
		e.Service, e.Action = ingest.ServiceSignIn, ingest.ActionLogin
		e.School, agent = f[6], at(f, 8)
	case "LO":
		e.Service, e.Action = ingest.ServiceSignIn, ingest.ActionLogout
		e.School, agent = f[6], at(f, 8)
	case "SSTOP":
		return ingest.RuleNotActivity, ""
	case "CTARG":
		if len(f) < 11 {
			return "", ingest.ReasonFields
		}
		if !number(f[7]) || !number(f[8]) {
			return "", ingest.ReasonType
		}
		fname, e.School, agent = f[6], f[9], at(f, 11)
	case "CCALL_EXT":
		if len(f) < 9 {
			return "", ingest.ReasonFields
		}
		fname, e.School, agent = f[6], f[7], at(f, 9)
	default:
		return "", ingest.ReasonUnknownValue
	}
	if e.Account = f[5]; null(e.Account) {
		return "", ingest.ReasonNoAccount
	}
	// A portal, a class and an application are words like an account: what tells a line with
	// a field more, or two exchanged, is that the others do not look like what they are.
	if _, class := d.classes.Lookup(e.Account); class || !ingest.CanBeAccount(e.Account) ||
		!null(e.School) && !place(e.School) {
		return "", ingest.ReasonType
	}
	e.ID = line
	if null(e.School) {
		e.School = nil
	}
	if class, known := d.classes.Lookup(f[3]); known {
		e.Profile = class.Profile
	} else {
		ingest.Unknown(sink, "class", f[3])
	}
	if !null(agent) {
		a := d.agents.Lookup(agent)
		if a.Ignore != "" {
			return a.Ignore, ""
		}
		e.Device = a.Device
	}
	if fname == nil {
		return "", ""
	}
	if i := bytes.IndexByte(fname, '_'); i > 0 {
		fname = fname[:i]
	}
	service, known := d.names.Lookup(fname)
	if !known {
		ingest.Unknown(sink, "fname", fname)
	}
	e.Service, e.Action = service.Service, service.Action
	return service.Ignore, ""
}

func (d *decoder) split(line []byte) [][]byte {
	n := 0
	for n < len(d.fields)-1 {
		i := bytes.IndexByte(line, '\t')
		if i < 0 {
			break
		}
		d.fields[n] = line[:i]
		line = line[i+1:]
		n++
	}
	d.fields[n] = line
	return d.fields[:n+1]
}

func at(f [][]byte, i int) []byte {
	if i < len(f) {
		return f[i]
	}
	return nil
}

func number(b []byte) bool {
	_, ok := ingest.Digits(b)
	return ok && len(b) > 0
}

// place reports whether b is a UAI, seven digits and a letter, or a SIREN or SIRET.
func place(b []byte) bool {
	switch len(b) {
	case 8:
		return number(b[:7]) && b[7]|0x20-'a' < 26
	case 9, 14:
		return number(b)
	}
	return false
}

func null(b []byte) bool { return len(b) == 0 || string(b) == "null" || string(b) == "-" }
