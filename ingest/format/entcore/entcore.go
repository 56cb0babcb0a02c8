// Package entcore reads the event collection of an entcore ENT (ONE, NEO, Paris
// Classe Numérique, …): what the export API /infra/event/list gives as one JSON
// array, the same documents one on each line, and the Extended JSON of
// mongoexport ({"$numberLong": …}, {"$date": …}, {"$oid": …}).
//
// Rows of the PostgreSQL tables events.*_events are read as JSON (row_to_json)
// and as CSV with a header (table.go): event_type, user_id and profile instead of
// event-type, userId and profil, no structures, and a date in the server's local
// time without zone, of which the hour that comes twice in October is taken as
// the first.
//
// A document is scanned once, byte by byte: the handful of fields we keep are
// picked out of it, the others (ip, ua apart from the class of its device,
// referer, phone, sessionId) are stepped over. What it does is told by
// event-type, where by module, both through the catalog. Required are
// event-type, module (strings) and date (epoch milliseconds), as in entcore's
// own check. What fails that check entcore puts into events_format_error, which
// is read like events: a document that is wrong only where we do not look (a
// sessionId or shares of another type) is an event, the others are rejected with
// the reason. A document without userId is that of nobody signed in.
//
// The structures of a user of several schools do not say where the event
// happened: School is set only when there is exactly one.
//
// Three things are told twice by entcore and count once. A decoder remembers
// nothing, so it gives both records the same Event.ID, and whoever counts events
// takes each identifier once (anonymize/subject does, package aggregate too):
//
//  1. A payload that was not acknowledged in time is stored again: same _id.
//  2. LOGIN is also emitted around ACTIVATION: the two have for ID the user and
//     the second, whatever _id they were stored under.
//  3. Without access-mobile-dedup-enabled, the ACCESS of the application and that
//     of the page it shows are both stored: ID is the user, module and second.
//
// A pair that a full second separates stays two events, of one visit. Events of
// other types without _id have no ID.
package entcore

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"github.com/entscope/entscope/ingest"
)

// Version is the code the format was read in.
const Version = "edificeio/entcore aa39df0 (2026-06-12), MongoDB and PostgreSQL event stores, export API v1/v2; " +
	"counting rules of 2026-11"

// Options are the settings of the format.
type Options struct {
	Clock *ingest.Clock
	// Modules, Events and Profiles are the tables entcore.module, entcore.event
	// and entcore.profile of the catalog.
	Modules, Events, Profiles *ingest.Names
}

// Format is the entcore format.
type Format struct{ options Options }

// New returns the format.
func New(options Options) *Format { return &Format{options} }

// Name implements ingest.Format.
func (*Format) Name() string { return "entcore" }

// Version implements ingest.Format.
func (*Format) Version() string { return Version }

// Open implements ingest.Format: an array is cut behind its objects, a CSV
// behind its rows, all else behind lines.
func (f *Format) Open(head []byte) ingest.Reading {
	b := bind(head)
	r := ingest.Reading{Framing: ingest.Lines{}, NewDecoder: func() ingest.Decoder {
		return &decoder{options: f.options, binding: b, clock: f.options.Clock.Copy()}
	}}
	switch {
	case b.objects:
		r.Framing = ingest.Objects{}
	case b.table:
		r.Framing = b.rows
	}
	return r
}

type decoder struct {
	options Options
	binding *binding
	clock   *ingest.Clock
	agents  ingest.Agents
	event   ingest.Event
	doc     document
	keys    keys
	scratch []byte
	values  [][]byte
}

// Decode implements ingest.Decoder.
func (d *decoder) Decode(chunk []byte, sink ingest.Sink) {
	switch {
	case d.binding.table:
		d.table(chunk, sink)
	case d.binding.objects:
		ingest.Objects{}.Each(chunk,
			func(record []byte, line int64) { d.one(record, line, sink) },
			func(line int64, reason ingest.Reason) { sink.Reject(ingest.Reject{Line: line, Reason: reason}) })
	default:
		var line []byte
		for n := int64(1); len(chunk) > 0; n++ {
			line, chunk = ingest.NextLine(chunk)
			if line = bytes.TrimSpace(line); len(line) > 0 {
				d.one(line, n, sink)
			}
		}
	}
}

// one reads a JSON document.
func (d *decoder) one(record []byte, n int64, sink ingest.Sink) {
	reason := ingest.ReasonEncoding
	if utf8.Valid(record) {
		reason = d.doc.scan(record, &d.keys)
	}
	if reason != "" {
		sink.Reject(ingest.Reject{Line: n, Reason: reason})
		return
	}
	d.book(n, sink)
}

// book hands on what d.doc is.
func (d *decoder) book(n int64, sink ingest.Sink) {
	rule, reason := d.record(sink)
	ingest.Settle(sink, n, &d.event, rule, reason)
}

// record makes d.event of d.doc, or says why it is none.
func (d *decoder) record(sink ingest.Sink) (ingest.Rule, ingest.Reason) {
	doc := &d.doc
	if reason := doc.check(); reason != "" {
		return "", reason
	}
	ms, reason := doc.instant(d.clock)
	if reason != "" {
		return "", reason
	}
	e := &d.event
	*e = ingest.Event{Weight: 1}
	if !d.clock.Stamp(e, ms) {
		return "", ingest.ReasonTimeRange
	}
	eventType, known := d.options.Events.Lookup(doc.eventType.text)
	if !known {
		ingest.Unknown(sink, "event", doc.eventType.text)
	}
	if eventType.Ignore != "" {
		return eventType.Ignore, ""
	}
	if len(doc.user.text) == 0 {
		return ingest.RuleAnonymous, ""
	}
	e.Action, e.Service = eventType.Action, eventType.Service
	if e.Service == ingest.ServiceUnknown {
		module, known := d.options.Modules.Lookup(doc.module.text)
		if !known {
			ingest.Unknown(sink, "module", doc.module.text)
		}
		if module.Ignore != "" {
			return module.Ignore, ""
		}
		e.Service = module.Service
	}
	if e.Service == ingest.ServiceMessages && e.Action == ingest.ActionRead && len(doc.resource.text) == 0 {
		e.Action = ingest.ActionAccess
	}
	profile, _ := d.options.Profiles.Lookup(doc.profile.text)
	e.Profile = profile.Profile
	d.where(e)
	d.scratch = d.scratch[:0]
	if e.Account = d.text(doc.user); doc.table && !d.isUser(e.Account) {
		return "", ingest.ReasonType
	}
	e.ID = d.identity(e)
	e.Object = d.text(doc.resource)
	if doc.schools == 1 {
		e.School = d.text(doc.school)
	}
	return "", ""
}

// isUser reports whether a user is not what another column of a row holds.
func (d *decoder) isUser(b []byte) bool {
	_, event := d.options.Events.Lookup(b)
	_, module := d.options.Modules.Lookup(b)
	_, profile := d.options.Profiles.Lookup(b)
	return !event && !module && !profile && ingest.CanBeAccount(b)
}

// where sets device and channel: the record's own word for the device first,
// then its user agent; a LOGIN through OAuth bears the client's name as module.
func (d *decoder) where(e *ingest.Event) {
	doc := &d.doc
	agent := d.agents.Lookup(doc.agent.text)
	e.Device, e.Channel = agent.Device, agent.Channel
	if named := ingest.DeviceNamed(doc.device.text); named != ingest.DeviceUnknown {
		e.Device = named
	}
	oauth := e.Action == ingest.ActionLogin && string(doc.module.text) != "Auth"
	if oauth || len(doc.app.text) > 0 && string(doc.app.text) != "Unknown" {
		e.Channel = ingest.ChannelApp
	}
	if e.Channel == ingest.ChannelUnknown {
		e.Channel = ingest.ChannelWeb
	}
}

// identity is what makes two records one event: see the package comment. It is
// short enough for the one block of SHA-256 that a uuid takes.
func (d *decoder) identity(e *ingest.Event) []byte {
	doc := &d.doc
	sum := uint32(2166136261) // FNV-1a
	switch string(doc.eventType.text) {
	case "LOGIN", "ACTIVATION":
	case "ACCESS":
		for _, c := range doc.module.text {
			sum = (sum ^ uint32(c)) * 16777619
		}
	default:
		return d.text(doc.id)
	}
	from := len(d.scratch)
	// A first byte that no text of a document begins with keeps these apart
	// from the identifiers of other records.
	d.scratch = append(d.scratch, 0xff, byte(e.Action))
	d.scratch = binary.BigEndian.AppendUint32(d.scratch, sum)
	d.scratch = binary.BigEndian.AppendUint32(d.scratch, uint32(e.TsMs/1000))
	d.scratch = append(d.scratch, e.Account...)
	if e.Action == ingest.ActionActivation {
		d.scratch[from+1] = byte(ingest.ActionLogin)
	}
	return d.scratch[from:]
}

// text is a string value without its escapes. It lives as long as the record.
func (d *decoder) text(v value) []byte {
	if !v.escaped {
		return v.text
	}
	from := len(d.scratch)
	d.scratch = unescape(d.scratch, v.text)
	return d.scratch[from:]
}
