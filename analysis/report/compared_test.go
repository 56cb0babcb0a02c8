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

// The first sentence on accompaniment has its interval and the joint test, and an end that is
// rounded onto « no effect » is beyond it where the test, made before rounding, says so.
func TestEndsAreBeyondNoEffectWhereTheTestSaysSo(t *testing.T) {
	for outcome, want := range map[indicator.Outcome][2]string{
		indicator.Above:    {"plus de 1,0", "× 1,6"},
		indicator.Below:    {"1,0", "× 1,6"},
		indicator.NotShown: {"1,0", "× 1,6"},
		"":                 {"1,0", "× 1,6"},
	} {
		v := value{point: true, est: 1.3, interval: true, low: 1, high: 1.6, beyond: outcome}
		if low, high := v.ends(fr, ratio); low != want[0] || spaced(high) != want[1] {
			t.Errorf("%q: %q, %q", outcome, low, high)
		}
	}
	below := value{point: true, est: -1, interval: true, low: -3, high: 0, beyond: indicator.Below}
	if _, high := below.ends(fr, gap); spaced(high) != "moins de 0 point" {
		t.Errorf("%q", high)
	}
	wide := value{point: true, est: 1.3, interval: true, low: 2, high: 2.6, beyond: indicator.Above}
	if low, _ := wide.ends(fr, ratio); low != "2,0" {
		t.Errorf("%q", low)
	}
	d := accompanied(indicator.CodeMovedAlike, 0)
	low, high, p := 1.0, 1.9, 0.07
	d.results[0].Low, d.results[0].High, d.results[0].Level = &low, &high, 0.95
	d.results = append(d.results, indicator.Result{Indicator: "A2", Measure: "leads_p", Population: "matched",
		Status: indicator.Published, Estimate: &p})
	d.used = make([]bool, len(d.results))
	v := &volume{drawer: d}
	for _, page := range question.Pages() {
		if page.Finding == nil || page.Finding.Question != "A2" {
			continue
		}
		const want = "de visites après un accompagnement, à usage antérieur égal (intervalle à 95 % : de plus de 1,0 à " +
			"× 1,9 ; avant, des écarts au moins aussi grands se verraient par hasard avec une probabilité de 0,07)"
		if said := spaced(v.finding(*page.Finding).Text); said != want {
			t.Errorf("%q", said)
		}
	}
}

func spaced(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) }

// A share by thresholds of ours has the range that the other thresholds give, over what is
// released of them; and the page of no other figure lacks them.
func TestThresholdsGiveTheirRange(t *testing.T) {
	s := figureOf(t, "N5-tres-frequent")
	d := &drawer{lang: wording.FR}
	add := func(measure string, v, low, high float64) {
		r := indicator.Result{Indicator: "N5", Measure: measure, Population: "pairs", Status: indicator.Published}
		if r.Estimate = &v; v < 0 {
			r.Estimate, r.Low, r.High = nil, &low, &high
		}
		d.results, d.used = append(d.results, r), append(d.used, false)
	}
	add("grid_15_50_low", 0.09, 0, 0)
	if got := d.thresholds(s, "pairs"); got != "" {
		t.Errorf("of one: %q", got)
	}
	add("grid_25_60_mid", 0.03, 0, 0)
	add("grid_50_70_high", -1, 0, 0.01)
	if got := spaced(d.thresholds(s, "pairs")); got != ", et de 0 à 9 % selon les seuils (3 combinaisons)" {
		t.Errorf("%q", got)
	}
	if slices.Contains(d.used, true) {
		t.Error("another figure shows them")
	}
}

// Of the differences of exploratory families one in twenty is expected to be false, of
// primary ones none.
func TestExpectedFalseDifferencesAreSaid(t *testing.T) {
	of := func(outcome indicator.Outcome, primary bool) indicator.Comparison {
		return indicator.Comparison{Tests: 1, Outcome: outcome, Primary: primary}
	}
	v := &volume{drawer: &drawer{lang: wording.FR}}
	for want, c := range map[string][]indicator.Comparison{
		"": {of(indicator.NotShown, false)},
		"Écarts dits établis : 1, dont 1 dans une famille principale.": {of(indicator.Above, true)},
		"Écarts dits établis : 3, dont 1 dans une famille principale ; des 2 autres, 0,1 au plus sont faux en moyenne " +
			"(5 % des écarts dits établis).": {of(indicator.Above, true), of(indicator.Below, false),
			of(indicator.Differs, false), of(indicator.NotTested, false)},
	} {
		if v.comparisons = c; spaced(v.expectedFalse()) != want {
			t.Errorf("%q, want %q", v.expectedFalse(), want)
		}
	}
}

// The lowest of many measures may be one of which only a maximum is released.
func TestEndsHoldWhatIsUnderABound(t *testing.T) {
	row := func(label string, v value) barRow { v.state = shown; return barRow{label: label, values: []value{v}} }
	rows := []barRow{row("a", value{point: true, est: 3}), row("b", value{bounds: true, low: 0, high: 1}),
		row("c", value{point: true, est: 2}), row("d", value{bounds: true, low: 1, high: 9})}
	d := &drawer{lang: wording.FR}
	if got := spaced(d.ends(spec{unit: share}, rows, 0)); got != "de moins de 1 % (b) à 3 % (a)" {
		t.Errorf("%q", got)
	}
}
