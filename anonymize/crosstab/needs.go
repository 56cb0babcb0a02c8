package crosstab

import (
	"cmp"
	"math"
)

// Reason is why a cell is unsafe.
type Reason string

// Reasons, in INSEE's letters where it has one.
const (
	Few       Reason = "A" // too few contributors
	Dominated Reason = "B" // (n, k) or p %
)

// unsafe says whether a cell is, why, and how far from its value nobody may come.
//
// (n, k): the n largest hold more than k % of the cell; nobody may know it below
// Σn·100/k. p %: the rest beside the two largest is less than p % of the largest; nobody may
// know the cell below the value at which it is not. Hundepool et al., 2012, table 4.2.
func (p Policy) unsafe(c Cell, counts bool) (why Reason, within float64) {
	value := float64(c.Value)
	few := c.Contributors > 0 && c.Contributors < p.Primary.Minimum
	if c.Value == 0 { // nobody is in it, or everybody in it brought nothing
		few = few || p.Primary.Zeros == "hidden"
	}
	if few {
		why = Few
		within = p.around(value, counts)
	}
	top := func(n int) (sum float64) {
		for _, x := range c.Largest[:min(n, len(c.Largest))] {
			sum += float64(x)
		}
		return sum
	}
	if a := p.Primary; a.DominanceN > 0 && c.Value > 0 {
		if lacks := top(a.DominanceN)*100/a.DominancePercent - value; lacks > 0 {
			why, within = cmp.Or(why, Dominated), math.Max(within, lacks)
		}
	}
	if a := p.Primary; a.PPercent > 0 && c.Value > 0 {
		if lacks := a.PPercent/100*top(1) - (value - top(2)); lacks > 0 {
			why, within = cmp.Or(why, Dominated), math.Max(within, lacks)
		}
	}
	return why, within
}

// around is how wide a cell of few contributors must stay, to each side.
func (p Policy) around(value float64, counts bool) float64 {
	d := p.Secondary.IntervalPercent / 100 * value
	if counts {
		return math.Max(d, float64(p.Secondary.IntervalCount))
	}
	return math.Max(d, 1) // one unit of the last decimal: it is not known exactly
}

// Problem is the table with what must stay unknown of it. Reasons are those of the unsafe
// cells, by cell.
func (t *Table) Problem(p Policy) (problem Problem, reasons map[int]Reason) {
	problem = Problem{Equations: t.Equations(), Insiders: map[int][]int{}}
	reasons = map[int]Reason{}
	owners := map[int32]int{}
	for i, c := range t.Cells {
		problem.Values = append(problem.Values, float64(c.Value))
		problem.Costs = append(problem.Costs, p.cost(c))
		problem.Fixed = append(problem.Fixed, c.Contributors == 0 && p.Primary.Zeros == "shown")
		owner := nobody
		if c.Contributors == 1 && p.insiders() {
			owner = problem.own(owners, c.Lone, i)
		}
		why, within := p.unsafe(c, t.counts)
		if why == "" {
			continue
		}
		reasons[i] = why
		value := float64(c.Value)
		problem.Needs = append(problem.Needs, Need{i, math.Max(0, value-within), value + within, owner})
	}
	if t.who == nil {
		problem.shareOwners()
	}
	return problem, reasons
}

// own puts a cell into the group of its lone contributor.
func (p *Problem) own(owners map[int32]int, lone int32, cell int) int {
	n, known := owners[lone]
	if !known || lone < 0 {
		n = len(p.Insiders) + 1
		owners[lone] = n
	}
	p.Insiders[n] = append(p.Insiders[n], cell)
	return n
}

// shareOwners gives cells of one contributor the same owner where the file does not say who
// it is, but one adds up the other and nothing else.
func (p *Problem) shareOwners() {
	group := map[int]int{}
	for n, cells := range p.Insiders {
		for _, c := range cells {
			group[c] = n
		}
	}
	for _, e := range p.Equations {
		n, lone := group[e.Total]
		if !lone {
			continue
		}
		for _, part := range e.Parts {
			if m, ok := group[part]; ok && m != n {
				for _, c := range p.Insiders[m] {
					group[c] = n
				}
				p.Insiders[n] = append(p.Insiders[n], p.Insiders[m]...)
				delete(p.Insiders, m)
			}
		}
	}
	for i, need := range p.Needs {
		p.Needs[i].Owner = group[need.Cell]
	}
}

// cost of hiding a cell.
func (p Policy) cost(c Cell) float64 {
	switch p.Secondary.Cost {
	case "value":
		return math.Max(1, float64(c.Value))
	case "contributors":
		return math.Max(1, float64(c.Contributors))
	}
	return 1
}
