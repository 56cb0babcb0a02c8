package combine

import (
	"maps"
	"math"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
)

// What a part could not publish alone is in no cell that it brings: a figure of one measure hides those of its
// population, one of several hides those that nothing else shows.
func TestHeld(t *testing.T) {
	college := map[string]string{"level": "college"}
	figure := func(measure, population string, status indicator.Status) indicator.Result {
		return indicator.Result{Indicator: "L2", Measure: measure, Population: population, Group: college, Status: status}
	}
	bounds := func(status indicator.Status) indicator.Result { return figure("never_bounds", "all_accounts", status) }
	sources := sourcesOf(bounds(indicator.Published))
	if len(sources) != 2 {
		t.Fatalf("never_bounds is made of %q: the test needs a figure of two cells", sources)
	}
	other := sources[0]
	if other == "L2.never" {
		other = sources[1]
	}
	cell := func(source, population string) Cell { return Cell{source, population, "level", "college"} }
	for name, c := range map[string]struct {
		shown []indicator.Result
		want  []Cell
	}{
		"all shown": {[]indicator.Result{figure("never", "all_accounts", indicator.Published),
			bounds(indicator.Published)}, nil},
		"no cell": {[]indicator.Result{figure("never", "all_accounts", indicator.NotMeasurable)}, nil},
		"one measure": {[]indicator.Result{figure("never", "all_accounts", indicator.Published),
			figure("never", "opened_accounts", indicator.Suppressed)}, []Cell{cell("L2.never", "opened_accounts")}},
		"of two, one shown": {[]indicator.Result{figure("never", "all_accounts", indicator.Published),
			bounds(indicator.Suppressed)}, []Cell{cell(other, "")}},
		"of two, none shown": {[]indicator.Result{bounds(indicator.Suppressed),
			figure("never", "all_accounts", indicator.Suppressed)},
			[]Cell{cell(other, ""), cell("L2.never", ""), cell("L2.never", "all_accounts")}},
		"of a curve": {[]indicator.Result{{Indicator: "D3", Measure: "first_login_8w", Group: college,
			Status: indicator.Suppressed, Population: "all_accounts"}}, nil},
	} {
		want := map[Cell]bool{}
		for _, cell := range c.want {
			want[cell] = true
		}
		got := held(c.shown)
		if name == "of a curve" { // its cells have no population
			if len(got) != 1 {
				t.Errorf("%s: hides %v", name, got)
			}
			for cell := range got {
				if cell.Population != "" {
					t.Errorf("%s: hides %v", name, cell)
				}
			}
			continue
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: hides %v, want %v", name, got, want)
		}
	}
}

// No figure is compared that is not shown, or that fewer than three territories have.
func TestBetweenOfTooFew(t *testing.T) {
	policy, err := disclosure.ParsePolicy(disclosure.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	half := 0.5
	r := indicator.Result{Indicator: "L2", Measure: "never", Population: "all_accounts", Status: indicator.Published,
		Estimate: &half, Parts: []string{"a", "b"}}
	if got := between(r, map[string]territory{}, policy); got != nil {
		t.Errorf("two territories without figures: %+v", got)
	}
	r.Status = indicator.Suppressed
	if got := between(r, map[string]territory{}, policy); got != nil {
		t.Errorf("suppressed: %+v", got)
	}
}

// A figure that a part holds back is not shown, and no comparison speaks of it, nor of groups of other parts.
func TestWithheld(t *testing.T) {
	half := 0.5
	figure := func(level string, parts ...string) indicator.Result {
		return indicator.Result{Indicator: "L2", Measure: "never", Population: "all_accounts", Estimate: &half, Parts: parts,
			Status: indicator.Published, Group: map[string]string{"level": level}}
	}
	hidden := figure("lycee", "a", "b")
	hidden.Status = indicator.Suppressed
	alone := map[string]territory{"b": {shown: byName([]indicator.Result{hidden})}}
	shown := map[string]indicator.Result{}
	for _, r := range []indicator.Result{figure("ecole", "a", "b"), figure("college", "a", "b"), figure("lycee", "a", "b"),
		figure("autre", "a")} {
		r = withheld(r, []string{"a", "b"}, alone)
		shown[nameOf(r)] = r
		if (r.Status == indicator.Suppressed) != (r.Group["level"] == "lycee") || (r.Estimate == nil) !=
			(r.Group["level"] == "lycee") {
			t.Errorf("%v: %s", r.Group, r.Status)
		}
	}
	for high, want := range map[string]bool{"college": true, "lycee": false, "autre": false} {
		c := indicator.Comparison{Indicator: "L2", Measure: "never", Population: "all_accounts", Grouping: "level",
			Lowest: "ecole", Highest: high}
		if compares(c, shown) != want {
			t.Errorf("école and %s are compared: %v", high, !want)
		}
	}
}

// Each line of the page says what it is of, in both languages, whatever measure of the catalogue it shows.
func TestEveryLineIsNamed(t *testing.T) {
	half := 0.5
	var n Nation
	for _, q := range question.All() {
		for _, m := range q.Measures {
			n.Figures = append(n.Figures, Figure{indicator.Result{Indicator: q.ID, Measure: m.Name, Estimate: &half,
				Population: m.Populations[0]}, &Between{Territories: 3}})
		}
	}
	for _, l := range []wording.Lang{wording.FR, wording.EN} {
		lines := 0
		for _, s := range n.sections(l, &edition.Manifest{Subject: "parent", Combined: make([]edition.Part, 3)}) {
			for _, r := range s.Rows {
				lines++
				if r.Label == "" || strings.HasPrefix(r.Label, ",") || strings.Contains(r.Label, "{") || r.Of != "3 / 3" {
					t.Errorf("%s: %s has a line %+v", l, s.ID, r)
				}
			}
		}
		if lines != len(n.Figures) {
			t.Errorf("%s: %d lines of %d figures", l, lines, len(n.Figures))
		}
	}
}

func TestShown(t *testing.T) {
	for _, c := range []struct {
		kind question.Kind
		x    float64
		want string
	}{
		{"share", 0.07, "7\u00a0%"}, {"share", 0.105, "10,5\u00a0%"}, {"rate", 1.49, "1,49"}, {"rate", 63, "63"},
		{"ratio", 1.0 / 3, "0,333"}, {"gap", -0.05, "\u22125\u00a0%"}, {"share", math.Copysign(0, -1), "0\u00a0%"},
	} {
		if got := shown(wording.FR, c.kind, c.x); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.kind, c.x, got, c.want)
		}
	}
}
