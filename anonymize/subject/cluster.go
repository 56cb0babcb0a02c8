package subject

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/pseudonym"
)

// An atom is what clusters are made of: one or several schools, and the counts
// of distinct persons of every cell that a cluster will be written as. Counts
// add, because a person is attributed to one school of a group.
type atom struct {
	schools []int64
	counts  []int64
}

// merge joins neighbours, in the order given, until every count of a cluster is
// at least floor; what is left at the end joins the last cluster. A position
// whose total is below floor can never be written and asks nothing. There is no
// cluster when no position can be written.
func merge(atoms []atom, floor int64) []atom {
	if len(atoms) == 0 {
		return nil
	}
	total := make([]int64, len(atoms[0].counts))
	for _, a := range atoms {
		for i, n := range a.counts {
			total[i] += n
		}
	}
	asked := make([]bool, len(total))
	for i, n := range total {
		asked[i] = n >= floor
	}
	if !slices.Contains(asked, true) {
		return nil
	}
	full := func(counts []int64) bool {
		for i, n := range counts {
			if asked[i] && n < floor {
				return false
			}
		}
		return true
	}
	var clusters []atom
	current := atom{counts: make([]int64, len(total))}
	for _, a := range atoms {
		current.add(a)
		if full(current.counts) {
			clusters = append(clusters, current)
			current = atom{counts: make([]int64, len(total))}
		}
	}
	if len(current.schools) > 0 && len(clusters) > 0 {
		clusters[len(clusters)-1].add(current)
	}
	return clusters
}

func (a *atom) add(b atom) {
	a.schools = append(a.schools, b.schools...)
	for i, n := range b.counts {
		a.counts[i] += n
	}
}

// namer gives clusters their random identifiers: a function, under the study
// key, of the table, the grouping and the set of schools, so that the same set
// has the same identifier in every measure of a grouping and no other relation.
type namer struct {
	order, name *pseudonym.PRF
	taken       map[int32]string
	salt        int64
}

func newNamer(key *pseudonym.StudyKey, table, grouping string, salt int64) *namer {
	label := "cluster " + table + " " + grouping
	return &namer{key.PRF(label + " order"), key.PRF(label + " name"), map[int32]string{}, salt}
}

// sort puts schools in the random order of the grouping.
func (n *namer) sort(schools []int64) {
	slices.SortFunc(schools, func(a, b int64) int {
		return cmp.Or(cmp.Compare(n.order.Uint64(n.salt, a), n.order.Uint64(n.salt, b)), cmp.Compare(a, b))
	})
}

// id names a set of schools of one group. Two sets never share an identifier
// within a grouping.
func (n *namer) id(group string, schools []int64) int32 {
	sorted := slices.Clone(schools)
	slices.Sort(sorted)
	set := fmt.Sprint(group, sorted)
	parts := append([]int64{n.salt, 0}, sorted...)
	for ; ; parts[1]++ {
		id := int32(n.name.Uint64(parts...) >> 34) // 30 bits
		if other, ok := n.taken[id]; !ok || other == set {
			n.taken[id] = set
			return id
		}
	}
}

// salt is the part of every random choice that comes from the input.
func (b *Builder) salt() int64 {
	sum := sha256.Sum256([]byte(b.o.Zone.Hash()))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}
