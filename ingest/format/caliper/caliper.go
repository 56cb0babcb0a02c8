// Package caliper reads events of Caliper Analytics (1EdTech), versions 1.0 to 1.2: in
// the envelopes that a sensor sends ({"sensor": …, "data": […]}), in an array, or one
// behind the other, on any number of lines.
//
// An event says that an actor did (an action) something to an object; each may be a
// mere IRI. The account is the IRI of the person, or what follows the study's
// actor_home in it; software and groups have none. What happened is told by the action,
// where by the object: by its URL, if the study names a map for them, else by its type,
// all through the catalog; the role in the event's membership tells the profile.
// Entities that an envelope describes are no events.
//
// Names, answers, scores, messages, sessions and referrers are stepped over.
package caliper

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/entscope/entscope/ingest"
)

// Version is the specification that the format was written against.
const Version = "Caliper Analytics 1.1 and 1.2 (1EdTech/caliper-spec), envelopes and events; the keys of 1.0"

// Options are the settings of the format.
type Options struct {
	Clock *ingest.Clock
	// Actions, Entities and Roles are the tables caliper.action, caliper.entity and
	// caliper.role of the catalog.
	Actions, Entities, Roles *ingest.Names
	// URLs reads the URLs of objects; nil for none.
	URLs *ingest.Paths
	// Home is what the IRIs of persons begin with; empty takes any, whole.
	Home string
}

// Format is the format of events.
type Format struct{ options Options }

// New returns the format.
func New(options Options) *Format { return &Format{options} }

// Name implements ingest.Format.
func (*Format) Name() string { return "caliper" }

// Version implements ingest.Format.
func (*Format) Version() string { return Version }

// framing finds events also in envelopes.
var framing = ingest.Objects{Within: "data"}

// Open implements ingest.Format.
func (f *Format) Open([]byte) ingest.Reading {
	return ingest.Reading{Framing: framing, NewDecoder: func() ingest.Decoder {
		return &decoder{options: f.options, clock: f.options.Clock.Copy()}
	}}
}

// event is what is read of an event.
type event struct {
	ID         string  `json:"id"`
	OldID      string  `json:"@id"`
	Type       string  `json:"type"`
	OldType    string  `json:"@type"`
	Actor      *entity `json:"actor"`
	Action     string  `json:"action"`
	Object     *entity `json:"object"`
	EventTime  string  `json:"eventTime"`
	Membership *entity `json:"membership"`
}

// entity is a thing that an event names: an object, or its IRI alone.
type entity struct {
	id, kind string
	roles    []string
}

// UnmarshalJSON implements json.Unmarshaler.
func (e *entity) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(text, []byte(`"`)) {
		return json.Unmarshal(text, &e.id)
	}
	var o struct {
		ID      string   `json:"id"`
		Type    string   `json:"type"`
		OldID   string   `json:"@id"`
		OldType string   `json:"@type"`
		Roles   []string `json:"roles"`
	}
	if err := json.Unmarshal(text, &o); err != nil {
		return err
	}
	*e = entity{id: o.ID + o.OldID, kind: term(o.Type + o.OldType), roles: o.Roles}
	return nil
}

// term is a term of Caliper, whether it is written as such or as an IRI: the words of
// 1.0 are "http://purl.imsglobal.org/vocab/caliper/v1/action#LoggedIn".
func term(text string) string {
	if strings.Contains(text, "://") {
		text = text[strings.LastIndexAny(text, "#/")+1:]
	}
	return text
}

type decoder struct {
	options Options
	clock   *ingest.Clock
	event   ingest.Event
}

// Decode implements ingest.Decoder.
func (d *decoder) Decode(chunk []byte, sink ingest.Sink) {
	ingest.DecodeObjects(framing, chunk, sink, &d.event,
		func(v *event) (ingest.Rule, ingest.Reason) { return d.understand(v, sink) })
}

// understand makes the event of a record, or says why it is none.
func (d *decoder) understand(v *event, sink ingest.Sink) (ingest.Rule, ingest.Reason) {
	switch {
	case v.Action == "" && v.EventTime == "" && v.Actor == nil:
		return ingest.RuleNotActivity, "" // an entity
	case v.Action == "" || v.EventTime == "" || v.Actor == nil || v.Object == nil:
		return "", ingest.ReasonMissingField
	}
	action := term(v.Action)
	meaning, known := d.options.Actions.Lookup([]byte(action))
	switch kind := v.Actor.kind; {
	case meaning.Ignore != "":
		return meaning.Ignore, ""
	case kind != "" && kind != "Person":
		return ingest.RuleNotActivity, ""
	case strings.HasPrefix(v.Actor.id, "http://purl.imsglobal.org/") && term(v.Actor.id) == "Person":
		return ingest.RuleAnonymous, "" // its IRI is that of the term
	}
	if !known {
		ingest.Unknown(sink, "action", []byte(action))
	}
	e := &d.event
	*e = ingest.Event{Weight: 1, Service: meaning.Service, Action: meaning.Action, Profile: d.profile(v.Membership)}
	ms, ok := ingest.ISOInstant(v.EventTime)
	switch {
	case !ok:
		return "", ingest.ReasonTimestamp
	case !d.clock.Stamp(e, ms):
		return "", ingest.ReasonTimeRange
	}
	account, home := strings.CutPrefix(v.Actor.id, d.options.Home)
	if !home || account == "" {
		return "", ingest.ReasonNoAccount
	}
	e.Account, e.ID = []byte(account), []byte(v.ID+v.OldID)
	if len(v.Object.id) <= ingest.MaxID {
		e.Object = []byte(v.Object.id)
	}
	if e.Service != ingest.ServiceUnknown {
		return "", ""
	}
	if v.Object.kind == "" { // a mere IRI: a MessageEvent is of a Message
		v.Object.kind = strings.TrimSuffix(term(v.Type+v.OldType), "Event")
	}
	if rule := d.where(v.Object, sink); rule != "" {
		return rule, ""
	}
	return "", ""
}

// where sets the service by the object.
func (d *decoder) where(object *entity, sink ingest.Sink) ingest.Rule {
	place, known := d.options.URLs.Lookup([]byte(ingest.URLPath(object.id)))
	if !known {
		place, known = d.options.Entities.Lookup([]byte(object.kind))
	}
	if !known && object.kind != "" {
		ingest.Unknown(sink, "entity", []byte(object.kind))
	}
	e := &d.event
	if e.Service = place.Service; e.Profile == ingest.ProfileUnknown {
		e.Profile = place.Profile
	}
	return place.Ignore
}

// profile is what the roles of a membership tell: that of the first that tells one. Of
// a role with a part behind "#" the part is a detail.
func (d *decoder) profile(membership *entity) ingest.Profile {
	if membership == nil {
		return ingest.ProfileUnknown
	}
	for _, role := range membership.roles {
		if !strings.Contains(role, "://") {
			role, _, _ = strings.Cut(role, "#")
		}
		if meaning, _ := d.options.Roles.Lookup([]byte(term(role))); meaning.Profile != ingest.ProfileUnknown {
			return meaning.Profile
		}
	}
	return ingest.ProfileUnknown
}
