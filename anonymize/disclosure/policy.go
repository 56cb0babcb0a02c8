package disclosure

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/policy/keyline"
	"github.com/entscope/entscope/anonymize/privacy"
)

//go:embed publication.toml
var defaultPolicy []byte

// DefaultPolicy is the text of the policy that ships with the house. It is
// written into a study and read from there: nothing falls back on it silently.
func DefaultPolicy() []byte { return bytes.Clone(defaultPolicy) }

// Policy holds the rules of a release. The zero Policy is refused.
type Policy struct {
	// needed; least numbers of distinct persons
	Persons PersonRules `toml:"persons"`
	// needed; totals and means
	Magnitude MagnitudeRules `toml:"magnitude"`
	// needed; how wide a hidden figure must stay
	Secondary SecondaryRules `toml:"secondary"`
	// needed; how much of a figure is shown
	Rounding RoundingRules `toml:"rounding"`
	// needed; a school's page
	Schools SchoolRules `toml:"schools"`
}

// PersonRules are least numbers of distinct persons.
type PersonRules struct {
	// needed, at least 11; of a cell of the report
	Minimum int64 `toml:"minimum"`
	// needed, at least 20; of a cell of a school page
	School int64 `toml:"school"`
	// needed, at least 50; of a cell of a question that could stigmatise
	Stigmatising int64 `toml:"stigmatising"`
	// needed, at least 5; of a numerator and of its complement
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
	// needed, at least 10; persons that the step of a share of noisy cells stands for
	StepPersons int64 `toml:"step_persons"`
	// needed, 1 to 3; significant digits of other figures of noisy cells
	NoisyDigits int `toml:"noisy_digits"`
}

// SchoolRules are those of a school's page.
type SchoolRules struct {
	// needed, at least 3; schools behind « établissements semblables »
	Similar int64 `toml:"similar"`
}

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

// Text is the policy as a publication carries it: the same text for the same rules,
// whatever the study's own file says beside them.
func (p Policy) Text() ([]byte, error) {
	text, err := toml.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("disclosure: policy: %w", err)
	}
	return append([]byte(publishedHead), text...), nil
}

const publishedHead = "# The rules under which this publication was protected. Thresholds count distinct persons.\n\n"

// Check refuses what is unset or weaker than privacy.PublicationLimits.
func (p Policy) Check() error {
	var faults []error
	values := p.values()
	for _, limit := range privacy.PublicationLimits {
		switch value := values[limit.Key]; {
		case value == 0:
			faults = append(faults, fmt.Errorf("disclosure: policy: %s is not set", limit.Key))
		case !(value >= limit.Least):
			faults = append(faults,
				fmt.Errorf("disclosure: policy: %s is %v, weaker than %v", limit.Key, value, limit.Least))
		case value > limit.Most:
			faults = append(faults,
				fmt.Errorf("disclosure: policy: %s is %v, weaker than %v", limit.Key, value, limit.Most))
		}
	}
	if p.Persons.Part > p.Persons.Minimum || p.Persons.Part*2 > p.Persons.School {
		faults = append(faults, errors.New("disclosure: policy: persons.part leaves nothing to publish"))
	}
	return errors.Join(faults...)
}

// values are the numbers of the policy by their keys.
func (p Policy) values() map[string]float64 {
	return map[string]float64{
		"persons.minimum": float64(p.Persons.Minimum), "persons.school": float64(p.Persons.School),
		"persons.stigmatising": float64(p.Persons.Stigmatising), "persons.part": float64(p.Persons.Part),
		"magnitude.units": float64(p.Magnitude.Units), "magnitude.dominance_percent": p.Magnitude.DominancePercent,
		"magnitude.p_percent":        p.Magnitude.PPercent,
		"secondary.interval_count":   float64(p.Secondary.IntervalCount),
		"secondary.interval_percent": p.Secondary.IntervalPercent, "rounding.base": float64(p.Rounding.Base),
		"rounding.significant_digits": float64(p.Rounding.SignificantDigits),
		"rounding.step_persons":       float64(p.Rounding.StepPersons),
		"rounding.noisy_digits":       float64(p.Rounding.NoisyDigits),
		"schools.similar":             float64(p.Schools.Similar),
	}
}
