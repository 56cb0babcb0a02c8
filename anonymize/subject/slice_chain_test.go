//go:build chain

package subject

import (
	"reflect"
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// What is computed at a time, and by how many, changes nothing of what comes out.
func TestSlicesDoNotMatter(t *testing.T) {
	type result struct {
		sums     []edition.SumRow
		times    []edition.TimeRow
		weeks    []edition.WeekRow
		coverage []edition.CoverageRow
		persons  *PersonTable
		attested map[string]int64
	}
	o := small(1).options(t, Research)
	var results []result
	for _, c := range []struct {
		events         int64
		threads, least int
	}{{0, 1, 1}, {211, 1, compactEvery + 1}, {500, 3, 4}} {
		o.eventsPerSlice, o.Threads = c.events, c.threads
		b := openWith(t, o)
		if n := len(b.slices); n < c.least || n > 1 && c.events == 0 {
			t.Fatalf("%d slices of %d events", n, c.events)
		}
		var r result
		var err error
		sums, times, err := b.Cells(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r.sums, r.times = slices.Collect(sums.All()), times
		if r.weeks, err = b.Weeks(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r.coverage, err = b.Coverage(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r.persons, err = b.Persons(t.Context()); err != nil {
			t.Fatal(err)
		}
		r.attested = b.Attested()
		results = append(results, r)
	}
	for _, b := range results[1:] {
		a := results[0]
		if reflect.DeepEqual(a, b) {
			continue
		}
		t.Errorf("sums %v, times %v, weeks %v, coverage %v, persons %v, attested %v and %v",
			reflect.DeepEqual(a.sums, b.sums), reflect.DeepEqual(a.times, b.times), reflect.DeepEqual(a.weeks, b.weeks),
			reflect.DeepEqual(a.coverage, b.coverage), reflect.DeepEqual(a.persons, b.persons), a.attested, b.attested)
	}
	if len(results[0].sums) == 0 || len(results[0].weeks) == 0 || len(results[0].times) == 0 ||
		results[0].attested["matched_accompanied"] == 0 {
		t.Error("the fixture says nothing")
	}
}
