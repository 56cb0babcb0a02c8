package disclosure

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"

	"github.com/entscope/entscope/anonymize/policy/keyline"
)

//go:embed publication.toml
var defaultPolicy []byte

// DefaultPolicy is the text of the policy that ships with the house. It is
// written into a study and read from there: nothing falls back on it silently.
func DefaultPolicy() []byte { return bytes.Clone(defaultPolicy) }

// Policy holds the rules of a release. The zero Policy is refused.
type Policy struct {
	Persons      PersonRules       `toml:"persons"`
	Magnitude    MagnitudeRules    `toml:"magnitude"`
	Secondary    SecondaryRules    `toml:"secondary"`
	Rounding     RoundingRules     `toml:"rounding"`
	Schools      SchoolRules       `toml:"schools"`
	Differencing DifferencingRules `toml:"differencing"`
}

// PersonRules are least numbers of distinct persons.
type PersonRules struct {
	// needed, at least 11; of a cell of the report
	Minimum int64 `toml:"minimum"`
	// needed, at least 11; of a cell of a school page
	School int64 `toml:"school"`
	// needed, at least 11; of a cell of a question that could stigmatise
	Stigmatising int64 `toml:"stigmatising"`
	// needed, at least 3; of a numerator and of its complement
	Part int64 `toml:"part"`
}

// MagnitudeRules protect totals and means from their largest contributors.
type MagnitudeRules struct {
	// needed, at least 3; schools behind a magnitude
	Units int64 `toml:"units"`
	// needed, at most 85; most share of the largest contributor, person or school
	DominancePercent float64 `toml:"dominance_percent"`
	// needed, at least 10; how far the others protect the largest contributor from the second
	PPercent float64 `toml:"p_percent"`
}

// SecondaryRules say how wide a hidden figure must stay.
type SecondaryRules struct {
	// needed, at least 5; no hidden number may be known within so many
	IntervalCount int64 `toml:"interval_count"`
	// needed, at least 20; nor within such a share of it
	IntervalPercent float64 `toml:"interval_percent"`
}

// RoundingRules say how much of a figure is shown.
type RoundingRules struct {
	// needed, at least 5; counts are multiples of it
	Base int64 `toml:"base"`
	// needed, 1 or 2; of rates and means
	SignificantDigits int `toml:"significant_digits"`
}

// SchoolRules are those of a school's page.
type SchoolRules struct {
	// needed, at least 3; schools behind « établissements semblables »
	Similar int64 `toml:"similar"`
}

// DifferencingRules keep releases from being subtracted.
type DifferencingRules struct {
	// needed, at least 11; least difference between two published populations
	Minimum int64 `toml:"minimum"`
}

// The weakest rules a policy may set: the thresholds of privacy_rules.json that
// have a source, and what makes the others mean anything.
const (
	floorPersons   = 11
	floorPart      = 3
	floorUnits     = 3
	floorBase      = 5
	ceilDominance  = 85
	floorPPercent  = 10
	floorInterval  = 5
	floorIntervalP = 20
)

// ParsePolicy reads publication.toml: unknown keys, unset thresholds and rules
// weaker than the floors are refused, all faults at once.
func ParsePolicy(data []byte) (Policy, error) {
	var p Policy
	_, filled, err := keyline.Decode(data, &p, nil)
	if err != nil {
		err = fmt.Errorf("disclosure: policy: %w", err)
	}
	if !filled {
		return Policy{}, err
	}
	return p, errors.Join(err, p.Check())
}

// Check refuses what is unset or weaker than the floors.
func (p Policy) Check() error {
	var faults []error
	atLeast := func(name string, value, floor float64) {
		switch {
		case value == 0:
			faults = append(faults, fmt.Errorf("disclosure: policy: %s is not set", name))
		case !(value >= floor):
			faults = append(faults, fmt.Errorf("disclosure: policy: %s is %v, weaker than %v", name, value, floor))
		}
	}
	atLeast("persons.minimum", float64(p.Persons.Minimum), floorPersons)
	atLeast("persons.school", float64(p.Persons.School), floorPersons)
	atLeast("persons.stigmatising", float64(p.Persons.Stigmatising), floorPersons)
	atLeast("persons.part", float64(p.Persons.Part), floorPart)
	atLeast("magnitude.units", float64(p.Magnitude.Units), floorUnits)
	atLeast("magnitude.p_percent", p.Magnitude.PPercent, floorPPercent)
	atLeast("magnitude.dominance_percent", p.Magnitude.DominancePercent, 1)
	if p.Magnitude.DominancePercent > ceilDominance {
		faults = append(faults, fmt.Errorf("disclosure: policy: magnitude.dominance_percent is %v, weaker than %d",
			p.Magnitude.DominancePercent, ceilDominance))
	}
	atLeast("secondary.interval_count", float64(p.Secondary.IntervalCount), floorInterval)
	atLeast("secondary.interval_percent", p.Secondary.IntervalPercent, floorIntervalP)
	atLeast("rounding.base", float64(p.Rounding.Base), floorBase)
	atLeast("rounding.significant_digits", float64(p.Rounding.SignificantDigits), 1)
	if p.Rounding.SignificantDigits > 2 {
		faults = append(faults, fmt.Errorf("disclosure: policy: rounding.significant_digits is %d, weaker than 2",
			p.Rounding.SignificantDigits))
	}
	atLeast("schools.similar", float64(p.Schools.Similar), floorUnits)
	atLeast("differencing.minimum", float64(p.Differencing.Minimum), floorPersons)
	if p.Persons.Part > p.Persons.Minimum || p.Persons.Part*2 > p.Persons.School {
		faults = append(faults, errors.New("disclosure: policy: persons.part leaves nothing to publish"))
	}
	return errors.Join(faults...)
}
