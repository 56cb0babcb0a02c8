package attack

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/entscope/entscope/anonymize/kanon"
)

// The attacks.
const (
	SinglingOut = "singling out"
	Linkability = "linkability"
	Inference   = "inference"
	// Membership is none of the opinion's: to tell whether somebody is in the table.
	Membership = "membership"
)

// Attacker is somebody who knows columns of a person.
type Attacker struct {
	Name string
	// Known are quasi-identifiers and behaviours; the secret of an attack is taken out.
	Known []string
}

// Options say who attacks what.
type Options struct {
	Attackers []Attacker
	Secrets   []string // columns to be inferred
	// Household is the unit that is held out and resampled as a whole.
	Household string
	// Persons is the most persons that are attacked; 0 is all.
	Persons int
	// Resamples is the number of bootstrap samples.
	Resamples int
	Seed      uint64
}

// Twin is a release of a part of the persons: its rows, and the level to which each
// quasi-identifier was generalised.
type Twin struct {
	Released *kanon.Table
	Levels   map[string]int
}

// Finding is the result of one attack. Shares are 0 to 1.
type Finding struct {
	Attack, Attacker string
	Secret           string // of an inference
	Persons          int
	// Targeted and Controlled are the shares of attacks that succeed on the persons
	// when they are in the release, and when they are not.
	Targeted, Controlled float64
	// Risk has the 95 % interval Low to High; a negative one is no risk.
	Risk, Low, High float64
}

// ErrFew says that there are too few persons to attack.
var ErrFew = errors.New("too few persons for an attack that says anything")

// least is the number of persons below which nothing is said: a thousand targets and
// as many controls, if they were not the same.
const least = 2000

// Measure attacks the table t under the policy p, which release applies to a part
// of it. The unit of rows is the person.
func Measure(
	ctx context.Context, t *kanon.Table, p *kanon.Policy,
	release func(context.Context, *kanon.Table) (*Twin, error), o Options,
) ([]Finding, error) {
	c, err := openCampaign(t, o, least)
	if err != nil {
		return nil, err
	}
	for out := range c.worlds {
		twin, err := release(ctx, rowsOf(t, c.kept(out)))
		if err != nil {
			return nil, fmt.Errorf("attack: twin release: %w", err)
		}
		if c.worlds[out], err = newWorld(t, p, twin); err != nil {
			return nil, err
		}
	}
	for _, a := range o.Attackers {
		quasi, behaviours := c.worlds[0].partition(a.Known)
		c.book(Finding{Attack: SinglingOut, Attacker: a.Name},
			func(w *world) func(int) bool { return w.singlesOut(a.Known, c.persons) })
		if len(quasi) > 0 && len(behaviours) > 0 {
			c.book(Finding{Attack: Linkability, Attacker: a.Name},
				func(w *world) func(int) bool { return w.links(quasi, behaviours) })
		}
		for _, secret := range o.Secrets {
			known := slices.DeleteFunc(slices.Clone(a.Known), func(name string) bool { return name == secret })
			c.book(Finding{Attack: Inference, Attacker: a.Name, Secret: secret},
				func(w *world) func(int) bool { return w.infers(known, secret) })
		}
	}
	return c.findings, nil
}

// campaign is all attacks on the persons of one table.
type campaign struct {
	options    Options
	fold       []int
	households []int64
	persons    []int         // the rows that are attacked
	worlds     [folds]*world // that of fold i was made without its persons
	findings   []Finding
}

// openCampaign draws who is held out and who is attacked; the worlds are to be made.
func openCampaign(t *kanon.Table, o Options, least int) (*campaign, error) {
	fold, households, err := split(t, o, least)
	if err != nil {
		return nil, err
	}
	persons := sample(len(fold), o.Persons, rand.New(rand.NewPCG(o.Seed, 1)))
	return &campaign{options: o, fold: fold, households: households, persons: persons}, nil
}

// kept are the rows of a world.
func (c *campaign) kept(out int) []int {
	var kept []int
	for row, f := range c.fold {
		if f != out {
			kept = append(kept, row)
		}
	}
	return kept
}

// book makes one attack on everybody in every world.
func (c *campaign) book(f Finding, attack func(w *world) func(row int) bool) {
	trials := make([]trial, len(c.persons))
	for out, w := range c.worlds {
		succeeds := attack(w)
		for i, row := range c.persons {
			trials[i].household = c.households[row]
			switch hit := succeeds(row); {
			case hit && c.fold[row] == out:
				trials[i].control = 1
			case hit:
				trials[i].target += 1. / (folds - 1)
			}
		}
	}
	c.findings = append(c.findings, f.of(trials, c.options))
}

// folds is the number of parts of the households, each of which is held out once.
const folds = 5

// split gives the fold of each row of a table of at least so many.
func split(t *kanon.Table, o Options, least int) (fold []int, households []int64, err error) {
	for _, u := range t.Units {
		if u.Name == o.Household {
			households = u.IDs
		}
	}
	if households == nil {
		return nil, nil, fmt.Errorf("attack: no unit %q to hold out", o.Household)
	}
	if len(households) < least {
		return nil, nil, ErrFew
	}
	fold = make([]int, len(households))
	for row, id := range households {
		fold[row] = int(mix(uint64(id)^o.Seed) % folds)
	}
	return fold, households, nil
}

// mix is the finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func rowsOf(t *kanon.Table, rows []int) *kanon.Table {
	part := &kanon.Table{}
	for _, c := range t.Columns {
		codes := make([]int32, len(rows))
		for i, row := range rows {
			codes[i] = c.Codes[row]
		}
		part.Columns = append(part.Columns, kanon.Column{Name: c.Name, Values: c.Values, Codes: codes})
	}
	for _, u := range t.Units {
		ids := make([]int64, len(rows))
		for i, row := range rows {
			ids[i] = u.IDs[row]
		}
		part.Units = append(part.Units, kanon.Unit{Name: u.Name, IDs: ids})
	}
	return part
}

func sample(n, most int, draw *rand.Rand) []int {
	rows := draw.Perm(n)
	if most > 0 && n > most {
		rows = rows[:most]
	}
	slices.Sort(rows)
	return rows
}

// trial is the attack on one person: 1 for a success, and for a target the share of
// the twins that hold them.
type trial struct {
	household       int64
	target, control float64
}

// of sums trials up: each person is their own control.
func (f Finding) of(trials []trial, o Options) Finding {
	f.Persons = len(trials)
	c := byHousehold(trials)
	var all sums
	for _, h := range c {
		all = all.plus(h)
	}
	risk := sums.risk
	if f.Attack == Membership {
		risk = sums.advantage
	}
	f.Targeted, f.Controlled, f.Risk = all.target/all.n, all.control/all.n, risk(all)
	draw := rand.New(rand.NewPCG(o.Seed, 2))
	risks := make([]float64, o.Resamples)
	for i := range risks {
		var again sums
		for range c {
			again = again.plus(c[draw.IntN(len(c))])
		}
		risks[i] = risk(again)
	}
	slices.Sort(risks)
	if n := len(risks); n > 0 {
		f.Low, f.High = risks[n*25/1000], risks[min(n-1, n*975/1000)]
	}
	return f
}

// sums are the trials of a household, or of several.
type sums struct{ n, target, control float64 }

func (s sums) plus(o sums) sums { return sums{s.n + o.n, s.target + o.target, s.control + o.control} }

// risk is what success with targets exceeds that with controls by, of what it could.
func (s sums) risk() float64 {
	if s.control >= s.n {
		return 0
	}
	return (s.target - s.control) / (s.n - s.control)
}

// advantage is by how much more often a member is told to be one than somebody else: S. Yeom,
// I. Giacomelli, M. Fredrikson, S. Jha, Privacy Risk in Machine Learning, CSF 2018. The
// risk of the other attacks would be 1 wherever members are always told to be.
func (s sums) advantage() float64 { return (s.target - s.control) / s.n }

func byHousehold(trials []trial) []sums {
	at := map[int64]int{}
	var c []sums
	for _, t := range trials {
		i, ok := at[t.household]
		if !ok {
			i = len(c)
			at[t.household] = i
			c = append(c, sums{})
		}
		c[i] = c[i].plus(sums{1, t.target, t.control})
	}
	return c
}
