package region

import "github.com/entscope/entscope/ingest/simulate/random"

// stay draws the visits of a parent to one school on the days [from, to).
type stay struct {
	*Basin
	d        random.Stream
	p        *Person
	si       int
	from, to int
	out      []visit
}

// visitsOf draws the visits of days [from, to).
func (b *Basin) visitsOf(d random.Stream, p *Person, from, to, onset int) []visit {
	start := max(from, onset, p.Created, 0)
	if start >= to {
		return nil
	}
	s := stay{Basin: b, d: d, p: p, from: start, to: to}
	for _, s.si = range p.Schools[:p.SchoolCount] {
		s.plain()
		s.reactions()
		if p.checker && s.si == p.Schools[0] {
			s.checks()
		}
	}
	return s.out
}

func (s *stay) calendar() *ZoneCalendar { return &s.Window.Zones[s.Schools[s.si].Zone] }

func (s *stay) add(day, second int, kind uint8) {
	s.out = append(s.out, visit{day, second, s.si, kind})
}

// plain adds the visits that nothing brings.
func (s *stay) plain() {
	cal := s.calendar()
	rate, _ := s.split(s.p, s.si)
	// Two spans, for the effect of accompaniment starts on its day.
	middle := max(s.from, min(s.to, s.p.Helped))
	for _, span := range [2][2]int{{s.from, middle}, {middle, s.to}} {
		if span[0] >= span[1] {
			continue
		}
		mean := rate / 7 * (cal.cum[span[1]] - cal.cum[span[0]])
		if span[0] >= s.p.Helped {
			mean *= s.Assumed.AccompaniedRate
		}
		for range s.d.Poisson(mean) {
			s.add(cal.day(s.d, span[0], span[1]), s.Assumed.ParentHours.Second(s.d), visitPlain)
		}
	}
}

// reactions are visits some hours after a publication to a child's class,
// at an hour of the day when parents come.
func (s *stay) reactions() {
	_, answer := s.split(s.p, s.si)
	if answer == 0 {
		return
	}
	for k, c := range s.p.Children {
		if s.People[c].Schools[0] != s.si || s.SameClassBefore(s.p.Children[:k], c) {
			continue
		}
		for _, ts := range s.Schools[s.si].Classes[s.People[c].Class].Published {
			if ts < s.Window.Midnight[s.from] || ts >= s.Window.Midnight[s.to] {
				continue
			}
			chance := answer
			if day, _ := s.Window.Local(ts); day >= s.p.Helped {
				chance *= s.Assumed.AccompaniedRate
			}
			if !s.d.Chance(chance) {
				continue
			}
			if v, ok := s.soon(s.d, delay{ts, s.Assumed.ReactionHours, s.Window.End()}, s.si); ok {
				s.add(v.day, v.second, visitReaction)
			}
		}
	}
}

// checks are the self-exciting visits of the very frequent checkers: a cascade
// within the day, each check exciting others about an hour and a half later.
func (s *stay) checks() {
	cal, d := s.calendar(), s.d
	for day := s.from; day < s.to; day++ {
		chance := s.Assumed.CheckFree
		if cal.Holiday[day] {
			chance = s.Assumed.CheckOff
		} else if cal.SchoolDay[day] {
			chance = s.Assumed.CheckDay
		}
		if s.Window.Years > 0 && day >= s.Schools[s.si].DeferFrom {
			chance *= s.Assumed.DeferredFactor
		}
		if !d.Chance(chance) {
			continue
		}
		var queue []int
		for range 1 + d.Poisson(s.Assumed.CheckSeeds) {
			second := s.Assumed.ParentHours.Second(d)
			if s.p.night && d.Chance(0.25) {
				second = 23*3600 + d.IntN(3600)
			}
			queue = append(queue, second)
		}
		for len(queue) > 0 && len(queue) < 40 {
			second := queue[0]
			queue = queue[1:]
			s.add(day, second, visitCheck)
			for range d.Poisson(s.Assumed.CheckBranch) {
				if next := second + 2400 + int(d.Exp(3000)); next < 24*3600 {
					queue = append(queue, next)
				}
			}
		}
	}
}

// delay is an exponential time after an instant.
type delay struct {
	ts     int64
	hours  float64 // its mean
	within int64   // in ms; later is never
}

// soon draws when something is answered: again while it falls in the night, never when
// that is too late or beyond the window.
func (b *Basin) soon(d random.Stream, after delay, si int) (visit, bool) {
	for range 8 {
		at := after.ts + int64(d.Exp(after.hours*3600))*1000
		if at >= b.Window.End() || at >= after.ts+after.within {
			return visit{}, false
		}
		if day, hour := b.Window.Local(at); hour >= 7 && hour < 23 {
			return visit{day, hour*3600 + int((at-b.Window.At(day, hour*3600))/1000), si, visitPlain}, true
		}
	}
	return visit{}, false
}
