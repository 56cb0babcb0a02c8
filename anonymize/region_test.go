package anonymize

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest"
)

// region is a restricted zone of invented persons, drawn from a seed.
type region struct {
	people        []pseudonym.PersonRow
	accounts      []pseudonym.AccountRow
	memberships   []pseudonym.MembershipRow
	links         []pseudonym.LinkRow
	schools       []pseudonym.SchoolRow
	publications  []pseudonym.PublicationRow
	accompaniment []pseudonym.AccompanimentRow
	events        []pseudonym.EventRow
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
		s := pseudonym.SchoolRow{SchoolKey: int32(100 + i), UAI: fmt.Sprintf("%07dA", 100+i), Name: fmt.Sprintf("Établissement %d", i),
			Level: levels[i%3], Sector: "public", EP: eps[i/6%2], IPSBand: int8(i/3%2 + 2), Zone: "", RolloutDay: -1}
		g.schools = append(g.schools, s)
		for p := range perSchool {
			family := key()
			grade := grades[s.Level][p%2]
			child, teacher := key(), key()
			g.add(d, child, family, 1, s.SchoolKey, grade, 0.9)
			g.links = append(g.links, pseudonym.LinkRow{ChildKey: child, GuardianKey: family, LegalRank: 1})
			g.add(d, family, family, 3, s.SchoolKey, grade, d.Float64()*2)
			if p%3 == 0 { // a second child, in the next school
				other := key()
				next := int32(100 + (i+1)%schools)
				g.add(d, other, family, 1, next, "", 0.5)
				g.links = append(g.links, pseudonym.LinkRow{ChildKey: other, GuardianKey: family})
				g.memberships = append(g.memberships, pseudonym.MembershipRow{PersonKey: family, SchoolKey: next, FromDay: firstDay - 7, ToDay: -1})
			}
			if p%2 == 0 { // a second guardian
				second := key()
				g.add(d, second, family, 3, s.SchoolKey, grade, d.Float64())
				g.links = append(g.links, pseudonym.LinkRow{ChildKey: child, GuardianKey: second, LegalRank: 2})
			}
			if p%2 == 0 {
				g.add(d, teacher, teacher, 2, s.SchoolKey, "", 1)
			}
			if p%6 == 0 {
				g.accompaniment = append(g.accompaniment, pseudonym.AccompanimentRow{PersonKey: family, LocalDate: firstDay + 40 + int32(d.IntN(10)), Form: 1})
			}
		}
		for day := int32(firstDay); day <= lastDay; day += 3 {
			g.publications = append(g.publications, pseudonym.PublicationRow{SchoolKey: s.SchoolKey, ClassKey: int64(s.SchoolKey) * 10, TsMs: int64(day)*86_400_000 + 9*3_600_000, LocalDate: day})
		}
	}
	return g
}

// add invents a person and their events; rate is the mean of daily sittings.
func (g *region) add(d *rand.Rand, key, family int64, profile int8, school int32, grade string, rate float64) {
	p := pseudonym.PersonRow{PersonKey: key, Profile: profile, FamilyKey: family, CreatedDay: firstDay - 50, ActivatedDay: -1, EmailKnown: int8(d.IntN(2)), PhoneKnown: 1}
	g.accounts = append(g.accounts, pseudonym.AccountRow{AccountKey: key, PersonKey: key})
	g.memberships = append(g.memberships, pseudonym.MembershipRow{PersonKey: key, SchoolKey: school, GradeLevel: grade, ClassKey: int64(school) * 10, FromDay: firstDay - 7, ToDay: -1})
	never := d.IntN(4) == 0
	if !never {
		p.ActivatedDay = firstDay - 20 + int32(d.IntN(30))
	}
	g.people = append(g.people, p)
	services := []ingest.Service{ingest.ServicePortal, ingest.ServiceGrades, ingest.ServiceMessages, ingest.ServiceHomework, ingest.ServiceGrades}
	for day := int32(firstDay); day <= lastDay && !never; day++ {
		if d.Float64() >= rate/3 {
			continue
		}
		hour := 7 + d.IntN(16)
		ts := int64(day)*86_400_000 + int64(hour)*3_600_000 + int64(d.IntN(3_000_000))
		for range 1 + d.IntN(3) {
			e := pseudonym.EventRow{PersonKey: key, TsMs: ts, LocalDate: day, LocalHour: int8(hour), SchoolKey: school, Profile: profile,
				Service: int8(services[d.IntN(len(services))]), Device: int8(d.IntN(3)), Weight: 1, Feed: 1, Delivery: 1}
			if d.IntN(20) == 0 {
				e.SchoolKey = 0
			}
			g.events = append(g.events, e)
			ts += int64(d.IntN(400_000))
		}
	}
}

// shuffle puts every table in another order.
func (g *region) shuffle(seed uint64) {
	d := rand.New(rand.NewPCG(seed, 2))
	d.Shuffle(len(g.people), func(i, j int) { g.people[i], g.people[j] = g.people[j], g.people[i] })
	d.Shuffle(len(g.memberships), func(i, j int) { g.memberships[i], g.memberships[j] = g.memberships[j], g.memberships[i] })
	d.Shuffle(len(g.links), func(i, j int) { g.links[i], g.links[j] = g.links[j], g.links[i] })
	d.Shuffle(len(g.schools), func(i, j int) { g.schools[i], g.schools[j] = g.schools[j], g.schools[i] })
	d.Shuffle(len(g.events), func(i, j int) { g.events[i], g.events[j] = g.events[j], g.events[i] })
}

// zone is a restricted zone on disk.
type zone struct{ dir string }

func (z zone) Files(table string) []string {
	switch table {
	case "people", "accounts", "memberships", "links", "schools", "publications", "accompaniment":
		return []string{filepath.Join(z.dir, table+".parquet")}
	}
	return nil // nobody keeps such a register
}
func (z zone) EventFiles(bucket int) []string {
	return []string{filepath.Join(z.dir, fmt.Sprintf("events-%d.parquet", bucket))}
}
func (z zone) Buckets() int { return buckets }
func (z zone) Hash() string { return "region" }

func save[T any](t testing.TB, path string, rows []T) {
	t.Helper()
	if err := parquet.WriteFile(path, rows); err != nil {
		t.Fatal(err)
	}
}

func (g *region) write(t testing.TB) zone {
	t.Helper()
	z := zone{t.TempDir()}
	save(t, z.Files("people")[0], g.people)
	save(t, z.Files("accounts")[0], g.accounts)
	save(t, z.Files("memberships")[0], g.memberships)
	save(t, z.Files("links")[0], g.links)
	save(t, z.Files("schools")[0], g.schools)
	save(t, z.Files("publications")[0], g.publications)
	save(t, z.Files("accompaniment")[0], g.accompaniment)
	var parts [buckets][]pseudonym.EventRow
	for _, e := range g.events {
		bucket := uint64(e.PersonKey) >> 62
		parts[bucket] = append(parts[bucket], e)
	}
	for i, rows := range parts {
		save(t, z.EventFiles(i)[0], rows)
	}
	return z
}

func testKey(t testing.TB) *pseudonym.StudyKey {
	t.Helper()
	path := filepath.Join(t.TempDir(), "master.key")
	if err := pseudonym.CreateKey(path, nil); err != nil {
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

func options(t testing.TB, g *region) Options {
	t.Helper()
	research, err := policy.Research()
	if err != nil {
		t.Fatal(err)
	}
	schools, err := policy.Schools()
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Zone: g.write(t), Research: research, Schools: schools, Key: testKey(t), Out: t.TempDir(),
		Study: Study{Name: "test", Term: "2025-T1", SchoolYear: "2025-2026", Start: time.Unix(firstDay*86400, 0).UTC(), End: time.Unix(lastDay*86400, 0).UTC(),
			Subject: "parent", Synthetic: true, Feeds: []string{"ent"}},
		Engine:   engine.Config{MemoryMB: 200, Threads: 2, TempDir: t.TempDir()},
		Software: "entscope test", ConfigHash: "0",
	}
}
