package policy

import "fmt"

// Attack says how the person table of an edition is attacked before it leaves: see
// package attack.
type Attack struct {
	// needed; whether behaviours are exchanged among the rows of a class, so that no row is one person's
	Exchange *bool `toml:"exchange"`
	// needed, at least 1000; most persons who are attacked
	Persons int `toml:"persons"`
	// needed, above 0, at most 0.5; most that the upper end of a residual risk may be: above it the edition is refused
	Bound float64 `toml:"bound"`
	// behaviours that are left out, one after the other, rather than that the edition is refused; none unless said
	LeaveOut []string `toml:"leave_out"`
	// who attacks: at least one
	Attackers []Attacker `toml:"attacker"`
}

// Attacker is one [[attack.attacker]].
type Attacker struct {
	// needed; a word that names the attacker in the audit
	Name string `toml:"name"`
	// needed; columns that the attacker knows of a person
	Knows []string `toml:"knows"`
}

// leastPersons is the number of targets below which an interval says little.
const leastPersons = 1000

func (r *reader) attack(a *Attack) {
	if a.Exchange == nil {
		r.fault("attack.exchange", "attack.exchange must be set")
	}
	if a.Persons < leastPersons {
		r.fault("attack.persons", "attack.persons must be set, and at least %d", leastPersons)
	}
	if !(a.Bound > 0 && a.Bound <= 0.5) {
		r.fault("attack.bound", "attack.bound must be set, and in ]0, 0.5]")
	}
	if len(a.Attackers) == 0 {
		r.fault("attack", "attack has no [[attack.attacker]]")
	}
	for i, who := range a.Attackers {
		if who.Name == "" || len(who.Knows) == 0 {
			r.fault(fmt.Sprintf("attack.attacker[%d]", i), "attacker %d: name and knows must be set", i+1)
		}
	}
}
