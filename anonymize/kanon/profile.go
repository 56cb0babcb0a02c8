package kanon

import (
	"encoding/binary"
	"slices"
)

// MostKnownRows is the largest m of k^m-anonymity: the combinations of a person grow with
// the m-th power of their rows.
const MostKnownRows = 3

// mostCombinations bounds what is counted; a node with more is not said to hold.
const mostCombinations = 20_000_000

// profiled reports whether something is asked of the rows of a person together.
func (pr *problem) profiled() bool { return pr.policy.KnownRows > 1 || pr.policy.WholeProfile }

// profilesHold reports whether the kept classes hide a person who has several: by what m of
// them, or all, have in common. Persons with rows in one class have k others already, so
// that only those with more are looked at.
func (pr *problem) profilesHold(o *outcome) bool {
	if !pr.profiled() {
		return true
	}
	u := &o.grouping.units[0]
	var sets [][]int32
	for unit := range len(u.from) - 1 {
		var set []int32
		for _, c := range u.class[u.from[unit]:u.from[unit+1]] {
			if o.keep[c] {
				set = append(set, c)
			}
		}
		slices.Sort(set)
		sets = append(sets, slices.Compact(set))
	}
	if m := pr.policy.KnownRows; m > 1 && !combinationsHold(sets, m, pr.policy.K) {
		return false
	}
	return !pr.policy.WholeProfile || setsHold(sets, u.single, o.keep, pr.policy.K)
}

// setsHold reports whether each set of classes is that of k persons; single counts those of
// one class who have never had another.
func setsHold(sets [][]int32, single []int32, keep []bool, k int) bool {
	persons := map[string]int{}
	for _, set := range sets {
		if len(set) > 0 {
			persons[setKey(set)]++
		}
	}
	for c, n := range single {
		if keep[c] && n > 0 {
			persons[setKey([]int32{int32(c)})] += int(n)
		}
	}
	for _, n := range persons {
		if n < k {
			return false
		}
	}
	return true
}

// combinationsHold reports whether each combination of 2 to m classes that a person has is
// one that k persons have.
func combinationsHold(sets [][]int32, m, k int) bool {
	for size := 2; size <= m; size++ {
		persons := map[string]int{}
		left := mostCombinations
		for _, set := range sets {
			combine(set, size, nil, func(c []int32) {
				if left--; left >= 0 {
					persons[setKey(c)]++
				}
			})
			if left < 0 {
				return false
			}
		}
		for _, n := range persons {
			if n < k {
				return false
			}
		}
	}
	return true
}

// combine hands over each choice of n classes of a set.
func combine(set []int32, n int, chosen []int32, f func([]int32)) {
	if n == 0 {
		f(chosen)
		return
	}
	for i := range len(set) - n + 1 {
		combine(set[i+1:], n-1, append(chosen, set[i]), f)
	}
}

func setKey(set []int32) string {
	var key []byte
	for _, c := range set {
		key = binary.BigEndian.AppendUint32(key, uint32(c))
	}
	return string(key)
}
