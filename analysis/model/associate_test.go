package model

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
)

func TestAssociate(t *testing.T) {
	ed := small(t)
	a, err := Associate(context.Background(), ed, "ips_band", "visits")
	if err != nil {
		t.Fatal(err)
	}
	if a.Clusters != 36 || a.Persons != 36*40 {
		t.Errorf("%d persons in %d clusters", a.Persons, a.Clusters)
	}
	if len(a.Lines) != 2 || !a.Lines[0].bounded() || !(*a.Lines[0].Value < 0) {
		t.Errorf("%+v", a.Lines)
	}
	a, err = Associate(context.Background(), ed, "accompanied = yes", "visits >= 3-weekly")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range a.Lines {
		names = append(names, l.Name+" "+l.Test)
		if l.Independent == nil || !l.bounded() {
			t.Errorf("%+v", l)
		}
	}
	if got := strings.Join(names, "; "); got != "odds ratio Fisher's exact test; difference of shares McNemar, exact; "+
		"Kendall's tau-b Kendall's tau-b; Spearman's rho Spearman's rho" {
		t.Error(got)
	}
	var b bytes.Buffer
	if err := a.Write(&b, "table"); err != nil || !strings.Contains(b.String(), "NOT RELEASED") {
		t.Errorf("%v\n%s", err, b.String())
	}
}

func TestAssociateRefuses(t *testing.T) {
	ed := small(t)
	for name, columns := range map[string][2]string{
		"a word that is no column": {"visit", "accompanied"},
		"a column with itself":     {"visits", "visits = 0-never"},
		"a formula":                {"visits ~ level", "accompanied"},
		"one value":                {"visits", "accompanied = nothing"},
	} {
		_, err := Associate(context.Background(), ed, columns[0], columns[1])
		var fault FormulaError
		if !errors.As(err, &fault) && !errors.Is(err, ErrAsked) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The likeness of persons of a school is in the model where that is asked.
func TestSchoolsInTheModel(t *testing.T) {
	ed := small(t)
	f, err := Parse("never ~ level + ips_band")
	if err != nil {
		t.Fatal(err)
	}
	fit := func(o Options) *Report {
		t.Helper()
		r, err := Fit(context.Background(), ed, f, o)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	plain := fit(Options{})
	for schools, check := range map[string]string{Exchangeable: "correlation", Random: "sigma"} {
		for _, errs := range errorsOf[schools] {
			r := fit(Options{Schools: schools, Errors: errs})
			c := r.Coefficients[1]
			if !c.bounded() || *c.SE > 2**plain.Coefficients[1].SE {
				t.Errorf("%s, %s: %+v, independent %+v", schools, errs, c, plain.Coefficients[1])
			}
			if len(r.Checks) == 0 ||
				!strings.Contains(r.Checks[0].Name+r.Checks[len(r.Checks)-1].Name+r.Checks[1].Name, check) {
				t.Errorf("%s: checks %+v", schools, r.Checks)
			}
		}
	}
	for name, o := range map[string]Options{
		"counts":         {Schools: Random, Family: Linear},
		"unknown":        {Schools: "alike"},
		"sandwich":       {Schools: Random, Errors: "CR3"},
		"no likelihood":  {Errors: "information"},
		"unknown errors": {Schools: Exchangeable, Errors: "CR4"},
	} {
		if _, err := Fit(context.Background(), ed, f, o); !errors.Is(err, ErrAsked) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
