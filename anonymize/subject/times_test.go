package subject

import (
	"fmt"
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
	"github.com/entscope/entscope/anonymize/perturb"
)

// A curve of which a person may have several units has the noise of a sum of them, also where nobody has two: a count
// of persons never leaves as 1 to 4, a sum does.
func TestWhoHasTwoUnitsDecidesNoNoise(t *testing.T) {
	b := base().open(t, Research)
	b.o.Perturbation = &perturb.Parameters{Variance: 9, Maximum: 8, Least: 5, Step: 0.4}
	unlike := map[string]int{} // the noise of as many persons
	for draw := range int64(300) {
		var err error
		b.noise, err = perturb.NewNoise(*b.o.Perturbation,
			b.o.Key.LastingPRF(fmt.Sprint("draw ", draw)).Uint64)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range edition.Curves {
			six := &life{[]distinct{{6, 77}}, []distinct{{7, 78}}, []distinct{{13, 155}}} // of thirteen persons
			for _, r := range b.lifeRows(edition.TimeRow{}, six, 5, b.most(curve{Curve: e})) {
				if r.Events > 0 && r.Events < 5 {
					t.Fatalf("%s: %d events", e.Name, r.Events)
				}
				if r.Events != b.noise.Count(77, 6) {
					unlike[e.Name]++
				}
			}
		}
	}
	for _, name := range []string{"N4.first_view", "N6.parent", "N7.delay", "R4.opening", "M3.answer", "C4.opening"} {
		if unlike[name] < 100 {
			t.Errorf("%s: the noise of six units is that of six persons", name)
		}
	}
	if unlike["D3.first_login"] > 0 {
		t.Errorf("D3.first_login: %d of 300 counts of accounts have other noise than a count", unlike["D3.first_login"])
	}
}

// Of a person a curve takes no more units than it declares, spread over all of them.
func TestUnitsAreCapped(t *testing.T) {
	type unit struct {
		Grp       string `parquet:"grp"`
		SchoolKey int64  `parquet:"school_key"`
		PersonKey int64  `parquet:"person_key"`
		Step      int64  `parquet:"step"`
		Event     int64  `parquet:"event"`
		Units     int64  `parquet:"units"`
	}
	for name, c := range map[string]struct {
		most int64
		rows []unit
		want []leaving
	}{
		"as many as there are": {6, []unit{{"", 1, 5, 0, 1, 2}, {"", 1, 5, 3, 0, 4}},
			[]leaving{{"", 1, 0, 1, 2, 10, 0, 0}, {"", 1, 3, 0, 4, 20, 1, 5}}},
		"half": {3, []unit{{"", 1, 5, 0, 1, 2}, {"", 1, 5, 3, 0, 4}},
			[]leaving{{"", 1, 0, 1, 1, 5, 0, 0}, {"", 1, 3, 0, 2, 10, 1, 5}}},
		"the middle one": {1, []unit{{"", 1, 5, 0, 1, 2}, {"", 1, 5, 3, 0, 1}, {"", 1, 5, 4, 1, 2}},
			[]leaving{{"", 1, 3, 0, 1, 5, 1, 5}}},
		"single units of one step, and others": {2, []unit{{"", 1, 5, 0, 1, 1}, {"", 1, 5, 0, 1, 1}, {"", 1, 5, 0, 1, 1},
			{"", 1, 5, 0, 1, 1}, {"", 1, 6, 0, 1, 1}, {"", 2, 5, 0, 1, 1}},
			[]leaving{{"", 1, 0, 1, 3, 16, 2, 11}, {"", 2, 0, 1, 1, 5, 1, 5}}},
	} {
		b := base().open(t, Research)
		if err := put(t.Context(), b, "unit", c.rows); err != nil {
			t.Fatal(err)
		}
		if err := put(t.Context(), b, "unit_cap", []unitCap{{c.most}}); err != nil {
			t.Fatal(err)
		}
		var got []leaving
		if err := flow.Rows(t.Context(), b.run, "curve_cell", func(r leaving) error {
			got = append(got, r)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
