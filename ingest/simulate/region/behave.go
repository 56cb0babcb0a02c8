package region

import "github.com/entscope/entscope/ingest/simulate/random"

// Basin draws the people of a basin and all they do in the window. The same number
// gives the same basin; basins may be drawn at the same time.
func (r *Region) Basin(number int) *Basin {
	from, to := number*BasinSchools, min((number+1)*BasinSchools, len(r.Schools))
	b := &Basin{Region: r, Window: r.Window, Assumed: r.Assumed, Number: number,
		Schools: append([]School(nil), r.Schools[from:to]...)}
	for i := range b.Schools {
		b.openClasses(&b.Schools[i])
	}
	for i := range b.Schools {
		d := random.New(r.Seed, random.People, uint64(b.Schools[i].Number))
		b.populate(d, i)
	}
	b.behave()
	return b
}

func (b *Basin) behave() {
	for i := range b.Schools {
		d := random.New(b.Region.Seed, random.People, uint64(b.Schools[i].Number), 2)
		for who := range b.People {
			p := &b.People[who]
			if p.Schools[0] != i {
				continue
			}
			switch p.Role {
			case RoleParent:
				b.parent(d, who)
			case RolePupil:
				b.pupil(d, who)
			case RoleStaff:
				b.staff(d, who)
			}
		}
	}
	b.publishContents()
	if b.Window.Years > 0 {
		b.visitOnOccasion()
	} else {
		b.failBefore(random.New(b.Region.Seed, random.Occasions, uint64(b.Number), 1))
	}
	b.sort()
	b.openServices()
	b.sort()
	b.activate()
	b.correspond()
}

// visitOnOccasion adds the visits that deadlines, contents, grades (of pupils), loans
// and meetings bring, and the failures before logins.
func (b *Basin) visitOnOccasion() {
	for si := range b.Schools {
		d := random.New(b.Region.Seed, random.Occasions, uint64(b.Schools[si].Number))
		b.lend(d, si)
		for _, who := range b.At(si, RoleParent) {
			b.meetDeadlines(d, who)
		}
		b.showPupils(d, si)
		b.meet(d, si)
	}
	d := random.New(b.Region.Seed, random.Occasions, uint64(b.Number), 1)
	for i := range b.Contents {
		b.seeContent(d, &b.Contents[i])
	}
	for i := range b.Loans {
		b.useLoan(d, &b.Loans[i])
	}
	b.failBefore(d)
	b.lockOut(d)
}
