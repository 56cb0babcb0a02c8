package indicator

import (
	"testing"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/disclosure"
)

// What the groups of two groupings leave of a hidden total is noise, of another amount in each: who does not know
// either can say as little by one grouping that is hidden as by the other, of which a group is hidden for it.
func TestNoiseProtectsNoTotal(t *testing.T) {
	policy := testPolicy(t)
	policy.Persons.Part = 10
	tb, err := newTable(nil, nil, policy)
	if err != nil {
		t.Fatal(err)
	}
	cell := func(grouping, group string, persons, x int64) int {
		return tb.add(counts{cell: cellKey{"m", "all_accounts", grouping, group}, persons: persons, x: x, y: persons,
			perHead: true, schools: 8}, question.Share, policy.Persons.Minimum)
	}
	total := cell("all", "", 286, 8)
	for band, persons := range map[string]int64{"1": 110, "2": 33, "3": 64, "4": 88} {
		cell("ips_band", band, persons, 0)
	}
	ecole := cell("level", "ecole", 136, 17)
	cell("level", "college", 161, 0)
	tb.addGroups()
	kept := map[cellKey]disclosure.Decision{}
	for _, i := range append(tb.members[cellKey{"m", "all_accounts", "ips_band", ""}], total) {
		kept[tb.keys[i]] = disclosure.Decision{Status: disclosure.Secondary}
	}
	if err := tb.decide(kept); err != nil {
		t.Fatal(err)
	}
	if !tb.decisions[ecole].Hidden() {
		t.Error("of a hidden total below 10 a level of 13 to 17 is told")
	}
}

// A cell that a correlation stands on is known as well as the mean of it that is told after: by whichever of them came
// first, what is told of it is the finest.
func TestCellIsKnownByItsFinestFigure(t *testing.T) {
	rough := counts{cell: cellKey{"m", "active_accounts", "ep", "REP"}, persons: 100, x: 137, y: 100, schools: 8}
	fine := rough
	fine.step = 0.01
	for name, order := range map[string][]counts{"rough, then fine": {rough, fine}, "fine, then rough": {fine, rough}} {
		tb, err := newTable(nil, nil, testPolicy(t))
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range order {
			tb.add(k, question.Rate, 11)
		}
		if c := tb.cells[0]; c.PartLow != 137 || c.PartHigh != 137 {
			t.Errorf("%s: 1.37 of 100 persons is said to be from %d to %d", name, c.PartLow, c.PartHigh)
		}
	}
}
