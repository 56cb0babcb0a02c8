package delimited

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/text/encoding"

	"github.com/entscope/entscope/ingest"
)

// EventFields are the fields of a file of events. The account and one of at (an
// instant) and date (a day) are needed. An event of a mere day is set to noon.
var EventFields = []Field{
	{Name: "account", Required: true}, {Name: "at", Kind: DateTime}, {Name: "date", Kind: Date}, {Name: "origin", Kind: Date},
	{Name: "school"}, {Name: "profile"}, {Name: "service"}, {Name: "action"}, {Name: "device"},
	{Name: "child"}, {Name: "object"}, {Name: "id"}, {Name: "weight", Kind: Integer},
}

// The order of EventFields.
const (
	evAccount = iota
	evAt
	evDate
	evOrigin
	evSchool
	evProfile
	evService
	evAction
	evDevice
	evChild
	evObject
	evID
	evWeight
)

// maxWeight bounds how many actions one row may claim to stand for.
const maxWeight = 1 << 20

// CheckEvents reports all faults of a mapping of events at once.
func (m *Mapping) CheckEvents() error {
	faults := []error{m.CheckFields(EventFields)}
	if !m.maps("at") && !m.maps("date") {
		faults = append(faults, errors.New("neither field at nor field date is mapped"))
	}
	if name := m.Charset; name == "utf-16" || name == "utf-16le" {
		faults = append(faults, errors.New("events in utf-16 are not read (hint: convert the file)"))
	}
	return errors.Join(faults...)
}

// Format reads events through a mapping; it implements ingest.Format for the
// deliveries of one feed, one delivery at a time: Framing binds the mapping to
// the headings it sees, and the decoders use the latest binding.
type Format struct {
	mapping *Mapping
	zone    *time.Location
	clock   *ingest.Clock // tells which instants an event can have
	names   *ingest.Names // of services, nil without a catalog
	bound   atomic.Pointer[binding]
}

// binding is what the head of a delivery says.
type binding struct {
	rows *Rows
	eol  byte
	head []byte // lines to skip and headings that cannot be bound, as the file spells them
	err  error
}

// NewFormat returns the format of a mapping. zone is used where it names none.
// Events from the instant max on are not plausible; a zero max means 2100. names
// is the table of the mapping's Catalog, nil if it names none.
func NewFormat(m *Mapping, zone *time.Location, max time.Time, names *ingest.Names) (*Format, error) {
	if err := m.CheckEvents(); err != nil {
		return nil, fmt.Errorf("delimited: mapping: %w", err)
	}
	clock, err := ingest.NewClock("UTC", max)
	if err != nil {
		return nil, err
	}
	return &Format{mapping: m, zone: zone, clock: clock, names: names}, nil
}

// Name implements ingest.Format.
func (f *Format) Name() string { return "csv" }

// Version implements ingest.Format.
func (f *Format) Version() string { return "RFC 4180 and the operator's mapping" }

// BindErr is the fault of the latest delivery's headings, if any; then each of
// its records is a Reject.
func (f *Format) BindErr() error {
	if b := f.bound.Load(); b != nil {
		return b.err
	}
	return nil
}

// Framing implements ingest.Format.
func (f *Format) Framing(head []byte) ingest.Framing {
	delimiter, _ := f.mapping.delimiter()
	quote, _ := f.mapping.quote()
	text := bytes.Clone(head) // fields are unquoted in place
	if enc, _ := charset(f.mapping.Charset); enc != nil {
		text, _ = enc.NewDecoder().Bytes(text)
	}
	scan := scannerOf(text, delimiter, quote, 0)
	b := &binding{rows: newRows(scan, f.mapping, EventFields, nil)}
	b.err = b.rows.bind(f.mapping, f.zone)
	if scan.rows.EOL == 0 && !scan.findEOL() {
		scan.rows.EOL = '\n'
	}
	b.eol = scan.rows.EOL
	if f.mapping.Skip > 0 || b.err != nil {
		b.head = linesOf(head, b.eol, scan.line)
	}
	f.bound.Store(b)
	return ingest.Rows{Sep: delimiter, Quote: quote, EOL: b.eol}
}

// linesOf is the first n lines of head.
func linesOf(head []byte, eol byte, n int64) []byte {
	end := 0
	for range n {
		i := bytes.IndexByte(head[end:], eol)
		if i < 0 {
			return bytes.Clone(head)
		}
		end += i + 1
	}
	return bytes.Clone(head[:end])
}

// scannerOf reads a text that is whole.
func scannerOf(text []byte, delimiter, quote, eol byte) *Scanner {
	return &Scanner{rows: ingest.Rows{Sep: delimiter, Quote: quote, EOL: eol}, buf: text, end: len(text), eof: true}
}

// NewDecoder implements ingest.Format.
func (f *Format) NewDecoder() ingest.Decoder { return &decoder{format: f} }

// decoder decodes the chunks of deliveries.
type decoder struct {
	format   *Format
	binding  *binding
	rows     *Rows
	charset  *encoding.Decoder
	event    ingest.Event
	vocables [4]lastWord
}

// lastWord remembers what the last words meant: they come in runs.
type lastWord struct {
	text  []byte
	value int8
	ok    bool
}

// Decode implements ingest.Decoder.
func (d *decoder) Decode(chunk []byte, sink ingest.Sink) {
	if b := d.format.bound.Load(); b != d.binding {
		d.bind(b)
	}
	b := d.binding
	skipped := int64(0)
	if bytes.HasPrefix(chunk, b.head) {
		skipped = int64(bytes.Count(b.head, []byte{b.eol}))
		if len(b.head) > 0 {
			for range b.rows.ignored {
				sink.Ignore(ingest.RuleComment)
			}
		}
		chunk = chunk[len(b.head):]
	}
	if d.charset != nil {
		text, err := d.charset.Bytes(chunk)
		if err != nil {
			text = nil // a single-byte character set has no invalid text
		}
		chunk = text
	}
	scan := d.rows.scan
	*scan = Scanner{rows: ingest.Rows{Sep: scan.rows.Sep, Quote: scan.rows.Quote, EOL: b.eol}, buf: chunk, end: len(chunk), eof: true, line: skipped, fields: scan.fields}
	d.rows.reject, d.rows.ignore = sink.Reject, func() { sink.Ignore(ingest.RuleComment) }
	if b.err != nil {
		for scan.Scan() {
			d.rows.Refuse(ingest.ReasonMissingField)
		}
		return
	}
	for d.rows.Next() {
		switch rule, reason := d.fill(sink); {
		case reason != "":
			d.rows.Refuse(reason)
		case rule != "":
			sink.Ignore(rule)
		default:
			sink.Event(&d.event)
		}
	}
}

// bind takes over what the head of a delivery said.
func (d *decoder) bind(b *binding) {
	delimiter, _ := d.format.mapping.delimiter()
	quote, _ := d.format.mapping.quote()
	d.binding = b
	d.rows = newRows(&Scanner{rows: ingest.Rows{Sep: delimiter, Quote: quote}}, d.format.mapping, EventFields, nil)
	d.rows.columns, d.rows.headings = slices.Clone(b.rows.columns), b.rows.headings
	d.rows.width, d.rows.origin = b.rows.width, b.rows.origin
	for i := range d.rows.columns {
		if c := &d.rows.columns[i]; c.clock != nil && c.clock.local != nil {
			c.clock = c.clock.copy()
		}
	}
	if enc, _ := charset(d.format.mapping.Charset); enc != nil {
		d.charset = enc.NewDecoder()
	}
}

// fill makes the event of the current row, or says why it is none.
func (d *decoder) fill(sink ingest.Sink) (ingest.Rule, ingest.Reason) {
	r := d.rows
	at := r.Moment(evAt)
	if !at.Known {
		at = r.Moment(evDate)
	}
	switch {
	case !at.Known:
		return "", ingest.ReasonTimestamp
	case !d.format.clock.Plausible(at.TsMs):
		return "", ingest.ReasonTimeRange
	}
	weight := int64(1)
	if r.Has(evWeight) {
		if weight = r.Number(evWeight); weight < 1 || weight > maxWeight {
			return "", ingest.ReasonType
		}
	}
	d.event = ingest.Event{
		TsMs: at.TsMs, LocalDate: at.Day, LocalHour: at.Hour, Account: r.Text(evAccount), School: r.Text(evSchool),
		Child: r.Text(evChild), Object: r.Text(evObject), ID: r.Text(evID), Weight: int32(weight),
	}
	ok := word(&d.vocables[0], profiles, r.Text(evProfile), &d.event.Profile) &&
		word(&d.vocables[2], actions, r.Text(evAction), &d.event.Action) &&
		word(&d.vocables[3], devices, r.Text(evDevice), &d.event.Device)
	if !ok {
		return "", ingest.ReasonUnknownValue
	}
	return d.service(sink)
}

// service sets the service, and of what the catalog says what the row does not.
func (d *decoder) service(sink ingest.Sink) (ingest.Rule, ingest.Reason) {
	text, e := d.rows.Text(evService), &d.event
	if m, known := d.format.names.Lookup(text); known {
		e.Service = m.Service
		if e.Profile == ingest.ProfileUnknown {
			e.Profile = m.Profile
		}
		if !d.rows.Has(evAction) {
			e.Action = m.Action
		}
		return m.Ignore, ""
	}
	if !word(&d.vocables[1], services, text, &e.Service) {
		if d.format.names == nil {
			return "", ingest.ReasonUnknownValue
		}
		e.Service = ingest.ServiceUnknown
		ingest.Unknown(sink, "service", text)
	}
	return "", ""
}

func word[T ~int8](last *lastWord, words map[string]T, text []byte, into *T) bool {
	if len(text) == 0 {
		*into = 0
		return true
	}
	if !bytes.Equal(last.text, text) {
		v, ok := lookUp(words, text)
		last.text, last.value, last.ok = append(last.text[:0], text...), int8(v), ok
	}
	*into = T(last.value)
	return last.ok
}
