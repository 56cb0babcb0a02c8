package oracle

import (
	"slices"

	"github.com/entscope/entscope/ingest"
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
		within := slices.ContainsFunc(sessions, func(s session) bool {
			return s.day >= max(dl.Day-60, p.Activated) && s.day < dl.Day
		})
		o.t.add("R1.readiness", "curve", g, indicate(within), 1)
		step := 60
		if within {
			first := slices.IndexFunc(sessions, func(s session) bool { return s.day >= max(dl.Day-60, p.Activated) })
			step = sessions[first].day - (dl.Day - 60)
		}
		o.t.waited("R1.readiness", g, step, within)
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

func (o *observer) tries() {
	o.attempts = make([]*attempts, len(o.b.People))
	for i := range o.b.Events {
		e := &o.b.Events[i]
		action := e.Action
		if !e.CAS || action != ingest.ActionLogin && action != ingest.ActionLoginFailed { // no other log shows failures
			continue
		}
		if o.attempts[e.Who] == nil {
			o.attempts[e.Who] = &attempts{}
		}
		if a := o.attempts[e.Who]; action == ingest.ActionLogin {
			a.worked = append(a.worked, e.TS)
		} else {
			a.failed = append(a.failed, e.TS)
		}
	}
}

// signIns adds R2: the attempts of a parent.
func (o *observer) signIns(who int) {
	a := o.attempts[who]
	if a == nil {
		return
	}
	const pop = "attempting_accounts"
	blocked, decided := false, true
	if len(a.failed) >= 3 {
		blocked = !slices.ContainsFunc(o.of[who], func(e region.Event) bool { // by whatever log
			return e.Action == ingest.ActionLogin && e.TS >= a.failed[2] && e.TS <= a.failed[2]+7*region.DayMs
		})
		day, _ := o.b.Window.Local(a.failed[2])
		decided = !blocked || day+7 < o.b.Window.Days // else the window ends too soon to tell
	}
	p := &o.b.People[who]
	for g := range groupCount {
		if o.primary(p, g) >= 0 {
			o.t.add("R2.failures", pop, g, float64(len(a.failed)), float64(len(a.worked)))
			if decided {
				o.t.add("R2.blocked", pop, g, indicate(blocked), 1)
			}
		}
	}
}
