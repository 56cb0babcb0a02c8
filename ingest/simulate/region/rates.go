package region

import (
	"slices"

	"github.com/entscope/entscope/ingest/simulate/random"
)

// rate is the mean visits a week that a parent owes to one school.
func (b *Basin) rate(p *Person, si int) float64 {
	s := &b.Schools[si]
	mean := b.Assumed.VisitsMean[s.Level]
	if s.Graded() {
		mean -= b.Assumed.CheckerShare * b.Assumed.checksAWeek()
	}
	rate := p.gamma * mean * s.effect
	if p.SchoolCount == 2 {
		rate *= b.Assumed.CrossRate
	}
	return rate
}

// latentChance is the chance of being accompanied by what nobody sees: the
// parents who are about to come anyway, and those whose rate is low.
func (b *Basin) latentChance(p *Person) float64 {
	switch p.Kind {
	case kindDelayed:
		return 0.30
	case KindNever:
		return 0.05
	}
	return b.Assumed.AccompaniedBand[Band(int(4*b.rate(p, p.Schools[0])))]
}

// beginningChance is high for a parent who came for the first time in the fortnight
// before a day, and goes on coming.
func beginningChance(p *Person, before []visit, turn int) float64 {
	early := slices.ContainsFunc(before, func(v visit) bool { return v.day < turn-14 })
	if p.Kind == kindDelayed && len(before) > 0 && !early {
		return 0.9
	}
	return 0.02
}

// split of a parent's rate for a school: plain visits a week, and the chance to
// answer one publication.
func (b *Basin) split(p *Person, si int) (plain, answer float64) {
	rate := b.rate(p, si)
	weekly := 0.0
	s := &b.Schools[si]
	for _, c := range p.Children {
		if b.People[c].Schools[0] == si && s.Graded() {
			if s.Level == lycee {
				weekly += b.Assumed.Publications.Lycee
			} else {
				weekly += b.Assumed.Publications.College
			}
		}
	}
	if weekly == 0 {
		return rate, 0
	}
	answer = min(0.55, b.Assumed.ReactionShare*rate/weekly)
	return rate - answer*weekly, answer
}

// bandEdges are the smallest counts of the bands of visits by which parents are
// accompanied, and compared.
var bandEdges = [8]int{0, 1, 2, 3, 5, 8, 13, 21}

// Band is the band of a number of visits, 0 to 7.
func Band(visits int) int {
	for i := len(bandEdges) - 1; ; i-- {
		if visits >= bandEdges[i] {
			return i
		}
	}
}

// countVisits counts visits as a log would: starts less than about half an hour
// apart are one, and only school weeks from a day on count.
func (b *Basin) countVisits(visits []visit, from int, cal *ZoneCalendar) int {
	starts := make([]int64, 0, len(visits))
	for _, v := range visits {
		starts = append(starts, b.Window.At(v.day, v.second))
	}
	slices.Sort(starts)
	n, last := 0, int64(-1<<62)
	for _, ts := range starts {
		if ts-last > 32*60_000 {
			if day, _ := b.Window.Local(ts); day >= from && cal.WeekOf[day] >= 0 {
				n++
			}
		}
		last = ts
	}
	return n
}

// first walks the hazard of the first login from one day to another and gives
// the day it passes the threshold, or NoDay.
func (b *Basin) first(p *Person, hazard float64, from, to int, threshold float64) (float64, int) {
	if p.Kind == kindAlready || p.Kind == kindChildOnly {
		return 0, max(0, p.Created)
	}
	weekly := b.Assumed.HazardDelayed
	if b.Window.Years > 0 {
		weekly = b.Assumed.HazardSlow
	}
	if p.Kind == KindNever {
		weekly = b.Assumed.HazardNever
	}
	for day := max(from, p.Created, 0); day < to; day++ {
		h := weekly / 7
		if day >= p.Helped {
			h *= b.Assumed.AccompaniedRate
		}
		if hazard += h; hazard >= threshold {
			return hazard, day
		}
	}
	return hazard, NoDay
}

// help decides whether a parent is accompanied, and on which day of the week.
func (b *Basin) help(d random.Stream, p *Person, before []visit, turn int, cal *ZoneCalendar) int {
	u, day := d.Float64(), turn+d.IntN(5)
	if p.Created >= turn {
		return NoDay
	}
	n := 0
	if p.Kind != kindChildOnly {
		n = b.countVisits(before, cal.Monday[max(0, b.Schools[p.Schools[0]].HelpWeek-4)], cal)
	}
	chance := b.Assumed.AccompaniedBand[Band(n)]
	switch b.Region.selection {
	case SelectionLatent:
		chance = b.latentChance(p)
	case SelectionBeginning:
		chance = beginningChance(p, before, turn)
	}
	if u >= chance {
		return NoDay
	}
	for !cal.SchoolDay[day] {
		day = turn + (day-turn+1)%5
	}
	return day
}
