package ingest

// Event is one thing an account did, as a decoder understood it. It lives in
// memory only: the pseudonymiser turns it into a row of the restricted zone and
// the raw identifiers end there. The byte slices alias the decoder's buffer and
// are valid until Sink.Event returns.
//
// An Event has no room for a name, an address, an IP, a user agent, a referer,
// a query string, a ticket, a text or a grade: what has no field cannot leak.
type Event struct {
	// TsMs is the instant in milliseconds since 1970-01-01T00:00:00Z.
	TsMs int64
	// LocalDate is the day in the source's own time zone, in days since 1970-01-01.
	LocalDate int32
	// LocalHour is the hour of that local day, 0 to 23.
	LocalHour int8
	// Account is the account's identifier in the system that wrote the record.
	// The namespace is a property of the source (study.toml: accounts = "…").
	Account []byte
	// School is the school the record names: a UAI or the platform's own
	// structure identifier. Empty when the record does not say.
	School []byte
	// Child is the pupil the account was looking at, when the record says so.
	Child []byte
	// Object identifies what was acted upon (a message, a resource), if anything.
	Object []byte
	// ID is the record's own identifier, empty when the format has none.
	ID      []byte
	Profile Profile
	Service Service
	Action  Action
	Device  Device
	Channel Channel
	// Weight is how many like actions the record stands for: 1 for a log line, 0 for the
	// trace of an action that another record tells (a ticket of CAS).
	Weight int32
}

// MaxID is the longest identifier that is taken, in bytes; longer ones refuse their record.
const MaxID = 256

// Reject says that a record could not be used, and where it stands, and nothing
// of what it holds: a line of our input is a person.
type Reject struct {
	// Line is the 1-based number of the record's first line (or the record's
	// ordinal in formats without lines).
	Line   int64
	Reason Reason
}

// Sink receives, in input order, what a decoder makes of the records of one
// delivery. Each record read ends in exactly one of the three calls, so that
// read = events + ignored + rejects.
type Sink interface {
	Event(*Event)
	// Ignore counts a well-formed record that a rule says is not activity
	// (static file, keep-alive, robot, another logger's line).
	Ignore(Rule)
	Reject(Reject)
}

// Settle gives a sink what became of the record on a line: its event, the rule by which it is none, or the reason why
// it is refused.
func Settle(sink Sink, line int64, e *Event, rule Rule, reason Reason) {
	switch {
	case reason != "":
		sink.Reject(Reject{Line: line, Reason: reason})
	case rule != "":
		sink.Ignore(rule)
	default:
		sink.Event(e)
	}
}

// Reason is why a record was refused: one of a fixed list, never a text that
// holds a part of the record.
type Reason string

// Reasons for a Reject.
const (
	ReasonMalformed    Reason = "malformed record"
	ReasonTruncated    Reason = "truncated record"
	ReasonEncoding     Reason = "invalid text encoding"
	ReasonTooLong      Reason = "record too long"
	ReasonFields       Reason = "wrong number of fields"
	ReasonTimestamp    Reason = "unreadable timestamp"
	ReasonTimeRange    Reason = "timestamp outside the plausible range"
	ReasonTimeGap      Reason = "local time that does not exist (daylight saving gap)"
	ReasonNoAccount    Reason = "record without an account"
	ReasonType         Reason = "field of the wrong type"
	ReasonMissingField Reason = "required field missing"
	ReasonUnknownValue Reason = "value without a mapping"
	// ReasonObjection is no fault: its record is ignored.
	ReasonObjection Reason = "names somebody who objects"
)

// Rule is why a well-formed record is not an event: one of a fixed list.
type Rule string

// Rules for ignoring a record.
const (
	RuleStatic      Rule = "static file"
	RuleRobot       Rule = "robot"
	RuleKeepAlive   Rule = "keep-alive or polling"
	RuleHealth      Rule = "health check"
	RuleAnonymous   Rule = "nobody signed in"
	RuleNotActivity Rule = "not an action of the account holder"
	RuleOtherLogger Rule = "line of another logger"
	RuleComment     Rule = "comment or heading"
	RuleFailed      Rule = "request the server refused"
	RuleSurrogate   Rule = "somebody acting as another"
	RuleObjection   Rule = "somebody who objects"
	RuleVoided      Rule = "voided by another record"
)
