package kanon

import (
	"cmp"
	"math"
	"slices"
)

// past is what each node of a lattice was when it was last looked at, in searches of fewer and
// fewer rows. A node that kept too few then keeps no more of what is left. Its score may fall when
// rows go, but seldom does: it is taken not to (as lazy greedy search does; Minoux 1978).
type past struct {
	stride []int
	nodes  []pastNode
}

type pastNode struct {
	kept  int32 // rows
	score float64
}

// newPast is that of a lattice with so many levels of each attribute.
func newPast(levels []int) *past {
	p, n := &past{}, 1
	for _, l := range levels {
		p.stride = append(p.stride, n)
		n *= l
	}
	p.nodes = make([]pastNode, n)
	for i := range p.nodes {
		p.nodes[i].kept = math.MaxInt32
	}
	return p
}

func (p *past) node(levels []int) *pastNode {
	at := 0
	for j, l := range levels {
		at += l * p.stride[j]
	}
	return &p.nodes[at]
}

// of is what a node suppresses of so many rows at least, and the score that it is taken to have.
func (p *past) of(levels []int, rows int) (suppressed int64, score float64) {
	n := p.node(levels)
	return max(0, int64(rows)-int64(n.kept)), n.score
}

// note keeps what a check found: so many rows kept at most, and the score, 0 where there is none.
func (p *past) note(levels []int, kept int64, score float64) {
	n := p.node(levels)
	n.kept = min(n.kept, int32(kept))
	if score > 0 {
		n.score = score
	}
}

// best are the nodes with the least scores of those that kept so many rows, at most n.
func (p *past) best(n int, kept int64) [][]int {
	var found []int
	for i := range p.nodes {
		if p.nodes[i].score > 0 && int64(p.nodes[i].kept) >= kept {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b int) int { return cmp.Compare(p.nodes[a].score, p.nodes[b].score) })
	var out [][]int
	for _, i := range found[:min(n, len(found))] {
		levels := make([]int, len(p.stride))
		for j := len(levels) - 1; j >= 0; j-- {
			levels[j], i = i/p.stride[j], i%p.stride[j]
		}
		out = append(out, levels)
	}
	return out
}
