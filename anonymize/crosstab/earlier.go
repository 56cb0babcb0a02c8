package crosstab

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/perturb"
)

// Left is a table of the same figures that has left before, as the register keeps it sealed:
// what it is by, and of each cell its value and whether it was shown.
type Left struct {
	Method     string      `json:"method"`
	Dimensions []Dimension `json:"dimensions"`
	Decimals   int         `json:"decimals"`
	// Noise is its design, of a table with noise.
	Noise *perturb.Parameters `json:"noise,omitempty"`
	Cells []LeftCell          `json:"cells"`
}

// LeftCell is a cell that has left, or was held back. Low and High are what must stay
// unknown of it; both are 0 where it is safe.
type LeftCell struct {
	Labels []string `json:"labels"`
	Value  int64    `json:"value"`
	Hidden bool     `json:"hidden,omitempty"`
	Low    float64  `json:"low,omitempty"`
	High   float64  `json:"high,omitempty"`
	// Owner is a number that the cells of a lone contributor share, whom the table was audited against; 0 of none.
	Owner int `json:"owner,omitempty"`
}

var (
	// ErrChanged says that a figure that has left has another value now.
	ErrChanged = errors.New("figures that have left before have other values now, and the difference would tell of " +
		"those who changed; hint: table.name says which figures they are: other figures have another name")
	// ErrBeside says that the table cannot stand beside what has left.
	ErrBeside = errors.New("tables of the same figures have left already, and only those of one method, but " +
		"rounding, can be audited together")
	// ErrRecoded says that a column of what has left has other codes now.
	ErrRecoded = errors.New("a column of the same figures has left with other codes, and nobody can tell which add up to " +
		"which; hint: the codes of the first, and groups of them in the policy")
	// ErrNoise says that the figures have left with other noise.
	ErrNoise = errors.New("the same figures have left with noise of another design, and whoever has many averages " +
		"it away; hint: the variance, maximum, least and step of the first")
)

// Keep is what the register keeps of a result.
func (t *Table) Keep(p Policy, r *Result) ([]byte, error) {
	problem, _ := t.Problem(p)
	left := Left{Method: r.Method, Dimensions: p.Dimensions, Decimals: t.Decimals}
	for i, c := range t.Cells {
		left.Cells = append(left.Cells, LeftCell{Labels: t.labels(c), Value: c.Value, Hidden: r.Cells[i].Hidden})
	}
	if r.Method == MethodNoise {
		noise := p.Release.noise()
		left.Noise = &noise
	}
	for _, n := range problem.Needs {
		left.Cells[n.Cell].Low, left.Cells[n.Cell].High = n.Low, n.High
	}
	for owner, cells := range problem.Insiders {
		for _, c := range cells {
			left.Cells[c].Owner = owner
		}
	}
	return json.Marshal(left)
}

// ParseLeft reads what Keep wrote.
func ParseLeft(data []byte) (l Left, err error) {
	if err := json.Unmarshal(data, &l); err != nil {
		return l, fmt.Errorf("crosstab: a table that has left: %w", err)
	}
	return l, nil
}

// key names a figure: its codes by dimension, without totals, so that the margins of two
// tables are the same figures.
func key(dimensions []Dimension, labels []string) string {
	var parts []string
	for d, label := range labels {
		if label != dimensions[d].Total {
			parts = append(parts, fmt.Sprintf("%q=%q", dimensions[d].Name, label))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ",")
}

func (t *Table) dimensions() []Dimension {
	out := make([]Dimension, len(t.axes))
	for i, a := range t.axes {
		out[i] = a.Dimension
	}
	return out
}

func (t *Table) key(c Cell) []byte { return []byte(key(t.dimensions(), t.labels(c))) }

// join adds to the problem of a table what has left: figures that were shown are known, those
// that were held back stay so, with what was asked of them.
func join(t *Table, own Problem, earlier []Left) (Problem, error) {
	j := own
	j.Values, j.Costs, j.Fixed = slices.Clone(own.Values), slices.Clone(own.Costs), slices.Clone(own.Fixed)
	j.Needs, j.Insiders = slices.Clone(own.Needs), maps.Clone(own.Insiders)
	at := map[string]int{}
	for i, c := range t.Cells {
		at[string(t.key(c))] = i
	}
	for _, l := range earlier {
		if l.Decimals != t.Decimals {
			return j, fmt.Errorf("%w: they have another number of decimals", ErrChanged)
		}
		old, err := l.table()
		if err != nil {
			return j, err
		}
		if !t.codedAs(old) {
			return j, ErrRecoded
		}
		if err := j.add(l, old, at); err != nil {
			return j, err
		}
	}
	return j, nil
}

// codedAs reports whether columns of one name have the same codes in two tables, beneath whatever groups.
func (t *Table) codedAs(other *Table) bool {
	for _, a := range t.axes {
		for _, b := range other.axes {
			if a.Name == b.Name && !slices.Equal(a.data(), b.data()) {
				return false
			}
		}
	}
	return true
}

// add is one table that has left.
func (p *Problem) add(l Left, old *Table, at map[string]int) error {
	cells, lone := make([]int, len(l.Cells)), map[int][]int{}
	for i, c := range l.Cells {
		k := key(l.Dimensions, c.Labels)
		n, known := at[k]
		if !known {
			n = len(p.Values)
			at[k] = n
			p.Values, p.Costs = append(p.Values, float64(c.Value)), append(p.Costs, 1)
			p.Fixed = append(p.Fixed, !c.Hidden)
		}
		if p.Values[n] != float64(c.Value) {
			return ErrChanged
		}
		cells[i] = n
		switch {
		case !c.Hidden:
			p.Fixed[n] = true
			p.Forced = slices.DeleteFunc(p.Forced, func(f int) bool { return f == n })
		case !p.Fixed[n]:
			p.Forced = append(p.Forced, n)
		}
		if c.Owner > 0 {
			lone[c.Owner] = append(lone[c.Owner], n)
		}
		if c.High > c.Low {
			p.demand(n, c.Low, c.High)
		}
	}
	for _, owner := range slices.Sorted(maps.Keys(lone)) {
		p.know(lone[owner])
	}
	for _, e := range old.Equations() {
		moved := Equation{Total: cells[e.Total]}
		for _, part := range e.Parts {
			moved.Parts = append(moved.Parts, cells[part])
		}
		p.Equations = append(p.Equations, moved)
	}
	return nil
}

// demand adds what was asked of a cell to what is: a later policy asks no less.
func (p *Problem) demand(cell int, low, high float64) {
	for i, n := range p.Needs {
		if n.Cell == cell {
			p.Needs[i].Low, p.Needs[i].High = math.Min(n.Low, low), math.Max(n.High, high)
			return
		}
	}
	p.Needs = append(p.Needs, Need{Cell: cell, Low: low, High: high})
}

// know adds cells that a lone contributor knows to those of the same, who is known by a cell of both tables.
func (p *Problem) know(cells []int) {
	owner := 1
	for _, n := range slices.Sorted(maps.Keys(p.Insiders)) { // the same in every run, as what is hidden must be
		if owner = n + 1; slices.ContainsFunc(cells, func(c int) bool { return slices.Contains(p.Insiders[n], c) }) {
			owner = n
			break
		}
	}
	for _, c := range cells {
		if !slices.Contains(p.Insiders[owner], c) {
			p.Insiders[owner] = append(p.Insiders[owner], c)
		}
	}
	for i, n := range p.Needs {
		if slices.Contains(cells, n.Cell) {
			p.Needs[i].Owner = owner
		}
	}
}

// table gives the cells of what has left their places.
func (l Left) table() (*Table, error) {
	var axes []*axis
	for d, dimension := range l.Dimensions {
		var codes []string
		for _, c := range l.Cells {
			codes = append(codes, c.Labels[d])
		}
		slices.Sort(codes)
		a, err := newAxis(dimension, slices.Compact(codes))
		if err != nil {
			return nil, err
		}
		axes = append(axes, a)
	}
	return newTable(axes)
}
