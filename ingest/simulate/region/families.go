package region

import (
	"slices"

	"github.com/entscope/entscope/ingest/simulate/random"
)

// openClasses makes classes of about 25 pupils and draws when grades are
// published to them: on school days, 8 h to 20 h.
func (b *Basin) openClasses(s *School) {
	d := random.New(b.Region.Seed, random.Publications, uint64(s.Number))
	grades := GradeNames[s.Level]
	n := max(len(grades), s.parents*10/15/25)
	cal := &b.Window.Zones[s.Zone]
	for i := range n {
		g := grades[i%len(grades)]
		c := Class{Grade: g, Code: classCode(g, i/len(grades))}
		if s.Graded() {
			rate := b.Assumed.Publications.College
			if s.Level == lycee {
				rate = b.Assumed.Publications.Lycee
			}
			for _, monday := range cal.Monday {
				for range d.Poisson(rate) {
					day := monday + d.IntN(5)
					second := 8*3600 + 60*d.IntN(12*60)
					if cal.SchoolDay[day] && day >= s.Rollout {
						c.Published = append(c.Published, b.Window.At(day, second))
					}
				}
			}
			slices.Sort(c.Published)
		}
		s.Classes = append(s.Classes, c)
	}
}

// populate draws the families of a school until it has its parents, then its staff.
func (b *Basin) populate(d random.Stream, si int) {
	s := &b.Schools[si]
	left := s.parents
	for left > 0 {
		guardians := 1
		if d.Chance(b.Assumed.TwoGuardians) {
			guardians = 2
		}
		guardians = min(guardians, left)
		left -= guardians
		b.family(d, si, guardians, b.childrenOf(d, si))
	}
	staff := 13 + min(40, s.parents/40)
	for i := range staff {
		b.add(Person{Role: RoleStaff, Teacher: i < staff-2, Schools: [2]int{si}, SchoolCount: 1, Family: -1,
			gamma: 0.5 + d.Gamma(2)/2, phone: 0.25, Email: true, Mobile: true, Created: -300, Activated: -290,
			Helped: NoDay})
	}
}

// child is where a child of a family goes.
type child struct{ school, class int }

// sixChildren is the size of the planted family.
const sixChildren = 6

func (b *Basin) childrenOf(d random.Stream, si int) []child {
	n := 1
	if u := d.Float64(); u < 0.02 {
		n = 3
	} else if u < 0.18 {
		n = 2
	}
	// The first family of the region's first school has six children there: a
	// profile that naive k-anonymity gives away.
	if b.Families == 0 && b.Number == 0 {
		n = sixChildren
	}
	var out []child
	for range n {
		out = append(out, child{si, d.IntN(len(b.Schools[si].Classes))})
	}
	if !b.Schools[si].alone && d.Chance(b.Assumed.CrossFamily) {
		if other := b.partner(d, si); other >= 0 {
			out = append(out, child{other, d.IntN(len(b.Schools[other].Classes))})
		}
	}
	return out
}

// partner is a later school of the basin of another level, or -1.
func (b *Basin) partner(d random.Stream, si int) int {
	var near []int
	for o := si + 1; o < len(b.Schools); o++ {
		if !b.Schools[o].alone && b.Schools[o].Level != b.Schools[si].Level &&
			(b.Schools[o].Level == college || b.Schools[si].Level == college) {
			near = append(near, o)
		}
	}
	if len(near) == 0 {
		return -1
	}
	return near[d.IntN(len(near))]
}

func (b *Basin) add(p Person) int {
	b.numbers[p.Role]++
	p.Number = int64(b.Number)*1_000_000 + b.numbers[p.Role] + 2_000_000
	b.People = append(b.People, p)
	return len(b.People) - 1
}

func (b *Basin) family(d random.Stream, si, guardians int, children []child) {
	f := b.Families
	b.Families++
	s := &b.Schools[si]
	schools, n := [2]int{si, 0}, 1
	var kids []int
	for _, c := range children {
		if c.school != si {
			schools[1], n = c.school, 2
		}
		p := Person{Role: RolePupil, Schools: [2]int{c.school}, SchoolCount: 1, Family: f, Class: c.class,
			gamma: d.Gamma(1), phone: 0.54,
			Created: -300, Activated: NoDay, Helped: NoDay, Kind: KindNever}
		if d.Chance(b.Assumed.PupilActive[b.Schools[c.school].Level]) {
			p.Kind, p.Activated = kindAlready, -200
		}
		if day := b.Schools[c.school].Rollout; day > 0 {
			p.Created, p.Activated = day, max(p.Activated, day)
		}
		kids = append(kids, b.add(p))
	}
	for g := range guardians {
		p := b.guardian(d, s, g)
		p.Family, p.Schools, p.SchoolCount, p.Children = f, schools, n, kids
		id := b.add(p)
		for _, k := range kids {
			b.People[k].Parents = append(b.People[k].Parents, id)
		}
	}
}

// guardian draws one parent: whether there is an address, whether and from when
// the parent comes, how often, and on what.
func (b *Basin) guardian(d random.Stream, s *School, g int) Person {
	p := Person{Role: RoleParent, Rank: uint8(g + 1), Helped: NoDay, Activated: NoDay, Created: -1 - d.IntN(7)}
	if d.Chance(0.7) {
		p.Created = -1 - d.IntN(700) - 7
	}
	if d.Chance(b.Assumed.ShareLate) {
		p.Created = 7*d.IntN(max(1, b.Window.Days/7-3)) + 6 // a Sunday
	}
	if s.Rollout > 0 {
		p.Created = s.Rollout
	}
	without := b.Assumed.NoEmail[s.EP]
	if s.Private {
		without = b.Assumed.NoEmail["private"]
	}
	p.Email, p.Mobile = !d.Chance(without), !d.Chance(0.08)
	never := random.Logit(b.Assumed.NeverBase[s.Level]) + b.Assumed.NeverIPSSlope*(float64(s.IPS)/10-100)/10
	if !p.Email {
		never += b.Assumed.NeverNoEmail
	}
	p.gamma = d.Gamma(b.Assumed.ThetaVisits)
	if g == 0 {
		never += b.Assumed.NeverFirst
		p.gamma *= b.Assumed.RateFirst
	} else {
		never += b.Assumed.NeverSecond
		p.gamma *= b.Assumed.RateSecond
	}
	b.attach(d, &p, s.Level, never)
	only := random.Logistic(random.Logit(b.Assumed.PhoneOnly[s.Level]) - 0.1*(float64(s.IPS)/10-100)/10)
	p.phone = b.Assumed.PhoneMixed[s.Level]
	if d.Chance(only) {
		p.phone = 1
	}
	if s.Graded() && p.Kind == kindAlready && d.Chance(b.Assumed.CheckerShare/(1-b.Assumed.ShareDelayed)) {
		p.checker, p.night = true, d.Chance(0.5)
	}
	return p
}

// attach draws of which kind a parent is, given the logit of never coming, and whether
// the account was activated before the window.
func (b *Basin) attach(d random.Stream, p *Person, level int, never float64) {
	known := NoDay
	if p.Created < -30 {
		if day := p.Created + d.IntN(-p.Created); day < -1 {
			known = day
		}
	}
	switch {
	case d.Chance(b.Assumed.ChildOnly[level]):
		p.Kind = kindChildOnly
	case d.Chance(random.Logistic(never)):
		p.Kind = KindNever
		if d.Chance(b.Assumed.ActivatedNever) {
			p.Activated = known
		}
	case d.Chance(b.Assumed.ShareDelayed):
		p.Kind = kindDelayed
	default:
		p.Kind, p.Activated = kindAlready, known
	}
}
