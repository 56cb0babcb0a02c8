package subject

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
)

// small draws a few schools of persons with keys all over the range.
func small(seed uint64) *fixture {
	d := rand.New(rand.NewPCG(seed, 0))
	x := base()
	x.buckets, x.floors = 4, Floors{Cell: 3, Staff: 3, School: 1, ClusterSchools: 3, UnnamedSchools: 1, Reported: 1}
	x.study.End = day0 + 20*7 - 1
	for s := range int32(4) {
		x.school(200 + s)
		for range 12 {
			parent, child := int64(d.Uint64()), int64(d.Uint64())
			schools := []int32{200 + s}
			if d.IntN(4) == 0 {
				schools = append(schools, 200+(s+1)%4)
			}
			x.person(parent, 3, schools...)
			x.person(child, 1, 200+s)
			for i := range 2 {
				x.people[len(x.people)-1-i].FamilyKey = parent
			}
			x.people[len(x.people)-2].EmailKnown = int8(len(x.people) / 2 % 2)
			x.links = append(x.links, zone.LinkRow{ChildKey: child, GuardianKey: parent})
			for range d.IntN(30) {
				day, hour := d.IntN(70), d.IntN(24)
				for _, p := range []int64{parent, child} {
					e := event(p, 200+s, ingest.Service(d.IntN(20)), at(day, hour, d.IntN(60), 0))
					if e.Device = int8(d.IntN(5)); d.IntN(2) == 0 {
						e.Service = int8(ingest.ServiceGrades)
					}
					x.events = append(x.events, e)
				}
			}
			for i := range 40 * int(s/3) { // of one school: four looks in a row, every third day
				day, hour := 3*(i/4), 16+i%4
				x.events = append(x.events, event(parent, 200+s, ingest.ServiceGrades, at(day, hour, d.IntN(10), 0)))
			}
			if d.IntN(5) == 0 {
				x.accompaniment = append(x.accompaniment,
					zonetest.AccompanimentRow{PersonKey: parent, LocalDate: day0 + 36})
			}
		}
		for day := range 35 {
			ts := at(2*day, 10, 0, 0)
			x.publications = append(x.publications, zonetest.PublicationRow{SchoolKey: 200 + s,
				ClassKey: int64(200+s) * 10, TsMs: ts, LocalDate: int32(ts / 86_400_000)})
		}
	}
	x.withRegisters(seed)
	x.withPupils()
	return x
}

// The schools edition over the behaviours of the research edition is the one that is
// computed alone.
func TestBothEditionsOfOneReading(t *testing.T) {
	type result struct {
		measures   []edition.SchoolRow
		coverage   []edition.CoverageRow
		population edition.Population
		attested   map[string]int64
		notes      []string
	}
	tables := func(b *Builder) (r result) {
		t.Helper()
		var err error
		if r.measures, err = b.SchoolMeasures(t.Context(), "term"); err != nil {
			t.Fatal(err)
		}
		if r.coverage, err = b.SchoolCoverage(t.Context(), r.measures); err != nil {
			t.Fatal(err)
		}
		if r.population, err = b.Population(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.attested, r.notes = b.Attested(), b.Notes()
		return r
	}
	o := small(2).options(t, Research)
	research := openWith(t, o)
	if _, _, err := research.Cells(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := research.Population(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.Kind = Schools
	shared, err := research.As(o)
	if err != nil {
		t.Fatal(err)
	}
	got, want := tables(shared), tables(openWith(t, o))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("measures %v, coverage %v, population %v and %v, attested %v and %v, notes %q and %q",
			reflect.DeepEqual(got.measures, want.measures), reflect.DeepEqual(got.coverage, want.coverage),
			got.population, want.population, got.attested, want.attested, got.notes, want.notes)
	}
	if len(want.measures) == 0 {
		t.Error("the fixture says nothing")
	}
	o.Kind = Research
	if _, err := shared.As(o); err == nil {
		t.Error("a research edition was made of the behaviours of a schools edition")
	}
}
