package anonymize

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/subject"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
)

// apart is the region without who, or whose family, is in several schools.
func (g *region) apart() *region {
	first, several := map[int64]int32{}, map[int64]bool{}
	family := map[int64]int64{}
	for _, p := range g.people {
		family[p.PersonKey] = p.FamilyKey
	}
	for _, m := range g.memberships {
		f := family[m.PersonKey]
		if s, ok := first[f]; ok && s != m.SchoolKey {
			several[f] = true
		}
		first[f] = m.SchoolKey
	}
	gone := map[int64]bool{}
	for _, p := range g.people {
		gone[p.PersonKey] = several[p.FamilyKey]
	}
	return g.without(gone)
}

// TestSetsAreTheSameEverywhere: in a region with one school of priority education, and schools of all bands, what a
// measure that may never stand on a page tells of a group of schools is what it tells of some of the clusters of all of
// them, and of one part of what is of several groups: whether rows of such sets tell of a school is TestSetsTellNoSchool
// of package subject. Nobody is in two schools here; who is counts in each group.
func TestSetsAreTheSameEverywhere(t *testing.T) {
	g := draw(5, 24, 40).apart()
	for i := range g.schools {
		g.schools[i].EP = []string{"HEP", "REP"}[i%2]
		g.schools[i].IPSBand = []int8{2, 3, 4}[i%7%3]
	}
	g.schools[0].EP, g.schools[1].IPSBand, g.schools[2].IPSBand = "REP+", 5, 5
	o := options(t, g)
	floors := subject.Floors{Cell: 20, Staff: 11, School: 20, ClusterSchools: 3, UnnamedSchools: unnamedSchools,
		Reported: leastReported}
	sums, times := cellsOf(t, o, floors, perturb.Parameters{})
	type of struct{ measure, population string }
	type row struct {
		of
		persons, x, y, xx int64
	}
	type part struct {
		of
		grouping, group string
		bin             int32
	}
	clusters, parts, inGroups := map[row]int{}, map[part]int{}, 0
	note := func(all bool, grouping, group string, bin int32, r row) {
		switch {
		case all && grouping == "all":
			clusters[r]++
		case !all && grouping != "all" && grouping != "grade":
			if inGroups++; clusters[r] == 0 {
				parts[part{r.of, grouping, group, bin}]++
			}
			if group == "REP+" {
				t.Errorf("%v of the one school of REP+", r)
			}
		}
	}
	for _, all := range []bool{true, false} {
		for _, r := range sums {
			if m, _ := edition.FindMeasure(r.Measure); m.Pages == edition.PagesNever {
				note(all, r.Grouping, r.Group, 0, row{of{r.Measure, r.Population}, r.Persons, r.Numerator, r.Denom, r.SumXX})
			}
		}
		for _, r := range times {
			if c, _ := edition.FindCurve(r.Curve); c.Pages == edition.PagesNever {
				note(all, r.Grouping, r.Group, r.Bin, row{of{r.Curve, ""}, r.Persons, int64(r.Bin), r.AtRisk, r.Events})
			}
		}
	}
	for p, n := range parts {
		if n > 1 {
			t.Errorf("%v: %d rows that are no cluster of all schools", p, n)
		}
	}
	if len(clusters) < 50 || inGroups < 50 || len(parts) == 0 {
		t.Errorf("%d clusters, %d rows of groups, %d parts: nothing was asked", len(clusters), inGroups, len(parts))
	}
	t.Logf("%d clusters, %d rows of groups, %d parts", len(clusters), inGroups, len(parts))
}

// TestUnnamedLeaveOnce: the register of grades of one school comes late. Of the two editions of these days the second
// less the first would be that school's, in what may never stand on its page: the second tells nothing of it, and says
// which edition does.
func TestUnnamedLeaveOnce(t *testing.T) {
	g := named(12, 25)
	o := drawOptions(t, g)
	whole := g.publications
	g.publications = slices.DeleteFunc(slices.Clone(whole), func(p zonetest.PublicationRow) bool {
		return p.SchoolKey == g.schools[0].SchoolKey
	})
	if len(g.publications) == len(whole) {
		t.Fatal("the school published nothing")
	}
	first := o
	first.Zone, first.Out = g.write(t), t.TempDir()
	g.publications = whole
	second := o
	second.Zone, second.Out = g.write(t), t.TempDir()
	told := func(o Options) (never, others int, manifest *edition.Manifest) {
		made, err := Make(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		count := func(is string) {
			if is == edition.PagesNever {
				never++
			} else {
				others++
			}
		}
		for _, r := range rowsOf[edition.SumRow](t, made.Research.Dir, edition.TableSums) {
			m, _ := edition.FindMeasure(r.Measure)
			count(m.Pages)
		}
		for _, r := range rowsOf[edition.TimeRow](t, made.Research.Dir, edition.TableTimes) {
			c, _ := edition.FindCurve(r.Curve)
			count(c.Pages)
		}
		return never, others, made.Research.Manifest
	}
	never, others, m := told(first)
	if never == 0 || m.Unnamed != "" {
		t.Fatalf("the first edition has %d such rows, and names %q", never, m.Unnamed)
	}
	again, left, m := told(second)
	if again != 0 {
		t.Errorf("the second edition has %d of the rows that must not be known of a school", again)
	}
	if left < others*9/10 {
		t.Errorf("the second edition has %d other rows, the first %d", left, others)
	}
	if m.Unnamed != "research-"+o.Study.Term || !slices.Contains(m.Notes, edition.NoteUnnamed) {
		t.Errorf("the second edition names %q, and notes %q", m.Unnamed, m.Notes)
	}
}

// TestContactsLeaveWithRows: an edition of other days within twelve months, after the addresses of a school's parents came,
// tells of no address which ones are known: that depends on no day, and less what left before it is that school's.
func TestContactsLeaveWithRows(t *testing.T) {
	g := named(12, 25)
	first := drawOptions(t, g)
	first.Zone, first.Out = g.write(t), t.TempDir()
	cut := first.Study.Start.AddDate(0, 0, 42)
	second := first
	first.Study.End, second.Study.Start, second.Study.Term = cut.AddDate(0, 0, -1), cut, "2025-T2"
	contacts := func(o Options) (contacts, never int, manifest *edition.Manifest) {
		made, err := Make(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rowsOf[edition.SumRow](t, made.Research.Dir, edition.TableSums) {
			switch m, _ := edition.FindMeasure(r.Measure); {
			case m.Contact:
				contacts++
			case m.Pages == edition.PagesNever:
				never++
			}
		}
		return contacts, never, made.Research.Manifest
	}
	told, _, m := contacts(first)
	if told == 0 || m.Anonymity.Withheld != "" {
		t.Fatalf("the first edition has %d rows of contacts, and names %q", told, m.Anonymity.Withheld)
	}
	for i := range g.people {
		if i%5 == 0 {
			g.people[i].EmailKnown = 1 - g.people[i].EmailKnown
		}
	}
	second.Zone, second.Out = g.write(t), t.TempDir()
	told, never, m := contacts(second)
	if told != 0 || m.Anonymity.Withheld != "research-"+first.Study.Term {
		t.Errorf("the second edition has %d rows of contacts, and names %q", told, m.Anonymity.Withheld)
	}
	if never == 0 || m.Unnamed != "" {
		t.Errorf("the second edition has %d other rows of unnamed schools, and names %q", never, m.Unnamed)
	}
}

func rowsOf[T any](t *testing.T, dir, table string) []T {
	t.Helper()
	rows, err := parquet.ReadFile[T](filepath.Join(dir, table+".parquet"))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
