package combined

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/entscope/entscope/ingest"
)

// columns is a log in the W3C Extended Log File Format: its own line of #Fields names the
// columns. IIS separates them by a space and writes a space within a field as +, its
// Advanced Logging puts fields between quotes; others write tabs. date and time are UTC.
type columns struct {
	heading []byte // the names, between single spaces
	fields  []field
	utc     bool
}

// columnKinds are the names of columns. Others are fields that are not read.
var columnKinds = map[string]field{
	"date": {kind: kindDay, spec: stampDay}, "time": {kind: kindClock, spec: stampClock},
	"date-local": {kind: kindDay, spec: stampDay}, "time-local": {kind: kindClock, spec: stampClock},
	"cs-username": {kind: kindUser}, "c-ip": {kind: kindHost}, "s-ip": {kind: kindHost}, "s-port": {kind: kindPort},
	"cs-method": {kind: kindMethod}, "cs-uri-stem": {kind: kindPath}, "cs-uri-query": {kind: kindQuery},
	"cs-uri": {kind: kindPath}, "cs-version": {kind: kindProtocol}, "cs-host": {kind: kindVhost},
	"cs(host)": {kind: kindVhost}, "cs(user-agent)": {kind: kindAgent}, "sc-status": {kind: kindStatus},
	"s-sitename": {kind: kindSite}, "s-computername": {kind: kindMachine}, "sc-bytes": {kind: kindNumber},
	"cs-bytes": {kind: kindNumber}, "sc-win32-status": {kind: kindNumber}, "sc-substatus": {kind: kindNumber},
	"time-taken": {kind: kindNumbers}, "timetakenms": {kind: kindNumbers},
}

var fieldsDirective = []byte("#Fields:")

// parseColumns reads the columns from the head of a log.
func parseColumns(head []byte) (*columns, error) {
	for len(head) > 0 {
		var line []byte
		line, head = ingest.NextLine(head)
		names, ok := bytes.CutPrefix(line, fieldsDirective)
		if !ok {
			continue
		}
		c := &columns{heading: heading(names), utc: true}
		for _, name := range strings.Fields(strings.ToLower(string(names))) {
			c.utc = c.utc && name != "date-local" && name != "time-local"
			c.fields = append(c.fields, columnKinds[name])
		}
		if missing := lacks(c.kinds()); len(missing) > 0 {
			return nil, fmt.Errorf("#Fields has no column of %s", strings.Join(missing, ", nor of "))
		}
		return c, nil
	}
	return nil, errNoColumns
}

func heading(names []byte) []byte { return bytes.Join(bytes.Fields(names), []byte{' '}) }

// directive says what a line of # is. Columns that change within a log cannot be followed:
// chunks are read apart. What follows is read by its number of fields and their shapes.
func (c *columns) directive(line []byte) (ingest.Rule, ingest.Reason) {
	if names, ok := bytes.CutPrefix(line, fieldsDirective); ok && !bytes.Equal(heading(names), c.heading) {
		return "", ingest.ReasonFields
	}
	return ingest.RuleComment, ""
}

// kinds implements matcher.
func (c *columns) kinds() []kind {
	var kinds []kind
	for _, f := range c.fields {
		kinds = append(kinds, f.kind)
	}
	return kinds
}

// match implements matcher.
func (c *columns) match(line []byte, f *found) ingest.Reason {
	sep := byte(' ')
	if bytes.IndexByte(line, '\t') >= 0 {
		sep = '\t'
	}
	for i, d := range c.fields {
		value, rest, ok := column(line, sep)
		if !ok || (len(rest) == 0) != (i == len(c.fields)-1) {
			return ingest.ReasonFields
		}
		if d.kind == kindAgent && sep == ' ' && value[0] != '"' {
			value = bytes.ReplaceAll(value, []byte{'+'}, []byte{' '})
		}
		value, d.bounded = bytes.Trim(value, `"`), value[0] == '"' || sep == '\t'
		if reason := d.take(value, f); reason != "" {
			return reason
		}
		line = rest
	}
	f.stamp.zoned = c.utc
	return ""
}

// column cuts a column off a line, which may be quoted.
func column(line []byte, sep byte) (value, rest []byte, ok bool) {
	end := bytes.IndexByte(line, sep)
	if len(line) > 0 && line[0] == '"' {
		if close := bytes.IndexByte(line[1:], '"'); close < 0 {
			return nil, nil, false
		} else if end = close + 2; end < len(line) && line[end] != sep {
			return nil, nil, false
		}
	}
	if end < 0 || end >= len(line) {
		return line, nil, len(line) > 0
	}
	return line[:end], line[end+1:], end > 0
}
