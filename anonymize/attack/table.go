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
	exact := map[string]func(string) string{}
	for _, name := range own.Profile {
		exact[name] = func(value string) string { return value }
	}
	for out := range c.worlds {
		c.worlds[out] = &world{original: t, released: rowsOf(t, c.kept(out)), quasi: exact}
	}
	for _, a := range []Attacker{{Anybody, own.Profile}, {Close, slices.Concat(own.Profile, own.Secrets)}} {
		if a.Name == Close && len(own.Secrets) == 0 {
			continue
		}
		c.book(Finding{Attack: SinglingOut, Attacker: a.Name},
			func(w *world) func(int) bool { return w.singlesOut(a.Known, c.persons) })
		c.book(Finding{Attack: Membership, Attacker: a.Name},
			func(w *world) func(int) bool { return w.holds(a.Known) })
		for _, secret := range own.Secrets {
			known := slices.DeleteFunc(slices.Clone(a.Known), func(name string) bool { return name == secret })
			if a.Name == Close && len(own.Secrets) == 1 {
				continue // knows no more than anybody
			}
			c.book(Finding{Attack: Inference, Attacker: a.Name, Secret: secret},
				func(w *world) func(int) bool { return w.infers(known, secret) })
		}
	}
	if own.Second == nil {
		return c.findings, nil
	}
	var shared []string
	for _, name := range slices.Concat(own.Profile, own.Secrets) {
		if own.Second.Column(name) != nil {
			shared = append(shared, name)
		}
	}
	if len(shared) == 0 {
		return nil, fmt.Errorf("attack: %w: the second table has no column of the first", kanon.ErrPolicy)
	}
	there := holders(own.Second, func(row int) string { return textOf(own.Second, row, shared) })
	c.book(Finding{Attack: Linkability, Attacker: Anybody}, func(w *world) func(int) bool {
		here := holders(w.released, func(row int) string { return w.shown(row, shared) })
		return func(row int) bool {
			key := textOf(t, row, shared)
			return there[key] == 1 && here[key] == 1
		}
	})
	return c.findings, nil
}

// textOf is a row's values of columns as one text.
func textOf(t *kanon.Table, row int, names []string) string {
	w := world{original: t}
	return w.seen(row, names)
}

// holders counts, for each text of a row, the distinct persons of the table's first unit
// who bear it; rows where the table has no unit.
func holders(t *kanon.Table, text func(row int) string) map[string]int {
	rows := make([]int, t.Rows())
	for row := range rows {
		rows[row] = row
	}
	return holdersAmong(t, rows, text)
}

// holdersAmong counts so among some rows.
func holdersAmong(t *kanon.Table, rows []int, text func(row int) string) map[string]int {
	type bearer struct {
		text string
		id   int64
	}
	count, seen := map[string]int{}, map[bearer]bool{}
	for _, row := range rows {
		key := text(row)
		if len(t.Units) > 0 {
			b := bearer{key, t.Units[0].IDs[row]}
			if seen[b] {
				continue
			}
			seen[b] = true
		}
		count[key]++
	}
	return count
}
