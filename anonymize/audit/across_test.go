package audit

import (
	"math"
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// TestNarrowAcross: the hours of the day add up to the visits of one group, and what active
// accounts did is what all did; another group, or a part that is not there, says nothing.
func TestNarrowAcross(t *testing.T) {
	open := span{0, math.Inf(1)}
	searches := map[figure]*search{}
	put := func(measure, population, group string, truth, y int64, known span) {
		key := programmeOf(figure{measure: measure, population: population})
		if searches[key] == nil {
			searches[key] = &search{puzzle: newPuzzle(), figures: map[figure]released{}}
		}
		s, of := searches[key], figure{measure, population, "level", group}
		s.figures[of] = released{of: of, total: total{numerator: truth, denominator: y}, known: true}
		s.order = append(s.order, of)
		s.puzzle.number(of.number(numeratorOf), float64(truth), known)
	}
	for _, group := range []string{"college", "lycee"} {
		put("L5.phone", "active_accounts", group, 900, 1300, span{896, 904})
		put("L5.computer", "active_accounts", group, 300, 1300, span{298, 301})
		if group == "college" {
			put("L5.tablet", "active_accounts", group, 110, 1300, open)
		}
	}
	put("L1.weekly", "active_accounts", "college", 50, 80, open)
	put("L1.weekly", "all_accounts", "college", 50, 120, span{48, 53})
	for _, day := range edition.Places["weekday"] {
		for _, hours := range edition.Places["hours"] {
			known := span{98, 102}
			if day == "wed" && hours == "07-09" {
				known = open
			}
			put("L4."+day+"_"+hours, "active_accounts", "college", 100, 5600, known)
		}
	}
	put("L4.07-09", "active_accounts", "college", 695, 5600, span{690, 700})
	put("L4.wednesday", "active_accounts", "college", 760, 5600, span{755, 765})
	put("L4.holiday", "active_accounts", "college", 70, 5600, span{65, 75})
	persons := func(measure, population string, truth float64, known span) {
		searches[programmeOf(figure{measure: measure, population: population})].puzzle.number(
			figure{measure, population, "level", "college"}.number(personsOf), truth, known)
	}
	put("D3.connected", "all_accounts", "college", 28, 34, open)
	put("M4.hhi", "active_accounts", "college", 9, 28, open)
	persons("M4.hhi", "active_accounts", 26, span{23, 27})
	persons("L5.phone", "active_accounts", 20, span{18, 22})
	put(bandPrefix+"5-daily", "active_accounts", "college", 3, 25, open)
	persons(bandPrefix+"5-daily", "active_accounts", 26, span{24, 28})
	narrowAcross(searches, nil)
	for _, want := range []struct {
		measure, group string
		known          span
	}{
		{"L5.tablet", "college", span{95, 116}}, // 1300 less the others, and up to 10 of noise
		{"L5.phone", "college", span{896, 904}},
		// No fewer came than count anywhere, in a band of the rows of persons too; of how many more nobody is told.
		{"D3.connected", "college", span{24, math.Inf(1)}},
		{"L5.phone", "lycee", span{896, 904}},
		{"L1.weekly", "college", span{48, 53}},
		// Of that hour 690 to 700, up to 5 of noise, less the other days. The Wednesdays, at least
		// 755 less the other hours and at most 765 and the holidays, 70, more, say less.
		{"L4.wed_07-09", "college", span{690 - 612, 700 + 5 - 588}},
		{"L4.wed_09-12", "college", span{98, 102}},
	} {
		population := "active_accounts"
		if want.measure == "D3.connected" {
			population = "all_accounts"
		}
		s := searches[figure{measure: want.measure, population: population}]
		i := s.puzzle.index[figure{want.measure, population, "level", want.group}.number(numeratorOf)]
		if got := s.puzzle.of(i); got != want.known {
			t.Errorf("%s of %s: %v, want %v", want.measure, want.group, got, want.known)
		}
	}
	// Were the hour hidden, they would say all there is.
	rest := edition.Sums[slices.IndexFunc(edition.Sums, func(s edition.Sum) bool { return s.Rest != nil })]
	stand, ok := standings(searches, rest, figure{grouping: "level", group: "college"})
	want := span{755 - 7*102, 765 + 70 - 7*98}
	if got := stand.leave(5600)[stand.parts[0]]; !ok || got != want {
		t.Errorf("the Wednesdays leave %v, want %v", got, want)
	}
	if len(edition.Sums) < 10 {
		t.Errorf("%d sums", len(edition.Sums))
	}
}

// A life table says of a share that more came than had by then, at most by the noise, and of who opened one of their
// report books as many fewer as there are second books. A median tells of persons alone.
func TestCurvesNarrowShares(t *testing.T) {
	searches := map[figure]*search{}
	put := func(measure, population string, all total, x, n span) {
		of := figure{measure, population, "ep", "REP+"}
		s := &search{puzzle: newPuzzle(), figures: map[figure]released{of: {of: of, total: all, known: true}},
			order: []figure{of}}
		s.puzzle.number(of.number(numeratorOf), float64(all.numerator), x)
		s.puzzle.number(of.number(personsOf), float64(all.persons), n)
		searches[programmeOf(of)] = s
	}
	open := span{0, math.Inf(1)}
	put("D3.connected", "all_accounts", total{persons: 107, numerator: 42, denominator: 107}, open, open)
	put("D3.first_login_8w", "all_accounts", total{persons: 108, numerator: 48, denominator: 108}, span{47, 49}, open)
	put("D3.weeks_median", "all_accounts", total{persons: 108, numerator: 48, denominator: 108}, span{47, 49},
		span{105, 109})
	put("C4.opened", "concerned_accounts", total{persons: 100, numerator: 60, denominator: 100}, open, open)
	put("C4.opened_7d", "concerned_accounts", total{persons: 100, numerator: 90, denominator: 150}, span{89, 91}, open)
	put("R1.ready.D0", "concerned_accounts", total{persons: 100, numerator: 130, denominator: 200}, open, open)
	put("R1.curve_D0", "concerned_accounts", total{persons: 100, numerator: 128, denominator: 200}, span{126, 130}, open)
	put("M3.answered", "threads", total{persons: 80, numerator: 71, denominator: 96}, span{70, 72}, open)
	put("M3.answered_10d", "threads", total{persons: 84, numerator: 81, denominator: 100}, open, open)
	put("R4.opened_24h", "recipients", total{persons: 80, numerator: 55, denominator: 100}, span{54, 56}, open)
	put("R4.opened_72h", "recipients", total{persons: 80, numerator: 62, denominator: 100}, open, open)
	curve := func(question, measure, curve, estimator string) Recipe {
		return Recipe{Question: question, Measure: measure, Curve: curve, Estimator: estimator}
	}
	narrowAcross(searches, byMeasure([]Recipe{curve("D3", "first_login_8w", "D3.first_login", "life"),
		curve("D3", "weeks_median", "D3.first_login", "life_quantile"), curve("C4", "opened_7d", "C4.opening", "life"),
		curve("R1", "curve_D0", "R1.readiness", "life"),
		{Question: "M3", Measure: "answered_10d", Curve: "M3.answer", Estimator: "life", At: 80},
		{Question: "R4", Measure: "opened_24h", Curve: "R4.opening", Estimator: "life", At: 24},
		{Question: "R4", Measure: "opened_72h", Curve: "R4.opening", Estimator: "life", At: 72}}))
	for _, want := range []struct {
		measure, population, number string
		known                       span
	}{
		{"D3.connected", "all_accounts", numeratorOf, span{47 - 6, math.Inf(1)}},
		{"D3.connected", "all_accounts", personsOf, span{105 - 1, 109}},
		{"D3.weeks_median", "all_accounts", numeratorOf, span{47, 49}},
		{"C4.opened", "concerned_accounts", numeratorOf, span{89 - 50, math.Inf(1)}},
		{"R1.ready.D0", "concerned_accounts", numeratorOf, span{126, math.Inf(1)}}, // of deadlines, as they are
		// What was answered in two days or opened in one was in ten or three.
		{"M3.answered_10d", "threads", numeratorOf, span{70, math.Inf(1)}},
		{"R4.opened_72h", "recipients", numeratorOf, span{54, math.Inf(1)}},
		{"R4.opened_24h", "recipients", numeratorOf, span{54, 56}},
	} {
		of := figure{want.measure, want.population, "ep", "REP+"}
		p := searches[programmeOf(of)].puzzle
		if got := p.of(p.index[of.number(want.number)]); got != want.known {
			t.Errorf("the %s of %s: %v, want %v", want.number, want.measure, got, want.known)
		}
	}
}

// A school that has as many active accounts as its floor, hidden for another's sake: that it
// has no fewer follows from the rules and from nothing that is published. What is published of
// it leaves less than they do.
func TestRulesSayTheFloor(t *testing.T) {
	of := figure{"D3.connected", "all_accounts", "level", "ecole"}
	f := released{of: of, total: total{numerator: 20, persons: 20, denominator: 33}, known: true}
	knowing := func(known span) *search {
		s := &search{puzzle: newPuzzle(), figures: map[figure]released{of: f}, order: []figure{of},
			solved: map[string]span{}}
		s.puzzle.number(of.number(numeratorOf), 20, known)
		return s
	}
	asked, rules := span{15, 25}, knowing(span{20, math.Inf(1)})
	for name, test := range map[string]struct {
		known      span
		asked, now bool // wide as asked, and for who knows the rules
	}{
		"hidden with all the others": {span{20, math.Inf(1)}, false, true},
		"nothing known":              {span{0, math.Inf(1)}, true, true},
		"published beside it":        {span{20, 22}, false, false},
		"known by subtraction":       {span{16, 30}, false, true},
	} {
		s := knowing(test.known)
		for need, want := range map[span]bool{asked: test.asked, rules.known(of, numeratorOf, asked): test.now} {
			line, err := s.hidden(f, numeratorOf, need)
			if err != nil {
				t.Fatal(err)
			}
			if line.Wide != want {
				t.Errorf("%s, asked %v: wide is %v", name, need, line.Wide)
			}
		}
	}
}
