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

// The sources that a linkability joins with the rows of a release. Where none is named, the
// attacker's own knowledge is cut into two: quasi-identifiers and behaviours.
const (
	// SourceSchools is the edition of the schools, supposed to tell whoever knows a person's
	// school all that the rows say of schools.
	SourceSchools = "schools"
	// SourceRelease is the person table of another period.
	SourceRelease = "release"
	// SourceYears is another school year of the same table.
	SourceYears = "years"
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
	// Bound is what a risk is held against: where an interval spans it, three times as many
	// twins are made before anything is said. 0 is none.
	Bound float64
	// Named are the columns that the edition of the schools tells whoever knows the school of
	// a person.
	Named []string
	// Years says that the rows span several school years: whoever knows one and wants another
	// goes through the one row.
	Years bool
	// Earlier are the releases that hold rows of the same persons and stand beside this one.
	Earlier []Earlier
	// Resamples is the number of bootstrap samples.
	Resamples int
	Seed      uint64
}

// Earlier is a release of another period. Columns that do not mean the same in both, such
// as a random name, are left out of Levels and of its rows.
type Earlier struct{ Twin }

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
	Source           string // of a linkability: what the release is joined with
	Persons          int
	// Twins is the number of twins: a person is a target in four fifths of them, and in the
	// others their own control.
	Twins int
	// Targeted and Controlled are the shares of attacks that succeed on the persons
	// when they are in the release, and when they are not.
	Targeted, Controlled float64
	// Risk has the 95 % interval Low to High; a negative one is no risk.
	Risk, Low, High float64
}

// ErrFew says that there are too few persons to attack.
var ErrFew = errors.New("too few persons for an attack that says anything")

// Least is the number of targets, and of controls, below which nothing is said.
const Least = 1000

// folds is the number of parts of the households, each of which is held out once in a split.
const folds = 5

// splits is how often a table of so many rows is cut into fifths: a small table has wide
// intervals, and costs little to release again.
func splits(rows int) int { return max(4, min(16, 60_000/max(1, rows))) }

// Measure attacks the table t under the policy p, which release applies to a part
// of it, once for each of the numbered twins. The unit of rows is the person.
func Measure(
	ctx context.Context, t *kanon.Table, p *kanon.Policy,
	release func(ctx context.Context, number int, part *kanon.Table) (*Twin, error), o Options,
) ([]Finding, error) {
	c, err := openCampaign(t, o, Least)
	if err != nil {
		return nil, err
	}
	former := c.earlier(t, p)
	inTwin := func(number int, kept []int) (*world, error) {
		twin, err := release(ctx, number, t.Part(kept))
		if err != nil {
			return nil, fmt.Errorf("attack: twin release: %w", err)
		}
		for _, q := range p.QuasiIdentifiers {
			if level, ok := twin.Levels[q.Name]; !ok || level > q.Hierarchy.MaxLevel() {
				return nil, fmt.Errorf("attack: the twin does not say to which level %q was generalised", q.Name)
			}
		}
		return c.world(t, p, *twin), nil
	}
	attack := func(w *world) {
		for at, a := range o.Attackers {
			c.try(w, a, former[at])
		}
	}
	first := splits(t.Rows())
	if err := c.run(first, inTwin, attack); err != nil {
		return nil, err
	}
	findings := c.settle()
	spans := func(f Finding) bool { return f.Low <= o.Bound && o.Bound < f.High }
	if o.Bound > 0 && slices.ContainsFunc(findings, spans) {
		if err := c.run(2*first, inTwin, attack); err != nil {
			return nil, err
		}
		findings = c.settle()
	}
	return findings, nil
}

// try makes the attacks of one attacker in a world. alone are, for each earlier release, the
// persons with whom one of its rows agrees.
func (c *campaign) try(w *world, a Attacker, alone [][]bool) {
	quasi, behaviours := w.partition(a.Known)
	c.book(Finding{Attack: SinglingOut, Attacker: a.Name}, w.singlesOut(a.Known))
	if len(quasi) > 0 && len(behaviours) > 0 {
		c.book(Finding{Attack: Linkability, Attacker: a.Name}, w.links(a.Known))
	}
	if len(c.options.Named) > 0 {
		known := slices.Clone(a.Known)
		for _, name := range c.options.Named {
			if !slices.Contains(known, name) {
				known = append(known, name)
			}
		}
		c.book(Finding{Attack: Linkability, Attacker: a.Name, Source: SourceSchools}, w.links(known))
	}
	if c.options.Years {
		c.book(Finding{Attack: Linkability, Attacker: a.Name, Source: SourceYears}, w.links(a.Known))
	}
	if len(alone) > 0 {
		hits := w.links(a.Known)
		for i := range hits {
			there := slices.ContainsFunc(alone, func(of []bool) bool { return of[i] })
			hits[i] = hits[i] && there
		}
		c.book(Finding{Attack: Linkability, Attacker: a.Name, Source: SourceRelease}, hits)
	}
	for _, secret := range c.options.Secrets {
		known := slices.DeleteFunc(slices.Clone(a.Known), func(name string) bool { return name == secret })
		c.book(Finding{Attack: Inference, Attacker: a.Name, Secret: secret}, w.infers(known, secret))
	}
}

// earlier tells for each attacker and each earlier release with whom of the persons attacked
// one row of it alone agrees.
func (c *campaign) earlier(t *kanon.Table, p *kanon.Policy) [][][]bool {
	out := make([][][]bool, len(c.options.Attackers))
	for _, e := range c.options.Earlier {
		w := c.world(t, p, e.Twin)
		for at, a := range c.options.Attackers {
			out[at] = append(out[at], w.links(a.Known))
		}
	}
	return out
}

// campaign is all attacks on the persons of one table.
type campaign struct {
	options    Options
	ids        []int64 // of the household of each row
	persons    []int   // the rows that are attacked
	households households
	// The attacks in the order they are first made, and their trials.
	findings []Finding
	trials   []*trials
	// Where the campaign stands: the splits done, who is out of the twin, the next attack.
	split int
	out   []bool
	next  int
	pairs pairs // memory of the worlds, one after the other
}

// openCampaign draws who is attacked in a table of at least so many rows.
func openCampaign(t *kanon.Table, o Options, least int) (*campaign, error) {
	c := &campaign{options: o}
	for _, u := range t.Units {
		if u.Name == o.Household {
			c.ids = u.IDs
		}
	}
	if c.ids == nil {
		return nil, fmt.Errorf("attack: no unit %q to hold out", o.Household)
	}
	if len(c.ids) < least {
		return nil, ErrFew
	}
	c.persons = sample(len(c.ids), o.Persons, rand.New(rand.NewPCG(o.Seed, 1)))
	c.households = newHouseholds(c.ids, c.persons)
	return c, nil
}

// run makes the twins of so many more splits, and the attacks on them.
func (c *campaign) run(splits int, twin func(number int, kept []int) (*world, error), attack func(*world)) error {
	fold := make([]int, len(c.ids))
	for last := c.split + splits; c.split < last; c.split++ {
		for row, id := range c.ids {
			fold[row] = rand.New(rand.NewPCG(uint64(id), c.options.Seed+uint64(c.split))).IntN(folds)
		}
		for out := range folds {
			var kept []int
			for row, f := range fold {
				if f != out {
					kept = append(kept, row)
				}
			}
			c.out = make([]bool, len(c.persons))
			for i, row := range c.persons {
				c.out[i] = fold[row] == out
			}
			w, err := twin(c.split*folds+out, kept)
			if err != nil {
				return err
			}
			c.next = 0
			attack(w)
		}
	}
	return nil
}

// book keeps the hits of an attack: the same attacks are made in each world, in one order.
func (c *campaign) book(f Finding, hits []bool) {
	if c.next == len(c.findings) {
		c.findings = append(c.findings, f)
		c.trials = append(c.trials, &trials{})
	}
	c.trials[c.next].add(c.split, hits, c.out)
	c.next++
}

func sample(n, most int, draw *rand.Rand) []int {
	rows := draw.Perm(n)
	if most > 0 && n > most {
		rows = rows[:most]
	}
	slices.Sort(rows)
	return rows
}
