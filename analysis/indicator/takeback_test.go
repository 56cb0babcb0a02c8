package indicator

import (
	"context"
	"slices"
	"testing"

	"github.com/entscope/entscope/analysis/query"
)

// TestTakenBackIsHidden: of a measure that is taken back nothing is shown but the whole, and nothing at all the second
// time; what was hidden for what is taken back may be shown. A copy of Earlier takes back what it did.
func TestTakenBackIsHidden(t *testing.T) {
	r := newRegion(1, 12).of("L1", "L2")
	exact, pages := compute(t, r.research(t), "L1", "L2"), r.schoolsEdition(t, r.sums())
	var e Earlier
	if !e.Empty() {
		t.Error("nothing is not empty")
	}
	before := shownOf(t, exact, pages, e)
	if before.whole == 0 || before.parts == 0 || before.others == 0 {
		t.Fatalf("%+v are shown before", before)
	}
	if !e.TakeBack("L2", "never", "all_accounts") {
		t.Error("nothing is taken back")
	}
	first := e
	if got := shownOf(t, exact, pages, first); got.parts != 0 || got.whole != before.whole || got.others < before.others {
		t.Errorf("%+v are shown of %+v: the parts of one measure were taken back", got, before)
	}
	if !e.TakeBack("L2", "never", "all_accounts") {
		t.Error("the whole is not taken back")
	}
	if got := shownOf(t, exact, pages, e); got.parts != 0 || got.whole != 0 || got.others < before.others {
		t.Errorf("%+v are shown of %+v: all of one measure was taken back", got, before)
	}
	for range 2 { // what sums tie to it
		if !e.TakeBack("L2", "never", "all_accounts") {
			t.Error("what is tied to it is not taken back")
		}
	}
	if e.TakeBack("L2", "never", "all_accounts") {
		t.Error("more than all of it is taken back")
	}
	if got := shownOf(t, exact, pages, first); got.whole != before.whole {
		t.Error("a copy takes back what was asked of another")
	}
}

// shown counts figures that are shown.
type shown struct{ whole, parts, others int }

// shownOf protects figures beside e, by the overrides that follow from it.
func shownOf(t *testing.T, exact []Result, pages *query.Edition, e Earlier) (n shown) {
	t.Helper()
	list, err := Overrides(context.Background(), exact, exact, pages, testPolicy(t), e)
	if err != nil {
		t.Fatal(err)
	}
	released, err := Release(context.Background(), exact, pages, testPolicy(t), nil, list)
	if err != nil {
		t.Fatal(err)
	}
	all := released.Results
	for _, s := range released.Schools {
		all = slices.Concat(all, s.Results, s.Similar)
	}
	for _, r := range all {
		switch {
		case r.Status != Published:
		case r.Indicator != "L2" || r.Population != "all_accounts": // those of L2 are made of the same cells
			n.others++
		case r.Measure != "never":
		case len(r.Group) == 0:
			n.whole++
		default:
			n.parts++
		}
	}
	return n
}
