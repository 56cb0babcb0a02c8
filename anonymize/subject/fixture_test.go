package subject

import (
	"context"
	"crypto/sha256"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
)

// fixture is a small restricted zone written by hand.
type fixture struct {
	people        []zone.PersonRow
	accounts      []zone.AccountRow
	memberships   []zone.MembershipRow
	links         []zone.LinkRow
	schools       []zone.SchoolRow
	calendar      []zone.CalendarRow
	publications  []zonetest.PublicationRow
	accompaniment []zonetest.AccompanimentRow
	events        []zone.EventRow
	equipment     []zonetest.EquipmentRow
	messages      []zonetest.MessageRow
	contents      []zonetest.ContentRow
	reportBooks   []zonetest.ReportBookRow
	procedures    []zonetest.ProcedureRow
	loans         []zonetest.LoanRow
	training      []zonetest.TrainingRow
	meetings      []zonetest.MeetingRow
	settings      []zonetest.SettingRow
	study         Study
	floors        Floors
	buckets       int
}

// folder is a Zone over files on disk.
type folder struct {
	dir     string
	buckets int
	tables  map[string]bool
	events  map[int]bool
}

func (f folder) Files(table string) []string {
	if !f.tables[table] {
		return nil
	}
	return []string{filepath.Join(f.dir, table+".parquet")}
}

func (f folder) EventFiles(bucket int) []string {
	if !f.events[bucket] {
		return nil
	}
	return []string{filepath.Join(f.dir, "events-"+string(rune('a'+bucket))+".parquet")}
}

func (f folder) Buckets() int { return f.buckets }
func (f folder) Hash() string { return "fixture" }

func save[T any](t testing.TB, f folder, table string, rows []T) {
	t.Helper()
	if len(rows) == 0 {
		return
	}
	f.tables[table] = true
	if err := parquet.WriteFile(filepath.Join(f.dir, table+".parquet"), rows); err != nil {
		t.Fatal(err)
	}
}

func (x *fixture) write(t testing.TB) folder {
	t.Helper()
	if x.buckets == 0 {
		x.buckets = 1
	}
	f := folder{t.TempDir(), x.buckets, map[string]bool{}, map[int]bool{}}
	save(t, f, "people", x.people)
	save(t, f, "accounts", x.accounts)
	save(t, f, "memberships", x.memberships)
	save(t, f, "links", x.links)
	save(t, f, "schools", x.schools)
	save(t, f, "calendar", x.calendar)
	save(t, f, "publications", x.publications)
	save(t, f, "accompaniment", x.accompaniment)
	save(t, f, "settings", x.settings)
	save(t, f, "equipment", x.equipment)
	save(t, f, "messages", x.messages)
	save(t, f, "contents", x.contents)
	save(t, f, "report_books", x.reportBooks)
	save(t, f, "procedures", x.procedures)
	save(t, f, "loans", x.loans)
	save(t, f, "training", x.training)
	save(t, f, "meetings", x.meetings)
	for bucket := range x.buckets {
		low, high := bucketRange(bucket, x.buckets)
		var rows []zone.EventRow
		for _, e := range x.events {
			if e.PersonKey >= low && e.PersonKey <= high {
				rows = append(rows, e)
			}
		}
		if len(rows) == 0 {
			continue
		}
		f.events[bucket] = true
		if err := parquet.WriteFile(f.EventFiles(bucket)[0], rows); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// testKey is the study key of the tests: the same in each run, so that a failure comes back.
func testKey(t testing.TB) *pseudonym.StudyKey {
	t.Helper()
	path := filepath.Join(t.TempDir(), "master.key")
	if err := pseudonym.RestoreKey(path, nil, sha256.Sum256([]byte("test"))); err != nil {
		t.Fatal(err)
	}
	master, err := pseudonym.LoadKey(path, "")
	if err != nil {
		t.Fatal(err)
	}
	key, err := master.Study("test", "2025-2026", [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (x *fixture) options(t testing.TB, kind Kind) Options {
	t.Helper()
	return Options{
		Perturbation: &perturb.Parameters{}, Draw: "test",
		Kind: kind, Zone: x.write(t), Study: x.study, Floors: x.floors, Key: testKey(t),
		Engine: engine.Config{MemoryMB: 200, Threads: 1, TempDir: t.TempDir()}, Threads: 2,
	}
}

func (x *fixture) open(t testing.TB, kind Kind) *Builder {
	t.Helper()
	return openWith(t, x.options(t, kind))
}

func openWith(t testing.TB, o Options) *Builder {
	t.Helper()
	b, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// day0 is Monday 8 September 2025, in days; the fixtures' clock is UTC.
const day0 = 20339

// at is an instant of the fixtures: day 0 is the first Monday of the window.
func at(day, hour, minute, second int) int64 {
	return int64(day0+day)*86_400_000 + int64(hour)*3_600_000 + int64(minute)*60_000 + int64(second)*1000
}

// event is an access of a person in a school at an instant.
func event(person int64, school int32, service ingest.Service, ts int64) zone.EventRow {
	return zone.EventRow{
		PersonKey: person, TsMs: ts, LocalDate: int32(ts / 86_400_000), LocalHour: int8(ts / 3_600_000 % 24),
		SchoolKey: school, Profile: 3, Service: int8(service), Weight: 1, Feed: 1, Delivery: 1,
	}
}

// weeks10 is a study of ten weeks from day 0; there is no holiday.
func weeks10() Study {
	return Study{Start: day0, End: day0 + 69, YearStart: day0 - 7, Subject: ingest.ProfileParent,
		Feeds: []string{"ent"}}
}

func lowFloors() Floors {
	return Floors{Cell: 1, Staff: 1, School: 1, ClusterSchools: 3, UnnamedSchools: 1, Reported: 1}
}

// base is one school with one parent (1), one child (2), and a teacher (3) who
// comes each Monday at noon, so that every week is covered.
func base() *fixture {
	x := &fixture{study: weeks10(), floors: lowFloors()}
	x.schools = []zone.SchoolRow{{SchoolKey: 100, UAI: "0000100A", Level: "college", EP: "HEP", IPSBand: 3,
		Sector: "public", RolloutDay: -1}}
	x.person(1, 3, 100)
	x.person(2, 1, 100)
	x.person(3, 2, 100)
	x.links = []zone.LinkRow{{ChildKey: 2, GuardianKey: 1, LegalRank: 1}}
	for w := range 10 {
		x.events = append(x.events, event(3, 100, ingest.ServicePortal, at(7*w, 12, 0, 0)))
	}
	return x
}

func (x *fixture) person(key int64, profile int8, schools ...int32) {
	x.people = append(x.people, zone.PersonRow{PersonKey: key, Profile: profile, FamilyKey: 1, CreatedDay: day0 - 100,
		ActivatedDay: day0 - 90, EmailKnown: 1, PhoneKnown: 1})
	x.accounts = append(x.accounts, zone.AccountRow{AccountKey: key, PersonKey: key})
	for _, s := range schools {
		x.memberships = append(x.memberships, zone.MembershipRow{PersonKey: key, SchoolKey: s, GradeLevel: "6e",
			ClassKey: int64(s) * 10, FromDay: day0 - 10, ToDay: -1})
	}
}

func TestDayZeroIsAMonday(t *testing.T) {
	if d := time.Unix(day0*86400, 0).UTC(); d.Weekday() != time.Monday || d.Format("2006-01-02") != "2025-09-08" {
		t.Fatal(d)
	}
}

// sumOf finds persons, x and y of a measure in a group over all clusters; only
// the groupings asked for are computed.
func sumOf(t testing.TB, b *Builder) func(grouping, group, measure, population string) [3]int64 {
	t.Helper()
	done := map[string][]edition.SumRow{}
	return func(grouping, group, measure, population string) [3]int64 {
		if done[grouping] == nil {
			if err := b.attribute(context.Background(), grouping); err != nil {
				t.Fatal(err)
			}
			sums := &SumRows{}
			if err := b.sumGrouping(context.Background(), sums, grouping); err != nil {
				t.Fatal(err)
			}
			done[grouping] = slices.Collect(sums.All())
		}
		var n [3]int64
		for _, r := range done[grouping] {
			if r.Group == group && r.Measure == measure && r.Population == population {
				n[0], n[1], n[2] = n[0]+r.Persons, n[1]+r.Numerator, n[2]+r.Denom
			}
		}
		return n
	}
}
