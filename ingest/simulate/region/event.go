package region

import (
	"github.com/entscope/entscope/ingest"
)

// Event is one action as it happened; how much of it a log tells depends on the
// school's system.
type Event struct {
	TS  int64
	Who int32 // the account: its holder's index in the basin
	// school is the school whose system wrote it; named is false when the
	// record does not say which.
	School  int16
	Named   bool
	Service ingest.Service
	Action  ingest.Action
	Device  ingest.Device
	CAS     bool // a log in written by the CAS server
	Visio   bool // written by the video service alone
	Visit   int32
}

// Acts: neither the end of a session nor a log in that failed is a visit.
func (e *Event) Acts() bool {
	return e.Action != ingest.ActionLogout && e.Action != ingest.ActionLoginFailed
}

// visit is one visit to be expanded into events.
type visit struct {
	day, second int
	school      int
	kind        uint8
}

const (
	visitPlain = iota
	visitReaction
	visitCheck
)
