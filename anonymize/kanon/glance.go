package kanon

import (
	"slices"

	"github.com/entscope/entscope/anonymize/privacy"
)

// glance looks at the models of a node whose cells the prechecker has just counted: the values of
// each cell are added up, in lanes or in a matrix, and each model is asked of those of k rows
// against the whole table. It reports whether that settles the node, which then suppresses too
// much or scores too high; what it adds to the floor is suppressed in every finer node. It serves
// what the prechecker serves.
func (c *checker) glance(src *grouping, cutoff float64, o *outcome) bool {
	g := c.prechecker
	width := c.pr.values()
	if width > maxGlanced || len(src.values) < len(c.pr.sensitive) {
		return false
	}
	if c.needy(src, cutoff, o) {
		return true
	}
	suppressed := o.floor
	rows, k := g.rows[1:], int32(c.pr.policy.K)
	words := c.pr.laneWords()
	if src.lanes == nil || slices.Max(rows) > laneMost {
		words = 0
		g.tally(src, c.pr.sensitive, width)
	} else {
		g.tallyLanes(src, words)
	}
	for cell, n := range rows {
		if n < k {
			continue
		}
		fails, lost := false, int64(0)
		if words > 0 {
			fails, lost = c.fails(g.lanes[(cell+1)*words:(cell+2)*words], nil, n)
		} else {
			fails, lost = c.fails(nil, g.matrix[(cell+1)*width:(cell+2)*width], n)
		}
		if fails {
			suppressed += int64(n)
		}
		o.floor += lost
	}
	return suppressed > g.limit || c.scorer.bound(o.levels, suppressed, c.memo) >= cutoff
}

// needy reports whether a node is settled by what single classes of the source need: a cell that
// has fewer rows than one of them fails. It leaves the floor as it is.
func (c *checker) needy(src *grouping, cutoff float64, o *outcome) bool {
	g := c.prechecker
	if src.needs == nil {
		return false
	}
	g.needs = zeros(g.needs, len(g.rows))
	for i, at := range g.at {
		g.needs[at] = max(g.needs[at], src.needs[i])
	}
	suppressed, k := int64(0), int32(c.pr.policy.K)
	for cell, n := range g.rows {
		if n < max(k, g.needs[cell]) {
			suppressed += int64(n)
		}
	}
	return c.scorer.bound(o.levels, suppressed, c.memo) >= cutoff
}

// maxGlanced bounds the values of all sensitive attributes together.
const maxGlanced = 128

// fails reports whether a cell of n rows fails a model against the whole table, and the least of
// its rows that no finer node keeps. Its values are given in lanes, or as the counts of all.
func (c *checker) fails(lanes []uint64, counts []int32, n int32) (fails bool, lost int64) {
	for i := range c.pr.models {
		m, shares, verdict := &c.pr.models[i], c.parts[i].shares, unclear
		var of []uint64
		if lanes != nil {
			of = c.pr.lanesOf(lanes, m.attr)
			if shares != nil {
				verdict = shares.judge(of, n)
			}
		}
		switch verdict {
		case met:
		case failed:
			fails, lost = true, max(lost, c.beyond(int64(shares.part(of, n, int32(c.pr.policy.K))), int64(n)))
		default:
			if lanes != nil {
				c.glanced.values, c.glanced.count = unpack(of, c.glanced.values[:0], c.glanced.count[:0])
			} else {
				c.glanced.list(c.pr.countsOf(counts, m.attr))
			}
			c.glanced.sum, c.glanced.n = int64(n), int64(n)
			if !m.holds(m.measure(&c.glanced, &c.totals[m.attr])) {
				fails, lost = true, max(lost, c.lost(i, &c.glanced, int64(n)))
			}
		}
	}
	return fails, lost
}

// lost is the least of the rows of a class that fails a model of which no finer node keeps
// any: little is known where persons have several rows, unless parts fail as well.
func (c *checker) lost(model int, of *class, rows int64) int64 {
	switch {
	case c.pr.models[model].rule.Monotone:
		return rows
	case c.plain:
	case c.single && c.pr.models[model].Model != privacy.Delta:
		return 1 // all parts together fail, so one does
	default:
		return 0
	}
	return c.beyond(c.parts[model].largest(of), rows)
}

// beyond is the rows of a class beyond its largest part, which is none below k.
func (c *checker) beyond(part, rows int64) int64 {
	if part < int64(c.pr.policy.K) {
		return rows
	}
	return rows - min(part, rows)
}

// tally fills the matrix of the node counted last: the rows of each value, by cell.
func (g *prechecker) tally(src *grouping, of []attributeValues, width int) {
	g.matrix = zeros(g.matrix, len(g.rows)*width)
	for i, at := range g.at {
		row := g.matrix[int(at)*width:]
		for a := range of {
			v := &src.values[a]
			for n := v.at[i]; n < v.at[i+1]; n++ {
				row[v.value[n]] += v.count[n]
			}
			row = row[len(of[a].values):]
		}
	}
}

// tallyLanes adds up the lanes of the cells of the node counted last.
func (g *prechecker) tallyLanes(src *grouping, words int) {
	g.lanes = zeros(g.lanes, len(g.rows)*words)
	sumLanes(g.lanes, src.lanes, g.at, words)
}

// values is the number of values of all sensitive attributes together.
func (pr *problem) values() (n int) {
	for i := range pr.sensitive {
		n += len(pr.sensitive[i].values)
	}
	return n
}

// countsOf are the counts of the values of one sensitive attribute, of those of all.
func (pr *problem) countsOf(counts []int32, a int) []int32 {
	for i := range a {
		counts = counts[len(pr.sensitive[i].values):]
	}
	return counts[:len(pr.sensitive[a].values)]
}

// laneWords is how many words the lanes of a class take.
func (pr *problem) laneWords() (words int) {
	for i := range pr.sensitive {
		words += wordsOf(len(pr.sensitive[i].values))
	}
	return words
}

// lanesOf are those of one attribute.
func (pr *problem) lanesOf(lanes []uint64, attr int) []uint64 {
	for i := range attr {
		lanes = lanes[wordsOf(len(pr.sensitive[i].values)):]
	}
	return lanes[:wordsOf(len(pr.sensitive[attr].values))]
}
