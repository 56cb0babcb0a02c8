package risk

import (
	"errors"
	"math"

	"github.com/entscope/entscope/anonymize/attack"
	"github.com/entscope/entscope/anonymize/kanon"
)

// AttackResult is one attack on the table; see package attack. Shares and risks have four
// digits; a risk is 0 for none and 1 for certainty.
type AttackResult struct {
	Attack   string `json:"attack"`
	Attacker string `json:"attacker"` // anybody knows the quasi-identifiers, close the other secrets too
	Secret   string `json:"secret,omitempty"`
	// Attacked are the rows that were targets and, in another world, controls.
	Attacked   int     `json:"attacked"`
	Targeted   float64 `json:"targeted"`   // share that succeeds on persons of the table
	Controlled float64 `json:"controlled"` // the same when they are held out
	Risk       float64 `json:"risk"`
	Low        float64 `json:"low"` // of the 95 % interval
	High       float64 `json:"high"`
}

// unitOfAttack is who is held out and resampled as a whole.
const unitOfAttack = "held out together"

// attacks tries the three attacks, where the options ask for them.
func (r *Report) attacks(t *kanon.Table, o Options) error {
	if !o.Attack {
		return nil
	}
	if len(o.Sensitive) == 0 {
		r.Absent[attack.Inference] = "a sensitive attribute (--sensitive)"
	}
	if o.Second == nil {
		r.Absent[attack.Linkability] = "a second table (--second)"
	}
	own := attack.Own{
		Profile: o.QuasiIdentifiers, Secrets: o.Sensitive, Second: o.Second, Household: unitOfAttack, Seed: 1,
		Resamples: max(200, min(1000, 100_000_000/max(1, t.Rows()))),
	}
	findings, err := attack.Table(withHouseholds(t, o.Household), own)
	if errors.Is(err, attack.ErrFew) {
		r.Absent["attacks"] = "at least 100 rows"
		return nil
	}
	if err != nil {
		return err
	}
	digits := func(x float64) float64 { return math.Round(1e4*x) / 1e4 }
	for _, f := range findings {
		r.Attacks = append(r.Attacks, AttackResult{
			Attack: f.Attack, Attacker: f.Attacker, Secret: f.Secret, Attacked: f.Persons, Targeted: digits(f.Targeted),
			Controlled: digits(f.Controlled), Risk: digits(f.Risk), Low: digits(f.Low), High: digits(f.High),
		})
	}
	return nil
}

// withHouseholds is the table with the persons, or rows, as its first unit, and who is
// held out with them as its second: the household of their first row, or themselves.
func withHouseholds(t *kanon.Table, household string) *kanon.Table {
	persons := make([]int64, t.Rows())
	for row := range persons {
		persons[row] = int64(row)
	}
	if len(t.Units) > 0 {
		persons = t.Units[0].IDs
	}
	together := persons
	if column := t.Column(household); household != "" && column != nil {
		together = make([]int64, len(persons))
		home := map[int64]int64{}
		for row, person := range persons {
			if _, ok := home[person]; !ok {
				home[person] = int64(column.Codes[row])
			}
			together[row] = home[person]
		}
	}
	return &kanon.Table{Columns: t.Columns, Units: []kanon.Unit{{Name: "person", IDs: persons},
		{Name: unitOfAttack, IDs: together}}}
}
