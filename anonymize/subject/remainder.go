package subject

import (
	"cmp"
	"maps"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// everybody is the grouping of one group.
const everybody = "all"

// A measure that must not be known of a school is told of the same sets of schools in every grouping of schools, each
// in a group with all its schools. What is of several groups stands in each as one row with all that is of several
// there. Were sets made for each group anew, their difference would be a school's: of a region with one school of
// priority education, all less the others.
//
// A group that is no school's (a grade level) has the sets in part. What is left of all, or of the schools of a level,
// when the groups that leave are taken away is known like them, and must be what a set is.

// join makes, of a measure or curve, the sets of schools that its clusters are of, in each of the groupings, and gives
// them: they are whole sets of those that it begins with.
func (b *Builder) join(
	of counted, begin []atom, groupings []string, persons map[int64][]distinct, width int, names *namer, r rule,
) []atom {
	sets := merge(populate(begin, persons, width, names), r)
	everywhere := map[int64]int64{}
	for s, d := range persons {
		everywhere[s] = d[0].n
	}
	j := joined{everywhere: everywhere, of: map[groupKey][]atom{}, told: map[string]bool{}}
	mixed, cut := map[groupKey][]int64{}, map[int][]int64{}
	for i, s := range sets {
		sets[i] = atom{schools: s.schools}
	}
	j.sets = sets
	for _, grouping := range groupings {
		groups, ofSchools := b.groups[grouping]
		if !ofSchools {
			continue
		}
		var several [][]int64
		for i, set := range sets {
			group := groups[set.schools[0]]
			if slices.ContainsFunc(set.schools, func(s int64) bool { return groups[s] != group }) {
				several, cut[i] = append(several, set.schools), set.schools
			} else {
				at := groupKey{grouping, cellKey{group: group}}
				j.of[at] = append(j.of[at], set)
			}
		}
		for group, schools := range parts(several, groups, everywhere, r) {
			mixed[groupKey{grouping, cellKey{group: group}}] = schools
		}
	}
	untie(slices.Collect(maps.Values(cut)), mixed, everywhere, r)
	for at, schools := range mixed {
		j.of[at] = append(j.of[at], atom{schools: schools})
	}
	b.joined[of] = j
	return sets
}

// whoseAddress is the measure of all accounts of which the directory says whether it knows an address.
const whoseAddress = "R3.no_email"

// factOf names what a measure or a curve tells: which addresses are known, or what it is called by.
func factOf(measure string) string {
	if m, _ := edition.FindMeasure(measure); m.Family == edition.FamilyContacts {
		return whoseAddress
	}
	return measure
}

// without takes sets of schools away, in every grouping.
func (j joined) without(exposed func(schools []int64) bool) joined {
	is := func(a atom) bool { return exposed(a.schools) }
	j.sets = slices.DeleteFunc(slices.Clone(j.sets), is)
	of := map[groupKey][]atom{}
	for at, sets := range j.of {
		of[at] = slices.DeleteFunc(slices.Clone(sets), is)
	}
	j.of = of
	return j
}

// exposes reports whether what is told of all persons of some schools, less what is told of a part of them, is of a
// school that somebody could name: the others are too few schools', or of one or two the part has hardly anybody, so that
// what the part does not show is theirs.
func (r rule) exposes(schools []int64, all, part map[int64]int64) bool {
	n, in := int64(0), int64(0)
	for _, s := range schools {
		n, in = n+all[s], in+part[s]
	}
	var others, lacking crowd
	for _, s := range schools {
		left := max(all[s]-part[s], 0)
		others = others.with(left)
		if 2*part[s]*n < in*all[s] { // less than half of the share that all of them have
			lacking = lacking.with(left)
		}
	}
	return !r.hides(others) || !r.hides(lacking)
}

// unnamed is how the clusters of a measure that must not be known of a school begin in a grouping.
func (b *Builder) unnamed(names *namer, grouping string, of counted) naming {
	j := b.joined[of]
	fixed := b.groups[grouping] != nil || j.told[grouping]
	return naming{names, func(group string) []atom {
		if !fixed {
			return j.sets
		}
		return j.of[groupKey{grouping, cellKey{group: group}}]
	}, fixed}
}

// unseen is what a cluster of a population must have where none of its schools may be known.
func (b *Builder) unseen(population string) rule {
	return rule{b.leastOf(population), 0, b.o.Floors.UnnamedSchools, int64(b.noise.Maximum())}
}

// leastOf is how many distinct persons a cell of a population must have.
func (b *Builder) leastOf(population string) int64 {
	if population == edition.PopStaff {
		return b.least(max(b.o.Floors.Cell, b.o.Floors.Staff))
	}
	return b.least(b.o.Floors.Cell)
}

// clusters are those of a group that the rule allows, of counts by school of a width.
func (n naming) clusters(group string, counts map[int64][]distinct, width int, r rule) []atom {
	atoms := populate(n.base(group), counts, width, n.namer)
	if !n.whole {
		return merge(atoms, r)
	}
	first := make([]bool, width)
	first[0] = true
	return slices.DeleteFunc(atoms, func(a atom) bool { return !r.allows(a, first) })
}

// untie takes parts away, the smallest first of those that cut a set with a school that is told, until no sum of sets
// and parts of all groupings is of one school or two.
func untie(sets [][]int64, parts map[groupKey][]int64, persons map[int64]int64, r rule) {
	for len(parts) > 0 {
		told := alone(sets, slices.Collect(maps.Values(parts)), persons, r.least)
		if len(told) == 0 {
			return
		}
		cut := map[int64]bool{}
		for _, set := range sets {
			if slices.ContainsFunc(set, func(s int64) bool { return told[s] }) {
				for _, s := range set {
					cut[s] = true
				}
			}
		}
		next, least, beside := groupKey{}, int64(0), false
		for at, schools := range parts {
			n, cuts := int64(0), false
			for _, s := range schools {
				n, cuts = n+persons[s], cuts || cut[s]
			}
			if next.grouping == "" || cuts && !beside || cuts == beside && cmp.Or(cmp.Compare(n, least),
				cmp.Compare(at.grouping, next.grouping), cmp.Compare(at.group, next.group)) < 0 {
				next, least, beside = at, n, cuts
			}
		}
		delete(parts, next)
	}
}

// parts are the schools of each group that are in a set of several groups, of the groups that may be told of them.
// Each set is known as a whole: of the sets that are in some groups, what is not in these follows, and must be
// nobody's by name, whichever groups they are. The smallest of them is not told where it is not.
func parts(sets [][]int64, groups map[int64]string, persons map[int64]int64, r rule) map[string][]int64 {
	of := map[string][]int64{}
	for _, set := range sets {
		for _, s := range set {
			of[groups[s]] = append(of[groups[s]], s)
		}
	}
	delete(of, "") // of no group
	sum := func(schools []int64) (n int64) {
		for _, s := range schools {
			n += persons[s]
		}
		return n
	}
	for {
		next := exposing(sets, groups, slices.Sorted(maps.Keys(of)), persons, r)
		if len(next) == 0 {
			return of
		}
		delete(of, slices.MinFunc(next, func(x, y string) int {
			return cmp.Or(cmp.Compare(sum(of[x]), sum(of[y])), cmp.Compare(x, y))
		}))
	}
}

// mostParts are as many groups as are tried in all combinations: a school level has no more bands and no region more
// levels. Of more that are tied by their sets none is told.
const mostParts = 12

// exposing finds some groups, of those told, from which a set of schools follows that somebody could name.
func exposing(sets [][]int64, groups map[int64]string, told []string, persons map[int64]int64, r rule) []string {
	for _, tied := range components(sets, groups, told) {
		if len(tied) > mostParts {
			return tied
		}
		cuts := cutsOf(sets, groups, tied, persons)
		for some := 1; some < 1<<len(tied); some++ {
			var in, rest crowd
			for of, parts := range cuts {
				if of&some == 0 {
					continue
				}
				for i, part := range parts {
					if some>>i&1 == 1 {
						in = in.and(part)
					} else {
						rest = rest.and(part)
					}
				}
			}
			if r.hides(rest) && r.hides(in) {
				continue
			}
			return slices.DeleteFunc(slices.Clone(tied), func(g string) bool { return some>>slices.Index(tied, g)&1 == 0 })
		}
	}
	return nil
}

// cutsOf are the sets that tie some groups, those that are in the same of these groups together, as a mask: what of
// them is in each of the groups, and last what is in no such group.
func cutsOf(sets [][]int64, groups map[int64]string, tied []string, persons map[int64]int64) map[int][]crowd {
	at := map[string]int{}
	for i, g := range tied {
		at[g] = i
	}
	cuts := map[int][]crowd{}
	for _, set := range sets {
		parts, of := make([]crowd, len(tied)+1), 0
		for _, s := range set {
			i, ok := at[groups[s]]
			if !ok {
				i = len(tied)
			} else {
				of |= 1 << i
			}
			parts[i] = parts[i].with(persons[s])
		}
		if before := cuts[of]; before != nil {
			for i := range parts {
				parts[i] = parts[i].and(before[i])
			}
		}
		cuts[of] = parts
	}
	return cuts
}

// components are the groups that sets tie to each other.
func components(sets [][]int64, groups map[int64]string, of []string) (tied [][]string) {
	for _, g := range of {
		tied = append(tied, []string{g})
	}
	for _, set := range sets {
		var one []string
		tied = slices.DeleteFunc(tied, func(list []string) bool {
			in := slices.ContainsFunc(set, func(s int64) bool { return slices.Contains(list, groups[s]) })
			if in {
				one = append(one, list...)
			}
			return in
		})
		if len(one) > 0 {
			tied = append(tied, one)
		}
	}
	return tied
}

// A crowd are the persons of some schools: of how many that have any, how many, and of the largest.
type crowd struct {
	schools          int
	persons, largest int64
}

func crowdOf(persons map[int64]int64) (c crowd) {
	for _, n := range persons {
		c = c.with(n)
	}
	return c
}

// with adds a school.
func (c crowd) with(persons int64) crowd {
	if persons <= 0 {
		return c
	}
	return c.and(crowd{1, persons, persons})
}

// and adds other schools.
func (c crowd) and(d crowd) crowd {
	return crowd{c.schools + d.schools, c.persons + d.persons, max(c.largest, d.largest)}
}

// hides reports whether nobody can say whose persons of some schools together are, as of a cluster. Fewer than a cell
// are below the noise of what they are left of.
func (r rule) hides(c crowd) bool {
	return c.persons < max(r.least, 1) || c.schools >= r.unnamed && int64(r.unnamed)*c.largest <= c.persons-r.noise
}
