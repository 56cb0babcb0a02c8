package recount_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/recount"
	"github.com/entscope/entscope/anonymize/zone"
)

// files is a restricted zone of a few files.
type files struct {
	tables map[string][]string
	events [][]string // by bucket
}

func (z files) Files(table string) []string { return z.tables[table] }
func (z files) EventFiles(b int) []string   { return z.events[b] }
func (z files) Buckets() int                { return len(z.events) }

func file[T any](t *testing.T, name string, rows ...T) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name+".parquet")
	if err := parquet.WriteFile(path, rows); err != nil {
		t.Fatal(err)
	}
	return []string{path}
}

func TestRecount(t *testing.T) {
	event := func(person, ts int64, day, delivery int32, key int64) zone.EventRow {
		return zone.EventRow{PersonKey: person, TsMs: ts, LocalDate: day, Delivery: delivery, EventKey: key, Weight: 1}
	}
	z := files{
		tables: map[string][]string{
			"people": file(t, "people", zone.PersonRow{PersonKey: 1, Profile: 3},
				zone.PersonRow{PersonKey: 2, Profile: 1},
				zone.PersonRow{PersonKey: 3, Profile: 2}, zone.PersonRow{PersonKey: 4, Profile: 4},
				zone.PersonRow{PersonKey: 5, Profile: 3}),
			"accounts": file(t, "accounts", zone.AccountRow{AccountKey: 10, PersonKey: 1},
				zone.AccountRow{AccountKey: 11, PersonKey: 1}),
			"memberships": file(t, "memberships",
				zone.MembershipRow{PersonKey: 1, SchoolKey: 7, FromDay: 90, ToDay: -1},
				zone.MembershipRow{PersonKey: 2, SchoolKey: 7, FromDay: 90, ToDay: 100}, // until the first day
				zone.MembershipRow{PersonKey: 3, SchoolKey: 7, FromDay: 120, ToDay: -1}, // from the last
				zone.MembershipRow{PersonKey: 4, SchoolKey: 7, FromDay: 121, ToDay: -1}, // after it
				zone.MembershipRow{PersonKey: 5, SchoolKey: 7, FromDay: 50, ToDay: 99}), // before it
		},
		events: [][]string{
			file(t, "b0",
				event(1, 1000, 100, 1, 0), event(1, 1000, 100, 1, 0), // twice in one delivery: two events
				event(1, 1000, 100, 2, 0),  // again in another: none more
				event(1, 2000, 101, 2, 0),  // one
				event(1, 3000, 121, 2, 0),  // after the window
				event(1, 4000, 120, 1, 55), // an identifier: one,
				event(1, 4000, 120, 2, 55), // whatever the deliveries
			),
			nil,
			file(t, "b2", event(9, 5000, 99, 3, 0), event(9, 6000, 110, 3, 0), event(8, 7000, 99, 3, 0)), // strangers
		},
	}
	for _, start := range []func(context.Context) (recount.Engine, error){
		func(ctx context.Context) (recount.Engine, error) { return embedded(ctx, t) },
		func(ctx context.Context) (recount.Engine, error) {
			e, err := embedded(ctx, t)
			return undivided{e}, err
		},
	} {
		confirm(t, z, start)
	}
}

func embedded(ctx context.Context, t *testing.T) (*engine.Engine, error) {
	return engine.Open(ctx, engine.Config{MemoryMB: 64, Threads: 1, TempDir: t.TempDir()})
}

// undivided is an engine that is asked for all buckets at once.
type undivided struct{ *engine.Engine }

func (undivided) Bounded() bool { return false }

func confirm(t *testing.T, z files, start func(context.Context) (recount.Engine, error)) {
	t.Helper()
	got, err := recount.Recount(t.Context(), z, 100, 120, start)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{
		"people": 5, "parents": 2, "pupils": 1, "staff": 2, "people_without_school": 2, "accounts": 2,
		"records_in_window": 7, "records_outside_window": 3, "accounts_without_directory": 2,
		"records_without_directory": 1, "events": 5, "duplicates": 2,
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestCompare(t *testing.T) {
	attested := map[string]int64{"people": 5, "events": 4, "matched": 3}
	confirmed, err := recount.Compare(attested, map[string]int64{"people": 5, "events": 4, "other": 1})
	if err != nil || fmt.Sprint(confirmed) != "[events people]" {
		t.Errorf("%v, %v", confirmed, err)
	}
	wrong := maps.Clone(attested)
	wrong["events"] = 40
	if _, err := recount.Compare(wrong, attested); !errors.Is(err, recount.ErrDiffers) {
		t.Errorf("a wrong count passes: %v", err)
	}
}
