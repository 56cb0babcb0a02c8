//go:build chain

package anonymize

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/subject"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest"
)

// total is what all clusters of a group hold of one measure, without noise.
type total struct{ persons, families, x, y, xx, yy int64 }

// of names what a total is of.
type of struct{ grouping, group, measure, population string }

// floor is that of the cells.
const floor = 20

// totals are those of a region, under the floors of an edition.
func totals(t *testing.T, o Options, g *region) map[of]total {
	t.Helper()
	o.Zone = g.write(t)
	sums, times := cellsOf(t, o, subject.Floors{Cell: floor, Staff: 11, School: floor, ClusterSchools: 3,
		UnnamedSchools: unnamedSchools, Reported: leastReported}, perturb.Parameters{})
	out := map[of]total{}
	add := func(at of, n total) {
		c := out[at]
		out[at] = total{c.persons + n.persons, c.families + n.families, c.x + n.x, c.y + n.y, c.xx + n.xx, c.yy + n.yy}
	}
	for _, r := range sums {
		add(of{r.Grouping, r.Group, r.Measure, r.Population},
			total{r.Persons, r.Families, r.Numerator, r.Denom, r.SumXX, r.SumYY})
	}
	for _, r := range times {
		if r.Bin == 0 {
			add(of{r.Grouping, r.Group, r.Curve, "curve"}, total{persons: r.Persons})
		}
	}
	return out
}

// swing is by how many persons a total changed, or by how many of the largest contributions to its sums, of which
// squares ÷ sum is a lower bound. One that vanishes changed by all its persons, unless it was hardly above the floor.
func swing(was, is total) float64 {
	gap := func(a, b int64) float64 { return math.Abs(float64(a - b)) }
	if is.persons == 0 && was.persons <= floor+mostOfOne {
		return 0
	}
	out := max(gap(was.persons, is.persons), gap(was.families, is.families))
	if was.xx > 0 {
		out = max(out, gap(was.x, is.x)*float64(was.x)/float64(was.xx))
	}
	if was.yy > 0 {
		out = max(out, gap(was.y, is.y)*float64(was.y)/float64(was.yy))
	}
	return out
}

// mostOfOne is what the noise of a count hides at most: see the policies.
const mostOfOne = 8

// lonely is a region where one person alone says something of a school, by its registers or its logs, and the region
// without that.
type lonely struct{ before, after *region }

// TestOneDecidesNothingOfMany takes away what one person alone says: no total of any measure changes by more than that
// person and those who are chosen for them bring.
func TestOneDecidesNothingOfMany(t *testing.T) {
	const last = 103
	seed := draw(2300, 4, 60)
	one, ofLast := seed.parentsOf(last)
	onlyOne := func(keep func(e zone.EventRow) bool) lonely { // of the events of a kind, those of one person
		events := slices.DeleteFunc(slices.Clone(seed.events), func(e zone.EventRow) bool { return !keep(e) })
		before, after := *seed, *seed
		after.events = events
		lone := zone.EventRow{PersonKey: one, TsMs: (firstDay + 37) * 86_400_000, LocalDate: firstDay + 37, LocalHour: 8,
			SchoolKey: last, Profile: 3, Service: int8(ingest.ServiceAccessibility), Weight: 1, Feed: 1, Delivery: 1}
		for _, e := range seed.events {
			if !keep(e) {
				lone.Service = e.Service
			}
		}
		before.events = append(slices.Clone(events), lone)
		return lonely{&before, &after}
	}
	withLines := func(lines []zonetest.AccompanimentRow, lone zonetest.AccompanimentRow) lonely {
		before, after := *seed, *seed
		after.accompaniment, before.accompaniment = lines, append(slices.Clone(lines), lone)
		return lonely{&before, &after}
	}
	o := options(t, seed) // one key: it draws who is chosen
	whole := totals(t, o, seed)
	line := zonetest.AccompanimentRow{PersonKey: one, LocalDate: firstDay + 44, Form: 4}
	// Of lines and records, which no total adds up, each decides what it decides beside the other.
	both := func(lines, record lonely) lonely {
		before, after := *record.before, *record.after
		before.accompaniment, after.accompaniment = lines.before.accompaniment, lines.after.accompaniment
		return lonely{&before, &after}
	}
	for name, c := range map[string]lonely{
		"the first line of a form in a school, and the only record of a service": both(
			withLines(slices.DeleteFunc(slices.Clone(seed.accompaniment),
				func(r zonetest.AccompanimentRow) bool { return r.Form == 4 && ofLast[r.PersonKey] }), line),
			onlyOne(func(e zone.EventRow) bool { return e.Service != int8(ingest.ServiceAccessibility) })),
		"the first line of a school, and its only record in a week": both(
			withLines(slices.DeleteFunc(slices.Clone(seed.accompaniment),
				func(r zonetest.AccompanimentRow) bool { return ofLast[r.PersonKey] }), line),
			onlyOne(func(e zone.EventRow) bool {
				return e.SchoolKey != last && e.SchoolKey != 0 || (e.LocalDate-firstDay)/7 != 5
			})),
		"the only record of grades in a school": onlyOne(func(e zone.EventRow) bool {
			return e.SchoolKey != last && e.SchoolKey != 0 || e.Service != int8(ingest.ServiceGrades)
		}),
		"a person, and who comes the most": {seed, seed.without(map[int64]bool{one: true, seed.busiest(): true})},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := whole, totals(t, o, c.after)
			if c.before != seed {
				before = totals(t, o, c.before)
			}
			if len(before) < 1000 {
				t.Fatalf("%d totals", len(before))
			}
			most := map[string]float64{}
			for at, was := range before {
				if s := swing(was, after[at]); s > mostOfOne {
					k := at.measure + " of " + at.population
					most[k] = max(most[k], s)
				}
			}
			var told []string
			for _, k := range slices.Sorted(maps.Keys(most)) {
				told = append(told, fmt.Sprintf("%s by %.1f", k, most[k]))
			}
			if len(told) > 0 {
				t.Errorf("of %d totals change: %s", len(before), strings.Join(told, ", "))
			}
		})
	}
}

// busiest is the parent with most events.
func (g *region) busiest() (most int64) {
	events := map[int64]int{}
	for _, e := range g.events {
		if e.Profile == 3 {
			events[e.PersonKey]++
		}
	}
	for _, person := range slices.Sorted(maps.Keys(events)) {
		if events[person] > events[most] {
			most = person
		}
	}
	return most
}

// parentsOf are the parents of a school, and one who is of no other.
func (g *region) parentsOf(school int32) (one int64, all map[int64]bool) {
	profile, schools := map[int64]int8{}, map[int64]int{}
	for _, p := range g.people {
		profile[p.PersonKey] = p.Profile
	}
	for _, m := range g.memberships {
		schools[m.PersonKey]++
	}
	all = map[int64]bool{}
	for _, m := range g.memberships {
		if m.SchoolKey == school && profile[m.PersonKey] == 3 {
			all[m.PersonKey] = true
			if one == 0 && schools[m.PersonKey] == 1 {
				one = m.PersonKey
			}
		}
	}
	return one, all
}
