package kanon

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"
)

// A table that is k-anonymous in all its quasi-identifiers is so in any of them,
// and suppresses no less. So where a metric adds up over the attributes, the least
// score of a few attributes, the others being free, is part of every score; those
// of groups that share no attribute add up to a bound on the optimum.

// groupSpans are the largest lattices of a group, round after round: each round
// has larger groups, which bound better and take longer.
var groupSpans = [...]int64{1 << 10, 1 << 14, 1 << 17, 1 << 20, 1 << 22}

// least is a score that no allowed node can be below, found within the budget.
// It is infinite when a few attributes alone show that no node will do.
func (s *search) least(ctx context.Context, b budget) (float64, error) {
	rows, k := int64(s.pr.rows), int64(s.pr.policy.K)
	switch s.pr.policy.Metric {
	case AECS: // every kept class holds k rows
		return float64(rows) / float64(max(rows/k, (rows-1)/k+1)), nil
	case Discernibility:
		return float64(rows) * float64(min(k, rows)), nil
	}
	gains := s.gains()
	best := s.matched(gains, s.groups(gains, 1<<6))
	whole := b
	b = b.half(s.checked)
	for _, span := range groupSpans {
		groups := s.groups(gains, span)
		total, err := 0.0, error(nil)
		for i, group := range groups {
			var terms float64
			if terms, err = s.leastOf(ctx, group, b); err != nil {
				total += s.matched(gains, groups[i:])
				break
			}
			total += terms
		}
		best = max(best, total)
		if err == nil && len(groups) == 1 {
			return s.scorer.finish(best) * (1 - Tolerance), nil // of all attributes
		}
		if errors.Is(err, errSpent) {
			break
		}
		if err != nil {
			return 0, err
		}
	}
	dolls, err := s.dolled(ctx, gains, whole)
	if err != nil {
		return 0, err
	}
	best = max(best, dolls)
	return s.scorer.finish(best) * (1 - Tolerance), nil // sums of floats round
}

// matched bounds the sum of the terms of the groups by pairs within them.
func (s *search) matched(gains [][]float64, groups [][]int) float64 {
	sum := 0.0
	for _, group := range groups {
		for _, j := range group {
			sum += s.leastAlone(j)
		}
		for free := slices.Clone(group); len(free) > 1; {
			a, b := 0, 1
			for x := range free {
				for y := x + 1; y < len(free); y++ {
					if gains[free[x]][free[y]] > gains[free[a]][free[b]] {
						a, b = x, y
					}
				}
			}
			sum += gains[free[a]][free[b]]
			free = slices.Delete(slices.Delete(free, b, b+1), a, a+1)
		}
	}
	return sum
}

// leastAlone is the least term of one attribute.
func (s *search) leastAlone(j int) float64 {
	least := math.Inf(1)
	for l := s.low[j]; l <= s.high[j]; l++ {
		least = min(least, s.termAt(j, l, s.pairs.alone(j, l)))
	}
	return least
}

// termAt is the least term of attribute j at level l when so many rows are suppressed.
func (s *search) termAt(j, l int, suppressed int64) float64 {
	return s.scorer.term(j, l, s.scorer.base[j][l]+s.scorer.extra[j][l].least(suppressed))
}

// gains is what each pair of attributes adds to the bounds of the two alone.
func (s *search) gains() [][]float64 {
	limit, _ := s.pr.limits()
	m := len(s.pr.attrs)
	out := make([][]float64, m)
	for i := range out {
		out[i] = make([]float64, m)
	}
	for i := range m {
		for j := i + 1; j < m; j++ {
			least := math.Inf(1)
			for li := s.low[i]; li <= s.high[i]; li++ {
				for lj := s.low[j]; lj <= s.high[j]; lj++ {
					if f := s.pairs.of(i, j, li, lj); f <= limit {
						least = min(least, s.termAt(i, li, f)+s.termAt(j, lj, f))
					}
				}
			}
			if !math.IsInf(least, 1) {
				out[i][j] = least - s.leastAlone(i) - s.leastAlone(j)
				out[j][i] = out[i][j]
			}
		}
	}
	return out
}

// groups parts the attributes: each group begins with the pair that adds most and
// takes what adds most to it while its lattice has at most so many nodes.
func (s *search) groups(gains [][]float64, span int64) [][]int {
	var free []int
	for j := range s.pr.attrs {
		free = append(free, j)
	}
	wide := func(j int) int64 { return int64(s.pr.attrs[j].top - s.low[j] + 1) }
	var out [][]int
	for len(free) > 0 {
		group := []int{free[0]}
		most := -1.0
		for _, i := range free {
			for _, j := range free {
				if i < j && gains[i][j] > most && wide(i)*wide(j) <= span {
					most, group = gains[i][j], []int{i, j}
				}
			}
		}
		free = slices.DeleteFunc(free, func(j int) bool { return slices.Contains(group, j) })
		nodes := int64(1)
		for _, j := range group {
			nodes *= wide(j)
		}
		for {
			next, most := -1, -1.0
			for _, j := range free {
				sum := 0.0
				for _, i := range group {
					sum += gains[i][j]
				}
				if nodes*wide(j) <= span && sum > most {
					next, most = j, sum
				}
			}
			if next < 0 {
				break
			}
			group, nodes = append(group, next), nodes*wide(next)
			free = slices.DeleteFunc(free, func(j int) bool { return j == next })
		}
		slices.Sort(group)
		out = append(out, group)
	}
	return out
}

// leastOf is the least sum of the terms of a few attributes under k and k-map alone.
func (s *search) leastOf(ctx context.Context, group []int, b budget) (float64, error) {
	sub := newSearch(s.pr.only(group))
	sub.scorer.weight = s.scorer.weight // a share in the whole, not in the group
	sub.budget, sub.checked = b, s.checked
	sub.prepare()
	if s.best != nil { // what is good for all is a start for a few
		start := make([]int, len(group))
		for i, j := range group {
			start[i] = s.best.levels[j]
		}
		sub.offer(sub.checkAll([][]int{start}, math.Inf(1))[0], 0)
	}
	err := sub.sweep(ctx)
	s.checked = sub.checked
	if err != nil {
		return 0, err
	}
	if sub.best == nil {
		return math.Inf(1), nil
	}
	return s.scorer.terms(sub.best.score), nil
}

// only is the problem of a few attributes, under k and k-map alone.
func (pr *problem) only(attrs []int) *problem {
	policy := *pr.policy
	policy.Sensitive, policy.AverageRisk, policy.KnownRows, policy.WholeProfile = nil, 0, 0, false
	sub := &problem{policy: &policy, rows: pr.rows, persons: pr.persons, units: pr.units, unitIDs: pr.unitIDs,
		among: pr.among.mapAlone()}
	for _, j := range attrs {
		leaf := pr.leaf[j]
		if sub.among == nil {
			leaf = leaf[:pr.rows]
		}
		sub.attrs, sub.leaf = append(sub.attrs, pr.attrs[j]), append(sub.leaf, leaf)
	}
	sub.pack()
	return sub
}

// dolled bounds the sum of the terms of all attributes: by one row of dolls as far as the half
// of the budget goes, and of those that it leaves by the next.
func (s *search) dolled(ctx context.Context, gains [][]float64, b budget) (float64, error) {
	var order []int
	for _, group := range s.groups(gains, math.MaxInt64) {
		order = append(order, group...)
	}
	total := 0.0
	for len(order) > 0 {
		d := s.newDoll(order)
		if b.checks > 0 {
			d.most = (b.checks - s.checked) / 2 * int64(len(d.rows))
		}
		if !b.deadline.IsZero() {
			d.until = time.Now().Add(time.Until(b.deadline) / 2)
		}
		solved, err := d.solve(ctx)
		s.checked += d.work / int64(len(d.rows))
		if err != nil && !errors.Is(err, errDollSpent) {
			return 0, err
		}
		left := len(order) - solved
		total += d.least[left]
		if order = order[:left]; solved < 2 {
			break
		}
	}
	for _, j := range order {
		total += s.leastAlone(j)
	}
	return total, nil
}

// newDoll is one over some attributes, on the tuples that there are at their finest levels.
func (s *search) newDoll(order []int) *doll {
	base := s.ladder.base
	if base.keys == nil {
		base = s.base
	}
	d := &doll{k: int32(s.pr.policy.K), rows: base.rows[:base.n]}
	d.limit, _ = s.pr.limits()
	for _, j := range order {
		if s.best != nil {
			d.met, d.metGone = append(d.met, s.best.levels[j]-s.low[j]), s.best.suppressedRows
		}
		a := &s.pr.attrs[j]
		var codes [][]int32
		var sizes []int
		for l := s.low[j]; l <= s.high[j]; l++ {
			up, at := a.between(base.levels[j], l), make([]int32, base.n)
			for i := range at {
				at[i] = up[base.keys[i*s.pr.words+a.word]>>a.shift&a.mask]
			}
			codes, sizes = append(codes, at), append(sizes, a.size[l])
		}
		d.codes, d.sizes = append(d.codes, codes), append(d.sizes, sizes)
	}
	d.cost = func(place, level int, gone int64) float64 {
		return s.termAt(order[place], s.low[order[place]]+level, gone)
	}
	d.least = make([]float64, len(order)+1)
	d.depth = make([]decided, len(order)+1)
	return d
}
