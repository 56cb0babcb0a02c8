package indicator

import (
	"math"
	"slices"
	"testing"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/disclosure"
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

// Each number of a curve that a sum names is that of some figure.
func TestCurvesOfSumsAreRead(t *testing.T) {
	for _, s := range edition.Sums {
		for _, a := range s.Terms() {
			if a.OfCurve() && len(read(a)) == 0 {
				t.Errorf("no figure is read on %v", a)
			}
		}
	}
}

// Of 107 accounts 42 came, at two schools, which is hidden; that 48 of 108 had come within eight weeks, by a life table
// that counts three, would say it, and how many never came would not. A report book of two a person tells of those who
// opened one as many fewer as there are second books.
func TestCurvesHideWithTheirShares(t *testing.T) {
	policy, err := disclosure.ParsePolicy(disclosure.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	tab := &table{policy: policy, index: map[cellKey]int{}, members: map[cellKey][]int{}}
	put := func(source, population string, schools, persons, x, y int64, kind question.Kind, modelled float64) cellKey {
		key := cellKey{source, population, "ep", "REP+"}
		tab.add(counts{cell: key, persons: persons, schools: schools, x: x, y: y, perHead: kind == question.Share,
			modelled: modelled > 0, value: modelled, step: 0.01}, kind, 11)
		return key
	}
	share := put("D3.connected", edition.PopAll, 2, 107, 42, 107, question.Share, 0)
	curve := put("D3.first_login_8w", edition.PopAll, 3, 108, 48, 108, question.Share, 0.44)
	never := put("L2.never", edition.PopAll, 3, 75, 40, 75, question.Share, 0)
	books := put("C4.opened_7d", edition.PopConcerned, 3, 100, 90, 150, question.EventShare, 0.6)
	opened := put("C4.opened", edition.PopConcerned, 3, 100, 60, 100, question.Share, 0)
	tab.addAcross()
	if err := tab.decide(nil); err != nil {
		t.Fatal(err)
	}
	for key, hidden := range map[cellKey]bool{share: true, curve: true, never: false, books: false, opened: false} {
		if d := tab.decisions[tab.index[key]]; d.Hidden() != hidden {
			t.Errorf("%s: %v", key.source, d)
		}
	}
	i := slices.IndexFunc(tab.sums, func(a disclosure.Across) bool {
		return a.Total != nil && *a.Total == disclosure.Term{Cell: tab.index[opened], Field: disclosure.PartOf}
	})
	if i < 0 || tab.sums[i].High != 50 || tab.sums[i].Low != math.MinInt64 {
		t.Errorf("of 150 books of 100 persons those opened are beside these persons %+v", tab.sums)
	}
	// Of 81 of 100 threads answered in ten days 71 were in two, and of 62 of 100 requests 55 were opened in a day.
	for earlier, later := range map[string]string{"M3.answered": "M3.answered_10d", "R4.opened_24h": "R4.opened_72h"} {
		population := edition.PopThreads
		if earlier != "M3.answered" {
			population = edition.PopRecipients
		}
		tab = &table{policy: policy, index: map[cellKey]int{}, members: map[cellKey][]int{}}
		read := put(later, population, 2, 80, 81, 100, question.EventShare, 0.81)
		short := put(earlier, population, 3, 80, 71, 100, question.EventShare, 0.71)
		tab.addAcross()
		if err := tab.decide(nil); err != nil {
			t.Fatal(err)
		}
		for _, key := range []cellKey{read, short} {
			if d := tab.decisions[tab.index[key]]; !d.Hidden() {
				t.Errorf("%s is %v", key.source, d)
			}
		}
	}
	// The other way round: no more had come by then than came.
	other := &table{policy: policy, index: map[cellKey]int{}, members: map[cellKey][]int{}}
	other.add(counts{cell: share, persons: 108, schools: 3, x: 48, y: 108, perHead: true}, question.Share, 11)
	other.add(counts{cell: curve, persons: 107, schools: 2, x: 47, y: 107, perHead: true, modelled: true}, question.Share, 11)
	other.addAcross()
	if err := other.decide(nil); err != nil {
		t.Fatal(err)
	}
	if d := other.decisions[other.index[share]]; !d.Hidden() {
		t.Errorf("who came by then is hidden, and who came is %v", d)
	}
	took := map[cellKey]breadth{programmeOf(curve): ofTied}
	if tied(took); took[programmeOf(share)] == 0 {
		t.Error("with a curve that follows, the share is not taken back")
	}
}
