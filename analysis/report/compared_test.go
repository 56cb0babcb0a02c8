package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// accompanied is what a report says of the effect of accompaniment, where the joint test of
// the weeks before says moved ("" has none), and the effect holds up to a departure.
func accompanied(moved string, held float64) *drawer {
	effect := indicator.Result{Indicator: "A2", Measure: "rate_ratio", Population: "matched", Edition: "research",
		Status: indicator.Published, Estimate: new(float64)}
	*effect.Estimate = 1.4
	if moved != "" {
		effect.Warnings = []indicator.Warning{{Code: moved, French: "Le test conjoint dit ceci."}}
	}
	test := func(id, measure, group string, outcome indicator.Outcome) indicator.Comparison {
		c := indicator.Comparison{Family: id + measure, Tests: 1, Indicator: id, Measure: measure,
			Population: "matched",
			Outcome:    outcome}
		if group != "" {
			c.Group = map[string]string{"departure": group}
		}
		return c
	}
	d := &drawer{lang: wording.FR, subject: "parent", results: []indicator.Result{effect}, used: make([]bool, 1),
		comparisons: []indicator.Comparison{test("A2", "rate_ratio", "", indicator.Above),
			test("A3", "effect_1_ratio", "", indicator.Above), test("A2", "first_visit_gap", "", indicator.Above)}}
	for _, size := range []struct {
		text string
		at   float64
	}{{"0", 0}, {"0.25", 0.25}, {"0.5", 0.5}, {"1", 1}} {
		outcome := indicator.NotShown
		if size.at <= held {
			outcome = indicator.Above
		}
		d.comparisons = append(d.comparisons, test("A2", "sensitivity_ratio", size.text, outcome))
	}
	return d
}

func figureOf(t *testing.T, id string) spec {
	t.Helper()
	for _, q := range question.All() {
		if i := slices.IndexFunc(q.Figures, func(f question.Figure) bool { return f.ID == id }); i >= 0 {
			return specOf(q, q.Figures[i])
		}
	}
	t.Fatal(id)
	return spec{}
}

// No sentence of A2 or A3 calls an effect established whose groups came apart before, or of
// which nothing says that they did not.
func TestNothingIsEstablishedWithoutTheWeeksBefore(t *testing.T) {
	for moved, want := range map[string]string{
		indicator.CodeMovedApart: "n’établit aucun effet",
		indicator.CodeUntested:   "sans que rien ne dise si les deux groupes évoluaient de même avant",
		"":                       "sans que rien ne dise si les deux groupes évoluaient de même avant",
		indicator.CodeMovedAlike: "Différence établie",
	} {
		d := accompanied(moved, 0.5)
		for _, id := range []string{"A2-effet", "A2-premiere", "A2-sensibilite", "A3-effets"} {
			s := figureOf(t, id)
			said := strings.Join(d.tested(s), " ")
			if !strings.Contains(said, want) {
				t.Errorf("%q, %s: %q lacks %q", moved, id, said, want)
			}
			if moved != indicator.CodeMovedAlike && strings.Contains(said, "établie,") {
				t.Errorf("%q, %s: %q", moved, id, said)
			}
		}
		verdict := d.extra(figureOf(t, "A2-effet"))
		if holds := strings.Contains(verdict, "L’effet tient encore"); holds != (moved == indicator.CodeMovedAlike) {
			t.Errorf("%q: %q", moved, verdict)
		}
	}
}

// The verdict says how far the effect holds where the groups come apart by themselves.
func TestVerdictSaysHowFarItHolds(t *testing.T) {
	for held, want := range map[float64][2]string{
		0:    {"ne tient plus si, ensuite, les deux groupes s’écartent d’eux-mêmes 0,25 fois", "tient encore"},
		0.25: {"d’une semaine à l’autre, 0,25 fois", "1 fois"},
		1:    {"d’une semaine à l’autre, 1 fois", "ne tient plus"},
	} {
		verdict := accompanied(indicator.CodeMovedAlike, held).extra(figureOf(t, "A2-effet"))
		if !strings.Contains(verdict, want[0]) || strings.Contains(verdict, want[1]) {
			t.Errorf("held up to %v: %q", held, verdict)
		}
	}
}

// A5 is held to its own difference before the training.
func TestTrainingIsHeldToItsPlacebo(t *testing.T) {
	s := figureOf(t, "A5-jours")
	for outcome, want := range map[indicator.Outcome]trend{
		indicator.NotShown: alike, indicator.Above: apart, indicator.Below: apart, indicator.NotTested: unknown,
	} {
		d := &drawer{lang: wording.FR, comparisons: []indicator.Comparison{{Indicator: "A5", Population: "pairs",
			Measure: "placebo_difference", Outcome: outcome}}}
		if got := d.before(s); got != want {
			t.Errorf("%s: %s, want %s", outcome, got, want)
		}
	}
}

// Groups that are numbers are written as the language writes numbers.
func TestGroupsThatAreNumbers(t *testing.T) {
	for _, c := range []struct {
		lang             lang
		key, value, want string
	}{
		{fr, "relative_week", "-4", "−4"}, {fr, "relative_week", "+1", "+1"}, {fr, "departure", "0.25", "0,25"},
		{en, "departure", "0.25", "0.25"}, {en, "relative_week", "-4", "−4"},
	} {
		if got := (&drawer{lang: c.lang}).groupName(c.key, c.value); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.key, c.value, got, c.want)
		}
	}
}
