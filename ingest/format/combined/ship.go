package combined

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/entscope/entscope/ingest"
)

// shipping is what carries the lines of a server to the log.
type shipping struct {
	name string
	// strip takes the prefix off a line; nil for an envelope.
	strip func([]byte) ([]byte, bool)
	// envelope is the path of the line within an object of JSON.
	envelope []string
	writer   string
}

var shippers = []shipping{
	{name: "syslog", strip: syslogged, writer: "RFC 3164, RFC 5424, rsyslog, journalctl: time, host and tag"},
	{name: "cri", strip: streamed, writer: "Kubernetes with containerd or CRI-O: /var/log/pods"},
	{name: "timestamps", strip: stamped, writer: "docker logs --timestamps: an instant"},
	{name: "compose", strip: piped, writer: "docker compose logs: the service and a bar"},
	{name: "kubectl", strip: bracketed, writer: "kubectl logs --prefix"},
	{name: "journald", envelope: []string{"MESSAGE"}, writer: "journalctl --output=json: MESSAGE"},
	{name: "docker", envelope: []string{"log"}, writer: "Docker's json-file"},
	{name: "filebeat", envelope: []string{"message"}, writer: "Filebeat, Logstash: message"},
	{name: "elastic", envelope: []string{"_source", "message"}, writer: "exports of Elasticsearch: _source.message"},
}

// syslogged takes off a prefix of syslog, whose time may be of RFC 3339.
func syslogged(line []byte) ([]byte, bool) {
	if len(line) > 0 && line[0]-'0' <= 9 {
		return stamped(line)
	}
	if len(line) < 5 {
		return line, false
	}
	return syslog(line)
}

// streamed takes off `instant stdout F `; a line that CRI cut in two ("P") is none.
func streamed(line []byte) ([]byte, bool) {
	at := bytes.IndexByte(line, ' ')
	if at < 0 || !timestamp(line[:at]) {
		return line, false
	}
	return stream(line[at+1:])
}

// prefixed are lines that bear a prefix.
type prefixed struct {
	strip func([]byte) ([]byte, bool)
	lines matcher
}

// ship compiles the layout of lines that are carried by the shipper of a name.
func ship(name, text string) (matcher, error) {
	if text == "w3c" || text == "iis" {
		return nil, errors.New("w3c names its columns in lines of their own, which no shipper keeps together")
	}
	lines, err := parse(text)
	if err != nil {
		return nil, err
	}
	for _, s := range shippers {
		switch {
		case s.name != name:
		case s.strip != nil:
			return &prefixed{s.strip, lines}, nil
		default:
			return &object{[]leaf{{path: s.envelope, value: lines}}}, nil
		}
	}
	return nil, fmt.Errorf("no shipper %q", name)
}

// kinds implements matcher.
func (p *prefixed) kinds() []kind { return p.lines.kinds() }

// match implements matcher.
func (p *prefixed) match(line []byte, f *found) ingest.Reason {
	rest, ok := p.strip(line)
	if !ok || len(rest) == 0 {
		return ingest.ReasonFields
	}
	return p.lines.match(rest, f)
}

// Named is a layout or a shipper that has a name, and who writes it.
type Named struct{ Name, Writer string }

// NamedLayouts are the layouts and the shippers that have a name.
func NamedLayouts() (layouts, carriers []Named) {
	layouts = []Named{{"w3c", "IIS, and whatever names its columns in a line of #Fields"}}
	for _, p := range presets {
		layouts = append(layouts, Named{p.Name, p.Writer})
	}
	for _, s := range shippers {
		carriers = append(carriers, Named{s.name, s.writer})
	}
	return layouts, carriers
}

// LayoutNames are the names of the layouts that have one.
func LayoutNames() []string {
	var names []string
	layouts, _ := NamedLayouts()
	for _, l := range layouts {
		names = append(names, l.Name)
	}
	return names
}
