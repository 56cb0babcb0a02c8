// Package mapped reads the events of delimited files of any product ("csv" in
// study.toml): the operator's mapping says which column is which field of an
// event, and how its values and dates are spelt.
//
// Package tabular cuts the rows, binds the mapping to the header and reads the
// fields; here each row that fits becomes one ingest.Event. Profile, service,
// action and device are words of the vocabulary, or the DNMA's codes; with a
// table of the catalog the service is looked up there first.
package mapped

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// Fields are the fields of a file of events. The account and one of at (an
// instant) and date (a day) are needed. An event of a mere day is set to noon.
var Fields = []tabular.Field{
	{Name: "account", Required: true}, {Name: "at", Kind: tabular.DateTime},
	{Name: "date", Kind: tabular.Date}, {Name: "origin", Kind: tabular.Date},
	{Name: "school"}, {Name: "profile", Check: vocabulary.Profiles().Check},
	{Name: "service", Check: vocabulary.Services().Check}, {Name: "action", Check: vocabulary.Actions().Check},
	{Name: "device", Check: vocabulary.Devices().Check},
	{Name: "child"}, {Name: "object"}, {Name: "id"}, {Name: "weight", Kind: tabular.Integer},
}

// The order of Fields.
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

// Check reports all faults of a mapping of events at once.
func Check(m *tabular.Mapping) error {
	fields := Fields
	if m.Catalog != "" { // a service may be any name of the catalog
		fields = slices.Clone(Fields)
		fields[evService].Check = nil
	}
	faults := []error{m.CheckFields(fields)}
	if !m.Maps("at") && !m.Maps("date") {
		faults = append(faults, errors.New("neither field at nor field date is mapped"))
	}
	if name := m.Charset; name == "utf-16" || name == "utf-16le" {
		err := errors.New("events in utf-16 are not read (hint: convert the file)")
		faults = append(faults, &tabular.Fault{Key: []string{"charset"}, Err: err})
	}
	return errors.Join(faults...)
}

// Format reads the deliveries of one feed through a mapping.
type Format struct {
	mapping *tabular.Mapping
	zone    *time.Location
	clock   *ingest.Clock // decides which instants an event can have
	names   *ingest.Names // of services, nil without a catalog
}

// New returns the format of a mapping. zone is used where it names none.
// names is the table of the mapping's Catalog, nil if it names none.
func New(m *tabular.Mapping, zone *time.Location, names *ingest.Names) (*Format, error) {
	if err := Check(m); err != nil {
		return nil, fmt.Errorf("csv: mapping: %w", err)
	}
	clock, err := ingest.NewClock("UTC")
	if err != nil {
		return nil, err
	}
	return &Format{mapping: m, zone: zone, clock: clock, names: names}, nil
}

// Name implements ingest.Format.
func (f *Format) Name() string { return "csv" }

// Version implements ingest.Format.
func (f *Format) Version() string { return "RFC 4180 and the operator's mapping" }

// Open implements ingest.Format: it binds the mapping to the delivery's header.
func (f *Format) Open(head []byte) ingest.Reading {
	b := tabular.Bind(head, f.mapping, Fields, f.zone)
	at := evAt
	if !f.mapping.Maps("at") {
		at = evDate
	}
	order := f.mapping.DateOrder(&Fields[at])
	return ingest.Reading{Framing: b.Framing(), Fault: b.Err(), DateOrder: order, NewDecoder: func() ingest.Decoder {
		return &decoder{clock: f.clock.Copy(), names: f.names, rows: b.Chunks(), bound: b.Err() == nil}
	}}
}

// decoder decodes the chunks of a delivery.
type decoder struct {
	clock *ingest.Clock
	names *ingest.Names
	rows  *tabular.Chunks
	bound bool
	event ingest.Event
	words struct{ profile, service, action, device lastWord }
	// unknown is the field whose word is in no vocabulary, when the row is refused for it.
	unknown int
}

// words are those that the fields of a vocabulary can have.
var words = map[int][]string{
	evProfile: vocabulary.Profiles().Words(), evService: vocabulary.Services().Words(),
	evAction: vocabulary.Actions().Words(), evDevice: vocabulary.Devices().Words(),
}

// lastWord remembers what the last word meant: words come in runs.
type lastWord struct {
	text  []byte
	value int8
	ok    bool
}

// Decode implements ingest.Decoder.
func (d *decoder) Decode(chunk []byte, sink ingest.Sink) {
	d.rows.Reset(chunk, sink.Reject, func() { sink.Ignore(ingest.RuleComment) })
	if told, ok := sink.(ingest.FieldSink); ok {
		d.rows.OnFault(told.FieldFault)
	}
	if !d.bound {
		d.rows.RefuseAll(ingest.ReasonMissingField)
		return
	}
	for d.rows.Next() {
		switch rule, reason := d.fill(sink); {
		case reason == ingest.ReasonUnknownValue:
			d.rows.RefuseField(d.unknown, reason, words[d.unknown])
		case reason != "":
			d.rows.Refuse(reason)
		case rule != "":
			sink.Ignore(rule)
		default:
			sink.Event(&d.event)
		}
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
	case !d.clock.Plausible(at.TsMs):
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
	switch {
	case !word(&d.words.profile, ingest.ParseProfile, r.Text(evProfile), &d.event.Profile):
		d.unknown = evProfile
	case !word(&d.words.action, ingest.ParseAction, r.Text(evAction), &d.event.Action):
		d.unknown = evAction
	case !word(&d.words.device, ingest.ParseDevice, r.Text(evDevice), &d.event.Device):
		d.unknown = evDevice
	default:
		return d.service(sink)
	}
	return "", ingest.ReasonUnknownValue
}

// service sets the service, and of what the catalog says what the row does not.
func (d *decoder) service(sink ingest.Sink) (ingest.Rule, ingest.Reason) {
	text, e := d.rows.Text(evService), &d.event
	if m, known := d.names.Lookup(text); known {
		e.Service = m.Service
		if e.Profile == ingest.ProfileUnknown {
			e.Profile = m.Profile
		}
		if !d.rows.Has(evAction) {
			e.Action = m.Action
		}
		return m.Ignore, ""
	}
	if !word(&d.words.service, ingest.ParseService, text, &e.Service) {
		if d.names == nil {
			d.unknown = evService
			return "", ingest.ReasonUnknownValue
		}
		e.Service = ingest.ServiceUnknown
		ingest.Unknown(sink, "service", text)
	}
	return "", ""
}

// word reads a word of a vocabulary; an empty one is the vocabulary's zero.
func word[T ~int8](last *lastWord, parse func([]byte) (T, bool), text []byte, into *T) bool {
	if len(text) == 0 {
		*into = 0
		return true
	}
	if !bytes.Equal(last.text, text) {
		v, ok := parse(text)
		last.text, last.value, last.ok = append(last.text[:0], text...), int8(v), ok
	}
	*into = T(last.value)
	return last.ok
}
