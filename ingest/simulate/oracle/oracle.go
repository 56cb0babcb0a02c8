// Package oracle knows what should be found in a simulated region: the definitions
// of the indicators programmed a second time, from their text and not from the
// pipeline, on the events before they became logs. It shares no code with
// anonymize/subject nor with any SQL.
//
// Totals.Observe reads one basin as an ideal pipeline would: events of each account
// become sessions (sessions.go), and each parent, pupil, family and school adds x and
// y to the measures of the groups it belongs to. Totals of basins add up to those of a
// region; Values are the figures of direct.json (values.go), Counts the numerators and
// denominators. Superpopulation adds up many regions for truth.json (montecarlo.go).
package oracle

import (
	"slices"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// Observe adds a basin, whose people have behaved, to the totals.
func (t *Totals) Observe(b *region.Basin) {
	o := newObserver(t, b)
	visited := make([]bool, len(b.People))
	for who := range b.Each(region.RoleParent) {
		visited[who] = o.parent(who)
	}
	for who := range b.Each(region.RolePupil) {
		o.pupil(who, visited)
	}
	o.families()
	o.matched()
	o.registers()
}

// newObserver reads the events of a basin by account, and what each measure asks of its schools.
func newObserver(t *Totals, b *region.Basin) *observer {
	o := &observer{b: b, t: t, of: make([][]region.Event, len(b.People))}
	counts := make([]int, len(b.People))
	for i := range b.Events {
		counts[b.Events[i].Who] += oneIf(b.Events[i].Acts())
	}
	for who, n := range counts {
		o.of[who] = make([]region.Event, 0, n)
	}
	for _, e := range b.Events {
		if e.Acts() {
			o.of[e.Who] = append(o.of[e.Who], e)
		}
	}
	o.cover()
	o.carry()
	o.tries()
	o.gather()
	return o
}

// parent adds one parent to every group; it says whether there was any visit.
func (o *observer) parent(who int) bool {
	p := &o.b.People[who]
	var all []session
	for g := range groupCount {
		primary := o.primary(p, g)
		if primary < 0 {
			continue
		}
		sessions := all
		if g == 0 || p.SchoolCount == 2 {
			sessions = o.sessions(who, func(si int) bool { return p.At(si) && o.in(si, g) })
		}
		if g == 0 {
			all = sessions
		}
		if g > 0 && g < 4 {
			o.weekVisits(primary, sessions)
		}
		o.logins(p, g, primary, sessions)
		o.account(who, g, primary, sessions)
	}
	for k := range p.SchoolCount {
		o.pair(who, p.Schools[k])
	}
	o.age(who)
	return len(all) > 0
}

// account adds the other measures of one parent in one group.
func (o *observer) account(who, g, primary int, sessions []session) {
	const all = "all_accounts"
	p := &o.b.People[who]
	if !slices.Contains(o.covered[primary], true) {
		return
	}
	o.t.add("R3.no_email", all, g, indicate(!p.Email), 1)
	o.t.add("R3.no_phone", all, g, indicate(!p.Mobile), 1)
	o.t.add("R3.neither", all, g, indicate(!p.Email && !p.Mobile), 1)
	o.regular(g, sessions)
	o.pauses(who, g, primary)
	o.tools(who, g)
	o.ready(who, g, sessions)
	o.afterHelp(who, g, primary, sessions)
	o.contentVisits(who, g, len(sessions) > 0)
	o.services(g, primary, sessions)
	if g == 0 {
		o.signIns(who)
	}
}

// registers adds the measures of the registers, of pupils and of families, and the
// effect of the accompaniment.
func (o *observer) registers() {
	o.pupils()
	o.messages()
	o.householdMeasures()
	o.books()
	o.news()
	o.deployed()
	o.schoolWeeks()
	if o.b.Window.Years > 0 {
		addLives(o.t, o.b.Live())
	}
}

// Observe computes the measures of a whole region from its events.
func Observe(r *region.Region) *Totals {
	t := NewTotals()
	for n := range r.Basins() {
		t.Observe(r.Basin(n))
	}
	return t
}
