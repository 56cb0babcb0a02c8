package kanon

import (
	"math"

	"github.com/entscope/entscope/anonymize/privacy"
)

// Achieved is what the released table satisfies of one Sensitive.
type Achieved struct {
	Name  string
	Model privacy.Model
	Bound float64
	// Value is the worst over all classes, against the distribution of the
	// released table.
	Value float64
}

// achieved is the worst value of each model over the kept classes of o, against
// the distribution of what they hold; of maps the classes of src to those of o.
func (pr *problem) achieved(src *grouping, of []int32, o *outcome) []Achieved {
	g := o.grouping
	var sc scratch
	values, to := pr.kept(src, of, o, &sc)
	totals := pr.released(src, to, o, &sc)
	persons := g.units[0].counts(g.n)
	var buffer class
	var out []Achieved
	for i := range pr.models {
		m := &pr.models[i]
		a := Achieved{Name: m.Name, Model: m.Model, Bound: m.Bound, Value: math.Inf(1)}
		if !m.rule.AtLeast {
			a.Value = 0
		}
		for c := range g.n {
			if !o.keep[c] {
				continue
			}
			values[m.attr].classOf(int32(c), int64(persons[c]), &buffer)
			v := m.measure(&buffer, &totals[m.attr])
			if m.rule.AtLeast {
				a.Value = min(a.Value, v)
			} else {
				a.Value = max(a.Value, v)
			}
		}
		out = append(out, a)
	}
	return out
}

// Solution is a node of the lattice and what the table is like there.
type Solution struct {
	// Levels is the level of each quasi-identifier.
	Levels map[string]int
	Metric Metric
	Score  float64
	// Rows and Persons are of the whole table, Kept the rows that leave.
	Rows, Persons, Kept               int
	SuppressedRows, SuppressedPersons int
	// Classes and AchievedK are of what leaves; UnitsK is k by unit.
	Classes, AchievedK int
	UnitsK             map[string]int
	// Achieved is in the order of Policy.Sensitive.
	Achieved []Achieved
	// NodesChecked of LatticeNodes were looked at.
	NodesChecked, LatticeNodes int64
	// ProvedOptimal says that no allowed node has a lower score. When it is
	// false, Bound is a score that none can be below, 0 when none was sought.
	ProvedOptimal bool
	Bound         float64
	// Population is what is left to those who hold the population; nil when none was asked.
	Population *Presence
	// CellShare is the mean over the cells of the whole table of (hierarchy leaves
	// under the value)/D, 1 for a suppressed row: ARX's granularity is 1 less it.
	CellShare float64

	policy *Policy
}

// k fills k by unit over the kept classes.
func (sol *Solution) k(pr *problem, o *outcome) {
	g := o.grouping
	names := []string{"person"}
	if len(pr.units) > 0 {
		names = pr.units
	}
	for kind, name := range names {
		least := int32(0)
		for c, n := range g.units[kind].counts(g.n) {
			if o.keep[c] && (least == 0 || n < least) {
				least = n
			}
		}
		sol.UnitsK[name] = int(least)
		if kind == 0 || int(least) < sol.AchievedK {
			sol.AchievedK = int(least)
		}
	}
}
