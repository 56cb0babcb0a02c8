package subject

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest"
)

// read gives one table by the whole numbers of its rows, keyed by the person.
func read(t testing.TB, b *Builder, sql string) map[int64][]map[string]int64 {
	t.Helper()
	rows := map[int64][]map[string]int64{}
	err := b.engine.Query(context.Background(), sql, func(rec arrow.Record) error {
		for i := range int(rec.NumRows()) {
			r := map[string]int64{}
			for j, c := range rec.Columns() {
				switch c := c.(type) {
				case *array.Int64:
					r[rec.ColumnName(j)] = c.Value(i)
				case *array.Int32:
					r[rec.ColumnName(j)] = int64(c.Value(i))
				case *array.Int8:
					r[rec.ColumnName(j)] = int64(c.Value(i))
				}
			}
			rows[r["person_key"]] = append(rows[r["person_key"]], r)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// wanted checks some columns of a row.
func wanted(t *testing.T, got map[string]int64, want map[string]int64) {
	t.Helper()
	for column, n := range want {
		if v, ok := got[column]; !ok || v != n {
			t.Errorf("%s: got %d, want %d", column, v, n)
		}
	}
}

func with(e zone.EventRow, change func(*zone.EventRow)) zone.EventRow {
	change(&e)
	return e
}

// Each case is a parent of their own, in a school of its own.
func TestVisits(t *testing.T) {
	type events = []func(person int64, school int32) zone.EventRow
	portal := func(day, hour, minute, second int) func(int64, int32) zone.EventRow {
		return func(p int64, s int32) zone.EventRow {
			return event(p, s, ingest.ServicePortal, at(day, hour, minute, second))
		}
	}
	but := func(f func(int64, int32) zone.EventRow, change func(*zone.EventRow)) func(int64, int32) zone.EventRow {
		return func(p int64, s int32) zone.EventRow { return with(f(p, s), change) }
	}
	failed := func(e *zone.EventRow) { e.Action = int8(ingest.ActionLoginFailed) }
	device := func(d ingest.Device) func(*zone.EventRow) {
		return func(e *zone.EventRow) { e.Device = int8(d) }
	}
	cases := []struct {
		name   string
		events events
		want   map[string]int64
	}{
		{"none", nil,
			map[string]int64{"visits": 0, "week_visits": 0, "weeks": 10, "school_weeks": 10, "first_date": -1}},
		{"one event", events{portal(0, 8, 0, 0)},
			map[string]int64{"visits": 1, "h07": 1, "known": 0, "first_date": day0}},
		{"a gap of 1,800 s exactly stays inside", events{portal(0, 8, 0, 0), portal(0, 8, 30, 0)},
			map[string]int64{"visits": 1}},
		{"a gap of 1,800.001 s opens a visit",
			events{portal(0, 8, 0, 0), but(portal(0, 8, 30, 0), func(e *zone.EventRow) {
				e.TsMs++
			})}, map[string]int64{"visits": 2}},
		{"a chain of short gaps is one visit", events{portal(0, 8, 0, 0), portal(0, 8, 25, 0), portal(0, 8, 50, 0),
			portal(0, 9, 15, 0)}, map[string]int64{"visits": 1, "h07": 1, "h09": 0}},
		{"the order of input does not matter", events{portal(0, 8, 50, 0), portal(0, 8, 0, 0), portal(0, 8, 25, 0)},
			map[string]int64{"visits": 1}},
		{"a visit over midnight is of the first day", events{portal(0, 23, 50, 0), portal(1, 0, 10, 0)},
			map[string]int64{"visits": 1, "h23": 1, "week_days": 1, "first_date": day0}},
		{"a failed login is no visit", events{but(portal(0, 8, 0, 0), failed)}, map[string]int64{"visits": 0}},
		{"a failed login does not bridge", events{portal(0, 8, 0, 0), but(portal(0, 8, 25, 0), failed),
			portal(0, 8, 50, 0)}, map[string]int64{"visits": 2}},
		{"outside the window", events{portal(-1, 12, 0, 0), portal(70, 12, 0, 0)}, map[string]int64{"visits": 0}},
		{"two days of a week", events{portal(0, 8, 0, 0), portal(0, 18, 0, 0), portal(1, 8, 0, 0)},
			map[string]int64{"visits": 3, "week_days": 2, "visit_weeks": 1}},
		{"the device is that of the first event that has one",
			events{portal(0, 8, 0, 0), but(portal(0, 8, 1, 0), device(ingest.DevicePhone)), but(portal(0, 8, 2, 0),
				device(ingest.DeviceComputer))}, map[string]int64{"visits": 1, "known": 1, "phone": 1, "computer": 0}},
		{"Wednesday, Saturday and Sunday", events{portal(2, 10, 0, 0), portal(5, 10, 0, 0), portal(6, 10, 0, 0)},
			map[string]int64{"wednesday": 1, "weekend": 2}},
		{"hour bands", events{portal(0, 6, 59, 59), portal(0, 7, 30, 0), portal(0, 9, 0, 0), portal(0, 12, 0, 0),
			portal(0, 16, 59, 0), portal(0, 18, 59, 0), portal(0, 19, 40, 0), portal(0, 21, 0, 0), portal(0, 23, 0, 0)},
			map[string]int64{"h07": 1, "h09": 1, "h12": 1, "h14": 1, "h17": 1, "h19": 1, "h21": 1, "h23": 2}},
		{"the last 28 and 60 days", events{portal(9, 8, 0, 0), portal(10, 8, 0, 0), portal(41, 8, 0, 0),
			portal(42, 8, 0, 0)}, map[string]int64{"recent28": 1, "recent60": 3}},
		{"an event of an unknown school counts", events{but(portal(0, 8, 0, 0), func(e *zone.EventRow) {
			e.SchoolKey = 0
		})}, map[string]int64{"visits": 1}},
		{"an event of a school that nobody knows counts", events{but(portal(0, 8, 0, 0), func(e *zone.EventRow) {
			e.SchoolKey = 1 << 30
		})}, map[string]int64{"visits": 1}},
		{"an event of another school does not", events{but(portal(0, 8, 0, 0), func(e *zone.EventRow) {
			e.SchoolKey = 1000
		})}, map[string]int64{"visits": 0}},
		{"weights add", events{but(portal(0, 8, 0, 0), func(e *zone.EventRow) {
			e.Weight = 5
		}), portal(3, 8, 0, 0)}, map[string]int64{"visits": 2, "weight": 6}},
		{"the same record in two deliveries counts once",
			events{portal(0, 8, 0, 0), but(portal(0, 8, 0, 0), func(e *zone.EventRow) {
				e.Delivery = 2
			})}, map[string]int64{"visits": 1, "weight": 1}},
		{"twice in one delivery and once in another counts twice",
			events{portal(0, 8, 0, 0), portal(0, 8, 0, 0), but(portal(0, 8, 0, 0), func(e *zone.EventRow) {
				e.Delivery = 2
			})}, map[string]int64{"weight": 2}},
		{"an identifier counts once, even within a delivery", events{
			but(portal(0, 8, 0, 0), func(e *zone.EventRow) {
				e.EventKey = 77
			}), but(portal(0, 8, 0, 0), func(e *zone.EventRow) { e.EventKey = 77 }),
			but(portal(0, 8, 0, 0), func(e *zone.EventRow) {
				e.EventKey = 78
				e.Delivery = 2
			})}, map[string]int64{"weight": 2}},
		{"a view of two feeds is one", events{portal(0, 8, 0, 0), but(portal(0, 8, 0, 0), func(e *zone.EventRow) {
			e.Feed = 2
		})}, map[string]int64{"weight": 1, "visits": 1}},
	}
	x := base()
	x.study.Feeds = []string{"ent", "cas"}
	x.schools = append(x.schools, zone.SchoolRow{SchoolKey: 1000, Level: "college", RolloutDay: -1})
	for i, c := range cases {
		person, school := int64(1000+i), int32(200+i)
		x.school(school)
		x.person(person, 3, school)
		for _, f := range c.events {
			x.events = append(x.events, f(person, school))
		}
	}
	rows := read(t, x.open(t, Research), "SELECT * FROM behaviour WHERE period = 0")
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := rows[int64(1000+i)]
			if len(got) != 1 {
				t.Fatalf("%d rows", len(got))
			}
			wanted(t, got[0], c.want)
		})
	}
}

// school adds a college with a teacher who comes each Monday at noon.
func (x *fixture) school(key int32) {
	x.schools = append(x.schools, zone.SchoolRow{SchoolKey: key, UAI: fmt.Sprintf("%07dA", key), Level: "college",
		EP: "HEP", IPSBand: 3, RolloutDay: -1})
	x.person(int64(key)+1_000_000, 2, key)
	for day := x.study.Start; day <= x.study.End; day += 7 {
		x.events = append(x.events,
			event(int64(key)+1_000_000, key, ingest.ServicePortal, int64(day)*86_400_000+12*3_600_000))
	}
}

// Visits agree with a reference in Go, whatever the times.
func TestVisitsAgreeWithReference(t *testing.T) {
	checks := flag.Lookup("rapid.checks").Value
	defer checks.Set(checks.String())
	checks.Set("15") // each opens an engine on up to 30 persons
	rapid.Check(t, func(rt *rapid.T) {
		x := base()
		x.buckets = 1
		persons := rapid.IntRange(1, 30).Draw(rt, "persons")
		want := map[int64]int64{}
		for p := range persons {
			person := int64(1000 + p)
			x.person(person, 3, 100)
			gaps := rapid.SliceOfN(rapid.SampledFrom([]int64{0, 1, 1_799_999, 1_800_000, 1_800_001, 60_000, 86_400_000,
				5_000_000}), 0, 12).Draw(rt, "gaps")
			ts := at(0, rapid.IntRange(0, 23).Draw(rt, "hour"), 0, 0)
			var times []int64
			for _, g := range gaps {
				ts += g
				times = append(times, ts)
			}
			want[person] = visits(times)
			for i, ts := range rapid.Permutation(times).Draw(rt, "order") {
				x.events = append(x.events, with(event(person, 100, ingest.Service(3+i%4), ts), func(e *zone.EventRow) {
					e.EventKey = person*100 + int64(i) + 1
				}))
			}
		}
		b, err := Open(context.Background(), x.options(t, Schools))
		if err != nil {
			rt.Fatal(err)
		}
		defer b.Close()
		got := read(t, b, "SELECT * FROM behaviour WHERE period = 0")
		for person, n := range want {
			if g := got[person][0]["visits"]; g != n {
				rt.Errorf("person %d: got %d visits, want %d", person, g, n)
			}
		}
	})
}

// visits counts maximal runs with gaps of at most 30 minutes.
func visits(times []int64) int64 {
	times = slices.Sorted(slices.Values(times))
	var n int64
	for i, ts := range times {
		if i == 0 || ts-times[i-1] > 30*60*1000 {
			n++
		}
	}
	return n
}
