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
	for visits, want := range map[int32]int{0: 0, 1: 1, 2: 2, 3: 3, 4: 3, 5: 4, 7: 4, 8: 5, 12: 5, 13: 6, 20: 6, 21: 7,
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
		x.people[len(x.people)-1].FamilyKey = p
	}
	accompanied(10, 37) // week 5
	visit(10, 1, 2, 3, 4, 5, 5, 6, 7)
	accompanied(11, 36)
	visit(11, 1, 2, 3, 4, 6, 7, 8, 9)
	accompanied(12, 3) // week 0: no four weeks before
	visit(12, 1, 2, 3)
	accompanied(13, 64) // week 9: no four weeks after
	visit(14, 0, 1, 2, 3, 6)
	accompanied(15, -40) // before the school year: not at risk any more
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
	if got := sum("all", "", "A1.accompanied", edition.PopFamilies); got != [3]int64{8, 4, 8} {
		t.Errorf("families: got %v, want 4 of 8", got)
	}
	before := int64(0)
	for _, week := range []string{"-4", "-3", "-2", "-1"} {
		before += sum("all", "", "A2.week"+week+".control", edition.PopMatched)[1]
	}
	if before != 3 {
		t.Errorf("control: %d visits in the four weeks before, want 3", before)
	}
	if got := sum("all", "", "A2.naive.others", edition.PopAll); got != [3]int64{5, 10, 46} {
		t.Errorf("others: got %v", got)
	}
}

// Who is accompanied later is somebody else's control until then, and their family is not
// on both sides: the co-parent of an accompanied parent, at home with the same news, is
// no control, and neither is a family accompanied before.
func TestRiskSets(t *testing.T) {
	x := base()
	for p, family := range map[int64]int64{10: 10, 11: 11, 12: 12, 14: 10} { // 14 is the co-parent of 10
		x.person(p, 3, 100)
		x.people[len(x.people)-1].FamilyKey = family
		for w := range 5 {
			x.events = append(x.events, event(p, 100, ingest.ServicePortal, at(7*w+1, 9, 0, 0)))
		}
	}
	for person, day := range map[int64]int32{10: 30, 11: 37, 12: -40} {
		x.accompaniment = append(x.accompaniment,
			zonetest.AccompanimentRow{PersonKey: person, LocalDate: day0 + day, Form: 1})
	}
	b := x.open(t, Research)
	risk := read(t, b, "SELECT * FROM risk_set")
	if len(risk[10]) != 1 || len(risk[11]) != 2 || len(risk[12]) != 0 || len(risk[14]) != 0 {
		t.Fatalf("at risk: %v", risk)
	}
	rows := read(t, b, "SELECT * FROM matched")
	if len(rows) != 2 || len(rows[10]) != 1 || len(rows[11]) != 1 {
		t.Fatalf("matched %v, want 10 with 11", rows)
	}
	wanted(t, rows[10][0], map[string]int64{"arm": 1, "visits_before": 4, "visits_late": 2, "later": 0})
	wanted(t, rows[11][0], map[string]int64{"arm": 0, "visits_before": 4, "visits_late": 2, "later": 1})
	sum := sumOf(t, b)
	for measure, want := range map[string][3]int64{"A2.followed": {2, 2, 2}, "A2.paired": {2, 1, 2}} {
		if got := sum("all", "", measure, edition.PopAccompanied); got != want {
			t.Errorf("%s: got %v, want %v", measure, got, want)
		}
	}
}

// Whatever the candidates: pairs of one week and one band, nobody twice, no family on
// both sides, and no further pair could have been made.
func TestMatchingIsOneToOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var pool []candidate
		weeks := rapid.IntRange(1, 3).Draw(rt, "weeks")
		size := rapid.IntRange(1, 3).Draw(rt, "size")
		for family := range rapid.IntRange(0, 20).Draw(rt, "families") {
			when := make([]int, size) // as often never
			for i := range when {
				when[i] = rapid.IntRange(0, 2*weeks).Draw(rt, "week")
			}
			first := slices.Min(when)
			for i, accompanied := range when {
				order := rapid.Uint64().Draw(rt, "order")
				for w := range min(first+1, weeks) { // at risk while nobody of the family is accompanied
					if w == first && accompanied > first {
						continue
					}
					before := rapid.Int32Range(0, 6).Draw(rt, "before")
					c := candidate{order: order, before: beforeBand(before), family: int64(family),
						matchedRow: matchedRow{PersonKey: int64(size*family + i),
							traits: traits{VisitsBefore: before}, AccompaniedWeek: int64(w)}}
					if w == first {
						c.Arm = 1
					}
					pool = append(pool, c)
				}
			}
		}
		match := func(pool []candidate) matcher {
			m := matcher{controls: map[int64]bool{}}
			m.school(pool)
			return m
		}
		shuffled := rapid.Permutation(slices.Clone(pool)).Draw(rt, "order of input")
		m := match(shuffled)
		if other := match(pool); !slices.Equal(m.matched, other.matched) || !slices.Equal(m.risk, other.risk) {
			rt.Errorf("the order of input matters")
		}
		seen, sides := map[int64]bool{}, map[int64]int8{}
		for i := 0; i < len(m.matched); i += 2 {
			a, c := m.matched[i], m.matched[i+1]
			if a.Arm != 1 || c.Arm != 0 || beforeBand(a.VisitsBefore) != beforeBand(c.VisitsBefore) ||
				seen[a.PersonKey] || seen[c.PersonKey] {
				rt.Fatalf("pair %v %v", a, c)
			}
			seen[a.PersonKey], seen[c.PersonKey] = true, true
			for _, r := range []matchedRow{a, c} {
				family := r.PersonKey / int64(size)
				if side, ok := sides[family]; ok && side != r.Arm {
					rt.Errorf("family %d is on both sides", family)
				}
				sides[family] = r.Arm
			}
		}
		for _, a := range pool {
			for _, c := range pool {
				if a.Arm == 1 && c.Arm == 0 && a.AccompaniedWeek == c.AccompaniedWeek && a.before == c.before &&
					!seen[a.PersonKey] && !seen[c.PersonKey] && !m.controls[a.family] {
					rt.Errorf("%v and %v are left", a, c)
				}
			}
		}
	})
}
