package kanon

import "math"

// glancer says of most nodes, without grouping anything, that they suppress too
// much or score too high: it only counts the rows of each cell of the node, up to
// k. It serves tables whose rows are persons and whose tuples fit one word.
//
//  1. The bits of a packed tuple are cut into chunks of whole attributes. For each
//     combination of levels of a chunk's attributes a table gives the number of
//     the generalised chunk, made when first asked for.
//  2. The cell of a tuple is the mixed-radix number of its chunks; cells are
//     counted in an array, zero again after each node.
//
// What it finds is exact: a node that it lets through is checked in full.
type glancer struct {
	pr     *problem
	scorer *scorer
	chunks []chunk
	memo   *memo
	sums   []float64
	limit  int64
	count  []uint16 // by cell, all 0 between nodes
	cells  []uint32 // of each class of the source
}

// chunk is neighbouring attributes of a packed tuple.
type chunk struct {
	attrs  []int // the lowest bits first
	shift  uint
	mask   uint64
	tables [][]uint16 // by the mixed-radix number of the levels
}

const (
	chunkBits = 13      // a table of 16 KiB
	maxCells  = 1 << 22 // of a node that is counted in an array
	minChunks = 3       // that cellsOf adds up at once
)

// newGlancer is nil when the problem is not one that it serves.
func newGlancer(pr *problem, s *scorer) *glancer {
	if pr.words != 1 || pr.policy.K > math.MaxUint16 {
		return nil
	}
	for _, ids := range pr.unitIDs {
		if ids != nil {
			return nil
		}
	}
	g := &glancer{pr: pr, scorer: s, memo: s.newMemo(), sums: make([]float64, len(pr.attrs))}
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

// glance gives the outcome of the node if it can: its floor, and that it is not
// feasible or scores more than cutoff.
func (g *glancer) glance(src *grouping, levels []int, cutoff float64) (outcome, bool) {
	n, ok := g.cellsOf(src, levels)
	if !ok {
		return outcome{}, false
	}
	o := outcome{levels: levels}
	k := uint32(g.pr.policy.K)
	count, cells := g.count[:n], g.cells
	rows := src.rows[:len(cells)]
	for i, cell := range cells {
		count[cell] = uint16(min(uint32(count[cell])+min(uint32(rows[i]), k), k))
	}
	floor := int64(0)
	for i, cell := range cells {
		r := int64(rows[i])
		if uint32(count[cell]) >= k {
			r = 0
		}
		floor += r
	}
	o.floor = floor
	done := floor > g.limit || g.scorer.bound(levels, floor, g.memo) >= cutoff
	if !done && g.exact() && !math.IsInf(cutoff, 1) {
		o.score = g.score(src, levels, floor)
		o.feasible, o.suppressedRows, o.suppressedPersons = true, floor, floor
		done = o.score > cutoff
	}
	if n > 32*len(cells) {
		for _, cell := range cells {
			count[cell] = 0
		}
	} else {
		clear(count)
	}
	return o, done
}

// exact says that the floor is all that a node suppresses, and the metric adds up.
func (g *glancer) exact() bool {
	m := g.pr.policy.Metric
	return len(g.pr.models) == 0 && g.pr.policy.AverageRisk == 0 && (m == Loss || m == LossArithmetic)
}

// score is scorer.score of the node: the leaves of all rows less those of the
// suppressed ones, in whole numbers.
func (g *glancer) score(src *grouping, levels []int, suppressed int64) float64 {
	pr, k := g.pr, uint16(g.pr.policy.K)
	var gone []int32
	for i, cell := range g.cells {
		if g.count[cell] < k {
			gone = append(gone, int32(i))
		}
	}
	for j, l := range levels {
		a := &pr.attrs[j]
		leaves := int64(0)
		for code, rows := range a.freq[l] {
			leaves += rows * int64(a.under[l][code])
		}
		for _, i := range gone {
			code := a.at[l][src.leaves[i]>>a.shift&a.mask]
			leaves -= int64(src.rows[i]) * int64(a.under[l][code])
		}
		g.sums[j] = float64(leaves)/float64(a.hierarchy.Leaves()) + float64(suppressed)
	}
	return g.scorer.combine(levels, g.sums)
}

// cellsOf numbers the cells of the node in which the classes of src lie, and says
// how many numbers there are; false when there are too many.
func (g *glancer) cellsOf(src *grouping, levels []int) (int, bool) {
	n := uint64(1)
	var radix [64]uint32
	for i := range g.chunks {
		radix[i] = uint32(n)
		for _, j := range g.chunks[i].attrs {
			n *= uint64(g.pr.attrs[j].size[levels[j]])
		}
		if n > maxCells {
			return 0, false
		}
	}
	if uint64(len(g.count)) < n {
		g.count = make([]uint16, max(n, uint64(min(2*len(g.count), maxCells))))
	}
	if cap(g.cells) < src.n {
		g.cells = make([]uint32, src.n)
	}
	g.cells = g.cells[:src.n]
	cells, leaves := g.cells, src.leaves[:len(g.cells)]
	a, b, c := &g.chunks[0], &g.chunks[1], &g.chunks[2]
	ta, tb, tc := g.table(a, levels), g.table(b, levels), g.table(c, levels)
	rb, rc := radix[1], radix[2]
	sb, sc, ma, mb, mc := b.shift&63, c.shift&63, a.mask, b.mask, c.mask
	for i, key := range leaves {
		cells[i] = uint32(ta[key&ma]) + uint32(tb[key>>sb&mb])*rb + uint32(tc[key>>sc&mc])*rc
	}
	for x := minChunks; x < len(g.chunks); x++ {
		d := &g.chunks[x]
		t := g.table(d, levels)
		for i, key := range leaves {
			cells[i] += uint32(t[key>>(d.shift&63)&d.mask]) * radix[x]
		}
	}
	return int(n), true
}

// table numbers the generalised chunks.
func (g *glancer) table(c *chunk, levels []int) []uint16 {
	at := 0
	for _, j := range c.attrs {
		at = at*(g.pr.attrs[j].top+1) + levels[j]
	}
	if t := c.tables[at]; t != nil {
		return t
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
	c.tables[at] = t
	return t
}
