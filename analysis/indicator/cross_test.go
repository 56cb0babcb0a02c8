package indicator

import (
	"reflect"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// Crosses have figures where they may, and nothing else is hidden or shown for their sake.
func TestCrosses(t *testing.T) {
	for _, test := range []struct {
		name    string
		schools int
		persons int // of each
		pages   bool
	}{
		{"without pages", 90, 45, false}, {"with pages", 90, 45, true}, {"small schools", 90, 12, true},
		{"few schools", 40, 45, true},
	} {
		r := newRegion(6, test.schools)
		for i := range r.schools {
			r.schools[i].persons = test.persons
		}
		sums := r.of("L1", "L2").sums()
		research := commit(t, r.manifest("research"), func(w *edition.Writer) error {
			return edition.WriteTable(w, edition.TableSums, sums, nil)
		})
		exact := compute(t, research, "L1", "L2")
		schoolsOf := func(results []Result) ([]Result, []School) {
			if !test.pages {
				out, err := released(results, testPolicy(t))
				if err != nil {
					t.Fatal(err)
				}
				return out, nil
			}
			out, schools, err := releasedWith(results, r.schoolsEdition(t, sums), testPolicy(t))
			if err != nil {
				t.Fatal(err)
			}
			return out, schools
		}
		with, pages := schoolsOf(exact)
		without, same := schoolsOf(withoutCrosses(exact))
		if !reflect.DeepEqual(withoutCrosses(with), without) {
			t.Errorf("%s: figures of the report move with crosses", test.name)
		}
		if !reflect.DeepEqual(pages, same) {
			t.Errorf("%s: figures of pages move with crosses", test.name)
		}
		shown, none := 0, 0
		for i, x := range with {
			if !crossed(groupingOf(x)) {
				continue
			}
			switch {
			case x.Status == Published && exact[i].counts.schools < testPolicy(t).Schools.Similar:
				t.Errorf("%s: %v of %d schools has a figure", test.name, x.Group, exact[i].counts.schools)
			case x.Status == Published:
				shown++
			case x.Status != Suppressed || !x.warns(CodeSparse):
				t.Errorf("%s: %v has no figure, and is said to be %s", test.name, x.Group, x.Status)
			default:
				none++
			}
		}
		if shown == 0 || (none > 0) != (test.schools < 90) {
			t.Errorf("%s: %d crosses have a figure, %d have none", test.name, shown, none)
		}
	}
}
