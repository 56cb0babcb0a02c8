package subject

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
)

func TestBeforeBand(t *testing.T) {
	for visits, want := range map[int64]int{0: 0, 1: 1, 2: 2, 3: 3, 4: 3, 5: 4, 7: 4, 8: 5, 12: 5, 13: 6, 20: 6, 21: 7,
		400: 7} {
		if got := beforeBand(visits); got != want {
			t.Errorf("%d visits: band %d, want %d", visits, got, want)
		}
	}
}

// Two accompanied parents in week 5 with 4 visits before, one of 1 visit; the
// controls that fit are one with 3 visits before, one with none.
func TestMatching(t *testing.T) {
	x := base()
	visit := func(person int64, weeks ...int) {
		for _, w := range weeks {
			x.events = append(x.events, event(person, 100, ingest.ServicePortal, at(7*w+1, 9, 0, 0)))
		}
	}
	accompanied := func(person int64, day int32) {
		x.accompaniment = append(x.accompaniment,
			zonetest.AccompanimentRow{PersonKey: person, LocalDate: day0 + day, Form: 1})
	}
	for p := int64(10); p <= 16; p++ {
		x.person(p, 3, 100)
	}
	accompanied(10, 37) // week 5
	visit(10, 1, 2, 3, 4, 5, 5, 6, 7)
	accompanied(11, 36)
	visit(11, 1, 2, 3, 4, 6, 7, 8, 9)
	accompanied(12, 3) // week 0: no four weeks before
	visit(12, 1, 2, 3)
	accompanied(13, 64) // week 9: no four weeks after
	visit(14, 0, 1, 2, 3, 6)
	accompanied(15, -40) // before the school year: neither accompanied nor a control
	visit(15, 1, 2, 3)
	x.person(17, 3, 100) // created in week 3: not there in the weeks before
	x.people[len(x.people)-1].CreatedDay = day0 + 22
	visit(17, 4, 4, 4, 6)
	b := x.open(t, Research)
	rows := read(t, b, "SELECT * FROM matched")
	if len(rows) != 2 || len(rows[14]) != 1 || len(rows[10])+len(rows[11]) != 1 {
		t.Fatalf("matched %v, want 14 with one of 10 and 11", rows)
	}
	wanted(t, rows[14][0], map[string]int64{"arm": 0, "visits_before": 3, "visits_after": 1})
	if len(rows[10]) == 1 {
		// week 5 itself is left out
		wanted(t, rows[10][0], map[string]int64{"arm": 1, "visits_before": 4, "visits_after": 2})
	} else {
		wanted(t, rows[11][0], map[string]int64{"arm": 1, "visits_before": 4, "visits_after": 4})
	}
	sum := sumOf(t, b)
	if got := sum("all", "", "A1.accompanied", edition.PopAll); got != [3]int64{9, 4, 9} {
		t.Errorf("accompanied: got %v, want 4 of 9", got)
	}
	if got := sum("all", "", "A1.accompanied", edition.PopFamilies); got != [3]int64{1, 1, 1} {
		t.Errorf("families: got %v, want 1 of 1", got)
	}
	if got := sum("all", "", "A2.before.control", edition.PopMatched); got != [3]int64{1, 3, 4} {
		t.Errorf("control: got %v", got)
	}
	if got := sum("all", "", "A2.naive.others", edition.PopAll); got != [3]int64{5, 10, 46} {
		t.Errorf("others: got %v", got)
	}
}

// Whatever the candidates: pairs of one week and one band, nobody twice, and no
// further pair could have been made.
func TestMatchingIsOneToOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var pool []candidate
		weeks := rapid.IntRange(1, 3).Draw(rt, "weeks")
		for p := range rapid.IntRange(0, 30).Draw(rt, "persons") {
			arm := rapid.Int64Range(0, 1).Draw(rt, "arm")
			order := rapid.Uint64().Draw(rt, "order")
			for w := range weeks {
				if arm == 1 && w > 0 {
					break
				}
				before := rapid.Int64Range(0, 6).Draw(rt, "before")
				c := candidate{order: order, before: beforeBand(before), matchedRow: matchedRow{PersonKey: int64(p),
					Arm: arm, VisitsBefore: before, AccompaniedWeek: int64(w)}}
				if arm == 1 {
					c.AccompaniedWeek = int64(rapid.IntRange(0, weeks-1).Draw(rt, "week"))
				}
				pool = append(pool, c)
			}
		}
		shuffled := rapid.Permutation(slices.Clone(pool)).Draw(rt, "order of input")
		matched := matchSchool(shuffled)
		if other := matchSchool(pool); !slices.Equal(matched, other) {
			rt.Errorf("the order of input matters")
		}
		seen := map[int64]bool{}
		for i := 0; i < len(matched); i += 2 {
			a, c := matched[i], matched[i+1]
			if a.Arm != 1 || c.Arm != 0 || beforeBand(a.VisitsBefore) != beforeBand(c.VisitsBefore) ||
				seen[a.PersonKey] || seen[c.PersonKey] {
				rt.Fatalf("pair %v %v", a, c)
			}
			seen[a.PersonKey], seen[c.PersonKey] = true, true
		}
		for _, a := range pool {
			for _, c := range pool {
				if a.Arm == 1 && c.Arm == 0 && a.AccompaniedWeek == c.AccompaniedWeek && a.before == c.before &&
					!seen[a.PersonKey] && !seen[c.PersonKey] {
					rt.Errorf("%v and %v are left", a, c)
				}
			}
		}
	})
}
