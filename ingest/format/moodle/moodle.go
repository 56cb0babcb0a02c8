// Package moodle reads the standard log of a Moodle (or Éléa) platform:
//
//   - the table mdl_logstore_standard_log as CSV (any order of columns, found by
//     their names) or as JSON objects (in an array, in Moodle's array of an
//     array, or one behind the other);
//   - the CSV of the Logs report in English and in French, in whose columns the
//     user is a name, the time has no zone, sometimes no seconds and no year, and
//     the line ends may be bare CRs.
//
// What happened is told by eventname, or by the name the report gives it,
// through the catalog; where that lacks it, by the component. A record with a
// realuserid is that of somebody acting as another. When the log names another
// user as the one concerned (relateduserid), as it does for a parent or mentor
// who opens a child's grades, that is the event's Child.
//
// The report's user is the number in the description ("The user with id '5'
// viewed …") where the rows of a delivery have one, else the full name, which is
// hashed like any account and never kept; a delivery tells its users one way.
package moodle

import (
	"bytes"
	"errors"

	"github.com/entscope/entscope/ingest"
)

// Version is what the format was written against.
const Version = "Moodle 2.7-4.5 logstore_standard, report_log CSV (en, fr)"

// Options are the settings of the format.
type Options struct {
	Clock *ingest.Clock
	// Events and Components are the tables moodle.event and moodle.component of
	// the catalog.
	Events, Components *ingest.Names
	// MonthFirst says that 09/07/26 is a day of September (en_us), or that it is not; nil is
	// not known, and read as not.
	MonthFirst *bool
	// Year is the year in which the school year of a report without years begins
	// (August); 0 rejects such times.
	Year int
}

// Format is the Moodle format.
type Format struct{ options Options }

// New returns the format.
func New(options Options) *Format { return &Format{options} }

// Name implements ingest.Format.
func (*Format) Name() string { return "moodle" }

// Version implements ingest.Format.
func (*Format) Version() string { return Version }

// errHeader is the Fault of a table without the columns that matter.
var errHeader = errors.New("headings: neither those of logstore_standard_log " +
	"nor of the Logs report in English or French")

// Open implements ingest.Format.
func (f *Format) Open(head []byte) ingest.Reading {
	if b := bytes.TrimLeft(head, " \t\r\n["); len(b) > 0 && b[0] == '{' {
		return ingest.Reading{Framing: ingest.Objects{}, NewDecoder: func() ingest.Decoder { return f.newDecoder(nil) }}
	}
	b := bind(head)
	r := ingest.Reading{Framing: b.rows, NewDecoder: func() ingest.Decoder { return f.newDecoder(b) }}
	if !b.usable {
		r.Fault = errHeader
	}
	if b.numeric && f.options.MonthFirst == nil {
		r.DateOrder = &ingest.DateOrder{Field: "time", Layout: "day/month", Other: "month/day",
			Hint: "month_first = true or false of the source"}
	}
	return r
}

// newDecoder returns a decoder of the rows of a table, or of JSON objects when b
// is nil.
func (f *Format) newDecoder(b *binding) *decoder {
	return &decoder{options: f.options, binding: b, clock: f.options.Clock.Copy()}
}

// The fields that are used; a record is an array of them.
const (
	fID = iota
	fEvent
	fComponent
	fAction
	fUser
	fRelated
	fReal
	fAnonymous
	fTime
	fOrigin
	fDescription
	fFullName
	fAffected
	fReportTime
	fields
)

type record [fields][]byte

type decoder struct {
	options Options
	binding *binding
	clock   *ingest.Clock
	event   ingest.Event
	values  [][]byte
}

// Decode implements ingest.Decoder.
func (d *decoder) Decode(chunk []byte, sink ingest.Sink) {
	if d.binding != nil {
		d.rows(chunk, sink)
		return
	}
	ingest.Objects{}.Each(chunk,
		func(object []byte, line int64) {
			r, ok := object2record(object)
			d.one(&r, ok, line, sink)
		},
		func(line int64, reason ingest.Reason) { sink.Reject(ingest.Reject{Line: line, Reason: reason}) })
}

func (d *decoder) one(r *record, ok bool, line int64, sink ingest.Sink) {
	rule, reason := ingest.Rule(""), ingest.ReasonMalformed
	if ok {
		rule, reason = d.understand(r, sink)
	}
	ingest.Settle(sink, line, &d.event, rule, reason)
}

// understand makes the event of a record, or says why it is none.
func (d *decoder) understand(r *record, sink ingest.Sink) (ingest.Rule, ingest.Reason) {
	e := &d.event
	*e = ingest.Event{Weight: 1, Channel: ingest.ChannelWeb}
	if reason := d.date(r); reason != "" {
		return "", reason
	}
	switch origin := string(r[fOrigin]); origin {
	case "cli", "restore":
		return ingest.RuleNotActivity, ""
	case "ws":
		e.Channel = ingest.ChannelApp
	}
	if !none(r[fReal]) || string(r[fAnonymous]) == "1" {
		if !none(r[fReal]) {
			return ingest.RuleSurrogate, ""
		}
		return ingest.RuleAnonymous, ""
	}
	if rule, reason := d.who(r); rule != "" || reason != "" {
		return rule, reason
	}
	event := plainName(r[fEvent])
	meaning, known := d.options.Events.Lookup(event)
	if meaning.Ignore != "" {
		return meaning.Ignore, ""
	}
	if meaning.Service == ingest.ServiceUnknown {
		component, located := d.options.Components.Lookup(plainName(r[fComponent]))
		meaning.Service = component.Service
		if !known && !located {
			ingest.Unknown(sink, "event", event)
		}
	}
	e.Service, e.Action = meaning.Service, meaning.Action
	e.ID = r[fID]
	return "", ""
}

// who sets the account and, where the record names another user, the child.
func (d *decoder) who(r *record) (ingest.Rule, ingest.Reason) {
	e := &d.event
	if r[fFullName] == nil { // the table
		if none(r[fUser]) {
			return ingest.RuleAnonymous, ""
		}
		if e.Account = r[fUser]; !d.isUser(r[fUser]) {
			return "", ingest.ReasonType
		}
		if !none(r[fRelated]) && !bytes.Equal(r[fRelated], r[fUser]) {
			e.Child = r[fRelated]
		}
		return "", ""
	}
	name := r[fFullName]
	switch {
	case none(name):
		return ingest.RuleAnonymous, ""
	case !d.isUser(name):
		return "", ingest.ReasonType
	case bytes.Contains(name, []byte(" as ")), bytes.Contains(name, []byte(" en tant que ")):
		return ingest.RuleSurrogate, ""
	}
	if e.Account = name; !d.binding.named {
		if e.Account = described(r[fDescription]); e.Account == nil {
			return "", ingest.ReasonNoAccount // by name it would be a second person
		}
	}
	if !none(r[fAffected]) && !bytes.Equal(r[fAffected], name) {
		e.Child = r[fAffected]
	}
	return "", ""
}

// isUser reports whether a user is not what another column holds: an event, an address, an
// origin. A full name, of several words, may be spelt in any way.
func (d *decoder) isUser(b []byte) bool {
	switch string(b) {
	case "web", "ws", "cli", "restore":
		return false
	}
	_, event := d.options.Events.Lookup(plainName(b))
	return !event && b[0] != '\\' && (bytes.IndexByte(b, ' ') > 0 || ingest.CanBeAccount(b))
}

// described is the number in "The user with id '5' viewed …". Moodle writes its
// descriptions in English whatever the language of the report; what was translated
// all the same, or begins otherwise, has none.
func described(description []byte) []byte {
	for _, form := range []struct{ before, after string }{
		{"The user with id '", "'"}, {"L'utilisateur avec l'id « ", " »"},
		{"L'utilisateur avec l'identifiant « ", " »"}, {"L'utilisateur avec l'id '", "'"},
	} {
		text := bytes.ReplaceAll(bytes.ReplaceAll(description, []byte("’"), []byte("'")), []byte("\u00a0"), []byte(" "))
		rest, ok := bytes.CutPrefix(text, []byte(form.before))
		if !ok {
			continue
		}
		id, _, ok := bytes.Cut(rest, []byte(form.after))
		if _, digits := ingest.Digits(id); ok && digits && len(id) > 0 {
			return id
		}
	}
	return nil
}

// plainName is the name of an event or component as the catalog spells it: with plain
// apostrophes, and with single backslashes where mysql --batch or INTO OUTFILE doubled them.
func plainName(name []byte) []byte {
	if bytes.HasPrefix(name, []byte(`\\`)) {
		return bytes.ReplaceAll(name, []byte(`\\`), []byte(`\`))
	}
	if bytes.Contains(name, []byte("’")) {
		return bytes.ReplaceAll(name, []byte("’"), []byte("'"))
	}
	return name
}

// none reports whether a field says that there is nothing.
func none(b []byte) bool {
	switch string(b) {
	case "", "0", "-", "NULL", "null", `\N`:
		return true
	}
	return false
}
