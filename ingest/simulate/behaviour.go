package simulate

import (
	"slices"

	"github.com/entscope/entscope/ingest"
)

// event is one action as it happened; how much of it a log tells depends on the
// school's system.
type event struct {
	ts  int64
	who int32 // the account: its holder's index in the basin
	// school is the school whose system wrote it; named is false when the
	// record does not say which.
	school  int16
	named   bool
	service uint8
	action  uint8
	device  uint8
	cas     bool // a log in written by the CAS server
	visio   bool // written by the video service alone
	visit   int32
}

// visit is one visit to be expanded into events.
type visit struct {
	day, second int
	school      int
	kind        uint8
}

const (
	visitPlain = iota
	visitReaction
	visitCheck
)

// behave draws everything that the people of the basin do in the window.
func (b *basin) behave() {
	for i := range b.schools {
		d := newDraw(b.r.seed, streamPeople, uint64(b.schools[i].number), 2)
		for who := range b.people {
			p := &b.people[who]
			if p.schools[0] != i {
				continue
			}
			switch p.role {
			case roleParent:
				b.parent(d, who)
			case rolePupil:
				b.pupil(d, who)
			case roleStaff:
				b.staff(d, who)
			}
		}
	}
	if b.r.plants {
		b.publishContents()
		if b.w.years > 0 {
			b.comeMore()
		}
		b.sort()
		b.lookFurther()
	}
	b.sort()
	b.activate()
	if b.r.plants {
		b.correspond()
	}
}

// sort orders the events by time, those of one instant by account.
func (b *basin) sort() {
	slices.SortStableFunc(b.events, func(x, y event) int {
		switch {
		case x.ts < y.ts:
			return -1
		case x.ts > y.ts:
			return 1
		}
		return int(x.who - y.who)
	})
}

// activate brings the activation of an account to its first event, if it came later.
func (b *basin) activate() {
	for i := range b.events {
		e := &b.events[i]
		p := &b.people[e.who]
		if p.activated == noDay && acts(e) {
			p.activated, _ = b.w.local(e.ts)
		}
	}
}

// rate is the mean visits a week that a parent owes to one school.
func (b *basin) rate(p *person, si int) float64 {
	s := &b.schools[si]
	mean := visitsMean[s.level]
	if s.graded() {
		mean -= checkerShare * checksAWeek
	}
	rate := p.gamma * mean * s.effect
	if p.nschools == 2 {
		rate *= crossRate
	}
	return rate
}

// parent draws the visits of a parent: those before the week in which the
// school accompanies, then, as they were few, the accompaniment, then the rest.
func (b *basin) parent(d draw, who int) {
	p := &b.people[who]
	home := &b.schools[p.schools[0]]
	cal := &b.w.zones[home.zone]
	turn := cal.monday[home.helpWeek]
	threshold := d.exp(1) // of the hazard of the first log in
	hazard, onset := b.first(p, 0, 0, turn, threshold)
	before := b.visitsOf(d, p, 0, turn, onset)
	p.helped = b.help(d, p, before, turn, cal)
	if onset == noDay {
		_, onset = b.first(p, hazard, turn, b.w.days, threshold)
	}
	p.onset = onset
	all := append(before, b.visitsOf(d, p, turn, b.w.days, onset)...)
	b.refused(d, who)
	account := who
	if p.kind == kindChildOnly {
		account = p.children[0]
		p.activated = noDay
	}
	for _, v := range all {
		if p.kind == kindChildOnly {
			account = b.childAt(p, v.school)
		}
		b.expand(d, account, p, v)
	}
}

// refused lets some who never come try, and fail, at the CAS server.
func (b *basin) refused(d draw, who int) {
	p := &b.people[who]
	if p.kind != kindNever || b.schools[p.schools[0]].system != systemPronote || !d.chance(refusedShare) {
		return
	}
	for range 1 + d.poisson(1) {
		ts := b.w.at(d.IntN(b.w.days), d.second(parentHours))
		b.events = append(b.events, event{ts: ts, who: int32(who), school: int16(p.schools[0]), cas: true,
			service: uint8(ingest.ServiceSignIn), action: uint8(ingest.ActionLoginFailed)})
	}
}

func (b *basin) childAt(p *person, si int) int {
	for _, c := range p.children {
		if b.people[c].schools[0] == si {
			return c
		}
	}
	return p.children[0]
}

// first walks the hazard of the first log in from one day to another and gives
// the day it passes the threshold, or noDay.
func (b *basin) first(p *person, hazard float64, from, to int, threshold float64) (float64, int) {
	if p.kind == kindAlready || p.kind == kindChildOnly {
		return 0, max(0, p.created)
	}
	weekly := hazardDelayed
	if b.w.years > 0 {
		weekly = hazardSlow
	}
	if p.kind == kindNever {
		weekly = hazardNever
	}
	for day := max(from, p.created, 0); day < to; day++ {
		h := weekly / 7
		if day >= p.helped {
			h *= accompaniedRate
		}
		if hazard += h; hazard >= threshold {
			return hazard, day
		}
	}
	return hazard, noDay
}

// help decides whether a parent is accompanied, and on which day of the week.
func (b *basin) help(d draw, p *person, before []visit, turn int, cal *zoneCalendar) int {
	u, day := d.Float64(), turn+d.IntN(5)
	if p.created >= turn {
		return noDay
	}
	n := 0
	if p.kind != kindChildOnly {
		n = b.countVisits(before, cal.monday[max(0, b.schools[p.schools[0]].helpWeek-4)], cal)
	}
	chance := accompaniedBand[band(n)]
	if b.r.selection == SelectionLatent {
		chance = b.latentChance(p)
	}
	if u >= chance {
		return noDay
	}
	for !cal.schoolDay[day] {
		day = turn + (day-turn+1)%5
	}
	return day
}

func band(visits int) int {
	for i := len(bandEdges) - 1; ; i-- {
		if visits >= bandEdges[i] {
			return i
		}
	}
}

// countVisits counts visits as a log would: starts less than about half an hour
// apart are one, and only school weeks from a day on count.
func (b *basin) countVisits(visits []visit, from int, cal *zoneCalendar) int {
	starts := make([]int64, 0, len(visits))
	for _, v := range visits {
		starts = append(starts, b.w.at(v.day, v.second))
	}
	sortInstants(starts)
	n, last := 0, int64(-1<<62)
	for _, ts := range starts {
		if ts-last > 32*60_000 {
			if day, _ := b.w.local(ts); day >= from && cal.weekOf[day] >= 0 {
				n++
			}
		}
		last = ts
	}
	return n
}

// visitsOf draws the visits of days [from, to).
func (b *basin) visitsOf(d draw, p *person, from, to, onset int) []visit {
	start := max(from, onset, p.created, 0)
	if start >= to {
		return nil
	}
	var out []visit
	for i := range p.nschools {
		out = b.plain(d, out, p, p.schools[i], start, to)
		out = b.reactions(d, out, p, p.schools[i], start, to)
		if p.checker && p.schools[i] == p.schools[0] {
			out = b.checks(d, out, p.schools[i], start, to, p.night)
		}
	}
	return out
}

// split of a parent's rate for a school: plain visits a week, and the chance to
// answer one publication.
func (b *basin) split(p *person, si int) (plain, answer float64) {
	rate := b.rate(p, si)
	weekly := 0.0
	s := &b.schools[si]
	for _, c := range p.children {
		if b.people[c].schools[0] == si && s.graded() {
			if s.level == lycee {
				weekly += publicationsLyc
			} else {
				weekly += publicationsCol
			}
		}
	}
	if weekly == 0 {
		return rate, 0
	}
	answer = min(0.55, reactionShare*rate/weekly)
	return rate - answer*weekly, answer
}

func (b *basin) plain(d draw, out []visit, p *person, si, from, to int) []visit {
	cal := &b.w.zones[b.schools[si].zone]
	rate, _ := b.split(p, si)
	// Two spans, for the effect of accompaniment starts on its day.
	for _, span := range [2][2]int{{from, min(to, max(from, p.helped))}, {max(from, min(to, p.helped)), to}} {
		if span[0] >= span[1] {
			continue
		}
		mean := rate / 7 * (cal.cum[span[1]] - cal.cum[span[0]])
		if span[0] >= p.helped {
			mean *= accompaniedRate
		}
		for range d.poisson(mean) {
			out = append(out, visit{cal.day(d, span[0], span[1]), d.second(parentHours), si, visitPlain})
		}
	}
	return out
}

// reactions are visits some hours after a publication to a child's class,
// at an hour of the day when parents come.
func (b *basin) reactions(d draw, out []visit, p *person, si, from, to int) []visit {
	_, answer := b.split(p, si)
	if answer == 0 {
		return out
	}
	s := &b.schools[si]
	lo, hi := b.w.mid[from], b.w.mid[to]
	for k, c := range p.children {
		if b.people[c].schools[0] != si || sameClassBefore(b, p.children[:k], c) {
			continue
		}
		for _, ts := range s.classes[b.people[c].class].pubs {
			if ts < lo || ts >= hi {
				continue
			}
			chance := answer
			day, _ := b.w.local(ts)
			if day >= p.helped {
				chance *= accompaniedRate
			}
			if !d.chance(chance) {
				continue
			}
			if v, ok := b.later(d, ts, si); ok {
				out = append(out, v)
			}
		}
	}
	return out
}

func sameClassBefore(b *basin, before []int, c int) bool {
	for _, o := range before {
		if b.people[o].schools[0] == b.people[c].schools[0] && b.people[o].class == b.people[c].class {
			return true
		}
	}
	return false
}

// later draws when a publication is answered: an exponential delay, drawn again
// while it falls in the night.
func (b *basin) later(d draw, ts int64, si int) (visit, bool) {
	for range 8 {
		at := ts + int64(d.exp(reactionHours*3600))*1000
		if at >= b.w.end() {
			return visit{}, false
		}
		day, hour := b.w.local(at)
		if hour >= 7 && hour < 23 {
			second := int((at - b.w.at(day, hour*3600)) / 1000)
			return visit{day, hour*3600 + second, si, visitReaction}, true
		}
	}
	return visit{}, false
}

func (b *basin) device(d draw, phone float64) uint8 {
	switch {
	case d.chance(unknownDevice):
		return uint8(ingest.DeviceUnknown)
	case d.chance(phone):
		return uint8(ingest.DevicePhone)
	case d.chance(tabletOfOthers):
		return uint8(ingest.DeviceTablet)
	}
	return uint8(ingest.DeviceComputer)
}

func sortInstants(ts []int64) { slices.Sort(ts) }
