package kanon

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
	sol.Population = pr.presence(s.base, o)
	sums := make([]float64, len(pr.attrs))
	s.scorer.lossSums(o.grouping, o.keep, o.suppressedRows, sums)
	for _, sum := range sums {
		sol.CellShare += sum / float64(pr.rows) / float64(len(sums))
	}
	var sc scratch
	pr.rollUp(s.base, o.levels, &sc, &grouping{})
	sol.Achieved = pr.achieved(s.base, sc.to[:s.base.n], o)
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
	out := &Table{From: rows}
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
	return Coded(a.name, labels, codes)
}
