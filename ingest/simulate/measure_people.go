package simulate

import (
	"slices"
	"strconv"

	"github.com/entscope/entscope/ingest"
)

// pupils adds the measures that stand behind a pupil: N6, P2, P3, C2, C5, F1.
func (o *observer) pupils() {
	submitted := make([]float64, len(o.b.people))
	for i := range o.b.events {
		e := &o.b.events[i]
		submitted[e.who] += indicate(ingest.Action(e.action) == ingest.ActionSubmit)
	}
	for who := range o.b.people {
		p := &o.b.people[who]
		if p.role != rolePupil {
			continue
		}
		o.firstViews(who)
		si := p.schools[0]
		s := &o.b.schools[si]
		active := 0
		alone := 0.0 // handed in by guardians of one child
		for _, g := range p.parents {
			active += oneIf(len(o.of[g]) > 0)
			if len(o.b.people[g].children) == 1 {
				alone += submitted[g]
			}
		}
		own, parents := o.homework(who)
		resources := 0.0
		for _, v := range o.sessions(who, func(k int) bool { return k == si }) {
			resources += indicate(v.resource)
		}
		computer, network, answered, silent := o.b.equipment(p)
		for g := range groupCount {
			if !s.in(g) {
				continue
			}
			if len(p.parents) >= 2 {
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
			if s.system != systemPronote {
				o.t.add("C5.pupils", "all_pupils", g, resources, 1)
			}
			o.t.add("F1.answered", "all_pupils", g, indicate(answered), 1)
			if answered {
				o.t.add("F1.no_computer", "surveyed_pupils", g, indicate(!computer), 1)
				if !silent {
					o.t.add("F1.no_network", "surveyed_pupils", g, indicate(!network), 1)
				}
			}
		}
	}
}

// homework counts the views of a pupil's homework by the pupil and by the
// guardians; of a pupil whose guardian looks for several children of the school,
// nobody can say, and nothing is counted.
func (o *observer) homework(who int) (own, guardians float64) {
	p := &o.b.people[who]
	views := func(account int) (n float64) {
		for i := range o.of[account] {
			e := &o.of[account][i]
			n += indicate(is(e, ingest.ServiceHomework) && ingest.Action(e.action) != ingest.ActionSubmit && (!e.named || int(e.school) == p.schools[0]))
		}
		return n
	}
	for _, g := range p.parents {
		n, here := views(g), 0
		for _, c := range o.b.people[g].children {
			here += oneIf(o.b.people[c].schools[0] == p.schools[0])
		}
		if n > 0 && here > 1 {
			return 0, 0
		}
		guardians += n
	}
	return views(who), guardians
}

// family is what the guardians of some children have together.
type family struct {
	members []int // guardians
	schools []int
	helped  []int // guardians who were accompanied
	visits  int
	opened  bool
}

func (o *observer) households() []family {
	out := make([]family, o.b.families)
	for who := range o.b.people {
		p := &o.b.people[who]
		if p.family < 0 {
			continue
		}
		f := &out[p.family]
		for k := range p.nschools {
			if !slices.Contains(f.schools, p.schools[k]) {
				f.schools = append(f.schools, p.schools[k])
			}
		}
		if p.role != roleParent {
			continue
		}
		f.members = append(f.members, who)
		f.visits += len(o.sessions(who, p.at))
		if p.helped < o.b.w.days {
			f.helped = append(f.helped, who)
		}
	}
	for i := range o.b.messages {
		m := &o.b.messages[i]
		for k, who := range m.recipients {
			if p := &o.b.people[who]; p.role == roleParent && m.opened[k] > 0 {
				out[p.family].opened = true
			}
		}
	}
	return out
}

// familiesMore adds the measures of families: A3's reach, A4, F6, F3 and F4.
func (o *observer) familiesMore() {
	all := o.households()
	offered := map[int]map[int]bool{} // forms of each school
	for who := range o.b.people {
		p := &o.b.people[who]
		if p.role == roleParent && p.helped < o.b.w.days {
			for k := range p.nschools {
				for _, l := range o.b.helpOf(p) {
					if offered[p.schools[k]] == nil {
						offered[p.schools[k]] = map[int]bool{}
					}
					offered[p.schools[k]][helpCodes[l.form]] = true
				}
			}
		}
	}
	for g := range groupCount {
		for i := range all {
			f := &all[i]
			here := slices.DeleteFunc(slices.Clone(f.schools), func(si int) bool { return !o.b.schools[si].in(g) })
			if len(here) == 0 || len(f.members) == 0 {
				continue
			}
			o.reach(g, f, here, offered)
			o.steps(g, f)
			o.t.add("F6.far", "families", g, indicate(f.visits == 0 && !f.opened && len(f.helped) == 0), 1)
		}
	}
	o.procedures(all)
	o.lent(all)
}

// reach adds A3.reach for one family.
func (o *observer) reach(g int, f *family, here []int, offered map[int]map[int]bool) {
	for form := 1; form <= 4; form++ {
		if !slices.ContainsFunc(here, func(si int) bool { return offered[si][form] }) {
			continue
		}
		has := slices.ContainsFunc(f.helped, func(who int) bool {
			return slices.ContainsFunc(o.b.helpOf(&o.b.people[who]), func(l help) bool { return helpCodes[l.form] == form })
		})
		o.t.add("A3.reach."+strconv.Itoa(form), "families", g, indicate(has), 1)
	}
}

// steps adds A4 for one family.
func (o *observer) steps(g int, f *family) {
	firstCollective, firstAny, lastSingle := noDay, noDay, -1
	for _, who := range f.helped {
		for _, l := range o.b.helpOf(&o.b.people[who]) {
			firstAny = min(firstAny, l.day)
			if l.individual == 0 {
				firstCollective = min(firstCollective, l.day)
			} else {
				lastSingle = max(lastSingle, l.day)
			}
		}
	}
	if firstCollective == noDay {
		return
	}
	o.t.add("A4.collective_first", "families", g, indicate(firstCollective == firstAny), 1)
	o.t.add("A4.individual_after", "families", g, indicate(lastSingle > firstCollective), 1)
}

// useOf is how much a family's guardians visit: 0 never, 2 when one of them comes
// at least once a week in the mean of the counted school weeks, else 1.
func (o *observer) useOf(f *family, g int) int {
	use := 0
	for _, who := range f.members {
		p := &o.b.people[who]
		primary := o.primary(p, g)
		if primary < 0 {
			continue
		}
		cal, n := o.calendar(primary), 0
		weeks, _ := countWeeks(o.covered[primary], cal, p.created)
		sessions := o.sessions(who, o.inGroup(p, g))
		for i := range sessions {
			w := cal.weekOf[sessions[i].day]
			n += oneIf(w >= 0 && o.covered[primary][w] && cal.monday[w] >= p.created)
		}
		use = max(use, oneIf(len(sessions) > 0), 2*oneIf(weeks > 0 && n >= weeks))
	}
	return use
}

// procedures adds F3: who completes a téléservice in time, by how much the
// guardians visit.
func (o *observer) procedures(all []family) {
	if o.b.w.years == 0 {
		return
	}
	for _, pr := range o.b.procedures() {
		p := &o.b.people[pr.child]
		for g := range groupCount {
			if o.b.schools[p.schools[0]].in(g) {
				name := "F3.on_time." + [3]string{"never", "rare", "weekly"}[o.useOf(&all[p.family], g)]
				o.t.add(name, "eligible_families", g, indicate(pr.done <= pr.deadline), 1)
			}
		}
	}
}

// lent adds F4: the visits of a family in the eight school weeks before the week
// of its loan and in the eight after; of those still waiting, around the week of
// the median day of the loans.
func (o *observer) lent(all []family) {
	middle := o.b.w.lendingDays()[1] // half of the loans begin on it
	type state struct {
		day, asked int
		waiting    bool
	}
	of := map[int]state{}
	for _, l := range o.b.loans {
		f := o.b.people[l.child].family
		s, known := of[f]
		if !known {
			s = state{noDay, noDay, true}
		}
		s.asked = min(s.asked, l.requested)
		if l.start < o.b.w.days {
			s.day, s.waiting = min(s.day, l.start), false
		}
		of[f] = s
	}
	for number, s := range of {
		f, arm := &all[number], "loan"
		if s.waiting && s.asked > middle {
			continue
		} else if s.waiting {
			arm, s.day = "waiting", middle
		}
		o.around8(f, arm, s.day-s.day%7)
	}
}

// around8 counts a family's visits in the counted weeks around one.
func (o *observer) around8(f *family, arm string, monday int) {
	school, created := f.schools[0], noDay
	for _, who := range f.members {
		p := &o.b.people[who]
		school, created = min(school, o.primary(p, 0)), min(created, p.created)
	}
	cal := o.calendar(school)
	var before, after []int
	for w, m := range cal.monday {
		switch {
		case !o.covered[school][w] || m == monday:
		case m < monday:
			before = append(before, w)
		case len(after) < 8:
			after = append(after, w)
		}
	}
	before = before[max(0, len(before)-8):]
	if len(before) < 8 || len(after) < 8 || cal.monday[before[0]] < created {
		return
	}
	var n [2]float64
	for _, who := range f.members {
		for _, v := range o.sessions(who, o.b.people[who].at) {
			if w := cal.weekOf[v.day]; w >= 0 {
				n[0] += indicate(slices.Contains(before, w))
				n[1] += indicate(slices.Contains(after, w))
			}
		}
	}
	o.t.add("F4.before."+arm, "families", 0, n[0], 8)
	o.t.add("F4.after."+arm, "families", 0, n[1], 8)
}
