package risk

import (
	"fmt"
	"math"

	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/uniqueness"
)

// Uniqueness says what tells a person apart in the table, and how many would be alone in
// the population; see package uniqueness.
type Uniqueness struct {
	// Special are the persons, by one row each, whom a combination of at most Largest
	// quasi-identifiers tells apart; BySize counts the least such combinations by size.
	Special      int     `json:"special"`
	Largest      int     `json:"largest"`
	BySize       []int   `json:"by_size"`
	HighestScore float64 `json:"highest_score"` // SUDA's
	// Shares of the population, 0 to 1; null where a model has no solution or its size is
	// not known. Dankar is that of Model, which the rule of Dankar et al. believes.
	Pitman *float64 `json:"pitman"`
	Zayatz *float64 `json:"zayatz"`
	SNB    *float64 `json:"snb"`
	Dankar *float64 `json:"dankar"`
	Model  string   `json:"model,omitempty"`
}

// largestSpecial is the most columns of a combination that SUDA looks at: what three
// values do not tell apart, nobody knows by chance (Elliot et al. 2005).
const largestSpecial = 3

// uniqueness looks for what tells persons apart, where the options ask for it.
func (r *Report) uniqueness(t *kanon.Table, o Options) error {
	if !o.Attack && o.PopulationSize == 0 {
		return nil
	}
	if o.PopulationSize != 0 && o.PopulationSize < r.Persons {
		return fmt.Errorf("risk: %w: a population of %d is smaller than the %d persons of the table", kanon.ErrPolicy,
			o.PopulationSize, r.Persons)
	}
	people := personsOf(t)
	var columns [][]int32
	for _, name := range o.QuasiIdentifiers {
		column, codes := t.Column(name), make([]int32, people.n())
		for i := range codes {
			codes[i] = column.Codes[people.rows(i)[0]]
		}
		columns = append(columns, codes)
	}
	s, err := uniqueness.Special(columns, min(largestSpecial, len(columns)))
	if err != nil {
		return fmt.Errorf("risk: %w", err)
	}
	u := &Uniqueness{Special: s.Rows, Largest: s.Largest, BySize: s.BySize, HighestScore: s.Highest}
	r.Uniqueness = u
	if o.PopulationSize == 0 {
		return nil
	}
	c, err := kanon.Classify(t, o.QuasiIdentifiers, nil)
	if err != nil {
		return err
	}
	sizes := make([]int, len(c.Persons))
	for i, n := range c.Persons {
		sizes[i] = int(n)
	}
	e, err := uniqueness.Population(sizes, float64(r.Persons)/float64(o.PopulationSize))
	if err != nil {
		return fmt.Errorf("risk: %w", err)
	}
	some := func(x float64) *float64 {
		if math.IsNaN(x) {
			return nil
		}
		return &x
	}
	u.Pitman, u.Zayatz, u.SNB, u.Dankar = some(e.Pitman), some(e.Zayatz), some(e.SNB), some(e.Dankar)
	u.Model = e.Model
	return nil
}
