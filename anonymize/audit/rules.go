package audit

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/privacy"
)

// rulesFile is the policy under which a publication was protected: it carries it.
const rulesFile = "publication.toml"

// rules are what a publication says it was protected under, as data: thresholds in
// distinct persons, the roundings, and how wide a hidden figure must stay. The audit
// reads them in the publication, refuses them below privacy.PublicationLimits, and has
// arithmetic of its own for what they mean.
type rules struct {
	Persons struct {
		Minimum      int64 `toml:"minimum"`
		School       int64 `toml:"school"`
		Stigmatising int64 `toml:"stigmatising"`
		Part         int64 `toml:"part"`
	} `toml:"persons"`
	Magnitude struct {
		Units     int64   `toml:"units"`
		Dominance float64 `toml:"dominance_percent"`
		PPercent  float64 `toml:"p_percent"`
	} `toml:"magnitude"`
	Secondary struct {
		Count   int64   `toml:"interval_count"`
		Percent float64 `toml:"interval_percent"`
	} `toml:"secondary"`
	Rounding struct {
		Base   int64 `toml:"base"`
		Digits int64 `toml:"significant_digits"`
		// of figures with an interval, from noisy cells
		StepPersons int64 `toml:"step_persons"`
		NoisyDigits int64 `toml:"noisy_digits"`
	} `toml:"rounding"`
	Schools struct {
		Similar int64 `toml:"similar"`
	} `toml:"schools"`
	// noisy says that the cells of the edition are: its manifest's word.
	noisy bool
}

// readRules reads publication.toml and names every rule that is missing, unknown or
// weaker than its limit. The rules it gives are never weaker than the limits.
func readRules(text []byte) (r rules, faults []string) {
	d := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		faults = append(faults, rulesFile+" illisible, absent ou avec une règle inconnue")
		r = rules{}
	}
	var values map[string]map[string]any
	_ = toml.Unmarshal(text, &values) // said above
	for _, limit := range privacy.PublicationLimits {
		table, key, _ := strings.Cut(limit.Key, ".")
		x, ok := number(values[table][key])
		if !ok || !(x >= limit.Least) || x > limit.Most {
			faults = append(faults, fmt.Sprintf("%s (au moins aussi strict que %s)", limit.Key, comma(weakest(limit),
				0)))
		}
	}
	r.raise()
	return r, faults
}

func number(x any) (float64, bool) {
	switch x := x.(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, true
	}
	return 0, false
}

// weakest is the value that a policy may just have.
func weakest(l privacy.Limit) float64 {
	if math.IsInf(l.Most, 1) {
		return l.Least
	}
	return l.Most
}

// raise sets what is weaker than its limit to it, so that checks after a fault of the
// rules still hold something.
func (r *rules) raise() {
	limit := map[string]privacy.Limit{}
	for _, l := range privacy.PublicationLimits {
		limit[l.Key] = l
	}
	whole := func(x *int64, key string) {
		*x = int64(math.Min(math.Max(float64(*x), limit[key].Least), math.Max(limit[key].Most, limit[key].Least)))
	}
	whole(&r.Persons.Minimum, "persons.minimum")
	whole(&r.Persons.School, "persons.school")
	whole(&r.Persons.Stigmatising, "persons.stigmatising")
	whole(&r.Persons.Part, "persons.part")
	whole(&r.Secondary.Count, "secondary.interval_count")
	whole(&r.Rounding.Base, "rounding.base")
	whole(&r.Rounding.Digits, "rounding.significant_digits")
	whole(&r.Rounding.StepPersons, "rounding.step_persons")
	whole(&r.Rounding.NoisyDigits, "rounding.noisy_digits")
	whole(&r.Schools.Similar, "schools.similar")
	r.Secondary.Percent = math.Max(r.Secondary.Percent, limit["secondary.interval_percent"].Least)
}

// floor is the least number of distinct persons behind a figure: no figure of a page or of
// a sensitive question has fewer than one of the report.
func (r rules) floor(of result) int64 {
	switch {
	case of.Indicator == "N5":
		return max(r.Persons.Stigmatising, r.Persons.Minimum)
	case of.Edition == "schools":
		return r.school()
	}
	return r.Persons.Minimum
}

// school is the floor of a school's page.
func (r rules) school() int64 { return max(r.Persons.School, r.Persons.Minimum) }

// half is how far a count of the base may lie from the count it stands for.
func (r rules) half() int64 { return r.Rounding.Base / 2 }

// around is how far from a hidden count v it must remain possible to lie.
func (r rules) around(v float64) float64 {
	return math.Max(float64(r.Secondary.Count), r.Secondary.Percent/100*v)
}

// unit is the step of the last significant digit of x, a hundredth at the finest.
func (r rules) unit(x float64) float64 {
	size := math.Abs(x)
	if size == 0 {
		return 0.01
	}
	return math.Max(0.01, math.Pow(10, math.Floor(math.Log10(size)+1e-12)-float64(r.Rounding.Digits)+1))
}

// rounded reports whether a number is a whole percent of a share (a fraction of 1), or
// has the significant digits of the rules at most. The edges of the fixed bins are
// public: a quantile is said to lie from one to the last count before another.
func (r rules) rounded(x float64) bool {
	if onEdge(x) {
		return true
	}
	step := r.unit(x)
	if math.Abs(x) <= 1 {
		step = 0.01
	}
	return math.Abs(x/step-math.Round(x/step)) < 1e-6
}

// shareSteps are the steps that a share of noisy cells may have; it has the first that
// stands for as many persons as the rules ask.
var shareSteps = []float64{0.001, 0.002, 0.005, 0.01}

// shareStep is the finest step of a share of so many persons.
func (r rules) shareStep(persons int64) float64 {
	for _, step := range shareSteps {
		if step*float64(persons) >= float64(r.Rounding.StepPersons) {
			return step
		}
	}
	return shareSteps[len(shareSteps)-1]
}

// follows reports whether the step of a figure may follow its interval: it has one, and its
// cells are noisy.
func (r rules) follows(of result) bool { return r.noisy && of.Level > 0 }

// fine reports whether a number of a figure is as coarse as the rules ask.
func (r rules) fine(of result, x float64) bool {
	if onCurve(of, x) {
		return true
	}
	if !r.follows(of) || onEdge(x) {
		return r.rounded(x)
	}
	step := shareSteps[0]
	if kindOf(of) == shareOfPersons {
		step = r.shareStep(of.N + r.half())
	} else if x != 0 {
		step = math.Max(step, math.Pow(10, math.Floor(math.Log10(math.Abs(x))+1e-12)-float64(r.Rounding.NoisyDigits)+1))
	}
	return math.Abs(x/step-math.Round(x/step)) < 1e-6
}

// stepOf is the step that a share of persons was published with, as an outsider can tell:
// a whole percent unless a number of it is finer.
func (r rules) stepOf(of result) float64 {
	if r.follows(of) {
		for _, x := range []*float64{of.Estimate, of.Low, of.High} {
			if x != nil && math.Abs(*x*100-math.Round(*x*100)) > 1e-6 {
				return r.shareStep(of.N + r.half())
			}
		}
	}
	return 0.01
}
