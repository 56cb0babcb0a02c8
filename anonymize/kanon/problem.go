package kanon

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"sort"

	"github.com/entscope/entscope/anonymize/hierarchy"
)

// problem is a table and a policy in the form the search works on: attributes
// in the order of their names, so that the order of columns changes nothing.
type problem struct {
	policy *Policy
	rows   int
	attrs  []attribute
	// words is the number of 64-bit words of a packed tuple.
	words int
	// persons is the number of distinct units of each kind, the person first.
	persons []int
	// leaf[j][row] is the compact leaf of attribute j; the rows of the population follow
	// those of the table.
	leaf      [][]int32
	units     []string  // names
	unitIDs   [][]int32 // dense ids, one slice per unit; nil when rows are persons
	sensitive []attributeValues
	models    []model
	relative  bool // some model compares with the whole table
	among     *among
}

// attribute is one quasi-identifier with its hierarchy, cut to the values that
// the table and its population hold.
type attribute struct {
	name      string
	hierarchy *hierarchy.Hierarchy
	weight    float64
	top       int // coarsest level allowed
	maxLevel  int // coarsest level of the hierarchy
	leaves    []int32
	// size[l] is the number of codes of level l that the table holds; up[l] maps
	// codes of level l to codes of level l+1; text[l] gives the hierarchy's code.
	size []int
	up   [][]int32
	text [][]int32
	// at[l] maps compact leaves to codes of level l.
	at [][]int32
	// under[l][code] is the number of hierarchy leaves under the code.
	under [][]int32
	// freq[l][code] is the number of rows with the code.
	freq [][]int64
	// word and shift place the attribute in a packed tuple.
	word, shift int
	mask        uint64
}

// attributeValues is a sensitive column: dense values of each row.
type attributeValues struct {
	name   string
	codes  []int32
	values []string
}

func compile(t *Table, p *Policy) (*problem, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	if err := p.check(t); err != nil {
		return nil, err
	}
	if n := t.Rows(); n == 0 || n > math.MaxInt32 {
		return nil, fmt.Errorf("kanon: a table of %d rows cannot be anonymised", n)
	}
	pr := &problem{policy: p, rows: t.Rows()}
	quasi := append([]QuasiIdentifier(nil), p.QuasiIdentifiers...)
	sort.Slice(quasi, func(i, j int) bool { return quasi[i].Name < quasi[j].Name })
	pr.compileUnits(t)
	pr.among = newAmong(p.Population)
	var faults []error
	for _, q := range quasi {
		a, leaf, err := compileAttribute(t, pr, q)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		pr.attrs = append(pr.attrs, a)
		pr.leaf = append(pr.leaf, leaf)
	}
	if faults != nil {
		return nil, errors.Join(faults...)
	}
	pr.pack()
	pr.compileSensitive(t)
	return pr, nil
}

// compileUnits numbers the units densely, in order of appearance.
func (pr *problem) compileUnits(t *Table) {
	if len(t.Units) == 0 {
		pr.unitIDs, pr.persons = [][]int32{nil}, []int{pr.rows}
		return
	}
	for _, u := range t.Units {
		dense, n := densify(u.IDs)
		pr.units = append(pr.units, u.Name)
		if n == pr.rows {
			dense = nil // one row per unit: the row is the unit
		}
		pr.unitIDs = append(pr.unitIDs, dense)
		pr.persons = append(pr.persons, n)
	}
}

// plain says that each row is one unit of every kind.
func (pr *problem) plain() bool {
	for _, ids := range pr.unitIDs {
		if ids != nil {
			return false
		}
	}
	return true
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

// compileAttribute cuts the hierarchy to the values of the table. Values with
// no place are an error that gives the column and the persons, not the value.
func compileAttribute(t *Table, pr *problem, q QuasiIdentifier) (attribute, []int32, error) {
	h := q.Hierarchy
	a := attribute{name: q.Name, hierarchy: h, weight: q.Weight, top: q.MaxLevel, maxLevel: h.MaxLevel()}
	if a.weight == 0 {
		a.weight = 1
	}
	if a.top < 0 {
		a.top = a.maxLevel
	}
	tables := []*Table{t}
	if pr.among != nil {
		tables = append(tables, pr.among.Table)
	}
	var leaves []int32
	places := make([][]int32, len(tables)) // the leaf of each code
	for i, t := range tables {
		column := t.Column(q.Name)
		place, misplaced := placesOf(column, h)
		if len(misplaced) > 0 {
			return a, nil, &NoPlaceError{
				Column: q.Name, Values: len(misplaced), Persons: t.Persons(column, misplaced), Population: i > 0}
		}
		places[i] = place
		for _, leaf := range place {
			if leaf >= 0 {
				leaves = append(leaves, leaf)
			}
		}
	}
	a.leaves = sortedUnique(leaves, h)
	position := map[int32]int32{}
	for i, leaf := range a.leaves {
		position[leaf] = int32(i)
	}
	var leaf []int32
	for i, t := range tables {
		for code, at := range places[i] {
			places[i][code] = position[at]
		}
		for _, c := range t.Column(q.Name).Codes {
			leaf = append(leaf, places[i][c])
		}
	}
	leafRows := make([]int64, len(a.leaves))
	for _, at := range leaf[:pr.rows] {
		leafRows[at]++
	}
	a.levels(leafRows)
	return a, leaf, nil
}

// placesOf gives the leaf of each code of a column, -1 for one that no row has, and the codes
// without one.
func placesOf(column *Column, h *hierarchy.Hierarchy) (place []int32, misplaced map[int32]bool) {
	used := make([]bool, len(column.Values))
	for _, c := range column.Codes {
		used[c] = true
	}
	place, misplaced = make([]int32, len(column.Values)), map[int32]bool{}
	for code, v := range column.Values {
		if place[code] = -1; !used[code] {
			continue
		}
		if leaf, ok := h.Leaf(v); ok {
			place[code] = leaf
		} else {
			misplaced[int32(code)] = true
		}
	}
	return place, misplaced
}

// NoPlaceError says that values of a column have no place in its hierarchy.
type NoPlaceError struct {
	Column          string
	Values, Persons int
	// Population says that they are those of the population.
	Population bool
}

func (e *NoPlaceError) Error() string {
	of := ""
	if e.Population {
		of = "population: "
	}
	return fmt.Sprintf("kanon: %scolumn %q: %d values, of %d persons, have no place in its hierarchy", of, e.Column,
		e.Values, e.Persons)
}

// Unwrap makes errors.Is(err, hierarchy.ErrNoPlace) true.
func (e *NoPlaceError) Unwrap() error { return hierarchy.ErrNoPlace }

// sortedUnique orders leaves by their text, so that codes do not depend on the
// order of the hierarchy's rows.
func sortedUnique(leaves []int32, h *hierarchy.Hierarchy) []int32 {
	sort.Slice(leaves, func(i, j int) bool { return h.Code(0, leaves[i]) < h.Code(0, leaves[j]) })
	out := leaves[:0]
	for i, l := range leaves {
		if i == 0 || l != leaves[i-1] {
			out = append(out, l)
		}
	}
	return out
}

// levels fills the maps of the attribute from the rows of each compact leaf.
func (a *attribute) levels(leafRows []int64) {
	for l := 0; l <= a.maxLevel; l++ {
		index := map[int32]int32{}
		at := make([]int32, len(a.leaves))
		var text, under []int32
		var freq []int64
		for i, leaf := range a.leaves {
			code := a.hierarchy.Code(l, leaf)
			n, ok := index[code]
			if !ok {
				n = int32(len(text))
				index[code] = n
				text = append(text, code)
				under = append(under, int32(a.hierarchy.Under(l, code)))
				freq = append(freq, 0)
			}
			at[i] = n
			freq[n] += leafRows[i]
		}
		a.size, a.text, a.at = append(a.size, len(text)), append(a.text, text), append(a.at, at)
		a.under, a.freq = append(a.under, under), append(a.freq, freq)
	}
	for l := 0; l < a.maxLevel; l++ {
		up := make([]int32, a.size[l])
		for i := range a.leaves {
			up[a.at[l][i]] = a.at[l+1][i]
		}
		a.up = append(a.up, up)
	}
}

// between maps codes of level from to codes of level to ≥ from.
func (a *attribute) between(from, to int) []int32 {
	m := make([]int32, a.size[from])
	for i := range m {
		m[i] = int32(i)
	}
	for l := from; l < to; l++ {
		for i := range m {
			m[i] = a.up[l][m[i]]
		}
	}
	return m
}

// pack gives each attribute its bits in a tuple; no attribute straddles words.
// The attributes with most values stand lowest, so that tuples that differ in
// them alone, which are the first to merge, are neighbours in sorted order.
func (pr *problem) pack() {
	word, shift := 0, 0
	for _, j := range pr.bySize() {
		a := &pr.attrs[j]
		width := int(widthOf(a))
		if shift+width > 64 {
			word, shift = word+1, 0
		}
		a.word, a.shift, a.mask = word, shift, 1<<width-1
		shift += width
	}
	pr.words = word + 1
}

// bySize lists the attributes, those with most values first.
func (pr *problem) bySize() []int {
	order := make([]int, len(pr.attrs))
	for j := range order {
		order[j] = j
	}
	sort.SliceStable(order, func(x, y int) bool { return pr.attrs[order[x]].size[0] > pr.attrs[order[y]].size[0] })
	return order
}

// widthOf is the number of bits of the attribute in a tuple.
func widthOf(a *attribute) uint { return uint(bits.Len(uint(a.size[0] - 1))) }

// byShift lists the attributes of a tuple of one word, the lowest bits first.
func (pr *problem) byShift() []int {
	order := make([]int, len(pr.attrs))
	for j := range order {
		order[j] = j
	}
	sort.SliceStable(order, func(x, y int) bool {
		a, b := &pr.attrs[order[x]], &pr.attrs[order[y]]
		if a.shift != b.shift {
			return a.shift < b.shift
		}
		return widthOf(a) < widthOf(b) // one of no bits lies where the next begins
	})
	return order
}

func (pr *problem) compileSensitive(t *Table) {
	position := map[string]int{}
	for i := range pr.policy.Sensitive {
		s := &pr.policy.Sensitive[i]
		at, ok := position[s.Name]
		if !ok {
			at = len(pr.sensitive)
			position[s.Name] = at
			pr.sensitive = append(pr.sensitive, pr.values(t.Column(s.Name)))
		}
		m := newModel(s, at, pr.sensitive[at])
		pr.models, pr.relative = append(pr.models, m), pr.relative || m.rule.Relative
	}
}

// values cuts a sensitive column to the values it holds, in the order of their text.
func (pr *problem) values(column *Column) attributeValues {
	used := make([]bool, len(column.Values))
	for _, c := range column.Codes {
		used[c] = true
	}
	order := make([]int32, 0, len(column.Values))
	for code := range column.Values {
		if used[code] {
			order = append(order, int32(code))
		}
	}
	sort.Slice(order, func(i, j int) bool { return column.Values[order[i]] < column.Values[order[j]] })
	dense := make([]int32, len(column.Values))
	v := attributeValues{name: column.Name, codes: make([]int32, pr.rows)}
	for n, code := range order {
		if n > 0 && column.Values[code] == v.values[len(v.values)-1] {
			dense[code] = int32(len(v.values) - 1) // the same text under two codes
			continue
		}
		dense[code] = int32(len(v.values))
		v.values = append(v.values, column.Values[code])
	}
	for i, c := range column.Codes {
		v.codes[i] = dense[c]
	}
	return v
}

// limits are the most rows and persons that may be suppressed.
func (pr *problem) limits() (rows, persons int64) {
	l := pr.policy.SuppressionLimit
	return int64(math.Floor(l*float64(pr.rows) + Tolerance)), int64(math.Floor(l*float64(pr.persons[0]) + Tolerance))
}
