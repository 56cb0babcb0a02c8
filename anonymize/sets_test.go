package anonymize

import (
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/subject"
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
