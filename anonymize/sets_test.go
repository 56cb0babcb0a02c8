package anonymize

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
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

// families makes an edition and counts its rows of each family of what must not be known of a school, and of "" the others.
func families(t *testing.T, o Options) (map[string]int, *edition.Manifest) {
	t.Helper()
	made, err := Make(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return familiesOf(t, made)
}

func familiesOf(t *testing.T, made *Outcome) (map[string]int, *edition.Manifest) {
	t.Helper()
	rows := map[string]int{}
	for _, r := range rowsOf[edition.SumRow](t, made.Research.Dir, edition.TableSums) {
		rows[edition.FamilyOf(r.Measure)]++
	}
	for _, r := range rowsOf[edition.TimeRow](t, made.Research.Dir, edition.TableTimes) {
		rows[edition.FamilyOf(r.Curve)]++
	}
	return rows, made.Research.Manifest
}

// tells fails unless an edition tells these families of what must not be known of a school and no other, and leaves those
// of elsewhere to earlier editions.
func tells(t *testing.T, rows map[string]int, m *edition.Manifest, families []string, elsewhere map[string]string) {
	t.Helper()
	told := maps.Clone(rows)
	delete(told, "")
	if got := slices.Sorted(maps.Keys(told)); !slices.Equal(got, families) {
		t.Errorf("%s tells %v, want %q", m.Term, told, families)
	}
	if !maps.Equal(m.Unnamed, elsewhere) || slices.Contains(m.Notes, edition.NoteUnnamed) != (len(elsewhere) > 0) {
		t.Errorf("%s says that others tell %v, want %v, and notes %q", m.Term, m.Unnamed, elsewhere, m.Notes)
	}
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

// TestUnnamedLeaveOnce: the register of grades of one school comes late. Of the two editions of these days the second
// less the first would be that school's, in what may never stand on its page: the second tells nothing of it, and says
// which edition does.
func TestUnnamedLeaveOnce(t *testing.T) {
	g := named(12, 25)
	first := drawOptions(t, g)
	second := first
	whole := g.publications
	g.publications = slices.DeleteFunc(slices.Clone(whole), func(p zonetest.PublicationRow) bool {
		return p.SchoolKey == g.schools[0].SchoolKey
	})
	if len(g.publications) == len(whole) {
		t.Fatal("the school published nothing")
	}
	first.Zone, first.Out = g.write(t), t.TempDir()
	g.publications = whole
	second.Zone, second.Out = g.write(t), t.TempDir()
	before, m := families(t, first)
	tells(t, before, m, edition.Families(), nil)
	elsewhere := map[string]string{}
	for _, family := range edition.Families() {
		elsewhere[family] = "research-" + first.Study.Term
	}
	after, m := families(t, second)
	tells(t, after, m, nil, elsewhere)
	if after[""] < before[""]*9/10 {
		t.Errorf("the second edition has %d other rows, the first %d", after[""], before[""])
	}
}

// TestRegisterOfGradesComesLater: of a study that had no register of grades the first edition tells nothing that rests on
// it. The second of the same days, with the register, tells that and nothing of what the first told; a third, of more
// grades, tells nothing any more, and says of each family which of both did.
func TestRegisterOfGradesComesLater(t *testing.T) {
	g := named(12, 25)
	o := drawOptions(t, g)
	whole := g.publications
	rest := []string{edition.FamilyContacts, edition.FamilyGuardians}
	names := func(i int) string { return "research-" + edition.RevisionTerm(o.Study.Term, i) }
	for i, test := range []struct {
		publications []zonetest.PublicationRow
		families     []string
		elsewhere    map[string]string
	}{
		{nil, rest, nil},
		{whole[:len(whole)*9/10], []string{"N5", "N6"}, map[string]string{rest[0]: names(1), rest[1]: names(1)}},
		{whole, nil, map[string]string{"N5": names(2), "N6": names(2), rest[0]: names(1), rest[1]: names(1)}},
	} {
		g.publications = test.publications
		o.Zone, o.Out = g.write(t), t.TempDir()
		rows, m := families(t, o)
		if m.Term != edition.RevisionTerm(o.Study.Term, i+1) {
			t.Fatalf("edition %d is of %s", i+1, m.Term)
		}
		tells(t, rows, m, test.families, test.elsewhere)
	}
}

// TestPupilsBesideParents: a study of pupils after one of parents of the same days speaks of other accounts, and tells what
// must not be known of a school of these. Its rows would be of the same families: it has none. The same study again, asked
// otherwise, tells nothing twice.
func TestPupilsBesideParents(t *testing.T) {
	parents, made := firstOf(t)
	rows, m := familiesOf(t, made)
	tells(t, rows, m, edition.Families(), nil)
	pupils := parents
	pupils.Study.Subject, pupils.Out = "pupil", t.TempDir()
	of := []string{"N5", edition.FamilyContacts}
	rows, m = families(t, pupils)
	tells(t, rows, m, of, nil)
	if want := "research-" + parents.Study.Term; m.Anonymity.Withheld != want {
		t.Errorf("the rows of the pupils' families are in %q, want %q", m.Anonymity.Withheld, want)
	}
	again := pupils
	again.Study.SchoolYear, again.Study.Name, again.Out = "2024-2025", "again", t.TempDir()
	rows, m = families(t, again)
	name := "research-" + edition.RevisionTerm(parents.Study.Term, 2)
	tells(t, rows, m, nil, map[string]string{of[0]: name, of[1]: name})
}

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

// TestContactsLeaveWithRows: an edition of other days within twelve months, after the addresses of a school's parents came,
// tells of no address which ones are known: that depends on no day, and less what left before it is that school's.
func TestContactsLeaveWithRows(t *testing.T) {
	g := named(12, 25)
	first := drawOptions(t, g)
	first.Zone, first.Out = g.write(t), t.TempDir()
	cut := first.Study.Start.AddDate(0, 0, 42)
	second := first
	first.Study.End, second.Study.Start, second.Study.Term = cut.AddDate(0, 0, -1), cut, "2025-T2"
	rows, m := families(t, first)
	if rows[edition.FamilyContacts] == 0 || m.Anonymity.Withheld != "" {
		t.Fatalf("the first edition has %v rows, and names %q", rows, m.Anonymity.Withheld)
	}
	for i := range g.people {
		if i%5 == 0 {
			g.people[i].EmailKnown = 1 - g.people[i].EmailKnown
		}
	}
	second.Zone, second.Out = g.write(t), t.TempDir()
	rows, m = families(t, second)
	name := "research-" + first.Study.Term
	tells(t, rows, m, []string{"N5", "N6", edition.FamilyGuardians}, map[string]string{edition.FamilyContacts: name})
	if m.Anonymity.Withheld != name {
		t.Errorf("the second edition names %q", m.Anonymity.Withheld)
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
