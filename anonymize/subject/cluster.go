package subject

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/pseudonym"
)

// An atom is what clusters are made of: one or several schools, and the counts
// of distinct persons of every cell that a cluster will be written as. Counts
// add, because a person is attributed to one school of a group.
type atom struct {
	schools []int64
	counts  []distinct
	largest int64 // of the first count, what one school has
}

// joined are the sets of schools of a measure: all of them, and those of each group of schools.
type joined struct {
	sets       []atom
	of         map[groupKey][]atom
	everywhere map[int64]int64 // persons by school
	told       map[string]bool // groupings that are no school's of whose groups the sets are in of
}

// A rule says which clusters may be written.
type rule struct {
	least   int64 // persons
	schools int   // least number of schools
	// unnamed asks that nobody can say whose a cluster is: it has at least so many
	// schools, and none of them has a larger share of its persons than one in so many, also
	// of the least number that may leave of them (as many less as noise takes at most), so
	// that a guess of a person's school is right no more often.
	unnamed int
	noise   int64 // persons
}

// allows reports whether a cluster may be written at every position asked for.
func (r rule) allows(a atom, asked []bool) bool {
	if r.unnamed > 1 && (len(a.schools) < r.unnamed || int64(r.unnamed)*a.largest > a.counts[0].n-r.noise) {
		return false
	}
	if len(a.schools) < r.schools {
		return false
	}
	for i, c := range a.counts {
		if asked[i] && c.n < r.least {
			return false
		}
	}
	return true
}

// one is the atom of one school.
func one(school int64, counts []distinct) atom { return atom{[]int64{school}, counts, counts[0].n} }

// merge joins neighbours, in the order given, until every count of a cluster is enough
// and the rule allows it; what is left at the end joins the last cluster, and that its
// neighbour if it is not enough then. A position whose total is not enough can never be written
// and asks nothing. There is no cluster when no position can be written.
func merge(atoms []atom, r rule) []atom {
	if len(atoms) == 0 {
		return nil
	}
	total := atom{counts: make([]distinct, len(atoms[0].counts))}
	for _, a := range atoms {
		total.add(a)
	}
	asked := make([]bool, len(total.counts))
	for i, c := range total.counts {
		asked[i] = c.n >= r.least
	}
	if !slices.Contains(asked, true) {
		return nil
	}
	full := func(a atom) bool { return r.allows(a, asked) }
	var clusters []atom
	current := atom{counts: make([]distinct, len(asked))}
	for _, a := range atoms {
		current.add(a)
		if full(current) {
			clusters = append(clusters, current)
			current = atom{counts: make([]distinct, len(asked))}
		}
	}
	if len(current.schools) == 0 {
		return clusters
	}
	for len(clusters) > 0 && !full(current) {
		last := len(clusters) - 1
		clusters[last].add(current)
		current, clusters = clusters[last], clusters[:last]
	}
	if !full(current) { // neither alone nor with all the others
		return nil
	}
	return append(clusters, current)
}

func (a *atom) add(b atom) {
	a.schools, a.largest = append(a.schools, b.schools...), max(a.largest, b.largest)
	for i, c := range b.counts {
		a.counts[i] = a.counts[i].plus(c)
	}
}

// populate gives each base cluster of a group the counts of its schools, of a width. A school with nobody stays where
// it is: that it has somebody one person may decide, and which schools a cluster is of its identifier would tell. A
// school outside the base stands alone.
func populate(base []atom, counts map[int64][]distinct, width int, names *namer) []atom {
	atoms := make([]atom, len(base))
	in := map[int64]bool{}
	for i, a := range base {
		atoms[i] = atom{counts: make([]distinct, width)}
		for _, s := range a.schools {
			in[s] = true
			if counts[s] == nil {
				atoms[i].schools = append(atoms[i].schools, s)
			} else {
				atoms[i].add(one(s, counts[s]))
			}
		}
	}
	var others []int64
	for s := range counts {
		if !in[s] {
			others = append(others, s)
		}
	}
	names.sort(others)
	for _, s := range others {
		atoms = append(atoms, one(s, counts[s]))
	}
	return atoms
}

// present is how many schools of a cluster have as many persons as a school that is told of must have, by the noise of
// each: that one person is in a school any smaller number would tell. It is no less than a cluster has by its rule.
func present(noise *perturb.Noise, schools []int64, counts map[int64][]distinct, persons int64, least int) int32 {
	n := 0
	for _, s := range schools {
		if slices.ContainsFunc(counts[s], func(d distinct) bool { return noise.Count(d.key, d.n) >= persons }) {
			n++
		}
	}
	return int32(max(n, least, 1))
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
	return &namer{key.LastingPRF("cluster order"), key.PRF(label + " name"), map[int32]string{}, salt}
}

// apart is a namer of other sets of the same table: no identifier is given twice.
func (n *namer) apart(key *pseudonym.StudyKey, label string) *namer {
	return &namer{n.order, key.PRF("cluster " + label + " name"), n.taken, n.salt}
}

// sort puts schools in the random order that every cell table and grouping of every study of
// a master key shares and no input changes: schools merged once are merged alike, and stand for one set
// of persons with one noise.
func (n *namer) sort(schools []int64) { shuffle(schools, n.order) }

// shuffle puts schools in the order of a keyed random function of them and the parts.
func shuffle(schools []int64, order *pseudonym.PRF, parts ...int64) {
	slices.SortFunc(schools, func(a, b int64) int {
		return cmp.Or(cmp.Compare(order.Uint64(append(parts, a)...), order.Uint64(append(parts, b)...)),
			cmp.Compare(a, b))
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

// naming is how the clusters of a grouping begin, group by group, and what they are
// called.
type naming struct {
	*namer
	base func(group string) []atom
	// whole says that they are not joined any more.
	whole bool
}
