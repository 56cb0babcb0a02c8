package kanon

import (
	"slices"
	"sync"
	"sync/atomic"
)

// pairs holds, for every two attributes and every two of their levels, the rows
// that these two alone suppress. A class of a node lies in one of theirs, so no
// node suppresses less than any pair of its levels.
type pairs struct {
	m      int
	levels []int     // of each attribute
	floors [][]int64 // [i*m+j], i < j, by level of i, then of j
}

// newPairs counts them from the distinct tuples.
func newPairs(pr *problem, base *grouping, checkers []*checker) *pairs {
	p := &pairs{m: len(pr.attrs), floors: make([][]int64, len(pr.attrs)*len(pr.attrs))}
	for j := range pr.attrs {
		p.levels = append(p.levels, pr.attrs[j].top+1)
	}
	var parts []part
	var rest [][2]int
	for i := range p.m {
		for j := i + 1; j < p.m; j++ {
			if pair := [2]int{i, j}; pr.dense(i, j) {
				parts = append(parts, part{pairs: [][2]int{pair}})
			} else {
				rest = append(rest, pair)
			}
		}
	}
	parts = append(parts, split(pr.bySize(), rest)...)
	var next atomic.Int64
	var wg sync.WaitGroup
	for _, c := range checkers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := int(next.Add(1)) - 1; n < len(parts); n = int(next.Add(1)) - 1 {
				if of := parts[n]; of.attrs == nil {
					i, j := of.pairs[0][0], of.pairs[0][1]
					p.floors[i*p.m+j] = c.denseFloors(base, i, j)
				} else {
					p.count(c, base, of)
				}
			}
		}()
	}
	wg.Wait()
	return p
}

// maxDense bounds the matrix of a pair.
const maxDense = 1 << 16

// dense says that the pair is counted in a matrix: rows are persons, and it is small.
func (pr *problem) dense(i, j int) bool {
	return pr.plain() && !pr.mapped() && pr.attrs[i].size[0]*pr.attrs[j].size[0] <= maxDense
}

// denseFloors are the floors of attributes i and j, from the matrix of their values.
func (c *checker) denseFloors(base *grouping, i, j int) []int64 {
	a, b := &c.pr.attrs[i], &c.pr.attrs[j]
	wide := b.size[0]
	c.matrix = grow(c.matrix, a.size[0]*wide)
	m := c.matrix
	clear(m)
	if rows := base.rows[:base.n]; c.pr.words == 1 {
		for t, key := range base.keys[:len(rows)] {
			m[int(key>>(a.shift&63)&a.mask)*wide+int(key>>(b.shift&63)&b.mask)] += rows[t]
		}
	} else {
		for t := range rows {
			key := base.keys[t*c.pr.words:]
			m[int(key[a.word]>>(a.shift&63)&a.mask)*wide+int(key[b.word]>>(b.shift&63)&b.mask)] += rows[t]
		}
	}
	var out []int64
	for l := 0; ; l++ {
		out = append(out, c.rowFloors(m, b, wide)...)
		if l == a.top {
			return out
		}
		up := make([]int32, a.size[l+1]*wide)
		for code, to := range a.up[l] {
			sum := up[int(to)*wide : int(to+1)*wide]
			for i, n := range m[code*wide : (code+1)*wide] {
				sum[i] += n
			}
		}
		m = up
	}
}

// rowFloors are the floors of the matrix at every level of its columns.
func (c *checker) rowFloors(m []int32, b *attribute, wide int) []int64 {
	out := make([]int64, b.top+1)
	for l := 0; ; l++ {
		for _, n := range m {
			if n < int32(c.pr.policy.K) {
				out[l] += int64(n)
			}
		}
		if l == b.top || out[l] == 0 {
			return out // coarser levels suppress nothing either
		}
		width := b.size[l+1]
		up := make([]int32, len(m)/wide*width)
		for at, to := 0, 0; at < len(m); at, to = at+wide, to+width {
			for code, n := range m[at : at+wide] {
				up[to+int(b.up[l][code])] += n
			}
		}
		m, wide = up, width
	}
}

// part is some attributes and those of their pairs that are to be counted.
type part struct {
	attrs []int
	pairs [][2]int
}

// split puts attributes into three unions of two thirds, each pair into the first
// that holds it: a union has far fewer classes than the whole.
func split(attrs []int, wanted [][2]int) []part {
	if len(attrs) <= 3 {
		var out []part
		for _, pair := range wanted {
			out = append(out, part{pair[:], [][2]int{pair}})
		}
		return out
	}
	var out []part
	for without := range 3 {
		var u part
		for n, j := range attrs {
			if n%3 != 2-without {
				u.attrs = append(u.attrs, j)
			}
		}
		var rest [][2]int
		for _, pair := range wanted {
			if slices.Contains(u.attrs, pair[0]) && slices.Contains(u.attrs, pair[1]) {
				u.pairs = append(u.pairs, pair)
			} else {
				rest = append(rest, pair)
			}
		}
		if wanted = rest; u.pairs != nil {
			out = append(out, u)
		}
	}
	return out
}

// count fills the floors of the pairs of a part, by projection to fewer and fewer
// attributes.
func (p *pairs) count(c *checker, src *grouping, of part) {
	levels := make([]int, p.m)
	for j := range levels {
		levels[j] = p.levels[j] - 1
	}
	for _, j := range of.attrs {
		levels[j] = 0
	}
	src = c.project(src, levels)
	if len(of.attrs) == 2 {
		i, j := of.pairs[0][0], of.pairs[0][1]
		p.floors[i*p.m+j] = c.pairFloors(src, i, j)
		return
	}
	for _, smaller := range split(of.attrs, of.pairs) {
		p.count(c, src, smaller)
	}
}

// pairFloors are the floors of attributes i and j, from their classes.
func (c *checker) pairFloors(src *grouping, i, j int) []int64 {
	levels := slices.Clone(src.levels)
	wide := c.pr.attrs[j].top + 1
	out := make([]int64, (c.pr.attrs[i].top+1)*wide)
	for n := range out {
		levels[i], levels[j] = n/wide, n%wide
		if levels[i] > 0 && out[n-wide] == 0 || levels[j] > 0 && out[n-1] == 0 {
			continue // a finer node suppresses nothing
		}
		out[n] = c.floor(src, levels)
	}
	return out
}

// project merges a source into the classes of a coarser node, without values.
func (c *checker) project(src *grouping, levels []int) *grouping {
	if c.prechecker != nil {
		if g, ok := c.prechecker.merge(src, levels); ok {
			return g
		}
	}
	return c.pr.rollUp(src, levels, &c.scratch, &grouping{})
}

// floor is the number of rows in classes of fewer than k units.
func (c *checker) floor(src *grouping, levels []int) int64 {
	if c.prechecker != nil && c.prechecker.count(src, levels) {
		return c.prechecker.floor()
	}
	g := c.pr.rollUp(src, levels, &c.scratch, &c.scratch.spare)
	floor := int64(0)
	for i, hidden := range c.pr.hidden(g, nil) {
		if !hidden {
			floor += int64(g.rows[i])
		}
	}
	return floor
}

// of is the floor of attributes i < j at two of their levels.
func (p *pairs) of(i, j, li, lj int) int64 { return p.floors[i*p.m+j][li*p.levels[j]+lj] }

// floor is the most that any pair of the levels suppresses.
func (p *pairs) floor(levels []int) int64 {
	floor := int64(0)
	for i := range p.m {
		for j := i + 1; j < p.m; j++ {
			floor = max(floor, p.of(i, j, levels[i], levels[j]))
		}
	}
	return floor
}

// finest is the finest level of each attribute that alone does not suppress more
// than limit.
func (p *pairs) finest(limit int64) []int {
	low := make([]int, p.m)
	for j := range low {
		for low[j] < p.levels[j]-1 && p.alone(j, low[j]) > limit {
			low[j]++
		}
	}
	return low
}

// alone is the floor of one attribute, 0 when it is the only one.
func (p *pairs) alone(j, l int) int64 {
	switch {
	case j > 0:
		return p.of(0, j, p.levels[0]-1, l)
	case p.m > 1:
		return p.of(0, 1, l, p.levels[1]-1)
	}
	return 0
}
