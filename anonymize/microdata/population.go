package microdata

import (
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/policy"
)

// Presence is what a released table tells those who hold the population that its policy names.
type Presence struct {
	// Persons are those of the population, Elsewhere those of them in no class that leaves.
	Persons   int `json:"persons"`
	Elsewhere int `json:"elsewhere"`
	// KMap is the least number of them in a class that leaves.
	KMap int `json:"k_map"`
	// DeltaMin and DeltaMax are the least and the largest share of a class of the population
	// that is in the table.
	DeltaMin float64 `json:"delta_min"`
	DeltaMax float64 `json:"delta_max"`
	// Unmatched are persons of the table whose tuples, as they were read, fewer persons of the
	// population have: it does not hold them, or not in the same words.
	Unmatched int `json:"unmatched"`
}

func presence(p *kanon.Presence) *Presence {
	if p == nil {
		return nil
	}
	return &Presence{p.Persons, p.Elsewhere, p.KMap, p.DeltaMin, p.DeltaMax, p.Unmatched}
}

// bind binds a policy to the table that was read, and to the population that it names.
func bind(p *policy.Policy, in *Input, policyFile string) (*kanon.Table, *kanon.Policy, error) {
	if p.Population == nil {
		return p.Bind(in.Table, Beside(policyFile))
	}
	population, err := ReadPopulation(p, policyFile)
	if err != nil {
		return nil, nil, err
	}
	in.Doubts = append(in.Doubts, population.Doubts...)
	return p.BindAmong(in.Table, population.Table, Beside(policyFile))
}

// ReadPopulation reads the population that a policy names.
func ReadPopulation(p *policy.Policy, policyFile string) (*Input, error) {
	var quasi []string
	for _, q := range p.QuasiIdentifiers {
		quasi = append(quasi, q.Name)
	}
	in, err := Read(beside(policyFile, p.Population.File), Options{
		Delimiter: p.Population.Separator(), Columns: quasi, Person: p.Population.Person,
	})
	if err != nil {
		return nil, fmt.Errorf("population: %w", err)
	}
	if p.Person != "" && p.Population.Person == "" && slices.Contains(in.Dropped, p.Person) {
		// Persons against rows: somebody with two rows there would hide two here.
		return nil, fmt.Errorf("%w: the population has the column %q too, by which persons of the table are counted; "+
			"hint: population.person = %q", policy.ErrPolicy, p.Person, p.Person)
	}
	return in, nil
}
