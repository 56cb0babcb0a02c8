package downcode

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/linear"
)

// ErrMarginals says that marginals are not those of the table.
var ErrMarginals = errors.New("unusable marginals")

// marginal is a frequency table of a column: counts of rows beneath nodes that part the leaves.
type marginal struct {
	nodes []int32
	rows  []int
	// beyond are the rows counted that the released table does not have: suppressed ones.
	beyond int
}

func newMarginal(t *tree, counts map[string]int, rows int) (*marginal, error) {
	m := &marginal{beyond: -rows}
	texts := make([]string, 0, len(counts))
	for text := range counts {
		texts = append(texts, text)
	}
	slices.Sort(texts)
	lost, parts := 0, make([]int, len(t.parent)) // parts at each node
	for _, text := range texts {
		n, ok := t.of[text]
		if !ok {
			lost++
			continue
		}
		m.nodes, m.rows = append(m.nodes, n), append(m.rows, counts[text])
		m.beyond += counts[text]
		parts[n]++
	}
	if lost > 0 {
		return nil, fmt.Errorf("%w: %w: %d values", ErrMarginals, hierarchy.ErrNoPlace, lost)
	}
	for leaf := range t.leaves {
		held := 0
		for n := int32(leaf); n >= 0; n = t.parent[n] {
			held += parts[n]
		}
		if held > 1 {
			return nil, fmt.Errorf("%w: a value stands twice, or with one that holds it", ErrMarginals)
		}
		if held == 0 { // nobody has what is not counted
			m.nodes, m.rows = append(m.nodes, int32(leaf)), append(m.rows, 0)
		}
	}
	if m.beyond < 0 {
		return nil, fmt.Errorf("%w: they count %d rows fewer than the table has", ErrMarginals, -m.beyond)
	}
	return m, nil
}

// variable is the rows released as a node whose true value is beneath one node below it and in one part of the
// marginal.
type variable struct{ node, below, part int }

// programme bounds the counts of one column over all classes together.
type programme struct {
	tree      *tree
	marginal  *marginal
	nodes     []int32 // generalised values that parts of the marginal divide
	at        map[int32]int
	rows      []int // released as each
	fixed     []int // rows of each part that are released within it
	variables []variable
}

func newProgramme(t *tree, m *marginal, released []int32) *programme {
	p := &programme{tree: t, marginal: m, fixed: make([]int, len(m.nodes)), at: map[int32]int{}}
	part, count := make([]int, len(t.parent)), make([]int, len(t.parent))
	for i := range part {
		part[i] = -1
	}
	for i, n := range m.nodes {
		part[n] = i
	}
	for _, n := range released {
		count[n]++
	}
	for n, rows := range count {
		within := int32(n)
		for within >= 0 && part[within] < 0 {
			within = t.parent[within]
		}
		switch {
		case rows == 0:
		case within >= 0:
			p.fixed[part[within]] += rows
		default:
			p.at[int32(n)] = len(p.nodes)
			p.nodes, p.rows = append(p.nodes, int32(n)), append(p.rows, rows)
		}
	}
	for i, node := range m.nodes {
		for n := t.parent[node]; n >= 0; n = t.parent[n] {
			if at, ok := p.at[n]; ok {
				p.variables = append(p.variables, variable{at, t.branch(node, n), i})
			}
		}
	}
	return p
}

// mostCoefficients bounds a programme: two numbers of each are kept in memory.
const mostCoefficients = 10_000_000

// tooLarge reports whether the programme would take too much memory, as of postcodes.
func (p *programme) tooLarge() bool {
	below := 0
	for _, n := range p.nodes {
		below += len(p.tree.below[n])
	}
	equations, columns := len(p.nodes)+below+len(p.fixed), len(p.variables)+below+len(p.fixed)
	return equations*columns > mostCoefficients
}

// bounds are the least and the most rows released as each node that are beneath each node below it.
type bounds struct{ low, high [][]int }

// sums are the bounds that the classes give together.
func (p *programme) sums(claims []*claim) bounds {
	b := bounds{make([][]int, len(p.nodes)), make([][]int, len(p.nodes))}
	for i, node := range p.nodes {
		b.low[i], b.high[i] = make([]int, len(p.tree.below[node])), make([]int, len(p.tree.below[node]))
	}
	for _, c := range claims {
		if i, ok := p.at[c.node]; ok {
			for k := range c.low {
				b.low[i][k], b.high[i][k] = b.low[i][k]+c.low[k], b.high[i][k]+c.high[k]
			}
		}
	}
	return b
}

// narrow tightens claims of the column by the marginal and one another until nothing narrows; false
// when no counts meet all.
func (p *programme) narrow(claims []*claim) (bool, error) {
	for range mostRounds {
		together := p.sums(claims)
		found, err := p.solve(together)
		if err != nil || found == nil {
			return false, err
		}
		changed := false
		for _, c := range claims {
			i, ok := p.at[c.node]
			if !ok {
				continue
			}
			for k := range c.low {
				low := found.low[i][k] - together.high[i][k] + c.high[k]
				high := found.high[i][k] - together.low[i][k] + c.low[k]
				changed = changed || low > c.low[k] || high < c.high[k]
				c.low[k], c.high[k] = max(c.low[k], low), min(c.high[k], high)
			}
		}
		for _, c := range claims {
			if !c.tighten() {
				return false, nil
			}
		}
		if !changed {
			break
		}
	}
	return true, nil
}

// mostRounds bounds how often programmes are solved again: each round is sound by itself.
const mostRounds = 4

// slack is a column of a programme that takes up what an equation leaves.
type slack struct{ equation, high int }

// equations are the programme as one: A·x = b, each x between 0 and its bound. First those of the nodes and those of
// the nodes below, then those of the parts.
func (p *programme) equations(b bounds) (columns []linear.Column, right []int) {
	at := make([][]int, len(p.nodes)) // equation of each node below
	var slacks []slack
	for i := range p.nodes {
		right = append(right, p.rows[i])
	}
	for i := range p.nodes {
		for k := range b.low[i] {
			at[i] = append(at[i], len(right))
			slacks = append(slacks, slack{len(right), b.high[i][k] - b.low[i][k]})
			right = append(right, b.high[i][k])
		}
	}
	parts := len(right)
	for part, rows := range p.marginal.rows {
		if p.marginal.beyond > 0 {
			slacks = append(slacks, slack{len(right), p.marginal.beyond})
		}
		right = append(right, rows-p.fixed[part])
	}
	for _, v := range p.variables {
		columns = append(columns, linear.Column{High: float64(p.rows[v.node]), Entries: []linear.Entry{
			{Equation: v.node, Coefficient: 1}, {Equation: at[v.node][v.below], Coefficient: 1},
			{Equation: parts + v.part, Coefficient: 1},
		}})
	}
	for _, s := range slacks {
		columns = append(columns, linear.Column{High: float64(s.high),
			Entries: []linear.Entry{{Equation: s.equation, Coefficient: 1}}})
	}
	return columns, right
}

// solve gives the bounds that the marginal leaves, nil when there are none within those given.
func (p *programme) solve(b bounds) (*bounds, error) {
	columns, right := p.equations(b)
	var solver linear.Program
	x, err := feasible(&solver, columns, right)
	if err != nil || x == nil {
		return nil, err
	}
	for j := range columns { // from here, programmes move away from a solution
		columns[j].Low, columns[j].High = -x[j], columns[j].High-x[j]
	}
	found := bounds{make([][]int, len(p.nodes)), make([][]int, len(p.nodes))}
	for i := range p.nodes {
		found.low[i], found.high[i] = slices.Clone(b.low[i]), slices.Clone(b.high[i])
		for k := range b.low[i] {
			for _, sign := range []float64{-1, 1} {
				start := 0.0
				for j, v := range p.variables {
					columns[j].Gain = 0
					if v.node == i && v.below == k {
						columns[j].Gain, start = sign, start+x[j]
					}
				}
				solver.Begin(len(right), columns)
				gain, err := solver.Maximise()
				if err != nil {
					return nil, fmt.Errorf("downcode: %w", err)
				}
				if sign < 0 {
					found.low[i][k] = max(b.low[i][k], int(math.Ceil(start-gain-rounding)))
				} else {
					found.high[i][k] = min(b.high[i][k], int(math.Floor(start+gain+rounding)))
				}
			}
		}
	}
	return &found, nil
}

const rounding = 1e-5

// feasible finds a solution of A·x = b: of A·x = b·s, 0 ≤ s ≤ 1, that where s is largest, if it is 1.
func feasible(solver *linear.Program, columns []linear.Column, right []int) ([]float64, error) {
	share := linear.Column{High: 1, Gain: 1}
	for equation, b := range right {
		if b < 0 {
			return nil, nil
		}
		share.Entries = append(share.Entries, linear.Entry{Equation: equation, Coefficient: -float64(b)})
	}
	solver.Begin(len(right), append(slices.Clone(columns), share))
	s, err := solver.Maximise()
	if err != nil {
		return nil, fmt.Errorf("downcode: %w", err)
	}
	if s < 1-1e-7 {
		return nil, nil
	}
	x := solver.Values()[:len(columns)]
	for j := range x {
		x[j] = min(max(x[j], 0), columns[j].High)
	}
	return x, nil
}
