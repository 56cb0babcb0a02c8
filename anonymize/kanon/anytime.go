package kanon

import (
	"container/heap"
	"context"
	"errors"
	"math"
	"slices"
	"time"
)

// defaultMaxChecks ends an any-time search whose policy says nothing.
const defaultMaxChecks = 4000

// budgets part what the policy allows an any-time search: a half is for a good
// node, the rest for the bound, and for looking best-first once there is one.
func (s *search) budgets() (refine, least budget) {
	o, left := s.pr.policy.Search, time.Until(s.until)
	checks := int64(o.MaxChecks)
	if checks == 0 && o.TimeLimit == 0 {
		checks = defaultMaxChecks
	}
	part := func(quarters int64) budget {
		b := budget{checks: (checks*quarters + 3) / 4}
		if o.TimeLimit > 0 {
			b.deadline = s.until.Add(-left / 4 * time.Duration(4-quarters))
		}
		return b
	}
	return part(2), part(4)
}

// anytime serves lattices too large to sweep: it takes the best node of a local
// search, bounds the optimum from below, cuts the lattice to the levels that can
// still beat the best score, and sweeps what is left if it is small enough. If
// not, it looks on best-first. The bound is a score that no node can be below.
func (s *search) anytime(ctx context.Context, most int64) (proved bool, bound float64, err error) {
	refine, least := s.budgets()
	s.budget = refine
	if err := s.refine(ctx); err != nil && !errors.Is(err, errSpent) {
		return false, 0, err
	}
	if bound, err = s.least(ctx, least); err != nil {
		return false, 0, err
	}
	if math.IsInf(bound, 1) || s.best != nil && bound >= s.best.score*(1-Tolerance) {
		return true, 0, nil
	}
	s.narrow()
	if s.budget = least; s.span() <= most {
		s.budget.checks = 0 // a proof is at hand
		if err := s.sweep(ctx); !errors.Is(err, errSpent) {
			return true, 0, err
		}
		return false, s.capped(bound), nil
	}
	left, err := s.wander(ctx)
	if err != nil {
		return false, 0, err
	}
	if math.IsInf(left, 1) {
		return true, 0, nil
	}
	return false, s.capped(max(bound, left)), nil
}

// capped is a bound that is no higher than the best score.
func (s *search) capped(bound float64) float64 {
	if s.best == nil {
		return bound
	}
	return min(bound, s.best.score)
}

// narrow lowers the coarsest level of each attribute while no node with it, all
// other attributes at their finest, beats the best score.
func (s *search) narrow() {
	if s.best == nil {
		return
	}
	memo := s.scorer.newMemo()
	s.high = slices.Clone(s.high) // the best node may be the coarsest
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
}

// refine descends from the coarsest node and then, until that helps no more, from
// the best node with one attribute, or two, made coarser and held there: an
// iterated local search (Lourenço, Martin and Stützle 2003) without chance.
func (s *search) refine(ctx context.Context) error {
	s.scored = map[string]float64{}
	s.scores([][]int{s.high}) // whatever the budget: it is the likeliest to do
	at, _, err := s.descend(ctx, s.high, s.low)
	for at != nil && err == nil {
		at, err = s.kick(ctx, at)
	}
	return err
}

// kick gives a better node than at, nil when it finds none.
func (s *search) kick(ctx context.Context, at []int) ([]int, error) {
	score := s.scored[key(at)]
	for _, raise := range s.raises(at) {
		hold := slices.Clone(s.low)
		for j := range raise {
			if raise[j] > at[j] {
				hold[j] = raise[j]
			}
		}
		end, reached, err := s.descend(ctx, raise, hold)
		if err != nil || end != nil && reached < score {
			return end, err
		}
	}
	return nil, nil
}

// raises are the nodes with one attribute of at coarser, then those with two
// attributes one level coarser.
func (s *search) raises(at []int) [][]int {
	var one, two [][]int
	for i := range at {
		for l := at[i] + 1; l <= s.high[i]; l++ {
			node := slices.Clone(at)
			node[i] = l
			one = append(one, node)
		}
		for j := i + 1; j < len(at); j++ {
			if at[i] < s.high[i] && at[j] < s.high[j] {
				node := slices.Clone(at)
				node[i]++
				node[j]++
				two = append(two, node)
			}
		}
	}
	return append(one, two...)
}

// descend goes from a node to finer ones, each time to the best child that is
// feasible and no worse, not below hold. It gives the last one and its score, nil
// when not even the first is feasible.
func (s *search) descend(ctx context.Context, from, hold []int) (at []int, score float64, err error) {
	score = math.Inf(1)
	for next := [][]int{from}; ; next = children(at, hold) {
		if err := s.halt(ctx); err != nil {
			return at, score, err
		}
		least, best := score, []int(nil)
		for i, reached := range s.scores(next) {
			if reached < least || reached == least && !math.IsInf(reached, 1) {
				least, best = reached, next[i]
			}
		}
		if best == nil {
			return at, score, nil
		}
		at, score = best, least
	}
}

// scores are those of nodes, infinite where the policy is not met.
func (s *search) scores(nodes [][]int) []float64 {
	limit, _ := s.pr.limits()
	out, at := make([]float64, len(nodes)), []int(nil)
	var unknown [][]int
	for i, node := range nodes {
		score, ok := s.scored[key(node)]
		if out[i] = score; !ok && s.pairs.floor(node) > limit {
			out[i] = math.Inf(1)
		} else if !ok {
			unknown, at = append(unknown, node), append(at, i)
		}
	}
	for n, o := range s.checkAll(unknown, math.Inf(1)) {
		s.offer(o, n)
		if out[at[n]] = math.Inf(1); o.feasible {
			out[at[n]] = o.score
		}
		s.scored[key(o.levels)] = out[at[n]]
	}
	return out
}

// key is a node as the key of a map.
func key(levels []int) string {
	b := make([]byte, len(levels))
	for j, l := range levels {
		b[j] = byte(l)
	}
	return string(b)
}

// children are the nodes one level finer, within low.
func children(levels, low []int) [][]int {
	var out [][]int
	for j, l := range levels {
		if l > low[j] {
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

// wander searches best-first from the coarsest node until nothing is left or the
// budget is spent. What it gives is a score that no node still open can be below,
// infinite when none is open: the best node is the optimum then.
func (s *search) wander(ctx context.Context) (bound float64, err error) {
	limit, _ := s.pr.limits()
	memo, seen := s.scorer.newMemo(), map[string]bool{}
	f := &frontier{{levels: slices.Clone(s.high)}}
	for f.Len() > 0 {
		if err := s.halt(ctx); errors.Is(err, errSpent) {
			break
		} else if err != nil {
			return 0, err
		}
		var batch []open
		var nodes [][]int
		for f.Len() > 0 && len(batch) < batchSize {
			n := heap.Pop(f).(open)
			if s.best == nil || s.scorer.bound(s.low, n.floor, memo) < s.best.score {
				batch, nodes = append(batch, n), append(nodes, n.levels)
			}
		}
		for i, o := range s.checkAll(nodes, s.cutoff()) {
			s.offer(o, i)
			if o.floor > limit {
				continue
			}
			rank := o.score
			if !o.feasible {
				rank = s.scorer.bound(nodes[i], o.floor, memo)
			}
			for _, child := range children(nodes[i], s.low) {
				if k := key(child); !seen[k] && s.pairs.floor(child) <= limit {
					seen[k] = true
					heap.Push(f, open{child, rank, o.floor})
				}
			}
		}
	}
	bound = math.Inf(1)
	for _, n := range *f {
		bound = min(bound, s.scorer.bound(s.low, n.floor, memo))
	}
	return bound, nil
}
