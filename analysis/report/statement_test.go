package report

import (
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
)

// A headline has the unit of its kind of measure, and what is read back from results.json
// says how long was looked.
func TestHeadlines(t *testing.T) {
	number := func(x float64) *float64 { return &x }
	window := indicator.Warning{}
	if err := window.UnmarshalText([]byte("Sur 14 semaines de classe. [window]")); err != nil {
		t.Fatal(err)
	}
	of := func(id, measure, population string, estimate *float64, low, high float64) indicator.Result {
		return indicator.Result{Indicator: id, Edition: "research", Measure: measure, Population: population,
			Estimate: estimate, Low: &low, High: &high, Level: 0.95, Status: indicator.Published}
	}
	bounds := of("L2", "never_bounds", "all_accounts", nil, 0.17, 0.43)
	bounds.Target, bounds.Warnings = "bounds", []indicator.Warning{window}
	in := Input{Facts: Facts{Subject: "parent"}, Results: []indicator.Result{bounds,
		of("F2", "never_gap", "all_accounts", number(0.19), 0.158, 0.221),
		of("L1", "visits_per_week", "all_accounts", number(1.34), 1.24, 1.45),
		of("A1", "accompanied", "all_accounts", number(0.118), 0.112, 0.124)}}
	for lang, want := range map[string][]string{
		"en": {"between 17 and 43% of parents never came in 14 weeks,", "19 points between the share never connected",
			"15.8 to 22.1 points", "1.34 visits a school week", "11.8% of parents were accompanied"},
		"fr": {"entre 17 et 43\u00a0% des parents ne sont jamais venus en 14 semaines,", "19\u00a0points d’écart",
			"15,8 à 22,1\u00a0points"},
	} {
		in.Lang = lang
		lines, err := Headlines(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(strings.Join(lines, "\n"), w) {
				t.Errorf("%s: no %q in %q", lang, w, lines)
			}
		}
	}
	in.Lang, in.Results[0] = "en", indicator.Result{Indicator: "L2", Edition: "research", Measure: "never_bounds",
		Population: "all_accounts", Status: indicator.NotMeasurable}
	lines, err := Headlines(in)
	if err != nil || !strings.Contains(lines[0], "not measurable: … of parents") {
		t.Errorf("without the child's account: %q, %v", lines, err)
	}
}
