package crosstab

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/microdata"
)

// ErrInput says that the file cannot be used as it is.
var ErrInput = microdata.ErrInput

// mostCells bounds a table.
const mostCells = 20_000

// Table is the cells of every combination of codes.
type Table struct {
	axes     []*axis
	Cells    []Cell
	Decimals int // of Cell.Value and Cell.Largest
	Doubts   []microdata.Doubt
	// Of a file of contributions: what is brought to each inner cell, and by whom.
	brought map[int][]contribution
	who     []string
	counts  bool // of contributors, not a sum
}

// Cell is a combination of codes.
type Cell struct {
	Codes        []int // of each dimension
	Value        int64 // in units of the last decimal
	Contributors int64
	Largest      []int64 // contributions, the largest first
	// Lone is the contributor of a cell that has one alone, where the file says who it is.
	Lone int32
}

// contribution is what a contributor brings to a cell.
type contribution struct {
	who    int32
	amount int64
}

// labels are the codes of a cell.
func (t *Table) labels(c Cell) []string {
	out := make([]string, len(t.axes))
	for i, a := range t.axes {
		out[i] = a.codes[c.Codes[i]]
	}
	return out
}

// newTable makes the cells, empty.
func newTable(axes []*axis) (*Table, error) {
	t := &Table{axes: axes}
	n := 1
	for _, a := range axes {
		if n *= len(a.codes); n > mostCells {
			return nil, fmt.Errorf("%w: the table would have more than %d cells; hint: fewer dimensions, or groups in "+
				"the place of codes", ErrInput, mostCells)
		}
	}
	t.Cells = make([]Cell, n)
	for i := range t.Cells {
		codes, rest := make([]int, len(axes)), i
		for d := len(axes) - 1; d >= 0; d-- {
			codes[d], rest = rest%len(axes[d].codes), rest/len(axes[d].codes)
		}
		t.Cells[i] = Cell{Codes: codes, Lone: -1}
	}
	return t, nil
}

// index is the position of a combination of codes.
func (t *Table) index(codes []int) int {
	i := 0
	for d, c := range codes {
		i = i*len(t.axes[d].codes) + c
	}
	return i
}

// inner reports whether a cell adds up no others.
func (t *Table) inner(c Cell) bool {
	for d, code := range c.Codes {
		if !t.axes[d].leaf(code) {
			return false
		}
	}
	return true
}

// below are the inner cells that a cell adds up.
func (t *Table) below(c Cell) []int {
	at := []int{0}
	for d, code := range c.Codes {
		var next []int
		for _, leaf := range t.axes[d].leaves(code) {
			for _, i := range at {
				next = append(next, i*len(t.axes[d].codes)+leaf)
			}
		}
		at = next
	}
	return at
}

// Equations are what everybody knows: each total and what it adds up.
func (t *Table) Equations() []Equation {
	var out []Equation
	for i, c := range t.Cells {
		for d, a := range t.axes {
			children := a.children[c.Codes[d]]
			if len(children) == 0 {
				continue
			}
			e := Equation{Total: i}
			for _, child := range children {
				codes := slices.Clone(c.Codes)
				codes[d] = child
				e.Parts = append(e.Parts, t.index(codes))
			}
			out = append(out, e)
		}
	}
	return out
}

// merged is what each contributor brings to a cell.
func (t *Table) merged(c Cell) []contribution {
	var all []contribution
	for _, i := range t.below(c) {
		all = append(all, t.brought[i]...)
	}
	slices.SortFunc(all, func(a, b contribution) int { return cmp.Compare(a.who, b.who) })
	var merged []contribution
	for _, x := range all {
		if n := len(merged); n > 0 && merged[n-1].who == x.who {
			merged[n-1].amount += x.amount
		} else {
			merged = append(merged, x)
		}
	}
	return merged
}

// fill makes a cell of what its contributors bring to it.
func (c *Cell) fill(merged []contribution, counts bool) error {
	c.Contributors, c.Value, c.Largest = int64(len(merged)), 0, nil
	if len(merged) == 1 {
		c.Lone = merged[0].who
	}
	for _, x := range merged {
		if c.Value += x.amount; c.Value > mostValue {
			return fmt.Errorf("%w: a total is too large", ErrInput)
		}
		c.Largest = append(c.Largest, x.amount)
	}
	if counts {
		c.Value, c.Largest = c.Contributors, nil
	}
	slices.SortFunc(c.Largest, func(a, b int64) int { return cmp.Compare(b, a) })
	c.Largest = c.Largest[:min(len(c.Largest), mostLargest)]
	return nil
}

// mostLargest is how many contributions of a cell the rules may ask for.
const mostLargest = 10
