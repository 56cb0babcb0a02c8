package subject

import (
	"fmt"
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
