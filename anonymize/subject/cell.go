package subject

import (
	"math"

	"github.com/entscope/entscope/anonymize/edition"
)

// cellKey is what a cell speaks of within one grouping.
type cellKey struct {
	group               string
	measure, population string
}

// groupKey is a cell of a grouping.
type groupKey struct {
	grouping string
	cellKey
}

// counted is what a person counts for.
type counted struct{ measure, population string }

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

// add adds a school's cell to a cluster's; sums of squares saturate.
func (sum *tally) add(r *tally) {
	sum.families = sum.families.plus(r.families)
	sum.topX, sum.topY = max(sum.topX, r.topX), max(sum.topY, r.topY)
	for i, k := range r.keys {
		sum.keys[i] += k
	}
	sum.Persons += r.Persons
	sum.Numerator += r.Numerator
	sum.Denom += r.Denom
	sum.SumXX, sum.SumXY, sum.SumYY =
		saturate(sum.SumXX, r.SumXX), saturate(sum.SumXY, r.SumXY), saturate(sum.SumYY, r.SumYY)
	from := histogram(&r.SumRow)
	for i, h := range histogram(&sum.SumRow) {
		*h += *from[i]
	}
}

func histogram(r *edition.SumRow) [16]*int64 {
	return [16]*int64{&r.H00, &r.H01, &r.H02, &r.H03, &r.H04, &r.H05, &r.H06, &r.H07,
		&r.H08, &r.H09, &r.H10, &r.H11, &r.H12, &r.H13, &r.H14, &r.H15}
}

func saturate(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
