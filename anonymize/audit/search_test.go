package audit

import (
	"math"
	"testing"
)

// A hidden level follows from the levels of IPS bands that are published, and the other way
// round.
func TestCrossesGiveTheirMargins(t *testing.T) {
	r := fine(t)
	shown := func(grouping, group string, x, n int64) released {
		e := float64(x) / float64(n)
		return released{of: figure{"L2.never", "all_accounts", grouping, group}, known: true,
			r: result{Indicator: "L2", Measure: "never", Population: "all_accounts",
				Group: map[string]string{grouping: group}, Estimate: &e, N: n, Status: "published"},
			total: total{persons: n, numerator: x, denominator: n, schools: 3}}
	}
	hidden := func(f released) released {
		f.r.Estimate, f.r.N, f.r.Status, f.r.Warnings = nil, 0, "suppressed", []string{"x [hidden]"}
		return f
	}
	level, one, two := shown("level", "lycee", 200, 1000), shown("stratum", "lycee 1", 50, 500),
		shown("stratum", "lycee 2", 150, 500)
	for name, figures := range map[string][]released{
		"a level": {hidden(level), one, two}, "a cross": {level, hidden(one), two},
	} {
		s := &search{rules: r, told: true, puzzle: newPuzzle(), figures: map[figure]released{},
			solved: map[string]span{}}
		var of figure
		for _, f := range figures {
			s.add(f)
			if f.r.Status == "suppressed" {
				of = f.of
			}
		}
		s.tie()
		found, err := s.interval(of, numeratorOf)
		must(t, err)
		if truth := float64(s.figures[of].total.numerator); found.low > truth || found.high < truth ||
			math.IsInf(found.high, 1) || found.high-found.low > 30 {
			t.Errorf("%s is hidden, and said to be from %v to %v", name, found.low, found.high)
		}
	}
}

// What a published share tells of its numerator holds it, whatever it is a share of: those who are asked have noise of
// their own, and are not the persons that stand beside it.
func TestShareHoldsItsNumerator(t *testing.T) {
	rule := fine(t)
	rule.Rounding.Base = 5
	for _, c := range []struct {
		estimate                    float64
		of, persons, asked, bearers int64
	}{
		{0.28, 180, 180, 193, 54},  // of those asked
		{0.28, 260, 262, 266, 75},  // which no multiples of 5 of 260 give
		{0.30, 180, 180, 360, 54},  // of persons, each in two pairs
		{0.33, 510, 508, 506, 163}, // 165 of 505, as they are rounded
	} {
		f := released{of: figure{"L5.phone_only", "active_accounts", "level", "lycee"}, known: true, heads: true,
			r: result{Indicator: "L5", Measure: "phone_only", Population: "active_accounts",
				Group: map[string]string{"level": "lycee"}, Estimate: &c.estimate, N: c.of, Status: "published"},
			total: total{persons: c.persons, numerator: c.bearers, denominator: c.asked, schools: 6}}
		n, x := rule.told(f)
		if truth := float64(c.bearers); x.low > truth || x.high < truth || x.high-x.low > 12 {
			t.Errorf("%v of %d: %d bearers, said to be from %v to %v", c.estimate, c.of, c.bearers, x.low, x.high)
		}
		if truth := float64(c.persons); n.low > truth || n.high < truth {
			t.Errorf("%v of %d: %d persons, said to be from %v to %v", c.estimate, c.of, c.persons, n.low, n.high)
		}
	}
}

// A whole percent is of those asked, rounded as they are: no farther from the edition than rounding moves it, and no nearer
// than the audit allows.
func TestShareOfThoseAskedIsTheEditions(t *testing.T) {
	rule := fine(t)
	rule.Rounding.Base = 5
	round := func(n int64) float64 { return float64((n + 2) / 5 * 5) }
	for y := int64(5); y < 60; y++ {
		for x := range y + 1 {
			exact, estimate := float64(x)/float64(y), math.Round(100*round(x)/round(y))/100
			r := result{Indicator: "L5", Measure: "phone_only", Estimate: &estimate, N: 2 * y, Status: "published"}
			of := total{persons: 2 * y, numerator: x, denominator: y, schools: 1}
			if allowed := rule.allowance(r, of, exact); math.Abs(exact-estimate) > allowed {
				t.Errorf("%d of %d: %v, %v allowed", x, y, estimate, allowed)
			}
			if far := rule.roundsBy(float64(x), float64(y)); y >= 20 && far > 5/(float64(y)-2) {
				t.Errorf("%d of %d: %v is allowed", x, y, far)
			}
		}
	}
}

// A share by a model is no quotient of rounded counts, and what it tells of its numerator no multiple of the base.
func TestModelledShareIsNoQuotient(t *testing.T) {
	rule := fine(t)
	rule.Rounding.Base = 5
	estimate := 0.71
	f := released{known: true, modelled: true, r: result{Indicator: "D3", Measure: "first_login_8w", Estimate: &estimate,
		N: 205, Status: "published"}, total: total{persons: 204, numerator: 170, denominator: 240, schools: 6}}
	_, x := rule.known(f.r, rule.whole(f), f.modelled)
	if want := (span{0.705 * 237.5, 0.715 * 242.5}); math.Abs(x.low-want.low) > 1e-9 || math.Abs(x.high-want.high) > 1e-9 {
		t.Errorf("said to be from %v to %v, want %v to %v", x.low, x.high, want.low, want.high)
	}
}

// A rate below 1 is rounded by its interval, as one above: three numbers of whole tenths may be so by chance, and the rule
// says that they are tenths.
func TestRateBelowOneIsNoShare(t *testing.T) {
	rule := fine(t)
	rule.noisy = true
	estimate, low, high := 0.1, 0.0, 1.1
	f := released{known: true, rate: true, r: result{Indicator: "C6", Measure: "views_per_item_ratio", Estimate: &estimate,
		Low: &low, High: &high, Level: 0.95, N: 695, Status: "published"},
		total: total{persons: 693, numerator: 380, denominator: 3343, schools: 30}}
	_, x := rule.told(f)
	if want := (span{0.05 * 3343, 0.15 * 3343}); math.Abs(x.low-want.low) > 1e-9 || math.Abs(x.high-want.high) > 1e-9 {
		t.Errorf("told to be from %v to %v, want %v to %v", x.low, x.high, want.low, want.high)
	}
}

// A period may be called P1, as schools call it; a question of that name stays off their pages.
func TestTermIsNoQuestion(t *testing.T) {
	for _, c := range []struct {
		text, term string
		off        bool
	}{
		{"Les familles et l’ENT, 2025-P1", "2025-P1", false}, {"2025-P1 : P1", "2025-P1", true},
		{"2025-P1", "2025-T1", true}, {"très fréquemment", "", true}, {"à la rentrée", "", false},
	} {
		if got := offSchoolPage(c.text, c.term); got != c.off {
			t.Errorf("%q in %q: %v", c.text, c.term, got)
		}
	}
}
