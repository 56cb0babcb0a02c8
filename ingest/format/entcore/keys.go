package entcore

import (
	"bytes"

	"github.com/entscope/entscope/ingest"
)

// field is a field of a document that we keep.
type field byte

const (
	fieldNone field = iota
	fieldID
	fieldEventType
	fieldColumnType // event_type: the document is a row of PostgreSQL
	fieldModule
	fieldDate
	fieldUser
	fieldProfile
	fieldAgent
	fieldDevice
	fieldApp
	fieldResource
	fieldStructures
)

func fieldOf(key []byte) field {
	switch string(key) {
	case "_id", "id":
		return fieldID
	case "event-type":
		return fieldEventType
	case "event_type":
		return fieldColumnType
	case "module":
		return fieldModule
	case "date":
		return fieldDate
	case "userId", "user_id":
		return fieldUser
	case "profil", "profile":
		return fieldProfile
	case "ua":
		return fieldAgent
	case "device_type", "deviceType":
		return fieldDevice
	case "appName":
		return fieldApp
	case "resource_id":
		return fieldResource
	case "structures":
		return fieldStructures
	}
	return fieldNone
}

// keys are those that documents had so far. Most documents have the same in the same
// order: the key that followed the last time is compared before one is read byte by
// byte. What is read does not depend on it.
type keys struct{ known []knownKey }

type knownKey struct {
	text  []byte // quotes and colon included, since these bytes are then read in one way only
	field field
	next  int // the key that followed it the last time, 0 if none did
}

const (
	maxKeys = 64 // that are remembered
	maxKey  = 64 // bytes of one of them
)

// read reads the key at i and its colon, behind the key that is known by the number
// before; 0 is the beginning of the document. at is its own number, 0 if it has none.
func (k *keys) read(b []byte, i, before int) (f field, at, next int, reason ingest.Reason) {
	if len(k.known) == 0 {
		k.known = make([]knownKey, 1, maxKeys)
	}
	if at = k.known[before].next; at > 0 && bytes.HasPrefix(b[i:], k.known[at].text) {
		return k.known[at].field, at, i + len(k.known[at].text), ""
	}
	key, next, ok := scanValue(b, i)
	if !ok {
		return fieldNone, 0, 0, broken(b)
	}
	if key.kind != text {
		return fieldNone, 0, 0, ingest.ReasonMalformed
	}
	next = space(b, next)
	if next >= len(b) {
		return fieldNone, 0, 0, ingest.ReasonTruncated
	}
	if b[next] != ':' {
		return fieldNone, 0, 0, ingest.ReasonMalformed
	}
	f, next = fieldOf(key.text), next+1
	at = k.number(b[i:next], f)
	k.known[before].next = at
	return f, at, next, ""
}

// number is that of a key, 0 where there is no place to remember it.
func (k *keys) number(text []byte, f field) int {
	for at := 1; at < len(k.known); at++ {
		if bytes.Equal(k.known[at].text, text) {
			return at
		}
	}
	if len(k.known) == maxKeys || len(text) > maxKey {
		return 0
	}
	k.known = append(k.known, knownKey{text: bytes.Clone(text), field: f})
	return len(k.known) - 1
}
