package indicator

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/disclosure"
)

func TestStandingIsReadAsItWasWritten(t *testing.T) {
	s, n := Standing{}, byte(0)
	for d := range letters {
		n++
		s[Number{digest{n}, digest{n, 2}}] = d
	}
	data, err := s.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var again Standing
	if err := again.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(again, s) {
		t.Errorf("read %v, want %v", again, s)
	}
	if err := again.UnmarshalBinary(data[1:]); err == nil {
		t.Error("a text that ends within a number is read")
	}
	data[len(data)-1] = '?'
	if err := again.UnmarshalBinary(data); err == nil {
		t.Error("an unknown decision is read")
	}
	if _, err := (Standing{Number{}: {Status: "X"}}).MarshalBinary(); err == nil {
		t.Error("an unknown decision is written")
	}
}

func FuzzStanding(f *testing.F) {
	f.Add([]byte("123456abcdefp"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s Standing
		if s.UnmarshalBinary(data) != nil {
			return
		}
		out, err := s.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		if len(out) > len(data) {
			t.Errorf("%d bytes became %d", len(data), len(out))
		}
	})
}

func FuzzOverrides(f *testing.F) {
	list := []Override{{"L1.weekly", "all_accounts", "level", "college", disclosure.Secondary, disclosure.Plain}}
	text, err := WriteOverrides(list)
	if err != nil {
		f.Fatal(err)
	}
	if again, err := ReadOverrides(text); err != nil || !slices.Equal(again, list) {
		f.Fatal(again, err)
	}
	f.Add(text)
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := ReadOverrides(text)
		if err != nil {
			return
		}
		table := &table{index: map[cellKey]int{}}
		if err := table.override(list, nil); err == nil && len(list) > 0 {
			t.Error("an override of a cell that is not there is taken")
		}
	})
}

// TestOverridesAreClosed: beside a release only the list that it writes stands. A line less would mark what is hidden
// for another release alone, and a line that shows what is secret by itself would publish it.
func TestOverridesAreClosed(t *testing.T) {
	r := newRegion(1, 12)
	for i := range r.schools {
		if r.schools[i].ep == "REP+" {
			r.schools[i].persons = 5
		}
	}
	exact := compute(t, r.of("L1", "L2").research(t), "L1", "L2")
	first, err := protect(exact, nil, testPolicy(t), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	table, _, err := decided(exact, nil, testPolicy(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	secret := -1
	for i, o := range first.Overrides {
		if table.decisions[table.index[o.key()]].Status == disclosure.Frequency {
			secret = i
		}
	}
	if len(first.Overrides) < 2 || secret < 0 {
		t.Fatalf("%d lines, none of what is secret by itself", len(first.Overrides))
	}
	shown := slices.Clone(first.Overrides)
	shown[secret].Status, shown[secret].Form = disclosure.Publishable, disclosure.Plain
	for name, test := range map[string]struct {
		list []Override
		want bool
	}{
		"its own":                   {first.Overrides, true},
		"the first less":            {first.Overrides[1:], false},
		"none":                      {[]Override{}, false},
		"a secret number is shown":  {shown, false},
		"one of a cell that is not": {append(slices.Clone(first.Overrides), Override{Source: "Z", Status: "D"}), false},
	} {
		if _, err := protect(exact, nil, testPolicy(t), nil, test.list); (err == nil) != test.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Of two releases of one number the first decides; one of nearly the same days holds back the
// cell whatever its number, and one of other days the number alone.
func TestEarlierDecides(t *testing.T) {
	hidden, told := disclosure.Decision{Status: disclosure.Secondary, Form: disclosure.Plain},
		disclosure.Decision{Status: disclosure.Publishable, Form: disclosure.Plain}
	source := "L1.weekly"
	of := func(persons int64) *table {
		key := cellKey{source, "all_accounts", "level", "college"}
		return &table{cells: []disclosure.Cell{{Persons: persons}}, keys: []cellKey{key}}
	}
	for name, test := range map[string]struct {
		decided disclosure.Decision
		persons int64
		nearly  bool
		want    *disclosure.Decision
	}{
		"the same number, held back":                        {hidden, 40, false, &hidden},
		"the same number, told":                             {told, 40, false, &told},
		"another number, held back, of nearly the days":     {hidden, 41, true, &hidden},
		"another number, held back, of other days":          {hidden, 41, false, nil},
		"another number, told, of nearly the days":          {told, 41, true, nil},
		"a month, another number, held back, of other days": {hidden, 41, false, &hidden},
		"a month, another number, told, of other days":      {told, 41, false, nil},
	} {
		source = "L1.weekly"
		if strings.HasPrefix(name, "a month") {
			source += "@2025-09"
		}
		first := of(40)
		first.decisions = []disclosure.Decision{test.decided}
		var e Earlier
		e.Add(first.numbers(), test.nearly)
		e.Add(Standing{first.number(0): {Status: disclosure.Frequency, Form: disclosure.Plain}}, false)
		second := of(test.persons)
		if same := second.lay(e); same != map[bool]int{true: 1}[test.want != nil] {
			t.Errorf("%s: laid beside %d cells", name, same)
		}
		switch got := second.cells[0].Before; {
		case got == nil && test.want == nil:
		case got == nil || test.want == nil || *got != *test.want:
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}
