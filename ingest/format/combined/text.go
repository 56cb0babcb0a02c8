package combined

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/entscope/entscope/ingest"
)

// text is a line of fields with text between them.
type text struct{ parts []part }

// part is a field and the text behind it; the first part of a line has no field when text
// begins the line.
type part struct {
	field
	has    bool // there is a field
	quoted bool // between double quotes
	behind []byte
}

// variables are nginx' names of fields. Any other name is a field that is not read.
var variables = map[string]field{
	"remote_addr": {kind: kindHost}, "realip_remote_addr": {kind: kindHost}, "server_addr": {kind: kindHost},
	"host": {kind: kindVhost}, "http_host": {kind: kindVhost}, "server_name": {kind: kindVhost},
	"remote_port": {kind: kindPort}, "server_port": {kind: kindPort},
	"http_x_forwarded_for": {kind: kindForwarded}, "proxy_add_x_forwarded_for": {kind: kindForwarded},
	"remote_user": {kind: kindUser}, "remote_user_words": {kind: kindWords},
	"time_local": {kind: kindStamp, spec: stampCLF}, "time_iso8601": {kind: kindStamp, spec: stampISO},
	"msec": {kind: kindStamp, spec: stampEpoch}, "time_haproxy": {kind: kindStamp, spec: stampHAProxy},
	"request": {kind: kindRequest}, "request_method": {kind: kindMethod}, "server_protocol": {kind: kindProtocol},
	"request_uri": {kind: kindPath}, "uri": {kind: kindPath}, "document_uri": {kind: kindPath},
	"args": {kind: kindQuery}, "query_string": {kind: kindQuery}, "status": {kind: kindStatus},
	"body_bytes_sent": {kind: kindNumber}, "bytes_sent": {kind: kindNumber}, "request_length": {kind: kindNumber},
	"connection": {kind: kindNumber}, "connection_requests": {kind: kindNumber},
	"request_time": {kind: kindNumbers}, "upstream_response_time": {kind: kindNumbers},
	"upstream_connect_time": {kind: kindNumbers}, "upstream_header_time": {kind: kindNumbers},
	"upstream_response_length": {kind: kindNumbers}, "upstream_status": {kind: kindNumbers},
	"upstream_addr": {kind: kindServers}, "request_id": {kind: kindID}, "req_id": {kind: kindID},
	"http_user_agent": {kind: kindAgent},
}

// directives are Apache's letters.
var directives = map[byte]field{
	'h': {kind: kindHost}, 'a': {kind: kindHost}, 'A': {kind: kindHost}, 'v': {kind: kindVhost}, 'V': {kind: kindVhost},
	'p': {kind: kindPort}, 'l': {kind: kindIdent}, 'u': {kind: kindUser}, 't': {kind: kindStamp, spec: stampCLF},
	'r': {kind: kindRequest}, 'm': {kind: kindMethod}, 'U': {kind: kindPath}, 'q': {kind: kindQuery},
	'H': {kind: kindProtocol}, 's': {kind: kindStatus}, 'b': {kind: kindNumber}, 'B': {kind: kindNumber},
	'O': {kind: kindNumber}, 'I': {kind: kindNumber}, 'S': {kind: kindNumber}, 'D': {kind: kindNumber},
	'T': {kind: kindNumbers}, 'k': {kind: kindNumber}, 'P': {kind: kindNumber},
	'f': {}, 'i': {}, 'o': {}, 'C': {}, 'e': {}, 'n': {}, 'x': {}, 'X': {}, 'L': {}, 'R': {},
}

// headers are the request headers whose kind is known, for Apache's %{…}i.
var headers = map[string]kind{"user-agent": kindAgent, "x-forwarded-for": kindForwarded, "host": kindVhost}

// parseText compiles a format string.
func parseText(s string) (*text, error) {
	t := &text{parts: []part{{}}}
	s = strings.NewReplacer(`\"`, `"`, `\t`, "\t").Replace(s)
	for s != "" {
		i := strings.IndexAny(s, "%$")
		if i < 0 {
			i = len(s)
		}
		t.literal(s[:i])
		s = s[i:]
		if s == "" {
			break
		}
		if strings.HasPrefix(s, "%%") {
			t.literal("%")
			s = s[2:]
			continue
		}
		f, n, err := parseField(s)
		if err != nil {
			return nil, err
		}
		apacheTime := s[0] == '%' && f.kind == kindStamp && f.spec == stampCLF
		if apacheTime {
			t.literal("[")
		}
		if err := t.add(f); err != nil {
			return nil, fmt.Errorf("%s: %w", s[:n], err)
		}
		if apacheTime {
			t.literal("]")
		}
		s = s[n:]
	}
	return t, t.finish()
}

func (t *text) literal(s string) {
	last := &t.parts[len(t.parts)-1]
	last.behind = append(last.behind, s...)
}

// add appends a field. %U%q is one, and so are a host and its port.
func (t *text) add(f field) error {
	last := &t.parts[len(t.parts)-1]
	behind := string(last.behind)
	switch {
	case last.has && last.kind == kindPath && f.kind == kindQuery && strings.Trim(behind, "?") == "":
		last.behind = nil
		return nil
	case last.has && (last.kind == kindHost || last.kind == kindVhost) && f.kind == kindPort && behind == ":":
		last.behind = nil
		return nil
	case last.has && behind == "" && last.spec == "":
		return errors.New("a field without anything before it that ends the last one")
	}
	t.parts = append(t.parts, part{field: f, has: true})
	return nil
}

// finish tells each field what bounds it.
func (t *text) finish() error {
	before := t.parts[0].behind
	for i := 1; i < len(t.parts); i++ {
		p := &t.parts[i]
		p.quoted = bytes.HasSuffix(before, []byte{'"'}) && bytes.HasPrefix(p.behind, []byte{'"'})
		p.bounded = p.quoted || len(p.behind) > 0 && p.behind[0] != ' '
		switch {
		case p.kind == kindRequest && !p.quoted:
			return errors.New("the request must stand between double quotes")
		case p.kind == kindWords && (len(p.behind) < 2 && !p.bounded):
			return errors.New("an account of several words must be followed by more than a space")
		case p.kind == kindUser && !p.quoted && len(p.behind) > 0 && p.behind[0] == '[':
			return errors.New("the account must be followed by a space or a quote")
		}
		before = p.behind
	}
	return nil
}

// parseField reads a directive or a variable at the beginning of s; n is its length.
func parseField(s string) (f field, n int, err error) {
	if s[0] == '$' {
		name := s[1:]
		if strings.HasPrefix(name, "{") {
			end := strings.IndexByte(name, '}')
			if end < 0 {
				return f, 0, errors.New("${ without }")
			}
			return variables[name[1:end]], end + 2, nil
		}
		for n < len(name) && (name[n] == '_' || name[n]-'0' <= 9 || name[n]|0x20-'a' < 26) {
			n++
		}
		if n == 0 {
			return f, 0, errors.New("a $ without a name")
		}
		return variables[name[:n]], n + 1, nil
	}
	n = 1
	for n < len(s) && strings.IndexByte("<>!,0123456789^", s[n]) >= 0 {
		n++
	}
	name := ""
	if n < len(s) && s[n] == '{' {
		end := strings.IndexByte(s[n:], '}')
		if end < 0 {
			return f, 0, errors.New("%{ without }")
		}
		name = s[n+1 : n+end]
		n += end + 1
	}
	if n >= len(s) {
		return f, 0, errors.New("a % without a letter")
	}
	f, ok := directives[s[n]]
	if !ok {
		return f, 0, fmt.Errorf("%s is no directive of Apache's LogFormat", s[:n+1])
	}
	switch s[n] {
	case 't':
		if name != "" {
			f.spec = stampSpec(name)
		}
		if !isWhole(f.spec) {
			return f, 0, fmt.Errorf("%s is not an instant that is read", s[:n+1])
		}
	case 'i':
		f.kind = headers[strings.ToLower(name)]
	case 'u':
		if name == "words" {
			f.kind = kindWords
		}
	case 'p':
		if name == "remote" {
			f.kind = kindPort
		}
	}
	return f, n + 1, nil
}

// kinds implements matcher.
func (t *text) kinds() []kind {
	var kinds []kind
	for _, p := range t.parts {
		if p.has {
			kinds = append(kinds, p.kind)
		}
	}
	return kinds
}

// match implements matcher.
func (t *text) match(line []byte, f *found) ingest.Reason {
	for i := range t.parts {
		p := &t.parts[i]
		if p.has {
			n, reason := p.read(line, f, i == len(t.parts)-1)
			if reason != "" {
				return reason
			}
			line = line[n:]
		}
		rest, ok := bytes.CutPrefix(line, p.behind)
		if !ok {
			return ingest.ReasonFields
		}
		line = rest
	}
	if len(line) > 0 {
		return ingest.ReasonFields
	}
	return ""
}

// isList reports whether a field may be several words with ", " between them.
func (p *part) isList() bool {
	return p.kind == kindForwarded || p.kind == kindNumbers || p.kind == kindServers
}

// read takes the field at the beginning of b; n is its length.
func (p *part) read(b []byte, f *found, last bool) (n int, reason ingest.Reason) {
	if p.spec != "" {
		n, ok := f.stamp.read(p.spec, b)
		if !ok {
			return 0, ingest.ReasonTimestamp
		}
		return n, ""
	}
	switch {
	case p.quoted:
		end, _ := ingest.StringEnd(b, 0)
		if end < 0 {
			return 0, ingest.ReasonTruncated
		}
		n = end
	case last && len(p.behind) == 0:
		n = len(b)
	default:
		if n = bytes.Index(b, p.behind); n < 0 {
			return 0, ingest.ReasonFields
		}
		for p.isList() && n > 0 && b[n-1] == ',' { // "a, b"
			more := bytes.Index(b[n+1:], p.behind)
			if more < 0 {
				return 0, ingest.ReasonFields
			}
			n += 1 + more
		}
	}
	return n, p.take(b[:n], f)
}
