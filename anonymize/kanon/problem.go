package kanon

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"sort"
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
	compares  bool // some model compares with what leaves
	among     *among
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
	tables := []*Table{t}
	if pr.among != nil {
		tables = append(tables, p.Population.Table)
	}
	var faults []error
	for _, q := range quasi {
		a, leaf, err := compileAttribute(tables, q)
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
			pr.sensitive = append(pr.sensitive, pr.valuesOf(t.Column(s.Name)))
		}
		m := newModel(s, at, pr.sensitive[at])
		pr.models, pr.compares = append(pr.models, m), pr.compares || m.compares
	}
}

// valuesOf cuts a sensitive column to the values it holds, in the order of their text.
func (pr *problem) valuesOf(column *Column) attributeValues {
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
