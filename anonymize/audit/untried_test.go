package audit

import (
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// Of a whole and two levels one is hidden. The report calls it by another name than the edition does its source, or
// reads it on a spread or a life table: whatever the figure is called, it is given away, and no claim holds of what is
// in no programme.
func TestHiddenFiguresAreTriedOrCounted(t *testing.T) {
	of := func(recipe Recipe) Recipe {
		recipe.Question, recipe.Measure = "M4", "by_its_name"
		return recipe
	}
	for name, c := range map[string]struct {
		recipe Recipe
		total  figure // its measure and population in the totals
		apart  bool
	}{
		"of the approved list": {Recipe{Question: "L2", Measure: "never", Kind: "share", Sources: []string{"L2.never"}},
			figure{measure: "L2.never", population: "all_accounts"}, false},
		"of another name": {of(Recipe{Kind: "share", Sources: []string{"A3.reach.2"}}),
			figure{measure: "A3.reach.2", population: "all_accounts"}, false},
		"of a spread": {of(Recipe{Kind: "share", Estimator: "at_least", Sources: []string{"M4.tools.grades"}, At: 2}),
			figure{measure: "M4.tools.grades >= 2", population: "all_accounts"}, false},
		"of a life table": {Recipe{Question: "D3", Measure: "first_login_8w", Kind: "share", Estimator: "life",
			Curve: "D3.first_login", At: 8}, figure{measure: "D3.first_login_8w"}, false},
		"of two cells": {of(Recipe{Kind: "gap", Estimator: "share_gap", Sources: []string{"L2.never", "P1.high"}}),
			figure{measure: "M4.by_its_name", population: "all_accounts"}, true},
		"not of the edition": {of(Recipe{Kind: "share", Sources: []string{"A3.reach.2"}}), figure{}, true},
	} {
		p := &publication{report: newReport(), rules: fine(t), recipes: byMeasure([]Recipe{c.recipe})}
		p.report.Products = []Product{{}}
		totals := totals{}
		for _, f := range []struct {
			group          map[string]string
			share          float64 // 0 is hidden
			x, n, schools  int64
			grouping, name string
		}{
			{nil, 0.25, 24, 100, 6, "all", ""},
			{map[string]string{"level": "college"}, 0.4, 22, 50, 3, "level", "college"},
			{map[string]string{"level": "lycee"}, 0, 2, 50, 3, "level", "lycee"},
		} {
			r := result{Indicator: c.recipe.Question, Measure: c.recipe.Measure, Population: "all_accounts",
				Edition: edition.KindResearch, Group: f.group, N: f.n, Status: "published", Estimate: &f.share}
			if f.share == 0 {
				r.Estimate, r.N, r.Status, r.Warnings = nil, 0, "suppressed", []string{"x [hidden]"}
			}
			p.results = append(p.results, r)
			c.total.grouping, c.total.group = f.grouping, f.name
			totals.add(c.total, total{persons: f.n, numerator: f.x, denominator: f.n, schools: f.schools})
		}
		searches := p.searches(totals, nil, nil, true)
		hidden := p.hiddenOfReport(searches)
		p.judgeHidden("subtraction", subtractionTitle, false, hidden, searches,
			func() []*search { return p.searches(totals, nil, nil, false) })
		results := resultsOf(p)
		if hidden.figures != 1 || (len(hidden.apart) == 1) != c.apart {
			t.Errorf("%s: %d hidden, %d of them in no programme", name, hidden.figures, len(hidden.apart))
		}
		want := map[bool]Result{false: Fails, true: NotVerified}[c.apart]
		if got := results["publication.subtraction"]; got != want {
			t.Errorf("%s: it is said of it: %q", name, got)
		}
		untried := results["publication.subtraction.untried"]
		if list := p.report.Products[0].Untried; c.apart && (untried != NotVerified || len(list) != 1 ||
			list[0].Figures != 1 || list[0].Grouping != "level") || !c.apart && (untried != "" || list != nil) {
			t.Errorf("%s: untried is %q, and the list %v", name, untried, list)
		}
	}
}

// A cross of few schools is told nothing of: it may have fewer persons than the floor, and what its pages tell is no
// secret.
func TestCrossesOfFewSchoolsAreTried(t *testing.T) {
	p := &publication{report: newReport(), rules: fine(t)}
	p.report.Products = []Product{{}}
	few := figure{"L2.never", "all_accounts", "stratum", "lycee 1"}
	totals := totals{few: {persons: 8, numerator: 3, denominator: 8, schools: 1}}
	p.results = []result{{Indicator: "L2", Measure: "never", Population: "all_accounts", Edition: edition.KindResearch,
		Group: map[string]string{"stratum": "lycee 1"}, Status: "suppressed", Warnings: []string{"x [too_few_schools]"}}}
	searches := p.searches(totals, nil, nil, true)
	if len(searches) != 1 {
		t.Fatalf("%d programmes", len(searches))
	}
	f := searches[0].figures[few]
	if got := searches[0].puzzle.of(searches[0].puzzle.index[few.number(personsOf)]); got.low != 0 {
		t.Errorf("whoever hears of few schools knows of %v persons", got)
	}
	if _, secret := searches[0].need(f, personsOf); !secret {
		t.Error("8 persons are no secret")
	}
	f.total.persons, f.total.denominator, f.total.numerator = 200, 200, 100
	if _, secret := searches[0].need(f, numeratorOf); secret {
		t.Error("the few schools of a cross are a secret, and their pages stand")
	}
}
