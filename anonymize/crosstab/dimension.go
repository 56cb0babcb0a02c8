package crosstab

import (
	"errors"
	"fmt"
	"slices"
)

// axis is a dimension with its codes in order: the total, then each subtotal and code below
// it before the next.
type axis struct {
	Dimension
	codes    []string
	at       map[string]int
	children [][]int // of each code; none of a code of the data
	parent   []int   // of each code, −1 of the total
}

// newAxis orders the codes that the data have, those of the groups among them.
func newAxis(d Dimension, data []string) (*axis, error) {
	a := &axis{Dimension: d, at: map[string]int{}}
	above := map[string]string{}
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("%w: dimension %q: "+format, append([]any{ErrPolicy, d.Name}, args...)...))
	}
	for _, group := range sorted(d.Groups) {
		if group == d.Total {
			fault("the total is no group: it adds up what no group holds")
		}
		if len(d.Groups[group]) == 0 {
			fault("group %q has no code", group)
		}
		for _, code := range d.Groups[group] {
			switch other, taken := above[code]; {
			case taken:
				fault("%q stands in %q and in %q", code, other, group)
			case code == d.Total:
				fault("the total stands in group %q", group)
			default:
				above[code] = group
			}
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	below := map[string][]string{}
	all := append(slices.Clone(data), sorted(d.Groups)...)
	for code := range above {
		all = append(all, code)
	}
	slices.Sort(all)
	for _, code := range slices.Compact(all) {
		if code == d.Total {
			continue
		}
		group, ok := above[code]
		if !ok {
			group = d.Total
		}
		below[group] = append(below[group], code)
	}
	a.add(d.Total, -1, below)
	for code := range above {
		if _, reached := a.at[code]; !reached {
			return nil, fmt.Errorf("%w: dimension %q: group %q is below itself", ErrPolicy, d.Name, above[code])
		}
	}
	return a, nil
}

// add appends a code and all below it.
func (a *axis) add(code string, parent int, below map[string][]string) {
	n := len(a.codes)
	a.codes, a.parent, a.children = append(a.codes, code), append(a.parent, parent), append(a.children, nil)
	a.at[code] = n
	if parent >= 0 {
		a.children[parent] = append(a.children[parent], n)
	}
	for _, child := range below[code] {
		a.add(child, n, below)
	}
}

// leaf reports whether a code is one of the data, and no total.
func (a *axis) leaf(code int) bool { return len(a.children[code]) == 0 }

// leaves are the codes of the data at or below a code.
func (a *axis) leaves(code int) []int {
	if a.leaf(code) {
		return []int{code}
	}
	var out []int
	for _, child := range a.children[code] {
		out = append(out, a.leaves(child)...)
	}
	return out
}

// data are the codes that are no totals, in order.
func (a *axis) data() []string {
	var codes []string
	for _, leaf := range a.leaves(0) {
		codes = append(codes, a.codes[leaf])
	}
	slices.Sort(codes)
	return codes
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
