package subject

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// Measures that are said to count the same persons do, in every cell; every
// measure is of the approved list, for its populations, and of one family.
func TestFamiliesOfMeasures(t *testing.T) {
	approved := map[string]bool{}
	for _, m := range edition.Measures {
		for _, p := range m.Populations {
			approved[m.Name+" "+p] = true
		}
	}
	b := small(2).open(t, Research)
	if err := b.attribute(t.Context(), "level"); err != nil {
		t.Fatal(err)
	}
	written := map[string]bool{}
	for _, fam := range b.families() {
		table, err := b.tally(t.Context(), fam)
		if err != nil {
			t.Fatal(err)
		}
		cells := map[string]map[string]int64{}
		for at, s := range table.of {
			if !approved[s.measure+" "+s.population] {
				t.Errorf("%s for %s is not approved", s.measure, s.population)
			}
			written[s.measure] = true
			if cells[s.measure] == nil {
				cells[s.measure] = map[string]int64{}
			}
			for i := range table.at {
				if c := table.cell(at, i); c != nil {
					var keys uint32
					for _, k := range c.keys {
						keys += k
					}
					cells[s.measure][fmt.Sprint(table.at[i], s.population)] = c.persons<<32 + int64(keys)
				}
			}
		}
		for measure := range cells {
			like, ok := fam.like[measure]
			if !ok {
				t.Errorf("%s is of no family", measure)
			}
			if fmt.Sprint(cells[measure]) != fmt.Sprint(cells[like]) {
				t.Errorf("%s does not count the persons of %s: %v, %v", measure, like, cells[measure], cells[like])
			}
		}
	}
	for _, m := range edition.Measures {
		if !written[m.Name] {
			t.Errorf("%s is not written", m.Name)
		}
	}
}

// TestFamiliesAreApart: what must not be known of a school is of one family where it is counted of the same rows, so that no
// number of a family less one of another is what few did; and what is counted of pupils whoever is studied is none of a
// study of pupils, which may leave beside one of their parents.
func TestFamiliesAreApart(t *testing.T) {
	list, err := readMeasures()
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]string{} // a table, the family counted of it
	note := func(table, name string) {
		family := edition.FamilyOf(name)
		if family == "" {
			return
		}
		if of[table] != "" && of[table] != family {
			t.Errorf("%s is counted of %s, as is %s", name, table, of[table])
		}
		of[table] = family
	}
	for _, f := range list.From {
		for _, row := range f.Rows {
			for _, name := range row.names() {
				note(f.Table, name)
				population := cmp.Or(row.Population, f.Population)
				if slices.Contains([]string{edition.PopPupils, edition.PopSeen, edition.PopPublished, edition.PopTwoGuards},
					population) && edition.FamilyOf(name) != "" && !slices.Contains(f.Needs, "parents") {
					t.Errorf("%s of %s would leave with a study of pupils too", name, population)
				}
			}
		}
	}
	for _, c := range list.Curves {
		note(c.Units, c.Name)
		if edition.FamilyOf(c.Name) != "" && !slices.Contains(c.Needs, "parents") {
			t.Errorf("the curve %s would leave with a study of pupils too", c.Name)
		}
	}
	if len(of) < 9 {
		t.Errorf("%d tables were asked: %v", len(of), of)
	}
}
