package microdata

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
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

// among is what the manifest claims against those who hold the population.
func among(p *kanon.Policy, r *Presence) *edition.AmongClaim {
	if p.Population == nil {
		return nil
	}
	return &edition.AmongClaim{
		Persons: int64(r.Persons), KMap: int64(p.Population.KMap), AchievedKMap: int64(r.KMap),
		DeltaMin: p.Population.DeltaMin, DeltaMax: p.Population.DeltaMax,
		AchievedDeltaMin: r.DeltaMin, AchievedDeltaMax: r.DeltaMax,
	}
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

// ErrOtherPolicy says that a table was not made with a policy.
var ErrOtherPolicy = errors.New("the table was not made with this policy")

// RaisePopulation brings the population that a policy names to the levels of a table that was
// made with it: whose row each is, and the texts of each quasi-identifier.
func RaisePopulation(policyFile string, m *edition.Manifest) (persons []int64, texts map[string][]string, err error) {
	text, p, err := ReadPolicy(policyFile)
	if err != nil {
		return nil, nil, err
	}
	if config := sha256.Sum256(text); hex.EncodeToString(config[:]) != m.ConfigHash {
		return nil, nil, ErrOtherPolicy
	}
	if p.Population == nil {
		return nil, nil, fmt.Errorf("%w: it names no population", policy.ErrPolicy)
	}
	in, err := ReadPopulation(p, policyFile)
	if err != nil {
		return nil, nil, err
	}
	alone := *p
	alone.Population, alone.Sensitive = nil, nil
	table, bound, err := alone.Bind(in.Table, Beside(policyFile))
	if err != nil {
		return nil, nil, err
	}
	texts = map[string][]string{}
	for _, q := range bound.QuasiIdentifiers {
		column, level := table.Column(q.Name), m.Anonymity.Transformation[q.Name]
		if level > q.Hierarchy.MaxLevel() {
			return nil, nil, fmt.Errorf("%w: %q has no level %d over the values of the population", policy.ErrPolicy, q.Name,
				level)
		}
		labels := make([]string, len(column.Values))
		for code, v := range column.Values {
			labels[code], _ = q.Hierarchy.Value(level, v)
		}
		for _, code := range column.Codes {
			texts[q.Name] = append(texts[q.Name], labels[code])
		}
	}
	for _, id := range personsOf(table) {
		persons = append(persons, int64(id))
	}
	return persons, texts, nil
}

// Named are the files that a policy names, which RaisePopulation reads; none where it cannot be
// read itself.
func Named(policyFile string) []string {
	_, p, err := ReadPolicy(policyFile)
	if err != nil || p.Population == nil {
		return nil
	}
	files := []string{beside(policyFile, p.Population.File)}
	for _, q := range p.QuasiIdentifiers {
		if q.Hierarchy.File != "" {
			files = append(files, beside(policyFile, q.Hierarchy.File))
		}
	}
	return files
}
