package kanon

import (
	"fmt"
	"sort"

	"github.com/entscope/entscope/anonymize/hierarchy"
)

// attribute is one quasi-identifier with its hierarchy, cut to the values that
// the table and its population hold.
type attribute struct {
	name      string
	hierarchy *hierarchy.Hierarchy
	weight    float64
	top       int // coarsest level allowed
	maxLevel  int // coarsest level of the hierarchy
	leaves    []int32
	// size[l] is the number of codes of level l that the table holds; up[l] maps
	// codes of level l to codes of level l+1; text[l] gives the hierarchy's code.
	size []int
	up   [][]int32
	text [][]int32
	// at[l] maps compact leaves to codes of level l.
	at [][]int32
	// under[l][code] is the number of hierarchy leaves under the code.
	under [][]int32
	// freq[l][code] is the number of rows with the code.
	freq [][]int64
	// word and shift place the attribute in a packed tuple.
	word, shift int
	mask        uint64
}

// compileAttribute cuts the hierarchy to the values of the table. Values with
// no place are an error that gives the column and the persons, not the value.
func compileAttribute(tables []*Table, q QuasiIdentifier) (attribute, []int32, error) {
	h := q.Hierarchy
	a := attribute{name: q.Name, hierarchy: h, weight: q.Weight, top: q.MaxLevel, maxLevel: h.MaxLevel()}
	if a.weight == 0 {
		a.weight = 1
	}
	if a.top < 0 {
		a.top = a.maxLevel
	}
	var leaves []int32
	places := make([][]int32, len(tables)) // the leaf of each code
	for i, t := range tables {
		column := t.Column(q.Name)
		place, misplaced := placesOf(column, h)
		if len(misplaced) > 0 {
			return a, nil, &NoPlaceError{
				Column: q.Name, Values: len(misplaced), Persons: t.Persons(column, misplaced), Population: i > 0}
		}
		places[i] = place
		for _, leaf := range place {
			if leaf >= 0 {
				leaves = append(leaves, leaf)
			}
		}
	}
	a.leaves = sortedUnique(leaves, h)
	position := map[int32]int32{}
	for i, leaf := range a.leaves {
		position[leaf] = int32(i)
	}
	var leaf []int32
	for i, t := range tables {
		for code, at := range places[i] {
			places[i][code] = position[at]
		}
		for _, c := range t.Column(q.Name).Codes {
			leaf = append(leaf, places[i][c])
		}
	}
	leafRows := make([]int64, len(a.leaves))
	for _, at := range leaf[:tables[0].Rows()] {
		leafRows[at]++
	}
	a.levels(leafRows)
	return a, leaf, nil
}

// placesOf gives the leaf of each code of a column, -1 for one that no row has, and the codes
// without one.
func placesOf(column *Column, h *hierarchy.Hierarchy) (place []int32, misplaced map[int32]bool) {
	used := make([]bool, len(column.Values))
	for _, c := range column.Codes {
		used[c] = true
	}
	place, misplaced = make([]int32, len(column.Values)), map[int32]bool{}
	for code, v := range column.Values {
		if place[code] = -1; !used[code] {
			continue
		}
		if leaf, ok := h.Leaf(v); ok {
			place[code] = leaf
		} else {
			misplaced[int32(code)] = true
		}
	}
	return place, misplaced
}

// NoPlaceError says that values of a column have no place in its hierarchy.
type NoPlaceError struct {
	Column          string
	Values, Persons int
	// Population says that they are those of the population.
	Population bool
}

func (e *NoPlaceError) Error() string {
	of := ""
	if e.Population {
		of = "population: "
	}
	return fmt.Sprintf("kanon: %scolumn %q: %d values, of %d persons, have no place in its hierarchy", of, e.Column,
		e.Values, e.Persons)
}

// Unwrap makes errors.Is(err, hierarchy.ErrNoPlace) true.
func (e *NoPlaceError) Unwrap() error { return hierarchy.ErrNoPlace }

// sortedUnique orders leaves by their text, so that codes do not depend on the
// order of the hierarchy's rows.
func sortedUnique(leaves []int32, h *hierarchy.Hierarchy) []int32 {
	sort.Slice(leaves, func(i, j int) bool { return h.Code(0, leaves[i]) < h.Code(0, leaves[j]) })
	out := leaves[:0]
	for i, l := range leaves {
		if i == 0 || l != leaves[i-1] {
			out = append(out, l)
		}
	}
	return out
}

// levels fills the maps of the attribute from the rows of each compact leaf.
func (a *attribute) levels(leafRows []int64) {
	for l := 0; l <= a.maxLevel; l++ {
		index := map[int32]int32{}
		at := make([]int32, len(a.leaves))
		var text, under []int32
		var freq []int64
		for i, leaf := range a.leaves {
			code := a.hierarchy.Code(l, leaf)
			n, ok := index[code]
			if !ok {
				n = int32(len(text))
				index[code] = n
				text = append(text, code)
				under = append(under, int32(a.hierarchy.Under(l, code)))
				freq = append(freq, 0)
			}
			at[i] = n
			freq[n] += leafRows[i]
		}
		a.size, a.text, a.at = append(a.size, len(text)), append(a.text, text), append(a.at, at)
		a.under, a.freq = append(a.under, under), append(a.freq, freq)
	}
	for l := 0; l < a.maxLevel; l++ {
		up := make([]int32, a.size[l])
		for i := range a.leaves {
			up[a.at[l][i]] = a.at[l+1][i]
		}
		a.up = append(a.up, up)
	}
}

// between maps codes of level from to codes of level to ≥ from.
func (a *attribute) between(from, to int) []int32 {
	m := make([]int32, a.size[from])
	for i := range m {
		m[i] = int32(i)
	}
	for l := from; l < to; l++ {
		for i := range m {
			m[i] = a.up[l][m[i]]
		}
	}
	return m
}
