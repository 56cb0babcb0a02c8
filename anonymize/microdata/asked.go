package microdata

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/policy"
)

// Asked is the policy that a released table was made with, for who recounts the table.
type Asked struct {
	// Promise, Units beside the person, Columns that leave and Notes are what the manifest has to say.
	Promise               *edition.Anonymity
	Units, Columns, Notes []string

	policy     *policy.Policy
	file       string
	population *Input // nil where the policy names none
	manifest   *edition.Manifest
}

// ErrOtherPolicy says that a table was not made with a policy.
var ErrOtherPolicy = errors.New("the table was not made with this policy")

// ReadAsked reads the policy of a table by the manifest that names it, and the population that the policy names.
func ReadAsked(policyFile string, m *edition.Manifest) (*Asked, error) {
	text, p, err := ReadPolicy(policyFile)
	if err != nil {
		return nil, err
	}
	if config := sha256.Sum256(text); hex.EncodeToString(config[:]) != m.ConfigHash {
		return nil, ErrOtherPolicy
	}
	a := &Asked{Promise: p.Promise(), Units: p.Units, Columns: p.Columns(),
		Notes: p.Notes(len(m.Anonymity.Transformation) > 0), policy: p, file: policyFile, manifest: m}
	if p.Population != nil {
		if a.population, err = ReadPopulation(p, policyFile); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// Stands reports whether the values of a quasi-identifier may all stand at a level of its hierarchy; known is false
// where nothing tells. A hierarchy that is written out tells yes or no; one that is made of values, and is made here of
// those of the population, tells yes alone.
func (a *Asked) Stands(name string, values []string, level int) (stands, known bool) {
	i := slices.IndexFunc(a.policy.QuasiIdentifiers, func(q policy.QuasiIdentifier) bool { return q.Name == name })
	if i < 0 {
		return false, false
	}
	q := a.policy.QuasiIdentifiers[i]
	h, err := q.Over(values, nil, Beside(a.file))
	whole := err == nil
	if !whole && a.population != nil {
		others, _ := a.population.Column(name).Used()
		h, err = q.Over(values, others, Beside(a.file))
	}
	if err != nil {
		return false, false
	}
	here := map[string]bool{}
	if level >= 0 && level <= h.MaxLevel() {
		for _, v := range h.Values() {
			up, _ := h.Value(level, v)
			here[up] = true
		}
	}
	stands = !slices.ContainsFunc(values, func(v string) bool { return !here[v] })
	return stands, stands || whole
}

// Population brings the population that the policy names to the levels of the table: whose row each is, and the texts
// of each quasi-identifier; nil where it names none.
func (a *Asked) Population() (persons []int64, texts map[string][]string, err error) {
	if a.population == nil {
		return nil, nil, nil
	}
	alone := *a.policy
	alone.Population, alone.Sensitive = nil, nil
	table, bound, err := alone.Bind(a.population.Table, Beside(a.file))
	if err != nil {
		return nil, nil, err
	}
	texts = map[string][]string{}
	for _, q := range bound.QuasiIdentifiers {
		column, level := table.Column(q.Name), a.manifest.Anonymity.Transformation[q.Name]
		if level < 0 || level > q.Hierarchy.MaxLevel() {
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

// Named are the files that a policy names, which ReadAsked reads; none where it cannot be
// read itself.
func Named(policyFile string) []string {
	_, p, err := ReadPolicy(policyFile)
	if err != nil {
		return nil
	}
	var files []string
	if p.Population != nil {
		files = append(files, beside(policyFile, p.Population.File))
	}
	for _, q := range p.QuasiIdentifiers {
		if q.Hierarchy.File != "" {
			files = append(files, beside(policyFile, q.Hierarchy.File))
		}
	}
	return files
}
