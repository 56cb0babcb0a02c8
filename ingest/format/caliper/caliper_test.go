package caliper

import (
	"flag"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/catalog"
	"github.com/entscope/entscope/ingest/formattest"
)

var update = flag.Bool("update", false, "write the goldens")

func format(t testing.TB, change ...func(*Options)) *Format {
	t.Helper()
	c, err := catalog.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	urls, err := c.URLs("moodle")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{
		Clock: formattest.Clock(t, "Europe/Paris"), Actions: c.Names(catalog.CaliperActions),
		Entities: c.Names(catalog.CaliperEntities), Roles: c.Names(catalog.CaliperRoles), URLs: urls,
		Home: "https://ent.example/users/",
	}
	for _, c := range change {
		c(&o)
	}
	return New(o)
}

func TestSamples(t *testing.T) {
	for _, name := range []string{"envelopes.json"} {
		t.Run(name, func(t *testing.T) {
			r := formattest.Decode(t, format(t), formattest.Excerpt(t, name))
			formattest.Check(t, r)
			formattest.Golden(t, name, r, *update)
		})
	}
}

// valid is a record that is one event, at the instant AT.
const valid = `{"id":"urn:uuid:a","type":"ViewEvent","actor":{` +
	`"id":"https://ent.example/users/7f3a","type":"Person"},"action":"Viewed","object":{"id":"https://ent.example/r",` +
	`"type":"Result"},"eventTime":"AT"}` + "\n"

func at(instant string) string { return strings.Replace(valid, "AT", instant, 1) }

func TestBadInput(t *testing.T) {
	formattest.BadInput(t, format(t), formattest.Sample{
		Valid:     at("2025-09-15T16:04:17.000Z"),
		Old:       at("1970-01-01T16:04:17.000Z"),
		Future:    at("2999-09-15T16:04:17.000Z"),
		Separator: ",",
	})
}

func Fuzz(f *testing.F) {
	f.Add([]byte(at("2025-09-15T16:04:17.000Z")))
	for _, name := range []string{"envelopes.json"} {
		f.Add(formattest.Excerpt(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) { formattest.Fuzz(t, format(t), data) })
}

// TestSpecification reads the events of the specification, where they are at hand:
// their licence does not let them into this repository.
func TestSpecification(t *testing.T) {
	f := format(t, func(o *Options) { o.Home, o.URLs = "https://example.edu/users/", nil })
	for name, want := range map[string]struct {
		service ingest.Service
		action  ingest.Action
	}{
		"19_SessionEvent_LoggedIn.json":         {ingest.ServiceSignIn, ingest.ActionLogin},
		"20_SessionEvent_LoggedOut.json":        {ingest.ServiceSignIn, ingest.ActionLogout},
		"24_ViewEvent_Viewed.json":              {ingest.ServiceResources, ingest.ActionAccess},
		"16_MessageEvent_Posted.json":           {ingest.ServiceCollaboration, ingest.ActionSend},
		"22_ThreadEvent_MarkedAsRead.json":      {ingest.ServiceCollaboration, ingest.ActionRead},
		"10_AssessmentEvent_Started.json":       {ingest.ServicePaths, ingest.ActionAccess},
		"07_Envelope.json":                      {ingest.ServiceUnknown, ingest.ActionAccess},
		"18_NavigationEvent_NavigatedTo.json":   {ingest.ServiceUnknown, ingest.ActionAccess},
		"12_AssignableEvent_Activated.json":     {ingest.ServicePaths, ingest.ActionAccess},
		"13_ForumEvent_Subscribed.json":         {ingest.ServiceCollaboration, ingest.ActionAccess},
		"11_AssessmentItemEvent_Completed.json": {ingest.ServicePaths, ingest.ActionAccess},
	} {
		data, ok := formattest.Shared(t, "caliper/"+name)
		if !ok {
			t.Skip("the specification's events are not at hand")
		}
		r := formattest.Decode(t, f, data)
		formattest.Check(t, r)
		if len(r.Events) != 1 {
			t.Errorf("%s: %+v, want one event", name, r.Counts)
			continue
		}
		if e := r.Events[0]; e.Service != want.service || e.Action != want.action {
			t.Errorf("%s: service %d, action %d, want %v", name, e.Service, e.Action, want)
		}
	}
}

// TestExchange: see formattest.Exchange.
func TestExchange(t *testing.T) {
	line := strings.TrimSpace(at("2025-09-15T16:04:17.000Z"))
	formattest.Exchange(t, format(t), formattest.Line{Text: line, Separator: ",", Account: "7f3a"})
}
