package kanon

import (
	"cmp"
	"context"
	"slices"
)

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
	memo, levels := s.scorer.newMemo(), make([]int, len(s.high))
	for h := len(heights) - 1; h >= 0; h-- {
		type candidate struct {
			id     int64
			bound  float64
			levels []int
		}
		var open []candidate
		for _, id := range heights[h] {
			levels = s.levels(levels, id)
			s.floors[id] = s.inherited(id, levels)
			least := 0.0
			if s.past != nil {
				suppressed, score := s.past.of(levels, s.pr.rows)
				s.floors[id], least = max(s.floors[id], suppressed), score
			}
			if s.floors[id] > limit {
				continue
			}
			bound := max(least, s.scorer.bound(levels, s.floors[id], memo))
			if s.best == nil || bound < s.best.score {
				open = append(open, candidate{id, bound, slices.Clone(levels)})
			}
		}
		slices.SortStableFunc(open, func(a, b candidate) int { return cmp.Compare(a.bound, b.bound) })
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
				s.note(&o)
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

// prepare bounds the lattice by pairs of attributes.
func (s *search) prepare() {
	limit, _ := s.pr.limits()
	s.pairs = newPairs(s.pr, s.base, s.checkers)
	s.low = s.pairs.finest(limit)
	s.ladder = newLadder(s.pr, s.base, s.low, s.checkers)
}

// note keeps an outcome for the searches after this one.
func (s *search) note(o *outcome) {
	if s.past != nil {
		s.past.note(o.levels, int64(s.pr.rows)-o.floor, o.score)
	}
}
