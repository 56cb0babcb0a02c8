package region

import "github.com/entscope/entscope/ingest/simulate/random"

// lives is how often.
const lives = 10

// firstWeeks is the time in which a first login counts.
const firstWeeks = 8

// Life is what an accompanied parent does in one of two potential worlds.
type Life struct {
	With bool // accompanied in this world
	// Waiting: no visit before the accompaniment; came: one within firstWeeks.
	Waiting, Came bool
	// Never: the parent never uses the own account, whatever happens.
	Never bool
	// visits in the four school weeks after the week of the accompaniment.
	Visits int
}

// Live gives the lives of everybody accompanied early enough to be followed:
// as many without as with the accompaniment.
func (b *Basin) Live() []Life {
	var out []Life
	for who := range b.People {
		p := b.People[who]
		if p.Role != RoleParent || p.Helped >= b.Window.Days {
			continue
		}
		home := &b.Schools[p.Schools[0]]
		cal := &b.Window.Zones[home.Zone]
		if home.HelpWeek+5 < len(cal.Monday) && p.Helped+7*firstWeeks <= b.Window.Days {
			out = b.livesOf(out, p, cal.Monday[home.HelpWeek+1], cal.Monday[home.HelpWeek+5])
		}
	}
	return out
}

// livesOf adds the lives of one parent; visits count from one day to another.
func (b *Basin) livesOf(out []Life, p Person, from, to int) []Life {
	day, until := p.Helped, min(to, b.Window.Days)
	d := random.New(b.Region.Seed, random.Truth, uint64(p.Number), 3)
	for range lives {
		if p.Kind == kindChildOnly {
			out = append(out, Life{Never: true}, Life{Never: true, With: true})
			continue
		}
		threshold := d.Exp(1)
		for _, with := range [2]bool{false, true} {
			p.Helped = NoDay
			if with {
				p.Helped = day
			}
			l, onset := Life{With: with, Waiting: p.onset >= day}, p.onset
			if l.Waiting {
				_, onset = b.first(&p, 0, day, day+7*firstWeeks, threshold)
				l.Came = len(b.visitsOf(d, &p, day, day+7*firstWeeks, onset)) > 0
			}
			l.Visits = len(b.visitsOf(d, &p, from, until, onset))
			out = append(out, l)
		}
	}
	return out
}
