package region

import (
	"testing"

	"github.com/entscope/entscope/ingest"
)

// What is planted in years must be there: a lockdown that visits show, visits
// that deadlines and contents bring, failures, a second instrument, polling.
func TestYearsPlants(t *testing.T) {
	w, err := NewYears(2)
	if err != nil {
		t.Fatal(err)
	}
	r := New(Plan{Window: w, Seed: 3, Parents: 1200, Schools: 12})
	n, daily := map[string]int{}, [2]float64{}
	for number := range r.Basins() {
		b := r.Basin(number)
		for i := range b.Events {
			e := &b.Events[i]
			day, _ := w.Local(e.TS)
			p := &b.People[e.Who]
			if p.Role == RoleParent && e.Acts() {
				daily[0] += float64(oneIf(day >= w.Lockdown[0]-28 && day < w.Lockdown[0])) / 28
				daily[1] += float64(oneIf(day >= w.Lockdown[0] && day < w.Lockdown[0]+19)) / 19
			}
			n["failed"] += oneIf(e.Action == ingest.ActionLoginFailed)
			n["visio"] += oneIf(e.Visio)
			n["app"] += oneIf(b.ByApp(e))
			n["books"] += oneIf(e.Service == ingest.ServiceReportBook)
			n["grants"] += oneIf(e.Service == ingest.ServiceGrants)
			n["blogs"] += oneIf(e.Service == ingest.ServiceBlog)
			n["handed in"] += oneIf(e.Action == ingest.ActionSubmit)
		}
		for _, l := range b.Loans {
			n["loans"] += oneIf(l.Start != NoDay)
			n["waiting"] += oneIf(l.Start == NoDay)
		}
		n["messages"] += len(b.Messages)
		n["meetings"] += len(b.Meetings)
		n["procedures"] += len(b.Procedures())
		for i := range b.Schools {
			n["changes"] += oneIf(b.Schools[i].DeferFrom > 0 && b.Schools[i].DeferFrom < w.Days)
		}
	}
	for _, kind := range []string{"failed", "visio", "app", "books", "grants", "blogs", "handed in", "loans", "waiting",
		"messages", "meetings", "procedures"} {
		if n[kind] < 10 {
			t.Errorf("%s: %d", kind, n[kind])
		}
	}
	if n["changes"] < 1 {
		t.Error("no school changed its setting")
	}
	if daily[1] < 1.4*daily[0] {
		t.Errorf("%.0f events a day before the lockdown, %.0f in it", daily[0], daily[1])
	}
}
