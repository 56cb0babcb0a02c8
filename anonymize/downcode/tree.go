package downcode

import (
	"fmt"

	"github.com/entscope/entscope/anonymize/hierarchy"
)

// Column is a quasi-identifier with its hierarchy.
type Column struct {
	Name      string
	Hierarchy *hierarchy.Hierarchy
	// Marginals count the rows of the true table beneath each value, nil when they are not known. The
	// values may stand at any level, and together hold each leaf once.
	Marginals map[string]int
}

// tree is a hierarchy as nodes, the leaves first. A node that holds no more than its only child is that child.
type tree struct {
	leaves int
	parent []int32 // -1 of a root
	below  [][]int32
	of     map[string]int32 // node of each text, at the finest level that has it
}

func newTree(h *hierarchy.Hierarchy) *tree {
	t := &tree{leaves: h.Leaves(), of: map[string]int32{}}
	node := make([]int32, h.Leaves()) // of each leaf at the level at hand
	name := func(label string, n int32) {
		if _, ok := t.of[label]; !ok {
			t.of[label] = n
		}
	}
	for leaf := range node {
		t.parent, t.below, node[leaf] = append(t.parent, -1), append(t.below, nil), int32(leaf)
		name(h.Label(0, h.Code(0, int32(leaf))), int32(leaf))
	}
	for level := 1; level <= h.MaxLevel(); level++ {
		children, seen := make([][]int32, h.Size(level)), map[int32]bool{}
		for leaf, n := range node {
			if !seen[n] {
				code := h.Code(level, int32(leaf))
				children[code], seen[n] = append(children[code], n), true
			}
		}
		at := make([]int32, len(children))
		for code, below := range children {
			if at[code] = below[0]; len(below) > 1 {
				at[code] = int32(len(t.parent))
				t.parent, t.below = append(t.parent, -1), append(t.below, below)
				for _, child := range below {
					t.parent[child] = at[code]
				}
			}
			name(h.Label(level, int32(code)), at[code])
		}
		for leaf := range node {
			node[leaf] = at[h.Code(level, int32(leaf))]
		}
	}
	return t
}

// nodes gives the node of each value that some row has; an error counts the rows whose value has none.
func (t *tree) nodes(values []string, codes []int32) ([]int32, error) {
	out, lost := make([]int32, len(codes)), 0
	for row, code := range codes {
		n, ok := t.of[values[code]]
		if out[row] = n; !ok {
			lost++
		}
	}
	if lost > 0 {
		return nil, fmt.Errorf("%w: the values of %d rows", hierarchy.ErrNoPlace, lost)
	}
	return out, nil
}

// under reports whether a node is, or is beneath, another. A parent's number is higher than its children's.
func (t *tree) under(node, top int32) bool {
	for node >= 0 && node < top {
		node = t.parent[node]
	}
	return node == top
}

// branch is the place, among the values below top, of the one that holds a node; -1 when none does.
func (t *tree) branch(node, top int32) int {
	for node >= 0 && t.parent[node] != top {
		node = t.parent[node]
	}
	for i, child := range t.below[top] {
		if child == node {
			return i
		}
	}
	return -1
}
