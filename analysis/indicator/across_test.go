package indicator

import (
	"testing"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

// The hours of Wednesday are the Wednesdays of school weeks and what lies in the holidays: up to
// all of these, which one who reads the holidays knows.
func TestRestOfASum(t *testing.T) {
	tab := &table{index: map[cellKey]int{}, members: map[cellKey][]int{}}
	put := func(source string, x int64) {
		tab.add(counts{cell: cellKey{source, edition.PopActive, "all", ""}, persons: 300, x: x, y: 5600, perHead: true},
			question.EventShare, 20)
	}
	for _, hours := range edition.Places["hours"] {
		put("L4.wed_"+hours, 100)
	}
	put("L4.wednesday", 760)
	tab.addAcross()
	if len(tab.sums) != 0 {
		t.Fatalf("%d sums without the holidays", len(tab.sums))
	}
	put("L4.holiday", 70)
	tab.addAcross()
	if len(tab.sums) != 1 {
		t.Fatalf("%d sums", len(tab.sums))
	}
	if s := tab.sums[0]; len(s.Parts) != 8 || s.Total == nil || s.Low != 0 || s.High != 70 {
		t.Errorf("%d parts are %v to %v more than the total", len(s.Parts), s.Low, s.High)
	}
}
