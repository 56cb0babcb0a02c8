package zone

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/tabular"

	"github.com/entscope/entscope/anonymize/durable"
)

// testDirectory: two siblings in one collège and grade, one of them also in a
// lycée's class, an only child; parents 11 and 12 are legal guardians, 13 is a
// grandparent without rank, 12bis is 12 again. Numbers overlap on purpose.
const testAAF = `<ficAlimMENESR>
<addRequest><operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
<identifier><id>1</id></identifier>
<attributes><attr name="ENTEleveNivFormation"><value>6EME</value></attr>
<attr name="ENTEleveClasses"><value>9990001X$6A</value></attr>
<attr name="ENTElevePersRelEleve"><value>11$2$1$1$0$0</value><value>12$1$0$2$0$0</value><value>12bis$1$0$0$0$0</value>
<value>13$4$0$0$1$0</value></attr></attributes></addRequest>
<addRequest><operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
<identifier><id>2</id></identifier>
<attributes><attr name="ENTEleveNivFormation"><value>6EME</value></attr>
<attr name="ENTEleveClasses"><value>9990001X$6B</value><value>9990002Y$X</value></attr>
<attr name="ENTElevePersRelEleve"><value>11$2$1$1$0$0</value></attr></attributes></addRequest>
<addRequest><operationalAttributes><attr name="categoriePersonne"><value>Eleve</value></attr></operationalAttributes>
<identifier><id>11</id></identifier>
<attributes><attr name="ENTEleveNivFormation"><value>CM2</value></attr>
<attr name="ENTEleveClasses"><value>9990003A$CM2</value></attr></attributes></addRequest>
</ficAlimMENESR>`

func readTestDirectory(t testing.TB) *directory.Directory { return readTestAAF(t, testAAF) }

func readTestAAF(t testing.TB, aaf string) *directory.Directory {
	t.Helper()
	return readTestFiles(t, aaf, registerTexts, nil)
}

func readTestFiles(t testing.TB, aaf string, registers map[string]string,
	take func(*register.Register, *register.Row) error) *directory.Directory {
	t.Helper()
	files := map[string]string{
		"ENT_Complet_20250901_Eleve_0000.xml": aaf,
		"accounts.csv": "person;account;profile;created\n" +
			"11;u11;parent;2025-09-01\n11;u11b;parent;2025-09-02\n1;u1;pupil;\n11;p11;pupil;\n",
		"merges.csv":  "person;same_as\n12;12bis\n",
		"schools.csv": "uai;zone;alias;ips\n9990001X;A;ent-1;101,4\n",
	}
	for kind, text := range registers {
		files[kind+".csv"] = text
	}
	mapping := func(date, datetime string, fields ...string) *tabular.Mapping {
		m := &tabular.Mapping{Columns: map[string]any{}, Date: date, DateTime: datetime}
		for _, f := range fields {
			m.Columns[f] = f
		}
		return m
	}
	merges := mapping("", "", "person", "same_as")
	merges.Constants = map[string]string{"profile": "parent"}
	o := directory.Options{
		AAF: []string{"ENT_Complet_20250901_Eleve_0000.xml"},
		Accounts: []directory.Table{{Files: []string{"accounts.csv"}, Accounts: "entcore",
			Mapping: mapping("2006-01-02", "", "person", "account", "profile", "created")}},
		Schools: &directory.Table{Files: []string{"schools.csv"},
			Mapping: mapping("", "", "uai", "zone", "alias", "ips")},
		Merges: []directory.Table{{Files: []string{"merges.csv"}, Mapping: merges}},
		Start:  20339, End: 20436, Zone: time.UTC, Open: openText(files),
		Registers: func(ctx context.Context, l *directory.Lookup) error {
			return register.Read(ctx, registerTables(), l, take)
		},
	}
	d, err := directory.Read(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func readRows[T any](t *testing.T, dir string, p *People, table string) []T {
	t.Helper()
	for _, f := range p.Files {
		if f.Table != table {
			continue
		}
		rows, err := parquet.ReadFile[T](filepath.Join(dir, f.Path))
		if err != nil {
			t.Fatal(err)
		}
		if int64(len(rows)) != f.Rows {
			t.Errorf("%s: %d rows, %d listed", table, len(rows), f.Rows)
		}
		return rows
	}
	t.Fatalf("no table %s", table)
	return nil
}

func TestWritePeople(t *testing.T) {
	dir, k := filepath.Join(t.TempDir(), "restricted"), testStudy(t)
	p := writeRegisters(t, dir, registerTexts, k)
	parent := func(id string) int64 { return k.Persons("aaf/parent").Key([]byte(id)) }
	pupil := func(id string) int64 { return k.Persons("aaf/pupil").Key([]byte(id)) }
	account := func(id string) int64 { return k.Persons("account/entcore").Key([]byte(id)) }

	people := map[int64]PersonRow{}
	for _, r := range readRows[PersonRow](t, dir, p, "people") {
		people[r.PersonKey] = r
		if pseudonym.PersonKey(r.Pseudonym) != r.PersonKey {
			t.Error("a pseudonym does not begin with its key")
		}
	}
	if len(people) != 6 || p.Persons != 6 { // 12bis is 12
		t.Fatalf("%d people, want 6", len(people))
	}
	family := slices.MinFunc([]int64{pupil("1"), pupil("2"), parent("11"), parent("12"), parent("13")},
		pseudonym.CompareRecords)
	for _, key := range []int64{pupil("1"), pupil("2"), parent("11"), parent("12"), parent("13")} {
		if people[key].FamilyKey != family {
			t.Error("a family is torn apart")
		}
	}
	if people[pupil("11")].FamilyKey != pupil("11") || people[parent("11")].CreatedDay != 20332 ||
		people[parent("11")].Profile != int8(ingest.ProfileParent) {
		t.Errorf("%+v", people[parent("11")])
	}

	class := func(name string) int64 { return k.Hasher("class").Key([]byte(name)) }
	want := []MembershipRow{
		{pupil("1"), 9990001, "6e", class("9990001X$6A"), 20301, 20665},
		{pupil("2"), 9990001, "6e", class("9990001X$6B"), 20301, 20665},
		{pupil("2"), 9990002, "6e", class("9990002Y$X"), 20301, 20665},
		{pupil("11"), 9990003, "CM2", class("9990003A$CM2"), 20301, 20665},
		{parent("11"), 9990001, "6e", 0, 20301, 20665}, // two children, one row
		{parent("11"), 9990002, "6e", 0, 20301, 20665},
		{parent("12"), 9990001, "6e", 0, 20301, 20665},
	} // and none of the grandparent
	slices.SortFunc(want, func(a, b MembershipRow) int {
		return cmp.Or(cmp.Compare(a.PersonKey, b.PersonKey), cmp.Compare(a.SchoolKey, b.SchoolKey))
	})
	if got := readRows[MembershipRow](t, dir, p, "memberships"); !slices.Equal(got, want) {
		t.Errorf("memberships\n%+v\nwant\n%+v", got, want)
	}
	if got := readRows[LinkRow](t, dir, p, "links"); len(got) != 4 {
		t.Errorf("links %+v", got)
	}
	if got := readRows[SchoolRow](t, dir, p, "schools"); len(got) != 3 || got[0].SchoolKey != 9990001 ||
		got[0].IPSTenths != 1014 || got[0].IPSBand != 3 {
		t.Errorf("schools %+v", got)
	}
	if got := readRows[zonetest.PublicationRow](t, dir, p, "publications"); len(got) != 1 ||
		got[0].ClassKey != class("9990001X$6A") || got[0].SchoolKey != 9990001 {
		t.Errorf("publications %+v", got)
	}
	if got := readRows[zonetest.AccompanimentRow](t, dir, p, "accompaniment"); len(got) != 1 ||
		got[0].PersonKey != parent("12") {
		t.Errorf("accompaniment %+v", got)
	}
	if got := readRows[zonetest.EquipmentRow](t, dir, p, "equipment"); len(got) != 1 ||
		got[0] != (zonetest.EquipmentRow{ChildKey: pupil("1"), HasComputer: 1, HasFixedNet: -1, LocalDate: -1}) {
		t.Errorf("equipment %+v", got)
	}
	if got := readRows[CalendarRow](t, dir, p, "calendar"); len(got) == 0 || got[0].Zone != "" ||
		got[len(got)-1].Zone != "A" {
		t.Errorf("calendar: %d rows", len(got))
	}

	for id, person := range map[string]int64{"u11": parent("11"), "u11b": parent("11"), "u1": pupil("1"),
		"p11": pupil("11")} {
		if got, ok := p.Lookup(account(id)); !ok || got != person {
			t.Errorf("account %s is not found", id)
		}
	}
	for _, key := range []int64{account("nobody"), parent("11"), 0} {
		if _, ok := p.Lookup(key); ok {
			t.Error("an unknown account was found")
		}
	}
	for name, key := range map[string]int32{"ent-1": 9990001, "9990001X": 9990001, "9990009B": 9990009, "": 0} {
		if got := p.School([]byte(name)); got != key {
			t.Errorf("School(%q) = %d, want %d", name, got, key)
		}
	}
	alias := []byte("ent-1")
	if n := testing.AllocsPerRun(100, func() { p.Lookup(42); p.School(alias) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// The same directory and key give the same files; another salt other keys; and
// no raw identifier is in any of them.
func TestWritePeopleDeterministic(t *testing.T) {
	k := testStudy(t)
	var hashes []string
	for range 2 {
		dir := t.TempDir()
		p, err := WritePeople(context.Background(), durable.Disk{}, dir, readTestDirectory(t), nil, k)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, p.Hash())
		for _, f := range p.Files {
			content, err := os.ReadFile(filepath.Join(dir, f.Path))
			if err != nil {
				t.Fatal(err)
			}
			if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != f.SHA256 {
				t.Errorf("%s: not the listed bytes", f.Table)
			}
			for _, raw := range []string{"u11", "u11b", "p11", "ent-1", "6A", "6B"} {
				if bytes.Contains(content, []byte(raw)) {
					t.Errorf("%s holds the raw identifier %s", f.Table, raw)
				}
			}
		}
		again, err := WritePeople(context.Background(), durable.Disk{}, dir, readTestDirectory(t), nil, k)
		if err != nil || !slices.Equal(again.Files, p.Files) {
			t.Errorf("written twice in one place: %v", err)
		}
		entries, _ := os.ReadDir(filepath.Join(dir, tableFolder))
		if len(entries) != len(p.Files) {
			t.Errorf("%d files, want %d", len(entries), len(p.Files))
		}
	}
	if hashes[0] != hashes[1] {
		t.Error("two hashes of one directory")
	}
	other, err := testMaster(t).Study("usages-familles", "2025-2026", [32]byte{2})
	if err != nil {
		t.Fatal(err)
	}
	p, err := WritePeople(context.Background(), durable.Disk{}, t.TempDir(), readTestDirectory(t), nil, other)
	if err != nil || p.Hash() == hashes[0] {
		t.Errorf("another salt, the same hash: %v", err)
	}
}

// The order of the records in the directory changes nothing of what is written.
func TestWritePeopleOrder(t *testing.T) {
	records := strings.SplitAfter(strings.TrimSuffix(strings.TrimPrefix(testAAF, "<ficAlimMENESR>\n"),
		"</ficAlimMENESR>"), "</addRequest>\n")
	slices.Reverse(records)
	k := testStudy(t)
	a, err := WritePeople(context.Background(), durable.Disk{}, t.TempDir(), readTestDirectory(t), nil, k)
	if err != nil {
		t.Fatal(err)
	}
	b, err := WritePeople(context.Background(), durable.Disk{}, t.TempDir(),
		readTestAAF(t, "<ficAlimMENESR>\n"+strings.Join(records, "")+"</ficAlimMENESR>"), nil, k)
	if err != nil {
		t.Fatal(err)
	}
	if a.Hash() != b.Hash() || !slices.Equal(a.Files, b.Files) {
		t.Errorf("another order, other tables:\n%+v\n%+v", a.Files, b.Files)
	}
}

func TestCollisionsRefused(t *testing.T) {
	p := &People{keys: make([]int64, 8), persons: make([]int64, 8)}
	if !p.insert(5, 1) || !p.insert(13, 2) || p.insert(5, 3) { // 13 falls on 5's slot
		t.Error("insert")
	}
	if got, ok := p.Lookup(13); !ok || got != 2 {
		t.Error("the neighbour is lost")
	}
	for _, keys := range [][]int64{{3, 1, 3}, {1, 0, 2}} {
		if err := different(keys); !errors.Is(err, ErrCollision) {
			t.Errorf("%v: %v", keys, err)
		}
	}
	if err := different([]int64{2, -1, 1}); err != nil {
		t.Error(err)
	}
}

func TestLookupProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		model := rapid.MapOf(rapid.Int64Range(1, 1000), rapid.Int64()).Draw(t, "accounts")
		size := 2
		for size < 2*len(model) {
			size *= 2
		}
		p := &People{keys: make([]int64, size), persons: make([]int64, size)}
		for account, person := range model {
			if !p.insert(account, person) {
				t.Fatal("not inserted")
			}
		}
		for account := int64(-2); account <= 1002; account++ {
			want, known := model[account]
			if got, ok := p.Lookup(account); ok != known || ok && got != want {
				t.Fatalf("Lookup(%d) = %d, %v", account, got, ok)
			}
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	const n = 1 << 20
	p := &People{keys: make([]int64, 2*n), persons: make([]int64, 2*n)}
	prf := testStudy(b).PRF("bench")
	keys := make([]int64, n)
	for i := range keys {
		keys[i] = int64(prf.Uint64(int64(i)))
		p.insert(keys[i], int64(i))
	}
	for i := 0; b.Loop(); i++ {
		p.Lookup(keys[i&(n-1)])
	}
}
