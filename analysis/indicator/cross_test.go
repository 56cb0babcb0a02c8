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

// crossedResult is a figure of a group as an edition tells it, x of n persons.
func crossedResult(grouping, group string, x, n, schools int64) Result {
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

// crossedPage is the page of a school of a level in the fifth IPS band.
func crossedPage(uai, level string, x, n int64, similar ...Result) School {
	r := crossedResult("uai", uai, x, n, 0)
	r.Edition, r.counts.cell.grouping = edition.KindSchools, "school"
	return School{UAI: uai, Level: level, IPSBand: "5", Results: []Result{r}, Similar: similar,
		PeerSchools: 3} // of one of them the edition has no such figure
}

// TestCrossesKeepMarksHidden: of an IPS band of six schools a cross of three has a figure unless the band less it is the
// mark of two similar schools, which nobody may know.
func TestCrossesKeepMarksHidden(t *testing.T) {
	mark := crossedResult("similar", "college 5", 12, 118, 2)
	for name, test := range map[string]struct {
		schools []School
		want    Status
	}{
		"no pages": {nil, Published},
		"a mark of two schools": {[]School{crossedPage("0750001A", "college", 7, 40, mark),
			crossedPage("0750002B", "college", 5, 78, mark)}, Suppressed},
		"a page, and no mark": {[]School{crossedPage("0750002B", "college", 5, 78)}, Published},
		"both pages, and no mark": {[]School{crossedPage("0750001A", "college", 7, 40),
			crossedPage("0750002B", "college", 5, 78)}, Published},
	} {
		results := []Result{crossedResult("all", "", 98, 744, 18), crossedResult("ips_band", "5", 22, 265, 6),
			crossedResult("stratum", "lycee 5", 11, 131, 3), crossedResult("stratum", "college 5", 12, 118, 2)}
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

// TestPagesStayHiddenWithoutCrosses: a collège without a page is what the pages leave of the level, and what those of the
// lycées leave of its IPS band. No cross has a figure, and yet the one of these numbers gives the other, and with it the
// page that is hidden for the mark of two schools.
func TestPagesStayHiddenWithoutCrosses(t *testing.T) {
	mark := crossedResult("similar", "college 4", 60, 213, 2)
	results := []Result{crossedResult("all", "", 353, 877, 12), crossedResult("level", "college", 99, 326, 3),
		crossedResult("ips_band", "5", 68, 220, 3), crossedResult("stratum", "college 4", 60, 213, 2),
		crossedResult("stratum", "college 5", 39, 113, 1), crossedResult("stratum", "lycee 5", 29, 107, 2)}
	for i := range results[3:] {
		results[3+i].Status = Suppressed
	}
	pages := []School{crossedPage("0750001A", "college", 19, 134, mark), crossedPage("0750002B", "college", 41, 79, mark),
		crossedPage("0750003C", "lycee", 18, 47), crossedPage("0750004D", "lycee", 11, 60)}
	pages[0].IPSBand, pages[1].IPSBand = "4", "4"
	released, err := protect(results, pages, testPolicy(t), Declared{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tells := released.Results[1].Status == Published && released.Results[2].Status == Published
	hidden := 0
	for _, s := range released.Schools {
		if s.Results[0].Status != Published {
			hidden++
		}
	}
	if hidden == 0 {
		t.Fatal("no page is hidden for the mark of two schools")
	}
	if tells && hidden == 1 {
		t.Error("level and band less the other pages tell the page that is hidden")
	}
}

// TestLackingPagesKnowNoPersons: where a school has no page, who counts twice in those of the others makes what they leave
// of a share neither larger nor smaller than it is: the audit grants no more.
func TestLackingPagesKnowNoPersons(t *testing.T) {
	for name, test := range map[string]struct {
		schools int64
		low     int64
	}{"all have a page": {2, -23}, "one has none": {3, -6}} {
		results := []Result{crossedResult("ep", "REP", 74, 135, test.schools)}
		pages := []School{crossedPage("0750001A", "college", 40, 78), crossedPage("0750002B", "college", 40, 80)}
		for i := range pages {
			pages[i].EP = "REP"
		}
		table, err := newTable(results, pages, testPolicy(t))
		if err != nil {
			t.Fatal(err)
		}
		got := int64(0)
		for i, key := range table.keys {
			if key.source == "L2.never" && key.grouping == "pages of ep" && table.cells[i].PartLow < 0 {
				got = table.cells[i].PartLow
			}
		}
		if got != test.low {
			t.Errorf("%s: the pages leave %d at least, want %d", name, got, test.low)
		}
	}
}
