// Package xapi reads statements of the Experience API: one behind the other, in an
// array, or in the pages that a learning record store answers with ({"statements": […],
// "more": …}), on any number of lines.
//
// A statement says that an actor did (a verb) something to an object. The account is
// one of the four identifiers that an agent may have, as the study says; what happened
// is told by the verb, where by the object: by its URL, if the study names a map for
// them, else by the type of the activity, all through the catalog. A group is nobody's
// account, a SubStatement is a plan and no deed, and a voiding is not an action of the
// account holder. A voided statement is left out by the store itself; in files it stands
// beside the one that voids it, perhaps in another: whoever opens a feed reads what is
// Voided in it first.
//
// The instant is that of timestamp or, where a statement has none, of stored; without
// an offset it is refused. Names, results, answers, scores, attachments and authorities
// are stepped over.
package xapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"

	"github.com/entscope/entscope/ingest"
)

// Version is the specification that the format was written against.
const Version = "xAPI 1.0.3 (adlnet/xAPI-Spec), statements and StatementResult; 2.0 alike"

// Identifiers are the names of an agent's identifiers, of which it has one.
var Identifiers = []string{"account", "mbox", "mbox_sha1sum", "openid"}

// Options are the settings of the format.
type Options struct {
	Clock *ingest.Clock
	// Verbs and Activities are the tables xapi.verb and xapi.activity of the catalog.
	Verbs, Activities *ingest.Names
	// URLs reads the URLs of objects; nil for none.
	URLs *ingest.Paths
	// Actor is one of Identifiers; empty is account.
	Actor string
	// HomePage is that of the accounts to be read; empty takes those of any.
	HomePage string
	// Voided are the ids of statements that others have voided: they are not read.
	Voided []string
}

// Format is the format of statements.
type Format struct{ options Options }

// New returns the format.
func New(options Options) *Format { return &Format{options} }

// Name implements ingest.Format.
func (*Format) Name() string { return "xapi" }

// Version implements ingest.Format.
func (*Format) Version() string { return Version }

// framing finds statements also in the pages of a store.
var framing = ingest.Objects{Within: "statements"}

// Open implements ingest.Format.
func (f *Format) Open([]byte) ingest.Reading {
	voided := map[string]bool{}
	for _, id := range f.options.Voided {
		voided[id] = true
	}
	return ingest.Reading{Framing: framing, NewDecoder: func() ingest.Decoder {
		return &decoder{options: f.options, voided: voided, clock: f.options.Clock.Copy()}
	}}
}

// statement is what is read of a statement.
type statement struct {
	ID         string    `json:"id"`
	ObjectType string    `json:"objectType"`
	Actor      *agent    `json:"actor"`
	Verb       *verb     `json:"verb"`
	Object     *activity `json:"object"`
	Timestamp  string    `json:"timestamp"`
	Stored     string    `json:"stored"`
}

type agent struct {
	ObjectType  string          `json:"objectType"`
	Mbox        string          `json:"mbox"`
	MboxSHA1Sum string          `json:"mbox_sha1sum"`
	OpenID      string          `json:"openid"`
	Account     *account        `json:"account"`
	Member      json.RawMessage `json:"member"`
}

type account struct {
	HomePage string `json:"homePage"`
	Name     string `json:"name"`
}

type verb struct {
	ID string `json:"id"`
}

type activity struct {
	ObjectType string `json:"objectType"`
	ID         string `json:"id"`
	Definition struct {
		Type string `json:"type"`
	} `json:"definition"`
}

// voiding is the verb by which a statement says that another is none (xAPI 1.0.3, part 2, 2.3.2).
const voiding = "http://adlnet.gov/expapi/verbs/voided"

// Voided calls id for each statement that a statement of the stream voids. Broken records are for the reading to count.
func Voided(ctx context.Context, r io.Reader, id func(string)) error {
	p := ingest.Pipeline[*[]string]{
		Threads: 1, NewBatch: func() *[]string { return new([]string) },
		NewWorker: func(ingest.Reading) func([]byte, *[]string) {
			return func(chunk []byte, batch *[]string) { *batch = voidedIn(chunk) }
		},
		Commit: func(batch *[]string, _ int64) error {
			for _, one := range *batch {
				id(one)
			}
			return nil
		},
		TooLong: func(int64) error { return nil },
	}
	_, err := p.Run(ctx, r, New(Options{}))
	return err
}

func voidedIn(chunk []byte) (ids []string) {
	if !bytes.Contains(chunk, []byte("verbs/voided")) { // nearly always
		return nil
	}
	framing.Each(chunk, func(record []byte, _ int64) {
		var s statement
		if bytes.Contains(record, []byte("verbs/voided")) && json.Unmarshal(record, &s) == nil && s.Verb != nil &&
			s.Verb.ID == voiding && s.Object != nil && s.Object.ObjectType == "StatementRef" && s.Object.ID != "" {
			ids = append(ids, s.Object.ID)
		}
	}, func(int64, ingest.Reason) {})
	return ids
}

type decoder struct {
	options Options
	voided  map[string]bool
	clock   *ingest.Clock
	event   ingest.Event
}

// Decode implements ingest.Decoder.
func (d *decoder) Decode(chunk []byte, sink ingest.Sink) {
	ingest.DecodeObjects(framing, chunk, sink, &d.event,
		func(s *statement) (ingest.Rule, ingest.Reason) { return d.understand(s, sink) })
}

// understand makes the event of a statement, or says why it is none.
func (d *decoder) understand(s *statement, sink ingest.Sink) (ingest.Rule, ingest.Reason) {
	if s.Actor == nil || s.Verb == nil || s.Verb.ID == "" || s.Object == nil {
		return "", ingest.ReasonMissingField
	}
	meaning, known := d.options.Verbs.Lookup([]byte(s.Verb.ID))
	switch {
	case meaning.Ignore != "":
		return meaning.Ignore, ""
	case d.voided[s.ID] && s.ID != "":
		return ingest.RuleVoided, ""
	case s.ObjectType == "SubStatement", s.Object.ObjectType == "SubStatement":
		return ingest.RuleNotActivity, ""
	case s.Actor.ObjectType == "Group", len(s.Actor.Member) > 0:
		return ingest.RuleNotActivity, ""
	}
	if !known {
		ingest.Unknown(sink, "verb", []byte(s.Verb.ID))
	}
	e := &d.event
	*e = ingest.Event{Weight: 1, Service: meaning.Service, Action: meaning.Action, Profile: meaning.Profile}
	if reason := d.instant(s); reason != "" {
		return "", reason
	}
	if e.Account = []byte(d.account(s.Actor)); len(e.Account) == 0 {
		return "", ingest.ReasonNoAccount
	}
	e.ID = []byte(s.ID)
	if len(s.Object.ID) <= ingest.MaxID {
		e.Object = []byte(s.Object.ID)
	}
	if e.Service == ingest.ServiceUnknown {
		return d.where(s.Object.Definition.Type, s.Object.ID, sink), ""
	}
	return "", ""
}

// where sets the service by the object, and the profile that it tells.
func (d *decoder) where(kind, url string, sink ingest.Sink) ingest.Rule {
	place, known := d.options.URLs.Lookup([]byte(ingest.URLPath(url)))
	if !known {
		place, known = d.options.Activities.Lookup([]byte(kind))
	}
	if !known && kind != "" {
		ingest.Unknown(sink, "activity", []byte(kind))
	}
	e := &d.event
	if e.Service = place.Service; e.Profile == ingest.ProfileUnknown {
		e.Profile = place.Profile
	}
	return place.Ignore
}

// instant sets the times of the event.
func (d *decoder) instant(s *statement) ingest.Reason {
	text := s.Timestamp
	if text == "" {
		text = s.Stored
	}
	if text == "" {
		return ingest.ReasonMissingField
	}
	ms, ok := ingest.ISOInstant(text)
	switch {
	case !ok:
		return ingest.ReasonTimestamp
	case !d.clock.Stamp(&d.event, ms):
		return ingest.ReasonTimeRange
	}
	return ""
}

// account is the identifier that the study asks for, empty where the agent has
// another, or an account of another home page.
func (d *decoder) account(a *agent) string {
	switch d.options.Actor {
	case "mbox":
		return strings.TrimPrefix(a.Mbox, "mailto:")
	case "mbox_sha1sum":
		return a.MboxSHA1Sum
	case "openid":
		return a.OpenID
	}
	if a.Account == nil || d.options.HomePage != "" && a.Account.HomePage != d.options.HomePage {
		return ""
	}
	return a.Account.Name
}
