package anonymize

import (
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/subject"
	"github.com/entscope/entscope/anonymize/zone"
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

// without is the region after some persons left it.
func (g *region) without(gone map[int64]bool) *region {
	next := *g
	next.people = slices.DeleteFunc(slices.Clone(g.people), func(r zone.PersonRow) bool { return gone[r.PersonKey] })
	next.accounts = slices.DeleteFunc(slices.Clone(g.accounts), func(r zone.AccountRow) bool {
		return gone[r.PersonKey]
	})
	next.memberships = slices.DeleteFunc(slices.Clone(g.memberships), func(r zone.MembershipRow) bool {
		return gone[r.PersonKey]
	})
	next.links = slices.DeleteFunc(slices.Clone(g.links), func(r zone.LinkRow) bool { return gone[r.GuardianKey] })
	next.events = slices.DeleteFunc(slices.Clone(g.events), func(r zone.EventRow) bool { return gone[r.PersonKey] })
	return &next
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

// firstOf is the first edition of named(12, 25), of parents, as several studies of it go on: its zone and its rows, and a
// register of their own that has it. Nobody changes it.
func firstOf(t *testing.T) (Options, *Outcome) {
	t.Helper()
	makeFirst.Do(func() {
		dir := filepath.Join(kept, "first")
		z := diskZone{filepath.Join(dir, "zone"), buckets}
		g, o := named(12, 25), options(t, &region{})
		if err := os.MkdirAll(z.dir, 0o700); err != nil {
			t.Fatal(err)
		}
		o.Zone, o.Out = g.writeTo(t, z), filepath.Join(dir, "editions")
		o.Releases = registerAt(t, filepath.Join(dir, "master.key"))
		made, err := Make(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		first.options, first.made = o, made
	})
	if first.made == nil {
		t.Fatal("another test could not make the edition")
	}
	o, key := first.options, filepath.Join(t.TempDir(), "master.key")
	text, err := os.ReadFile(filepath.Join(kept, "first", "master.key.register"))
	if err == nil {
		err = os.WriteFile(key+".register", text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	o.Releases, o.Engine.TempDir = registerAt(t, key), t.TempDir()
	return o, first.made
}

var (
	makeFirst sync.Once
	first     struct {
		options Options
		made    *Outcome
	}
)

// TestAnotherPromiseOfRowsSaysTheSame: where the policy of rows is another, and nobody has changed, no row leaves again, and
// the cells are those of the first edition to the last digit: another draw of the noise would be averaged with them.
func TestAnotherPromiseOfRowsSaysTheSame(t *testing.T) {
	first, made := firstOf(t)
	second, policy := first, *first.Research
	policy.K++
	second.Research, second.ConfigHash, second.PolicyHash, second.Out = &policy, "another", "another", t.TempDir()
	again, err := Make(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	if again.Withheld == "" {
		t.Error("rows of persons leave twice")
	}
	before, after := rowsOf[edition.SumRow](t, made.Research.Dir, edition.TableSums),
		rowsOf[edition.SumRow](t, again.Research.Dir, edition.TableSums)
	if len(before) == 0 || !slices.Equal(before, after) {
		t.Errorf("%d rows, then %d others", len(before), len(after))
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
