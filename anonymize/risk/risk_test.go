package risk

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/kanon"
)

func table(units []int64, columns ...kanon.Column) *kanon.Table {
	t := &kanon.Table{Columns: columns}
	if units != nil {
		t.Units = []kanon.Unit{{Name: "person", IDs: units}}
	}
	return t
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

// Six rows of four persons; person 1 has three rows in two classes.
//
//	class a: persons 1, 1, 2   class b: persons 1, 3, 4
func TestCountedOnPersons(t *testing.T) {
	r, err := Measure(table([]int64{1, 1, 2, 1, 3, 4},
		kanon.NewColumn("q", []string{"a", "a", "a", "b", "b", "b"}),
		kanon.NewColumn("s", []string{"x", "y", "x", "x", "y", "y"}),
	), Options{QuasiIdentifiers: []string{"q"}, Sensitive: []string{"s"}, AtRiskBelow: 3})
	if err != nil {
		t.Fatal(err)
	}
	if r.Rows != 6 || r.Persons != 4 || r.Classes != 2 || r.K != 2 || r.KRows != 3 || r.Uniques != 0 {
		t.Errorf("got %+v", r)
	}
	// Persons 1 and 2 are in a class of 2, persons 3 and 4 in one of 3.
	if !near(r.Prosecutor.Max, 0.5) || !near(r.Prosecutor.Average, (0.5+0.5+1./3+1./3)/4) ||
		!near(r.Prosecutor.AtRisk, 0.5) {
		t.Errorf("prosecutor: got %+v", r.Prosecutor)
	}
	if !near(r.ByRows.Prosecutor.Max, 1./3) || !near(r.Marketer, (0.5+0.5+1./3+1./3)/4) {
		t.Errorf("by rows: got %+v, marketer %v", r.ByRows.Prosecutor, r.Marketer)
	}
	// Profiles: {a,b}, {a}, {b}, {b}; as multisets the same.
	if r.ProfileKSet != 1 || r.ProfileKMultiset != 1 || r.ProfileUniques != 2 {
		t.Errorf("profiles: got %d %d %d", r.ProfileKSet, r.ProfileKMultiset, r.ProfileUniques)
	}
	if *r.LDistinct != 2 || r.TOrdered != nil || r.Absent["t_ordered"] == "" || r.Journalist != nil ||
		r.Absent["journalist"] == "" {
		t.Errorf("l %v, absent %v", *r.LDistinct, r.Absent)
	}
	// Bearers: x 1, 2; y 1, 3, 4. Class a: x 2, y 1 of 2 persons; b: x 1, y 3 of 3.
	if !near(*r.Beta, math.Max(1/(2./4)-1, 1/(3./4)-1)) || !near(*r.Alpha, 1) {
		t.Errorf("beta %v, alpha %v", *r.Beta, *r.Alpha)
	}
	if !near(*r.TEqual, 2./3-2./5) {
		t.Errorf("t %v", *r.TEqual)
	}
}

func TestAdultFiguresOfOneClass(t *testing.T) {
	r, err := Measure(table(nil, kanon.NewColumn("q", []string{"a", "a", "a", "a"}),
		kanon.NewColumn("s", []string{"1", "1", "2", "3"})),
		Options{QuasiIdentifiers: []string{"q"}, Sensitive: []string{"s"}, AtRiskBelow: 11})
	if err != nil {
		t.Fatal(err)
	}
	if *r.LDistinct != 3 || !near(*r.LEntropy, math.Exp(0.5*math.Log(2)+0.5*math.Log(4))) || !near(*r.RecursiveC, 2) ||
		*r.RecursiveL != 3 {
		t.Errorf("l %v, entropy %v, recursive %v", *r.LDistinct, *r.LEntropy, *r.RecursiveC)
	}
	if *r.TEqual != 0 || *r.TOrdered != 0 || *r.Beta != 0 || *r.Delta != 0 {
		t.Errorf("one class tells nothing: %v %v %v %v", *r.TEqual, *r.TOrdered, *r.Beta, *r.Delta)
	}
	if !near(r.Prosecutor.AtRisk, 1) || !near(r.Prosecutor.Max, 0.25) || r.Uniques != 0 {
		t.Errorf("got %+v", r.Prosecutor)
	}
}

func TestJournalistAndHousehold(t *testing.T) {
	sample := table(nil, kanon.NewColumn("q", []string{"a", "a", "b"}),
		kanon.NewColumn("home", []string{"h1", "h2", "h1"}))
	population := table(nil, kanon.NewColumn("q", []string{"a", "a", "a", "a", "b", "b", "c"}))
	r, err := Measure(sample,
		Options{QuasiIdentifiers: []string{"q"}, Population: &Population{Table: population}, Household: "home", AtRiskBelow: 3})
	if err != nil {
		t.Fatal(err)
	}
	if !near(r.Journalist.Max, 0.5) || !near(r.Journalist.Average, (0.25+0.25+0.5)/3) ||
		!near(r.Journalist.AtRisk, 1./3) {
		t.Errorf("journalist: %+v", r.Journalist)
	}
	// b is unique: h1 is found for sure; h2 has one member, in a class of two.
	if !near(r.Household.Max, 1) || !near(r.Household.Average, (1+0.5+1)/3) {
		t.Errorf("household: %+v", r.Household)
	}
}

func TestDistinctionAndSeparation(t *testing.T) {
	r, err := Measure(table(nil, kanon.NewColumn("q", []string{"a", "a", "b", "c"})),
		Options{QuasiIdentifiers: []string{"q"}, AtRiskBelow: 2})
	if err != nil {
		t.Fatal(err)
	}
	if q := r.QuasiIdentifiers[0]; !near(q.Distinction, 0.75) || !near(q.Separation, 5./6) {
		t.Errorf("got %+v", q)
	}
}

func TestRefuses(t *testing.T) {
	one := table(nil, kanon.NewColumn("q", []string{"a"}))
	if _, err := Measure(one, Options{QuasiIdentifiers: []string{"q"}}); err == nil {
		t.Error("an unset threshold is accepted")
	}
	for _, o := range []Options{{AtRiskBelow: 2}, {AtRiskBelow: 2, QuasiIdentifiers: []string{"z"}},
		{AtRiskBelow: 2, QuasiIdentifiers: []string{"q"}, Sensitive: []string{"z"}}} {
		if _, err := Measure(one, o); !errors.Is(err, kanon.ErrPolicy) {
			t.Errorf("%+v: got %v", o, err)
		}
	}
}

func TestAddingAQuasiIdentifierNeverLowersARisk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(1, 30).Draw(t, "rows")
		var columns []kanon.Column
		for j := range 3 {
			texts := make([]string, rows)
			for i := range texts {
				texts[i] = fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "value"))
			}
			columns = append(columns, kanon.NewColumn(fmt.Sprintf("q%d", j), texts))
		}
		ids := make([]int64, rows)
		for i := range ids {
			ids[i] = int64(rapid.IntRange(0, rows-1).Draw(t, "person"))
		}
		in := table(ids, columns...)
		less, err := Measure(in, Options{QuasiIdentifiers: []string{"q0", "q1"}, AtRiskBelow: 3})
		if err != nil {
			t.Fatal(err)
		}
		more, err := Measure(in, Options{QuasiIdentifiers: []string{"q2", "q0", "q1"}, AtRiskBelow: 3})
		if err != nil {
			t.Fatal(err)
		}
		const slack = 1e-12
		if more.K > less.K || more.Uniques < less.Uniques || more.Classes < less.Classes ||
			more.Marketer < less.Marketer-slack ||
			more.Prosecutor.Max < less.Prosecutor.Max-slack ||
			more.Prosecutor.Average < less.Prosecutor.Average-slack ||
			more.Prosecutor.AtRisk < less.Prosecutor.AtRisk-slack || more.ProfileKSet > less.ProfileKSet ||
			more.ProfileKMultiset > less.ProfileKMultiset {
			t.Fatalf("with one more: %+v, without: %+v", more, less)
		}
		if more.Prosecutor.Max > 1 || more.Prosecutor.Average > more.Prosecutor.Max+slack || more.Marketer > 1 ||
			more.Prosecutor.AtRisk > 1 {
			t.Fatalf("a risk is a probability: %+v", more)
		}
	})
}
