package indicator

import (
	"math"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/edition"
)

// counts is what a figure is made of: the exact integers the rules of package
// disclosure look at.
type counts struct {
	// cell names the cell; two results of one cell share its fate.
	cell     cellKey
	persons  int64
	schools  int64
	x, y     int64
	perHead  bool // y counts persons (or pairs), x some of them
	pairX    float64
	largestX float64 // no contribution to x is larger
	pairY    float64
	largestY float64
	topUnit  float64 // largest share of x or y one cluster holds
	parts    []counts
	noPerson bool // a figure about feeds
	absent   bool // the edition holds no row of the cell
	modelled bool // the figure is not x/y
}

// cellKey is source × population × group.
type cellKey struct{ source, population, grouping, group string }

// in names all the cells of one figure in a grouping.
func (k cellKey) in(grouping string) cellKey { return cellKey{k.source, k.population, grouping, ""} }

// cell is the rows of one cellKey in cluster order, and their totals.
type cell struct {
	key       cellKey
	rows      []query.Sum
	persons   int64
	schools   int64
	num, den  []float64 // by cluster
	x, y      int64
	xx, yy    int64
	histogram [16]int64
}

func newCell(key cellKey, rows []query.Sum) *cell {
	c := &cell{key: key, rows: rows, num: make([]float64, len(rows)), den: make([]float64, len(rows))}
	for i, r := range rows {
		c.num[i], c.den[i] = float64(r.X), float64(r.Y)
		c.x, c.y, c.xx, c.yy = c.x+r.X, c.y+r.Y, c.xx+r.XX, c.yy+r.YY
		c.schools += int64(r.Schools)
		if key.population == edition.PopFamilies {
			c.persons += r.Families
		} else {
			c.persons += r.Persons
		}
		for h, n := range r.Histogram {
			c.histogram[h] += n
		}
	}
	return c
}

// bound sets what the largest contributors may hold: one at most the square root
// of the sum of squares, two together at most √(2Σx²). Both are upper bounds, so
// a rule that holds for them holds for the truth.
func (k *counts) bound(xx, yy int64) {
	k.largestX, k.pairX = math.Min(math.Sqrt(float64(xx)), float64(k.x)), math.Min(math.Sqrt(2*float64(xx)), float64(k.x))
	k.largestY, k.pairY = math.Min(math.Sqrt(float64(yy)), float64(k.y)), math.Min(math.Sqrt(2*float64(yy)), float64(k.y))
}

// counts gives what disclosure looks at.
func (c *cell) counts(perHead bool) *counts {
	k := &counts{
		cell: c.key, persons: c.persons, schools: c.schools, x: c.x, y: c.y, perHead: perHead,
	}
	k.bound(c.xx, c.yy)
	for i := range c.num {
		if c.x > 0 {
			k.topUnit = math.Max(k.topUnit, c.num[i]/float64(c.x))
		}
		if c.y > 0 {
			k.topUnit = math.Max(k.topUnit, c.den[i]/float64(c.y))
		}
	}
	return k
}
