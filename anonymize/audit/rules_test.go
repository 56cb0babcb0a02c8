package audit

import (
	"math"
	"strings"
	"testing"
)

const fineRules = `
[persons]
minimum = 11
school = 20
stigmatising = 50
part = 5

[magnitude]
units = 3
dominance_percent = 85.0
p_percent = 10.0

[secondary]
interval_count = 5
interval_percent = 20.0

[rounding]
base = 5
significant_digits = 2
step_persons = 10
noisy_digits = 3

[schools]
similar = 3
`

// fine are the rules of fineRules.
func fine(t *testing.T) rules {
	t.Helper()
	r, faults := readRules([]byte(fineRules))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return r
}

func TestWeakRules(t *testing.T) {
	for name, change := range map[string][2]string{
		"a floor below its limit": {"school = 20", "school = 19"},
		"a part below its limit":  {"part = 5", "part = 4"},
		"a rule not set":          {"minimum = 11\nschool", "school"},
		"a rule set to 0":         {"units = 3", "units = 0"},
		"an unknown rule":         {"units = 3", "units = 3\nparents = \"Jeanne\""},
		"above its limit":         {"dominance_percent = 85.0", "dominance_percent = 90.0"},
		"not a number":            {"p_percent = 10.0", "p_percent = nan"},
		"three digits":            {"significant_digits = 2", "significant_digits = 3"},
		"no file":                 {fineRules, ""},
	} {
		text := strings.Replace(fineRules, change[0], change[1], 1)
		if _, faults := readRules([]byte(text)); len(faults) == 0 {
			t.Errorf("%s: accepted", name)
		}
		editions, dir := publish(t, func(f map[string]string) { f[rulesFile] = text })
		r := published(t, editions, dir)
		if !fails(r, "publication.rules") {
			t.Errorf("%s: the audit is content", name)
		}
	}
}

// Numbers are rounded as the rules say, whatever they say.
func TestRoundedByTheRules(t *testing.T) {
	for _, c := range []struct {
		digits int64
		x      float64
		want   bool
	}{
		{2, 1.7, true}, {2, 1.74, false}, {2, 0.36, true}, {2, 0.362, false}, {2, 14, true}, {2, 14.5, false},
		{2, 290, true}, {2, 294, false}, {1, 2, true}, {1, 1.7, false}, {1, 0.36, true}, {1, 25, true}, {1, 24, false},
		{1, 30, true}, {2, 221, true}, {2, 222, true},
	} {
		r := fine(t)
		r.Rounding.Digits = c.digits
		if got := r.rounded(c.x); got != c.want {
			t.Errorf("%v to %d digits: %v", c.x, c.digits, got)
		}
	}
}

// A bound of a time read off a life table is an edge of its bin, however many digits it has; no
// other number is excused by that.
func TestEdgesOfCurvesAreRound(t *testing.T) {
	r := fine(t)
	for _, c := range []struct {
		target string
		x      float64
		want   bool
	}{
		{"bounds", 336, true}, {"bounds", 168, true}, {"bounds", 337, false}, {"bounds", 336.5, false},
		{"superpopulation of schools", 336, false}, {"none", 168, false},
	} {
		if got := r.fine(result{Indicator: "N4", Measure: "hours_median", Target: c.target, N: 1000},
			c.x); got != c.want {
			t.Errorf("%v as %s: %v", c.x, c.target, got)
		}
	}
}

// A noisy rate has the step that its interval gives it, and is confronted with the edition
// by that step; one that is finer is not.
func TestAllowanceFollowsTheInterval(t *testing.T) {
	number := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		estimate, low, high float64
		level               float64
		noisy               bool
		want                float64
	}{
		{0.9, 0.4, 1.6, 0.95, true, 0.05}, {9, 4, 17, 0.95, true, 0.5},
		{9, 4, 17, 0.95, false, 0.05}, {9, 4, 17, 0, true, 0.05}, {9.1, 4, 17, 0.95, true, 0.05},
		{9, 8.1, 9.9, 0.95, true, 0.05}, {9, 9, 9, 0.95, true, 0.05},
	} {
		r := fine(t)
		r.noisy = c.noisy
		of := result{Indicator: "L1", Measure: "visits_per_week", N: 1000, Level: c.level,
			Estimate: number(c.estimate), Low: number(c.low), High: number(c.high)}
		if got := r.allowance(of, total{persons: 1000}, c.estimate); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%v in [%v, %v], level %v, noisy %v: %v, want %v", c.estimate, c.low, c.high, c.level, c.noisy,
				got, c.want)
		}
	}
}

// A floor of the report above that of the pages holds on the pages too: who reads there that
// a figure has too few persons knows that it has fewer than that.
func TestFloorOfAPage(t *testing.T) {
	for _, c := range []struct {
		minimum, report, page, sensitive int64
	}{{11, 11, 20, 50}, {30, 30, 30, 50}, {60, 60, 60, 60}} {
		r := fine(t)
		r.Persons.Minimum = c.minimum
		for _, f := range []struct {
			of   result
			want int64
		}{{result{}, c.report}, {result{Edition: "schools"}, c.page}, {result{Indicator: "N5"}, c.sensitive}} {
			if got := r.floor(f.of); got != f.want {
				t.Errorf("minimum %d: %+v has a floor of %d, want %d", c.minimum, f.of, got, f.want)
			}
		}
	}
}
