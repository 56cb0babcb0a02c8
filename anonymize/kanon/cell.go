package kanon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
)

// Recode makes the table satisfy the policy by recoding cell by cell: each row
// joins others near it, and each cell becomes the lowest value of its hierarchy
// that holds the cells of its group. It loses much less than Search, but a
// column then holds values of several levels, so that it cannot be grouped by.
// No proof of optimality is given. Rows are suppressed only where groups that
// fail a model cannot be joined to any other.
//
//  1. Distinct tuples are cut into blocks, top down, along the attribute that
//     keeps most.
//  2. In a block, the two groups whose union loses least are joined, until every
//     group satisfies every model (agglomerative; Gionis and Tassa 2009).
//  3. Tuples move to groups where they lose less, and groups that are not worth
//     their keep dissolve, until nothing improves.
//
// For a large k the groups of another start are kneaded, which lose less, and those of blocks
// only where some of them fail (cellrepeat.go). Where no recoding of cells meets the policy, one of whole columns does
// that meets it (Search); its Solution then has Levels.
//
// With Policy.NonMinimal cells are then raised at random (raise.go).
//
// The result does not depend on the order of rows or on the threads.
func Recode(ctx context.Context, t *Table, p *Policy) (*Solution, *Table, error) {
	if p.Metric == Entropy || p.Metric == Height {
		return nil, nil, fmt.Errorf("kanon: %w: metric %q is not defined for cell recoding", ErrPolicy, p.Metric)
	}
	if p.Search.Fixed != nil {
		return nil, nil, fmt.Errorf("kanon: %w: a solution cannot be pinned for cell recoding", ErrPolicy)
	}
	if p.KnownRows > 1 || p.WholeProfile {
		return nil, nil, fmt.Errorf("kanon: %w: known_rows and whole_profile are not defined for cell recoding",
			ErrPolicy)
	}
	if p.Population != nil {
		return nil, nil, fmt.Errorf("kanon: %w: k_map and delta_max are not defined for cell recoding", ErrPolicy)
	}
	pr, err := compile(t, p)
	if err != nil {
		return nil, nil, err
	}
	r := newRecoder(pr)
	if r.repeats() {
		if r.groups, err = r.repeated(ctx, t); err != nil {
			return nil, nil, err
		}
	}
	if again := r.groups; slices.ContainsFunc(again, func(g *group) bool { return !g.ok }) || len(again) == 0 {
		if err := r.run(ctx); err != nil {
			return nil, nil, err
		}
		if len(again) > 0 && loses(r.groups, again) {
			r.groups = again
		}
	}
	if p.NonMinimal != nil {
		r.raise()
	}
	sol, out, err := r.release(t)
	if errors.Is(err, ErrUnsatisfiable) {
		return wholeDomain(ctx, t, p)
	}
	return sol, out, err
}

// wholeDomain recodes each column to one level, where groups of cells meet the policy for
// too few: a node's classes are coarser than any group needs to be, but all of them.
func wholeDomain(ctx context.Context, t *Table, p *Policy) (*Solution, *Table, error) {
	sol, err := Search(ctx, t, p)
	if err != nil {
		return nil, nil, err
	}
	out, err := sol.Apply(t)
	return sol, out, err
}

// blockSize is the most tuples that are compared with one another: a time that
// grows with its square. In a table of many tuples near ones are nearer, and
// half of it loses next to nothing.
func (r *recoder) blockSize() int {
	if r.base.n > 60_000 {
		return 250
	}
	return 500
}

// blockPasses bounds the improvement of a block.
const blockPasses = 6

func (r *recoder) run(ctx context.Context) error {
	all := make([]int32, r.base.n)
	for i := range all {
		all[i] = int32(i)
	}
	blocks := r.split(all, nil)
	found := make([][]*group, len(blocks))
	var wg sync.WaitGroup
	threads := max(1, r.pr.policy.Search.Threads)
	var next atomic.Int64
	for range threads {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for ctx.Err() == nil {
				b := int(next.Add(1)) - 1
				if b >= len(blocks) {
					return
				}
				k := &clusterer{recoder: r}
				for _, tuple := range blocks[b] {
					k.groups = append(k.groups, k.singleton(tuple))
				}
				k.join()
				k.improve(blockPasses)
				found[b] = k.alive()
			}
		}()
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("kanon: recode: %w", err)
	}
	k := &clusterer{recoder: r, groups: slices.Concat(found...)}
	k.join() // what no block could settle
	r.groups = k.alive()
	return nil
}

// split cuts tuples into blocks: along the attribute whose split at the lowest
// common node keeps most share, small parts being put together.
func (r *recoder) split(tuples []int32, blocks [][]int32) [][]int32 {
	if len(tuples) <= r.blockSize() {
		return append(blocks, tuples)
	}
	best, bestGain := -1, 0.0
	for j, t := range r.trees {
		top := r.tuples[int(tuples[0])*r.m+j]
		for _, i := range tuples {
			if top = t.common(top, r.tuples[int(i)*r.m+j]); top < 0 {
				break
			}
		}
		gain := 0.0
		for _, i := range tuples {
			leaf := r.tuples[int(i)*r.m+j]
			whole := 2.0 // no common node: these must be parted first
			if top >= 0 {
				whole = t.share[top]
			}
			gain += float64(r.base.rows[i]) * (whole - t.share[t.childOf(top, leaf)])
		}
		if gain > bestGain {
			best, bestGain = j, gain
		}
	}
	if best < 0 {
		return append(blocks, tuples)
	}
	for _, part := range r.parts(tuples, best) {
		if len(part) == len(tuples) {
			return append(blocks, part)
		}
		blocks = r.split(part, blocks)
	}
	return blocks
}

// parts groups tuples by the child of their common node in one tree; parts of
// less than a quarter block are put together.
func (r *recoder) parts(tuples []int32, j int) [][]int32 {
	t := r.trees[j]
	top := r.tuples[int(tuples[0])*r.m+j]
	for _, i := range tuples {
		if top = t.common(top, r.tuples[int(i)*r.m+j]); top < 0 {
			break
		}
	}
	byChild := map[int32][]int32{}
	var order []int32
	for _, i := range tuples {
		child := t.childOf(top, r.tuples[int(i)*r.m+j])
		if byChild[child] == nil {
			order = append(order, child)
		}
		byChild[child] = append(byChild[child], i)
	}
	slices.Sort(order)
	var parts [][]int32
	var small []int32
	for _, child := range order {
		if part := byChild[child]; len(part) >= r.blockSize()/4 {
			parts = append(parts, part)
		} else if small = append(small, part...); len(small) >= r.blockSize()/4 {
			slices.Sort(small)
			parts, small = append(parts, small), nil
		}
	}
	switch {
	case len(small) == 0:
	case len(parts) == 0 || len(small) >= r.blockSize()/8:
		parts = append(parts, small)
	default:
		last := len(parts) - 1
		parts[last] = append(slices.Clone(parts[last]), small...)
		slices.Sort(parts[last])
	}
	return parts
}

// release writes each cell as its group has it, drops the rows of groups that
// fail, and counts everything again on what leaves.
func (r *recoder) release(t *Table) (*Solution, *Table, error) {
	groupOf := make([]int32, r.base.n)
	for i := range groupOf {
		groupOf[i] = -1
	}
	for g, group := range r.groups {
		for _, tuple := range group.members {
			groupOf[tuple] = int32(g)
		}
	}
	classes, keep, err := r.verify(groupOf)
	if err != nil {
		return nil, nil, err
	}
	var rows []int32
	for row, tuple := range r.of {
		if keep[classes.of[groupOf[tuple]]] {
			rows = append(rows, int32(row))
		}
	}
	out := &Table{From: rows}
	named := map[string]bool{}
	for _, s := range r.pr.policy.Sensitive {
		named[s.Name] = true
	}
	for _, name := range r.pr.policy.Keep {
		named[name] = true
	}
	for _, c := range t.Columns {
		j := slices.IndexFunc(r.pr.attrs, func(a attribute) bool { return a.name == c.Name })
		switch {
		case j >= 0:
			labels := make([]string, len(r.trees[j].parent))
			for node := range labels {
				labels[node] = r.trees[j].label(int32(node))
			}
			codes := make([]int32, len(rows))
			for i, row := range rows {
				codes[i] = r.groups[groupOf[r.of[row]]].nodes[j]
			}
			out.Columns = append(out.Columns, Coded(c.Name, labels, codes))
		case named[c.Name]:
			out.Columns = append(out.Columns, c.pick(rows))
		}
	}
	for _, u := range t.Units {
		ids := make([]int64, 0, len(rows))
		for _, row := range rows {
			ids = append(ids, u.IDs[row])
		}
		out.Units = append(out.Units, Unit{u.Name, ids})
	}
	out.sortRows()
	return classes.solution(r, keep, groupOf), out, nil
}
