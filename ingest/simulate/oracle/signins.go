package oracle

import (
	"slices"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/region"
)

func (o *observer) tries() {
	o.attempts = make([]*attempts, len(o.b.People))
	for i := range o.b.Events {
		e := &o.b.Events[i]
		action := e.Action
		if !e.CAS || action != ingest.ActionLogin && action != ingest.ActionLoginFailed { // no other log tells of failures
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
