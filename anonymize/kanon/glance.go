package kanon

import "github.com/entscope/entscope/anonymize/privacy"

// glance looks at the models of a node whose cells the prechecker has just counted: the values of
// each cell of k rows are added up in a matrix, and each model is asked against the whole table.
// It reports whether that settles the node, which then suppresses too much or scores too high;
// what it says of the floor is exact. It serves what the prechecker serves.
func (c *checker) glance(src *grouping, cutoff float64, o *outcome) bool {
	g, pr := c.prechecker, c.pr
	width, widths := 0, c.widths[:0]
	for i := range pr.sensitive {
		width, widths = width+len(pr.sensitive[i].values), append(widths, len(pr.sensitive[i].values))
	}
	c.widths = widths
	if width > maxGlanced || len(src.values) < len(pr.sensitive) {
		return false
	}
	cells := g.tally(src, pr.sensitive, width)
	suppressed := o.floor
	for i := range cells {
		c.glanced.rows(g.matrix[i*width:(i+1)*width], widths)
		failed, lost := c.fails(&c.glanced)
		if failed {
			suppressed += c.glanced.n
		}
		o.floor += lost
	}
	return suppressed > g.limit || c.scorer.bound(o.levels, suppressed, c.memo) >= cutoff
}

// maxGlanced bounds the values of all sensitive attributes together.
const maxGlanced = 128

// fails reports whether a cell fails a model against the whole table, and the least of its rows
// that no finer node keeps.
func (c *checker) fails(g *glanced) (failed bool, lost int64) {
	for i := range c.pr.models {
		m := &c.pr.models[i]
		v := &g.values[m.attr]
		if m.holds(m.measure(v, &c.totals[m.attr])) {
			continue
		}
		failed, lost = true, max(lost, c.lost(i, v, g.n))
	}
	return failed, lost
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
	part := c.parts[model].largest(of)
	if part < int64(c.pr.policy.K) {
		return rows
	}
	return rows - min(part, rows)
}

// tally fills the matrix of cells of k rows and values, of the node counted last, and gives the
// number of these cells.
func (g *prechecker) tally(src *grouping, of []attributeValues, width int) int {
	if cap(g.cell) < len(g.slots) {
		g.cell = make([]int32, len(g.slots))
	}
	g.cell, g.matrix = g.cell[:len(g.slots)], g.matrix[:0]
	clear(g.cell)
	k, cells := uint64(g.pr.policy.K), int32(0)
	for i, at := range g.at {
		if g.slots[at]&countMask < k {
			continue
		}
		if g.cell[at] == 0 {
			cells++
			g.cell[at] = cells
			g.matrix = grown(g.matrix, width)
		}
		row := g.matrix[int(g.cell[at]-1)*width : int(g.cell[at])*width]
		for a := range of {
			v := &src.values[a]
			for n := v.at[i]; n < v.at[i+1]; n++ {
				row[v.value[n]] += v.count[n]
			}
			row = row[len(of[a].values):]
		}
	}
	return int(cells)
}

// grown has n zeros more.
func grown(s []int32, n int) []int32 {
	if cap(s)-len(s) < n {
		s = append(make([]int32, 0, 2*(len(s)+n)), s...)
	}
	s = s[:len(s)+n]
	clear(s[len(s)-n:])
	return s
}
