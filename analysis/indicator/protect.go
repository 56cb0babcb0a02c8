package indicator

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/disclosure"
)

// table is the cells and equations of one release.
type table struct {
	policy    disclosure.Policy
	cells     []disclosure.Cell
	index     map[cellKey]int
	keys      []cellKey
	members   map[cellKey][]int // cells of a grouping, under its key without a group
	equations []disclosure.Equation
	decisions []disclosure.Decision
	release   ReleaseOptions
}

var errNoCounts = errors.New("indicator: a published result without its counts: only results of Compute can be protected")

// protected is the outcome of one release.
type protected struct {
	results []Result
	schools []School
	ledger  disclosure.Ledger
}

// protect turns exact Results into Results that may be published, all of them
// protected jointly under one policy. What is too small is suppressed: its values
// are null and its n is 0; a share of nearly nobody or nearly everybody is given as
// a bound; the rest is rounded. The order of the results is kept.
//
// Only Results of Compute can be protected: they carry the counts the rules look at.
// A published Result without them is an error.
func protect(results []Result, schools []School, o ReleaseOptions) (protected, error) {
	policy := o.Policy
	if err := policy.Check(); err != nil {
		return protected{}, err
	}
	t := &table{policy: policy, index: map[cellKey]int{}, members: map[cellKey][]int{}, release: o}
	for _, r := range results {
		if err := t.addResult(r, policy.Persons.Minimum); err != nil {
			return protected{}, err
		}
	}
	t.addSchools(schools)
	t.addGroups()
	t.addClasses()
	t.addSchoolTotals(schools)
	var err error
	if t.decisions, err = disclosure.Protect(t.cells, t.equations, policy); err != nil {
		return protected{}, fmt.Errorf("indicator: protect: %w", err)
	}
	out := protected{results: make([]Result, len(results)), schools: t.showSchools(schools), ledger: t.ledger()}
	for i, r := range results {
		out.results[i] = t.show(r)
	}
	return out, nil
}

// addResult adds the cells a result is made of.
func (t *table) addResult(r Result, floor int64) error {
	k := r.counts
	switch {
	case r.Status != Published:
		if k != nil && k.absent {
			t.add(*k, Share, floor)
		}
		return nil
	case k == nil:
		return fmt.Errorf("%w: %s %s", errNoCounts, r.Indicator, r.Measure)
	case k.noPerson:
		return nil
	}
	ind, err := question.Lookup(r.Indicator)
	if err != nil {
		return err
	}
	m, ok := ind.Measure(r.Measure)
	if !ok {
		return fmt.Errorf("indicator: %s has no measure %q", r.Indicator, r.Measure)
	}
	if ind.Stigmatising {
		floor = max(floor, t.policy.Persons.Stigmatising)
	}
	if len(k.parts) == 0 {
		t.add(*k, m.Kind, floor)
		return nil
	}
	for _, part := range k.parts {
		kind := Rate
		if part.perHead {
			kind = Share
		}
		t.add(part, kind, floor)
	}
	return nil
}

// add adds one cell, or raises the floor of one that is there already.
func (t *table) add(k counts, kind Kind, floor int64) int {
	if i, ok := t.index[k.cell]; ok {
		t.cells[i].Floor = max(t.cells[i].Floor, floor)
		return i
	}
	o := t.release
	c := disclosure.Cell{
		Persons: k.persons, Floor: floor, Part: k.x, Whole: k.y, Counted: k.perHead, Units: k.schools, TopUnit: k.topUnit, Unpublished: k.absent,
	}
	if !k.perHead {
		c.PartLow, c.PartHigh = t.left(k, kind)
		if k.largestX > 0 {
			c.Magnitudes = append(c.Magnitudes, disclosure.Magnitude{Total: float64(k.x), Largest: k.largestX, Pair: k.pairX})
		}
		if kind == EventShare && k.largestY > 0 {
			c.Magnitudes = append(c.Magnitudes, disclosure.Magnitude{Total: float64(k.y), Largest: k.largestY, Pair: k.pairY})
		}
	}
	c.Near = !c.Unpublished && o.Earlier.Near(t.entry(k.cell, c), t.policy)
	t.index[k.cell] = len(t.cells)
	t.cells = append(t.cells, c)
	t.keys = append(t.keys, k.cell)
	t.members[k.cell.in(k.cell.grouping)] = append(t.members[k.cell.in(k.cell.grouping)], len(t.cells)-1)
	return len(t.cells) - 1
}

// left is the interval in which the published, rounded number leaves the total
// x, for an attacker who knows y exactly.
func (t *table) left(k counts, kind Kind) (low, high int64) {
	if k.y == 0 {
		return 0, k.x
	}
	value, step := float64(k.x)/float64(k.y), 0.01
	if kind == Rate {
		step = t.step(value)
	}
	near := disclosure.RoundNear(value, step)
	return int64(math.Floor((near - step/2) * float64(k.y))), int64(math.Ceil((near + step/2) * float64(k.y)))
}

// addGroups adds the equations: the groups of one grouping add up to the whole.
// What is left of the whole is a number nobody publishes.
func (t *table) addGroups() {
	for total, key := range slices.Clone(t.keys) {
		if key.grouping != "all" || t.cells[total].Unpublished {
			continue
		}
		for _, grouping := range groupings {
			if parts := slices.Clone(t.members[key.in(grouping)]); len(parts) > 0 {
				t.equation(total, parts, cellKey{key.source, key.population, "rest", grouping}, t.policy.Persons.Minimum)
			}
		}
	}
}

// equation says that the parts add up to the total, in persons and in x; what
// they leave is one more part that no page shows, secret below floor persons.
func (t *table) equation(total int, parts []int, rest cellKey, floor int64) {
	persons, x := t.cells[total].Persons, t.cells[total].Part
	for _, i := range parts {
		persons, x = persons-t.cells[i].Persons, x-t.cells[i].Part
	}
	if persons > 0 {
		k := counts{cell: rest, persons: persons, x: max(0, x), perHead: t.cells[total].Counted, absent: true}
		parts = append(parts, t.add(k, Share, floor))
	}
	for _, field := range []disclosure.Field{disclosure.PersonsOf, disclosure.PartOf} {
		e := disclosure.Equation{Total: disclosure.Term{Cell: total, Field: field}}
		for _, i := range parts {
			e.Parts = append(e.Parts, disclosure.Term{Cell: i, Field: field})
		}
		t.equations = append(t.equations, e)
	}
}

// addClasses adds the equations of the person table: the bands of a group add up
// to its persons.
func (t *table) addClasses() {
	type group struct{ population, grouping, group string }
	sets := map[group][]disclosure.Term{}
	var order []group
	for i, key := range t.keys {
		if !strings.HasPrefix(key.source, classes) || t.cells[i].Unpublished {
			continue
		}
		g := group{key.population, key.grouping, key.group}
		if sets[g] == nil {
			order = append(order, g)
		}
		sets[g] = append(sets[g], disclosure.Term{Cell: i, Field: disclosure.PartOf})
	}
	for _, g := range order {
		first := disclosure.Term{Cell: sets[g][0].Cell, Field: disclosure.PersonsOf}
		t.equations = append(t.equations, disclosure.Equation{Total: first, Parts: sets[g]})
	}
}

// decision is the worst of those on the cells a result is made of.
func (t *table) decision(k *counts) disclosure.Decision {
	if len(k.parts) == 0 {
		return t.decisions[t.index[k.cell]]
	}
	worst := disclosure.Decision{Status: disclosure.Publishable, Form: disclosure.Plain}
	for _, part := range k.parts {
		d := t.decisions[t.index[part.cell]]
		if d.Hidden() && !worst.Hidden() || d.Form != disclosure.Plain && worst.Form == disclosure.Plain && !worst.Hidden() {
			worst = d
		}
	}
	return worst
}
