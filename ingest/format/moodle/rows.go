package moodle

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/entscope/entscope/ingest"
)

// binding is what the head of a delivery says.
type binding struct {
	json    bool
	eol     byte // '\n', or '\r' alone
	sep     byte // ',', ';' or tab
	columns []int
	header  []byte
	usable  bool
}

// heading is the name of a column and the field it holds.
type heading struct {
	name  string
	field int
}

// headings of the columns that are used: of the table, and of the report in
// English and French (typographic apostrophes made plain).
var headings = []heading{
	{"id", fID}, {"eventname", fEvent}, {"component", fComponent}, {"action", fAction}, {"userid", fUser},
	{"relateduserid", fRelated}, {"realuserid", fReal}, {"anonymous", fAnonymous}, {"timecreated", fTime}, {"origin", fOrigin},
	{"time", fReportTime}, {"user full name", fFullName}, {"affected user", fAffected}, {"event name", fEvent}, {"description", fDescription},
	{"heure", fReportTime}, {"nom complet", fFullName}, {"utilisateur concerné", fAffected}, {"composant", fComponent},
	{"nom de l'événement", fEvent}, {"origine", fOrigin},
}

// fieldOf is the field of a column, -1 for one that is not used.
func fieldOf(name string) int {
	name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "’", "'")
	for _, h := range headings {
		if h.name == name {
			return h.field
		}
	}
	return -1
}

// bind reads the headings.
func bind(head []byte) *binding {
	b := &binding{eol: '\n'}
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		b.eol = '\r'
	}
	line, _, _ := bytes.Cut(head, []byte{b.eol})
	b.header = bytes.TrimSuffix(line, []byte{'\r'})
	b.sep = ','
	for _, sep := range []byte{';', '\t'} {
		if bytes.Count(b.header, []byte{sep}) > bytes.Count(b.header, []byte{b.sep}) {
			b.sep = sep
		}
	}
	seen := make(map[int]bool)
	var values [][]byte
	values, _, _ = splitRow(b.header, b.sep, nil, nil)
	for _, v := range values {
		field := fieldOf(string(v))
		if seen[field] {
			field = -1
		}
		seen[field] = true
		b.columns = append(b.columns, field)
	}
	table := seen[fTime] && seen[fUser]
	report := seen[fReportTime] && seen[fFullName]
	b.usable = seen[fEvent] && table != report
	return b
}

// rows is the framing of quoted rows: a line end inside quotes does not count.
type rows struct{ eol byte }

// LineEnd is what lines are counted by.
func (f rows) LineEnd() byte { return f.eol }

// Cut implements ingest.Framing.
func (f rows) Cut(buf []byte) int {
	cut, quoted := 0, false
	for i, c := range buf {
		switch {
		case c == '"':
			quoted = !quoted
		case c == f.eol && !quoted:
			cut = i + 1
		}
	}
	return cut
}

// Resync implements ingest.Framing: a quote that is not closed ends, for us, at
// the last line end in sight.
func (f rows) Resync(buf []byte) int {
	if i := bytes.LastIndexByte(buf, f.eol); i >= 0 {
		return i + 1
	}
	return -1
}

// rows decodes a chunk of rows.
func (d *decoder) rows(chunk []byte, b *binding, sink ingest.Sink) {
	var values [][]byte
	line := int64(1)
	for len(chunk) > 0 {
		end := rowEnd(chunk, b.eol)
		row := chunk[:end]
		rest := chunk[min(end+1, len(chunk)):]
		next := line + int64(bytes.Count(chunk[:len(chunk)-len(rest)], []byte{b.eol}))
		row = bytes.TrimSuffix(row, []byte{'\r'})
		switch {
		case len(row) == 0:
		case bytes.Equal(row, b.header):
			sink.Ignore(ingest.RuleComment)
		case !b.usable:
			sink.Reject(ingest.Reject{Line: line, Reason: ingest.ReasonMissingField})
		default:
			var ok bool
			values, d.scratch, ok = splitRow(row, b.sep, values[:0], d.scratch[:0])
			if !ok {
				sink.Reject(ingest.Reject{Line: line, Reason: ingest.ReasonMalformed})
			} else if len(values) != len(b.columns) {
				sink.Reject(ingest.Reject{Line: line, Reason: ingest.ReasonFields})
			} else {
				var r record
				for i, field := range b.columns {
					if field >= 0 {
						r[field] = values[i]
					}
				}
				d.one(&r, true, line, sink)
			}
		}
		chunk, line = rest, next
	}
}

// rowEnd is the index of the line end of the first row, or the length of chunk.
func rowEnd(chunk []byte, eol byte) int {
	quoted := false
	for i, c := range chunk {
		switch {
		case c == '"':
			quoted = !quoted
		case c == eol && !quoted:
			return i
		}
	}
	return len(chunk)
}

// splitRow appends the values of a row (RFC 4180), unquoted into scratch where
// quotes are doubled. Values are never nil.
func splitRow(row []byte, sep byte, values [][]byte, scratch []byte) ([][]byte, []byte, bool) {
	for {
		if len(row) == 0 || row[0] != '"' {
			i := bytes.IndexByte(row, sep)
			if i < 0 {
				return append(values, row[:len(row):len(row)]), scratch, true
			}
			values, row = append(values, row[:i:i]), row[i+1:]
			continue
		}
		from := len(scratch)
		row = row[1:]
		for {
			i := bytes.IndexByte(row, '"')
			if i < 0 {
				return values, scratch, false
			}
			scratch = append(scratch, row[:i]...)
			row = row[i+1:]
			if len(row) == 0 || row[0] != '"' {
				break
			}
			scratch = append(scratch, '"')
			row = row[1:]
		}
		values = append(values, scratch[from:len(scratch):len(scratch)])
		switch {
		case len(row) == 0:
			return values, scratch, true
		case row[0] != sep:
			return values, scratch, false
		}
		row = row[1:]
	}
}

// object2record reads a JSON object whose values are strings, numbers or null.
func object2record(object []byte) (r record, ok bool) {
	var values map[string]json.RawMessage
	if json.Unmarshal(object, &values) != nil {
		return r, false
	}
	for _, h := range headings {
		v, field := values[h.name], h.field
		switch {
		case r[field] != nil, len(v) == 0, string(v) == "null":
		case v[0] == '"':
			var s string
			if json.Unmarshal(v, &s) != nil {
				return r, false
			}
			r[field] = []byte(s)
		default:
			r[field] = v
		}
	}
	return r, r[fEvent] != nil
}
