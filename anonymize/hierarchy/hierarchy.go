package hierarchy

import (
	"errors"
	"fmt"
	"slices"
	"sort"
)

// Top is the value that stands for every value.
const Top = "*"

// Hierarchy maps each value of an attribute to its generalisation at each
// level. Level 0 is the value itself.
type Hierarchy struct {
	leaf   map[string]int32
	codes  [][]int32  // codes[level][leaf] is the code of the leaf at the level
	labels [][]string // labels[level][code] is the text of the code
	under  [][]int32  // under[level][code] is the number of leaves under the code
}

// maxCells bounds a hierarchy: leaves × levels.
const maxCells = 1 << 26

// New builds a hierarchy from rows, one per value: the value first, then its
// generalisations, each one level coarser. All faults are returned at once and
// give the 1-based row, never a value.
func New(rows [][]string) (*Hierarchy, error) {
	if len(rows) == 0 || len(rows[0]) == 0 {
		return nil, errors.New("hierarchy: no row")
	}
	depth := len(rows[0])
	if len(rows)*depth > maxCells {
		return nil, fmt.Errorf("hierarchy: %d rows of %d levels are too many", len(rows), depth)
	}
	var faults []error
	for i, r := range rows {
		if len(r) != depth {
			faults = append(faults, fmt.Errorf("hierarchy: row %d has %d levels, row 1 has %d", i+1, len(r), depth))
		}
	}
	if faults != nil {
		return nil, errors.Join(faults...)
	}
	h := &Hierarchy{leaf: make(map[string]int32, len(rows))}
	for i, r := range rows {
		if _, twice := h.leaf[r[0]]; twice {
			faults = append(faults, fmt.Errorf("hierarchy: the value of row %d stands twice", i+1))
			continue
		}
		h.leaf[r[0]] = int32(i)
	}
	for level := range depth {
		codes, labels := encode(rows, level)
		if level > 0 && faults == nil {
			if row := notNested(h.codes[level-1], codes); row >= 0 {
				faults = append(faults, fmt.Errorf(
					"hierarchy: level %d is not nested in level %d: row %d shares a value below and not above",
					level-1, level, row+1))
			}
		}
		h.codes, h.labels = append(h.codes, codes), append(h.labels, labels)
		under := make([]int32, len(labels))
		for _, c := range codes {
			under[c]++
		}
		h.under = append(h.under, under)
	}
	if faults != nil {
		return nil, errors.Join(faults...)
	}
	return h, nil
}

// encode numbers the distinct texts of one level in the order of their text, so
// that codes do not depend on the order of the rows.
func encode(rows [][]string, level int) (codes []int32, labels []string) {
	index := map[string]int32{}
	for _, r := range rows {
		if _, ok := index[r[level]]; !ok {
			index[r[level]] = 0
			labels = append(labels, r[level])
		}
	}
	sort.Strings(labels)
	for i, l := range labels {
		index[l] = int32(i)
	}
	codes = make([]int32, len(rows))
	for i, r := range rows {
		codes[i] = index[r[level]]
	}
	return codes, labels
}

// notNested gives a row whose fine value has two coarse values, or -1.
func notNested(fine, coarse []int32) int {
	parent := map[int32]int32{}
	for i, f := range fine {
		if p, ok := parent[f]; ok && p != coarse[i] {
			return i
		}
		parent[f] = coarse[i]
	}
	return -1
}

// MaxLevel is the coarsest level; 0 means that the attribute cannot be generalised.
func (h *Hierarchy) MaxLevel() int { return len(h.codes) - 1 }

// Leaves is the number of values at level 0.
func (h *Hierarchy) Leaves() int { return len(h.codes[0]) }

// Leaf gives the number of a value, from 0 to Leaves()-1.
func (h *Hierarchy) Leaf(value string) (int32, bool) {
	leaf, ok := h.leaf[value]
	return leaf, ok
}

// Code is the code of a leaf at a level, from 0 to Size(level)-1.
func (h *Hierarchy) Code(level int, leaf int32) int32 { return h.codes[level][leaf] }

// Size is the number of distinct values of a level.
func (h *Hierarchy) Size(level int) int { return len(h.labels[level]) }

// Label is the text of a code of a level.
func (h *Hierarchy) Label(level int, code int32) string { return h.labels[level][code] }

// CodeOf finds the code of a text at a level, false when the level does not have it.
func (h *Hierarchy) CodeOf(level int, label string) (int32, bool) {
	code, found := slices.BinarySearch(h.labels[level], label)
	return int32(code), found
}

// Under is the number of leaves that become the code at the level.
func (h *Hierarchy) Under(level int, code int32) int { return int(h.under[level][code]) }

// Value is the text of a value at a level; false when the value has no place.
func (h *Hierarchy) Value(level int, value string) (string, bool) {
	leaf, ok := h.leaf[value]
	if !ok || level < 0 || level > h.MaxLevel() {
		return "", false
	}
	return h.labels[level][h.codes[level][leaf]], true
}

// Values are the values of level 0 in the order of their leaf number.
func (h *Hierarchy) Values() []string {
	values := make([]string, h.Leaves())
	for v, leaf := range h.leaf {
		values[leaf] = v
	}
	return values
}
