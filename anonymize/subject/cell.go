package subject

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
)

// cellKey is what a cell speaks of within one grouping.
type cellKey struct {
	group               string
	measure, population string
}

// tally is a row before its noise, and what the noise is drawn from: the sums of
// the record keys of the units in each bin of x, and of the families, and the
// largest contributions.
type tally struct {
	edition.SumRow
	keys       [16]uint32
	families   distinct
	topX, topY int64
}

// distinct is a number of units and the sum of their record keys.
type distinct struct {
	n   int64
	key uint32
}

func (d distinct) plus(o distinct) distinct { return distinct{d.n + o.n, d.key + o.key} }

// members is the sum of the record keys of the units that have a bin from first on:
// of all from 0, of those who bring something to x from 1.
func (t *tally) members(first int) (key uint32) {
	for _, k := range t.keys[first:] {
		key += k
	}
	return key
}

// cell is the tally of one school. alone are those of its families that are counted
// by school: they are of that school only.
type cell struct {
	school int64
	alone  distinct
	tally  tally
}

// periodKey names the cell of one school in one period.
type periodKey struct {
	cellKey
	period, school int64
}

// persons are those of the cell.
func (c cell) persons() distinct { return distinct{c.tally.Persons, c.tally.members(0)} }

// cellRow is the part of a cell whose x are in one bin.
type cellRow struct {
	Grp                                  string
	Period, SchoolKey                    int64
	Measure, Population                  string
	Bin, Persons, Numerator, Denominator int64
	Keys, TopX, TopY                     int64
	SumXX, SumXY, SumYY                  int64
}

type familyCount struct {
	Grp                 string
	Period, SchoolKey   int64
	Measure, Population string
	Families, Keys      int64
}

// readCells hands over the parts of the cells of the family of measures that
// the view contribution gives: one part per bin, and one with the families.
func (b *Builder) readCells(ctx context.Context, fam family, f func(periodKey, tally)) error {
	type slot struct {
		measure string
		period  int64
	}
	present := map[slot][]string{} // by the measure that stands for others
	err := flow.Rows(ctx, b.run, "cell", func(r cellRow) error {
		part := tally{SumRow: edition.SumRow{Persons: r.Persons, Numerator: r.Numerator, Denom: r.Denominator,
			SumXX: r.SumXX, SumXY: r.SumXY, SumYY: r.SumYY}, topX: r.TopX, topY: r.TopY}
		*histogram(&part.SumRow)[r.Bin], part.keys[r.Bin] = part.Persons, uint32(r.Keys)
		k := periodKey{cellKey{r.Grp, r.Measure, r.Population}, r.Period, r.SchoolKey}
		f(k, part)
		like, ok := fam.like[k.measure]
		if !ok {
			return fmt.Errorf("measure %s is not of the family %s", k.measure, fam.name)
		}
		if s := (slot{like, k.period}); !slices.Contains(present[s], k.measure) {
			present[s] = append(present[s], k.measure)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var standing []string
	for s := range present {
		if !slices.Contains(standing, s.measure) {
			standing = append(standing, s.measure)
		}
	}
	answer := "families_apart"
	if n := len(standing); n == 0 {
		return nil
	} else if n <= 2 {
		answer = "families"
		b.run.Set(map[string]any{"first_measure": standing[0], "last_measure": standing[n-1]})
	}
	return flow.Rows(ctx, b.run, answer, func(r familyCount) error {
		for _, m := range present[slot{r.Measure, r.Period}] {
			k := periodKey{cellKey{r.Grp, m, r.Population}, r.Period, r.SchoolKey}
			f(k, tally{families: distinct{r.Families, uint32(r.Keys)}})
		}
		return nil
	})
}

// add adds a school's cell to a cluster's; sums of squares saturate.
func (sum *tally) add(r tally) {
	sum.families = sum.families.plus(r.families)
	sum.topX, sum.topY = max(sum.topX, r.topX), max(sum.topY, r.topY)
	for i, k := range r.keys {
		sum.keys[i] += k
	}
	sum.Persons += r.Persons
	sum.Numerator += r.Numerator
	sum.Denom += r.Denom
	for _, p := range [][2]*int64{{&sum.SumXX, &r.SumXX}, {&sum.SumXY, &r.SumXY}, {&sum.SumYY, &r.SumYY}} {
		if *p[0] > math.MaxInt64-*p[1] {
			*p[0] = math.MaxInt64
		} else {
			*p[0] += *p[1]
		}
	}
	from := histogram(&r.SumRow)
	for i, h := range histogram(&sum.SumRow) {
		*h += *from[i]
	}
}

func histogram(r *edition.SumRow) [16]*int64 {
	return [16]*int64{&r.H00, &r.H01, &r.H02, &r.H03, &r.H04, &r.H05, &r.H06, &r.H07,
		&r.H08, &r.H09, &r.H10, &r.H11, &r.H12, &r.H13, &r.H14, &r.H15}
}

func sortedKeys(cells map[cellKey][]cell) []cellKey {
	keys := make([]cellKey, 0, len(cells))
	for k := range cells {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b cellKey) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.measure, b.measure),
			cmp.Compare(a.population, b.population))
	})
	return keys
}
