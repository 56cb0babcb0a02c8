//go:build chain

package anonymize

import (
	"maps"
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
)

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
