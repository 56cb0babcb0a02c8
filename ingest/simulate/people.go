package simulate

// Roles of a person.
const (
	roleParent = iota
	rolePupil
	roleStaff
)

// Kinds of parents.
const (
	kindAlready   = iota // comes from the start
	kindDelayed          // comes after a first log in still to happen
	kindNever            // almost never does
	kindChildOnly        // uses the child's account and never the own one
)

// person is one account holder of a basin. Indices are local to the basin.
type person struct {
	role    uint8
	rank    uint8 // legal rank of a guardian
	kind    uint8
	teacher bool
	checker bool // one of the very frequent checkers
	night   bool // … who also checks at night
	// schools are the schools of the person; 1 or 2 of them.
	schools  [2]int
	nschools int
	family   int
	number   int64 // in the directory; a parent and a pupil may share a number
	parents  []int // of a pupil
	children []int // of a parent
	class    int   // of a pupil, in its school
	gamma    float64
	phone    float64 // chance that a visit is on a phone
	email    bool
	mobile   bool
	created  int // day, negative before the window
	// activated is the day the account was, noDay never; the first visit may
	// bring it forward.
	activated int
	// helped is the day the parent was accompanied, noDay never.
	helped int
	// onset is the day from which a parent comes, noDay never.
	onset int
	// borrowed: a parent who has no use of an own account used this pupil's.
	borrowed bool
	// borrows: this parent used a child's account.
	borrows bool
}

const noDay = 1 << 20

func (p *person) at(school int) bool {
	return p.schools[0] == school || p.nschools == 2 && p.schools[1] == school
}

// basin is a group of schools generated together.
type basin struct {
	r       *region
	w       *window
	number  int
	schools []school
	people  []person
	events  []event
	// families counts the families.
	families int
	visits   int32
	numbers  [3]int64
	contents []content
	messages []message
	loans    []loan
	meetings []meeting
}

// newBasin generates the classes, the publications and the people of a basin.
func newBasin(r *region, number int) *basin {
	from, to := number*basinSchools, min((number+1)*basinSchools, len(r.schools))
	b := &basin{r: r, w: r.w, number: number, schools: append([]school(nil), r.schools[from:to]...)}
	for i := range b.schools {
		b.openClasses(&b.schools[i])
	}
	for i := range b.schools {
		d := newDraw(r.seed, streamPeople, uint64(b.schools[i].number))
		b.populate(d, i)
	}
	return b
}

var gradeNames = [3][]string{{"CP", "CE1", "CE2", "CM1", "CM2"}, {"6e", "5e", "4e", "3e"}, {"2de", "1re", "Tle"}}

// openClasses makes classes of about 25 pupils and draws when grades are
// published to them: on school days, 8 h to 20 h.
func (b *basin) openClasses(s *school) {
	d := newDraw(b.r.seed, streamPublications, uint64(s.number))
	grades := gradeNames[s.level]
	n := max(len(grades), s.parents*10/15/25)
	cal := &b.w.zones[s.zone]
	for i := range n {
		g := grades[i%len(grades)]
		c := class{grade: g, code: classCode(g, i/len(grades))}
		if s.graded() {
			rate := publicationsCol
			if s.level == lycee {
				rate = publicationsLyc
			}
			for _, monday := range cal.monday {
				for range d.poisson(rate) {
					day := monday + d.IntN(5)
					second := 8*3600 + 60*d.IntN(12*60)
					if cal.schoolDay[day] && day >= s.rollout {
						c.pubs = append(c.pubs, b.w.at(day, second))
					}
				}
			}
			sortInstants(c.pubs)
		}
		s.classes = append(s.classes, c)
	}
}

func classCode(grade string, i int) string {
	letter := string(rune('A' + i%26))
	switch grade {
	case "6e", "5e", "4e", "3e":
		return grade[:1] + "E " + letter
	case "2de", "1re", "Tle":
		return grade + " " + letter
	}
	return grade + "-" + letter
}

// populate draws the families of a school until it has its parents, then its staff.
func (b *basin) populate(d draw, si int) {
	s := &b.schools[si]
	left := s.parents
	for left > 0 {
		guardians := 1
		if d.chance(twoGuardians) {
			guardians = 2
		}
		guardians = min(guardians, left)
		left -= guardians
		b.family(d, si, guardians, b.childrenOf(d, si))
	}
	staff := 13 + min(40, s.parents/40)
	for i := range staff {
		b.add(person{role: roleStaff, teacher: i < staff-2, schools: [2]int{si}, nschools: 1, family: -1,
			gamma: 0.5 + d.gamma(2)/2, phone: 0.25, email: true, mobile: true, created: -300, activated: -290, helped: noDay})
	}
}

// child is where a child of a family goes.
type child struct{ school, class int }

func (b *basin) childrenOf(d draw, si int) []child {
	n := 1
	if u := d.Float64(); u < 0.02 {
		n = 3
	} else if u < 0.18 {
		n = 2
	}
	// The first family of the region's first school has six children there: a
	// profile that naive k-anonymity gives away.
	if b.families == 0 && b.number == 0 {
		n = plantSixChildrenN
	}
	var out []child
	for range n {
		out = append(out, child{si, d.IntN(len(b.schools[si].classes))})
	}
	if !b.schools[si].alone && d.chance(crossFamily) {
		if other := b.partner(d, si); other >= 0 {
			out = append(out, child{other, d.IntN(len(b.schools[other].classes))})
		}
	}
	return out
}

// partner is a later school of the basin of another level, or -1.
func (b *basin) partner(d draw, si int) int {
	var near []int
	for o := si + 1; o < len(b.schools); o++ {
		if !b.schools[o].alone && b.schools[o].level != b.schools[si].level && (b.schools[o].level == college || b.schools[si].level == college) {
			near = append(near, o)
		}
	}
	if len(near) == 0 {
		return -1
	}
	return near[d.IntN(len(near))]
}

func (b *basin) add(p person) int {
	b.numbers[p.role]++
	p.number = int64(b.number)*1_000_000 + b.numbers[p.role] + 2_000_000
	b.people = append(b.people, p)
	return len(b.people) - 1
}

func (b *basin) family(d draw, si, guardians int, children []child) {
	f := b.families
	b.families++
	s := &b.schools[si]
	schools, n := [2]int{si, 0}, 1
	var kids []int
	for _, c := range children {
		if c.school != si {
			schools[1], n = c.school, 2
		}
		p := person{role: rolePupil, schools: [2]int{c.school}, nschools: 1, family: f, class: c.class, gamma: d.gamma(1), phone: 0.54,
			created: -300, activated: noDay, helped: noDay, kind: kindNever}
		if d.chance(pupilActive[b.schools[c.school].level]) {
			p.kind, p.activated = kindAlready, -200
		}
		if day := b.schools[c.school].rollout; day > 0 {
			p.created, p.activated = day, max(p.activated, day)
		}
		kids = append(kids, b.add(p))
	}
	for g := range guardians {
		p := b.guardian(d, s, g)
		p.family, p.schools, p.nschools, p.children = f, schools, n, kids
		id := b.add(p)
		for _, k := range kids {
			b.people[k].parents = append(b.people[k].parents, id)
		}
	}
}

// guardian draws one parent: whether there is an address, whether and from when
// the parent comes, how often, and on what.
func (b *basin) guardian(d draw, s *school, g int) person {
	p := person{role: roleParent, rank: uint8(g + 1), helped: noDay, activated: noDay, created: -1 - d.IntN(7)}
	if d.chance(0.7) {
		p.created = -1 - d.IntN(700) - 7
	}
	if d.chance(shareLate) {
		p.created = 7*d.IntN(max(1, b.w.days/7-3)) + 6 // a Sunday
	}
	if s.rollout > 0 {
		p.created = s.rollout
	}
	without := noEmail[s.ep]
	if s.private {
		without = noEmail["private"]
	}
	p.email, p.mobile = !d.chance(without), !d.chance(0.08)
	never := logit(neverBase[s.level]) + neverIPSSlope*(float64(s.ips)/10-100)/10
	if !p.email {
		never += neverNoEmail
	}
	p.gamma = d.gamma(thetaVisits)
	if g == 0 {
		never += neverFirst
		p.gamma *= rateFirst
	} else {
		never += neverSecond
		p.gamma *= rateSecond
	}
	known := -1
	if p.created < -30 {
		known = p.created + d.IntN(-p.created)
	}
	switch {
	case d.chance(childOnly[s.level]):
		p.kind = kindChildOnly
	case d.chance(logistic(never)):
		p.kind = kindNever
		if d.chance(activatedNever) && known < -1 {
			p.activated = known
		}
	case d.chance(shareDelayed):
		p.kind = kindDelayed
	default:
		p.kind = kindAlready
		if known < -1 {
			p.activated = known
		}
	}
	only := logistic(logit(phoneOnly[s.level]) - 0.1*(float64(s.ips)/10-100)/10)
	p.phone = phoneMixed[s.level]
	if d.chance(only) {
		p.phone = 1
	}
	if s.graded() && p.kind == kindAlready && d.chance(checkerShare/(1-shareDelayed)) {
		p.checker, p.night = true, d.chance(0.5)
	}
	return p
}
