package report

import (
	"slices"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// find takes the result of a number for a group and marks it as used.
func (d *drawer) find(ref question.Ref, g group, u unit) (value, bool) {
	i := d.index(ref, g)
	if i < 0 {
		return value{}, false
	}
	d.used[i] = true
	return d.value(i, u), true
}

// look is find for what another figure shows: it stays unused.
func (d *drawer) look(ref question.Ref, g group, u unit) (value, bool) {
	i := d.index(ref, g)
	if i < 0 {
		return value{}, false
	}
	return d.value(i, u), true
}

func (d *drawer) index(ref question.Ref, g group) int {
	return slices.IndexFunc(d.results, func(r indicator.Result) bool {
		return r.Indicator == ref.Question && r.Measure == ref.Measure && groupOf(r) == g &&
			(ref.Population == "" || r.Population == ref.Population)
	})
}

// value is a result in display units, with what a test made before rounding says of it.
func (d *drawer) value(i int, u unit) value {
	v := publish(d.results[i], u)
	v.beyond = d.outcomeOf(d.results[i])
	return v
}

// groups lists the values of a grouping that hold a result of the figure for one of
// the populations: those of the vocabulary in its order, then the others.
func (d *drawer) groups(s spec, key string, populations []string) []string {
	seen := map[string]bool{}
	for _, r := range d.results {
		if !s.concerns(r, populations) {
			continue
		}
		if g := groupOf(r); g.key == key {
			seen[g.value] = true
		}
	}
	var out []string
	for _, g := range question.GroupingOf(key).Values() {
		if seen[g] {
			out = append(out, g)
			delete(seen, g)
		}
	}
	var others []string
	for g := range seen {
		others = append(others, g)
	}
	slices.Sort(others)
	return append(out, others...)
}

// keysOf lists the whole population, the groupings that have tables, then the others as
// the results of the figure bring them.
func (d *drawer) keysOf(s spec) []string {
	keys := append([]string{""}, tabled()...)
	for _, r := range d.results {
		if !s.concerns(r, s.populations) {
			continue
		}
		if k := groupOf(r).key; !slices.Contains(keys, k) && !s.elsewhere(k) {
			keys = append(keys, k)
		}
	}
	return keys
}
