package anonymize

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
)

// units are those of a curve at its beginning, which no sum names.
const units = "units"

// readBy names a number of a curve, of the units with their event before the bin.
func readBy(curve string, bin int32) string { return fmt.Sprintf("%s before %d", curve, bin) }

// wholes are the numbers of the groups of an exact edition, over all clusters: a curve and a measure have clusters, and
// names of them, of their own. Those of a curve are of whatever population; bins are how many each has.
func wholes(sums []edition.SumRow, times []edition.TimeRow) (all numbers, bins map[string]int32) {
	all, bins = numbers{}, map[string]int32{}
	add := func(a edition.Addend, grouping, group string, value int64) {
		if all[a] == nil {
			all[a] = map[cellOf]int64{}
		}
		all[a][cellOf{grouping: grouping, group: group}] += value
	}
	for _, r := range sums {
		for number, value := range map[string]int64{
			edition.NumberX: r.Numerator, edition.NumberY: r.Denom, edition.NumberPersons: r.Persons,
		} {
			add(edition.Addend{Measure: r.Measure, Population: r.Population, Number: number}, r.Grouping, r.Group, value)
		}
	}
	for _, r := range times {
		bins[r.Curve] = max(bins[r.Curve], r.Bin+1)
	}
	for _, r := range times {
		for before := int32(1); before <= bins[r.Curve]; before++ {
			name, events := readBy(r.Curve, before), int64(0)
			if r.Bin < before {
				events = r.Events
			}
			add(edition.Addend{Measure: name, Number: edition.NumberEvents}, r.Grouping, r.Group, events)
		}
		if r.Bin == 0 {
			add(edition.Addend{Measure: r.Curve, Number: edition.NumberPersons}, r.Grouping, r.Group, r.Persons)
			add(edition.Addend{Measure: r.Curve, Number: units}, r.Grouping, r.Group, r.AtRisk)
		}
	}
	return all, bins
}

var (
	countCurves  sync.Once
	curveNumbers numbers
	curveBins    map[string]int32
)

// exactCurves are the numbers of the groups of a region whose books, threads and deadlines are several of a person. They
// are counted once.
func exactCurves(t *testing.T) (all numbers, bins map[string]int32) {
	t.Helper()
	countCurves.Do(func() {
		o := options(t, draw(3, 24, 40))
		for _, day := range []string{"2025-11-28", "2025-12-05"} {
			o.Study.Declared = append(o.Study.Declared, edition.Declared{Kind: edition.DeclaredDeadline, Name: "d" + day,
				Label: "Échéance " + day, Start: day})
		}
		curveNumbers, curveBins = wholes(cellsOf(t, o, lowestFloors, perturb.Parameters{}))
	})
	if curveNumbers == nil {
		t.Fatal("another test could not count the curves")
	}
	return curveNumbers, curveBins
}

// readEverywhere are the numbers of a curve: its persons, or its units before each of its bins.
func readEverywhere(bins map[string]int32) func(a edition.Addend) []edition.Addend {
	return func(a edition.Addend) (read []edition.Addend) {
		if a.Number == edition.NumberEntrants {
			return []edition.Addend{{Measure: a.Measure, Number: edition.NumberPersons}}
		}
		for before := int32(1); before <= bins[a.Measure]; before++ {
			curve, _ := edition.FindCurve(a.Measure)
			at := before
			if curve.Edges != nil {
				at = curve.Edges[min(int(before), len(curve.Edges)-1)]
			}
			read = append(read, edition.Addend{Measure: readBy(a.Measure, before), Number: edition.NumberEvents, From: at})
		}
		return read
	}
}

// TestSumsOfCurves: in exact cells each sum that names a curve holds to the last unit, at whichever time the curve is
// read, in every group.
func TestSumsOfCurves(t *testing.T) {
	all, bins := exactCurves(t)
	tried, beyondOne := 0, false
	for _, s := range edition.Sums {
		if !slices.ContainsFunc(s.Terms(), edition.Addend.OfCurve) {
			continue
		}
		cells := 0
		for _, read := range s.Read(readEverywhere(bins)) {
			for at, total := range all[read.Total] {
				var sum, beyond int64
				there := true
				for _, p := range read.Parts {
					x, ok := all[p][at]
					sum, there = sum+x, there && ok
					if curve, _, ok := strings.Cut(p.Measure, " before"); ok && s.Total.Heads() {
						beyond += all[edition.Addend{Measure: curve, Number: units}][at] -
							all[edition.Addend{Measure: curve, Number: edition.NumberPersons}][at]
					}
				}
				if !there {
					continue
				}
				cells++
				beyondOne = beyondOne || beyond > 0
				if sum > total+beyond {
					t.Errorf("%v of %v: %d are more than %d and %d", read.Parts, at, sum, total, beyond)
				}
			}
		}
		if cells < 6 {
			t.Errorf("%v to %v: %d cells", s.Parts, s.Total, cells)
		}
		tried++
	}
	if tried < 15 || !beyondOne {
		t.Errorf("%d sums were tried; that somebody has two units is %v", tried, beyondOne)
	}
}

// TestCurvesAreTied: where the events of a curve are in each group those that a share counts, or all others of it, or
// the numerator of an amount of the same units, a sum of measures.toml says so; where a share is nearly so, one sum does
// or two by a number between. A share that is hidden would stand beside it under another name. Left out is what is so
// in this region and not by what it is.
func TestCurvesAreTied(t *testing.T) {
	all, bins := exactCurves(t)
	beside := func(a edition.Addend) (terms []edition.Addend) {
		for _, s := range edition.Sums {
			if slices.Contains(s.Terms(), a) {
				terms = append(terms, s.Terms()...)
			}
		}
		return terms
	}
	byChance := func(x edition.Addend) bool {
		return x.Measure == "C1.first_login" || // hardly any first visit follows an item
			x.Measure == "C4.viewed_grades" // who has a report book looks at grades
	}
	found := map[string]int{}
	for curve, n := range bins {
		events := all[edition.Addend{Measure: readBy(curve, n), Number: edition.NumberEvents}]
		of := all[edition.Addend{Measure: curve, Number: units}]
		ofCurve := func(a edition.Addend) bool { return a.Measure == curve && a.Number == edition.NumberEvents }
		for x, cells := range all {
			if _, known := edition.FindMeasure(x.Measure); !known || x.Number != edition.NumberX || byChance(x) {
				continue
			}
			whole := all[edition.Addend{Measure: x.Measure, Population: x.Population, Number: edition.NumberY}]
			others := map[cellOf]int64{}
			for at, n := range cells {
				others[at] = whole[at] - n
			}
			heads := x.Heads()
			same := (heads || nearly(of, whole, nil, exactly)) && nearly(events, cells, whole, exactly) ||
				heads && nearly(events, others, whole, exactly)
			near := heads && (nearly(events, cells, whole, 20) || nearly(events, others, whole, 20))
			if !same && !near {
				continue
			}
			found[curve]++
			tied := slices.ContainsFunc(beside(x), ofCurve)
			between := slices.ContainsFunc(beside(x), func(a edition.Addend) bool {
				return slices.ContainsFunc(beside(a), ofCurve)
			})
			if !tied && (same || !between) {
				t.Errorf("the events of %s are those that %s of %s counts, or the others, and no sum says so", curve,
					x.Measure, x.Population)
			}
		}
	}
	for _, curve := range []string{"C4.opening", "D3.first_login", "R1.readiness"} {
		if found[curve] == 0 {
			t.Errorf("nothing is near %s: the region shows nothing", curve)
		}
	}
}

// exactly is for nearly: but for none.
const exactly = math.MaxInt64

// nearly reports whether a is b in all of at least six groups but for one in so many, and somewhere neither none nor
// the whole of it.
func nearly(a, b, whole map[cellOf]int64, one int64) bool {
	cells, between := 0, whole == nil
	for at, x := range a {
		y, there := b[at]
		if !there {
			continue
		}
		if far := max(x-y, y-x); far > y/one {
			return false
		}
		cells++
		between = between || y > 0 && y < whole[at]
	}
	return cells >= 6 && between
}
