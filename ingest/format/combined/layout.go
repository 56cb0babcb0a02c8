package combined

import (
	"errors"
	"fmt"
	"strings"

	"github.com/entscope/entscope/ingest"
)

// Layout is how the lines of an access log are laid out, in the words of the server
// that wrote them (FORMATS.md#access-log-layouts):
//
//	common                                            a name of presets.go
//	%v %h %l %u %t "%r" %>s %b                        Apache's LogFormat
//	$remote_addr - $remote_user [$time_local] …       nginx' log_format
//	{"time":"$time_iso8601","user":"$remote_user"}    lines of JSON: which key holds what
//	w3c                                               the columns of the log's own #Fields
//
// One or more names of shippers may stand before it ("syslog common", "docker combined"):
// each line then bears their prefix, or lies in their envelope. Nothing is guessed: a line
// is laid out so, field by field, or it is a reject.
type Layout struct {
	lines   matcher // nil: w3c
	framing ingest.Framing
}

// ParseLayout reads a layout.
func ParseLayout(text string) (*Layout, error) {
	text = strings.TrimSpace(text)
	if text == "w3c" || text == "iis" {
		return &Layout{framing: ingest.Lines{}}, nil
	}
	m, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("layout: %w", err)
	}
	if missing := lacks(m.kinds()); len(missing) > 0 {
		return nil, fmt.Errorf("layout: does not say where %s stands; see entscope help layouts",
			strings.Join(missing, ", nor where "))
	}
	l := &Layout{lines: m, framing: ingest.Lines{}}
	if _, ok := m.(*object); ok {
		l.framing = ingest.Objects{}
	}
	return l, nil
}

// open begins a delivery.
func (l *Layout) open(head []byte, newReader func() reader) ingest.Reading {
	m := l.lines
	if m == nil {
		columns, err := parseColumns(head)
		if err != nil {
			refuse := func() ingest.Decoder { return new(unreadable) }
			return ingest.Reading{Framing: l.framing, Fault: err, NewDecoder: refuse}
		}
		m = columns
	}
	return ingest.Reading{Framing: l.framing, NewDecoder: func() ingest.Decoder {
		return &layoutDecoder{reader: newReader(), layout: m}
	}}
}

// layoutDecoder reads the records of a layout.
type layoutDecoder struct {
	reader
	layout matcher
	found  found
}

// Decode implements ingest.Decoder.
func (d *layoutDecoder) Decode(chunk []byte, sink ingest.Sink) {
	record := func(record []byte, line int64) {
		rule, reason := d.record(record, sink)
		ingest.Settle(sink, line, &d.event, rule, reason)
	}
	if _, objects := d.layout.(*object); objects {
		ingest.Objects{}.Each(chunk, record, func(line int64, reason ingest.Reason) {
			sink.Reject(ingest.Reject{Line: line, Reason: reason})
		})
		return
	}
	var line []byte
	for n := int64(1); len(chunk) > 0; n++ {
		if line, chunk = ingest.NextLine(chunk); len(line) > 0 {
			record(line, n)
		}
	}
}

func (d *layoutDecoder) record(line []byte, sink ingest.Sink) (ingest.Rule, ingest.Reason) {
	f := &d.found
	f.clear()
	if c, ok := d.layout.(*columns); ok && line[0] == '#' {
		return c.directive(line)
	}
	if reason := d.layout.match(line, f); reason != "" {
		return "", reason
	}
	ms, reason := f.stamp.instant(d.clock)
	if reason != "" {
		return "", reason
	}
	r := request{ms, f.status, f.user, f.method, f.path, f.query, f.agent}
	if f.asked != nil {
		var ok bool
		if r.method, r.path, r.query, ok = target(f.asked); !ok && r.status >= 400 {
			return ingest.RuleFailed, "" // a request line the server itself could not read
		} else if !ok {
			return "", ingest.ReasonType
		}
	}
	return d.understand(&r, sink)
}

// unreadable refuses every record of a delivery whose header could not be read.
type unreadable struct{}

// Decode implements ingest.Decoder.
func (*unreadable) Decode(chunk []byte, sink ingest.Sink) {
	var line []byte
	for n := int64(1); len(chunk) > 0; n++ {
		if line, chunk = ingest.NextLine(chunk); len(line) > 0 {
			sink.Reject(ingest.Reject{Line: n, Reason: ingest.ReasonFields})
		}
	}
}

var errNoColumns = errors.New("no line of #Fields at the head of the log")
