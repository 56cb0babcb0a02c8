package kanon

import (
	"context"
	"encoding/binary"
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
	var levels []int
	for range mostRepeats {
		var err error
		levels, err = r.bestOf(ctx, t, left, levels)
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
func (r *recoder) bestOf(ctx context.Context, t *Table, left []bool, last []int) ([]int, error) {
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
	if last != nil && below(s.low, last) {
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
	classes := map[string][]int32{}
	var order []string
	for i, open := range left {
		if !open {
			continue
		}
		var key []byte
		for j := range k.pr.attrs {
			key = binary.BigEndian.AppendUint32(key, uint32(k.pr.attrs[j].at[levels[j]][k.tuples[i*k.m+j]]))
		}
		if classes[string(key)] == nil {
			order = append(order, string(key))
		}
		classes[string(key)] = append(classes[string(key)], int32(i))
	}
	slices.Sort(order)
	for _, key := range order {
		g := &group{members: classes[key]}
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
