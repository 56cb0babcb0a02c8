package oracle

import (
	"slices"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// gather lists the items with media of each class; fair are those whose hours
// before and after lie in the window with no other item in the ones before.
func (o *observer) gather() {
	o.items, o.shown = map[classOf][]item{}, make([]bool, len(o.b.Schools))
	for i := range o.b.Contents {
		c := &o.b.Contents[i]
		if !c.Media || c.Class < 0 {
			continue
		}
		day, _ := o.b.Window.Local(c.TS)
		it := item{c.TS, day, day >= 7 && day+2 < o.b.Window.Days}
		for j := range o.b.Contents {
			other := &o.b.Contents[j]
			if other.School == c.School && other.Class == c.Class && other.TS > c.TS-9*region.DayMs &&
				other.TS < c.TS-5*region.DayMs {
				it.fair = false
			}
		}
		o.shown[c.School] = true
		o.items[classOf{c.School, c.Class}] = append(o.items[classOf{c.School, c.Class}], it)
	}
}

// contentVisits adds C1: visits in the 48 hours after an item with media of a
// child's class, and in the same hours a week before when no item lies in them.
func (o *observer) contentVisits(who, g int, active bool) {
	p := &o.b.People[who]
	visits := o.sessions(who, p.At)
	within := func(from, to int64) (n float64) {
		for i := range visits {
			n += indicate(visits[i].start >= from && visits[i].start < to)
		}
		return n
	}
	after, before, first, items := 0.0, 0.0, false, false
	for k, child := range p.Children {
		c := &o.b.People[child]
		if o.b.SameClassBefore(p.Children[:k], child) {
			continue
		}
		for _, item := range o.items[classOf{c.Schools[0], c.Class}] {
			if len(visits) > 0 && item.day >= p.Created && visits[0].start >= item.ts &&
				visits[0].start < item.ts+48*region.HourMs {
				first = true
			}
			if item.fair && o.in(c.Schools[0], g) && item.day-7 >= p.Created {
				items = true
				after += within(item.ts, item.ts+48*region.HourMs)
				before += within(item.ts-7*region.DayMs, item.ts-5*region.DayMs)
			}
		}
	}
	if items {
		o.t.add("C1.visits", "concerned_accounts", g, after, before)
	}
	publishes := func(si int) bool { return o.in(si, g) && o.shown[si] }
	if active && slices.ContainsFunc(p.Schools[:p.SchoolCount], publishes) {
		o.t.add("C1.first_login", "all_accounts", g, indicate(first), 1)
	}
}

// news adds C6, views of news and blogs for each item published, and C7, the
// meetings joined by the families invited.
func (o *observer) news() {
	items := map[classOf]float64{}
	for i := range o.b.Contents {
		items[classOf{o.b.Contents[i].School, o.b.Contents[i].Class}]++
	}
	for who, p := range o.b.Each(region.RoleParent) {
		for g := range groupCount {
			n, views := 0.0, 0.0
			for e := range o.events(who, func(si int) bool { return o.in(si, g) }) {
				views += indicate(e.Service == ingest.ServiceNews || e.Service == ingest.ServiceBlog)
			}
			for k := range p.SchoolCount {
				if s := &o.b.Schools[p.Schools[k]]; in(s, g) && s.System != region.SystemPronote {
					n += items[classOf{p.Schools[k], -1}]
				}
			}
			for k, child := range p.Children {
				c := &o.b.People[child]
				shows := o.b.Schools[c.Schools[0]].System != region.SystemPronote
				if shows && o.in(c.Schools[0], g) && !o.b.SameClassBefore(p.Children[:k], child) {
					n += items[classOf{c.Schools[0], c.Class}]
				}
			}
			if n > 0 {
				o.t.add("C6.views", "concerned_accounts", g, views, n)
			}
		}
	}
	o.joined()
}
