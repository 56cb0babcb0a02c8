package kanon

import (
	"cmp"
	"maps"
	"math"
	"math/bits"
	"slices"
)

// A recoding that loses least tells more than its cells say: a cell is the lowest value that holds
// its class, so that not all rows of the class are beneath one of the values below it (minimality
// attack, Wong, Fu, Wang & Pei 2007; downcoding, Cohen 2022). Two rows that share a sex of * are a
// man and a woman. So where Policy.NonMinimal is set, cells of other classes are raised to the
// same value though all their rows are beneath one below it: as many as there would be if the rows
// under a value were drawn by the shares of those below it in the table,
//
//	H_c = M · p_c^n / (1 − Σ p_c^n)
//
// of each value c below, where M classes of n rows need the value. They are drawn among the classes of
// as many rows and, while there are any, with the same other columns recoded. A cell that would need
// more of them than there are is raised further itself.

// littleCover is the share of the groups with a cell that may be lacking.
const littleCover = 0.05

// raiser raises cells of groups. rank orders them at random, nodes are their cells so far.
type raiser struct {
	*recoder
	draw  func(parts ...int64) uint64
	rank  []uint64
	nodes [][]int32
}

// raise gives the groups cells above the lowest that hold them. Every model is asked again of the
// classes that come of it, by verify.
func (r *recoder) raise() {
	w := &raiser{recoder: r, draw: r.pr.policy.NonMinimal}
	for g, group := range r.groups {
		w.nodes, w.rank = append(w.nodes, slices.Clone(group.nodes)), append(w.rank, w.draw(-1, int64(g)))
	}
	for j := range r.trees {
		w.column(j)
	}
	for g, group := range r.groups {
		if group.share >= farApart {
			continue // it is dropped as it is
		}
		group.nodes, group.share = w.nodes[g], 0
		for j, tree := range r.trees {
			group.share += tree.share[group.nodes[j]]
		}
	}
}

// children are the nodes below each.
func (t *cellTree) children() [][]int32 {
	out := make([][]int32, len(t.parent))
	for node, parent := range t.parent {
		if parent >= 0 {
			out[parent] = append(out[parent], int32(node))
		}
	}
	return out
}

// shares are those of each node of a column among its siblings.
func (r *recoder) shares(j int) []float64 {
	tree := r.trees[j]
	count := make([]float64, len(tree.parent))
	for tuple := range r.base.n {
		for node := r.tuples[tuple*r.m+j]; node >= 0; node = tree.parent[node] {
			count[node] += float64(r.base.rows[tuple])
		}
	}
	out := make([]float64, len(count))
	for node, parent := range tree.parent {
		if parent >= 0 {
			out[node] = count[node] / count[parent]
		}
	}
	return out
}

// column raises the cells of one column, the finest first.
func (w *raiser) column(j int) {
	children, share := w.trees[j].children(), w.shares(j)
	at := make([][]int, len(children)) // groups of each node
	for g := range w.groups {
		if node := w.nodes[g][j]; node >= 0 {
			at[node] = append(at[node], g)
		}
	}
	for v, below := range children {
		if len(below) > 0 && len(at[v]) > 0 {
			w.cover(&cell{j, int32(v), below, share}, children, at)
		}
	}
}

// cell is one value of one column.
type cell struct {
	j     int
	v     int32
	below []int32
	share []float64
}

// alike are groups that an attacker cannot tell apart otherwise: of as many rows, and of which the same
// other columns are recoded.
type alike struct {
	rows    int
	columns uint64
}

// alikeBut is that of a group, but for a column.
func (w *raiser) alikeBut(g, j int) alike {
	a := alike{rows: int(w.groups[g].rows)}
	for i, node := range w.nodes[g] {
		if i != j && node >= 0 && w.trees[i].level[node] > 0 {
			a.columns |= 1 << (i % 64)
		}
	}
	return a
}

// cover raises groups that are beneath one value below the cell's to it, so that those that need
// the cell are as many as by chance.
func (w *raiser) cover(c *cell, children [][]int32, at [][]int) {
	needing, raised := map[alike][]int{}, map[int]float64{}
	for _, g := range at[c.v] {
		if w.groups[g].nodes[c.j] == c.v {
			a := w.alikeBut(g, c.j)
			needing[a] = append(needing[a], g)
		} else {
			raised[int(w.groups[g].rows)]++
		}
	}
	var pools []pool // of each value below
	for _, child := range c.below {
		p := pool{}
		w.beneath(c, child, children, at, func(g int) { p.add(w.alikeBut(g, c.j), g) })
		pools = append(pools, p)
	}
	order := slices.SortedFunc(maps.Keys(needing), func(a, b alike) int {
		return cmp.Or(cmp.Compare(a.rows, b.rows), cmp.Compare(a.columns, b.columns))
	})
	for stratum, a := range order {
		groups := needing[a]
		w.sort(groups, c)
		weights := c.weights(a.rows)
		keep := len(groups)
		if up := w.trees[c.j].parent[c.v]; up >= 0 {
			for keep > 0 && lacks(keep, weights, pools, a.rows) {
				keep--
			}
			for _, g := range groups[keep:] {
				w.move(g, c.j, up, at)
			}
		}
		for i, child := range c.below {
			need := float64(keep) * weights[i]
			n := w.round(need-draw(raised, a.rows, need), int64(c.j), int64(c.v), int64(stratum), int64(child))
			for _, g := range pools[i].take(n, a) {
				w.move(g, c.j, c.v, at)
			}
		}
	}
}

// beneath goes over the groups at a node and at those beneath it: the highest first, and at random.
func (w *raiser) beneath(c *cell, node int32, children [][]int32, at [][]int, visit func(g int)) {
	for level := []int32{node}; len(level) > 0; {
		var next []int32
		var groups []int
		for _, n := range level {
			groups, next = append(groups, at[n]...), append(next, children[n]...)
		}
		w.sort(groups, c)
		for _, g := range groups {
			visit(g)
		}
		level = next
	}
}

// lacks reports whether there are too few groups to raise for so many that need the cell.
func lacks(keep int, weights []float64, pools []pool, rows int) bool {
	all, lacking := float64(keep), 0.0
	for i, weight := range weights {
		need := float64(keep) * weight
		all += need
		lacking += max(0, need-float64(pools[i].size(rows)))
	}
	return lacking > littleCover*all
}

// draw takes so many of groups that were raised already from those of about as many rows, and says how many it
// found.
func draw(raised map[int]float64, rows int, n float64) float64 {
	found := 0.0
	for _, near := range about(rows) {
		more := min(n-found, raised[near])
		raised[near] -= more
		found += more
	}
	return found
}

// about are numbers of rows that are nearly as many, the nearest first: of two or three exactly as many.
func about(rows int) []int {
	out := []int{rows}
	for off := 1; off <= rows/4; off++ {
		out = append(out, rows-off, rows+off)
	}
	return out
}

// weights are how many groups of n rows beneath each value below there are for one of several.
func (c *cell) weights(n int) []float64 {
	out, all := make([]float64, len(c.below)), 0.0
	for i, child := range c.below {
		out[i] = math.Pow(c.share[child], float64(n))
		all += out[i]
	}
	for i := range out {
		out[i] /= max(1-all, 1e-9)
	}
	return out
}

// move gives a group another cell.
func (w *raiser) move(g, j int, to int32, at [][]int) {
	from := w.nodes[g][j]
	at[from] = slices.DeleteFunc(slices.Clone(at[from]), func(other int) bool { return other == g })
	at[to] = append(at[to], g)
	w.nodes[g][j] = to
}

// sort orders groups at random, anew for each cell: who was raised to one must not be the first for the next.
func (w *raiser) sort(groups []int, c *cell) {
	salt := w.draw(int64(c.j), int64(c.v))
	slices.SortFunc(groups, func(a, b int) int {
		return cmp.Or(cmp.Compare(mix(w.rank[a]+salt), mix(w.rank[b]+salt)), cmp.Compare(a, b))
	})
}

// round rounds a number up or down at random, so that its mean is kept.
func (w *raiser) round(x float64, parts ...int64) int {
	whole := math.Floor(x)
	if float64(w.draw(parts...)>>11)/(1<<53) < x-whole {
		whole++
	}
	return int(whole)
}

// pool is groups beneath one value, by their rows and by the other columns that are recoded.
type pool map[int]*sized

// sized are groups of as many rows.
type sized struct {
	of map[uint64][]int // in the order in which they are taken
	n  int
}

func (p pool) add(a alike, g int) {
	s := p[a.rows]
	if s == nil {
		s = &sized{of: map[uint64][]int{}}
		p[a.rows] = s
	}
	s.of[a.columns], s.n = append(s.of[a.columns], g), s.n+1
}

// near are the groups of about as many rows.
func (p pool) near(rows int) []*sized {
	var out []*sized
	for _, n := range about(rows) {
		if s := p[n]; s != nil {
			out = append(out, s)
		}
	}
	return out
}

func (p pool) size(rows int) int {
	n := 0
	for _, s := range p.near(rows) {
		n += s.n
	}
	return n
}

// take takes n groups, or all there are, the most like first.
func (p pool) take(n int, a alike) []int {
	var out []int
	for _, s := range p.near(a.rows) {
		if len(out) == n {
			break
		}
		out = append(out, s.take(n-len(out), a.columns)...)
	}
	return out
}

func (s *sized) take(n int, columns uint64) []int {
	order := slices.SortedFunc(maps.Keys(s.of), func(a, b uint64) int {
		return cmp.Or(cmp.Compare(bits.OnesCount64(a^columns), bits.OnesCount64(b^columns)), cmp.Compare(a, b))
	})
	var out []int
	for _, key := range order {
		groups := s.of[key]
		taken := min(n-len(out), len(groups))
		out, s.of[key] = append(out, groups[:taken]...), groups[taken:]
		s.n -= taken
	}
	return out
}
