package disclosure

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

var errEquation = errors.New("disclosure: an equation names a cell that does not exist")

// ErrKept says that what has left already and what is new cannot both stand: a number that
// must stay hidden would follow from them, whatever else of the new is hidden.
var ErrKept = errors.New("disclosure: with what has left already a hidden number would be known")

// Told says that a number of a cell must stay hidden and follows from what other releases have told: nothing that this
// release could hide keeps it.
type Told struct{ Cell int }

func (*Told) Error() string {
	return "disclosure: a number that must stay hidden follows from what other releases have told"
}

// Protect decides on every cell of one release, jointly: the primary rules of
// the policy cell by cell, then secondary suppression until no number that must
// stay hidden can be computed from the others within an interval narrower than
// the policy asks. Decisions come in the order of the cells and depend on
// nothing else.
//
// A cell that was decided on before keeps its decision (Cell.Kept); where no other can be
// hidden in its place, the error wraps ErrKept. Where other releases told (Cell.Before) what gives a number away that
// would be open if they had hidden it, the error is a *Told.
//
// Equations that hold only nearly (a person counted in two groups) are taken as
// if the attacker knew by how much they fail.
func Protect(cells []Cell, equations []Equation, across []Across, p Policy) ([]Decision, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	for _, e := range equations {
		for _, t := range append([]Term{e.Total}, e.Parts...) {
			if t.Cell < 0 || t.Cell >= len(cells) {
				return nil, errEquation
			}
		}
	}
	for _, a := range across {
		for _, t := range a.terms() {
			if t.Cell < 0 || t.Cell >= len(cells) {
				return nil, errEquation
			}
		}
	}
	r := release{policy: p, cells: cells, decisions: make([]Decision, len(cells)), sums: newSums(across)}
	for i, c := range cells {
		r.decisions[i] = p.primary(c)
	}
	r.primary = slices.Clone(r.decisions)
	for i, c := range cells {
		switch {
		case c.Kept != nil:
			r.decisions[i] = *c.Kept
		case c.Before != nil && c.Before.Hidden() && !r.decisions[i].Hidden():
			r.decisions[i] = *c.Before
		}
	}
	// First for who knows what other releases have told, then by this release alone: what the
	// first view takes for known, a reader of this one must not find either.
	for _, r.alone = range []bool{false, true} {
		if r.alone && !slices.ContainsFunc(cells, Cell.told) {
			break
		}
		// Numbers that stand in sums alone come last, in no programme.
		for _, group := range append(components(cells, equations), nil) {
			if err := r.secondary(group); err != nil {
				return nil, err
			}
		}
	}
	return r.decisions, nil
}

// release is one run of Protect.
type release struct {
	policy    Policy
	cells     []Cell
	decisions []Decision
	// primary are the decisions before any secondary suppression: a cell that
	// would have been given as a bound keeps its need when it is hidden for another.
	primary []Decision
	sums    sums
	// alone leaves out what other releases have told.
	alone bool
}

// told reports whether the number of a cell is known from another release.
func (r *release) told(cell int) bool { return !r.alone && r.cells[cell].told() }

// need is a number that must stay unknown within [low, high].
type need struct {
	term      Term
	low, high float64
}

// needs lists what must stay unknown among the terms of some equations; of none, among those
// of the sums.
func (r *release) needs(equations []Equation) []need {
	var out []need
	seen := map[Term]bool{}
	add := func(t Term) {
		if seen[t] {
			return
		}
		seen[t] = true
		if n, ok := r.need(t); ok {
			out = append(out, n)
		}
	}
	for _, e := range equations {
		for _, t := range append([]Term{e.Total}, e.Parts...) {
			add(t)
		}
	}
	if len(equations) == 0 {
		for t := range r.sums.of {
			add(t)
		}
	}
	slices.SortFunc(out, func(a, b need) int {
		if a.term.Cell != b.term.Cell {
			return a.term.Cell - b.term.Cell
		}
		return int(a.term.Field - b.term.Field)
	})
	return out
}

// need says what must stay unknown of one number, if anything: the persons of a
// cell below its floor; the part of a cell hidden for being small or dominated;
// all that a bound does not say of the part it bounds, also where the cell is
// hidden for being dominated: a part of nearly nobody is secret beside that.
func (r *release) need(t Term) (need, bool) {
	c, d := r.cells[t.Cell], r.primary[t.Cell]
	form := d.Form
	if d.Status == Dominance {
		form = r.policy.form(c)
	}
	part := float64(r.policy.Persons.Part - 1)
	if c.Unpublished && c.Persons == 0 && c.PartHigh < math.MaxInt64 {
		return need{}, false // what noise leaves of an equation is nobody's
	}
	switch {
	case t.Field == PersonsOf && d.Hidden() && c.Persons < max(c.Floor, r.policy.Persons.Minimum):
		return r.around(t, float64(c.Persons)), true
	case t.Field == PartOf && d.Status == Frequency:
		return r.around(t, float64(c.Part)), true
	case t.Field == PartOf && form == Below:
		return r.also(d, need{t, 0, part}), true
	case t.Field == PartOf && form == Above:
		return r.also(d, need{t, float64(c.whole()) - part, float64(c.whole())}), true
	case t.Field == PartOf && d.Status == Dominance:
		return r.around(t, float64(c.Part)), true
	}
	return need{}, false
}

// also widens the need of a bounded part by that of a dominated one, where the cell is both.
func (r *release) also(d Decision, n need) need {
	if d.Status != Dominance {
		return n
	}
	a := r.around(n.term, float64(r.cells[n.term.Cell].Part))
	return need{n.term, math.Min(n.low, a.low), math.Max(n.high, a.high)}
}

// around is the interval the policy asks for around a hidden value, as far as nobody
// knows better.
func (r *release) around(t Term, v float64) need {
	d := math.Max(float64(r.policy.Secondary.IntervalCount), r.policy.Secondary.IntervalPercent/100*v)
	return need{t, math.Max(0, v-d), math.Min(v+d, r.most(t))}
}

// most is the largest that a hidden number can be for who knows the rules: a cell that
// is hidden for its few persons has fewer than its floor, what groups leave out has
// no larger part than the persons that are missing, and no part is more than what all parts of
// a sum add up to.
func (r *release) most(t Term) float64 {
	c := r.cells[t.Cell]
	floor := max(c.Floor, r.policy.Persons.Minimum)
	few := !c.Unpublished && r.primary[t.Cell].Status == Frequency && c.Persons < floor
	most := math.Inf(1)
	switch {
	case few && (t.Field == PersonsOf || c.Counted && c.whole() == c.Persons):
		most = float64(floor - 1)
	case c.Unpublished && t.Field == PartOf && c.Counted:
		most = float64(c.whole())
	}
	for _, i := range r.sums.of[t] {
		if a := r.sums.list[i]; a.Total == nil {
			most = math.Min(most, math.Max(r.value(t), float64(a.High)))
		}
	}
	return most
}

// fewest is the least that a hidden number can be for who knows the rules: a cell that is
// hidden, and not said to have too few persons, has as many as its floor.
func (r *release) fewest(t Term) float64 {
	c := r.cells[t.Cell]
	if t.Field != PersonsOf || r.primary[t.Cell].Status == Frequency {
		return 0
	}
	return float64(max(c.Floor, r.policy.Persons.Minimum))
}

// known is the interval in which what is published leaves a number: never wider than what
// the rules alone would leave of it, hidden.
func (r *release) known(t Term) (low, high float64) {
	c, d := r.cells[t.Cell], r.decisions[t.Cell]
	if r.told(t.Cell) {
		d = *c.Before
	}
	switch {
	case c.Unpublished && t.Field == PartOf && c.PartHigh == math.MaxInt64:
		return float64(c.PartLow), math.Inf(1)
	case c.Unpublished && t.Field == PartOf && c.PartLow != c.PartHigh:
		return float64(c.PartLow), float64(c.PartHigh)
	case c.Unpublished:
		return 0, r.most(t)
	}
	low, high = r.fewest(t), r.most(t)
	if d.Hidden() {
		return low, high
	}
	var a, b int64
	switch {
	case t.Field == PersonsOf:
		a, b = r.policy.knownPersons(c)
	default:
		a, b = r.policy.knownPart(c, d)
	}
	return math.Max(low, float64(a)), math.Min(high, float64(b))
}

// secondary hides cells of one connected set of equations until every need is
// met, or nothing is left to subtract from.
func (r *release) secondary(equations []Equation) error {
	settled := map[need]bool{}
	for {
		next, err := r.next(equations, settled)
		if err != nil || next < 0 {
			return err
		}
		r.decisions[next] = Decision{Secondary, Plain}
	}
}

// next returns the cell to hide for the first need whose feasibility interval is
// too narrow, or -1: of what keeps it narrow, the published cell of fewest persons. It
// need not share an equation with the need: two schools of one status, hidden both, are
// known by a band of three and the third. Where only hidden numbers keep it narrow,
// hiding more changes nothing.
//
// A need that was found met, or that nothing helps, is settled: what is hidden afterwards
// leaves every number as wide an interval as it had, or a wider one.
func (r *release) next(equations []Equation, settled map[need]bool) (int, error) {
	needs := r.needs(equations)
	if len(needs) == 0 {
		return -1, nil
	}
	s := newSystem(r, equations)
	for _, n := range needs {
		if settled[n] {
			continue
		}
		ends, err := s.tight(n)
		if err != nil {
			return -1, fmt.Errorf("disclosure: feasibility of a cell: %w", err)
		}
		if len(ends) == 0 && r.leave(n) {
			settled[n] = true
			continue
		}
		next, stands := r.help(n, ends)
		if next >= 0 {
			return next, nil
		}
		if stands {
			return -1, ErrKept
		}
		if told, err := r.byTold(n, equations); told || err != nil {
			return -1, errors.Join(err, &Told{n.term.Cell})
		}
		settled[n] = true
	}
	return -1, nil
}

// byTold reports whether a need that nothing helps would be met if other releases had hidden all they told. What the
// rules and the equations say by themselves is no fault of theirs.
func (r *release) byTold(n need, equations []Equation) (bool, error) {
	if r.alone || r.cells[n.term.Cell].Theirs || !slices.ContainsFunc(r.cells, Cell.told) {
		return false, nil
	}
	without := *r
	without.alone, without.decisions = true, slices.Clone(r.decisions)
	for i, c := range r.cells {
		if c.told() {
			without.decisions[i] = Decision{Secondary, Plain}
		}
	}
	ends, err := newSystem(&without, equations).tight(n)
	return len(ends) == 0 && without.leave(n), err
}

// help is the cell to hide for a need, of what keeps each of its ends; where there is none,
// it reports whether that is since something left before.
func (r *release) help(n need, ends [][]Term) (next int, stands bool) {
	if len(ends) == 0 { // sums between measures leave too little: of a number that is hidden, or told as a bound
		ends = [][]Term{nil}
		if r.cells[n.term.Cell].Kept == nil {
			ends[0] = []Term{n.term}
		}
	}
	for _, bounds := range ends {
		tight := r.crossed(n)
		for _, t := range bounds {
			tight = append(tight, r.narrowing(t, n)...)
		}
		for _, told := range []bool{false, true} {
			if told && !r.alone {
				continue // it is known, and protects nothing
			}
			for _, terms := range [][]Term{tight, bounds} { // what is hidden already must not be in vain
				if next := r.smallest(terms, n, told); next >= 0 {
					return next, false
				}
			}
		}
		stands = stands || slices.ContainsFunc(tight, r.stands) || slices.ContainsFunc(bounds, r.stands)
	}
	return -1, stands
}

// stands reports whether the number of a term is known since an earlier release.
func (r *release) stands(t Term) bool {
	return r.cells[t.Cell].Kept != nil && !r.decisions[t.Cell].Hidden()
}

// smallest is the published cell of fewest persons among those of some terms, or -1, of those
// whose number another release has told, or of the others. Among measures of the same persons
// it is that of the least part which leaves the need its room.
func (r *release) smallest(terms []Term, n need, told bool) int {
	best := -1
	for _, t := range terms {
		if r.decisions[t.Cell].Hidden() || r.cells[t.Cell].Unpublished || r.cells[t.Cell].Kept != nil ||
			r.cells[t.Cell].told() != told {
			continue
		}
		if best < 0 || r.before(t.Cell, best, n) {
			best = t.Cell
		}
	}
	return best
}

// before orders the cells that may be hidden for a need.
func (r *release) before(i, j int, n need) bool {
	a, b := r.cells[i], r.cells[j]
	room := int64(n.high-n.low+1) / 2
	switch {
	case a.Persons != b.Persons:
		return a.Persons < b.Persons
	case r.sums.of == nil || a.Part == b.Part:
		return i < j
	case min(a.Part, b.Part) >= room:
		return a.Part < b.Part
	}
	return a.Part > b.Part
}

// components splits the equations into sets that share no number.
func components(cells []Cell, equations []Equation) [][]Equation {
	parent := make([]int, len(cells))
	for i := range parent {
		parent[i] = i
	}
	var root func(int) int
	root = func(i int) int {
		if parent[i] != i {
			parent[i] = root(parent[i])
		}
		return parent[i]
	}
	for _, e := range equations {
		for _, t := range e.Parts {
			parent[root(t.Cell)] = root(e.Total.Cell)
		}
	}
	at := map[int]int{}
	var out [][]Equation
	for _, e := range equations {
		k := root(e.Total.Cell)
		if _, ok := at[k]; !ok {
			at[k] = len(out)
			out = append(out, nil)
		}
		out[at[k]] = append(out[at[k]], e)
	}
	return out
}
