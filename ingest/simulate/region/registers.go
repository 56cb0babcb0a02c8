package region

import "github.com/entscope/entscope/ingest/simulate/random"

// Assessment is when the work behind a class's k-th publication was done and
// given back. Where grades are deferred they show some days after the copies;
// elsewhere before, or on the same day. Trained staff take less time.
func (b *Basin) Assessment(s *School, c *Class, k int) (assessed, returned int) {
	h := random.Mix(b.Region.Seed, random.Registers, uint64(s.Number), uint64(c.Published[k]), uint64(k))
	day, _ := b.Window.Local(c.Published[k])
	if day >= s.DeferFrom {
		returned = day - 2 - int(h%5)
		assessed = returned - 3 - int(h>>8%6)
	} else {
		returned = day + int(h%4)
		assessed = day - 2 - int(h>>8%6)
	}
	if day >= s.Trained {
		assessed += min(2, day-assessed)
		returned = max(returned, assessed)
	}
	return assessed, returned
}

// HelpForm is a form of accompaniment with the code that a study gives it.
type HelpForm struct {
	Name string
	Code int
}

// HelpForms are the forms of accompaniment.
var HelpForms = []HelpForm{
	{"Présentation", 1}, {"Tutoriel", 2}, {"Documentation", 2}, {"Atelier", 3}, {"Médiateur numérique", 3},
	{"Parent ressource", 4},
}

// HelpModes are collective and individual accompaniment.
var HelpModes = [2]string{"Collectif", "Individuel"}

// Help is one line of the accompaniment register: Form is its place in HelpForms, Individual in
// HelpModes.
type Help struct{ Day, Form, Individual int }

// HelpOf is how a parent was accompanied: in one form or two on the same day, and
// one in four again some weeks later, individually after a collective one or the
// other way round. The second time changes nothing.
func (b *Basin) HelpOf(p *Person) []Help {
	h := random.Mix(b.Region.Seed, random.Records, uint64(p.Number), uint64(p.Role), 9)
	var lines []Help
	for k := range 1 + oneIf(h%20 == 0) {
		lines = append(lines, Help{p.Helped, int((h>>8 + uint64(k)) % 6), int(h >> 16 % 2)})
	}
	if again := p.Helped + 14 + int(h>>24%21); h>>40%4 == 0 && again < b.Window.Days {
		lines = append(lines, Help{again, int((h>>8 + 3) % 6), 1 - int(h>>16%2)})
	}
	return lines
}

// Procedure is a téléservice that the family of a child may complete.
type Procedure struct {
	Child, Deadline, Done int
	Kind                  string
	use                   int // 0 never, 1 less than weekly, 2 at least weekly
}

// visitGap parts two visits, in ms.
const visitGap = 1_800_000

// Procedures are those of the deadlines: the grants for a fifth of the pupils,
// the choice of a path for all of the 3e.
func (b *Basin) Procedures() []Procedure {
	visits := b.familyVisits()
	var out []Procedure
	for _, dl := range b.Window.Deadlines() {
		d := random.New(b.Region.Seed, random.Registers, uint64(b.Number), uint64(dl.Day))
		for who, p := range b.Each(RolePupil) {
			s := &b.Schools[p.Schools[0]]
			u, late, before := d.Float64(), d.Float64(), d.IntN(40)
			pr := Procedure{Child: who, Deadline: dl.Day, Done: NoDay, Kind: "bourse"}
			if len(dl.Grades) > 0 {
				pr.Kind = "orientation"
			}
			if !dl.Concerns(s.Level, s.Classes[p.Class].Grade) ||
				pr.Kind == "bourse" && random.Mix(uint64(p.Number))%5 != 4 {
				continue
			}
			if n := visits[p.Family]; n > 0 {
				pr.use = 1 + oneIf(n >= len(b.Window.Zones[s.Zone].Monday))
			}
			if u < b.Assumed.OnTime[pr.use] {
				pr.Done = dl.Day - before
			} else if late < b.Assumed.LateShare {
				pr.Done = dl.Day + 1 + before
			}
			if pr.Done >= b.Window.Days {
				pr.Done = NoDay
			}
			out = append(out, pr)
		}
	}
	return out
}

// familyVisits counts, for each family, the visits of its guardians.
func (b *Basin) familyVisits() map[int]int {
	visits, last := map[int]int{}, make([]int64, len(b.People))
	for i := range b.Events {
		e := &b.Events[i]
		p := &b.People[e.Who]
		if p.Role != RoleParent || !e.Acts() {
			continue
		}
		visits[p.Family] += oneIf(last[e.Who] == 0 || e.TS-last[e.Who] > visitGap)
		last[e.Who] = e.TS
	}
	return visits
}
