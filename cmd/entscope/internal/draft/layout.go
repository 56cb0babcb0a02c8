package draft

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/entscope/entscope/ingest/format"
	"github.com/entscope/entscope/ingest/format/combined"
)

// proposal is a layout, and what it makes of the head of a log.
type proposal struct {
	settings format.Settings
	trial    *trial
	fit      float64
	doubt    string
}

// severalWords are layouts of accounts of several words, which can take a field before the
// account for one of them.
var severalWords = []string{
	`%h %l %{words}u %t "%r" %>s %b`,
	`%h %l %{words}u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"`,
}

// proposals are the layouts that fit, the best first: those that have a name, behind each
// shipper; keys of JSON that are named as others name them; accounts of several words.
func (o *opener) proposals(urls string, head []byte) []proposal {
	var fitting []proposal
	try := func(layout, doubt string) {
		s := format.Settings{Map: urls, Layout: layout}
		t, fit := o.try("combined", s, head)
		p := proposal{s, t, fit, doubt}
		switch {
		case fit < enough:
		case len(fitting) > 0 && fit > fitting[0].fit:
			fitting = append([]proposal{p}, fitting...)
		default:
			fitting = append(fitting, p)
		}
	}
	layouts, carriers := combined.NamedLayouts()
	prefixes := []string{""}
	for _, c := range carriers {
		prefixes = append(prefixes, c.Name+" ")
	}
	for _, prefix := range prefixes {
		for _, l := range layouts {
			try(prefix+l.Name, "")
		}
	}
	if len(fitting) > 0 {
		return fitting
	}
	if layout := keysOf(head); layout != "" {
		try(layout, "the keys of its JSON are told by their names alone")
	}
	for _, layout := range severalWords {
		try(layout, "accounts of several words: a field put before one would be taken for a part of it")
	}
	return fitting
}

// Proposal is a layout that reads more of an access log than its study does.
type Proposal struct {
	Layout string
	// Fit is the share of the first records that fit, from 0 to 1.
	Fit   float64
	Doubt string
}

// Propose looks for the layout of an access log whose times are in zone where they name
// none; ok is false where none fits better than fit, or two do that find other accounts.
func Propose(path, zone, urls string, fit float64) (p Proposal, ok bool, err error) {
	head, err := readHead(path)
	if err != nil {
		return p, false, err
	}
	o, err := newOpener(zone)
	if err != nil {
		return p, false, err
	}
	found := o.proposals(urls, head)
	if len(found) == 0 || found[0].fit <= fit || doubtful(found) != "" {
		return p, false, nil
	}
	return Proposal{found[0].settings.Layout, found[0].fit, found[0].doubt}, true, nil
}

// doubtful names a layout that fits as well as the first and does not find the same accounts.
func doubtful(found []proposal) string {
	for _, other := range found[1:] {
		if other.fit == found[0].fit && !sameAccounts(other.trial.accounts, found[0].trial.accounts) {
			return other.settings.Layout
		}
	}
	return ""
}

func sameAccounts(a, b map[uint64]bool) bool {
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if !b[k] {
			return false
		}
	}
	return true
}

// jsonKeys are the names of keys, as Key writes them, and what they hold.
var jsonKeys = map[string]string{
	"remoteuser": "$remote_user?", "user": "$remote_user?", "username": "$remote_user?", "authuser": "$remote_user?",
	"userid": "$remote_user?", "login": "$remote_user?", "uid": "$remote_user?",
	"requesturi": "$request_uri", "uri": "$request_uri", "path": "$request_uri", "url": "$request_uri",
	"requestpath": "$request_uri", "request": "$request",
	"method": "$request_method", "requestmethod": "$request_method", "verb": "$request_method",
	"status": "$status", "statuscode": "$status", "responsestatus": "$status", "response": "$status",
	"useragent": "$http_user_agent?", "httpuseragent": "$http_user_agent?", "agent": "$http_user_agent?",
}

// timeKeys are names of keys that hold the time.
var timeKeys = regexp.MustCompile(`^(timestamp|time|date|datetime|ts|msec|timelocal|timeiso8601)$`)

// keysOf is a layout of the keys of the first object of JSON that are named as others
// name them; "" where there are none.
func keysOf(head []byte) string {
	var object map[string]any
	if err := json.NewDecoder(bytes.NewReader(head)).Decode(&object); err != nil {
		return ""
	}
	seen := map[string]bool{}
	template := templateOf(object, seen)
	if len(template) == 0 {
		return ""
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(template); err != nil {
		return ""
	}
	return strings.TrimSpace(text.String())
}

// templateOf keeps of an object the keys that are known, each meaning once.
func templateOf(object map[string]any, seen map[string]bool) map[string]any {
	template := map[string]any{}
	for name, value := range object {
		if inner, ok := value.(map[string]any); ok {
			if t := templateOf(inner, seen); len(t) > 0 {
				template[name] = t
			}
			continue
		}
		variable := jsonKeys[Key(name)]
		if timeKeys.MatchString(Key(name)) {
			variable = timeOf(value)
		}
		if variable == "$request" && !strings.Contains(fmt.Sprint(value), " ") {
			variable = "$request_uri"
		}
		if variable != "" && !seen[variable] && !strings.ContainsAny(name, "$%") {
			seen[variable] = true
			template[name] = variable
		}
	}
	return template
}

// timeOf is how the time is written in a value.
func timeOf(value any) string {
	text, isText := value.(string)
	switch {
	case !isText:
		return "$msec"
	case len(text) > 10 && text[4] == '-' && text[10] == 'T':
		return "$time_iso8601"
	case len(text) > 11 && text[2] == '/' && text[11] == ':':
		return "$time_local"
	}
	return ""
}
