package oracle

import (
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// pupil adds a pupil's account to P1.
func (o *observer) pupil(who int, visited []bool) {
	p := &o.b.People[who]
	si := p.Schools[0]
	sessions := o.sessions(who, func(k int) bool { return k == si })
	if len(sessions) == 0 {
		return
	}
	cal := o.calendar(si)
	guardian := false
	for _, g := range p.Parents {
		guardian = guardian || visited[g]
	}
	strict, loose := false, false
	for i := range sessions {
		v := &sessions[i]
		strict = strict || v.parentOnly
		noHomework := (v.grades > 0 || v.messages) && !v.homework
		inClass := cal.SchoolDay[v.day] && v.day%7 != 2 &&
			(v.hour >= 9 && v.hour < 12 || v.hour >= 14 && v.hour < 16) &&
			(v.grades > 0 || v.messages)
		loose = loose || v.parentOnly || !v.told || noHomework || inClass
	}
	for g := range o.groups(si) {
		o.t.add("P1.low", "pupils", g, indicate(strict && !guardian), 1)
		o.t.add("P1.high", "pupils", g, indicate(loose && !guardian), 1)
		o.t.add("P1.child_account", "pupils", g, indicate(p.Borrowed && !guardian), 1)
	}
}

// pupils adds the measures that stand behind a pupil: N6, P2, P3, C2, C5, F1.
func (o *observer) pupils() {
	submitted := make([]float64, len(o.b.People))
	for i := range o.b.Events {
		e := &o.b.Events[i]
		submitted[e.Who] += indicate(e.Action == ingest.ActionSubmit)
	}
	for who, p := range o.b.Each(region.RolePupil) {
		o.firstViews(who)
		si := p.Schools[0]
		s := &o.b.Schools[si]
		active := 0
		alone := 0.0 // handed in by guardians of one child
		for _, g := range p.Parents {
			active += oneIf(len(o.of[g]) > 0)
			if len(o.b.People[g].Children) == 1 {
				alone += submitted[g]
			}
		}
		own, parents := o.homework(who)
		resources := 0.0
		for _, v := range o.sessions(who, func(k int) bool { return k == si }) {
			resources += indicate(v.resource)
		}
		home := o.b.Equipment(p)
		if own+parents > 0 {
			o.t.addTo("C2.parent_share", "pupils", "grade", s.Classes[p.Class].Grade, parents, own+parents)
		}
		for g := range o.groups(si) {
			if len(p.Parents) >= 2 {
				o.t.add("P3.none", "two_guardians", g, indicate(active == 0), 1)
				o.t.add("P3.one", "two_guardians", g, indicate(active == 1), 1)
				o.t.add("P3.two", "two_guardians", g, indicate(active >= 2), 1)
			}
			if n := submitted[who] + alone; n > 0 {
				o.t.add("P2.by_pupil", "pupils", g, submitted[who], n)
			}
			if own+parents > 0 {
				o.t.add("C2.parent_share", "pupils", g, parents, own+parents)
			}
			if s.System != region.SystemPronote {
				o.t.add("C5.pupils", "all_pupils", g, resources, 1)
			}
			o.t.add("F1.answered", "all_pupils", g, indicate(home.Answered), 1)
			o.t.add("F1.no_computer_bounds", "surveyed_pupils", g, indicate(!home.Computer), 1)
			o.t.add("F1.no_network_bounds", "surveyed_pupils", g, indicate(!home.Network), 1)
			if home.Answered {
				o.t.add("F1.no_computer", "surveyed_pupils", g, indicate(!home.Computer), 1)
				if !home.Silent {
					o.t.add("F1.no_network", "surveyed_pupils", g, indicate(!home.Network), 1)
				}
			}
		}
	}
}

// homework counts the views of a pupil's homework by the pupil and by the
// guardians; of a pupil whose guardian looks for several children of the school,
// nobody can say, and nothing is counted.
func (o *observer) homework(who int) (own, guardians float64) {
	p := &o.b.People[who]
	views := func(account int) (n float64) {
		for e := range o.events(account, func(si int) bool { return si == p.Schools[0] }) {
			n += indicate(e.Service == ingest.ServiceHomework && e.Action != ingest.ActionSubmit)
		}
		return n
	}
	for _, g := range p.Parents {
		n, here := views(g), 0
		for _, c := range o.b.People[g].Children {
			here += oneIf(o.b.People[c].Schools[0] == p.Schools[0])
		}
		if n > 0 && here > 1 {
			return 0, 0
		}
		guardians += n
	}
	return views(who), guardians
}
