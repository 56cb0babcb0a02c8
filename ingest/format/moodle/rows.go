package moodle

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/entscope/entscope/ingest"
)

// binding is what the header of a table says.
type binding struct {
	rows    ingest.Rows
	columns []int
	header  []byte
	usable  bool
	// named says that the report's users are told by name: a row in the head has no
	// number in its description.
	named bool
	// numeric says that a row in the head gives its month as a number: 7/09/26.
	numeric bool
}

// column is the name of a column and the field it holds.
type column struct {
	name  string
	field int
}

// names of the columns that are used: of the table, and of the report in
// English and French (typographic apostrophes made plain).
var names = []column{
	{"id", fID}, {"eventname", fEvent}, {"component", fComponent}, {"action", fAction}, {"userid", fUser},
	{"relateduserid", fRelated}, {"realuserid", fReal}, {"anonymous", fAnonymous}, {"timecreated", fTime},
	{"origin", fOrigin}, {"time", fReportTime}, {"user full name", fFullName}, {"affected user", fAffected},
	{"event name", fEvent}, {"description", fDescription}, {"heure", fReportTime}, {"nom complet", fFullName},
	{"nom complet de l'utilisateur", fFullName}, {"utilisateur concerné", fAffected}, {"utilisateur touché", fAffected},
	{"composant", fComponent},
	{"nom de l'événement", fEvent}, {"origine", fOrigin},
}

// fieldOf is the field of a column, -1 for one that is not used.
func fieldOf(name string) int {
	name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), "’", "'")
	for _, h := range names {
		if h.name == name {
			return h.field
		}
	}
	return -1
}

// maxColumns bounds the columns of a row; the table has 21.
const maxColumns = 256

// bind reads the header.
func bind(head []byte) *binding {
	b := &binding{rows: ingest.Rows{Sep: ',', Quote: '"', EOL: '\n'}}
	if i := bytes.IndexAny(head, "\r\n"); i >= 0 && head[i] == '\r' && !bytes.HasPrefix(head[i:], []byte("\r\n")) {
		b.rows.EOL = '\r'
	}
	line, _, _ := bytes.Cut(head, []byte{b.rows.EOL})
	b.header = bytes.Clone(bytes.TrimSuffix(line, []byte{'\r'}))
	for _, sep := range []byte{';', '\t'} {
		if bytes.Count(b.header, []byte{sep}) > bytes.Count(b.header, []byte{b.rows.Sep}) {
			b.rows.Sep = sep
		}
	}
	seen := make(map[int]bool)
	for _, v := range b.rows.Split(bytes.Clone(b.header), nil, maxColumns) {
		field := fieldOf(string(v))
		if seen[field] {
			field = -1
		}
		seen[field] = true
		b.columns = append(b.columns, field)
	}
	table := seen[fTime] && seen[fUser]
	report := seen[fReportTime] && seen[fFullName]
	b.usable = seen[fEvent] && table != report && len(b.columns) <= maxColumns
	if b.usable && report {
		b.named, b.numeric = b.unnumbered(head)
	}
	return b
}

// unnumbered reports whether a whole row of the head has a user and no number of
// one, and whether one gives its month as a number. The number on one line and the name
// on the next would make two persons of one, so a delivery tells its users one way.
func (b *binding) unnumbered(head []byte) (found, numeric bool) {
	last := bytes.LastIndexByte(head, b.rows.EOL) + 1
	b.rows.EachRow(bytes.Clone(head[:last]), func(row []byte, _ int64) {
		if bytes.Equal(row, b.header) {
			return
		}
		values := b.rows.Split(row, nil, maxColumns)
		if len(values) != len(b.columns) {
			return
		}
		var name, description []byte
		for i, field := range b.columns {
			switch field {
			case fFullName:
				name = values[i]
			case fDescription:
				description = values[i]
			case fReportTime:
				numeric = numeric || bytes.IndexByte(values[i], '/') > 0
			}
		}
		found = found || !none(name) && described(description) == nil
	}, func(int64, ingest.Reason) {})
	return found, numeric
}

// rows decodes a chunk of rows.
func (d *decoder) rows(chunk []byte, sink ingest.Sink) {
	b := d.binding
	reject := func(line int64, reason ingest.Reason) { sink.Reject(ingest.Reject{Line: line, Reason: reason}) }
	b.rows.EachRow(chunk, func(row []byte, line int64) {
		switch {
		case bytes.Equal(row, b.header):
			sink.Ignore(ingest.RuleComment)
			return
		case !b.usable:
			reject(line, ingest.ReasonMissingField)
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
		var r record
		for i, field := range b.columns {
			if field >= 0 {
				r[field] = d.values[i]
			}
		}
		d.one(&r, true, line, sink)
	}, reject)
}

// object2record reads a JSON object whose values are strings, numbers or null.
func object2record(object []byte) (r record, ok bool) {
	var values map[string]json.RawMessage
	if json.Unmarshal(object, &values) != nil {
		return r, false
	}
	for _, h := range names {
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
