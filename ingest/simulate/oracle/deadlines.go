package oracle

import (
	"slices"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// ready adds R1 for the declared deadlines.
func (o *observer) ready(who, g int, sessions []session) {
	p := &o.b.People[who]
	concerned := 0.0
	var ready [3]float64
	for _, dl := range o.b.Window.Deadlines() {
		if !o.concernedIn(p, &dl, g) {
			continue
		}
		concerned++
		within := slices.ContainsFunc(sessions, func(s session) bool { return s.day >= max(dl.Day-60, p.Activated) && s.day < dl.Day })
		o.t.add("R1.readiness", "curve", g, indicate(within), 1)
		for k, before := range [3]int{30, 7, 0} {
			cut := dl.Day - before
			visited := slices.ContainsFunc(sessions, func(s session) bool { return s.day >= cut-60 && s.day < cut })
			ready[k] += indicate(visited && p.Activated < cut)
		}
	}
	if concerned > 0 {
		for k, name := range [3]string{"D30", "D7", "D0"} {
			o.t.add("R1.ready."+name, "concerned_accounts", g, ready[k], concerned)
		}
	}
}

func (o *observer) concernedIn(p *region.Person, dl *region.Deadline, g int) bool {
	return slices.ContainsFunc(p.Children, func(c int) bool {
		s := &o.b.Schools[o.b.People[c].Schools[0]]
		return in(s, g) && dl.Concerns(s.Level, s.Classes[o.b.People[c].Class].Grade)
	})
}
