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
	} else {
		checkers[0].addLanes(base)
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
		l.free -= g.n + 2*len(g.lanes)/5
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
	if src.lanes != nil && slices.Max(g.rows) <= laneMost {
		c.mergeLanes(src, g)
		return g
	}
	for i := range src.values {
		g.values = append(g.values, src.values[i].rollUp(s.to[:src.n], g.n, false, s))
	}
	c.addLanes(g)
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

// addLanes lays out the lanes of a grouping that nodes are rolled up from. Those of a class that
// has too many rows overflow, and are not asked for.
func (c *checker) addLanes(g *grouping) {
	words := c.pr.laneWords()
	if c.prechecker == nil || words == 0 || words > maxLaneWords {
		return
	}
	g.lanes = make([]uint64, g.n*words)
	for i := range g.n {
		lanes := g.lanes[i*words : (i+1)*words]
		for a := range g.values {
			v := &g.values[a]
			for n := v.at[i]; n < v.at[i+1]; n++ {
				lanes[v.value[n]/perWord] += uint64(v.count[n]) << (v.value[n] % perWord * laneBits)
			}
			lanes = lanes[wordsOf(len(c.pr.sensitive[a].values)):]
		}
	}
	c.addNeeds(g)
}

// addNeeds notes how many rows each class of a grouping needs around it to meet the models that
// bound the shares of values.
func (c *checker) addNeeds(g *grouping) {
	if !c.demanding() {
		return
	}
	g.needs = make([]int32, g.n)
	for m := range c.pr.models {
		shares, v := c.parts[m].shares, &g.values[c.pr.models[m].attr]
		if shares == nil {
			continue
		}
		for i := range g.n {
			for n := v.at[i]; n < v.at[i+1]; n++ {
				g.needs[i] = max(g.needs[i], shares.needs(v.count[n], v.value[n]))
			}
		}
	}
}

// demanding reports whether a model asks more than k rows of the class of a row, for a fifth of
// the rows, and only the score says when a node suppresses too much: then needs settle most nodes.
func (c *checker) demanding() bool {
	limit, _ := c.pr.limits()
	if limit < int64(c.pr.rows) {
		return false
	}
	for m := range c.pr.models {
		rows := int64(0)
		for v, n := range c.totals[c.pr.models[m].attr].total {
			if shares := c.parts[m].shares; shares != nil && shares.needs(1, int32(v)) > int32(c.pr.policy.K) {
				rows += n
			}
		}
		if rows >= int64(c.pr.rows)/5 {
			return true
		}
	}
	return false
}

// mergeLanes gives g, to whose classes the scratch maps those of src, their lanes and values.
func (c *checker) mergeLanes(src, g *grouping) {
	words := c.pr.laneWords()
	g.lanes = make([]uint64, g.n*words)
	sumLanes(g.lanes, src.lanes, c.scratch.to[:src.n], words)
	from := 0
	for a := range src.values {
		end := from + wordsOf(len(c.pr.sensitive[a].values))
		v := valueCounts{from: []int32{0}, at: make([]int32, 1, g.n+1)}
		for i := range g.n {
			v.value, v.count = unpack(g.lanes[i*words+from:i*words+end], v.value, v.count)
			v.at = append(v.at, int32(len(v.value)))
		}
		g.values, from = append(g.values, v), end
	}
	c.addNeeds(g)
}
