package oracle

import (
	"math"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// feedsOf are the numbers, in study.toml, of the sources that write an event.
func (o *observer) feedsOf(e *region.Event) []int {
	switch {
	case e.Visio:
		return []int{6}
	case e.CAS:
		return []int{3}
	}
	switch o.b.Schools[e.School].System {
	case region.SystemUportal:
		return []int{2}
	case region.SystemPronote:
		return []int{4}
	}
	if o.b.AppShows(e) {
		return []int{1, 5}
	}
	return []int{1}
}

// tools adds M4: the sources that a parent met for each purpose.
func (o *observer) tools(who, g int) {
	p := &o.b.People[who]
	scope := o.inGroup(p, g)
	purposes := map[ingest.Service]string{ingest.ServiceMessages: "messages", ingest.ServiceGrades: "grades",
		ingest.ServiceHomework: "homework", ingest.ServiceVideo: "video"}
	met := map[string]map[int]bool{}
	note := func(purpose string, feed int) {
		if met[purpose] == nil {
			met[purpose] = map[int]bool{}
		}
		met[purpose][feed] = true
	}
	visits, last := map[int]float64{}, int64(math.MinInt64/2)
	var seen map[int]bool
	resource := false
	for e := range o.events(who, scope) {
		if e.TS-last > maxGap {
			seen = map[int]bool{}
		}
		last = e.TS
		resource = resource || e.Service == ingest.ServiceResources
		for _, f := range o.feedsOf(e) {
			note("any", f)
			if purpose := purposes[e.Service]; purpose != "" {
				note(purpose, f)
			}
			if !seen[f] {
				seen[f] = true
				visits[f]++
			}
		}
	}
	if o.b.Schools[o.primary(p, g)].System != region.SystemPronote { // whose logs show no resources
		o.t.add("C5.parents", "all_accounts", g, indicate(resource), 1)
	}
	for purpose, feeds := range met {
		o.t.add("M4.tools."+purpose, "active_accounts", g, float64(len(feeds)), 1)
	}
	if len(visits) > 0 {
		sum, squares := 0.0, 0.0
		for _, n := range visits {
			sum += n
			squares += n * n
		}
		o.t.add("M4.hhi", "active_accounts", g, math.Round(100*squares/(sum*sum)), 100)
	}
}
