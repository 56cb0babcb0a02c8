package kanon

import (
	"slices"
)

// check rolls src up to the node and applies the policy. A node that cannot score
// below cutoff is not finished: it is not feasible then, but its floor is right.
// The outcome lies in the memory of g.
func (c *checker) check(src *grouping, levels []int, cutoff float64, g *grouping) outcome {
	o := c.judge(src, c.pr.rollUp(src, levels, &c.scratch, g), cutoff, nil)
	if o.feasible {
		o.score = c.scorer.score(g, o.keep, o.suppressedRows, c.sums)
	}
	return o
}

// judge applies the policy to the classes of g, to which the scratch maps those
// of src; classes marked in never, which may be nil, are suppressed whatever they hold.
func (c *checker) judge(src, g *grouping, cutoff float64, never []bool) outcome {
	pr := c.pr
	if cap(g.keep) < g.n {
		g.keep = make([]bool, g.n, 2*g.n)
	}
	o := outcome{levels: g.levels, grouping: g, keep: g.keep[:g.n], classesAll: int64(g.n)}
	pr.hidden(g, o.keep)
	for i := range o.keep {
		o.keep[i] = o.keep[i] && (never == nil || !never[i])
		if !o.keep[i] {
			o.floor += int64(g.rows[i])
		}
	}
	limitRows, limitPersons := pr.limits()
	if o.floor > limitRows || c.scorer.bound(g.levels, o.floor, c.memo) >= cutoff {
		return o
	}
	partial := pr.dropPresent(&o) || o.floor > 0
	if len(pr.models) > 0 && !c.applyModels(src, &o, partial, cutoff) {
		return o
	}
	o.suppressedRows, o.suppressedPersons = pr.suppressed(g, o.keep)
	for _, kept := range o.keep {
		if kept {
			o.classes++
		}
	}
	o.feasible = o.suppressedRows <= limitRows && o.suppressedPersons <= limitPersons && pr.averageHolds(&o) &&
		pr.profilesHold(&o) && pr.presenceHolds(&o)
	return o
}

// dropPresent drops the classes of which more than DeltaMax are in the table, and reports
// whether there are any.
func (pr *problem) dropPresent(o *outcome) bool {
	if pr.among == nil || pr.among.DeltaMax == 0 {
		return false
	}
	dropped := false
	in, all := o.grouping.units[0].counts(o.grouping.n), o.grouping.population.counts(o.grouping.n)
	for i, kept := range o.keep {
		if kept && share(in[i], all[i]) > pr.among.DeltaMax+Tolerance {
			o.keep[i], dropped = false, true
		}
	}
	return dropped
}

// presenceHolds reports whether no class of the population has a smaller share than DeltaMin.
func (pr *problem) presenceHolds(o *outcome) bool {
	if pr.among == nil || pr.among.DeltaMin == 0 {
		return true
	}
	in, all := o.grouping.units[0].counts(o.grouping.n), o.grouping.population.counts(o.grouping.n)
	for i, kept := range o.keep {
		if all[i] > 0 && (!kept || share(in[i], all[i]) < pr.among.DeltaMin-Tolerance) {
			return false
		}
	}
	return true
}

// share of a class of the population is infinite where the population has nobody for it.
func share(in, all int32) float64 { return float64(in) / float64(all) }

func (pr *problem) averageHolds(o *outcome) bool {
	if pr.policy.AverageRisk == 0 {
		return true
	}
	left := int64(pr.persons[0]) - o.suppressedPersons
	return float64(o.classes) <= pr.policy.AverageRisk*float64(left)+Tolerance
}

// suppressed counts the rows and the persons that no kept class holds.
func (pr *problem) suppressed(g *grouping, keep []bool) (rows, persons int64) {
	for c, kept := range keep {
		if !kept {
			rows += int64(g.rows[c])
		}
	}
	return rows, g.units[0].outside(keep)
}

// outside counts the units that are in none of the classes.
func (u *unitCounts) outside(classes []bool) (units int64) {
	for c, in := range classes {
		if !in {
			units += int64(u.single[c])
		}
	}
	for unit := range len(u.from) - 1 {
		gone := true
		for _, c := range u.class[u.from[unit]:u.from[unit+1]] {
			if classes[c] {
				gone = false
				break
			}
		}
		if gone {
			units++
		}
	}
	return units
}

// applyModels drops the classes that fail a model, first against the whole table
// and then, until nothing more fails, against what is left, where a model asks it: a
// reader of the released table has nothing else to compare with. Partial says that classes are dropped
// already. It reports false, without going on, once the node suppresses too much or cannot
// score below cutoff. The scratch still maps the classes of src to those of the node.
func (c *checker) applyModels(src *grouping, o *outcome, partial bool, cutoff float64) bool {
	pr, g := c.pr, o.grouping
	persons := g.units[0].counts(g.n)
	of := slices.Clone(c.scratch.to[:src.n])
	values, to := pr.kept(src, of, o, &c.scratch)
	refs := c.totals
	var buffer class
	for {
		dropped, whole := false, &refs[0] == &c.totals[0]
		for i := range g.n {
			if !o.keep[i] {
				continue
			}
			least := int64(0) // rows of the class that no finer node keeps
			for m := range pr.models {
				model := &pr.models[m]
				if !whole && model.rule.Relative && !model.compares {
					continue // held above
				}
				values[model.attr].classOf(int32(i), int64(persons[i]), &buffer)
				if model.holds(model.measure(&buffer, &refs[model.attr])) {
					continue
				}
				o.keep[i], dropped = false, true
				if !whole {
					break
				}
				least = max(least, c.lost(m, &buffer, int64(g.rows[i])))
			}
			o.floor += least
		}
		if !pr.compares || !dropped && !partial || !dropped && !whole {
			return true
		}
		if !c.open(o, cutoff) {
			return false
		}
		for i, class := range of {
			if !o.keep[class] {
				to[i] = -1
			}
		}
		refs = pr.released(src, to, values, o, &c.scratch)
	}
}

// open reports whether a node that keeps no more than so far may still be the best.
func (c *checker) open(o *outcome, cutoff float64) bool {
	suppressed := int64(0)
	for i, kept := range o.keep {
		if !kept {
			suppressed += int64(o.grouping.rows[i])
		}
	}
	limit, _ := c.pr.limits()
	return suppressed <= limit && c.scorer.bound(o.levels, suppressed, c.memo) < cutoff
}
