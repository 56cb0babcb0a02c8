package indicator

import (
	"math"
	"os"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/question"
)

// figure is one line of the coverage table: a measure of the catalogue and how it
// is drawn.
type figure struct {
	id, measure string
	plan        plan
	group       string // the value of the one group that is read of a table
	schools     int    // regionSchools when 0
	over        string // why it covers more, or may cover more than 99.5 %
	costly      bool   // drawn a tenth as often
}

const regionSchools = 60

// followedOf draws the curve of a measure.
func followedOf(t *testing.T, id, name string, share float64) plan {
	t.Helper()
	ind, err := question.Lookup(id)
	m, ok := ind.Measure(name)
	if err != nil || !ok {
		t.Fatalf("no measure %s %s", id, name)
	}
	return followed(m, share)
}

// figures has a line for every indicator that has an interval, and for every kind
// of estimator that gives one.
func figures(t *testing.T) []figure {
	curve := func(id, name string) figure { return figure{id: id, measure: name, plan: followedOf(t, id, name, 1)} }
	binned := func(id, name string) figure {
		f := curve(id, name)
		f.over = "known to a bin of the life table: bounds"
		return f
	}
	return []figure{
		{id: "D1", measure: "observed", plan: registered(0.6)},
		{id: "D2", measure: "never_by_class", plan: heads(first, 0.2)},
		{id: "D2", measure: "seniority_visits_ratio", plan: ladder("seniority", false, 0.8, 1.2, reversed(over))},
		{id: "D2", measure: "products_never_gap", plan: ladder("products", true, 0.3, 0.2, reversed(minus))},
		{id: "D3", measure: "connected", plan: heads(first, 0.8)},
		curve("D3", "first_login_8w"),
		curve("D3", "weeks_median"),
		{id: "L1", measure: "visits_per_week", plan: rate(1.2)},
		{id: "L1", measure: "visits_per_week", plan: rate(1.2), schools: 12},
		{id: "L1", measure: "weekly", plan: happenings(first, 0.55)},
		{id: "L1", measure: "visits_median", plan: quantiles(0.5, 12), over: "known to a bin of the histogram: bounds"},
		{id: "L1", measure: "class_3-weekly", plan: classed(0.25)},
		{id: "L1", measure: "count_ratio",
			group: "lycee", plan: strataOf(math.Exp(levelEffects[0]), negativeBinomial), costly: true},
		{id: "L1", measure: "count_ratio",
			group: "lycee", plan: strataOf(math.Exp(levelEffects[0]), negativeBinomial), schools: 30, costly: true},
		{id: "L1", measure: "hurdle_count_ratio",
			group: "college", plan: strataOf(math.Exp(levelEffects[1]), hurdled), costly: true},
		{id: "L1", measure: "hurdle_odds_ratio", group: "1", plan: strataOf(math.Exp(bandEffects[0]), hurdled),
			costly: true},
		{id: "L1", measure: "dispersion", plan: strataOf(1, negativeBinomial), costly: true},
		{id: "L2", measure: "never", plan: heads(first, 0.15)},
		{id: "L2", measure: "never", plan: heads(first, 0.15), schools: 12},
		{id: "L2", measure: "never_bounds", plan: ownAccount(0.2, 0.02), over: "bounds: each side at 97.5 %"},
		{id: "L2", measure: "logit_odds_ratio",
			group: "1", plan: strataOf(math.Exp(bandEffects[0]), neverWith), costly: true},
		{id: "L3", measure: "burstiness", plan: hundredths(0.12, -1)},
		{id: "L4", measure: "wednesday", plan: happenings(first, 0.14)},
		{id: "L5", measure: "phone", plan: happenings(first, 0.7)},
		{id: "L6", measure: "weekly_visits",
			group: "2020-03-02", plan: broken(weekOf(weeksAround-2), 1, 1, 1, 0), costly: true},
		{id: "L6", measure: "event_level_ratio",
			plan: broken(1.8, 1.8, 0.99, 0.7, shockOfWeek), group: lockdown.name, schools: 15, costly: true},
		{id: "L6", measure: "event_slope_ratio",
			plan: broken(0.99, 1.8, 0.99, 0.7, shockOfWeek), group: lockdown.name, schools: 15, costly: true},
		{id: "L6", measure: "end_level_ratio",
			plan: broken(0.7, 1.8, 0.99, 0.7, shockOfWeek), group: lockdown.name, schools: 15, costly: true},
		{id: "N1", measure: "views_per_day", plan: rate(0.3)},
		{id: "N2", measure: "two_a_day", plan: happenings(first, 0.3)},
		{id: "N3", measure: "empty", plan: happenings(first, 0.75)},
		curve("N4", "seen_24h"),
		binned("N4", "hours_median"),
		{id: "N5", measure: "very_frequent", plan: heads(first, 0.04)},
		{id: "N6", measure: "parent_first", plan: happenings(first, 0.4)},
		{id: "N6", measure: "parent_first_24h", plan: followedOf(t, "N6", "parent_first_24h", 0.4)},
		{id: "N6", measure: "parent_first_bounds", plan: between(0.3, 0.4, 0.4)},
		binned("N7", "days_median"),
		{id: "N8", measure: "deferred_ratio", plan: arms(0.6, 0.3, true, itself)},
		{id: "N8", measure: "deferred_gap",
			plan: arms(0.6, 0.3, true, func(effect float64) float64 { return 0.3 * (effect - 1) })},
		{id: "N9", measure: "wed_17-19", plan: happenings(first, 0.03)},
		{id: "P1", measure: "child_account", plan: between(0.05, 0.15, 0.05)},
		{id: "P2", measure: "by_pupil", plan: happenings(first, 0.2)},
		{id: "P3", measure: "two", plan: heads(first, 0.5)},
		{id: "A1", measure: "accompanied", plan: heads(first, 0.1)},
		{id: "A2", measure: "rate_ratio", plan: accompanied(1.6, 1.6)},
		{id: "A2", measure: "naive_rate_ratio",
			plan: rates(0.8, 1, false, func(_ string, j int) float64 { return [...]float64{0.8, 1}[j] })},
		{id: "A2", measure: "first_visit_gap", plan: heads(difference, 0.35, 0.2)},
		{id: "A2", measure: "week_ratio", group: "+1", plan: accompanied(1.6, 1.6)},
		{id: "A2", measure: "placebo_ratio", plan: accompanied(1, 1.6)},
		{id: "A3", measure: "visits_1_per_week", plan: rate(0.7)},
		{id: "A3", measure: "pairwise_ratio", group: "1 / 2", plan: forms(1.6, 1.2, 1.1, 1)},
		{id: "A4", measure: "collective_first", plan: heads(first, 0.6)},
		{id: "A5", measure: "days_difference", plan: arms(0.8, 1, true, func(effect float64) float64 {
			return effect - 1
		})},
		{id: "R1", measure: "ready_D7", plan: happenings(first, 0.5)},
		curve("R1", "curve_D7"),
		{id: "R2", measure: "blocked", plan: heads(first, 0.05)},
		{id: "R3", measure: "no_email", plan: heads(first, 0.12)},
		{id: "R3", measure: "no_email_erreygers", plan: ladder("ips_band", true, 0.18, 0.08, along("erreygers"))},
		{id: "R4", measure: "opened_in_time", plan: happenings(first, 0.7)},
		binned("R4", "hours_median"),
		{id: "M1", measure: "individual_odds_ratio", plan: happenings(oddsRatioOf, 0.6, 0.4)},
		{id: "M2", measure: "subject_night", plan: happenings(first, 0.06)},
		{id: "M3", measure: "answered", plan: happenings(first, 0.65)},
		curve("M3", "answered_10d"),
		{id: "M4", measure: "tools_any_per_person", plan: rate(0.15)},
		{id: "M4", measure: "two_any", plan: tools(0.3)},
		{id: "M5", measure: "grade_odds_ratio",
			plan: grades(0.5, -0.2), over: "the edition hides which grades share a school: worst case"},
		{id: "M6", measure: "messages_all", plan: registered(0.3)},
		{id: "C1", measure: "visits_ratio", plan: twoPeriods(1.3)},
		{id: "C2", measure: "guardian_view_share", plan: happenings(first, 0.25)},
		{id: "C2", measure: "parent_share", plan: services(0.25)},
		{id: "C3", measure: "grades", plan: happenings(first, 0.4)},
		{id: "C4", measure: "opened_gap", plan: heads(difference, 0.5, 0.7)},
		binned("C4", "days_median"),
		{id: "C5", measure: "pupils_visits_per_person", plan: rate(0.8)},
		{id: "C6", measure: "views_per_item_ratio", plan: rate(0.2)},
		{id: "C7", measure: "joined", plan: happenings(first, 0.3)},
		{id: "C8", measure: "attached", plan: happenings(first, 0.45)},
		{id: "C9", measure: "visits", plan: happenings(first, 0.03)},
		{id: "F1", measure: "no_computer", plan: heads(first, 0.1)},
		{id: "F1", measure: "no_computer_bounds", plan: survey(0.8, 0.1, 1)},
		{id: "F1", measure: "no_network_bounds", plan: survey(0.8, 0.1, 0)},
		{id: "F2", measure: "never_ratio", plan: ladder("ips_band", true, 0.22, 0.1, sides(over))},
		{id: "F2", measure: "never_gap", plan: ladder("ips_band", true, 0.22, 0.1, sides(minus))},
		{id: "F2", measure: "never_sii", plan: ladder("ips_band", true, 0.22, 0.1, along("sii"))},
		{id: "F2", measure: "never_rii", plan: ladder("ips_band", true, 0.22, 0.1, along("rii"))},
		{id: "F2", measure: "never_erreygers", plan: ladder("ips_band", true, 0.22, 0.1, along("erreygers"))},
		{id: "F2", measure: "visits_ratio", plan: ladder("ips_band", false, 0.9, 1.5, sides(over))},
		{id: "F2", measure: "visits_concentration", plan: ladder("ips_band", false, 0.9, 1.5, along("concentration"))},
		{id: "F3", measure: "on_time_weekly", plan: happenings(first, 0.8)},
		{id: "F3", measure: "weekly_odds_ratio", plan: happenings(oddsRatioOf, 0.8, 0.5)},
		{id: "F4", measure: "loan_ratio", plan: arms(1.3, 1, false, itself)},
		{id: "F5", measure: "gini",
			plan: wholeRegion(giniOf, 12), over: "half width times 1.2, for regions of more skewed schools"},
		{id: "F5", measure: "top_tenth_share",
			plan: wholeRegion(topOf(0.1), 12), over: "half width times 1.2, for regions of more skewed schools"},
		{id: "F5", measure: "top_50_share",
			plan: wholeRegion(topOf(0.5), 12), over: "half width times 1.2, for regions of more skewed schools"},
		{id: "F6", measure: "far", plan: heads(first, 0.25)},
	}
}

// pointOnly are the indicators and the estimators without an interval, and why.
var pointOnly = map[string]string{
	"Q1": "counts feeds, not persons", "Q2": "read from the manifest",
	"feeds": "counts feeds", "manifest": "read from the manifest",
	"theil": "clusters of unequal size give it no sampling law", "icc": "as theil", "correlation": "as theil",
	"slopes": "as logit", "adjusted_odds": "as logit", "decomposition": "parts of a gap that has a line",
	"concentration_curve": "points of a curve whose index has a line",
	"two_classes":         "another look at a threshold",
	"imbalance":           "describes the arms that were compared", "leads": "a test; TestLeadsSaySo",
	"relative_magnitudes": "a union of intervals; TestCameApart", "matched_effect": "as ratio_of_ratios",
	"e_value": "a bound by construction; its lower limit is that of its ratio",
}

// Every indicator and every estimator of the catalogue has a line in the coverage
// table, or is said to have no interval; COVERAGE.md has every line.
func TestCoverageIsWhole(t *testing.T) {
	page, err := os.ReadFile(coverageFile)
	if err != nil {
		t.Fatal(err)
	}
	drawn, kinds := map[string]bool{}, map[string]bool{}
	for _, f := range figures(t) {
		if !strings.Contains(string(page), "\n| "+f.id+" "+f.measure) {
			t.Errorf("%s is not in %s: rebuild it", f.name(), coverageFile)
		}
		m := f.measured(t)
		drawn[f.id], kinds[kindOf(m)] = true, true
	}
	list := question.All()
	for _, ind := range list {
		if !drawn[ind.ID] && pointOnly[ind.ID] == "" {
			t.Errorf("%s has no line", ind.ID)
		}
		for _, m := range ind.Measures {
			if kind := kindOf(m); !kinds[kind] && pointOnly[m.Estimator] == "" {
				t.Errorf("%s %s: no line of %s", ind.ID, m.Name, kind)
			}
		}
	}
}

// kindOf names how a measure is computed.
func kindOf(m question.Measure) string {
	switch {
	case m.Estimator != "":
		return strings.TrimSpace(m.Estimator + " " + m.Form)
	case m.Column != "":
		return "person table"
	}
	return string(m.Kind)
}
