package kanon

import (
	"fmt"

	"github.com/entscope/entscope/anonymize/hierarchy"
)

// Classes are the equivalence classes of a table as it stands, nothing generalised.
type Classes struct {
	N int
	// Of is the class of each row.
	Of []int32
	// Rows counts the rows of each class, Persons its distinct persons, K the
	// least of its distinct units of every kind.
	Rows, Persons, K []int32
	// TotalPersons are the distinct persons of the table.
	TotalPersons int

	pr   *problem
	base *grouping
}

// Classify groups the rows of a table by the columns named, and makes the models
// ready to be measured with Measure.
func Classify(t *Table, names []string, sensitive []Sensitive) (*Classes, error) {
	p := &Policy{K: 1, Metric: Height, Sensitive: sensitive}
	for _, name := range names {
		column := t.Column(name)
		if column == nil {
			return nil, fmt.Errorf("kanon: %w: %q is not a column", ErrPolicy, name)
		}
		values, _ := column.Used()
		if len(values) == 0 {
			return nil, fmt.Errorf("kanon: column %q has no row", name)
		}
		h, err := hierarchy.Flat.Build(values)
		if err != nil {
			return nil, err
		}
		p.QuasiIdentifiers = append(p.QuasiIdentifiers, QuasiIdentifier{Name: name, Hierarchy: h, MaxLevel: 0})
	}
	pr, err := compile(t, p)
	if err != nil {
		return nil, err
	}
	c := &Classes{pr: pr, TotalPersons: pr.persons[0]}
	var s scratch
	c.base, c.Of = pr.bottomOf(&s)
	c.N, c.Rows = c.base.n, c.base.rows
	c.Persons, c.K = c.base.units[0].counts(c.N), pr.classK(c.base)
	return c, nil
}

// Measure gives what each sensitive model of Classify achieves over all classes:
// the worst, against the distribution of the whole table.
func (c *Classes) Measure() []Achieved {
	all := make([]bool, c.N)
	same := make([]int32, c.N)
	for i := range all {
		all[i], same[i] = true, int32(i)
	}
	return c.pr.achieved(c.base, same, &outcome{grouping: c.base, keep: all})
}
