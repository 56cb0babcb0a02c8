package simulate

import (
	"slices"

	"github.com/entscope/entscope/ingest"
)

// books adds C4: the report books that a guardian opens before the next one of
// the same child is published, and the life table of the openings.
func (o *observer) books() {
	terms := o.b.w.terms()
	for who := range o.b.people {
		p := &o.b.people[who]
		if p.role != roleParent {
			continue
		}
		for g := range groupCount {
			var days []int
			graded := false
			for i := range o.of[who] {
				e := &o.of[who][i]
				if e.named && !o.b.schools[e.school].in(g) {
					continue
				}
				day, _ := o.b.w.local(e.ts)
				graded = graded || is(e, ingest.ServiceGrades)
				if is(e, ingest.ServiceReportBook) && !slices.Contains(days, day) {
					days = append(days, day)
				}
			}
			if !slices.ContainsFunc(p.children, func(c int) bool { s := &o.b.schools[o.b.people[c].schools[0]]; return s.in(g) && s.hasBook() }) || len(terms) == 0 {
				continue
			}
			o.opening(p, who, g)
			const pop = "concerned_accounts"
			o.t.add("C4.opened", pop, g, indicate(len(days) > 0), 1)
			if o.b.r.showsGrades(o.b.schools[o.primary(p, g)].system) {
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
func (r *region) showsGrades(system int) bool {
	return system != systemPronote && slices.ContainsFunc(r.schools, func(s school) bool { return s.system == system && s.graded() })
}

// opening adds the life table of C4: each report book of a child's school and grade
// level, with its first opening after.
func (o *observer) opening(p *person, who, g int) {
	type book struct {
		school int
		grade  string
	}
	var seen []book
	for _, c := range p.children {
		k := &o.b.people[c]
		s := &o.b.schools[k.schools[0]]
		b := book{k.schools[0], s.classes[k.class].grade}
		if !s.in(g) || !s.hasBook() || slices.ContainsFunc(seen, func(x book) bool { return x.school == b.school }) {
			continue // one book of a school and term, whatever the number of children
		}
		seen = append(seen, b)
		for _, term := range o.b.w.terms() {
			if term < s.rollout {
				continue
			}
			ts, opened := o.b.w.at(term, 18*3600), false
			for i := range o.of[who] {
				e := &o.of[who][i]
				day, _ := o.b.w.local(e.ts)
				opened = opened || is(e, ingest.ServiceReportBook) && e.ts >= ts && day-term < 63 && (!e.named || int(e.school) == b.school)
			}
			o.t.add("C4.opening", "curve", g, indicate(opened), 1)
		}
	}
}

// news adds C6, views of news and blogs for each item published, and C7, the
// meetings joined by the families invited.
func (o *observer) news() {
	items := map[classOf]float64{}
	for i := range o.b.contents {
		items[classOf{o.b.contents[i].school, o.b.contents[i].class}]++
	}
	for who := range o.b.people {
		p := &o.b.people[who]
		if p.role != roleParent {
			continue
		}
		for g := range groupCount {
			n, views := 0.0, 0.0
			for i := range o.of[who] {
				e := &o.of[who][i]
				views += indicate((!e.named || o.b.schools[e.school].in(g)) && (is(e, ingest.ServiceNews) || is(e, ingest.ServiceBlog)))
			}
			for k := range p.nschools {
				if s := &o.b.schools[p.schools[k]]; s.in(g) && s.system != systemPronote {
					n += items[classOf{p.schools[k], -1}]
				}
			}
			for k, child := range p.children {
				if c := &o.b.people[child]; o.b.schools[c.schools[0]].in(g) && o.b.schools[c.schools[0]].system != systemPronote && !sameClassBefore(o.b, p.children[:k], child) {
					n += items[classOf{c.schools[0], c.class}]
				}
			}
			if n > 0 {
				o.t.add("C6.views", "concerned_accounts", g, views, n)
			}
		}
	}
	o.joined()
}

// joined adds C7: a family has joined a meeting when a guardian has. It counts in
// the groups of its guardians, whatever the school of the meeting.
func (o *observer) joined() {
	type key struct{ family, school, class, number int }
	met := map[key]bool{}
	for _, m := range o.b.meetings {
		for i, who := range m.invited {
			k := key{o.b.people[who].family, m.school, m.class, m.number}
			met[k] = met[k] || m.joined[i]
		}
	}
	in := make([][groupCount]bool, o.b.families)
	for who := range o.b.people {
		p := &o.b.people[who]
		for g := range groupCount {
			if p.role == roleParent && o.primary(p, g) >= 0 {
				in[p.family][g] = true
			}
		}
	}
	for k, joined := range met {
		for g := range groupCount {
			if in[k.family][g] {
				o.t.add("C7.joined", "invited_families", g, indicate(joined), 1)
			}
		}
	}
}

// deployed adds D1, the schools where a parent or a pupil signed in and those
// that opened their portal, and M6, to whom parents may write.
func (o *observer) deployed() {
	seen := make([]bool, len(o.b.schools))
	for i := range o.b.events {
		e := &o.b.events[i]
		if p := &o.b.people[e.who]; acts(e) && p.role != roleStaff && (e.named || p.nschools == 1) {
			seen[e.school] = true
		}
	}
	for si := range o.b.schools {
		for g := range groupCount {
			if o.b.schools[si].in(g) {
				o.t.add("D1.observed", "schools", g, indicate(seen[si]), 1)
				o.t.add("D1.declared", "schools", g, 1, 1)
				for k, name := range [3]string{"closed", "principal", "all"} {
					o.t.add("M6.messages "+name, "schools", g, indicate(o.b.schools[si].openness == k+1), 1)
				}
			}
		}
	}
}
