package ingest

import (
	"encoding/json"
	"errors"
	"unicode/utf8"
)

// DecodeObjects decodes the JSON objects of a chunk, each into a T of its own, and hands the sink what understand makes
// of it: the event, unless there is a rule or a reason.
func DecodeObjects[T any](framing Objects, chunk []byte, sink Sink, event *Event,
	understand func(*T) (Rule, Reason),
) {
	reject := func(line int64, reason Reason) { sink.Reject(Reject{Line: line, Reason: reason}) }
	framing.Each(chunk, func(text []byte, line int64) {
		record, reason := object[T](text)
		if reason != "" {
			reject(line, reason)
			return
		}
		rule, reason := understand(record)
		switch {
		case reason != "":
			reject(line, reason)
		case rule != "":
			sink.Ignore(rule)
		default:
			sink.Event(event)
		}
	}, reject)
}

func object[T any](text []byte) (*T, Reason) {
	if !utf8.Valid(text) {
		return nil, ReasonEncoding
	}
	record := new(T)
	if err := json.Unmarshal(text, record); err != nil {
		var mistyped *json.UnmarshalTypeError
		if errors.As(err, &mistyped) {
			return nil, ReasonType
		}
		return nil, ReasonMalformed
	}
	return record, ""
}
