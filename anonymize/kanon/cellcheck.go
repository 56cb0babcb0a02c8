package kanon

import (
	"fmt"
	"math"
	"slices"
)

// cellClasses are the classes of a recoded table: groups of the same texts.
type cellClasses struct {
	of      []int32 // class of each group
	outcome outcome
	checker *checker
}

// verify counts every class again, by the texts that will stand in the file, and
// drops those that fail; ErrUnsatisfiable when that is over the limit.
func (r *recoder) verify(groupOf []int32) (*cellClasses, []bool, error) {
	c := &cellClasses{of: make([]int32, len(r.groups))}
	index := map[string]int32{}
	for g, group := range r.groups {
		key := ""
		for j, node := range group.nodes {
			label := "" // a group that holds what may not be joined is dropped
			if node >= 0 {
				label = r.trees[j].label(node)
			}
			key += fmt.Sprintf("%d:%s", len(label), label)
		}
		if group.share >= farApart {
			key += "far"
		}
		if _, ok := index[key]; !ok {
			index[key] = int32(len(index))
		}
		c.of[g] = index[key]
	}
	of := make([]int32, r.base.n)
	for tuple, g := range groupOf {
		if g < 0 {
			return nil, nil, errGroups
		}
		of[tuple] = c.of[g]
	}
	c.checker = newChecker(r.pr, newScorer(r.pr), r.totals)
	c.checker.scratch.to = of
	far := make([]bool, len(index))
	for g, group := range r.groups {
		far[c.of[g]] = far[c.of[g]] || group.share >= farApart
	}
	c.outcome = c.checker.judge(r.base, r.pr.merge(r.base, of, len(index), &c.checker.scratch), math.Inf(1), far)
	limit, _ := r.pr.limits()
	if !c.outcome.feasible {
		e := &UnsatisfiableError{}
		if rows := c.outcome.suppressedRows; rows > limit && c.outcome.classes > 0 {
			e.Limit = math.Ceil(float64(rows)/float64(r.pr.rows)*1e4) / 1e4
		}
		return nil, nil, e
	}
	return c, c.outcome.keep, nil
}

// solution sums the recoding up. Levels is empty: a column has several.
func (c *cellClasses) solution(r *recoder, keep []bool, groupOf []int32) *Solution {
	pr, o := r.pr, &c.outcome
	sol := &Solution{
		Levels: map[string]int{}, Metric: pr.policy.Metric,
		Rows: pr.rows, Persons: pr.persons[0], Kept: pr.rows - int(o.suppressedRows),
		SuppressedRows: int(o.suppressedRows), SuppressedPersons: int(o.suppressedPersons),
		Classes: int(o.classes), UnitsK: map[string]int{}, LatticeNodes: latticeNodes(pr), policy: pr.policy,
	}
	sol.k(pr, o)
	sol.Achieved = pr.achieved(r.base, slices.Clone(c.checker.scratch.to[:r.base.n]), o)
	sums, levels := make([]float64, r.m), make([]float64, r.m)
	for g, group := range r.groups {
		if !keep[c.of[g]] {
			continue
		}
		for j, node := range group.nodes {
			t := r.trees[j]
			a := t.attr
			sums[j] += group.rows * float64(a.under[t.level[node]][t.code[node]]) / float64(a.hierarchy.Leaves())
			if a.maxLevel > 0 {
				levels[j] += group.rows * float64(t.level[node]) / float64(a.maxLevel)
			}
		}
	}
	for j := range sums {
		sums[j] += float64(o.suppressedRows)
		levels[j] += float64(o.suppressedRows)
		sol.CellShare += sums[j] / float64(pr.rows) / float64(r.m)
	}
	scorer := c.checker.scorer
	switch pr.policy.Metric {
	case AECS, Discernibility:
		sol.Score = scorer.score(o.grouping, o.keep, o.suppressedRows, make([]float64, r.m))
	case Precision:
		sol.Score = scorer.combine(make([]int, r.m), levels)
	default:
		sol.Score = scorer.combine(make([]int, r.m), sums)
	}
	return sol
}

func latticeNodes(pr *problem) int64 {
	n := int64(1)
	for j := range pr.attrs {
		if n > math.MaxInt64/int64(pr.attrs[j].top+1) {
			return math.MaxInt64
		}
		n *= int64(pr.attrs[j].top + 1)
	}
	return n
}
