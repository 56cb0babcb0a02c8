package attack

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/kanon"
)

// region draws persons in families: a class of twenty, and three behaviours of which
// two follow a third that nobody releases.
func region(t *testing.T, families int) (*kanon.Table, *kanon.Policy) {
	t.Helper()
	draw := rand.New(rand.NewPCG(3, 4))
	var class, one, two, three []string
	var person, family []int64
	for f := range families {
		for range 1 + draw.IntN(2) {
			hidden := draw.IntN(40)
			class = append(class, fmt.Sprint("c", (f+draw.IntN(2))%20))
			one = append(one, fmt.Sprint(hidden%8))
			two = append(two, fmt.Sprint(hidden/8))
			three = append(three, fmt.Sprint(draw.IntN(4)))
			person, family = append(person, int64(len(person))), append(family, int64(f))
		}
	}
	h, err := hierarchy.Flat.Build(values(class))
	if err != nil {
		t.Fatal(err)
	}
	table := &kanon.Table{
		Columns: []kanon.Column{
			kanon.NewColumn("class", class), kanon.NewColumn("one", one),
			kanon.NewColumn("two", two), kanon.NewColumn("three", three),
		},
		Units: []kanon.Unit{{Name: "account", IDs: person}, {Name: "family", IDs: family}},
	}
	policy := &kanon.Policy{
		K: 11, SuppressionLimit: 1, Metric: kanon.Loss, Keep: []string{"one", "two", "three"},
		QuasiIdentifiers: []kanon.QuasiIdentifier{{Name: "class", Hierarchy: h, MaxLevel: -1}},
	}
	return table, policy
}

func values(texts []string) []string {
	c := kanon.NewColumn("", texts)
	return c.Values
}

// releasing gives the twins of a policy, with or without the exchange.
func releasing(p *kanon.Policy, exchange bool) func(context.Context, int, *kanon.Table) (*Twin, error) {
	return func(ctx context.Context, number int, part *kanon.Table) (*Twin, error) {
		s, err := kanon.Search(ctx, part, p)
		if err != nil {
			return nil, err
		}
		rows, err := s.Apply(part)
		if err != nil {
			return nil, err
		}
		if exchange {
			draw := rand.New(rand.NewPCG(7, uint64(number)))
			rows = kanon.Exchange(rows, []string{"class"}, func(...int64) uint64 { return draw.Uint64() })
		}
		return &Twin{Released: rows, Levels: s.Levels}, nil
	}
}

var options = Options{
	Attackers: []Attacker{
		{Name: "anybody", Known: []string{"class"}},
		{Name: "relative", Known: []string{"class", "one", "two", "three"}},
	},
	Secrets: []string{"one", "two", "three"}, Household: "family", Resamples: 200, Seed: 1,
}

func find(t *testing.T, findings []Finding, attack, attacker, secret string) Finding {
	t.Helper()
	for _, f := range findings {
		if f.Attack == attack && f.Attacker == attacker && f.Secret == secret {
			return f
		}
	}
	t.Fatalf("no %s of %q by %s", attack, secret, attacker)
	return Finding{}
}

// Rows that are persons' give them away to a relative; exchanged, they do not.
func TestExchangeTakesTheRiskAway(t *testing.T) {
	table, policy := region(t, 2000)
	plain, err := Measure(context.Background(), table, policy, releasing(policy, false), options)
	if err != nil {
		t.Fatal(err)
	}
	exchanged, err := Measure(context.Background(), table, policy, releasing(policy, true), options)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range options.Secrets {
		before := find(t, plain, Inference, "relative", secret)
		after := find(t, exchanged, Inference, "relative", secret)
		if before.Low < 0.2 {
			t.Errorf("%s, rows of persons: %+v: the attack finds nothing", secret, before)
		}
		if after.High > 0.1 {
			t.Errorf("%s, exchanged: %+v", secret, after)
		}
		if f := find(t, plain, Inference, "anybody", secret); f.High > 0.1 {
			t.Errorf("%s by somebody who knows the class alone: %+v", secret, f)
		}
	}
	if f := find(t, plain, SinglingOut, "relative", ""); f.Low <= 0 {
		t.Errorf("singling out in rows of persons: %+v", f)
	}
	if f := find(t, exchanged, SinglingOut, "relative", ""); f.High > 0.05 {
		t.Errorf("singling out in exchanged rows: %+v", f)
	}
}

// Who is in every twin or in none is no more at risk than anybody: a release of nothing.
func TestNothingReleasedIsNoRisk(t *testing.T) {
	table, policy := region(t, 1500)
	nothing := func(context.Context, int, *kanon.Table) (*Twin, error) {
		empty := &kanon.Table{}
		for _, c := range table.Columns {
			empty.Columns = append(empty.Columns, kanon.Column{Name: c.Name, Values: c.Values})
		}
		return &Twin{Released: empty, Levels: map[string]int{"class": 0}}, nil
	}
	findings, err := Measure(context.Background(), table, policy, nothing, options)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if f.Risk != 0 || f.High != 0 {
			t.Errorf("%+v", f)
		}
	}
}

func TestFewPersonsAreNotAttacked(t *testing.T) {
	table, policy := region(t, 100)
	_, err := Measure(context.Background(), table, policy, releasing(policy, true), options)
	if !errors.Is(err, ErrFew) {
		t.Errorf("got %v, want ErrFew", err)
	}
}

// TestSourcesAreJoined: rows that are persons' link a person with the edition of the schools,
// with another period and with another year; exchanged, they do not.
func TestSourcesAreJoined(t *testing.T) {
	table, policy := region(t, 1000)
	release := releasing(policy, false)
	former, err := release(context.Background(), 0, table)
	if err != nil {
		t.Fatal(err)
	}
	o := options
	o.Attackers, o.Secrets = options.Attackers[1:], nil
	o.Named, o.Years, o.Earlier = []string{"class"}, true, []Earlier{{*former}}
	plain, err := Measure(context.Background(), table, policy, release, o)
	if err != nil {
		t.Fatal(err)
	}
	exchanged, err := Measure(context.Background(), table, policy, releasing(policy, true), o)
	if err != nil {
		t.Fatal(err)
	}
	of := func(findings []Finding, source string) Finding {
		t.Helper()
		for _, f := range findings {
			if f.Attack == Linkability && f.Source == source {
				return f
			}
		}
		t.Fatalf("nothing was joined with %q", source)
		return Finding{}
	}
	for _, source := range []string{SourceSchools, SourceRelease, SourceYears} {
		if f := of(plain, source); f.Low <= 0 {
			t.Errorf("%s, rows of persons: %+v", source, f)
		}
		if f := of(exchanged, source); f.High > of(plain, source).Low/2 {
			t.Errorf("%s, exchanged: %+v", source, f)
		}
	}
}
