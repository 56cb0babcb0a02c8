package kanon

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/entscope/entscope/anonymize/privacy"
)

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
	// CellShare is the mean over the cells of the whole table of (hierarchy leaves
	// under the value)/D, 1 for a suppressed row: ARX's granularity is 1 less it.
	CellShare float64

	policy *Policy
}

// Achieved is what the released table satisfies of one Sensitive.
type Achieved struct {
	Name  string
	Model privacy.Model
	Bound float64
	// Value is the worst over all classes, against the distribution of the
	// released table.
	Value float64
}

func (s *search) solution(proved bool) *Solution {
	pr, o := s.pr, s.best
	sol := &Solution{
		Levels: map[string]int{}, Metric: pr.policy.Metric, Score: o.score,
		Rows: pr.rows, Persons: pr.persons[0], Kept: pr.rows - int(o.suppressedRows),
		SuppressedRows: int(o.suppressedRows), SuppressedPersons: int(o.suppressedPersons),
		Classes: int(o.classes), UnitsK: map[string]int{},
		NodesChecked: s.checked, LatticeNodes: s.nodes, ProvedOptimal: proved, Bound: o.score,
		policy: pr.policy,
	}
	for j, l := range o.levels {
		sol.Levels[pr.attrs[j].name] = l
	}
	s.measure(sol)
	return sol
}

// measure fills k and what each model achieves, over the released classes and
// against their own distribution.
func (s *search) measure(sol *Solution) {
	pr, o := s.pr, s.best
	sol.k(pr, o)
	sums := make([]float64, len(pr.attrs))
	s.scorer.lossSums(o.grouping, o.keep, o.suppressedRows, sums)
	for _, sum := range sums {
		sol.CellShare += sum / float64(pr.rows) / float64(len(sums))
	}
	var sc scratch
	pr.rollUp(s.base, o.levels, &sc, &grouping{})
	sol.Achieved = pr.achieved(s.base, sc.to[:s.base.n], o)
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

// Apply generalises a table by the solution: rows of classes that fail are
// gone, columns that the policy does not name are gone, and rows are in the
// order of their released texts. It checks the policy again on this table, so
// that a solution can be re-applied to next month's data; ErrUnsatisfiable when
// it no longer holds.
func (sol *Solution) Apply(t *Table) (*Table, error) {
	p := *sol.policy
	pr, err := compile(t, &p)
	if err != nil {
		return nil, err
	}
	s := newSearch(pr)
	if _, err := s.fixed(sol.Levels); err != nil {
		return nil, err
	}
	return s.release(t), nil
}

// release builds the table of the best outcome.
func (s *search) release(t *Table) *Table {
	pr, o := s.pr, s.best
	var sc scratch
	rows := s.keptRows(&sc)
	out := &Table{}
	level := map[string]int{}
	for j := range pr.attrs {
		level[pr.attrs[j].name] = j
	}
	released := map[string]bool{}
	for _, m := range pr.policy.Sensitive {
		released[m.Name] = true
	}
	for _, name := range pr.policy.Keep {
		released[name] = true
	}
	for _, c := range t.Columns {
		if j, ok := level[c.Name]; ok {
			out.Columns = append(out.Columns, pr.attrs[j].column(pr.leaf[j], rows, o.levels[j]))
		} else if released[c.Name] {
			out.Columns = append(out.Columns, c.pick(rows))
		}
	}
	for _, u := range t.Units {
		ids := make([]int64, len(rows))
		for i, r := range rows {
			ids[i] = u.IDs[r]
		}
		out.Units = append(out.Units, Unit{u.Name, ids})
	}
	out.sortRows()
	return out
}

// keptRows are the rows whose class is kept, in the order of the table.
func (s *search) keptRows(sc *scratch) []int32 {
	pr, o := s.pr, s.best
	g := o.grouping
	find := &grouping{}
	slots := sc.tableFor(g.n)
	key := make([]uint64, pr.words)
	for c := range g.n {
		find.place(slots, g.keys[c*pr.words:(c+1)*pr.words])
	}
	var rows []int32
	for row := range pr.rows {
		clear(key)
		for j := range pr.attrs {
			a := &pr.attrs[j]
			key[a.word] |= uint64(a.at[o.levels[j]][pr.leaf[j][row]]) << a.shift
		}
		if o.keep[find.place(slots, key)] {
			rows = append(rows, int32(row))
		}
	}
	return rows
}

// column is the attribute at a level over some rows.
func (a *attribute) column(leaf []int32, rows []int32, level int) Column {
	labels := make([]string, a.size[level])
	for code := range labels {
		labels[code] = a.hierarchy.Label(level, a.text[level][code])
	}
	codes := make([]int32, len(rows))
	for i, r := range rows {
		codes[i] = a.at[level][leaf[r]]
	}
	return coded(a.name, labels, codes)
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
		slices.SortFunc(order, func(a, b keyed) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.at, b.at)) })
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
}
