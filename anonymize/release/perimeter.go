package release

import (
	"math"
	"slices"
)

// perimeters are the schools of editions that have left.
type perimeters []*Census

// with adds the schools of an edition; those that are the same already tell nothing apart.
func (p perimeters) with(c *Census) perimeters {
	if slices.ContainsFunc(p, func(o *Census) bool { return slices.Equal(o.schools, c.schools) }) {
		return p
	}
	return append(p, c)
}

// A part is the schools of a group that the same editions hold: sums of editions, added and
// subtracted, are sums of parts, so that none tells a school of a larger part.
type part struct {
	grouping int
	group    uint16
	editions uint64
}

// apart is the number of schools of the smallest part that an edition tells apart from what stood in one
// part before, in all or in some group of schools; without one it is larger than any. A group of
// which the edition holds fewer than least schools has no cell that could be subtracted.
func (p perimeters) apart(c *Census, least int) int {
	inside, outside, all := map[part]int{}, map[part]int{}, map[part]int{}
	stood := map[part]bool{} // groups of which the edition holds a school that others hold
	for school, at := range p.schools(c) {
		_, holds := slices.BinarySearch(c.schools, school)
		for i := range len(at.groups) + 1 {
			of := part{grouping: i}
			if i > 0 {
				of.group = at.groups[i-1]
			}
			stood[of] = stood[of] || holds && at.editions != 0
			if holds {
				all[of]++
			}
			of.editions = at.editions
			if holds {
				inside[of]++
			} else {
				outside[of]++
			}
		}
	}
	n := math.MaxInt
	for of, schools := range inside {
		whole := part{grouping: of.grouping, group: of.group}
		switch {
		case all[whole] < least:
		case of.editions == 0 && stood[whole]:
			n = min(n, schools)
		case of.editions != 0 && outside[of] > 0:
			n = min(n, schools, outside[of])
		}
	}
	return n
}

// held says which editions hold a school, and of which groups it is.
type held struct {
	editions uint64
	groups   groups
}

// schools are those of all editions and of one more, whose word on their groups counts.
func (p perimeters) schools(c *Census) map[int64]held {
	out := map[int64]held{}
	for i, edition := range p {
		for j, school := range edition.schools {
			out[school] = held{out[school].editions | 1<<i, edition.groups[j]}
		}
	}
	for j, school := range c.schools {
		out[school] = held{out[school].editions, c.groups[j]}
	}
	return out
}
