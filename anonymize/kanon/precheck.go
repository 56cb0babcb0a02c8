package kanon

import "slices"

// prechecker says of most nodes, without grouping anything, that they suppress too
// much or score too high: it only counts the rows of each cell of the node. It
// serves tables whose rows are persons and whose tuples fit one word.
//
//  1. The bits of a packed tuple are cut into chunks of whole attributes. For each
//     combination of levels of a chunk's attributes a table gives the number of
//     the generalised chunk, made when first asked for.
//  2. The cell of a tuple is the mixed-radix number of its chunks. Cells are
//     found in a small table, by that number or by a hash of it.
//
// What it finds is exact: a node that it cannot settle is checked in full.
type prechecker struct {
	pr     *problem
	scorer *scorer
	chunks []chunk
	memo   *memo
	costs  []float64 // of the attributes
	limit  int64
	slots  []uint32 // the cell in each, from 1; 0 is empty
	at     []uint32 // the cell of each class of the source
	number []uint64 // the mixed-radix number of each cell
	rows   []int32  // of each cell; of none at 0
	some   []int32  // classes of the source that are kept, or that are not
	lanes  []uint64 // of each cell
	needs  []int32  // the rows that each needs
	matrix []int32  // rows by cell and sensitive value
}

// chunk is neighbouring attributes of a packed tuple.
type chunk struct {
	attrs  []int // the lowest bits first
	shift  uint
	mask   uint64
	tables [][]uint16 // by the mixed-radix number of the levels
	table  []uint16   // the one in use
}

const (
	chunkBits = 13 // a table of 16 KiB
	minChunks = 3  // that count adds up at once
)

// newPrechecker is nil when the problem is not one that it serves.
func newPrechecker(pr *problem, s *scorer) *prechecker {
	if pr.words != 1 || !pr.plain() || pr.mapped() {
		return nil
	}
	g := &prechecker{pr: pr, scorer: s, memo: s.newMemo(), costs: make([]float64, len(pr.attrs))}
	g.limit, _ = pr.limits()
	bits := uint(0)
	for _, j := range pr.byShift() {
		a := &pr.attrs[j]
		width := widthOf(a)
		if width > 16 {
			return nil
		}
		if len(g.chunks) == 0 || bits+width > chunkBits {
			g.chunks, bits = append(g.chunks, chunk{shift: uint(a.shift)}), 0
		}
		c := &g.chunks[len(g.chunks)-1]
		bits += width
		c.attrs, c.mask = append(c.attrs, j), 1<<bits-1
	}
	for len(g.chunks) < minChunks {
		g.chunks = append(g.chunks, chunk{})
	}
	for i := range g.chunks {
		c := &g.chunks[i]
		n := 1
		for _, j := range c.attrs {
			n *= pr.attrs[j].top + 1
		}
		c.tables = make([][]uint16, n)
	}
	return g
}

// precheck gives the outcome of the node if it can, without its classes.
func (g *prechecker) precheck(src *grouping, levels []int, cutoff float64) (outcome, bool) {
	if !g.count(src, levels) {
		return outcome{}, false
	}
	o := outcome{levels: levels, floor: g.floor()}
	if o.floor > g.limit || g.scorer.bound(levels, o.floor, g.memo) >= cutoff {
		return o, true
	}
	if !g.exact() {
		return o, false
	}
	o.score = g.score(src, levels, o.floor)
	o.feasible, o.suppressedRows, o.suppressedPersons = true, o.floor, o.floor
	return o, true
}

// floor sums the rows in cells of fewer than k, of the node counted last.
func (g *prechecker) floor() int64 {
	floor, k := int64(0), int32(g.pr.policy.K)
	for _, rows := range g.rows {
		if rows < k {
			floor += int64(rows)
		}
	}
	return floor
}

// exact says that the floor is all that a node suppresses, and the metric adds up
// in whole numbers.
func (g *prechecker) exact() bool {
	m := g.pr.policy.Metric
	return len(g.pr.models) == 0 && g.pr.policy.AverageRisk == 0 && !g.pr.profiled() && g.pr.among == nil &&
		(m == Loss || m == LossArithmetic)
}

// score is scorer.score of the node counted last: the leaves of the rows that are kept, or of all
// less those of the suppressed ones, whichever are of fewer classes.
func (g *prechecker) score(src *grouping, levels []int, suppressed int64) float64 {
	k := int32(g.pr.policy.K)
	few, gone := 0, true
	for _, at := range g.at {
		few += int(uint32(g.rows[at]-k) >> 31)
	}
	if 2*few > len(g.at) {
		gone = false
	}
	g.some = g.some[:0]
	for i, at := range g.at {
		if g.rows[at] < k == gone {
			g.some = append(g.some, int32(i))
		}
	}
	for j, l := range levels {
		a := &g.pr.attrs[j]
		leaves := a.leavesOf(l, src, g.some)
		if gone {
			all := int64(0)
			for code, rows := range a.freq[l] {
				all += rows * int64(a.under[l][code])
			}
			leaves = all - leaves
		}
		g.costs[j] = float64(leaves)/float64(a.hierarchy.Leaves()) + float64(suppressed)
	}
	if g.scorer.finest != nil {
		return g.scorer.keptShare(g.costs, suppressed)
	}
	return g.scorer.combine(levels, g.costs)
}

// leavesOf sums the leaves under the values of some classes of a source, over their rows.
func (a *attribute) leavesOf(level int, src *grouping, classes []int32) (leaves int64) {
	at, under := a.at[level], a.under[level]
	for _, i := range classes {
		leaves += int64(src.rows[i]) * int64(under[at[src.leaves[i]>>(a.shift&63)&a.mask]])
	}
	return leaves
}

// merge makes a source of the cells of a node; false when count is.
func (g *prechecker) merge(src *grouping, levels []int) (*grouping, bool) {
	if !g.count(src, levels) {
		return nil, false
	}
	n := len(g.rows) - 1
	out := &grouping{levels: levels, leaves: make([]uint64, n), rows: slices.Clone(g.rows[1:]), n: n}
	for i, at := range g.at {
		out.leaves[at-1] = src.leaves[i]
	}
	return out, true
}

// count counts the rows of the cells of the node; false when there are too many cells to be
// numbered. A cell that is met first takes the next place, without a branch: which it is could
// not be foretold.
func (g *prechecker) count(src *grouping, levels []int) bool {
	n := uint64(1)
	var radix [64]uint64
	for i := range g.chunks {
		radix[i] = n
		for _, j := range g.chunks[i].attrs {
			n *= uint64(g.pr.attrs[j].size[levels[j]])
		}
		if n >= 1<<(63-chunkBits) {
			return false
		}
	}
	factor, shift := g.clear(n, src.n)
	a, b, c := &g.chunks[0], &g.chunks[1], &g.chunks[2]
	ta, tb, tc := g.table(a, levels), g.table(b, levels), g.table(c, levels)
	rb, rc := radix[1], radix[2]
	sb, sc, ma, mb, mc := b.shift&63, c.shift&63, a.mask, b.mask, c.mask
	rest := g.chunks[minChunks:]
	for x := range rest {
		g.table(&rest[x], levels)
	}
	slots, mask := g.slots, uint64(len(g.slots)-1)
	ats, rows, number, sums := g.at, src.rows[:len(g.at)], g.number, g.rows
	found := uint32(0)
	for i, key := range src.leaves[:len(ats)] {
		cell := uint64(ta[key&ma]) + uint64(tb[key>>sb&mb])*rb + uint64(tc[key>>sc&mc])*rc
		for x := range rest {
			d := &rest[x]
			cell += uint64(d.table[key>>(d.shift&63)&d.mask]) * radix[minChunks+x]
		}
		slot := cell * factor >> (shift & 63)
		at := slots[slot&mask]
		empty := uint32(int32(at-1) >> 31) // all ones if at is 0
		for (number[at]^cell)&^uint64(int32(empty)) != 0 {
			slot++
			at = slots[slot&mask]
			empty = uint32(int32(at-1) >> 31)
		}
		found += empty & 1
		at |= found & empty
		slots[slot&mask], number[at] = at, cell
		sums[at] += rows[i]
		ats[i] = at
	}
	g.rows = sums[:found+1]
	return true
}

// clear empties the slots for the cells of a source of so many classes, and gives
// what makes a slot of a cell's number: itself when there are few.
func (g *prechecker) clear(cells uint64, classes int) (factor uint64, shift uint) {
	bits := uint(6)
	for 1<<bits < 2*classes {
		bits++
	}
	factor, shift = fibonacci, 64-bits
	if cells <= 4<<bits {
		for bits = 6; 1<<bits < cells; {
			bits++
		}
		factor, shift = 1, 0
	}
	g.slots = zeros(g.slots, 1<<bits)
	g.rows = zeros(g.rows, classes+1)
	if cap(g.at) < classes {
		g.at, g.number = make([]uint32, classes), make([]uint64, classes+1)
	}
	g.at, g.number = g.at[:classes], g.number[:classes+1]
	return factor, shift
}

// table numbers the generalised chunks.
func (g *prechecker) table(c *chunk, levels []int) []uint16 {
	at := 0
	for _, j := range c.attrs {
		at = at*(g.pr.attrs[j].top+1) + levels[j]
	}
	if c.table = c.tables[at]; c.table != nil {
		return c.table
	}
	t := make([]uint16, 1, c.mask+1)
	radix := uint16(1)
	for _, j := range c.attrs {
		// The values of this attribute times those of the ones below it.
		a := &g.pr.attrs[j]
		codes, below := a.at[levels[j]], len(t)
		for leaf := 1; leaf < 1<<widthOf(a); leaf++ {
			for i := range below {
				v := t[i]
				if leaf < len(codes) {
					v += uint16(codes[leaf]) * radix
				}
				t = append(t, v)
			}
		}
		for i := range below {
			t[i] += uint16(codes[0]) * radix
		}
		radix *= uint16(a.size[levels[j]])
	}
	c.tables[at], c.table = t, t
	return t
}
