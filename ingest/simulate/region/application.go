package region

import (
	"slices"

	"github.com/entscope/entscope/ingest"
)

// ByApp reports whether an event belongs to a visit that the application's front sees.
func (b *Basin) ByApp(e *Event) bool {
	return b.Schools[e.School].App && e.Named && !e.CAS && !e.Visio && e.Device == ingest.DevicePhone && e.Visit%3 == 0
}

// appServices are those that the application asks the platform's front for.
var appServices = []ingest.Service{ingest.ServiceGrades, ingest.ServiceMessages, ingest.ServiceHomework, ingest.ServiceAbsences,
	ingest.ServiceSchoolLife, ingest.ServiceNews, ingest.ServiceBlog, ingest.ServiceResources}

// AppShows reports whether the log of the application's front holds an event.
func (b *Basin) AppShows(e *Event) bool {
	return b.ByApp(e) && e.Action == ingest.ActionAccess && slices.Contains(appServices, e.Service)
}
