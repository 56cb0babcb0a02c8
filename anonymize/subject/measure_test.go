package subject

import (
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

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
		if err := b.contribute(t.Context(), fam); err != nil {
			t.Fatal(err)
		}
		cells := map[string]map[string]int64{}
		err := b.engine.Query(t.Context(),
			`SELECT measure, grp, population, CAST(school_key AS BIGINT), COUNT(*),
				CAST(SUM(MOD(family_key, 1000003)) AS BIGINT)
			FROM contribution GROUP BY measure, grp, population, school_key`, func(rec arrow.Record) error {
				text := func(c, i int) string { return strings.Clone(rec.Column(c).(*array.String).Value(i)) }
				number := func(c, i int) int64 { return rec.Column(c).(*array.Int64).Value(i) }
				for i := range int(rec.NumRows()) {
					measure, population := text(0, i), text(2, i)
					if !approved[measure+" "+population] {
						t.Errorf("%s for %s is not approved", measure, population)
					}
					written[measure] = true
					if cells[measure] == nil {
						cells[measure] = map[string]int64{}
					}
					cells[measure][fmt.Sprint(text(1, i), population, number(3, i))] = number(4,
						i)*1_000_003 + number(5, i)
				}
				return nil
			})
		if err != nil {
			t.Fatal(err)
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
