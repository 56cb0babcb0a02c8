package region

import "github.com/entscope/entscope/ingest/simulate/random"

// Home is what a family has at home, by the survey of the rentrée.
type Home struct {
	Computer, Network bool
	Answered          bool // half of the families do
	Silent            bool // a tenth of those say nothing of the network
}

// Equipment is what a pupil's family has at home.
func (b *Basin) Equipment(p *Person) Home {
	h := random.Mix(b.Region.Seed, random.Records, uint64(p.Number), uint64(p.Role), 9)
	ips := float64(b.Schools[p.Schools[0]].IPS) / 10
	return Home{
		Computer: random.Logistic(2+(ips-100)/12) > float64(h>>11&0xffff)/0x10000,
		Network:  random.Logistic(2.5+(ips-100)/14) > float64(h>>27&0xffff)/0x10000,
		Answered: h%2 == 0,
		Silent:   h>>45%10 == 0,
	}
}

// lend draws who asks for equipment and who gets it: families without a
// computer, more of them where the school's IPS is low; four in ten go on waiting.
func (b *Basin) lend(d random.Stream, si int) {
	for _, who := range b.At(si, RolePupil) {
		p := &b.People[who]
		asks, gets, turn, wait := d.Chance(0.8), d.Chance(0.6), d.IntN(4), 7+d.IntN(60)
		if b.Equipment(p).Computer || !asks {
			continue
		}
		day := b.Window.LendingDays()[(turn+1)/2]
		l := Loan{Child: who, Requested: day - wait, Start: NoDay, End: NoDay}
		if gets {
			l.Start = day
			if end := l.Start + 120 + wait; end < b.Window.Days {
				l.End = end
			}
		}
		b.Loans = append(b.Loans, l)
	}
}

// useLoan adds the visits that borrowed equipment brings, to each guardian.
func (b *Basin) useLoan(d random.Stream, l *Loan) {
	if l.Start >= b.Window.Days {
		return
	}
	si := b.People[l.Child].Schools[0]
	cal := &b.Window.Zones[b.Schools[si].Zone]
	to := min(l.End, b.Window.Days)
	for _, who := range b.People[l.Child].Parents {
		p := &b.People[who]
		if !p.comes(l.Start) {
			continue
		}
		plain, _ := b.split(p, si)
		for range d.Poisson(b.Assumed.LoanRate * plain / 7 * (cal.cum[to] - cal.cum[l.Start])) {
			b.expand(d, who, p, visit{cal.day(d, l.Start, to), b.Assumed.ParentHours.Second(d), si, visitPlain})
		}
	}
}
