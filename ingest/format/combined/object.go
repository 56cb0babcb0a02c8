package combined

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/entscope/entscope/ingest"
)

// object is a record of JSON: which key holds what.
type object struct{ leaves []leaf }

// leaf is the value of a key: a field, or text with a layout of its own, such as the line
// that a shipper put into an envelope.
type leaf struct {
	path     []string
	optional bool // the key may be absent
	value    matcher
}

// bare are the values that nginx' configurations leave without quotes: "status":$status.
var bare = regexp.MustCompile(`(:\s*)(\$\w+)(\s*[,}\]])`)

// parseObject compiles a layout of JSON. Values that name no field, such as "level":"info",
// are not looked at.
func parseObject(s string) (*object, error) {
	var template map[string]any
	if err := json.Unmarshal([]byte(bare.ReplaceAllString(s, `$1"$2"$3`)), &template); err != nil {
		return nil, fmt.Errorf("not an object of JSON: %w", err)
	}
	o := new(object)
	if err := o.add(nil, template); err != nil {
		return nil, err
	}
	if len(o.leaves) == 0 {
		return nil, errors.New("no key of the JSON holds a field")
	}
	return o, nil
}

func (o *object) add(path []string, template any) error {
	switch v := template.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if err := o.add(append(slices.Clone(path), key), v[key]); err != nil {
				return err
			}
		}
	case []any:
		for i, e := range v {
			if err := o.add(append(slices.Clone(path), strconv.Itoa(i)), e); err != nil {
				return err
			}
		}
	case string:
		return o.leaf(path, v)
	}
	return nil
}

func (o *object) leaf(path []string, s string) error {
	named := slices.Contains(LayoutNames(), s) && s != "w3c"
	if !named && !strings.ContainsAny(s, "%$") {
		return nil
	}
	l := leaf{path: path}
	s, l.optional = strings.CutSuffix(s, "?")
	var err error
	if f, n, ferr := parseField(s); !named && ferr == nil && n == len(s) {
		f.bounded = true
		l.value = single{f}
	} else if l.value, err = parse(s); err != nil {
		return fmt.Errorf("%s: %w", strings.Join(path, "."), err)
	}
	o.leaves = append(o.leaves, l)
	return nil
}

// single is a value that is one field.
type single struct{ field }

func (s single) match(b []byte, f *found) ingest.Reason { return s.take(b, f) }
func (s single) kinds() []kind                          { return []kind{s.kind} }

// kinds implements matcher.
func (o *object) kinds() []kind {
	var kinds []kind
	for _, l := range o.leaves {
		kinds = append(kinds, l.value.kinds()...)
	}
	return kinds
}

// match implements matcher.
func (o *object) match(record []byte, f *found) ingest.Reason {
	var doc map[string]any
	d := json.NewDecoder(strings.NewReader(string(record)))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil || d.More() {
		return ingest.ReasonMalformed
	}
	for _, l := range o.leaves {
		text, there, ok := lookup(doc, l.path)
		switch {
		case !ok:
			return ingest.ReasonType
		case !there && !l.optional:
			return ingest.ReasonMissingField
		case !there:
			continue
		}
		if reason := l.value.match([]byte(strings.TrimRight(text, "\r\n")), f); reason != "" {
			return reason
		}
	}
	return ""
}

// lookup is the text or the number that a path leads to; null is "-". ok is false where
// something else stands.
func lookup(doc any, path []string) (text string, there, ok bool) {
	for _, key := range path {
		switch v := doc.(type) {
		case map[string]any:
			if doc, there = v[key]; !there {
				return "", false, true
			}
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(v) {
				return "", false, true
			}
			doc = v[i]
		case nil:
			return "", false, true
		default:
			return "", false, false
		}
	}
	switch v := doc.(type) {
	case nil:
		return "-", true, true
	case string:
		return v, true, true
	case json.Number:
		return v.String(), true, true
	}
	return "", false, false
}
