package kanon

// cellTree is the hierarchy of one attribute as a tree over the values of the
// table, for recoding cell by cell. Nodes are numbered from the leaves up; a
// node that holds the same leaves as its only child is that child.
type cellTree struct {
	attr   *attribute
	parent []int32 // -1 for a root
	level  []int32 // the finest level at which the node stands
	code   []int32 // its code there
	// share is (hierarchy leaves under the node)/D × weight.
	share []float64
	// excess[a*n+b] is over(a, b); nil when the tree is too large for a table.
	excess []float32
}

// farApart is the cost of values that may not be recoded to one cell.
const farApart = 1e18

// maxPairs bounds the table of pairs of one attribute.
const maxPairs = 1 << 20

func newCellTree(a *attribute, weights float64) *cellTree {
	t := &cellTree{attr: a}
	d := float64(a.hierarchy.Leaves())
	node := make([]int32, a.size[0]) // of each code of the level at hand
	for l := 0; l <= a.top; l++ {
		children := make([][]int32, a.size[l])
		if l == 0 {
			for code := range node {
				node[code] = t.add(a, 0, int32(code), d, weights)
			}
			continue
		}
		for code, up := range a.up[l-1] {
			children[up] = append(children[up], node[code])
		}
		next := make([]int32, a.size[l])
		for code, below := range children {
			if len(below) == 1 && a.under[l][code] == a.under[t.level[below[0]]][t.code[below[0]]] {
				next[code] = below[0]
				continue
			}
			next[code] = t.add(a, l, int32(code), d, weights)
			for _, child := range below {
				t.parent[child] = next[code]
			}
		}
		node = next
	}
	t.tabulate()
	return t
}

func (t *cellTree) add(a *attribute, level int, code int32, d, weights float64) int32 {
	t.parent, t.level, t.code = append(t.parent, -1), append(t.level, int32(level)), append(t.code, code)
	t.share = append(t.share, float64(a.under[level][code])/d*a.weight/weights)
	return int32(len(t.parent) - 1)
}

func (t *cellTree) tabulate() {
	n := len(t.parent)
	if n*n > maxPairs {
		return
	}
	t.excess = make([]float32, n*n)
	for a := range n {
		for b := range n {
			t.excess[a*n+b] = t.over(int32(a), int32(b))
		}
	}
}

// over is how much more than that of b the share of the lowest common ancestor of a and b is,
// farApart when they have none.
func (t *cellTree) over(a, b int32) float32 {
	c := t.common(a, b)
	if c < 0 {
		return farApart
	}
	return float32(t.share[c]) - float32(t.share[b])
}

// steepest is the largest share that one step up from a leaf adds.
func (t *cellTree) steepest() (most float64) {
	for leaf, parent := range t.parent[:t.attr.size[0]] {
		if parent >= 0 {
			most = max(most, t.share[parent]-t.share[leaf])
		}
	}
	return most
}

// common is the lowest common ancestor, -1 when there is none. A parent's
// number is higher than its children's.
func (t *cellTree) common(a, b int32) int32 {
	for a != b {
		if a < 0 || b < 0 {
			return -1
		}
		if a < b {
			a = t.parent[a]
		} else {
			b = t.parent[b]
		}
	}
	return a
}

// childOf is the child of node that holds leaf, node itself when it is the leaf.
func (t *cellTree) childOf(node, leaf int32) int32 {
	for leaf != node && t.parent[leaf] != node {
		leaf = t.parent[leaf]
	}
	return leaf
}

// label is the text of a node.
func (t *cellTree) label(node int32) string {
	l := t.level[node]
	return t.attr.hierarchy.Label(int(l), t.attr.text[l][t.code[node]])
}
