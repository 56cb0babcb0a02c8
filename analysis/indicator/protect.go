package indicator

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/disclosure"
)

var errNoCounts = errors.New(
	"indicator: a published result without its counts: only results of Compute can be protected")

// protect turns exact Results into Results that may be published, all of them
// protected jointly under one policy. What is too small is suppressed: its values
// are null and its n is 0; a share of nearly nobody or nearly everybody is given as
// a bound; the rest is rounded. The order of the results is kept.
//
// Only Results of Compute can be protected: they carry the counts the rules look at.
// A published Result without them is an error.
func protect(
	results []Result, schools []School, policy disclosure.Policy, declared Declared, overrides []Override,
) (*Released, error) {
	t, shown, err := decided(results, schools, policy, overrides)
	if err != nil {
		return nil, err
	}
	released := t.released(shown, schools, declared)
	if released.Overrides = overrides; overrides == nil {
		released.Overrides = t.overrides(t.decided(), results)
	}
	return released, nil
}

// decided decides on a release: on everything but crosses, then on these beside it. It gives
// the results, of which some crosses have no figure. Overrides stand over what it decides.
func decided(
	results []Result, schools []School, policy disclosure.Policy, overrides []Override,
) (*table, []Result, error) {
	t, err := newTable(beforeCrosses(results), schools, policy)
	if err != nil {
		return nil, nil, err
	}
	if err := t.decide(nil); err != nil {
		return nil, nil, err
	}
	if err := t.override(overrides, results); err != nil {
		return nil, nil, err
	}
	results, err = t.decideCrosses(results, schools)
	return t, results, err
}

// newTable makes the cells of a release and the equations that tie them.
func newTable(results []Result, schools []School, policy disclosure.Policy) (*table, error) {
	if err := policy.Check(); err != nil {
		return nil, err
	}
	t := &table{policy: policy, index: map[cellKey]int{}, members: map[cellKey][]int{}, crossed: map[cellKey][]int{},
		tried: Standing{}, refused: map[cellKey]bool{}}
	for _, r := range results {
		if err := t.addResult(r, policy.Persons.Minimum); err != nil {
			return nil, err
		}
	}
	t.addSchools(schools)
	t.addGroups()
	t.addCrosses()
	t.addClasses()
	t.addSchoolTotals(schools)
	t.addMonths(schools)
	t.addAcross()
	return t, nil
}

// decide decides on every cell; those of kept stay as they were decided.
func (t *table) decide(kept map[cellKey]disclosure.Decision) (err error) {
	for i, key := range t.keys {
		if d, ok := kept[key]; ok {
			t.cells[i].Kept = &d
		}
	}
	if t.decisions, err = disclosure.Protect(t.cells, t.equations, t.sums, t.policy); err != nil {
		return fmt.Errorf("indicator: protect: %w", err)
	}
	return nil
}

// decided are the decisions on what a reader may see or miss.
func (t *table) decided() map[cellKey]disclosure.Decision {
	out := map[cellKey]disclosure.Decision{}
	for i, key := range t.keys {
		if !t.cells[i].Unpublished {
			out[key] = t.decisions[i]
		}
	}
	if t.crosses != nil {
		maps.Copy(out, t.crosses.decided())
	}
	return out
}

// released shows results as they were decided on.
func (t *table) released(results []Result, schools []School, declared Declared) *Released {
	out := &Released{Results: make([]Result, len(results)), Schools: t.showSchools(schools)}
	for i, r := range results {
		out.Results[i] = t.show(r)
	}
	out.Comparisons = comparisons(results, out.Results, declared)
	liken(schools, out.Schools)
	out.Standing = t.numbers()
	return out
}

// addResult adds the cells a result is made of.
func (t *table) addResult(r Result, floor int64) error {
	k := r.counts
	switch {
	case r.Status != Published:
		// Where a reader is told that there is no feed, the group is nobody to them, and
		// not a number that they cannot know.
		if k != nil && k.absent && !r.warns(CodeNoFeed) {
			t.cross(k.cell, t.add(*k, question.Share, floor))
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
	k.step = t.step(r, m.Kind, k.persons)
	if k.modelled && r.Estimate != nil {
		k.value = *r.Estimate
	}
	if len(k.parts) == 0 {
		t.cross(k.cell, t.add(*k, m.Kind, floor))
		return nil
	}
	for _, part := range k.parts {
		kind := question.Rate
		if part.perHead {
			kind = question.Share
		}
		t.add(part, kind, floor)
	}
	return nil
}

// warns reports whether a result carries a warning.
func (r Result) warns(code string) bool {
	return slices.ContainsFunc(r.Warnings, func(w Warning) bool { return w.Code == code })
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
				t.equation(total, parts, cellKey{key.source, key.population, "rest", grouping},
					t.policy.Persons.Minimum)
			}
		}
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
