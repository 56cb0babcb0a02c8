package kanon

import (
	"container/heap"
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// defaultMaxChecks ends an any-time search whose policy says nothing.
const defaultMaxChecks = 4000

// narrow cuts the lattice to the levels that the optimum can have, for lattices
// too large to sweep: below low nothing is feasible, because the attribute alone
// at a finer level, with all others at their coarsest, suppresses too much; above
// high nothing beats the best score of a greedy descent.
func (s *search) narrow(ctx context.Context) error {
	limit, _ := s.pr.limits()
	memo := s.scorer.newMemo()
	for j := range s.pr.attrs {
		for l := s.high[j] - 1; l >= s.low[j]; l-- {
			levels := slices.Clone(s.high)
			levels[j] = l
			o := s.checkAll([][]int{levels})[0]
			s.offer(o, 0)
			if o.floor > limit {
				s.low[j] = l + 1
				break
			}
		}
	}
	if err := s.descend(ctx); err != nil || s.best == nil {
		return err
	}
	for j := range s.pr.attrs {
		for s.high[j] > s.low[j] {
			levels := slices.Clone(s.low)
			levels[j] = s.high[j]
			if s.scorer.bound(levels, 0, memo) < s.best.score {
				break
			}
			s.high[j]--
		}
	}
	return nil
}

// descend goes from the coarsest node to finer ones, each time to the best child
// that is feasible.
func (s *search) descend(ctx context.Context) error {
	at := slices.Clone(s.high)
	s.offer(s.checkAll([][]int{at})[0], 0)
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("kanon: search: %w", err)
		}
		var next []int
		least := math.Inf(1)
		for _, child := range s.children(at) {
			saved := s.best
			s.best = nil // score every child, not only those that beat the best
			o := s.checkAll([][]int{child})[0]
			s.best = saved
			if o.feasible && o.score < least {
				least, next = o.score, child
			}
			s.offer(o, 0)
		}
		if next == nil {
			return nil
		}
		at = next
	}
}

// children are the nodes one level finer, within low.
func (s *search) children(levels []int) [][]int {
	var out [][]int
	for j, l := range levels {
		if l > s.low[j] {
			child := slices.Clone(levels)
			child[j]--
			out = append(out, child)
		}
	}
	return out
}

// frontier is a heap of nodes whose finer nodes have not been looked at.
type frontier []open

type open struct {
	levels []int
	// rank is the score of the coarser node it comes from; floor is what that
	// one suppresses for good.
	rank  float64
	floor int64
}

func (f frontier) Len() int      { return len(f) }
func (f frontier) Swap(i, j int) { f[i], f[j] = f[j], f[i] }
func (f *frontier) Push(x any)   { *f = append(*f, x.(open)) }
func (f *frontier) Pop() any {
	last := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return last
}
func (f frontier) Less(i, j int) bool {
	if f[i].rank != f[j].rank {
		return f[i].rank < f[j].rank
	}
	return slices.Compare(f[i].levels, f[j].levels) < 0
}

// wander searches best-first from the coarsest node until nothing is left, which
// is a proof, or until its checks or its time are used up. The bound is a score
// that no node can be below.
func (s *search) wander(ctx context.Context) (proved bool, bound float64, err error) {
	o := s.pr.policy.Search
	checks, deadline := o.MaxChecks, time.Time{}
	if checks == 0 && o.TimeLimit == 0 {
		checks = defaultMaxChecks
	}
	if o.TimeLimit > 0 {
		deadline = time.Now().Add(o.TimeLimit)
	}
	limit, _ := s.pr.limits()
	memo, seen := s.scorer.newMemo(), map[string]bool{}
	f := &frontier{{levels: slices.Clone(s.high)}}
	for f.Len() > 0 && (checks == 0 || s.checked < int64(checks)) && (deadline.IsZero() || time.Now().Before(deadline)) {
		if err := ctx.Err(); err != nil {
			return false, 0, fmt.Errorf("kanon: search: %w", err)
		}
		var batch []open
		var nodes [][]int
		for f.Len() > 0 && len(batch) < batchSize {
			n := heap.Pop(f).(open)
			if s.best == nil || s.scorer.bound(s.low, n.floor, memo) < s.best.score {
				batch, nodes = append(batch, n), append(nodes, n.levels)
			}
		}
		for i, o := range s.checkAll(nodes) {
			s.offer(o, i)
			if o.floor > limit {
				continue
			}
			rank := o.score
			if !o.feasible {
				rank = s.scorer.bound(nodes[i], o.floor, memo)
			}
			for _, child := range s.children(nodes[i]) {
				key := fmt.Sprint(child)
				if !seen[key] {
					seen[key] = true
					heap.Push(f, open{child, rank, o.floor})
				}
			}
		}
	}
	if f.Len() == 0 {
		return true, 0, nil
	}
	bound = math.Inf(1)
	for _, n := range *f {
		bound = min(bound, s.scorer.bound(s.low, n.floor, memo))
	}
	if s.best != nil {
		bound = min(bound, s.best.score)
	}
	return false, bound, nil
}
