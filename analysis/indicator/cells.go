package indicator

import (
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// level is the confidence level of every interval; minSchools the number of
// schools of a group below which none is given.
const (
	level      = 0.95
	minSchools = 12
)

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

// clusters gives each cluster what noiseOf looks at.
func (c *cell) clusters(perHead bool) []*counts {
	out := make([]*counts, len(c.rows))
	m, _ := edition.FindMeasure(c.key.source)
	for i, row := range c.rows {
		out[i] = &counts{cell: c.key, persons: row.Persons, x: row.X, y: row.Y, perHead: perHead,
			bearers: row.Bearers(m)}
		out[i].bound(row.XX, row.YY)
	}
	return out
}

// composite says what several cells together are made of: it disappears with any
// of them.
func composite(cells []*cell, perHead bool) *counts {
	k := &counts{cell: cells[0].key, persons: cells[0].persons, schools: cells[0].schools}
	for _, cell := range cells {
		k.parts = append(k.parts, *cell.counts(perHead))
	}
	return k
}

// fewest is the least number of schools of the cells.
func fewest(cells []*cell) int64 {
	return slices.MinFunc(cells, func(a, b *cell) int { return int(a.schools - b.schools) }).schools
}

// jackknife estimates a function of the totals of several cells over their common
// clusters. An arm of fewer than [stats.MinClusters] clusters gives no interval, however
// many the others have: its variance is that of a few schools (MacKinnon & Webb 2017).
func jackknife(a []aligned, t stats.Transform, f func(x, y []float64) float64) stats.Estimate {
	totalX, totalY := make([]float64, len(a)), make([]float64, len(a))
	for i, cell := range a {
		for g := range cell.num {
			totalX[i], totalY[i] = totalX[i]+cell.num[g], totalY[i]+cell.den[g]
		}
	}
	x, y := make([]float64, len(a)), make([]float64, len(a))
	least := math.MaxInt
	for _, cell := range a {
		least = min(least, cell.clusters())
	}
	if least < stats.MinClusters {
		return stats.Estimate{Value: f(totalX, totalY), Clusters: least, SE: math.NaN(), DF: math.NaN(),
			Low: math.NaN(), High: math.NaN()}
	}
	return stats.JackknifeClusters(len(a[0].num), func(skip int) float64 {
		copy(x, totalX)
		copy(y, totalY)
		for i, cell := range a {
			if skip >= 0 {
				x[i], y[i] = x[i]-cell.num[skip], y[i]-cell.den[skip]
			}
		}
		return f(x, y)
	}, level, t)
}

// schoolsOf counts the schools of the clusters of several cells of one group.
func schoolsOf(cells []*cell) (n int64) {
	seen := map[int32]bool{}
	for _, cell := range cells {
		for _, row := range cell.rows {
			if !seen[row.Cluster] {
				seen[row.Cluster] = true
				n += int64(row.Schools)
			}
		}
	}
	return n
}

// aligned is Σx and Σy of one cell over a common list of clusters.
type aligned struct{ num, den []float64 }

// clusters counts those in which the cell has somebody.
func (a aligned) clusters() (n int) {
	for _, den := range a.den {
		if den > 0 {
			n++
		}
	}
	return n
}

// align puts cells of one grouping on the union of their clusters, with zeros
// where a cell has none, so that shared clusters are recognised as shared.
func align(cells []*cell) []aligned {
	var ids []int32
	for _, cell := range cells {
		for _, row := range cell.rows {
			ids = append(ids, row.Cluster)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	out := make([]aligned, len(cells))
	for i, cell := range cells {
		out[i] = aligned{make([]float64, len(ids)), make([]float64, len(ids))}
		for j, row := range cell.rows {
			at, _ := slices.BinarySearch(ids, row.Cluster)
			out[i].num[at] += cell.num[j]
			out[i].den[at] += cell.den[j]
		}
	}
	return out
}

// armRatio is (Σx1/Σy1 ÷ Σx2/Σy2) ÷ (Σx3/Σy3 ÷ Σx4/Σy4).
func armRatio(a []aligned) stats.Estimate {
	return jackknife(a, stats.Log, func(x, y []float64) float64 {
		return x[0] / y[0] / (x[1] / y[1]) / (x[2] / y[2] / (x[3] / y[3]))
	})
}
