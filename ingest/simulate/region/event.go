package region

import (
	"slices"

	"github.com/entscope/entscope/ingest"
)

// Event is one action as it happened; how much of it a log shows depends on the
// school's system.
type Event struct {
	TS  int64
	Who int32 // the account: its holder's index in the basin
	// School is the school whose system wrote it; named is false when the
	// record does not say which.
	School  int16
	Named   bool
	Service ingest.Service
	Action  ingest.Action
	Device  ingest.Device
	CAS     bool // a login written by the CAS server
	Visio   bool // written by the video service alone
	Visit   int32
}

// Acts reports whether an event is part of a visit: neither the end of a session nor a
// login that failed is.
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

// ByApp reports whether an event belongs to a visit that the application's front sees.
func (b *Basin) ByApp(e *Event) bool {
	return b.Schools[e.School].App && e.Named && !e.CAS && !e.Visio && e.Device == ingest.DevicePhone && e.Visit%3 == 0
}

// appServices are those that the application asks the platform's front for.
var appServices = []ingest.Service{
	ingest.ServiceGrades, ingest.ServiceMessages, ingest.ServiceHomework, ingest.ServiceAbsences,
	ingest.ServiceSchoolLife, ingest.ServiceNews, ingest.ServiceBlog, ingest.ServiceResources,
}

// AppShows reports whether the log of the application's front holds an event.
func (b *Basin) AppShows(e *Event) bool {
	return b.ByApp(e) && e.Action == ingest.ActionAccess && slices.Contains(appServices, e.Service)
}
