package kanon

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
)

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

// checkOne pre-checks a node, and checks it in full if it must.
func (s *search) checkOne(c *checker, levels []int, cutoff float64, out *outcome, memory *grouping) {
	src := s.base
	if s.ladder != nil {
		src = s.ladder.source(levels, c)
		if c.prechecker != nil {
			var done bool
			if *out, done = c.prechecker.precheck(src, levels, cutoff); done {
				return
			}
			if len(s.pr.models) > 0 && out.levels != nil && c.glance(src, cutoff, out) {
				return
			}
		}
	}
	if src.keys == nil {
		src = s.base
	}
	*out = c.check(src, levels, cutoff, memory)
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
