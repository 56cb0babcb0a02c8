package edition

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// A valid entry with one change is refused.
func TestMeasuresAreStrict(t *testing.T) {
	const valid = `[groupings]
wide = ["all", "level"]
few = ["all"]

[[measure]]
name = "L1.a"
kind = "share"
per_head = true
x = "1 if so"
y = "1"
populations = ["all_accounts"]
groupings = ["few"]
pages = "school"
`
	list, err := readMeasures([]byte(valid))
	if err != nil {
		t.Fatal(err)
	}
	if m := list.Measures[0]; len(m.By) != 1 || m.By[0] != "all" {
		t.Errorf("few stands for %v", m.By)
	}
	for _, c := range []struct{ from, to, want string }{
		{`name = "L1.a"`, "", "the name is missing"},
		{`"share"`, `"rate"`, "kind is not"},
		{`"share"`, `"amount"`, "per_head goes with a share"},
		{`x = "1 if so"`, "", "x or y"},
		{`"all_accounts"`, `"everybody"`, `population "everybody"`},
		{`["all_accounts"]`, `[]`, "no population"},
		{`["few"]`, `["region"]`, `grouping "region"`},
		{`"school"`, `"front"`, "pages is not"},
		{`per_head`, `per_heads`, "strict"},
		{`"L1.a"`, `"L1.{a}"`, "places of no list"},
		{`pages = `, "family = \"a\"\npages = ", "family goes with"},
	} {
		_, err := readMeasures([]byte(strings.Replace(valid, c.from, c.to, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s for %s: %v", c.to, c.from, err)
		}
	}
	if _, err := readMeasures([]byte(valid + valid[strings.Index(valid, "[[measure]]"):])); err == nil {
		t.Error("a measure that stands twice is accepted")
	}
}

// A name with places stands for all of them; a sum of it has one of each, or is one of each.
func TestPlaces(t *testing.T) {
	const text = `[groupings]
wide = ["all"]
[places]
day = ["a", "b"]
hour = ["1", "2", "3"]
[[measure]]
name = "L1.{day}_{hour}"
kind = "amount"
x = "at {hour} on {day}"
y = "1"
populations = ["all_accounts"]
pages = "research"
[[measure]]
name = "L1.{hour}"
kind = "amount"
x = "at {hour}"
y = "1"
populations = ["all_accounts"]
pages = "research"
[[sum]]
parts = ["L1.{day}_{hour} all_accounts numerator"]
total = "L1.{hour} all_accounts numerator"
rest = "L1.3 all_accounts numerator"
[[sum]]
parts = ["L1.{hour} all_accounts numerator"]
total = "L1.1 all_accounts denominator"
`
	list, err := readMeasures([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if m := list.Measures; len(m) != 9 || m[1].Name != "L1.a_2" || m[5].X != "at 3 on b" || m[8].Name != "L1.3" {
		t.Errorf("%v", m)
	}
	x := func(name string) Addend { return Addend{Measure: name, Population: PopAll, Number: NumberX} }
	rest := x("L1.3")
	want := []Sum{
		{[]Addend{x("L1.a_1"), x("L1.b_1")}, x("L1.1"), &rest, false},
		{[]Addend{x("L1.a_2"), x("L1.b_2")}, x("L1.2"), &rest, false},
		{[]Addend{x("L1.a_3"), x("L1.b_3")}, x("L1.3"), &rest, false},
		{[]Addend{x("L1.1"), x("L1.2"), x("L1.3")}, Addend{Measure: "L1.1", Population: PopAll, Number: NumberY}, nil, false},
	}
	if !reflect.DeepEqual(list.Sums, want) {
		t.Errorf("%v, want %v", list.Sums, want)
	}
	unknown := strings.Replace(text, `rest = "L1.3 `, `rest = "L1.4 `, 1)
	if _, err := readMeasures([]byte(unknown)); err == nil {
		t.Error("a rest that is no measure is accepted")
	}
}

// Of each measure of a population, and of no other, no more persons count than there are.
func TestSumOfEach(t *testing.T) {
	each := map[string]bool{}
	for _, s := range Sums {
		p := s.Parts[0]
		if p.Number != NumberPersons || !s.Fewer {
			continue
		}
		if p.Population == PopActive && s.Total != (Addend{Measure: "D3.connected", Population: PopAll, Number: NumberX}) {
			t.Errorf("%v count in %v", p, s.Total)
		}
		each[p.Measure+" "+p.Population] = true
	}
	for _, m := range Measures {
		if slices.Contains(m.Populations, PopActive) && !each[m.Name+" "+PopActive] {
			t.Errorf("%s: its persons are in no sum", m.Name)
		}
	}
}

// A number of a curve is that of each figure which is read on it, in a sum that says no more than fewer.
func TestSumsOfCurves(t *testing.T) {
	for _, s := range Sums {
		for _, a := range s.Terms() {
			if _, ok := FindCurve(a.Measure); ok != a.OfCurve() {
				t.Errorf("%v: a curve has events and entrants, and nothing else has", a)
			}
		}
	}
	events, x := Addend{Measure: "D3.first_login", Population: PopAll, Number: NumberEvents}, Addend{Measure: "L2.never", Population: PopAll, Number: NumberX}
	persons := Addend{Measure: "D3.connected", Population: PopAll, Number: NumberPersons}
	at := func(name string) Addend { return Addend{Measure: name, Population: PopAll, Number: NumberEvents} }
	got := Sum{Parts: []Addend{events, x}, Total: persons, Fewer: true}.Read(func(a Addend) []Addend {
		if a != events {
			t.Errorf("%v is asked for", a)
		}
		return []Addend{at("D3.early"), at("D3.late")}
	})
	want := []Sum{
		{[]Addend{at("D3.early"), x}, persons, nil, true}, {[]Addend{at("D3.late"), x}, persons, nil, true},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	read := func(Addend) []Addend {
		late, early := at("D3.late"), at("D3.early")
		late.From, early.From = 8, 4
		return []Addend{late, early}
	}
	later := events
	later.From = 5
	for name, test := range map[string]struct{ of, want Sum }{
		"from a time on": {Sum{Parts: []Addend{x}, Total: later, Fewer: true},
			Sum{[]Addend{x}, at("D3.late"), nil, true}},
		"the curve itself": {Sum{Parts: []Addend{events}, Total: events, Fewer: true},
			Sum{[]Addend{at("D3.early")}, at("D3.late"), nil, true}},
	} {
		if got := test.of.Read(read); !reflect.DeepEqual(got, []Sum{test.want}) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	var a Addend
	for text, want := range map[string]Addend{"C all_accounts events>=24": {Measure: "C", Population: PopAll,
		Number: NumberEvents, From: 24}, "C all_accounts numerator>=24": {}, "C all_accounts events>=x": {}} {
		if a = (Addend{}); (a.UnmarshalText([]byte(text)) == nil) != (want != Addend{}) || want.From != a.From {
			t.Errorf("%s: %v", text, a)
		}
	}
	if none := (Sum{Parts: []Addend{x}, Total: events, Fewer: true}).Read(func(Addend) []Addend { return nil }); none != nil {
		t.Errorf("%v of a curve that no figure is read on", none)
	}
	for a, want := range map[Addend]bool{persons: true, x: true, {Measure: "L1.weekly", Population: PopAll, Number: NumberX}: false,
		{Measure: "L1.weekly", Population: PopAll, Number: NumberPersons}: true, {Measure: "R1.ready.D0", Population: PopConcerned, Number: NumberX}: false} {
		if a.Heads() != want {
			t.Errorf("%v: heads is %v", a, !want)
		}
	}
	text := strings.Replace(sumOfCurve, "fewer = true", "", 1)
	if _, err := readMeasures([]byte(sumOfCurve)); err != nil {
		t.Error(err)
	}
	if _, err := readMeasures([]byte(text)); err == nil {
		t.Error("figures of one curve are added up")
	}
}

const sumOfCurve = `
[[measure]]
name = "L1.a"
kind = "share"
per_head = true
x = "1"
y = "1"
populations = ["all_accounts"]
pages = "research"
[[sum]]
parts = ["D3.first_login all_accounts events"]
total = "L1.a all_accounts numerator"
fewer = true
`

// What stands on a school page is never what may not.
func TestPagesOfMeasures(t *testing.T) {
	never := 0
	for _, m := range Measures {
		if m.Pages == PagesNever {
			never++
		}
		if (m.Family != "") != (m.Pages == PagesNever) {
			t.Errorf("%s: %s, of the family %q", m.Name, m.Pages, m.Family)
		}
		if m.Schools() && m.Pages != PagesSchool {
			t.Errorf("%s: %s", m.Name, m.Pages)
		}
	}
	for _, c := range Curves {
		if (c.Family != "") != (c.Pages == PagesNever) {
			t.Errorf("%s: %s, of the family %q", c.Name, c.Pages, c.Family)
		}
	}
	if never == 0 {
		t.Error("no measure is kept off the pages of schools")
	}
	for name, want := range map[string]string{"N5.grid.15.50.low": "N5", "N6.pupil": "N6", "N6.together": "N6",
		"P1.low": FamilyGuardians, "P3.two": FamilyGuardians, "R3.no_phone": FamilyContacts,
		"A2.balance.email.control": FamilyContacts, "F2.never.email": FamilyContacts, "L2.never": ""} {
		if got := FamilyOf(name); got != want {
			t.Errorf("%s is of the family %q, want %q", name, got, want)
		}
	}
	if got := Families(); !slices.Equal(got, []string{"N5", "N6", FamilyContacts, FamilyGuardians}) {
		t.Errorf("the families are %q", got)
	}
}
