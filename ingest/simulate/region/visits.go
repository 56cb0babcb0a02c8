package region

import (
	"github.com/entscope/entscope/ingest/simulate/random"
)

// visitsOf draws the visits of days [from, to).
func (b *Basin) visitsOf(d random.Stream, p *Person, from, to, onset int) []visit {
	start := max(from, onset, p.Created, 0)
	if start >= to {
		return nil
	}
	var out []visit
	for i := range p.SchoolCount {
		out = b.plain(d, out, p, p.Schools[i], start, to)
		out = b.reactions(d, out, p, p.Schools[i], start, to)
		if p.checker && p.Schools[i] == p.Schools[0] {
			out = b.checks(d, out, p.Schools[i], start, to, p.night)
		}
	}
	return out
}

func (b *Basin) plain(d random.Stream, out []visit, p *Person, si, from, to int) []visit {
	cal := &b.Window.Zones[b.Schools[si].Zone]
	rate, _ := b.split(p, si)
	// Two spans, for the effect of accompaniment starts on its day.
	for _, span := range [2][2]int{{from, min(to, max(from, p.Helped))}, {max(from, min(to, p.Helped)), to}} {
		if span[0] >= span[1] {
			continue
		}
		mean := rate / 7 * (cal.cum[span[1]] - cal.cum[span[0]])
		if span[0] >= p.Helped {
			mean *= b.Assumed.AccompaniedRate
		}
		for range d.Poisson(mean) {
			out = append(out, visit{cal.day(d, span[0], span[1]), b.Assumed.ParentHours.Second(d), si, visitPlain})
		}
	}
	return out
}

// reactions are visits some hours after a publication to a child's class,
// at an hour of the day when parents come.
func (b *Basin) reactions(d random.Stream, out []visit, p *Person, si, from, to int) []visit {
	_, answer := b.split(p, si)
	if answer == 0 {
		return out
	}
	s := &b.Schools[si]
	lo, hi := b.Window.Midnight[from], b.Window.Midnight[to]
	for k, c := range p.Children {
		if b.People[c].Schools[0] != si || SameClassBefore(b, p.Children[:k], c) {
			continue
		}
		for _, ts := range s.Classes[b.People[c].Class].Published {
			if ts < lo || ts >= hi {
				continue
			}
			chance := answer
			day, _ := b.Window.Local(ts)
			if day >= p.Helped {
				chance *= b.Assumed.AccompaniedRate
			}
			if !d.Chance(chance) {
				continue
			}
			if v, ok := b.later(d, ts, si); ok {
				out = append(out, v)
			}
		}
	}
	return out
}

// later draws when a publication is answered: an exponential delay, drawn again
// while it falls in the night.
func (b *Basin) later(d random.Stream, ts int64, si int) (visit, bool) {
	for range 8 {
		at := ts + int64(d.Exp(b.Assumed.ReactionHours*3600))*1000
		if at >= b.Window.End() {
			return visit{}, false
		}
		day, hour := b.Window.Local(at)
		if hour >= 7 && hour < 23 {
			second := int((at - b.Window.At(day, hour*3600)) / 1000)
			return visit{day, hour*3600 + second, si, visitReaction}, true
		}
	}
	return visit{}, false
}

// checks are the self-exciting visits of the very frequent checkers: a cascade
// within the day, each check exciting others about an hour and a half later.
func (b *Basin) checks(d random.Stream, out []visit, si, from, to int, night bool) []visit {
	cal := &b.Window.Zones[b.Schools[si].Zone]
	for day := from; day < to; day++ {
		chance := b.Assumed.CheckFree
		if cal.Holiday[day] {
			chance = b.Assumed.CheckOff
		} else if cal.SchoolDay[day] {
			chance = b.Assumed.CheckDay
		}
		if b.Window.Years > 0 && day >= b.Schools[si].DeferFrom {
			chance *= b.Assumed.DeferredFactor
		}
		if !d.Chance(chance) {
			continue
		}
		var queue []int
		for range 1 + d.Poisson(b.Assumed.CheckSeeds) {
			second := b.Assumed.ParentHours.Second(d)
			if night && d.Chance(0.25) {
				second = 23*3600 + d.IntN(3600)
			}
			queue = append(queue, second)
		}
		for len(queue) > 0 && len(queue) < 40 {
			second := queue[0]
			queue = queue[1:]
			out = append(out, visit{day, second, si, visitCheck})
			for range d.Poisson(b.Assumed.CheckBranch) {
				if next := second + 2400 + int(d.Exp(3000)); next < 24*3600 {
					queue = append(queue, next)
				}
			}
		}
	}
	return out
}

// soon draws an instant some hours after another, in hours when people come.
func (b *Basin) soon(d random.Stream, ts int64, mean float64, within int64, si int) (visit, bool) {
	for range 8 {
		at := ts + int64(d.Exp(mean*3600))*1000
		day, hour := b.Window.Local(at)
		if at >= b.Window.End() || at >= ts+within {
			return visit{}, false
		}
		if hour >= 7 && hour < 23 {
			return visit{day, hour*3600 + int((at-b.Window.At(day, hour*3600))/1000), si, visitPlain}, true
		}
	}
	return visit{}, false
}
