// Package shibboleth reads the audit log of a Shibboleth identity provider and
// the transaction log of a service provider: one line for each time a person
// signed in to a service.
//
// The layout of an IdP line is the one of its own configuration, in its own
// words ("%T|%b|%I|…"); those it has by default are told apart by their first
// field (FORMATS.md#shibboleth):
//
//	IdP 2, 3:  %T|%b|%I|%SP|%P|%IDP|%bb|%III|%u|%ac|%attr|%n|%i|         %T = 20210223T115738Z
//	IdP 4, 5:  %a|%ST|%T|%u|%SP|%i|%ac|%t|%attr|%n|%f|%SSO|%XX|%XA|%b|%bb|%e|%S|%SS|%s|%UA
//	SP:        2026-05-13 09:14:56|Shibboleth-TRANSACTION.Login|%u|%s|%IDP|%i|%ac|%t|%attr|%n|%b|%E|%S|%SS|%L|%UA|%a
//
// Only the time, the user, the status (%S, with its detail %SS), whether an
// earlier sign-in was used again (%SSO), and the class of the device are kept. The
// response id (%i) makes a line recognisable when it is delivered twice. A status
// other than Success is a failed login of the user whom the line names.
package shibboleth

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/entscope/entscope/ingest"
)

// Version is what the format was written against.
const Version = "Shibboleth IdP 2.4-5.1 default audit formats (GARR HOWTO), SP 3 transaction log"

// Default layouts of the identity provider.
const (
	LayoutV3 = "%T|%b|%I|%SP|%P|%IDP|%bb|%III|%u|%ac|%attr|%n|%i|"
	LayoutV4 = "%a|%ST|%T|%u|%SP|%i|%ac|%t|%attr|%n|%f|%SSO|%XX|%XA|%b|%bb|%e|%S|%SS|%s|%UA"
	layoutSP = "%u|%s|%IDP|%i|%ac|%t|%attr|%n|%b|%E|%S|%SS|%L|%UA|%a"
)

// Options are the settings of the format.
type Options struct {
	Clock *ingest.Clock
	// Layout is the audit format of the IdP when it is none of the defaults.
	Layout string
}

// Format is the Shibboleth format.
type Format struct {
	clock           *ingest.Clock
	own, v3, v4, sp *layout
}

// New returns the format, or what is wrong with the layout.
func New(options Options) (*Format, error) {
	f := &Format{clock: options.Clock}
	var err error
	if options.Layout != "" {
		if f.own, err = parseLayout(options.Layout); err != nil {
			return nil, fmt.Errorf("shibboleth: layout: %w", err)
		}
		if f.own.time < 0 || f.own.user < 0 {
			return nil, errors.New("shibboleth: layout: needs %T and %u")
		}
	}
	for text, l := range map[string]**layout{LayoutV3: &f.v3, LayoutV4: &f.v4, layoutSP: &f.sp} {
		if *l, err = parseLayout(text); err != nil {
			return nil, fmt.Errorf("shibboleth: default layout: %w", err)
		}
	}
	return f, nil
}

// Name implements ingest.Format.
func (*Format) Name() string { return "shibboleth" }

// Version implements ingest.Format.
func (*Format) Version() string { return Version }

// Open implements ingest.Format.
func (f *Format) Open([]byte) ingest.Reading {
	return ingest.Reading{Framing: ingest.Lines{}, NewDecoder: f.newDecoder}
}

func (f *Format) newDecoder() ingest.Decoder {
	return &decoder{format: f, clock: f.clock.Copy()}
}

// maxFields bounds a layout.
const maxFields = 40

// layout is a format string: the text behind each field, and where the fields
// we use stand (-1 where they do not).
type layout struct {
	behind                                     [][]byte
	time, user, id, status, detail, sso, agent int
	instants                                   []int
}

func parseLayout(s string) (*layout, error) {
	l := &layout{time: -1, user: -1, id: -1, status: -1, detail: -1, sso: -1, agent: -1}
	if s == "" || s[0] != '%' {
		return nil, errors.New("must begin with a field")
	}
	for i, part := range strings.Split(s[1:], "%") {
		n := 0
		for n < len(part) && (part[n]|0x20 >= 'a' && part[n]|0x20 <= 'z') {
			n++
		}
		switch part[:n] {
		case "ST", "T", "t":
			l.instants = append(l.instants, i)
		}
		if n == 0 || i == maxFields {
			return nil, errors.New("a % without a name, or too many fields")
		}
		if i > 0 && len(l.behind[i-1]) == 0 {
			return nil, errors.New("two fields without a separator")
		}
		l.behind = append(l.behind, []byte(part[n:]))
		switch part[:n] {
		case "T":
			l.time = i
		case "u":
			l.user = i
		case "i":
			l.id = i
		case "S":
			l.status = i
		case "SSO":
			l.sso = i
		case "UA":
			l.agent = i
		case "SS":
			l.detail = i
		}
	}
	return l, nil
}

// split cuts a line at the layout's separators. The last field takes the rest.
func (l *layout) split(line []byte, fields *[maxFields][]byte) bool {
	for i, sep := range l.behind {
		if i == len(l.behind)-1 {
			fields[i] = bytes.TrimSuffix(line, sep)
			// Only the last field may hold what separates the others, and only where nothing ends it.
			return len(sep) == 0 || !bytes.Contains(fields[i], sep)
		}
		n := bytes.Index(line, sep)
		if n < 0 {
			return false
		}
		fields[i], line = line[:n], line[n+len(sep):]
	}
	return true
}

type decoder struct {
	format *Format
	clock  *ingest.Clock
	agents ingest.Agents
	fields [maxFields][]byte
	event  ingest.Event
}

// Decode implements ingest.Decoder.
func (d *decoder) Decode(chunk []byte, sink ingest.Sink) {
	var line []byte
	for n := int64(1); len(chunk) > 0; n++ {
		line, chunk = ingest.NextLine(chunk)
		if len(line) == 0 {
			continue
		}
		rule, reason := d.record(line)
		ingest.Settle(sink, n, &d.event, rule, reason)
	}
}

var transaction = []byte("|Shibboleth-TRANSACTION.")

func (d *decoder) record(line []byte) (ingest.Rule, ingest.Reason) {
	d.event = ingest.Event{
		Service: ingest.ServiceSignIn, Action: ingest.ActionLogin, Channel: ingest.ChannelWeb, Weight: 1,
	}
	if line[0] == '#' {
		return ingest.RuleComment, ""
	}
	if i := bytes.Index(line, transaction); i >= 0 && i < 32 {
		return d.transaction(line[:i], line[i+len(transaction):])
	}
	l := d.format.own
	switch {
	case l != nil:
	case len(line) > 16 && line[8] == 'T' && line[15] == 'Z':
		l = d.format.v3
	default:
		l = d.format.v4
	}
	if !l.split(line, &d.fields) {
		return "", ingest.ReasonFields
	}
	ms, ok := instant(d.fields[l.time])
	if !ok {
		return "", ingest.ReasonTimestamp
	}
	if !d.clock.Stamp(&d.event, ms) {
		return "", ingest.ReasonTimeRange
	}
	return d.understand(l)
}

// transaction reads a line of a service provider.
func (d *decoder) transaction(date, rest []byte) (ingest.Rule, ingest.Reason) {
	wall, n, ok := ingest.WallTime(date)
	if !ok || n != len(date) {
		return "", ingest.ReasonTimestamp
	}
	ms, ok := d.clock.Instant(wall)
	if !ok {
		return "", ingest.ReasonTimeGap
	}
	if !d.clock.Stamp(&d.event, ms) {
		return "", ingest.ReasonTimeRange
	}
	class, rest, ok := bytes.Cut(rest, []byte{'|'})
	if !ok {
		return "", ingest.ReasonFields
	}
	switch string(class) {
	case "Login":
	case "Logout":
		d.event.Action = ingest.ActionLogout
	case "AuthnRequest":
		return ingest.RuleNotActivity, ""
	default:
		return "", ingest.ReasonUnknownValue
	}
	if !d.format.sp.split(rest, &d.fields) {
		return "", ingest.ReasonFields
	}
	return d.understand(d.format.sp)
}

// understand makes the event of the split fields.
func (d *decoder) understand(l *layout) (ingest.Rule, ingest.Reason) {
	e := &d.event
	e.Account = d.field(l.user)
	if len(e.Account) == 0 {
		return ingest.RuleAnonymous, ""
	}
	if !l.fits(d, e.Account) {
		return "", ingest.ReasonType
	}
	if agent := d.field(l.agent); len(agent) > 0 {
		a := d.agents.Lookup(agent)
		if a.Ignore != "" {
			return a.Ignore, ""
		}
		e.Device = a.Device
	}
	if e.Action != ingest.ActionLogin {
		return "", ""
	}
	e.ID = d.field(l.id)
	status := d.field(l.status)
	switch {
	case len(status) == 0 || bytes.HasSuffix(status, []byte("Success")):
		if string(d.field(l.sso)) == "true" {
			e.Action, e.Service = ingest.ActionAccess, ingest.ServiceUnknown
		}
	case bytes.HasSuffix(d.field(l.detail), []byte("NoPassive")):
		return ingest.RuleNotActivity, "" // a service asked whether somebody was signed in
	default:
		e.Action = ingest.ActionLoginFailed
	}
	return "", ""
}

// fits reports whether the account, the instants and what is true or false look like what they
// are: in a line with a field more, or two exchanged, one does not.
func (l *layout) fits(d *decoder, account []byte) bool {
	if !ingest.CanBeAccount(account) || bytes.ContainsAny(account, " ()") {
		return false
	}
	for _, i := range l.instants {
		f := d.field(i)
		if len(f) > 0 && (f[0]-'0' > 9 || bytes.IndexByte(f, 'T') < 0 && len(f) < 13) {
			return false
		}
	}
	switch string(d.field(l.sso)) {
	case "", "true", "false":
		return true
	}
	return false
}

func (d *decoder) field(i int) []byte {
	if i < 0 {
		return nil
	}
	f := bytes.TrimSpace(d.fields[i])
	if len(f) == 1 && f[0] == '-' || string(f) == "null" {
		return nil
	}
	return f
}

// instant reads 20210223T115738Z or 2021-02-23T11:57:38[.078869]Z.
func instant(b []byte) (int64, bool) {
	if len(b) == 16 && b[8] == 'T' && b[15] == 'Z' {
		var long [19]byte
		copy(long[:], "0000-00-00T00:00:00")
		copy(long[0:], b[0:4])
		copy(long[5:], b[4:6])
		copy(long[8:], b[6:8])
		copy(long[11:], b[9:11])
		copy(long[14:], b[11:13])
		copy(long[17:], b[13:15])
		wall, _, ok := ingest.WallTime(long[:])
		return wall, ok
	}
	wall, n, ok := ingest.WallTime(b)
	if !ok || len(b) <= n || b[len(b)-1] != 'Z' {
		return 0, false
	}
	for _, c := range b[n : len(b)-1] {
		if c != '.' && c-'0' > 9 {
			return 0, false
		}
	}
	return wall, true
}
