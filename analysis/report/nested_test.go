package report

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/analysis/question"
)

// No part is printed above its whole, and each is printed as what it is or in a range around it.
func TestNoPartAboveItsWhole(t *testing.T) {
	shownAs := newDashboard()
	parts := 0
	for ref := range shownAs.numbers {
		parts += len(wholesOf(ref))
	}
	if parts < 3 {
		t.Fatalf("the page shows %d parts of wholes", parts)
	}
	rapid.Check(t, func(t *rapid.T) {
		c, was := column{}, column{}
		for ref := range shownAs.numbers {
			if rapid.Bool().Draw(t, "shown") {
				v := value{state: shown, point: true, est: float64(rapid.IntRange(40, 50).Draw(t, "percent"))}
				c[ref], was[ref] = v, v
			}
		}
		changed := c.nest()
		for range 5 {
			if again := maps.Clone(was); again.nest() != changed || !reflect.DeepEqual(again, c) {
				t.Fatal("nested again, the page is another")
			}
		}
		some := false
		for ref, v := range c {
			if v.least() > was[ref].est || v.top() < was[ref].est {
				t.Fatalf("%v is in [%v, %v], of %v", ref, v.least(), v.top(), was[ref].est)
			}
			some = some || v.nested
			for _, whole := range wholesOf(ref) {
				if w, ok := c[whole]; ok && (v.least() > w.least() || v.top() > w.top()) {
					t.Fatalf("%v [%v, %v] is above its whole %v [%v, %v]", ref, v.least(), v.top(), whole, w.least(),
						w.top())
				}
			}
		}
		if some != changed {
			t.Fatalf("said %v, of pages that changed %v", changed, some)
		}
	})
}

// A page whose figures contradict each other by noise says both in one range, and why.
func TestPageDoesNotContradictItself(t *testing.T) {
	in := sampleSchools()
	page := func() string {
		out, err := buildSchools(in)
		if err != nil {
			t.Fatal(err)
		}
		return string(out[in.Schools[0].UAI+".html"])
	}
	const said = "là où une partie dépassait son tout"
	if strings.Contains(page(), said) {
		t.Error("a page without a contradiction speaks of one")
	}
	ready := question.Ref{Question: "R1", Measure: "ready", Population: "all_accounts"}
	more := 0.0
	for _, r := range in.Schools[0].Results {
		if refOf(r) == accounts {
			more = *r.Estimate + 0.02
		}
	}
	for i, r := range in.Schools[0].Results {
		if refOf(r) == ready && r.Group["month"] == "" {
			in.Schools[0].Results[i].Estimate = &more
		}
	}
	text := page()
	if !strings.Contains(text, said) {
		t.Error("the page does not say why")
	}
	if n := strings.Count(text, ">entre "); n != 2 {
		t.Errorf("%d cells of the page are ranges, want those of the part and its whole", n)
	}
}
