package kanon

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// Another start of a recoding, for large k: the node that loses least of the rows it keeps, a
// twentieth of them at least, then that of what it would suppress, and so on, so that dense
// places are left as fine as they can be (as ARX recodes locally), kneaded over all groups at
// once. Groups of many tuples are cut in blocks before they are joined, and near tuples fall
// into two blocks; the classes of a node part only what is far.
const (
	mostKneaded = 80_000_000 // tuples × groups: more would take longer than all blocks
	mostRepeats = 300
	mostNodes   = 50_000 // of a lattice that is searched so often
	// leastKept is the share of what is left that a node must keep. Of 0.02, 0.05, 0.1 and 0.2
	// Adult loses 0.2875, 0.2896, 0.2927 and 0.2947 at k = 25, in 6.6, 3.0, 1.9 and 1.1 s.
	leastKept = 0.05
)

// repeats reports whether the other start is worth its time.
func (r *recoder) repeats() bool {
	groups := r.pr.persons[0] / max(1, r.pr.policy.K)
	return r.pr.policy.K >= 10 && r.base.n*groups <= mostKneaded && latticeNodes(r.pr) <= mostNodes
}

// repeated are the groups of the other start.
func (r *recoder) repeated(ctx context.Context, t *Table) ([]*group, error) {
	k := &clusterer{recoder: r}
	left := make([]bool, r.base.n)
	for i := range left {
		left[i] = true
	}
	var before *past
	if len(r.pr.models) == 0 {
		levels := make([]int, len(r.pr.attrs))
		for j := range levels {
			levels[j] = r.pr.attrs[j].top + 1
		}
		before = newPast(levels)
	}
	var levels []int
	for range mostRepeats {
		var err error
		levels, err = r.bestOf(ctx, t, left, levels, before)
		if err != nil {
			return nil, err
		}
		if levels == nil || !k.settleClasses(levels, left) {
			break
		}
	}
	for i, open := range left {
		if open {
			k.groups = append(k.groups, k.singleton(int32(i)))
		}
	}
	k.join()
	k.improve(1)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("kanon: recode: %w", err)
	}
	return k.alive(), nil
}

// bestOf is the best node of the rows of some tuples, nil when there is none.
func (r *recoder) bestOf(ctx context.Context, t *Table, left []bool, last []int, before *past) ([]int, error) {
	var rows []int32
	for row, tuple := range r.of {
		if left[tuple] {
			rows = append(rows, int32(row))
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	rest := &Table{}
	for i := range t.Columns {
		rest.Columns = append(rest.Columns, t.Columns[i].pick(rows))
	}
	for _, u := range t.Units {
		ids := make([]int64, len(rows))
		for i, row := range rows {
			ids[i] = u.IDs[row]
		}
		rest.Units = append(rest.Units, Unit{u.Name, ids})
	}
	p := *r.pr.policy
	p.SuppressionLimit, p.Metric, p.AverageRisk = 1-leastKept, LossArithmetic, 0
	p.Search = SearchOptions{Threads: p.Search.Threads}
	pr, err := compile(rest, &p)
	if err != nil {
		return nil, err
	}
	s := newSearch(pr)
	s.scorer.keepFinest()
	s.prepare()
	if s.past = before; before != nil {
		limit, _ := pr.limits()
		nodes := slices.DeleteFunc(before.best(batchSize, int64(pr.rows)-limit),
			func(levels []int) bool { return !below(s.low, levels) })
		for i, o := range s.checkAll(nodes, math.Inf(1)) {
			s.offer(o, i)
			s.note(&o)
		}
	} else if last != nil && below(s.low, last) {
		s.offer(s.checkAll([][]int{last}, math.Inf(1))[0], 0)
	}
	if err := s.sweep(ctx); err != nil {
		return nil, err
	}
	if s.best == nil {
		return nil, nil
	}
	return s.best.levels, nil
}

// settleClasses makes groups of the tuples that are left and share a class of the node, where
// they satisfy the policy, and reports whether there were any.
func (k *clusterer) settleClasses(levels []int, left []bool) (found bool) {
	classes := k.pr.rollUp(k.base, levels, &k.scratch, &k.scratch.spare).n
	to, rows := k.scratch.to[:k.base.n], make([]int32, classes)
	for i, open := range left {
		if open {
			rows[to[i]] += k.base.rows[i]
		}
	}
	members := make([][]int32, classes)
	var order []int32
	for i, open := range left {
		if class := to[i]; open && int(rows[class]) >= k.pr.policy.K { // no more persons than rows
			if members[class] == nil {
				order = append(order, class)
			}
			members[class] = append(members[class], int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return k.byCodes(members[a][0], members[b][0], levels) })
	for _, class := range order {
		g := &group{members: members[class]}
		if k.fill(g); !g.ok {
			continue
		}
		k.groups, found = append(k.groups, g), true
		for _, i := range g.members {
			left[i] = false
		}
	}
	return found
}

// byCodes orders two tuples by the codes of their cells at the levels of a node.
func (r *recoder) byCodes(a, b int32, levels []int) int {
	for j, l := range levels {
		at := r.pr.attrs[j].at[l]
		if c := cmp.Compare(at[r.tuples[int(a)*r.m+j]], at[r.tuples[int(b)*r.m+j]]); c != 0 {
			return c
		}
	}
	return 0
}

// loses compares two recodings: the rows of groups that fail, and then the shares of all.
func loses(a, b []*group) bool {
	sum := func(groups []*group) (failed, share float64) {
		for _, g := range groups {
			if g.ok {
				share += g.rows * g.share
			} else {
				failed += g.rows
			}
		}
		return failed, share
	}
	failedA, shareA := sum(a)
	failedB, shareB := sum(b)
	return failedA > failedB || failedA == failedB && shareA > shareB+worth
}
