package cas

import (
	"bytes"
	"encoding/json"

	"github.com/entscope/entscope/ingest"
)

// line is a JSON audit record; older servers write what and when otherwise
// than as text.
type line struct {
	Who    *string         `json:"who"`
	What   json.RawMessage `json:"what"`
	Action *string         `json:"action"`
	When   json.RawMessage `json:"when"`
	Agent  *string         `json:"userAgent"`
}

// isJSON reports whether the head of a delivery is that of JSON records.
func isJSON(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n[")
	return len(head) > 0 && head[0] == '{'
}

// objects reads JSON records, on one line each or on several.
func (d *decoder) objects(chunk []byte, sink ingest.Sink) {
	ingest.EachObject(chunk,
		func(record []byte, line int64) { d.json(record, line, sink) },
		func(line int64, reason ingest.Reason) { sink.Reject(ingest.Reject{Line: line, Reason: reason}) })
}

// json reads one record.
func (d *decoder) json(b []byte, n int64, sink ingest.Sink) {
	var l line
	if json.Unmarshal(b, &l) != nil { // the error would quote the record
		sink.Reject(ingest.Reject{Line: n, Reason: ingest.ReasonMalformed})
		return
	}
	r := record{line: n, what: l.What}
	if l.Who != nil {
		r.who, r.hasWho = []byte(*l.Who), true
	}
	if l.Action != nil {
		r.action, r.hasAct = []byte(*l.Action), true
	}
	if l.Agent != nil {
		r.agent = []byte(*l.Agent)
	}
	r.when = l.When
	if n := len(l.When); n > 1 && l.When[0] == '"' {
		r.when = l.When[1 : n-1]
	}
	r.stamp = r.when
	d.finish(&r, sink)
}
