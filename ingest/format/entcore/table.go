package entcore

import (
	"bytes"
	"unicode/utf8"

	"github.com/entscope/entscope/ingest"
)

// binding is what the head of a delivery says of the whole.
type binding struct {
	objects bool // JSON objects on any number of lines; else one on each line
	// Of a table's CSV: the columns that are used, -1 for the others.
	table   bool
	rows    ingest.Rows
	header  []byte
	columns []int
}

// The columns of events.*_events that are used.
const (
	colID = iota
	colEventType
	colModule
	colDate
	colUser
	colProfile
	colAgent
	colDevice
	colApp
	colResource
	columnCount
)

var columnNames = map[string]int{
	"id": colID, "event_type": colEventType, "module": colModule, "date": colDate, "user_id": colUser,
	"profile": colProfile,
	"ua":      colAgent, "device_type": colDevice, "app_name": colApp, "appName": colApp, "resource_id": colResource,
}

// maxColumns bounds the columns of a row; the widest table has some 30.
const maxColumns = 256

// bind looks at the head of a delivery.
func bind(head []byte) *binding {
	start := bytes.TrimLeft(head, " \t\r\n")
	line, _ := ingest.NextLine(start)
	switch line = bytes.TrimSpace(line); {
	case len(line) == 0 || len(line) > 1 && line[0] == '{':
		return &binding{}
	case line[0] == '[' || line[0] == '{': // an array, or one field on each line
		return &binding{objects: true}
	}
	return bindTable(head)
}

// bindTable reads the header of a table's CSV (psql's \copy … csv header).
func bindTable(head []byte) *binding {
	line, _ := ingest.NextLine(head)
	b := &binding{rows: ingest.Rows{Sep: ',', Quote: '"', EOL: '\n'}, header: bytes.Clone(line)}
	for _, sep := range []byte{';', '\t'} {
		if bytes.Count(line, []byte{sep}) > bytes.Count(line, []byte{b.rows.Sep}) {
			b.rows.Sep = sep
		}
	}
	var seen [columnCount]bool
	for _, name := range b.rows.Split(bytes.Clone(line), nil, maxColumns) {
		column, ok := columnNames[string(bytes.TrimSpace(name))]
		if !ok || seen[column] {
			column = -1
		} else {
			seen[column] = true
		}
		b.columns = append(b.columns, column)
	}
	b.table = seen[colEventType] && seen[colModule] && seen[colDate] && len(b.columns) <= maxColumns
	return b
}

// table decodes a chunk of rows.
func (d *decoder) table(chunk []byte, sink ingest.Sink) {
	b := d.binding
	reject := func(line int64, reason ingest.Reason) { sink.Reject(ingest.Reject{Line: line, Reason: reason}) }
	b.rows.EachRow(chunk, func(row []byte, line int64) {
		switch {
		case bytes.Equal(row, b.header):
			sink.Ignore(ingest.RuleComment)
			return
		case bytes.IndexByte(row, 0) >= 0 || !utf8.Valid(row):
			reject(line, ingest.ReasonEncoding)
			return
		}
		d.values = b.rows.Split(row, d.values[:0], maxColumns)
		if len(d.values) != len(b.columns) {
			reject(line, ingest.ReasonFields)
			return
		}
		d.doc = document{table: true}
		fields := [columnCount]*value{
			&d.doc.id, &d.doc.eventType, &d.doc.module, &d.doc.date, &d.doc.user, &d.doc.profile,
			&d.doc.agent, &d.doc.device, &d.doc.app, &d.doc.resource,
		}
		for i, column := range b.columns {
			if v := d.values[i]; column >= 0 && len(v) > 0 && string(v) != `\N` {
				*fields[column] = value{text: v, kind: text}
			}
		}
		d.book(line, sink)
	}, reject)
}
