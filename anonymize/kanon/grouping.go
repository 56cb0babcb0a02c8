package kanon

import (
	"slices"
)

// grouping is the classes of one node of the lattice: rows with the same packed
// tuple, the units in each, and the sensitive values of the persons in each.
type grouping struct {
	levels []int
	n      int      // classes
	keys   []uint64 // problem.words per class
	rows   []int32
	units  []unitCounts
	// population counts its persons in each class, nil when none is asked. A class may hold
	// persons of the population alone: it has no rows.
	population *unitCounts
	keep       []bool        // memory of outcome.keep
	values     []valueCounts // one per sensitive attribute; nil until asked for
	// leaves is a tuple of level 0 of each class, of groupings that others are
	// rolled up from, when tuples fit one word.
	leaves []uint64
	lanes  []uint64 // problem.laneWords per class, of the same groupings
	needs  []int32  // the rows of a class that may hold each
}

// unitCounts counts the units of one kind. Units with one class are weights;
// units with several stand in lists, because they count in each class and once
// in a union: list u is class[from[u]:from[u+1]], distinct.
type unitCounts struct {
	single []int32
	from   []int32
	class  []int32
}

// valueCounts counts the persons of each (class, value). Those of persons with
// one class are value[at[c]:at[c+1]] with their counts; persons with several
// classes have lists of distinct pairs, in the order of unitCounts.
type valueCounts struct {
	at           []int32
	value, count []int32
	from         []int32
	class        []int32
	pairValue    []int32
}

// scratch is the memory that roll-ups share; one for each goroutine.
type scratch struct {
	slots   []int32
	to      []int32
	seen    []int32
	dense   []int32
	touch   []int32
	list    []int32
	from    []int32
	first   []int32
	members []int32
	steps   [][]int32
	matrix  []int32
	flat    []valueCounts
	spare   grouping
	key     []uint64
}

// table is an empty hash table of a size that is a power of two.
func (s *scratch) table(size int) []int32 {
	if cap(s.slots) < size {
		s.slots = make([]int32, size)
	}
	s.slots = s.slots[:size]
	clear(s.slots)
	return s.slots
}

// tableFor is an empty hash table for n keys.
func (s *scratch) tableFor(n int) []int32 {
	size := 16
	for size < 2*n {
		size *= 2
	}
	return s.table(size)
}

func grow(s []int32, n int) []int32 {
	if cap(s) < n {
		return make([]int32, n)
	}
	return s[:n]
}

// zeros are n of them, in the memory of s if it is large enough.
func zeros[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, 2*n)
	}
	s = s[:n]
	clear(s)
	return s
}

func mix(x uint64) uint64 {
	x ^= x >> 32
	x *= 0x9e3779b97f4a7c15
	return x ^ x>>29
}

// place finds the class of a key or makes a new one.
func (g *grouping) place(slots []int32, key []uint64) int32 {
	mask := uint64(len(slots) - 1)
	h := uint64(0)
	for _, w := range key {
		h = mix(h ^ w)
	}
	for i := h & mask; ; i = (i + 1) & mask {
		id := slots[i]
		if id == 0 {
			g.keys = append(g.keys, key...)
			g.n++
			slots[i] = int32(g.n)
			return int32(g.n - 1)
		}
		at := int(id-1) * len(key)
		if slices.Equal(g.keys[at:at+len(key)], key) {
			return id - 1
		}
	}
}
