package subject

import (
	"fmt"
	"maps"
	"slices"
)

// A part is a cluster of schools of a group that is no school's, such as a grade level.
type part struct {
	group   string
	schools []int64
	persons map[int64]int64 // of the group there, by school
}

func (p part) sum() (n int64) {
	for _, s := range p.schools {
		n += p.persons[s]
	}
	return n
}

// A whole are schools of which all persons are known, and the parts of them that are told.
type whole struct {
	schools []int64
	parts   []int // by their place in a list
}

// tell fixes the clusters that leave of the groups of a grouping that is no school's: of none must what is left of a whole
// be a school's by name. Persons are by group and school.
func (b *Builder) tell(of counted, grouping string, persons map[string]map[int64][]distinct, at naming, r rule) {
	j := b.joined[of]
	var parts []part
	for _, group := range slices.Sorted(maps.Keys(persons)) {
		n := map[int64]int64{}
		for s, d := range persons[group] {
			n[s] = d[0].n
		}
		for _, a := range at.clusters(group, persons[group], 1, r) {
			parts = append(parts, part{group, a.schools, n})
		}
		j.of[groupKey{grouping, cellKey{group: group}}] = nil
	}
	wholes := b.wholes(j, parts)
	for i, told := range withhold(parts, wholes, j.everywhere, r) {
		if told {
			key := groupKey{grouping, cellKey{group: parts[i].group}}
			j.of[key] = append(j.of[key], atom{schools: parts[i].schools})
		}
	}
	j.told[grouping] = true
}

// wholes are all schools, those of each level, each set, each cluster, and all sets that clusters tie to each other. Of
// schools of a level a cluster may be in part: somebody may know which.
func (b *Builder) wholes(j joined, parts []part) (wholes []whole) {
	var everywhere []int64
	at := places(parts)
	levels := map[string][]int64{}
	for _, s := range slices.Sorted(maps.Keys(j.everywhere)) {
		everywhere, levels[b.schools[s].level] = append(everywhere, s), append(levels[b.schools[s].level], s)
	}
	wholes = append(wholes, wholeOf(everywhere, parts, at, false))
	for _, level := range slices.Sorted(maps.Keys(levels)) {
		wholes = append(wholes, wholeOf(levels[level], parts, at, false))
	}
	var sets, clusters [][]int64
	for _, s := range j.sets {
		sets = append(sets, s.schools)
	}
	for _, p := range parts {
		clusters = append(clusters, p.schools)
	}
	seen := map[string]bool{}
	for _, schools := range slices.Concat(sets, clusters, tied(slices.Concat(sets, clusters))) {
		sorted := slices.Sorted(slices.Values(schools))
		if key := fmt.Sprint(sorted); !seen[key] {
			seen[key] = true
			wholes = append(wholes, wholeOf(sorted, parts, at, true))
		}
	}
	return wholes
}

// places are, of each school, the parts that it is in.
func places(parts []part) map[int64][]int {
	at := map[int64][]int{}
	for i, p := range parts {
		for _, s := range p.schools {
			at[s] = append(at[s], i)
		}
	}
	return at
}

// wholeOf finds the parts of a whole: those within, or also those that are of other schools too.
func wholeOf(schools []int64, parts []part, at map[int64][]int, within bool) whole {
	in := map[int]int{} // how many schools of a part are in the whole
	for _, s := range schools {
		for _, i := range at[s] {
			in[i]++
		}
	}
	w := whole{schools: schools}
	for _, i := range slices.Sorted(maps.Keys(in)) {
		if !within || in[i] == len(parts[i].schools) {
			w.parts = append(w.parts, i)
		}
	}
	return w
}

// tied joins the sets that have a school in common, until none has.
func tied(sets [][]int64) (joined [][]int64) {
	at := map[int64]int{} // of a school, in joined
	for _, set := range sets {
		var one []int64
		for _, s := range set {
			i, known := at[s]
			switch {
			case !known:
				one = append(one, s)
			case joined[i] != nil:
				one, joined[i] = append(one, joined[i]...), nil
			}
		}
		for _, s := range one {
			at[s] = len(joined)
		}
		joined = append(joined, one)
	}
	return slices.DeleteFunc(joined, func(set []int64) bool { return len(set) == 0 })
}

// withhold says which parts leave: it takes them away, the smallest first, until what is left of every whole of which
// any leaves is nobody's by name.
func withhold(parts []part, wholes []whole, everywhere map[int64]int64, r rule) []bool {
	told := make([]bool, len(parts))
	for i := range told {
		told[i] = true
	}
	for changed := true; changed; {
		changed = false
		for _, w := range wholes {
			for {
				next := w.next(parts, told)
				if next < 0 || r.hides(w.rest(parts, told, everywhere)) {
					break
				}
				told[next], changed = false, true
			}
		}
	}
	return told
}

// next is the smallest part of a whole that is told, -1 for none.
func (w whole) next(parts []part, told []bool) int {
	next, least := -1, int64(0)
	for _, i := range w.parts {
		if n := parts[i].sum(); told[i] && (next < 0 || n < least) {
			next, least = i, n
		}
	}
	return next
}

// rest are the persons of a whole whom no part tells.
func (w whole) rest(parts []part, told []bool, everywhere map[int64]int64) crowd {
	left := map[int64]int64{}
	for _, s := range w.schools {
		left[s] = everywhere[s]
	}
	for _, i := range w.parts {
		if told[i] {
			for _, s := range parts[i].schools {
				if n, in := left[s]; in {
					left[s] = max(n-parts[i].persons[s], 0)
				}
			}
		}
	}
	return crowdOf(left)
}
