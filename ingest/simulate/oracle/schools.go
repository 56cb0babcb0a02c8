package oracle

import "github.com/entscope/entscope/ingest/simulate/region"

// joined adds C7: a family has joined a meeting when a guardian has. It counts in
// the groups of its guardians, whatever the school of the meeting.
func (o *observer) joined() {
	type key struct{ family, school, class, number int }
	met := map[key]bool{}
	for _, m := range o.b.Meetings {
		for i, who := range m.Invited {
			k := key{o.b.People[who].Family, m.School, m.Class, m.Number}
			met[k] = met[k] || m.Joined[i]
		}
	}
	in := make([][groupCount]bool, o.b.Families)
	for _, p := range o.b.Each(region.RoleParent) {
		for g := range groupCount {
			in[p.Family][g] = in[p.Family][g] || o.primary(p, g) >= 0
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
	seen := make([]bool, len(o.b.Schools))
	for i := range o.b.Events {
		e := &o.b.Events[i]
		if p := &o.b.People[e.Who]; e.Acts() && p.Role != region.RoleStaff && (e.Named || p.SchoolCount == 1) {
			seen[e.School] = true
		}
	}
	for si := range o.b.Schools {
		for g := range o.groups(si) {
			o.t.add("D1.observed", "schools", g, indicate(seen[si]), 1)
			o.t.add("D1.declared", "schools", g, 1, 1)
			for k, name := range [3]string{"closed", "principal", "all"} {
				o.t.add("M6.messages "+name, "schools", g, indicate(o.b.Schools[si].Openness == k+1), 1)
			}
			if s := &o.b.Schools[si]; s.Graded() { // the setting that holds when the window ends
				o.t.add("M6.grades at-once", "schools", g, indicate(s.DeferFrom >= o.b.Window.Days), 1)
				o.t.add("M6.grades deferred", "schools", g, indicate(s.DeferFrom < o.b.Window.Days), 1)
			}
		}
	}
}
