package kanon

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"math"
	"slices"
)

// Explore checks nodes around the best one, nearest score first, and returns the solutions
// that meet the policy, the best first: what else could be chosen, and at what price. It
// checks at most as many nodes as said beside those of Search.
func Explore(ctx context.Context, t *Table, p *Policy, checks int) ([]*Solution, error) {
	pr, err := compile(t, p)
	if err != nil {
		return nil, err
	}
	s := newSearch(pr)
	best, err := s.run(ctx)
	if err != nil {
		return nil, err
	}
	found := []*Solution{best}
	seen := map[string]bool{fmt.Sprint(s.best.levels): true}
	open := nodesByScore{{s.best.levels, s.best.score}}
	for ; len(open) > 0; checks-- {
		if checks < 0 || ctx.Err() != nil {
			break
		}
		node := heap.Pop(&open).(scored)
		for _, levels := range s.beside(node.levels) {
			if key := fmt.Sprint(levels); seen[key] {
				continue
			} else {
				seen[key] = true
			}
			checks--
			o := s.checkers[0].check(s.base, levels, math.Inf(1), &grouping{})
			if !o.feasible || int(o.suppressedRows) == pr.rows {
				continue
			}
			s.best = &o
			found = append(found, s.solution(false))
			heap.Push(&open, scored{levels, o.score})
		}
	}
	slices.SortStableFunc(found[1:], func(a, b *Solution) int { return cmp.Compare(a.Score, b.Score) })
	return found, ctx.Err()
}

// beside are the nodes one level up or down.
func (s *search) beside(levels []int) (out [][]int) {
	for j, l := range levels {
		for _, next := range []int{l - 1, l + 1} {
			if next < 0 || next > s.pr.attrs[j].top {
				continue
			}
			other := slices.Clone(levels)
			other[j] = next
			out = append(out, other)
		}
	}
	return out
}

// scored is a node that meets the policy.
type scored struct {
	levels []int
	score  float64
}

// nodesByScore is a heap of nodes, the best on top.
type nodesByScore []scored

func (n nodesByScore) Len() int           { return len(n) }
func (n nodesByScore) Less(i, j int) bool { return n[i].score < n[j].score }
func (n nodesByScore) Swap(i, j int)      { n[i], n[j] = n[j], n[i] }

// Push is of heap.Interface.
func (n *nodesByScore) Push(x any) { *n = append(*n, x.(scored)) }

// Pop is of heap.Interface.
func (n *nodesByScore) Pop() any {
	last := (*n)[len(*n)-1]
	*n = (*n)[:len(*n)-1]
	return last
}
