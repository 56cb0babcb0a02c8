package kanon

import (
	"math"
	"slices"
)

// unsatisfiable looks at the coarsest allowed node: what it would take there.
func (s *search) unsatisfiable() error {
	e := &UnsatisfiableError{}
	top := make([]int, len(s.pr.attrs))
	for j := range top {
		a := &s.pr.attrs[j]
		if top[j] = a.top; a.top < a.maxLevel && a.size[a.top] > 1 {
			e.Capped = append(e.Capped, a.name)
		}
	}
	try := func(change func(*Policy)) outcome {
		policy := *s.pr.policy
		change(&policy)
		pr := *s.pr
		pr.policy = &policy
		return newChecker(&pr, s.scorer, s.totals).check(s.base, top, math.Inf(1), &grouping{})
	}
	o := try(func(p *Policy) { p.SuppressionLimit = 1 })
	if o.feasible && o.classes > 0 {
		share := max(float64(o.suppressedRows)/float64(s.pr.rows),
			float64(o.suppressedPersons)/float64(s.pr.persons[0]))
		e.Limit = math.Ceil(share*1e4) / 1e4
	}
	var ks []int32
	for _, k := range s.pr.classK(o.grouping) {
		if k < int32(s.pr.policy.K) {
			ks = append(ks, k)
		}
	}
	slices.Sort(ks)
	ks = slices.Compact(ks)
	for i := len(ks) - 1; i >= 0 && e.K == 0; i-- {
		if ks[i] <= 1 {
			break // nothing near k
		}
		if o := try(func(p *Policy) { p.K = int(ks[i]) }); o.feasible {
			e.K = int(ks[i])
		}
	}
	return e
}
