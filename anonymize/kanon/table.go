package kanon

import (
	"cmp"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"sort"
)

// Table is columns of equal length and the protected units of each row.
type Table struct {
	Columns []Column
	// Units are the protected units, the first of which is the person: l, t and
	// every count that is not k are of the first. Without any, each row is one
	// person.
	Units []Unit
	// From is the row of each row in the table that this was made of; nil where it was made of none.
	From []int32
}

// Column is a column of texts by code: the text of row i is Values[Codes[i]]. A
// missing value is a value like any other: its own category, usually "".
type Column struct {
	Name   string
	Values []string
	Codes  []int32
}

// Part is the table of some rows, in their order.
func (t *Table) Part(rows []int) *Table {
	part := &Table{}
	for _, c := range t.Columns {
		codes := make([]int32, len(rows))
		for i, row := range rows {
			codes[i] = c.Codes[row]
		}
		part.Columns = append(part.Columns, Column{Name: c.Name, Values: c.Values, Codes: codes})
	}
	for _, u := range t.Units {
		ids := make([]int64, len(rows))
		for i, row := range rows {
			ids[i] = u.IDs[row]
		}
		part.Units = append(part.Units, Unit{Name: u.Name, IDs: ids})
	}
	return part
}

// Unit says which unit each row belongs to.
type Unit struct {
	Name string
	IDs  []int64
}

// NewColumn codes texts, with the values in the order of their text.
func NewColumn(name string, texts []string) Column {
	index := make(map[string]int32)
	for _, t := range texts {
		index[t] = 0
	}
	c := Column{Name: name, Values: make([]string, 0, len(index)), Codes: make([]int32, len(texts))}
	for v := range index {
		c.Values = append(c.Values, v)
	}
	sort.Strings(c.Values)
	for i, v := range c.Values {
		index[v] = int32(i)
	}
	for i, t := range texts {
		c.Codes[i] = index[t]
	}
	return c
}

// Coded makes a column of codes that mean the texts, in any order and with
// repetitions: values come in the order of their text, without those not used.
// It takes codes over.
func Coded(name string, texts []string, codes []int32) Column {
	c := Column{Name: name}
	used := make([]bool, len(texts))
	for _, code := range codes {
		used[code] = true
	}
	for code, text := range texts {
		if used[code] {
			c.Values = append(c.Values, text)
		}
	}
	sort.Strings(c.Values)
	c.Values = slices.Compact(c.Values)
	to := make([]int32, len(texts))
	for code, text := range texts {
		if used[code] {
			at, _ := slices.BinarySearch(c.Values, text)
			to[code] = int32(at)
		}
	}
	for i, code := range codes {
		codes[i] = to[code]
	}
	c.Codes = codes
	return c
}

// pick is the column over some rows, in their order.
func (c *Column) pick(rows []int32) Column {
	codes := make([]int32, len(rows))
	for i, row := range rows {
		codes[i] = c.Codes[row]
	}
	return Coded(c.Name, c.Values, codes)
}

// Rows is the number of rows.
func (t *Table) Rows() int {
	if len(t.Columns) > 0 {
		return len(t.Columns[0].Codes)
	}
	if len(t.Units) > 0 {
		return len(t.Units[0].IDs)
	}
	return 0
}

// Column finds a column by name, nil if there is none.
func (t *Table) Column(name string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Name == name {
			return &t.Columns[i]
		}
	}
	return nil
}

// Text is the text of row i.
func (c *Column) Text(i int) string { return c.Values[c.Codes[i]] }

// Used gives the distinct values that rows of the column bear, in the order of
// their text, and a code of each.
func (c *Column) Used() (values []string, codes []int32) {
	used := make([]bool, len(c.Values))
	for _, code := range c.Codes {
		used[code] = true
	}
	for code := range c.Values {
		if used[code] {
			codes = append(codes, int32(code))
		}
	}
	sort.Slice(codes, func(i, j int) bool { return c.Values[codes[i]] < c.Values[codes[j]] })
	kept := codes[:0]
	for _, code := range codes {
		if len(values) == 0 || c.Values[code] != values[len(values)-1] {
			values, kept = append(values, c.Values[code]), append(kept, code)
		}
	}
	return values, kept
}

// Persons counts the distinct persons of the rows whose code is in codes.
func (t *Table) Persons(c *Column, codes map[int32]bool) int {
	rows := 0
	persons := map[int64]bool{}
	for i, code := range c.Codes {
		if !codes[code] {
			continue
		}
		rows++
		if len(t.Units) > 0 {
			persons[t.Units[0].IDs[i]] = true
		}
	}
	if len(t.Units) == 0 {
		return rows
	}
	return len(persons)
}

// check refuses a table whose columns or units do not fit together.
func (t *Table) check() error {
	var faults []error
	rows, seen := t.Rows(), map[string]bool{}
	for _, c := range t.Columns {
		if seen[c.Name] {
			faults = append(faults, fmt.Errorf("kanon: column %q stands twice", c.Name))
		}
		seen[c.Name] = true
		if len(c.Codes) != rows {
			faults = append(faults, fmt.Errorf("kanon: column %q has %d rows, not %d", c.Name, len(c.Codes), rows))
		}
		for _, code := range c.Codes {
			if code < 0 || int(code) >= len(c.Values) {
				faults = append(faults, fmt.Errorf("kanon: column %q has a code without a value", c.Name))
				break
			}
		}
	}
	for _, u := range t.Units {
		if len(u.IDs) != rows {
			faults = append(faults, fmt.Errorf("kanon: unit %q has %d rows, not %d", u.Name, len(u.IDs), rows))
		}
	}
	return errors.Join(faults...)
}

// sortRows orders the rows by their texts, columns from left to right: as many
// columns at a time as fit in 64 bits, the last ones first, each time without
// changing the order of equals.
func (t *Table) sortRows() {
	type keyed struct {
		key     uint64
		row, at int32 // at is the place so far
	}
	order := make([]keyed, t.Rows())
	for i := range order {
		order[i].row = int32(i)
	}
	for end := len(t.Columns); end > 0; {
		from, width := end, 0
		for from > 0 {
			w := bits.Len(uint(len(t.Columns[from-1].Values)))
			if width+w > 64 {
				break
			}
			from, width = from-1, width+w
		}
		for i := range order {
			key := uint64(0)
			for _, c := range t.Columns[from:end] {
				// Values are in the order of their text.
				key = key<<bits.Len(uint(len(c.Values))) | uint64(c.Codes[order[i].row])
			}
			order[i].key, order[i].at = key, int32(i)
		}
		slices.SortFunc(order, func(a, b keyed) int {
			return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.at, b.at))
		})
		end = from
	}
	for c := range t.Columns {
		codes := make([]int32, len(order))
		for i, o := range order {
			codes[i] = t.Columns[c].Codes[o.row]
		}
		t.Columns[c].Codes = codes
	}
	for u := range t.Units {
		ids := make([]int64, len(order))
		for i, o := range order {
			ids[i] = t.Units[u].IDs[o.row]
		}
		t.Units[u].IDs = ids
	}
	if t.From == nil {
		return
	}
	from := make([]int32, len(order))
	for i, o := range order {
		from[i] = t.From[o.row]
	}
	t.From = from
}

// densify numbers ids from 0, and counts them.
func densify(ids []int64) ([]int32, int) {
	dense := make([]int32, len(ids))
	if small(ids) { // ids that are numbers of rows, as readers give them, need no map
		seen, n := make([]int32, len(ids)), 0
		for i, id := range ids {
			if seen[id] == 0 {
				n++
				seen[id] = int32(n)
			}
			dense[i] = seen[id] - 1
		}
		return dense, n
	}
	index := make(map[int64]int32)
	for i, id := range ids {
		n, ok := index[id]
		if !ok {
			n = int32(len(index))
			index[id] = n
		}
		dense[i] = n
	}
	return dense, len(index)
}

func small(ids []int64) bool {
	for _, id := range ids {
		if id < 0 || id >= int64(len(ids)) {
			return false
		}
	}
	return true
}
