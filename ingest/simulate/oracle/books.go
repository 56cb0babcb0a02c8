package oracle

import (
	"slices"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// books adds C4: the report books that a guardian opens before the next one of
// the same child is published, and the life table of the openings.
func (o *observer) books() {
	terms := o.b.Window.Terms()
	for who, p := range o.b.Each(region.RoleParent) {
		for g := range groupCount {
			var days []int
			graded := false
			for e := range o.events(who, func(si int) bool { return o.in(si, g) }) {
				day, _ := o.b.Window.Local(e.TS)
				graded = graded || e.Service == ingest.ServiceGrades
				if e.Service == ingest.ServiceReportBook && !slices.Contains(days, day) {
					days = append(days, day)
				}
			}
			concerned := slices.ContainsFunc(p.Children, func(c int) bool {
				s := &o.b.Schools[o.b.People[c].Schools[0]]
				return in(s, g) && s.HasBook()
			})
			if !concerned || len(terms) == 0 {
				continue
			}
			o.opening(p, who, g)
			const pop = "concerned_accounts"
			o.t.add("C4.opened", pop, g, indicate(len(days) > 0), 1)
			if o.showsGrades(o.b.Schools[o.primary(p, g)].System) {
				o.t.add("C4.viewed_grades", pop, g, indicate(graded), 1)
			}
			if len(days) > 0 {
				o.t.add("C4.again", pop, g, indicate(len(days) >= 2), 1)
			}
		}
	}
}

// showsGrades reports whether the logs of a system show grades: those of Pronote
// never do, another's when one of its schools gives any.
func (o *observer) showsGrades(system int) bool {
	return system != region.SystemPronote && slices.ContainsFunc(o.b.Region.Schools,
		func(s region.School) bool { return s.System == system && s.Graded() })
}

// opening adds the life table of C4: each report book of a child's school and grade
// level, with its first opening after.
func (o *observer) opening(p *region.Person, who, g int) {
	type book struct {
		school int
		grade  string
	}
	var seen []book
	for _, c := range p.Children {
		k := &o.b.People[c]
		s := &o.b.Schools[k.Schools[0]]
		b := book{k.Schools[0], s.Classes[k.Class].Grade}
		if !in(s, g) || !s.HasBook() || slices.ContainsFunc(seen, func(x book) bool { return x.school == b.school }) {
			continue // one book of a school and term, whatever the number of children
		}
		seen = append(seen, b)
		for _, term := range o.b.Window.Terms() {
			if term < s.Rollout {
				continue
			}
			ts, opened, on := o.b.Window.At(term, 18*3600), false, o.b.Window.Days-1
			for e := range o.events(who, func(si int) bool { return si == b.school }) {
				day, _ := o.b.Window.Local(e.TS)
				if e.Service == ingest.ServiceReportBook && e.TS >= ts && !opened {
					opened, on = day-term < 63, min(on, day)
				}
			}
			o.t.waited("C4.opening", g, on-term, opened)
			o.t.add("C4.opening", "curve", g, indicate(opened), 1)
		}
	}
}
