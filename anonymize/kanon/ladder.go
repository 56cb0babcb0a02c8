package kanon

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// ladder keeps groupings from which nodes are rolled up, so that a check starts
// from classes not much finer than its own and the large groupings near the
// bottom are made once. A rung raises only the first attributes of an order and
// leaves the others at the finest level that may hold; the order begins with the
// attributes that say most, whose values keep most classes apart. Which rung a
// node starts from changes the time and never the result.
type ladder struct {
	pr    *problem
	order []int
	low   []int
	base  *grouping // the classes of low

	mu    sync.Mutex
	rungs map[string]*rung
	made  []*grouping // appended under mu, never changed
	free  int         // classes that may still be kept
}

type rung struct {
	once     sync.Once
	grouping *grouping
}

// maxKept bounds the classes that a ladder keeps; each takes some 20 bytes.
const maxKept = 32 << 20

// rungSteps are how many attributes of the order a rung raises. On the Adult table
// (1, 3) took a fifth less processor time than (2, 4): the median of three
// alternating runs at four limits, on a busy machine (36 % less to 13 % more).
var rungSteps = [...]int{1, 3}

// newLadder starts from the classes of low, finer than which no node is asked for.
func newLadder(pr *problem, base *grouping, low []int, checkers []*checker) *ladder {
	l := &ladder{pr: pr, base: base, low: slices.Clone(low), rungs: map[string]*rung{}, free: maxKept}
	said := make([]float64, len(pr.attrs))
	for j := range pr.attrs {
		l.order = append(l.order, j)
		said[j] = pr.attrs[j].entropy(low[j]) - pr.attrs[j].entropy(pr.attrs[j].top)
	}
	slices.SortStableFunc(l.order, func(a, b int) int { return cmp.Compare(said[b], said[a]) })
	if slices.Max(low) > 0 {
		l.base = checkers[0].rung(base, low)
	}
	return l
}

// entropy is Σ n·ln(N/n) over the codes of a level: what it says of the N rows.
func (a *attribute) entropy(level int) float64 {
	rows, sum := 0.0, 0.0
	for _, n := range a.freq[level] {
		rows += float64(n)
	}
	for _, n := range a.freq[level] {
		if n > 0 {
			sum += float64(n) * math.Log(rows/float64(n))
		}
	}
	return sum
}

// source is a grouping to roll the node up from.
func (l *ladder) source(levels []int, c *checker) *grouping {
	below := make([]int, len(levels))
	for i := len(rungSteps) - 1; i >= 0; i-- {
		copy(below, l.low)
		for _, j := range l.order[:min(rungSteps[i], len(l.order))] {
			below[j] = levels[j]
		}
		if !slices.Equal(below, levels) && !slices.Equal(below, l.low) {
			return l.at(below, c)
		}
	}
	return l.base
}

// at is the grouping of a rung, made when it is first asked for.
func (l *ladder) at(levels []int, c *checker) *grouping {
	key := make([]byte, len(levels))
	for j, n := range levels {
		key[j] = byte(n)
	}
	l.mu.Lock()
	r := l.rungs[string(key)]
	if r == nil {
		r = &rung{}
		if l.free > 0 {
			l.rungs[string(key)] = r
		}
	}
	l.mu.Unlock()
	r.once.Do(func() {
		l.source(levels, c) // the shorter rung, for this one and others to start from
		g := c.rung(l.finest(levels), levels)
		r.grouping = g
		l.mu.Lock()
		l.free -= g.n
		if l.free > 0 {
			l.made = append(l.made, g)
		}
		l.mu.Unlock()
	})
	return r.grouping
}

// rung merges a source into that of a coarser node. When a pre-check settles every
// node, it is without what a full check needs: keys and values.
func (c *checker) rung(src *grouping, levels []int) *grouping {
	if c.prechecker != nil && c.prechecker.exact() {
		if g, ok := c.prechecker.merge(src, slices.Clone(levels)); ok {
			return g
		}
	}
	s := &c.scratch
	g := c.pr.rollUp(src, levels, s, &s.spare).clone()
	if src.leaves != nil {
		g.leaves = make([]uint64, g.n)
		for i, to := range s.to[:src.n] {
			g.leaves[to] = src.leaves[i]
		}
	}
	for i := range src.values {
		g.values = append(g.values, src.values[i].rollUp(s.to[:src.n], g.n, false, s))
	}
	return g
}

// finest is the smallest of the groupings made that the node can be rolled up from.
func (l *ladder) finest(levels []int) *grouping {
	l.mu.Lock()
	made := l.made
	l.mu.Unlock()
	best := l.base
	for _, g := range made {
		if g.n < best.n && below(g.levels, levels) {
			best = g
		}
	}
	return best
}

// below says that a is nowhere coarser than b.
func below(a, b []int) bool {
	for j := range a {
		if a[j] > b[j] {
			return false
		}
	}
	return true
}
