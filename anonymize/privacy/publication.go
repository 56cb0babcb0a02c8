package privacy

import "math"

// Limit is one number that a publication policy must set, and the weakest that it may
// be: both ends included.
type Limit struct {
	// Key is its place in publication.toml, such as "persons.minimum".
	Key         string
	Least, Most float64
}

// PublicationLimits are the numbers of a publication policy and their weakest values.
// A policy is refused by them when it is read, and the audit refuses by them a release
// that was protected under a weaker one. Sources: INSEE, Manuel de protection des
// tableaux (11 persons, 3 units, 85 %, 10 %, ± 20 %); the others are recommendations.
var PublicationLimits = []Limit{
	{"persons.minimum", 11, math.Inf(1)},
	{"persons.school", 20, math.Inf(1)},
	{"persons.stigmatising", 50, math.Inf(1)},
	{"persons.part", 5, math.Inf(1)},
	{"magnitude.units", 3, math.Inf(1)},
	{"magnitude.dominance_percent", 1, 85},
	{"magnitude.p_percent", 10, math.Inf(1)},
	{"secondary.interval_count", 5, math.Inf(1)},
	{"secondary.interval_percent", 20, math.Inf(1)},
	{"rounding.base", 5, math.Inf(1)},
	{"rounding.significant_digits", 1, 2},
	{"rounding.step_persons", 10, math.Inf(1)},
	{"rounding.noisy_digits", 1, 3},
	{"schools.similar", 3, math.Inf(1)},
}
