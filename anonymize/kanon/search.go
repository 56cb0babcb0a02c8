package kanon

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

// Search finds the allowed node with the least score whose suppression stays
// within the limit. It refuses with ErrPolicy or hierarchy.ErrNoPlace what it
// cannot search, and with ErrUnsatisfiable when no node will do.
func Search(ctx context.Context, t *Table, p *Policy) (*Solution, error) {
	pr, err := compile(t, p)
	if err != nil {
		return nil, err
	}
	s := newSearch(pr)
	if p.Search.Fixed != nil {
		return s.fixed(p.Search.Fixed)
	}
	return s.run(ctx)
}

// run proves the optimum when the lattice is small enough for the time there is,
// and otherwise searches any-time.
func (s *search) run(ctx context.Context) (*Solution, error) {
	most := s.pr.policy.Search.MaxNodes
	if most == 0 {
		most = defaultMaxNodes
	}
	if limit := s.pr.policy.Search.TimeLimit; limit > 0 {
		s.until = time.Now().Add(limit)
		s.budget.deadline = time.Now().Add(limit / 2)
	}
	s.prepare()
	proved, bound, err := true, 0.0, errSpent
	if s.span() <= most {
		if err = s.sweep(ctx); errors.Is(err, errSpent) {
			most = 0 // a proof takes longer than there is
		}
	}
	if errors.Is(err, errSpent) {
		proved, bound, err = s.anytime(ctx, most)
	}
	if err != nil {
		return nil, err
	}
	if s.best == nil && proved {
		return nil, s.unsatisfiable()
	}
	if s.best == nil {
		return nil, fmt.Errorf("kanon: none found in %d checks, which is no proof: %w", s.checked, ErrUnsatisfiable)
	}
	if s.best.grouping == nil { // glanced at only
		full := s.checkers[0].check(s.base, s.best.levels, math.Inf(1), &grouping{})
		if !full.feasible || full.score != s.best.score {
			return nil, errors.New("kanon: a full check of the best node contradicts the search")
		}
		s.best = &full
	}
	solution := s.solution(proved)
	if !proved {
		solution.Bound = bound
	}
	return solution, nil
}

// prepare bounds the lattice by pairs of attributes.
func (s *search) prepare() {
	limit, _ := s.pr.limits()
	s.pairs = newPairs(s.pr, s.base, s.checkers)
	s.low = s.pairs.finest(limit)
	s.ladder = newLadder(s.pr, s.base, s.low, s.checkers)
}

// span is the number of nodes between low and high, saturated.
func (s *search) span() int64 {
	n := int64(1)
	for j := range s.high {
		wide := int64(s.high[j] - s.low[j] + 1)
		if n > math.MaxInt64/wide {
			return math.MaxInt64
		}
		n *= wide
	}
	return n
}

// search is one search under way.
type search struct {
	pr       *problem
	scorer   *scorer
	totals   []reference
	base     *grouping
	pairs    *pairs  // nil when a single node is checked
	ladder   *ladder // idem
	checkers []*checker
	memory   []*grouping // of the outcomes of a batch
	nodes    int64
	checked  int64
	best     *outcome
	// low and high are the levels between which the search looks.
	low, high []int
	stride    []int64 // of the node ids of a sweep
	floors    []int64 // by node id
	budget    budget
	until     time.Time          // the end of the policy's time limit
	scored    map[string]float64 // of an any-time search, by node
}

func newSearch(pr *problem) *search {
	s := &search{pr: pr, scorer: newScorer(pr)}
	var sc scratch
	s.base = pr.bottom(&sc)
	s.totals = pr.references(s.base, make([]int32, s.base.n), int64(pr.persons[0]), &sc)
	for range max(1, pr.policy.Search.Threads) {
		s.checkers = append(s.checkers, newChecker(pr, s.scorer, s.totals))
	}
	for j := range pr.attrs {
		s.low, s.high = append(s.low, 0), append(s.high, pr.attrs[j].top)
	}
	s.nodes = s.span()
	return s
}

// levels are those of a node id.
func (s *search) levels(id int64) []int {
	levels := make([]int, len(s.stride))
	for j := range levels {
		levels[j] = s.low[j] + int(id/s.stride[j])%(s.high[j]-s.low[j]+1)
	}
	return levels
}

// batchSize is how many nodes are checked before the incumbent is looked at
// again; it does not depend on the threads, so that the result does not either.
const batchSize = 8

// sweep goes through the lattice from the coarsest nodes down. A node is left
// unchecked when coarser ones, or two of its levels, show that it must suppress
// too much, or when the bound on its score is no better than the best score found.
func (s *search) sweep(ctx context.Context) error {
	n := int64(1)
	s.stride = nil
	for j := range s.high {
		s.stride = append(s.stride, n)
		n *= int64(s.high[j] - s.low[j] + 1)
	}
	s.floors = make([]int64, n)
	heights := s.byHeight()
	limit, _ := s.pr.limits()
	memo := s.scorer.newMemo()
	for h := len(heights) - 1; h >= 0; h-- {
		type candidate struct {
			id     int64
			bound  float64
			levels []int
		}
		var open []candidate
		for _, id := range heights[h] {
			levels := s.levels(id)
			s.floors[id] = s.inherited(id, levels)
			if s.floors[id] > limit {
				continue
			}
			if bound := s.scorer.bound(levels, s.floors[id], memo); s.best == nil || bound < s.best.score {
				open = append(open, candidate{id, bound, levels})
			}
		}
		sort.SliceStable(open, func(i, j int) bool { return open[i].bound < open[j].bound })
		for len(open) > 0 {
			if err := s.halt(ctx); err != nil {
				return err
			}
			n := 0
			batch := make([]candidate, 0, batchSize)
			for n < len(open) && len(batch) < batchSize {
				if s.best == nil || open[n].bound < s.best.score {
					batch = append(batch, open[n])
				}
				n++
			}
			open = open[n:]
			nodes := make([][]int, len(batch))
			for i := range batch {
				nodes[i] = batch[i].levels
			}
			for i, o := range s.checkAll(nodes, s.cutoff()) {
				s.floors[batch[i].id] = max(s.floors[batch[i].id], o.floor)
				s.offer(o, i)
			}
		}
	}
	return nil
}

// inherited is the most rows that a direct coarser node, or a pair of levels,
// suppresses for good. Where more than two attributes are lowered, every pair is
// in a coarser node.
func (s *search) inherited(id int64, levels []int) int64 {
	floor, lowered := int64(0), 0
	for j := range levels {
		if levels[j] < s.high[j] {
			floor = max(floor, s.floors[id+s.stride[j]])
			lowered++
		}
	}
	if lowered <= 2 {
		floor = max(floor, s.pairs.floor(levels))
	}
	return floor
}

func (s *search) byHeight() [][]int64 {
	var heights [][]int64
	digits := make([]int, len(s.stride))
	h := 0
	for id := range s.floors {
		for len(heights) <= h {
			heights = append(heights, nil)
		}
		heights[h] = append(heights[h], int64(id))
		for j := range digits { // count up
			if digits[j] < s.high[j]-s.low[j] {
				digits[j]++
				h++
				break
			}
			h -= digits[j]
			digits[j] = 0
		}
	}
	return heights
}

// cutoff is the score that a node must be below.
func (s *search) cutoff() float64 {
	if s.best == nil {
		return math.Inf(1)
	}
	return s.best.score
}

// checkAll checks nodes with all threads; outcomes are in the order of nodes.
func (s *search) checkAll(nodes [][]int, cutoff float64) []outcome {
	out := make([]outcome, len(nodes))
	s.checked += int64(len(nodes))
	for len(s.memory) < len(nodes) {
		s.memory = append(s.memory, &grouping{})
	}
	var next atomic.Int64
	work := func(c *checker) {
		for i := int(next.Add(1)) - 1; i < len(nodes); i = int(next.Add(1)) - 1 {
			s.checkOne(c, nodes[i], cutoff, &out[i], s.memory[i])
		}
	}
	var wg sync.WaitGroup
	for _, c := range s.checkers[1:max(1, min(len(s.checkers), len(nodes)))] {
		wg.Add(1)
		go func() {
			defer wg.Done()
			work(c)
		}()
	}
	work(s.checkers[0])
	wg.Wait()
	return out
}

// checkOne glances at a node and checks it in full if it must.
func (s *search) checkOne(c *checker, levels []int, cutoff float64, out *outcome, memory *grouping) {
	src := s.base
	if s.ladder != nil {
		src = s.ladder.source(levels, c)
		if c.glancer != nil {
			var done bool
			if *out, done = c.glancer.glance(src, levels, cutoff); done {
				return
			}
		}
	}
	if src.keys == nil {
		src = s.base
	}
	*out = c.check(src, levels, cutoff, memory)
}

// offer keeps outcome i of a batch if it is better than the best; its memory is
// then its own.
func (s *search) offer(o outcome, i int) {
	if o.feasible && (s.best == nil || better(&o, s.best)) {
		s.best, s.memory[i] = &o, &grouping{}
	}
}

// better orders feasible outcomes: score, then rows suppressed, then levels in
// the order of the attributes' names.
func better(a, b *outcome) bool {
	if a.score != b.score {
		return a.score < b.score
	}
	if a.suppressedRows != b.suppressedRows {
		return a.suppressedRows < b.suppressedRows
	}
	return slices.Compare(a.levels, b.levels) < 0
}

// fixed checks one node and nothing else: a pinned solution.
func (s *search) fixed(levels map[string]int) (*Solution, error) {
	node := make([]int, len(s.pr.attrs))
	for j := range s.pr.attrs {
		a := &s.pr.attrs[j]
		l, ok := levels[a.name]
		if !ok || l < 0 || l > a.top {
			return nil, fmt.Errorf("kanon: %w: the pinned solution has no allowed level for %q", ErrPolicy, a.name)
		}
		node[j] = l
	}
	if len(levels) != len(node) {
		return nil, fmt.Errorf("kanon: %w: the pinned solution names other quasi-identifiers", ErrPolicy)
	}
	s.offer(s.checkAll([][]int{node}, math.Inf(1))[0], 0)
	if s.best == nil {
		return nil, fmt.Errorf("kanon: the pinned solution no longer holds: %w", ErrUnsatisfiable)
	}
	solution := s.solution(false)
	solution.Bound = 0 // nothing was searched
	return solution, nil
}
