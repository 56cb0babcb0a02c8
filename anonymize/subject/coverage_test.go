package subject

import (
	"fmt"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/ingest"
)

// School 200 has records of five persons in week 0 and of four in week 1, of whom one alone opens grades; school 300
// of four in each week.
func reporting() *fixture {
	x := base()
	x.floors.Reported, x.floors.School = 6, 6 // one member of staff comes each week
	for s, persons := range map[int32]int64{200: 5, 300: 4} {
		x.school(s)
		for i := range persons {
			person := int64(s) + i
			x.parent(person, person, s)
			for week := range 2 {
				if week == 0 || i < 4 {
					x.events = append(x.events, event(person, s, ingest.ServicePortal, at(7*week, 9, int(i), 0)),
						event(person, s, ingest.ServicePortal, at(7*week, 10, int(i), 0)))
				}
			}
		}
		x.events = append(x.events, event(int64(s), s, ingest.ServiceGrades, at(0, 11, 0, 0)))
	}
	return x
}

// What fewer persons than the floor say of a school is nobody's coverage: no week, no service, no offer.
func TestFewPersonsCoverNothing(t *testing.T) {
	b := reporting().open(t, Research)
	for question, want := range map[string]int64{
		"SELECT COUNT(*) AS n FROM covered WHERE covered = 1":                      1,
		"SELECT COUNT(*) AS n FROM covered WHERE covered = 1 AND school_key = 200": 1,
		"SELECT COUNT(*) AS n FROM covered WHERE grades = 1":                       0,
		"SELECT COUNT(*) AS n FROM reported WHERE service = 0 AND persons = 6":     1,
	} {
		if got := read(t, b, question); len(got) != 1 || got[0][0]["n"] != want {
			t.Errorf("%s: got %v, want %d", question, got, want)
		}
	}
}

// By name a school has no service, a school without measures does not stand, and a week of few says the same as one of
// nobody.
func TestCoverageOfANamedSchool(t *testing.T) {
	b := reporting().open(t, Schools)
	rows, err := b.SchoolCoverage(t.Context(), []edition.SchoolRow{{UAI: b.schools[200].uai}})
	if err != nil {
		t.Fatal(err)
	}
	weeks := 0
	for _, r := range rows {
		if r.UAI != b.schools[200].uai || r.Service != 0 || r.Expected != 1 {
			t.Errorf("%+v", r)
		}
		weeks += int(r.Reporting)
	}
	if weeks != 1 || len(rows) < 2 {
		t.Errorf("%d weeks of %d, want week 0 alone of all", weeks, len(rows))
	}
}

// A school is seen when enough parents or pupils sign in for it, and a feed delivers failures when enough persons fail.
func TestFewPersonsSignInForNobody(t *testing.T) {
	for _, c := range []struct{ reported, cell, schools, persons int64 }{
		{1, 1, 2, 5}, {5, 1, 1, 5}, {6, 1, 0, 5}, {1, 2, 2, 5}, {1, 3, 2, 0},
	} {
		x := reporting()
		x.floors.Reported, x.floors.Cell = c.reported, c.cell
		for i := range int64(5) { // all sign in, two fail before
			login := event(200+i, 200, ingest.ServiceSignIn, at(1, 8, int(i), 0))
			login.Action = int8(ingest.ActionLogin)
			x.events = append(x.events, login)
			if i < 2 {
				login.Action, login.TsMs = int8(ingest.ActionLoginFailed), login.TsMs-1000
				x.events = append(x.events, login)
			}
		}
		b := x.open(t, Research)
		for question, want := range map[string]int64{
			"SELECT COUNT(*) AS n FROM signing_in": c.persons,
			fmt.Sprintf("SELECT COUNT(*) AS n FROM (SELECT school_key FROM observed WHERE school_key >= 200 "+
				"GROUP BY school_key HAVING SUM(persons) >= %d) AS o", c.reported): c.schools,
		} {
			if got := read(t, b, question); len(got) != 1 || got[0][0]["n"] != want {
				t.Errorf("%+v: %s: got %v, want %d", c, question, got, want)
			}
		}
		rows, err := b.Coverage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Feed == edition.FeedObserved && int64(r.Reporting) != c.schools {
				t.Errorf("%+v: %d schools are seen, want %d", c, r.Reporting, c.schools)
			}
		}
	}
}
