package indicator

import (
	"reflect"
	"slices"
	"testing"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

// The texts of x and y are for readers: other words protect the same figures.
func TestRewordingChangesNothing(t *testing.T) {
	ids := []string{"L2", "L5", "N5", "R1", "A1", "P1"}
	region := newRegion(8, 40).of(ids...)
	answer := func() []Result {
		out, err := released(compute(t, region.research(t), ids...), testPolicy(t))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	before := answer()
	kept := slices.Clone(edition.Measures)
	defer copy(edition.Measures, kept)
	for i := range edition.Measures {
		edition.Measures[i].X, edition.Measures[i].Y = "said in other words", "and this as well"
	}
	if after := answer(); !reflect.DeepEqual(before, after) {
		t.Error("what is protected depends on the words of a measure")
	}
}

// No measure of a question that never stands on a school page may stand on one.
func TestStigmatisingMeasuresStayOff(t *testing.T) {
	for _, q := range question.All() {
		if !q.Stigmatising {
			continue
		}
		for _, m := range q.Measures {
			for _, source := range m.Sources {
				if a, ok := edition.FindMeasure(source); ok && a.Pages != edition.PagesNever {
					t.Errorf("%s: pages = %q", source, a.Pages)
				}
			}
		}
	}
}
