package crosstab

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/microdata"
)

// Read reads the table of a CSV or Parquet file as a policy describes it. A fault of the
// file is an ErrInput that names a column and counts rows, and quotes none.
func Read(path string, p Policy) (*Table, error) {
	o := microdata.Options{}
	for _, r := range p.Table.Delimiter {
		o.Delimiter = r
	}
	for _, d := range p.Dimensions {
		o.Columns = append(o.Columns, d.Name)
	}
	o.Sensitive = slices.Clone(o.Columns) // two spellings of one code, or of one contributor, are one
	if p.Table.Contributor != "" {
		o.Sensitive = append(o.Sensitive, p.Table.Contributor)
	}
	for _, name := range append([]string{p.Table.Value, p.Table.Contributor, p.Table.Contributors},
		p.Table.Largest...) {
		if name != "" {
			o.Columns = append(o.Columns, name)
		}
	}
	in, err := microdata.Read(path, o)
	if err != nil {
		return nil, err
	}
	f := file{in: in, policy: p}
	if p.Table.Contributor != "" {
		return f.contributions()
	}
	return f.cells()
}

// file is what was read, before it is a table.
type file struct {
	in     *microdata.Input
	policy Policy
}

func (f file) column(name string) kanon.Column {
	return f.in.Columns[slices.IndexFunc(f.in.Columns, func(c kanon.Column) bool { return c.Name == name })]
}

// table is the empty table of the codes that the file holds.
func (f file) table() (*Table, error) {
	var axes []*axis
	for _, d := range f.policy.Dimensions {
		column := f.column(d.Name)
		used := make([]bool, len(column.Values))
		for _, code := range column.Codes {
			used[code] = true
		}
		var codes []string
		for code, text := range column.Values {
			if used[code] {
				codes = append(codes, text)
			}
			if used[code] && strings.TrimSpace(text) == "" {
				return nil, fmt.Errorf("%w: column %q: rows have no code", ErrInput, d.Name)
			}
		}
		a, err := newAxis(d, codes)
		if err != nil {
			return nil, err
		}
		axes = append(axes, a)
	}
	t, err := newTable(axes)
	if err != nil {
		return nil, err
	}
	t.Doubts, t.counts = f.in.Doubts, f.policy.Table.Value == ""
	return t, nil
}

// places gives the cell of each row.
func (f file) places(t *Table) []int {
	rows := f.in.Rows()
	at := make([]int, rows)
	for _, a := range t.axes {
		column := f.column(a.Name)
		of := make([]int, len(column.Values))
		for code, text := range column.Values {
			of[code] = a.at[text] // 0 where nobody bears it
		}
		for i := range at {
			at[i] = at[i]*len(a.codes) + of[column.Codes[i]]
		}
	}
	return at
}

// numbers are the numbers of a column in each row.
func (f file) numbers(name string) (column, error) {
	c := f.column(name)
	values, err := readColumn(name, used(c))
	if err != nil {
		return column{}, err
	}
	rows := column{name: name, digits: make([]int64, len(c.Codes)), places: make([]int, len(c.Codes))}
	for i, code := range c.Codes {
		rows.digits[i], rows.places[i] = values.digits[code], values.places[code]
	}
	return rows, nil
}

// used are the values of a column, with a number in the place of those that no row has.
func used(c kanon.Column) []string {
	out := slices.Repeat([]string{"0"}, len(c.Values))
	for _, code := range c.Codes {
		out[code] = c.Values[code]
	}
	return out
}

// contributions makes the table of a file with a row for each contribution.
func (f file) contributions() (*Table, error) {
	t, err := f.table()
	if err != nil {
		return nil, err
	}
	who := f.column(f.policy.Table.Contributor)
	for _, code := range who.Codes {
		if strings.TrimSpace(who.Values[code]) == "" {
			return nil, fmt.Errorf("%w: column %q: rows name no contributor", ErrInput, who.Name)
		}
	}
	amounts := make([]int64, len(who.Codes))
	if !t.counts {
		numbers, err := f.numbers(f.policy.Table.Value)
		if err != nil {
			return nil, err
		}
		t.Decimals = numbers.decimals()
		if amounts, err = numbers.scaled(t.Decimals); err != nil {
			return nil, err
		}
	}
	t.brought, t.who = map[int][]contribution{}, who.Values
	totals := 0
	for i, at := range f.places(t) {
		if !t.inner(t.Cells[at]) {
			totals++
			continue
		}
		t.brought[at] = append(t.brought[at], contribution{who.Codes[i], amounts[i]})
	}
	if totals > 0 {
		return nil, fmt.Errorf("%w: %d rows have the code of a total or of a group, and would count twice; hint: a "+
			"file with totals has a row for each cell (table.contributors)", ErrInput, totals)
	}
	for i := range t.Cells {
		if err := t.Cells[i].fill(t.merged(t.Cells[i]), t.counts); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// cells makes the table of a file with a row for each cell.
func (f file) cells() (*Table, error) {
	t, err := f.table()
	if err != nil {
		return nil, err
	}
	there, err := f.fillCells(t)
	if err != nil {
		return nil, err
	}
	missing := 0
	for i, c := range t.Cells {
		if there[i] || t.inner(c) {
			continue // an inner cell that the file lacks is empty
		}
		missing++
		t.addUp(&t.Cells[i])
	}
	if missing > 0 && !f.policy.Table.Disjoint {
		return nil, fmt.Errorf("%w: %d totals are not in the file, and how many distinct contributors they have does "+
			"not follow from their parts; hint: table.disjoint = true if each contributor is in one cell alone",
			ErrInput, missing)
	}
	return t, f.check(t)
}

// fillCells reads the rows, and says which cells have one.
func (f file) fillCells(t *Table) ([]bool, error) {
	contributors, err := f.numbers(f.policy.Table.Contributors)
	if err != nil {
		return nil, err
	}
	if contributors.decimals() > 0 {
		return nil, fmt.Errorf("%w: column %q counts contributors and has decimals", ErrInput, contributors.name)
	}
	var columns []column
	if !t.counts {
		for _, name := range append([]string{f.policy.Table.Value}, f.policy.Table.Largest...) {
			c, err := f.numbers(name)
			if err != nil {
				return nil, err
			}
			t.Decimals = max(t.Decimals, c.decimals())
			columns = append(columns, c)
		}
	}
	values := make([][]int64, len(columns))
	for i, c := range columns {
		if values[i], err = c.scaled(t.Decimals); err != nil {
			return nil, err
		}
	}
	there, twice := make([]bool, len(t.Cells)), 0
	for row, at := range f.places(t) {
		if there[at] {
			twice++
		}
		there[at] = true
		c := &t.Cells[at]
		c.Contributors, c.Value = contributors.digits[row], contributors.digits[row]
		for i := range values {
			if i == 0 {
				c.Value = values[0][row]
			} else {
				c.Largest = append(c.Largest, values[i][row])
			}
		}
	}
	if twice > 0 {
		return nil, fmt.Errorf("%w: %d rows are of a cell that another row is of", ErrInput, twice)
	}
	return there, nil
}

// addUp makes a total of its inner cells, whose contributors are others in each.
func (t *Table) addUp(c *Cell) {
	for _, i := range t.below(*c) {
		part := t.Cells[i]
		c.Value += part.Value
		c.Contributors += part.Contributors
		c.Largest = append(c.Largest, part.Largest...)
	}
	slices.Sort(c.Largest)
	slices.Reverse(c.Largest)
	c.Largest = c.Largest[:min(len(c.Largest), mostLargest)]
}

// check refuses cells that contradict themselves or each other.
func (f file) check(t *Table) error {
	odd, wrong := 0, 0
	for _, c := range t.Cells {
		sum, falling := int64(0), true
		for i, x := range c.Largest {
			sum += x
			falling = falling && (i == 0 || x <= c.Largest[i-1])
		}
		if c.Contributors == 0 && c.Value != 0 || sum > c.Value && !t.counts || !falling || c.Value > mostValue {
			odd++
		}
	}
	if odd > 0 {
		return fmt.Errorf("%w: %d cells have a value and no contributor, or largest contributions that do not fall or "+
			"are more than the cell", ErrInput, odd)
	}
	for _, e := range t.Equations() {
		sum := int64(0)
		for _, i := range e.Parts {
			sum += t.Cells[i].Value
		}
		if sum != t.Cells[e.Total].Value && (!t.counts || f.policy.Table.Disjoint || sum < t.Cells[e.Total].Value) {
			wrong++
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%w: %d totals are not the sum of their parts", ErrInput, wrong)
	}
	return nil
}
