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

// TestCrossesKeepMarksHidden: of an IPS band of six schools a cross of three has a figure unless the band less it is the
// mark of two similar schools, which nobody may know.
func TestCrossesKeepMarksHidden(t *testing.T) {
	of := func(grouping, group string, x, n int64, schools int64) Result {
		value := float64(x) / float64(n)
		r := Result{Indicator: "L2", Edition: "research", Measure: "never", Population: "opened_accounts", Status: Published,
			Estimate: &value, N: n, Group: map[string]string{grouping: group}, Warnings: []Warning{}, counts: &counts{
				cell: cellKey{"L2.never", "opened_accounts", grouping, group}, persons: n, x: x, y: n, perHead: true,
				schools: schools, topUnit: 0.3}}
		if grouping == "all" {
			r.Group = map[string]string{}
		}
		return r
	}
	page := func(uai string, x, n int64, similar ...Result) School {
		r := of("uai", uai, x, n, 0)
		r.Edition, r.counts.cell.grouping = edition.KindSchools, "school"
		return School{UAI: uai, Level: "college", IPSBand: "5", Results: []Result{r}, Similar: similar,
			PeerSchools: 3} // of one of them the edition has no such figure
	}
	mark := of("similar", "college 5", 12, 118, 2)
	for name, test := range map[string]struct {
		schools []School
		want    Status
	}{
		"no pages":                {nil, Published},
		"a mark of two schools":   {[]School{page("0750001A", 7, 40, mark), page("0750002B", 5, 78, mark)}, Suppressed},
		"a page, and no mark":     {[]School{page("0750002B", 5, 78)}, Published},
		"both pages, and no mark": {[]School{page("0750001A", 7, 40), page("0750002B", 5, 78)}, Published},
	} {
		results := []Result{of("all", "", 98, 744, 18), of("ips_band", "5", 22, 265, 6), of("stratum", "lycee 5", 11, 131, 3),
			of("stratum", "college 5", 12, 118, 2)}
		released, err := protect(results, test.schools, testPolicy(t), Declared{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := released.Results[2].Status; got != test.want {
			t.Errorf("%s: the cross of three schools is %s, want %s", name, got, test.want)
		}
		if got := released.Results[3].Status; got != Suppressed {
			t.Errorf("%s: the cross of two schools is %s", name, got)
		}
	}
}
