package kanon

import (
	"cmp"
	"errors"
	"slices"
)

// tupleUnits lists units by tuple: unit[at[i]:at[i+1]], ascending.
type tupleUnits struct{ at, unit []int32 }

// group is tuples that share their cells.
type group struct {
	nodes   []int32 // one for each attribute
	members []int32 // tuples, ascending
	rows    float64
	share   float64 // Σ share of nodes
	ok      bool    // satisfies every model
	dead    bool
	// single counts the units of each kind that have one tuple, multi lists the
	// others.
	single []int32
	multi  [][]int32
	// nearest is the group whose union with this one costs least, and its cost.
	nearest int
	cost    float64
}

// recoder is one recoding under way.
type recoder struct {
	pr    *problem
	trees []*cellTree
	base  *grouping
	of    []int32 // tuple of each row
	// tuples[i*m+j] is the leaf node of attribute j of tuple i.
	m      int
	tuples []int32
	order  []int // attributes, where a step up costs most first: the inner loop ends soonest so
	// multi[kind] lists, for each tuple, the units that have other tuples too.
	multi  []tupleUnits
	totals []reference
	groups []*group
}

func newRecoder(pr *problem) *recoder {
	r := &recoder{pr: pr, m: len(pr.attrs)}
	weights := 0.0
	for j := range pr.attrs {
		weights += pr.attrs[j].weight
	}
	for j := range pr.attrs {
		r.trees = append(r.trees, newCellTree(&pr.attrs[j], weights))
	}
	for j := range r.trees {
		r.order = append(r.order, j)
	}
	slices.SortStableFunc(r.order, func(a, b int) int {
		return cmp.Compare(r.trees[b].steepest(), r.trees[a].steepest())
	})
	var s scratch
	r.base, r.of = pr.bottomOf(&s)
	r.totals = pr.references(r.base, make([]int32, r.base.n), int64(pr.persons[0]), &s)
	r.tuples = make([]int32, r.base.n*r.m)
	for i := range r.base.n {
		for j := range pr.attrs {
			a := &pr.attrs[j]
			r.tuples[i*r.m+j] = int32(r.base.keys[i*pr.words+a.word] >> a.shift & a.mask)
		}
	}
	for kind := range r.base.units {
		r.multi = append(r.multi, listUnits(&r.base.units[kind], r.base.n))
	}
	return r
}

func listUnits(u *unitCounts, n int) tupleUnits {
	l := tupleUnits{at: make([]int32, n+1), unit: make([]int32, len(u.class))}
	for _, c := range u.class {
		l.at[c+1]++
	}
	for i := range n {
		l.at[i+1] += l.at[i]
	}
	next := slices.Clone(l.at)
	for unit := range len(u.from) - 1 {
		for _, c := range u.class[u.from[unit]:u.from[unit+1]] {
			l.unit[next[c]] = int32(unit)
			next[c]++
		}
	}
	return l
}

var errGroups = errors.New("kanon: recode: a tuple has no group")
