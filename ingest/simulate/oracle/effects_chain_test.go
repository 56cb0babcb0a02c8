//go:build chain

package oracle

import (
	"flag"
	"math"
	"testing"

	"github.com/entscope/entscope/ingest/simulate/region"
)

var worlds = flag.Int("worlds", 2, "regions of each selection into accompaniment")

// effects are the matched comparison, the naive one, and what would have been without accompaniment.
func (o *observer) effects() {
	for who, p := range o.b.Each(region.RoleParent) {
		if primary := o.primary(p, 0); primary >= 0 {
			o.logins(p, 0, primary, o.sessions(who, p.At))
		}
	}
	o.matched()
	addLives(o.t, o.b.Live())
}

// effectsOf adds up the direct counts of some regions of two years.
func effectsOf(t *testing.T, selection region.Selection, regions, parents, schools int) *Totals {
	t.Helper()
	sum := NewTotals()
	for seed := range regions {
		w, err := region.NewYears(2)
		if err != nil {
			t.Fatal(err)
		}
		r := region.New(region.Plan{Window: w, Seed: uint64(seed + 1), Parents: parents, Schools: schools,
			Selection: selection})
		sum.Merge(observe(r, (*observer).effects), 1)
	}
	return sum
}

// Who compares accompanied parents with others is wrong; with others of the same
// past use, right when they were chosen by it, and wrong when by what the logs do
// not show.
//
//	go test -tags chain ./ingest/simulate/oracle -run TestSelection -v -worlds 20 -timeout 1h
func TestSelection(t *testing.T) {
	for _, selection := range []region.Selection{region.SelectionObserved, region.SelectionLatent} {
		sum := effectsOf(t, selection, *worlds, 3000, 30)
		rate := func(measure, population string) float64 {
			k := ratio{measure, population}
			return sum.x[k][0] / sum.y[k][0]
		}
		truth := rate("A2.att.visits.with", "accompanied") / rate("A2.att.visits.without", "accompanied")
		adjusted := rate("A2.after.accompanied", "matched") / rate("A2.before.accompanied", "matched") /
			(rate("A2.after.control", "matched") / rate("A2.before.control", "matched"))
		naive := rate("A2.naive.accompanied", "all_accounts") / rate("A2.naive.others", "all_accounts")
		gap := rate("A2.att.first.with", "accompanied") - rate("A2.att.first.without", "accompanied")
		matched := rate("A2.first.accompanied", "matched") - rate("A2.first.control", "matched")
		t.Logf("%s: visits true %.3f, adjusted %.3f, naive %.3f; first visit true %.4f, adjusted %.4f; pairs %.0f",
			selection, truth, adjusted, naive, gap, matched, sum.y[ratio{"A2.after.control", "matched"}][0]/4)
		if truth < 1.4 || truth > 1.65 || gap < 0.01 {
			t.Errorf("%s: no effect was planted", selection)
		}
		if naive > 0.8*truth {
			t.Errorf("%s: the naive comparison is not misleading", selection)
		}
		right := math.Abs(math.Log(adjusted/truth)) < 0.25 && math.Abs(matched-gap) < 0.05
		if right != (selection == region.SelectionObserved) {
			t.Errorf("%s: the adjusted comparison is right: %v", selection, right)
		}
	}
}
