package anonymize

import (
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// Every number of persons of a manifest follows from the population as it is told and from the rows.
func TestCount(t *testing.T) {
	for name, c := range map[string]struct {
		told, rows, attacked   int64
		persons, gone, targets int64
	}{
		"more in scope":           {3004, 2794, 3000, 3004, 210, 3000},
		"fewer than are attacked": {2996, 2794, 3000, 2996, 202, 2996},
		"fewer than rows":         {2790, 2794, 0, 2794, 0, 2794},
	} {
		o := options(t, draw(33, 1, 1))
		o.Research.Attack.Persons = int(c.attacked)
		m := &edition.Manifest{Anonymity: &edition.Anonymity{Attacks: []edition.AttackResult{{Persons: 2999}}}}
		o.count(m, edition.Population{Persons: c.told}, c.rows)
		a := m.Anonymity
		if m.Population.Persons != c.persons || a.SuppressedPersons != c.gone || a.SuppressedRows != c.gone ||
			a.Attacks[0].Persons != c.targets {
			t.Errorf("%s: %+v, %+v", name, m.Population, a)
		}
	}
}
