package downcode

import (
	"encoding/binary"
	"fmt"

	"github.com/entscope/entscope/anonymize/kanon"
)

// population is a table of persons, by distinct leaves.
type population struct {
	leaves  [][]int32 // of each distinct tuple
	persons []int
	counted bool
}

func newPopulation(table *kanon.Table, columns []Column, trees []*tree) (*population, error) {
	nodes := make([][]int32, len(trees))
	for j, t := range trees {
		column := table.Column(columns[j].Name)
		if column == nil {
			return nil, fmt.Errorf("downcode: %w: %q is not a column", ErrPopulation, columns[j].Name)
		}
		var err error
		if nodes[j], err = t.nodes(column.Values, column.Codes); err != nil {
			return nil, fmt.Errorf("downcode: %w: column %q: %w", ErrPopulation, columns[j].Name, err)
		}
	}
	p, of := &population{}, map[string]int{}
	for row := range table.Rows() {
		var key []byte
		tuple := make([]int32, len(trees))
		for j := range trees {
			tuple[j] = nodes[j][row]
			key = binary.BigEndian.AppendUint32(key, uint32(tuple[j]))
		}
		at, ok := of[string(key)]
		if !ok {
			at = len(p.leaves)
			of[string(key)] = at
			p.leaves, p.persons = append(p.leaves, tuple), append(p.persons, 0)
		}
		p.persons[at]++
	}
	return p, nil
}

// fit are the tuples that are beneath every cell of a released row.
func (p *population) fit(a *attack, row int) []int {
	var out []int
	for i, tuple := range p.leaves {
		if a.covers(row, tuple) {
			out = append(out, i)
		}
	}
	return out
}

func (a *attack) covers(row int, tuple []int32) bool {
	for j, t := range a.trees {
		if !t.under(tuple[j], a.nodes[j][row]) {
			return false
		}
	}
	return true
}

// beneath counts those of some tuples that are beneath each node below a cell.
func (p *population) beneath(tuples []int, t *tree, j int, node int32) *fits {
	f := &fits{persons: make([]int, len(t.below[node])), counted: p.counted}
	for _, i := range tuples {
		if branch := t.branch(p.leaves[i][j], node); branch >= 0 {
			f.persons[branch] += p.persons[i]
		}
	}
	return f
}
