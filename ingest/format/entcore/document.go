package entcore

import (
	"bytes"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/entscope/entscope/ingest"
)

// kind is the type of a JSON value, by its first byte.
type kind byte

const (
	absent  kind = 0
	text    kind = '"'
	number  kind = '0'
	object  kind = '{'
	array   kind = '['
	literal kind = 't' // true, false
	null    kind = 'n'
)

// value is a JSON value in place: the content of a string, or the whole of
// anything else.
type value struct {
	text    []byte
	kind    kind
	escaped bool
}

// document holds the values of the fields we keep.
type document struct {
	id, eventType, module, date, user, profile, agent, device, app, resource value
	school                                                                   value // the first structure
	schools                                                                  int
	table                                                                    bool // a row of PostgreSQL
	structuresKind                                                           kind
}

// scan picks the values out of an object.
func (d *document) scan(b []byte, names *keys) ingest.Reason {
	*d = document{}
	if len(b) == 0 || b[0] != '{' {
		return ingest.ReasonMalformed
	}
	escapes := bytes.IndexByte(b, '\\') >= 0
	for i, before := 1, 0; ; {
		i = space(b, i)
		if i < len(b) && b[i] == '}' {
			if space(b, i+1) != len(b) {
				return ingest.ReasonMalformed
			}
			return ""
		}
		key, at, next, reason := names.read(b, i, before)
		if reason != "" {
			return reason
		}
		v, next, ok := scanMember(b, space(b, next), escapes)
		if !ok {
			return broken(b)
		}
		d.keep(key, v)
		before, i = at, space(b, next)
		if i >= len(b) {
			return ingest.ReasonTruncated
		}
		if b[i] == ',' {
			i++
		} else if b[i] != '}' {
			return ingest.ReasonMalformed
		}
	}
}

// scanMember is scanValue, for less where it is known that no string of b has an escape.
func scanMember(b []byte, i int, escapes bool) (v value, next int, ok bool) {
	if escapes || i >= len(b) || b[i] != '"' {
		return scanValue(b, i)
	}
	n := bytes.IndexByte(b[i+1:], '"')
	if n < 0 {
		return v, i, false
	}
	return value{b[i+1 : i+1+n], text, false}, i + n + 2, true
}

// broken distinguishes a record that is cut short from one that is wrong inside.
func broken(b []byte) ingest.Reason {
	if b[len(b)-1] != '}' {
		return ingest.ReasonTruncated
	}
	return ingest.ReasonMalformed
}

func (d *document) keep(f field, v value) {
	switch f {
	case fieldID:
		d.id = v
		if v.kind == object {
			if name, inner := extended(v.text); name == "$oid" {
				d.id = inner
			}
		}
	case fieldEventType:
		d.eventType = v
	case fieldColumnType:
		d.eventType, d.table = v, true
	case fieldModule:
		d.module = v
	case fieldDate:
		d.date = v
	case fieldUser:
		d.user = v
	case fieldProfile:
		if d.profile.kind != text {
			d.profile = v
		}
	case fieldAgent:
		d.agent = v
	case fieldDevice:
		d.device = v
	case fieldApp:
		d.app = v
	case fieldResource:
		d.resource = v
	case fieldStructures:
		d.structuresKind = v.kind
		if v.kind == array {
			d.school, d.schools = firstText(v.text)
		}
	}
}

// check applies entcore's own rules on types.
func (d *document) check() ingest.Reason {
	for _, v := range []*value{&d.eventType, &d.module} {
		switch {
		case v.kind == absent || v.kind == text && len(v.text) == 0:
			return ingest.ReasonMissingField
		case v.kind != text:
			return ingest.ReasonType
		}
	}
	switch d.user.kind {
	case absent, text, null:
	default:
		return ingest.ReasonType
	}
	if d.id.kind == number {
		d.id.kind = text
	}
	// The others are not needed: of another type they say nothing.
	for _, v := range []*value{&d.id, &d.user, &d.profile, &d.agent, &d.device, &d.app, &d.resource} {
		if v.kind != text {
			*v = value{}
		}
	}
	switch d.structuresKind {
	case absent, null, array:
		return ""
	}
	return ingest.ReasonType
}

// instant reads the date: a number of milliseconds, or the Extended JSON of one,
// or, in a row of PostgreSQL, a local time.
func (d *document) instant(clock *ingest.Clock) (int64, ingest.Reason) {
	v := d.date
	if d.table && v.kind == text {
		return local(v.text, clock)
	}
	for range 2 {
		switch v.kind {
		case absent, null:
			return 0, ingest.ReasonMissingField
		case number:
			ms, ok := integer(v.text)
			if !ok {
				return 0, ingest.ReasonTimestamp
			}
			return ms, ""
		case object:
			name, inner := extended(v.text)
			switch {
			case name == "$numberLong" && inner.kind == text:
				ms, ok := integer(inner.text)
				if !ok {
					return 0, ingest.ReasonTimestamp
				}
				return ms, ""
			case name == "$date" && inner.kind == text:
				t, err := time.Parse(time.RFC3339Nano, string(inner.text))
				if err != nil {
					return 0, ingest.ReasonTimestamp
				}
				return t.UnixMilli(), ""
			case name == "$date":
				v = inner
			default:
				return 0, ingest.ReasonType
			}
		default:
			return 0, ingest.ReasonType
		}
	}
	return 0, ingest.ReasonType
}

// local reads "2024-05-01T08:00:03.123456" as PostgreSQL and Java write it: with a
// space or a T, any number of decimals, without the seconds when they are zero.
func local(b []byte, clock *ingest.Clock) (int64, ingest.Reason) {
	var full [19]byte
	if len(b) == 16 {
		copy(full[:], b)
		copy(full[16:], ":00")
		b = full[:]
	}
	wall, n, ok := ingest.WallTime(b[:min(19, len(b))])
	if !ok {
		return 0, ingest.ReasonTimestamp
	}
	for unit, rest := int64(1000), b[n:]; len(rest) > 0; rest = rest[1:] {
		switch c := rest[0] - '0'; {
		case c <= 9 && unit < 1000:
			wall += int64(c) * unit
		case rest[0] != '.' || unit < 1000: // an offset would make it another time
			return 0, ingest.ReasonTimestamp
		}
		unit /= 10
	}
	ms, ok := clock.Instant(wall)
	if !ok {
		return 0, ingest.ReasonTimeGap
	}
	return ms, ""
}

// integer reads a whole number of at most 16 digits; "1.7e12" and fractions
// other than ".0" are refused.
func integer(b []byte) (n int64, ok bool) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	b = bytes.TrimSuffix(b, []byte(".0"))
	if len(b) == 0 || len(b) > 16 {
		return 0, false
	}
	for _, c := range b {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	if negative {
		n = -n
	}
	return n, true
}

// extended reads an object of one field.
func extended(b []byte) (name string, inner value) {
	key, next, ok := scanValue(b, space(b, 1))
	if !ok || key.kind != text {
		return "", value{}
	}
	if next = space(b, next); next >= len(b) || b[next] != ':' {
		return "", value{}
	}
	inner, next, ok = scanValue(b, space(b, next+1))
	if next = space(b, next); !ok || next >= len(b) || b[next] != '}' {
		return "", value{}
	}
	switch string(key.text) {
	case "$oid", "$date", "$numberLong":
		return string(key.text), inner
	}
	return "", value{}
}

// firstText is the first string of an array, and how many distinct strings
// there are: 0, 1, or 2 for "several".
func firstText(b []byte) (first value, n int) {
	for i := space(b, 1); i < len(b) && b[i] != ']'; {
		v, next, ok := scanValue(b, i)
		if !ok {
			break
		}
		if v.kind == text && len(v.text) > 0 {
			switch {
			case n == 0:
				first, n = v, 1
			case !bytes.Equal(first.text, v.text):
				return first, 2
			}
		}
		if i = space(b, next); i < len(b) && b[i] == ',' {
			i = space(b, i+1)
		}
	}
	return first, n
}

func space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// scanValue reads the value that begins at i, and returns the index behind it.
// What is inside objects and arrays is only balanced, not checked.
func scanValue(b []byte, i int) (v value, next int, ok bool) {
	if i >= len(b) {
		return v, i, false
	}
	switch c := b[i]; {
	case c == '"':
		end, escaped := ingest.StringEnd(b, i+1)
		if end < 0 {
			return v, i, false
		}
		return value{b[i+1 : end], text, escaped}, end + 1, true
	case c == '{' || c == '[':
		n := ingest.ObjectEnd(b[i:])
		if n < 0 {
			return v, i, false
		}
		return value{b[i : i+n], kind(c), false}, i + n, true
	case c == '-' || c-'0' <= 9:
		next = i + 1
		for next < len(b) &&
			(b[next]-'0' <= 9 || b[next] == '.' || b[next]|0x20 == 'e' || b[next] == '+' || b[next] == '-') {
			next++
		}
		return value{b[i:next], number, false}, next, true
	case bytes.HasPrefix(b[i:], []byte("true")):
		return value{b[i : i+4], literal, false}, i + 4, true
	case bytes.HasPrefix(b[i:], []byte("false")):
		return value{b[i : i+5], literal, false}, i + 5, true
	case bytes.HasPrefix(b[i:], []byte("null")):
		return value{b[i : i+4], null, false}, i + 4, true
	}
	return v, i, false
}

// unescape appends the text of a string that holds escapes (RFC 8259, section
// 7). An escape that is none stays as it is.
func unescape(to, s []byte) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			to = append(to, s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case 'b', 'f', 'n', 'r', 't':
			to = append(to, "\b\f\n\r\t"[bytes.IndexByte([]byte("bfnrt"), c)])
		case 'u':
			r, ok := hex4(s[i+1:])
			if !ok {
				to = append(to, '\\', 'u')
				continue
			}
			i += 4
			if utf16.IsSurrogate(r) && i+6 < len(s) && s[i+1] == '\\' && s[i+2] == 'u' {
				if low, ok := hex4(s[i+3:]); ok && utf16.DecodeRune(r, low) != utf8.RuneError {
					r = utf16.DecodeRune(r, low)
					i += 6
				}
			}
			to = utf8.AppendRune(to, r)
		default:
			to = append(to, c)
		}
	}
	return to
}

func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 4 {
		return 0, false
	}
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
