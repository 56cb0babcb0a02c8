package risk

import (
	"strconv"
	"testing"

	"github.com/entscope/entscope/anonymize/attack"
	"github.com/entscope/entscope/anonymize/kanon"
)

// TestAttacksOnKnownTables attacks tables whose risk is known without measuring: everybody
// alone, everybody alike, a secret that the profile tells, one that it does not.
func TestAttacksOnKnownTables(t *testing.T) {
	const persons = 400
	column := func(name string, of func(i int) int) kanon.Column {
		texts := make([]string, persons)
		for i := range texts {
			texts[i] = strconv.Itoa(of(i))
		}
		return kanon.NewColumn(name, texts)
	}
	own := column("q", func(i int) int { return i })
	same := column("q", func(int) int { return 7 })
	class := column("q", func(i int) int { return i % 4 })
	for name, c := range map[string]struct {
		quasi, secret kanon.Column
		second        bool
		attack        string
		risk          float64
	}{
		"alone, singled out":         {own, same, false, attack.SinglingOut, 1},
		"alike, not singled out":     {same, same, false, attack.SinglingOut, 0},
		"alone, told to be in it":    {own, same, false, attack.Membership, 1},
		"alike, not told to be":      {same, same, false, attack.Membership, 0},
		"alone, linked":              {own, same, true, attack.Linkability, 1},
		"alike, not linked":          {same, same, true, attack.Linkability, 0},
		"alone, secret of their own": {own, column("s", func(i int) int { return i }), false, attack.Inference, 1},
		"a secret of the class": {class, column("s", func(i int) int { return i % 4 }), false,
			attack.Inference, 0},
		"the same secret": {class, column("s", func(int) int { return 1 }), false, attack.Inference, 0},
	} {
		c.secret.Name = "s"
		table := &kanon.Table{Columns: []kanon.Column{c.quasi, c.secret}}
		o := Options{QuasiIdentifiers: []string{"q"}, Sensitive: []string{"s"}, AtRiskBelow: 11, Attack: true}
		if c.second {
			o.Second = &kanon.Table{Columns: []kanon.Column{c.quasi}}
		}
		r, err := Measure(table, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range r.Attacks {
			if a.Attack != c.attack || a.Attacker != attack.Anybody {
				continue
			}
			if a.Attacked != persons {
				t.Errorf("%s: %d attacked, want %d", name, a.Attacked, persons)
			}
			if diff := a.Risk - c.risk; diff > 0.01 || diff < -0.01 {
				t.Errorf("%s: risk %g, want %g", name, a.Risk, c.risk)
			}
			if a.Low > a.Risk || a.High < a.Risk {
				t.Errorf("%s: %g lies outside [%g, %g]", name, a.Risk, a.Low, a.High)
			}
		}
	}
}

// TestRowsAreNoPersonsToAnAttacker: a person whose rows all say the same is alone in a
// profile however many rows they have, and two persons with one row each are not.
func TestRowsAreNoPersonsToAnAttacker(t *testing.T) {
	var quasi []string
	var person []int64
	for p := range 200 {
		for range 3 {
			quasi, person = append(quasi, strconv.Itoa(p)), append(person, int64(p))
		}
	}
	table := &kanon.Table{Columns: []kanon.Column{kanon.NewColumn("q", quasi)},
		Units: []kanon.Unit{{Name: "person", IDs: person}}}
	o := Options{QuasiIdentifiers: []string{"q"}, AtRiskBelow: 11, Attack: true}
	r, err := Measure(table, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Attacks) != 2 || r.Attacks[0].Risk != 1 || r.Attacks[1].Risk != 1 {
		t.Errorf("a person with three rows: %+v", r.Attacks)
	}
	for _, needs := range []string{attack.Inference, attack.Linkability} {
		if r.Absent[needs] == "" {
			t.Errorf("%s was not tried, and nothing says why", needs)
		}
	}
	table.Columns[0] = kanon.NewColumn("q", quasi[:99])
	table.Units[0].IDs = person[:99]
	if r, err = Measure(table, o); err != nil || r.Absent["attacks"] == "" || len(r.Attacks) > 0 {
		t.Errorf("few persons: %+v, %v", r.Attacks, err)
	}
}
