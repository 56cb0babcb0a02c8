package report

import (
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/plan"
	"github.com/entscope/entscope/analysis/wording"
)

// What a reader is told of a family of tests is what the plan and its order allow.
func TestFamilySaysWhatWasPlanned(t *testing.T) {
	listed := func(o plan.Order) *plan.Standing {
		return &plan.Standing{Order: o, Plan: &plan.Plan{Families: []plan.Family{{Name: "A", Primary: true},
			{Name: "B"}}}}
	}
	for name, test := range map[string]struct {
		plan    *plan.Standing
		family  string
		primary bool
		want    string
	}{
		"no plan, primary":  {nil, "A", true, "catalogue d’entscope\u00a0; l’étude n’a déposé aucun plan"},
		"no plan":           {nil, "B", false, "3 comparaisons exploratoires\u00a0;"},
		"before, primary":   {listed(plan.Before), "A", true, "déclarées principales dans le plan, avant l’édition"},
		"before":            {listed(plan.Before), "B", false, "exploratoires, prévues au plan avant l’édition"},
		"after, primary":    {listed(plan.After), "A", true, "dans un plan écrit après l’édition"},
		"after":             {listed(plan.After), "B", false, "exploratoires, dans un plan écrit après l’édition"},
		"before, not in it": {listed(plan.Before), "C", false, "exploratoires, hors du plan d’analyse"},
		"after, not in it":  {listed(plan.After), "C", false, "exploratoires, hors du plan d’analyse"},
	} {
		d := &drawer{lang: wording.FR, plan: test.plan}
		got := d.family(indicator.Comparison{Family: test.family, Primary: test.primary, Tests: 3})
		if !strings.Contains(got, test.want) {
			t.Errorf("%s: %q lacks %q", name, got, test.want)
		}
		if before := strings.Contains(got, "avant l’édition"); before != (test.plan != nil &&
			test.plan.Order == plan.Before && test.family != "C") {
			t.Errorf("%s: %q", name, got)
		}
	}
}
