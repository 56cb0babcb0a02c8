package indicator

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
)

// Figures of two groupings crossed, such as a level in an IPS band. Each is part of a group of
// either grouping and the sum of schools with pages, which are all published. A cross is there
// for a picture: no other figure is hidden for its sake. It has a figure where nothing that
// must stay hidden follows from it and from all that is published beside it, and none
// elsewhere.

// withoutCrosses drops the figures of crosses.
func withoutCrosses(results []Result) []Result {
	return slices.DeleteFunc(slices.Clone(results), func(r Result) bool { return crossed(groupingOf(r)) })
}

// beforeCrosses are results as they stand before any cross has a figure: all crosses are tied to what has one.
func beforeCrosses(results []Result) []Result {
	return slices.Concat(withoutCrosses(results), inOrder(unseenCrosses(results)))
}

// besideCrosses are results of which some crosses have a figure, with those that have none tied to them.
func besideCrosses(results []Result) []Result {
	shown := map[cellKey]bool{}
	for _, r := range results {
		if r.Status == Published && r.counts != nil {
			shown[r.counts.cell] = true
		}
	}
	unseen := unseenCrosses(results)
	maps.DeleteFunc(unseen, func(_ int, r Result) bool { return shown[r.counts.cell] })
	return slices.Concat(results, inOrder(unseen))
}

// decideCrosses decides on the figures of crosses, one after the other beside those that stand,
// of the most schools first. It gives the results, in which those that cannot stand have no
// figure.
func (t *table) decideCrosses(results []Result, schools []School) ([]Result, error) {
	out := slices.Clone(results)
	var order []int
	sources := map[string]bool{}
	for i, r := range out {
		if r.counts == nil || !crossed(groupingOf(r)) {
			continue
		}
		sources[r.counts.cell.source] = true
		if r.Status == Published {
			order = append(order, i)
		}
	}
	if len(order) == 0 {
		return out, nil
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(out[b].counts.schools, out[a].counts.schools) })
	stand, unseen := ofSources(withoutCrosses(out), sources), unseenCrosses(out)
	pages := slices.Clone(schools)
	for i := range pages {
		pages[i].Results = ofSources(pages[i].Results, sources)
		pages[i].Similar = ofSources(pages[i].Similar, sources)
	}
	for _, i := range order {
		number, held, err := t.ofCross(out[i])
		if err != nil {
			return nil, err
		}
		var next *table
		if !held {
			next, err = t.besideUnseen(stand, unseen, out[i], pages)
		}
		t.tried[number] = disclosure.Decision{Status: disclosure.Publishable, Form: disclosure.Plain}
		if next == nil {
			t.tried[number] = disclosure.Decision{Status: disclosure.Secondary, Form: disclosure.Plain}
		}
		switch {
		case err != nil:
			return nil, err
		case next == nil:
			out[i] = t.sparse(out[i])
		default:
			t.crosses, stand = next, append(stand, out[i])
			delete(unseen, i)
		}
	}
	return out, nil
}

// besideUnseen decides on a cross beside the figures that stand, and then beside the crosses without one as well: what
// they leave of a margin is secret where it is of few, and what follows of each of them is tied to pages and marks.
func (t *table) besideUnseen(stand []Result, unseen map[int]Result, cross Result, pages []School,
) (next *table, err error) {
	if next, err = t.beside(append(stand, cross), pages); next == nil || err != nil {
		return nil, err
	}
	others := maps.Clone(unseen)
	maps.DeleteFunc(others, func(_ int, r Result) bool { return r.counts.cell == cross.counts.cell })
	if tied, err := t.beside(slices.Concat(stand, inOrder(others), []Result{cross}), pages); tied == nil || err != nil {
		return nil, err
	}
	return next, nil
}

func inOrder(results map[int]Result) (list []Result) {
	for _, i := range slices.Sorted(maps.Keys(results)) {
		list = append(list, results[i])
	}
	return list
}

// unseenCrosses are the crosses that have no figure, or none yet, by their position: numbers that no page shows, which
// those that have one and their margins may give away, and with them the marks of similar schools. Of how few schools
// they are is no secret of theirs. Two margins less pages and marks meet in them: a school without a page is in one
// cross of its level and of its band.
func unseenCrosses(results []Result) map[int]Result {
	unseen := map[int]Result{}
	for i, r := range results {
		if r.counts == nil || r.counts.persons == 0 || !crossed(groupingOf(r)) {
			continue
		}
		k := *r.counts
		k.absent, k.schools, k.topUnit = true, 0, 0
		r.Status, r.counts = Suppressed, &k
		unseen[i] = r
	}
	return unseen
}

// sparse empties the figure of a cross.
func (t *table) sparse(r Result) Result {
	r = suppress(r)
	r.Warnings = []Warning{warning(CodeSparse, "Non diffusé : moins de %d établissements, ou de quoi "+
		"retrouver un autre chiffre qui doit rester secret.", t.policy.Schools.Similar)}
	return r
}

// ofCross is the number of a figure of a cross, and whether an earlier release holds it back.
func (t *table) ofCross(r Result) (n Number, held bool, err error) {
	alone, err := newTable([]Result{r}, nil, t.policy)
	if err != nil {
		return n, false, err
	}
	i := alone.index[r.counts.cell]
	n = alone.number(i)
	d, known := t.earlier.on(r.counts.cell, n)
	return n, known && d.Hidden() || t.refused[r.counts.cell], nil
}

// ofSources keeps what is made of one of the sources.
func ofSources(results []Result, sources map[string]bool) []Result {
	return slices.DeleteFunc(slices.Clone(results), func(r Result) bool {
		return r.counts == nil || !sources[r.counts.cell.source]
	})
}

// beside decides on the last of the results beside the others, whose decisions stay; nil where
// it cannot stand.
func (t *table) beside(results []Result, pages []School) (*table, error) {
	last := results[len(results)-1].counts
	if last.schools < t.policy.Schools.Similar || addsAcross(last.cell.source) {
		return nil, nil
	}
	kept := t.decided()
	maps.DeleteFunc(kept, func(k cellKey, _ disclosure.Decision) bool {
		return crossed(k.grouping) && !t.stands(k) // of a cell that another figure is made of
	})
	next, err := newTable(results, pages, t.policy)
	if err != nil {
		return nil, err
	}
	switch err := next.decide(kept); {
	case errors.Is(err, disclosure.ErrKept):
		return nil, nil
	case err != nil:
		return nil, err
	case next.decision(last).Hidden():
		return nil, nil
	}
	return next, nil
}

// stands reports whether the cell is that of a cross that was decided on.
func (t *table) stands(k cellKey) bool { return t.crosses != nil && len(t.crosses.crossed[k]) > 0 }

// addsAcross reports whether figures of a source add up with those of others: such crosses
// would have to be decided on with all of them.
func addsAcross(source string) bool {
	return slices.ContainsFunc(sums(), func(s edition.Sum) bool {
		return !s.Fewer && (s.Total.Measure == source ||
			slices.ContainsFunc(s.Parts, func(a edition.Addend) bool { return a.Measure == source }))
	})
}

// cross remembers that a figure of a cross is part of both groups that it crosses.
func (t *table) cross(k cellKey, at int) {
	crosses := question.GroupingOf(k.grouping).Crosses
	if len(crosses) == 0 || len(t.crossed[k]) > 0 {
		return
	}
	t.crossed[k] = []int{at}
	first, second := question.Crossed(k.group)
	for _, margin := range []cellKey{
		{k.source, k.population, crosses[0], first}, {k.source, k.population, crosses[1], second},
	} {
		t.crossed[margin] = append(t.crossed[margin], at)
	}
}

// addCrosses adds the equations of crosses: the figures of a level in all IPS bands add up to
// that of the level, and the other way round. What they leave of it is that of the cells which
// have no figure: secret where it is of few persons, or of few schools.
func (t *table) addCrosses() {
	for _, margin := range slices.SortedFunc(maps.Keys(t.crossed), compareKeys) {
		total, there := t.index[margin]
		if crossed(margin.grouping) || !there || t.cells[total].Unpublished {
			continue
		}
		units := t.cells[total].Units
		for _, i := range t.crossed[margin] {
			units -= t.cells[i].Units
		}
		rest := cellKey{margin.source, margin.population, "rest of crosses of " + margin.grouping, margin.group}
		t.equation(total, slices.Clone(t.crossed[margin]), rest, t.policy.Persons.Minimum)
		if i, there := t.index[rest]; there {
			t.cells[i].Units = max(0, units)
		}
	}
}
