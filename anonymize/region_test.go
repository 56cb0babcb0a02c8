package anonymize

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/join"
)

// region is a restricted zone of invented persons, drawn from a seed.
type region struct {
	people        []zone.PersonRow
	accounts      []zone.AccountRow
	memberships   []zone.MembershipRow
	links         []zone.LinkRow
	schools       []zone.SchoolRow
	publications  []zonetest.PublicationRow
	accompaniment []zonetest.AccompanimentRow
	events        []zone.EventRow
	equipment     []zonetest.EquipmentRow
	messages      []zonetest.MessageRow
	contents      []zonetest.ContentRow
	settings      []zonetest.SettingRow
	reportBooks   []zonetest.ReportBookRow
	procedures    []zonetest.ProcedureRow
	loans         []zonetest.LoanRow
	training      []zonetest.TrainingRow
	meetings      []zonetest.MeetingRow
}

const (
	firstDay = 20339 // Monday 8 September 2025
	lastDay  = firstDay + 14*7 - 1
	buckets  = 4
)

// draw invents a region of schools × perSchool parents.
func draw(seed uint64, schools, perSchool int) *region {
	d := rand.New(rand.NewPCG(seed, 1))
	g := &region{}
	key := func() int64 { return int64(d.Uint64()) }
	levels, eps := []string{"ecole", "college", "lycee"}, []string{"HEP", "REP"}
	grades := map[string][]string{"ecole": {"CP", "CM2"}, "college": {"6e", "4e"}, "lycee": {"2de", "1re"}}
	for i := range schools {
		s := zone.SchoolRow{SchoolKey: int32(100 + i), UAI: fmt.Sprintf("%07dA", 100+i),
			Name: fmt.Sprintf("Établissement %d", i), Level: levels[i%3], Sector: "public", EP: eps[i/6%2],
			IPSBand: int8(i/3%2 + 2), Zone: "", RolloutDay: -1}
		g.schools = append(g.schools, s)
		for p := range perSchool {
			family := key()
			grade := grades[s.Level][p%2]
			child, teacher := key(), key()
			g.add(d, child, family, 1, s.SchoolKey, grade, 0.9)
			g.links = append(g.links, zone.LinkRow{ChildKey: child, GuardianKey: family, LegalRank: 1})
			g.add(d, family, family, 3, s.SchoolKey, grade, d.Float64()*2)
			if p%3 == 0 { // a second child, in the next school
				other := key()
				next := int32(100 + (i+1)%schools)
				g.add(d, other, family, 1, next, "", 0.5)
				g.links = append(g.links, zone.LinkRow{ChildKey: other, GuardianKey: family})
				g.memberships = append(g.memberships,
					zone.MembershipRow{PersonKey: family, SchoolKey: next, FromDay: firstDay - 7, ToDay: -1})
			}
			if p%2 == 0 { // a second guardian
				second := key()
				g.add(d, second, family, 3, s.SchoolKey, grade, d.Float64())
				g.links = append(g.links, zone.LinkRow{ChildKey: child, GuardianKey: second, LegalRank: 2})
			}
			if p%2 == 0 {
				g.add(d, teacher, teacher, 2, s.SchoolKey, "", 1)
			}
			g.register(d, family, child, teacher, s.SchoolKey)
			if p%6 == 0 {
				g.accompaniment = append(g.accompaniment, zonetest.AccompanimentRow{PersonKey: family,
					LocalDate: firstDay + 40 + int32(d.IntN(10)), Form: int8(1 + p/6%4), Collective: int8(p / 12 % 2)})
			}
		}
		for day := int32(firstDay); day <= lastDay; day += 3 {
			g.publications = append(g.publications, zonetest.PublicationRow{SchoolKey: s.SchoolKey,
				ClassKey: int64(s.SchoolKey) * 10, TsMs: int64(day)*86_400_000 + 9*3_600_000, LocalDate: day,
				AssessedDay: day - int32(d.IntN(5)), ReturnedDay: day - 1})
		}
		g.schoolRegister(d, i, s.SchoolKey)
	}
	return g
}

// add invents a person and their events; rate is the mean of daily sittings.
func (g *region) add(d *rand.Rand, key, family int64, profile int8, school int32, grade string, rate float64) {
	p := zone.PersonRow{PersonKey: key, Profile: profile, FamilyKey: family, CreatedDay: firstDay - 50,
		ActivatedDay: -1, EmailKnown: int8(d.IntN(2)), PhoneKnown: 1}
	g.accounts = append(g.accounts, zone.AccountRow{AccountKey: key, PersonKey: key})
	g.memberships = append(g.memberships, zone.MembershipRow{PersonKey: key, SchoolKey: school, GradeLevel: grade,
		ClassKey: int64(school) * 10, FromDay: firstDay - 7, ToDay: -1})
	never := d.IntN(4) == 0
	if !never {
		p.ActivatedDay = firstDay - 20 + int32(d.IntN(30))
	}
	g.people = append(g.people, p)
	services := []ingest.Service{ingest.ServicePortal, ingest.ServiceGrades, ingest.ServiceMessages,
		ingest.ServiceHomework, ingest.ServiceGrades, ingest.ServiceReportBook, ingest.ServiceResources,
		ingest.ServiceNews, ingest.ServiceAccessibility, ingest.ServiceSignIn}
	for day := int32(firstDay); day <= lastDay && !never; day++ {
		if d.Float64() >= rate/3 {
			continue
		}
		hour := 7 + d.IntN(16)
		ts := int64(day)*86_400_000 + int64(hour)*3_600_000 + int64(d.IntN(3_000_000))
		for range 1 + d.IntN(3) {
			e := zone.EventRow{PersonKey: key, TsMs: ts, LocalDate: day, LocalHour: int8(hour), SchoolKey: school,
				Profile: profile, Service: int8(services[d.IntN(len(services))]), Device: int8(d.IntN(3)), Weight: 1,
				Feed: 1, Delivery: 1}
			if ingest.Service(e.Service) == ingest.ServiceSignIn {
				e.Action = []int8{int8(ingest.ActionLogin), int8(ingest.ActionLoginFailed)}[d.IntN(2)]
			}
			if d.IntN(20) == 0 {
				e.SchoolKey = 0
			}
			g.events = append(g.events, e)
			ts += int64(d.IntN(400_000))
		}
	}
}

// register invents what the registers say of one family; the teacher may be of
// no directory.
func (g *region) register(d *rand.Rand, parent, child, teacher int64, school int32) {
	ts := int64(firstDay+d.IntN(80))*86_400_000 + int64(d.IntN(24))*3_600_000
	message := func(from int64, profile int8, to int64, toProfile int8, thread, ts int64) {
		m := zonetest.MessageRow{
			MessageKey: int64(d.Uint64()), ThreadKey: thread, SchoolKey: school, SenderKey: from,
			SenderProfile: profile, RecipientKey: to, RecipientProfile: toProfile,
			Recipients: []int32{1, 30}[d.IntN(2)], SentMs: ts, SentDate: int32(ts / 86_400_000),
			SentHour: int8(ts / 3_600_000 % 24), Bytes: int64(d.IntN(3_000_000)), Attached: int8(d.IntN(2)),
			DeadlineMs: ts + int64(d.IntN(100))*3_600_000,
		}
		if d.IntN(3) > 0 {
			m.OpenedMs = ts + int64(d.IntN(100))*3_600_000
		}
		g.messages = append(g.messages, m)
	}
	thread := int64(d.Uint64())
	message(parent, 3, teacher, 2, thread, ts)
	message(parent, 3, child, 1, thread, ts)
	message(teacher, 2, parent, 3, thread, ts+int64(d.IntN(60))*3_600_000)
	g.equipment = append(g.equipment, zonetest.EquipmentRow{ChildKey: child, HasComputer: int8(d.IntN(3) - 1),
		HasFixedNet: int8(d.IntN(2)), LocalDate: firstDay})
	g.procedures = append(g.procedures, zonetest.ProcedureRow{ChildKey: child, Kind: 1, DeadlineDay: firstDay + 60,
		DoneDay: firstDay + int32(d.IntN(90))})
	g.loans = append(g.loans, zonetest.LoanRow{ChildKey: child, RequestedDay: firstDay,
		StartDay: []int32{-1, firstDay + 50}[d.IntN(2)], EndDay: -1})
	g.meetings = append(g.meetings, zonetest.MeetingRow{MeetingKey: int64(school), PersonKey: parent,
		LocalDate: firstDay + 30, Joined: int8(d.IntN(2))})
}

// schoolRegister invents what the registers say of one school.
func (g *region) schoolRegister(d *rand.Rand, i int, school int32) {
	for _, day := range []int32{firstDay + 12, firstDay + 40, firstDay + 41, firstDay + 70} {
		g.contents = append(g.contents, zonetest.ContentRow{SchoolKey: school, ClassKey: int64(school) * 10,
			TsMs: int64(day)*86_400_000 + 16*3_600_000, LocalDate: day, Kind: 1, Media: 1})
	}
	g.settings = append(g.settings,
		zonetest.SettingRow{SchoolKey: school, Setting: 1, Value: int32(1 + i%2), FromDay: -1, ToDay: firstDay + 48},
		zonetest.SettingRow{SchoolKey: school, Setting: 1, Value: 2, FromDay: firstDay + 49, ToDay: -1},
		zonetest.SettingRow{SchoolKey: school, Setting: 2, Value: int32(1 + i%3), FromDay: -1, ToDay: -1})
	g.reportBooks = append(g.reportBooks,
		zonetest.ReportBookRow{SchoolKey: school, TsMs: int64(firstDay+30) * 86_400_000, LocalDate: firstDay + 30})
	if i%2 == 0 {
		g.training = append(g.training,
			zonetest.TrainingRow{SchoolKey: school, LocalDate: firstDay + 30 + int32(d.IntN(20)), Sessions: 1})
	}
}

// shuffle puts every table in another order.
func (g *region) shuffle(seed uint64) {
	d := rand.New(rand.NewPCG(seed, 2))
	d.Shuffle(len(g.people), func(i, j int) { g.people[i], g.people[j] = g.people[j], g.people[i] })
	d.Shuffle(len(g.memberships), func(i, j int) {
		g.memberships[i], g.memberships[j] = g.memberships[j], g.memberships[i]
	})
	d.Shuffle(len(g.links), func(i, j int) { g.links[i], g.links[j] = g.links[j], g.links[i] })
	d.Shuffle(len(g.schools), func(i, j int) { g.schools[i], g.schools[j] = g.schools[j], g.schools[i] })
	d.Shuffle(len(g.events), func(i, j int) { g.events[i], g.events[j] = g.events[j], g.events[i] })
	d.Shuffle(len(g.messages), func(i, j int) { g.messages[i], g.messages[j] = g.messages[j], g.messages[i] })
	d.Shuffle(len(g.contents), func(i, j int) { g.contents[i], g.contents[j] = g.contents[j], g.contents[i] })
	d.Shuffle(len(g.settings), func(i, j int) { g.settings[i], g.settings[j] = g.settings[j], g.settings[i] })
	d.Shuffle(len(g.loans), func(i, j int) { g.loans[i], g.loans[j] = g.loans[j], g.loans[i] })
	d.Shuffle(len(g.accompaniment), func(i, j int) {
		g.accompaniment[i], g.accompaniment[j] = g.accompaniment[j], g.accompaniment[i]
	})
}

// diskZone is a restricted zone on disk.
type diskZone struct {
	dir     string
	buckets int
}

func (z diskZone) Files(table string) []string {
	if table == "calendar" {
		return nil
	}
	return []string{filepath.Join(z.dir, table+".parquet")}
}
func (z diskZone) EventFiles(bucket int) []string {
	return []string{filepath.Join(z.dir, fmt.Sprintf("events-%d.parquet", bucket))}
}
func (z diskZone) Buckets() int { return z.buckets }
func (z diskZone) Hash() string { return "region" }

func save[T any](t testing.TB, path string, rows []T) {
	t.Helper()
	if err := parquet.WriteFile(path, rows); err != nil {
		t.Fatal(err)
	}
}

func (g *region) write(t testing.TB) diskZone {
	t.Helper()
	return g.writeTo(t, diskZone{t.TempDir(), buckets})
}

func (g *region) writeTo(t testing.TB, z diskZone) diskZone {
	t.Helper()
	save(t, z.Files("people")[0], g.people)
	save(t, z.Files("accounts")[0], g.accounts)
	save(t, z.Files("memberships")[0], g.memberships)
	save(t, z.Files("links")[0], g.links)
	save(t, z.Files("schools")[0], g.schools)
	save(t, z.Files("publications")[0], g.publications)
	save(t, z.Files("accompaniment")[0], g.accompaniment)
	save(t, z.Files("equipment")[0], g.equipment)
	save(t, z.Files("messages")[0], g.messages)
	save(t, z.Files("contents")[0], g.contents)
	save(t, z.Files("settings")[0], g.settings)
	save(t, z.Files("report_books")[0], g.reportBooks)
	save(t, z.Files("procedures")[0], g.procedures)
	save(t, z.Files("loans")[0], g.loans)
	save(t, z.Files("training")[0], g.training)
	save(t, z.Files("meetings")[0], g.meetings)
	parts := make([][]zone.EventRow, z.buckets)
	for _, e := range g.events {
		bucket := uint64(e.PersonKey) >> 62 % uint64(z.buckets)
		parts[bucket] = append(parts[bucket], e)
	}
	for i, rows := range parts {
		save(t, z.EventFiles(i)[0], rows)
	}
	return z
}

// kept is a folder that lasts as long as the process: of what several tests begin with.
var kept string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "entscope-anonymize-")
	if err != nil {
		panic(err)
	}
	kept = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// base is a region with its two editions, beside which tests lay others. Nobody changes it.
type base struct {
	region            *region
	options           Options
	research, schools string
}

var (
	makeBase sync.Once
	based    base
)

func baseEditions(t *testing.T) base {
	t.Helper()
	makeBase.Do(func() {
		g := draw(1, 18, 41) // 1116 parents: no multiple of edition.AttestedBase
		o := options(t, g)
		o.Study.Declared = declaredTwo
		z := diskZone{filepath.Join(kept, "zone"), buckets}
		if err := os.Mkdir(z.dir, 0o700); err != nil {
			t.Fatal(err)
		}
		o.Zone, o.Out = g.writeTo(t, z), filepath.Join(kept, "editions")
		if err := os.Mkdir(o.Out, 0o700); err != nil {
			t.Fatal(err)
		}
		research, err := Research(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		schools, err := Schools(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		based = base{g, o, research, schools}
	})
	if based.region == nil {
		t.Fatal("another test could not make the editions")
	}
	b := based
	b.options.Engine.TempDir = t.TempDir()
	return b
}

// beside makes both editions of another zone, by the same options but for a change. The schools edition is made of what
// the research edition computed, as Make does; that of the base was made by itself.
func (b base) beside(t *testing.T, g *region, change func(o *Options)) (research, schools string) {
	t.Helper()
	o := b.options
	o.Zone, o.Out, o.shared = g.write(t), t.TempDir(), &shared{}
	defer func() {
		if err := o.shared.close(); err != nil {
			t.Error(err)
		}
	}()
	change(&o)
	research, err := Research(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	schools, err = Schools(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return research, schools
}

var keySeed = flag.Uint64("key-seed", 1, "seed of the master key under which these tests draw, join and perturb")

// testMaster is the master key of the tests: the same in each run, so that a failure comes back.
func testMaster(t testing.TB) *pseudonym.MasterKey {
	t.Helper()
	path := filepath.Join(t.TempDir(), "master.key")
	if err := pseudonym.RestoreKey(path, nil, sha256.Sum256(fmt.Appendf(nil, "test %d", *keySeed))); err != nil {
		t.Fatal(err)
	}
	master, err := pseudonym.LoadKey(path, "")
	if err != nil {
		t.Fatal(err)
	}
	return master
}

func testKey(t testing.TB) *pseudonym.StudyKey {
	t.Helper()
	key, err := testMaster(t).Study("test", "2025-2026", [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func options(t testing.TB, g *region) Options {
	t.Helper()
	research, err := policy.Parse(policy.ResearchText())
	if err != nil {
		t.Fatal(err)
	}
	schools, err := policy.ParseCells(policy.SchoolsText())
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Joins: Joins{Measured: []join.Join{{From: "feed ent", Unit: join.Accounts, Named: 200, Known: 199}},
			Floor: 0.5},
		Zone: g.write(t), Research: research, Schools: schools, Key: testKey(t), Out: t.TempDir(),
		Study: Study{Name: "test", Term: "2025-T1", SchoolYear: "2025-2026", Start: time.Unix(firstDay*86400, 0).UTC(),
			End:     time.Unix(lastDay*86400, 0).UTC(),
			Subject: "parent", Synthetic: true, Feeds: []string{"ent"},
			Declared: []edition.Declared{{Kind: edition.DeclaredDeadline, Name: "bourse", Label: "Demande de bourse",
				Start: "2025-12-12"}}},
		Engine:   engine.Config{MemoryMB: 200, Threads: 1, TempDir: t.TempDir()},
		Threads:  2,
		Software: "entscope test", ConfigHash: strings.Repeat("0", 64), PolicyHash: "0",
	}
}
