package attack

import (
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/kanon"
)

// Own says how a table is attacked that stands as it is, whoever made it.
type Own struct {
	// Profile are the columns that anybody may know of a person, Secrets those that are
	// to be inferred. An attacker who is close knows the other secrets too.
	Profile, Secrets []string
	// Second is a table that others hold, with columns of the first; nil is none. Linkability
	// needs one.
	Second *kanon.Table
	// Household is the unit that is held out and resampled as a whole.
	Household string
	// Resamples is the number of bootstrap samples.
	Resamples int
	Seed      uint64
}

// The attackers of a table: who knows the profile, and who knows the other secrets too.
const (
	Anybody = "anybody"
	Close   = "close"
)

// fewest is the number of persons below which a table is not attacked: an interval that
// spans everything says nothing.
const fewest = 100

// Table attacks a table as it stands: the release is the table itself, and everybody is
// their own control in the fifth of the worlds that was made without their household. A
// person may have several rows; counts are of distinct persons of the first unit, or of
// rows where there is none.
func Table(t *kanon.Table, own Own) ([]Finding, error) {
	o := Options{Household: own.Household, Resamples: own.Resamples, Seed: own.Seed}
	if len(own.Profile) == 0 {
		return nil, fmt.Errorf("attack: %w: no column that an attacker knows", kanon.ErrPolicy)
	}
	c, err := openCampaign(t, o, fewest)
	if err != nil {
		return nil, err
	}
	var shared []string
	for _, name := range slices.Concat(own.Profile, own.Secrets) {
		if own.Second != nil && own.Second.Column(name) != nil {
			shared = append(shared, name)
		}
	}
	if own.Second != nil && len(shared) == 0 {
		return nil, fmt.Errorf("attack: %w: the second table has no column of the first", kanon.ErrPolicy)
	}
	profile := map[string]bool{}
	for _, name := range own.Profile {
		profile[name] = true
	}
	asItStands := func(_ int, kept []int) (*world, error) {
		return newWorld(view{table: t, rows: c.persons}, view{table: t, rows: kept}, profile, &c.pairs), nil
	}
	err = c.run(1, asItStands, func(w *world) {
		for _, a := range []Attacker{{Anybody, own.Profile}, {Close, slices.Concat(own.Profile, own.Secrets)}} {
			if a.Name == Anybody || len(own.Secrets) > 0 {
				c.tryOwn(w, a, own.Secrets)
			}
		}
		if own.Second != nil {
			c.book(Finding{Attack: Linkability, Attacker: Anybody}, w.linksTo(view{table: own.Second}, shared))
		}
	})
	if err != nil {
		return nil, err
	}
	return c.settle(), nil
}

// tryOwn makes the attacks of one attacker on a table as it stands.
func (c *campaign) tryOwn(w *world, a Attacker, secrets []string) {
	c.book(Finding{Attack: SinglingOut, Attacker: a.Name}, w.singlesOut(a.Known))
	c.book(Finding{Attack: Membership, Attacker: a.Name}, w.holds(a.Known))
	for _, secret := range secrets {
		if a.Name == Close && len(secrets) == 1 {
			continue // knows no more than anybody
		}
		known := slices.DeleteFunc(slices.Clone(a.Known), func(name string) bool { return name == secret })
		c.book(Finding{Attack: Inference, Attacker: a.Name, Secret: secret}, w.infers(known, secret))
	}
}
