package indicator

import (
	"context"
	"fmt"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/disclosure"
)

// Stood is a release that has left: its exact figures, and what it shows of them.
type Stood struct {
	Exact    []Result
	Released *Released
	table    *table
}

// Stand decides again on a release as [Release] did, and keeps what was decided on each number of the report and of
// the pages: what leaves of several editions together is protected beside it.
func Stand(
	ctx context.Context, exact []Result, ed *query.Edition, policy disclosure.Policy, declared Declared,
	overrides []Override,
) (*Stood, error) {
	schools, err := exactSchools(ctx, ed)
	if err != nil {
		return nil, err
	}
	t, shown, err := decided(exact, schools, policy, overrides)
	if err != nil {
		return nil, err
	}
	return &Stood{exact, t.released(shown, schools, declared), t}, nil
}

// Region is a part of a combination, by its name there (Result.Parts), with what it released.
type Region struct {
	Name string
	*Stood
}

// Jointly protects the figures of a combination as one release with those of its parts: exact are Results of
// Compute on cells that the parts released. A number of the combination is the sum of those of the parts that it is of, so
// that what a part holds back may follow from it, the other parts and the parts' own totals; where it would, figures of
// the combination are hidden. What the parts released is known as it left, and what follows from that alone is theirs.
// Figures of crosses are not decided on, and have no number.
//
// Parts are laid beside it some at a time, and a reader is granted the exact numbers of the rest: what
// they cannot tell, a reader who knows less cannot either.
func Jointly(exact []Result, policy disclosure.Policy, regions []Region) (*Released, error) {
	nation, err := newTable(beforeCrosses(exact), nil, policy)
	if err != nil {
		return nil, err
	}
	if err := nation.decide(nil); err != nil {
		return nil, err
	}
	of := partsOf(exact)
	for _, some := range blocks(regions) {
		if err := nation.decideBeside(some, of); err != nil {
			return nil, err
		}
	}
	shown := slices.Clone(exact)
	for i, r := range shown {
		if r.Status == Published && crossed(groupingOf(r)) {
			shown[i] = nation.sparse(r)
		}
	}
	return nation.released(shown, nil, nil), nil
}

// partsOf names the parts that each cell of a combination is the sum of, by all figures that are made of it: one that is
// left out is taken for known.
func partsOf(exact []Result) map[cellKey][]string {
	of := map[cellKey][]string{}
	for _, r := range exact {
		if r.Status != Published || r.counts == nil {
			continue
		}
		for _, k := range append([]counts{*r.counts}, r.counts.parts...) {
			have, known := of[k.cell]
			if !known {
				have = slices.Clone(r.Parts)
			}
			of[k.cell] = slices.DeleteFunc(have, func(part string) bool { return !slices.Contains(r.Parts, part) })
		}
	}
	return of
}

// blockOf is how many parts are laid beside a combination at once, and fewer than twice as many: a programme's time
// grows with the cube of them. The fewer, the more is known of the others, and hidden for it.
const blockOf = 4

// blocks deals parts out, as evenly as may be.
func blocks(regions []Region) [][]Region {
	out := make([][]Region, max(1, len(regions)/blockOf))
	for i, r := range regions {
		out[i%len(out)] = append(out[i%len(out)], r)
	}
	return out
}

// decideBeside decides on the cells of a combination beside those of some of its parts. What is hidden already stays
// hidden.
func (t *table) decideBeside(regions []Region, of map[cellKey][]string) error {
	cells, equations, sums := slices.Clone(t.cells), slices.Clone(t.equations), slices.Clone(t.sums)
	for i, d := range t.decisions {
		if d.Hidden() {
			cells[i].Before = &d
		}
		cells[i].Theirs = true
	}
	parts := make([][]int, len(t.cells))
	for _, region := range regions {
		first := len(cells)
		own := region.table
		for i, c := range own.cells {
			if !c.Unpublished {
				c.Before = &own.decisions[i]
			}
			c.Theirs = true
			cells = append(cells, c)
		}
		for _, e := range own.equations {
			e.Total, e.Parts = moved(e.Total, first), allMoved(e.Parts, first)
			equations = append(equations, e)
		}
		for _, a := range own.sums {
			a.Parts = allMoved(a.Parts, first)
			if a.Total != nil {
				total := moved(*a.Total, first)
				a.Total = &total
			}
			sums = append(sums, a)
		}
		for i, key := range t.keys {
			j, there := own.index[key]
			if there && !own.cells[j].Unpublished && !t.cells[i].Unpublished && slices.Contains(of[key], region.Name) {
				parts[i] = append(parts[i], first+j)
			}
		}
	}
	for i := range t.cells {
		if len(parts[i]) == 0 {
			continue
		}
		for _, field := range []disclosure.Field{disclosure.PersonsOf, disclosure.PartOf} {
			e := disclosure.Equation{Total: disclosure.Term{Cell: i, Field: field}}
			for _, j := range parts[i] {
				e.Parts = append(e.Parts, disclosure.Term{Cell: j, Field: field})
			}
			equations = append(equations, e)
		}
	}
	decisions, err := disclosure.Protect(cells, equations, sums, t.policy)
	if err != nil {
		return fmt.Errorf("indicator: protect jointly: %w", err)
	}
	t.decisions = decisions[:len(t.cells)]
	return nil
}

// moved is a term of a table whose cells begin at first.
func moved(t disclosure.Term, first int) disclosure.Term {
	t.Cell += first
	return t
}

func allMoved(terms []disclosure.Term, first int) []disclosure.Term {
	out := make([]disclosure.Term, len(terms))
	for i, t := range terms {
		out[i] = moved(t, first)
	}
	return out
}
