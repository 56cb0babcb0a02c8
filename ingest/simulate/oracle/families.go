package oracle

import (
	"slices"
	"strconv"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// family is what the guardians of some children have together.
type family struct {
	members []int // guardians
	schools []int
	helped  []int // guardians who were accompanied
	visits  int
	opened  bool
}

func (o *observer) households() []family {
	out := make([]family, o.b.Families)
	for who := range o.b.People {
		p := &o.b.People[who]
		if p.Family < 0 {
			continue
		}
		f := &out[p.Family]
		for k := range p.SchoolCount {
			if !slices.Contains(f.schools, p.Schools[k]) {
				f.schools = append(f.schools, p.Schools[k])
			}
		}
		if p.Role != region.RoleParent {
			continue
		}
		f.members = append(f.members, who)
		f.visits += len(o.sessions(who, p.At))
		if p.Helped < o.b.Window.Days {
			f.helped = append(f.helped, who)
		}
	}
	for i := range o.b.Messages {
		m := &o.b.Messages[i]
		for k, who := range m.Recipients {
			if p := &o.b.People[who]; p.Role == region.RoleParent && m.Opened[k] > 0 {
				out[p.Family].opened = true
			}
		}
	}
	return out
}

// families adds A1 of families: one when any guardian was accompanied.
func (o *observer) families() {
	type state struct{ helped, seen bool }
	for g := range groupCount {
		of := map[int]state{}
		for _, p := range o.b.Each(region.RoleParent) {
			if primary := o.primary(p, g); primary >= 0 && slices.Contains(o.covered[primary], true) {
				f := of[p.Family]
				of[p.Family] = state{f.helped || p.Helped != region.NoDay, true}
			}
		}
		helped := 0
		for _, f := range of {
			helped += oneIf(f.helped)
		}
		o.t.add("A1.accompanied", "families", g, float64(helped), float64(len(of)))
	}
}

// householdMeasures adds the measures of families: A3's reach, A4, F6, F3 and F4.
func (o *observer) householdMeasures() {
	all := o.households()
	for g := range groupCount {
		for i := range all {
			f := &all[i]
			here := slices.DeleteFunc(slices.Clone(f.schools), func(si int) bool { return !o.in(si, g) })
			if len(here) == 0 || len(f.members) == 0 {
				continue
			}
			o.reach(g, f)
			o.steps(g, f)
			o.t.add("F6.far", "families", g, indicate(f.visits == 0 && !f.opened && len(f.helped) == 0), 1)
		}
	}
	o.procedures(all)
	o.lent(all)
}

// reach adds A3.reach for one family.
func (o *observer) reach(g int, f *family) {
	for form := 1; form <= 4; form++ {
		has := slices.ContainsFunc(f.helped, func(who int) bool {
			return slices.ContainsFunc(o.b.HelpOf(&o.b.People[who]),
				func(l region.Help) bool { return region.HelpForms[l.Form].Code == form })
		})
		o.t.add("A3.reach."+strconv.Itoa(form), "families", g, indicate(has), 1)
	}
}

// steps adds A4 for one family.
func (o *observer) steps(g int, f *family) {
	firstCollective, firstAny, lastSingle := region.NoDay, region.NoDay, -1
	for _, who := range f.helped {
		for _, l := range o.b.HelpOf(&o.b.People[who]) {
			firstAny = min(firstAny, l.Day)
			if l.Individual == 0 {
				firstCollective = min(firstCollective, l.Day)
			} else {
				lastSingle = max(lastSingle, l.Day)
			}
		}
	}
	if firstCollective == region.NoDay {
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
		p := &o.b.People[who]
		primary := o.primary(p, g)
		if primary < 0 {
			continue
		}
		sessions, counted := o.sessions(who, o.inGroup(p, g)), o.weeks(primary, p.Created)
		weeks, n := counted.count(), counted.visits(sessions)
		use = max(use, oneIf(len(sessions) > 0), 2*oneIf(weeks > 0 && n >= weeks))
	}
	return use
}

// procedures adds F3: who completes a téléservice in time, by how much the
// guardians visit.
func (o *observer) procedures(all []family) {
	if o.b.Window.Years == 0 {
		return
	}
	for _, pr := range o.b.Procedures() {
		p := &o.b.People[pr.Child]
		for g := range o.groups(p.Schools[0]) {
			name := "F3.on_time." + [3]string{"never", "rare", "weekly"}[o.useOf(&all[p.Family], g)]
			o.t.add(name, "eligible_families", g, indicate(pr.Done <= pr.Deadline), 1)
		}
	}
}

// lent adds F4: the visits of a family in the eight school weeks before the week
// of its loan and in the eight after; of those still waiting, around the week of
// the median day of the loans.
func (o *observer) lent(all []family) {
	middle := o.b.Window.LendingDays()[1] // half of the loans begin on it
	type state struct {
		day, asked int
		waiting    bool
	}
	of := map[int]state{}
	for _, l := range o.b.Loans {
		f := o.b.People[l.Child].Family
		s, known := of[f]
		if !known {
			s = state{region.NoDay, region.NoDay, true}
		}
		s.asked = min(s.asked, l.Requested)
		if l.Start < o.b.Window.Days {
			s.day, s.waiting = min(s.day, l.Start), false
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
	school, created := f.schools[0], region.NoDay
	for _, who := range f.members {
		p := &o.b.People[who]
		school, created = min(school, o.primary(p, 0)), min(created, p.Created)
	}
	cal := o.calendar(school)
	var before, after []int
	for w, m := range cal.Monday {
		switch {
		case !o.covered[school][w] || m == monday:
		case m < monday:
			before = append(before, w)
		case len(after) < 8:
			after = append(after, w)
		}
	}
	before = before[max(0, len(before)-8):]
	if len(before) < 8 || len(after) < 8 || cal.Monday[before[0]] < created {
		return
	}
	var n [2]float64
	for _, who := range f.members {
		for _, v := range o.sessions(who, o.b.People[who].At) {
			if w := cal.WeekOf[v.day]; w >= 0 {
				n[0] += indicate(slices.Contains(before, w))
				n[1] += indicate(slices.Contains(after, w))
			}
		}
	}
	o.t.add("F4.before."+arm, "families", 0, n[0], 8)
	o.t.add("F4.after."+arm, "families", 0, n[1], 8)
}
