package oracle

import (
	"maps"
	"math"
	"slices"

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
		o.t.add("M4.two_"+purpose, "active_accounts", g, indicate(len(feeds) >= 2), 1)
	}
	if len(visits) > 0 {
		o.t.spread("M4.tools_any_median", g, float64(len(met["any"])))
		sum, squares := 0.0, 0.0
		for _, n := range visits {
			sum += n
			squares += n * n
		}
		o.t.add("M4.hhi", "active_accounts", g, math.Round(100*squares/(sum*sum)), 100)
	}
}

// asked are the services of C3, C4 and C9.
var asked = map[string]ingest.Service{
	"C3.grades": ingest.ServiceGrades, "C3.absences": ingest.ServiceAbsences,
	"C3.school_life": ingest.ServiceSchoolLife,
	"C3.timetable":   ingest.ServiceTimetable, "C3.homework": ingest.ServiceHomework,
	"C3.messages": ingest.ServiceMessages,
	"C3.news":     ingest.ServiceNews, "C3.blog": ingest.ServiceBlog, "C3.report_book": ingest.ServiceReportBook,
	"C9.visits": ingest.ServiceAccessibility,
}

// carry notes which services the sources of each school show anywhere.
func (o *observer) carry() {
	shows := map[int]map[ingest.Service]bool{}
	feeds := make([]map[int]bool, len(o.b.Schools))
	for i := range o.b.Events {
		e := &o.b.Events[i]
		if !e.Acts() {
			continue
		}
		for _, f := range o.feedsOf(e) {
			if shows[f] == nil {
				shows[f] = map[ingest.Service]bool{}
			}
			shows[f][e.Service] = true
			if p := &o.b.People[e.Who]; e.Named || p.SchoolCount == 1 {
				si := p.Schools[0]
				if e.Named {
					si = int(e.School)
				}
				if feeds[si] == nil {
					feeds[si] = map[int]bool{}
				}
				feeds[si][f] = true
			}
		}
	}
	o.carried = make([]map[ingest.Service]bool, len(o.b.Schools))
	for si, list := range feeds {
		o.carried[si] = map[ingest.Service]bool{}
		for f := range list {
			maps.Copy(o.carried[si], shows[f])
		}
	}
}

// services adds C3, C4's visits and C9: the visits in which each service is opened, where
// a source of the school carries it.
func (o *observer) services(g, primary int, sessions []session) {
	if len(sessions) == 0 {
		return
	}
	for name, service := range asked {
		if !o.carried[primary][service] {
			continue
		}
		opened := 0
		for i := range sessions {
			opened += oneIf(slices.Contains(sessions[i].services, service))
		}
		o.t.add(name, "active_accounts", g, float64(opened), float64(len(sessions)))
	}
}
