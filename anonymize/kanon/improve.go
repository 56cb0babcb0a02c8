package kanon

import (
	"slices"
)

// improve moves tuples to groups where they lose less and dissolves groups that
// are not worth keeping; each pass goes over all tuples.
func (k *clusterer) improve(passes int) {
	for range passes {
		k.groups = k.alive()
		k.prepare()
		moved := false
		for i := range k.groups {
			if k.groups[i].ok && !k.groups[i].dead {
				moved = k.moveOut(i) || moved
			}
		}
		for i := range k.groups {
			if k.groups[i].ok && !k.groups[i].dead {
				moved = k.dissolve(i) || moved
			}
		}
		for i := range k.groups {
			if k.groups[i].ok && !k.groups[i].dead {
				moved = k.part(i) || moved
			}
		}
		if !moved {
			return
		}
	}
}

// without is the group without one member, nil when it would fail a model.
func (k *clusterer) without(g *group, tuple int32) *group {
	if int(g.single[0]-k.base.units[0].single[tuple])+len(g.multi[0]) < k.pr.policy.K || len(g.members) < 2 {
		return nil
	}
	rest := &group{members: slices.DeleteFunc(slices.Clone(g.members), func(i int32) bool { return i == tuple })}
	if k.fill(rest); !rest.ok {
		return nil
	}
	return rest
}

// home is the group that loses least by taking a tuple in, and what it loses;
// -1 when all lose more than most.
func (k *clusterer) home(tuple int32, except int, most float64) (int, float64) {
	best, least := -1, most
	nodes := k.tuples[int(tuple)*k.m : int(tuple+1)*k.m]
	k.ask(nodes)
	share := 0.0
	for j, node := range nodes {
		share += k.trees[j].share[node]
	}
	// A singleton has lost its own share already: it is counted in the gain.
	rows := float64(k.base.rows[tuple])
	for i := range k.laid {
		if i == except || !k.laid[i].home {
			continue
		}
		if cost := k.union(rows, share, i, least-rows*share) + rows*share; cost < least {
			best, least = i, cost
		}
	}
	return best, least
}

// take gives the group with a tuple more, nil when it would fail a model.
func (k *clusterer) take(g *group, tuples ...int32) *group {
	more := &group{members: append(slices.Clone(g.members), tuples...)}
	if k.fill(more); !more.ok {
		return nil
	}
	return more
}

func (k *clusterer) put(i int, g *group) {
	*k.groups[i] = *g
	k.relay(i)
}

// worth is the least improvement that counts, so that rounding moves nothing.
const worth = 1e-6

// moveOut moves members of a group to better homes while it can spare them.
func (k *clusterer) moveOut(i int) bool {
	moved := false
	for _, tuple := range slices.Clone(k.groups[i].members) {
		g := k.groups[i]
		rest := k.without(g, tuple)
		if rest == nil {
			continue
		}
		gain := g.rows*g.share - rest.rows*rest.share
		to, _ := k.home(tuple, i, gain-worth)
		if to < 0 {
			continue
		}
		if more := k.take(k.groups[to], tuple); more != nil {
			k.put(to, more)
			k.put(i, rest)
			moved = true
		}
	}
	return moved
}

// dissolve sends all members of a group to other homes when that loses less.
func (k *clusterer) dissolve(i int) bool {
	g := k.groups[i]
	gain := g.rows * g.share
	to := map[int][]int32{}
	var homes []int
	for _, tuple := range g.members {
		home, cost := k.home(tuple, i, gain-worth)
		if gain -= cost; home < 0 || gain <= worth {
			return false
		}
		if to[home] == nil {
			homes = append(homes, home)
		}
		to[home] = append(to[home], tuple)
	}
	// Several members of one home may spread it further than each alone.
	gain = g.rows * g.share
	grown := make([]*group, len(homes))
	for n, home := range homes {
		h := k.groups[home]
		if grown[n] = k.take(h, to[home]...); grown[n] == nil {
			return false
		}
		gain -= grown[n].rows*grown[n].share - h.rows*h.share
	}
	if gain <= worth {
		return false
	}
	for n, home := range homes {
		k.put(home, grown[n])
	}
	g.dead = true
	k.relay(i)
	return true
}

// part makes several groups of one when that loses less.
func (k *clusterer) part(i int) bool {
	g := k.groups[i]
	if len(g.members) < 2 || int(g.single[0])+len(g.multi[0]) < 2*k.pr.policy.K {
		return false
	}
	inner := &clusterer{recoder: k.recoder}
	for _, tuple := range g.members {
		inner.groups = append(inner.groups, inner.singleton(tuple))
	}
	inner.join()
	parts := inner.alive()
	loss := 0.0
	for _, part := range parts {
		if !part.ok {
			return false
		}
		loss += part.rows * part.share
	}
	if len(parts) < 2 || loss > g.rows*g.share-worth {
		return false
	}
	k.put(i, parts[0])
	for _, part := range parts[1:] {
		k.groups = append(k.groups, part)
		k.lay(part)
	}
	return true
}
