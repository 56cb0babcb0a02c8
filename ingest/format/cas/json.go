package cas

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/entscope/entscope/ingest"
)

// line is a JSON audit record; older servers write what and when otherwise
// than as text. The names behind are those of the actuator's auditLog endpoint.
type line struct {
	Who       *string         `json:"who"`
	Principal *string         `json:"principal"`
	What      json.RawMessage `json:"what"`
	Resource  json.RawMessage `json:"resourceOperatedUpon"`
	Action    *string         `json:"action"`
	Performed *string         `json:"actionPerformed"`
	When      json.RawMessage `json:"when"`
	WhenDone  json.RawMessage `json:"whenActionWasPerformed"`
	Agent     *string         `json:"userAgent"`
}

// gathered is a JSON record behind a log header, which may go over many lines.
type gathered struct {
	header record
	text   []byte
	depth  int
	quoted bool
}

// maxGathered bounds such a record.
const maxGathered = 64 << 10

func (g *gathered) open() bool { return g.depth > 0 }

// add takes a line and reports whether it ended the record; what stands behind the
// closing brace (">") is no part of it.
func (g *gathered) add(line []byte) bool {
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case g.quoted && c == '\\':
			i++
		case c == '"':
			g.quoted = !g.quoted
		case g.quoted:
		case c == '{':
			g.depth++
		case c == '}':
			if g.depth--; g.depth == 0 {
				g.text = append(g.text, line[:i+1]...)
				return true
			}
		}
	}
	if g.text = append(append(g.text, line...), '\n'); len(g.text) > maxGathered {
		g.depth = 0
		return true // no record is so long: it is rejected as what it is
	}
	return false
}

// isJSON reports whether the head of a delivery is that of JSON records.
func isJSON(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n[")
	return len(head) > 0 && head[0] == '{'
}

// objects reads JSON records, on one line each or on several.
func (d *decoder) objects(chunk []byte, sink ingest.Sink) {
	ingest.Objects{}.Each(chunk,
		func(text []byte, line int64) { d.json(text, record{line: line}, sink) },
		func(line int64, reason ingest.Reason) { sink.Reject(ingest.Reject{Line: line, Reason: reason}) })
}

// json reads one record, whose time may be known from a log header.
func (d *decoder) json(b []byte, r record, sink ingest.Sink) {
	var l line
	if json.Unmarshal(b, &l) != nil { // the error would quote the record
		sink.Reject(ingest.Reject{Line: r.line, Reason: ingest.ReasonMalformed})
		return
	}
	if l.What == nil {
		l.What = l.Resource
	}
	if l.When == nil {
		l.When = l.WhenDone
	}
	r.what = l.What
	if who := cmp.Or(l.Who, l.Principal); who != nil {
		r.who, r.hasWho = []byte(*who), true
	}
	if action := cmp.Or(l.Action, l.Performed); action != nil {
		r.action, r.hasAct = []byte(*action), true
	}
	if l.Agent != nil {
		r.agent = []byte(*l.Agent)
	}
	r.when = instant(l.When)
	if !r.dated {
		r.stamp = r.when
	}
	d.finish(&r, sink)
}

// instant is the text of a time: of a JSON text, of a number, or of the list that
// Jackson makes of a local time, [2025,10,10,8,2,28,101000000].
func instant(b []byte) []byte {
	n := len(b)
	switch {
	case n > 1 && b[0] == '"':
		return b[1 : n-1]
	case n > 1 && b[0] == '[':
		var f []int
		if json.Unmarshal(b, &f) != nil || len(f) < 5 || len(f) > 7 {
			return nil
		}
		f = append(f, 0)
		return fmt.Appendf(nil, "%04d-%02d-%02dT%02d:%02d:%02d", f[0], f[1], f[2], f[3], f[4], f[5])
	}
	return b
}
