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
	totals := pr.released(src, to, values, o, &sc)
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

// Presence is what a released table tells those who hold its population.
type Presence struct {
	// Persons are those of the population, Elsewhere those of them in no class that leaves.
	Persons, Elsewhere int
	// KMap is the least number of them in a class that leaves.
	KMap int
	// DeltaMin and DeltaMax are the least and the largest share of a class of the
	// population that is in what leaves.
	DeltaMin, DeltaMax float64
	// Unmatched are persons of the table all of whose tuples have fewer persons in the
	// population than here: it does not hold them, or not in the same words.
	Unmatched int
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

// presence measures the classes that leave.
func (pr *problem) presence(base *grouping, o *outcome) *Presence {
	if pr.among == nil {
		return nil
	}
	g := o.grouping
	in, all := g.units[0].counts(g.n), g.population.counts(g.n)
	p := &Presence{Persons: pr.among.persons, DeltaMin: 1}
	for i, kept := range o.keep {
		if !kept {
			if all[i] > 0 {
				p.DeltaMin = 0
			}
			continue
		}
		if p.KMap == 0 || int(all[i]) < p.KMap {
			p.KMap = int(all[i])
		}
		if all[i] > 0 {
			p.DeltaMin, p.DeltaMax = min(p.DeltaMin, share(in[i], all[i])), max(p.DeltaMax, share(in[i], all[i]))
		}
	}
	p.Elsewhere, p.Unmatched = int(g.population.outside(o.keep)), pr.unmatched(base)
	return p
}

// unmatched counts the persons of the table in tuples alone of which the population has fewer.
func (pr *problem) unmatched(base *grouping) int {
	in, all := base.units[0].counts(base.n), base.population.counts(base.n)
	matched := make([]bool, base.n)
	for i := range matched {
		matched[i] = all[i] >= in[i]
	}
	return int(base.units[0].outside(matched))
}
